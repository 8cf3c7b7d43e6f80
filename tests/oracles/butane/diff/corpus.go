// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A document of the corpus.
type doc struct {
	group     string // the part of the corpus that it belongs to
	name      string // what it is about
	text      string
	v         *version
	noDir     bool
	situation *situation // what Butane must report, or must not
	bad       bool
	valid     bool // made to be accepted
}

// corpus is the same for the same seed, whatever runs on it.
func corpus(s *settings) ([]*doc, error) {
	var all []*doc
	all = append(all, situationDocs()...)
	all = append(all, yamlDocs()...)
	all = append(all, valueDocs()...)
	all = append(all, mutationDocs(s.seed)...)
	all = append(all, innerDocs(s.seed)...)
	all = append(all, randomDocs(s.seed, s.random)...)
	all = append(all, brokenDocs(s.seed, s.random)...)
	all = append(all, typoDocs(s.seed, s.random)...)
	if s.butane != "" {
		ported, err := portedDocs(s.butane)
		if err != nil {
			return nil, err
		}
		all = append(all, ported...)
	}
	return s.sample(unique(all)), nil
}

func unique(all []*doc) []*doc {
	seen := map[string]bool{}
	kept := all[:0]
	for _, d := range all {
		key := fmt.Sprint(d.noDir, d.text)
		if d.situation == nil && seen[key] {
			continue
		}
		seen[key] = true
		kept = append(kept, d)
	}
	return kept
}

// Only the requested groups, and a sample evenly from all.
func (s *settings) sample(all []*doc) []*doc {
	if s.groups != "" {
		var some []*doc
		for _, d := range all {
			if strings.Contains(","+s.groups+",", ","+d.group+",") {
				some = append(some, d)
			}
		}
		all = some
	}
	if s.n <= 0 || s.n >= len(all) {
		return all
	}
	var some []*doc
	for i := 0; i < s.n; i++ {
		some = append(some, all[i*len(all)/s.n])
	}
	return some
}

// randomDocs: valid documents, written in all possible ways.
func randomDocs(seed int64, n int) []*doc {
	var all []*doc
	for i := 0; i < n; i++ {
		rng := rand.New(rand.NewSource(seed<<20 + int64(i)))
		v := versions[i%len(versions)]
		m := newMaker(rng, v, i < len(versions)*2)
		tree := m.document()
		text := write(tree, rng)
		all = append(all, &doc{group: "random", name: fmt.Sprintf("random %d", i), text: text, v: v, valid: true})
	}
	return all
}

// fixture makes the files-dir.
func fixture(dir string) error {
	key := "ssh-ed25519 AAAA one\n"
	big := strings.Repeat("all work and no play\n", 3000)
	textFiles := map[string]string{
		"text": "some text\n", "empty": "", "big": big, "bytes": "\x00\x01\xff\xfe binary", "dir/inner": "inner\n",
		"with blank ä": "blank\n", "key.pub": key, "keys": "# of mine\r\nssh-rsa BBBB two\r\n\r\n  ssh-rsa CCCC three\nssh-ed25519 DDDD four",
		"unit.service": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n", "bad.service": "[Service\n",
		"inner.ign": `{"ignition": {"version": "3.4.0"}}`, "latin1": "caf\xe9\n", "latin1.service": "[Unit]\nDescription=caf\xe9\n",
		"tree/run": "#!/bin/sh\n", "tree/plain": "plain\n", "tree/sub/.hidden": "", "tree/sub/b": strings.Repeat("b", 500),
		"tree/sub.d/a": "a\n", "tree/sub-a": "-\n", "tree/ä ö": "ä\n", "tree2/x/y/z": "z\n", "tree2/q": "q\n", "a/b": "ab\n",
		// for Butane's own documents and tests
		"config.ign": "", "ca.pem": "", "example.conf": "", "example.service": "", "file": "", "file-epilogue": "", "local-file3": "",
		"id_rsa.pub": "ssh-rsa AAAA\n", "id_ed25519.pub": "ssh-ed25519 AAAA\n", "ignition.ign": `{"ignition": {"version": "3.5.0"}}`,
		"tree3/file": "", "file-1": "file contents\n", "file-2": strings.Repeat("z", 400), "file-3": "\xc0\x9cl\x01\x89i\xa5\xbfW\xe4", "subdir/file-4": "subdir file contents\n",
	}
	for name, text := range textFiles {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(filepath.Join(dir, "tree/run"), 0o4711); err != nil {
		return err
	}
	for link, target := range map[string]string{
		"tree/link": "../nowhere", "tree/sub/abs": "/etc/hostname", "tree/dirlink": "sub", "inside": "text", "outside": "/etc/hostname", "treelink": "tree",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "fifo"), 0o755); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "tree/nothing"), 0o755); err != nil {
		return err
	}
	return syscall.Mkfifo(filepath.Join(dir, "fifo/pipe"), 0o644)
}

func writeCorpus(s *settings, dir string) error {
	all, err := corpus(s)
	if err != nil {
		return err
	}
	if err := fixture(filepath.Join(dir, "files")); err != nil {
		return err
	}
	for i, d := range all {
		name := filepath.Join(dir, fmt.Sprintf("%05d-%s.bu", i, d.group))
		if err := os.WriteFile(name, []byte(d.text), 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%d documents\n", len(all))
	return nil
}
