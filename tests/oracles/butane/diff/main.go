// SPDX-License-Identifier: Apache-2.0

// butane-diff compares ign-gen with Butane, and ign-check with Ignition, on thousands of
// documents.  Butane and Ignition are linked in; our programs are run.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

type settings struct {
	seed             int64
	n, jobs, random  int
	bin, validator   string
	butane, ignition string
	keep, groups     string
	verbose          bool
	options          string
	limit            time.Duration
}

func main() {
	s := &settings{}
	flag.Int64Var(&s.seed, "seed", 5, "of what is made by chance")
	flag.IntVar(&s.n, "n", 0, "at most so many `documents`, from everywhere in the corpus; 0: all")
	flag.IntVar(&s.jobs, "j", 2, "so many at a time")
	flag.IntVar(&s.random, "random", 1200, "documents made by chance, of each of two kinds")
	flag.StringVar(&s.bin, "bin", "build/bin", "the `folder` of ign-gen and ign-check")
	flag.StringVar(&s.validator, "validate", "", "`path` of ignition-validate, run on a sample")
	flag.StringVar(&s.butane, "butane", "", "Butane's module `folder`: its documents and tests are used, too")
	flag.StringVar(&s.ignition, "ignition", "", "Ignition's module `folder`: the configs of its tests are used, too")
	flag.StringVar(&s.options, "options", "--lax", "for ign-gen and ign-check, separated by blanks")
	flag.StringVar(&s.keep, "keep", "", "`folder` for documents with differences, and both answers")
	flag.StringVar(&s.groups, "group", "", "only these `groups` of documents, separated by commas")
	flag.BoolVar(&s.verbose, "v", false, "all groups of differences, not the first 40")
	flag.DurationVar(&s.limit, "limit", 30*time.Second, "for one document")
	version := flag.Bool("version", false, "of Butane and Ignition in here")
	flag.Usage = func() {
		fmt.Fprint(os.Stderr, `usage: butane-diff [OPTION...] run         compare ign-gen with Butane; TAP
       butane-diff [OPTION...] check       compare ign-check with Ignition; TAP
       butane-diff [OPTION...] oracle      what Butane alone says: counts
       butane-diff [OPTION...] gen DIR     write the corpus
       butane-diff [OPTION...] one FILE    both answers
`)
		flag.PrintDefaults()
	}
	flag.Parse()
	debug.SetGCPercent(400) // many short-lived objects
	if *version {
		printVersions()
		return
	}
	if err := run(s, flag.Args()); err != nil {
		if err != errFailed {
			fmt.Fprintf(os.Stderr, "butane-diff: %v\n", err)
		}
		os.Exit(1)
	}
}

func printVersions() {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return
	}
	for _, m := range info.Deps {
		if name, ours := strings.CutPrefix(m.Path, "github.com/coreos/"); ours && (name == "butane" || name == "ignition/v2") {
			fmt.Println(name, m.Version)
		}
	}
}

func run(s *settings, args []string) error {
	mode := ""
	if len(args) > 0 {
		mode = args[0]
	}
	scratch, err := os.MkdirTemp("", "butane-diff.")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	filesDir := filepath.Join(scratch, "files")
	if err := fixture(filesDir); err != nil {
		return err
	}
	switch {
	case mode == "gen" && len(args) == 2:
		return writeCorpus(s, args[1])
	case mode == "one" && len(args) == 2:
		return one(s, args[1], filesDir, scratch)
	case mode == "oracle" && len(args) == 1:
		return oracleOnly(s, filesDir)
	case mode == "run" && len(args) == 1:
		return compareAll(s, filesDir, scratch)
	case mode == "check" && len(args) == 1:
		return checkAll(s, filesDir, scratch)
	}
	flag.Usage()
	os.Exit(2)
	return nil
}
