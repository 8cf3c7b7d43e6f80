// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/coreos/butane/config/common"
	"github.com/coreos/ignition/v2/config/shared/errors"
)

// A situation is a message of Butane or Ignition and a pair of documents: the first
// gets the message, its neighbour does not and is accepted.
type situation struct {
	says      any    // the error itself, or the text as class() gives it
	path      string // its place, without "$."; "": the document
	bad, good string
	versions  string // "": all; "1.0", "1.1", "1.2": only that; ">1.0": later ones
	whole     bool   // bad and good have their own header
	noDir     bool   // without a files-dir
}

func (s *situation) message() string {
	if err, ok := s.says.(error); ok {
		return class(err.Error())
	}
	return s.says.(string)
}

func (s *situation) in(v *version) bool {
	switch {
	case s.versions == "":
		return true
	case s.versions[0] == '>':
		return v.name[:3] > s.versions[1:]
	}
	return strings.Contains(s.versions, v.name[:3])
}

func files(body string) string  { return "storage: {files: [" + body + "]}" }
func file(body string) string   { return files("{path: /a, " + body + "}") }
func source(body string) string { return file("contents: {" + body + "}") }
func unit(body string) string   { return "systemd: {units: [{name: a.service, " + body + "}]}" }
func contents(s string) string  { return unit("contents: " + double(s)) }
func disk(body string) string {
	return "storage: {disks: [{device: /dev/a, partitions: [" + body + "]}]}"
}
func filesystem(body string) string {
	return "storage: {filesystems: [{device: /dev/a, " + body + "}]}"
}
func luks(body string) string    { return "storage: {luks: [{name: a, device: /dev/a, " + body + "}]}" }
func clevis(body string) string  { return luks("clevis: {" + body + "}") }
func raid(body string) string    { return "storage: {raid: [{name: a, devices: [/dev/a], " + body + "}]}" }
func proxy(body string) string   { return "ignition: {proxy: {" + body + "}}" }
func merge(body string) string   { return "ignition: {config: {merge: [{" + body + "}]}}" }
func quadlet(body string) string { return "systemd: {quadlets: [{" + body + "}]}" }
func tree(body string) string    { return "storage: {trees: [{" + body + "}]}" }

func innerLuks(body string) string {
	return merge(`inline: '{"ignition": {"version": "@IGN@"}, "storage": {"luks": [{"name": "a", "device": "/d", ` + body + `}]}}'`)
}

const (
	fileSource = "storage.files.0.contents.source"
	unitText   = "systemd.units.0.contents"
	tang       = "storage.luks.0.clevis.tang.0"
)

// Each message in section 4 of the reference, in its order.
var situations = []situation{
	// the header, and YAML itself
	{says: common.ErrNoVariant, bad: "version: 1.1.0\n", good: "variant: flatcar\nversion: 1.1.0\n", whole: true},
	{says: common.ErrInvalidVersion, bad: "variant: flatcar\nversion: 1.0\n", good: "variant: flatcar\nversion: 1.0.0\n", whole: true},
	{says: "No translator exists", bad: "variant: flatcar\nversion: 1.9.0\n", good: "variant: flatcar\nversion: 1.1.0\n", whole: true},
	{says: common.ErrRhcosVariantUnsupported, bad: "variant: rhcos\nversion: 0.1.0\n", good: "variant: flatcar\nversion: 1.0.0\n", whole: true},
	{says: "yaml: cannot unmarshal", bad: file(`mode: "0644"`), good: file("mode: 0644")},
	{says: "yaml: mapping key already defined", bad: "storage: {}\nstorage: {}", good: "storage: {}\npasswd: {}"},
	{says: "yaml: unknown anchor", bad: file("mode: *a"), good: file("mode: 0")},
	{says: "yaml: not well-formed", bad: "storage: {files: [}", good: "storage: {files: []}"},
	{says: "unused key K", path: "storage.files.0.paht", bad: file("paht: /b"), good: file("mode: 0")},
	{says: "context tree does not match", path: "storage", bad: "storage: ~", good: "storage: {}"},

	// Butane's own stage
	{says: common.ErrTooManyResourceSources, path: "storage.files.0.contents.inline", bad: source("inline: a, local: text"), good: source("inline: a")},
	{says: common.ErrTooManyResourceSources, path: fileSource, bad: source("inline: a, source: 'data:,a'"), good: source("source: 'data:,a'")},
	{says: common.ErrTooManySystemdSources, path: "systemd.units.0.contents_local", bad: unit("contents: '', contents_local: ''"), good: unit("contents_local: ''"), versions: ">1.0"},
	{says: common.ErrTooManySystemdSources, path: "systemd.units.0.dropins.0.contents_local", bad: unit("dropins: [{name: a.conf, contents: '', contents_local: empty}]"), good: unit("dropins: [{name: a.conf, contents_local: empty}]"), versions: ">1.0"},
	{says: common.ErrMountUnitNoFormat, path: "storage.filesystems.0.format", bad: filesystem("path: /a, with_mount_unit: true"), good: filesystem("path: /a, format: xfs, with_mount_unit: true")},
	{says: common.ErrMountUnitNoPath, path: "storage.filesystems.0.path", bad: filesystem("format: xfs, with_mount_unit: true"), good: filesystem("format: swap, with_mount_unit: true")},
	{says: common.ErrDecimalMode, path: "storage.files.0.mode", bad: file("mode: 644"), good: file("mode: 420")},
	{says: common.ErrDecimalMode, path: "storage.directories.0.mode", bad: "storage: {directories: [{path: /a, mode: 755}]}", good: "storage: {directories: [{path: /a, mode: 0755}]}"},
	{says: common.ErrTreeNoLocal, path: "storage.trees.0", bad: tree("path: /a"), good: tree("local: tree")},
	{says: common.ErrTreeNotDirectory, path: "storage.trees.0", bad: tree("local: text"), good: tree("local: tree/sub")},
	{says: common.ErrNoFilesDir, path: "storage.trees.0", bad: tree("local: tree"), good: source("inline: a"), noDir: true},
	{says: common.ErrNoFilesDir, path: "storage.files.0.contents.local", bad: source("local: text"), good: source("source: ''"), noDir: true},
	{says: common.ErrNoFilesDir, path: "passwd.users.0.ssh_authorized_keys_local", bad: "passwd: {users: [{name: a, ssh_authorized_keys_local: [keys]}]}", good: "passwd: {users: [{name: a, ssh_authorized_keys_local: []}]}", noDir: true, versions: ">1.0"},
	{says: common.ErrFilesDirEscape, path: "storage.trees.0", bad: tree("local: .."), good: tree("local: tree/../tree2")},
	{says: common.ErrFilesDirEscape, path: "storage.files.0.contents.local", bad: source("local: ../a"), good: source("local: /text")},
	{says: common.ErrFileType, path: "storage.trees.0", bad: tree("local: fifo"), good: tree("local: tree")},
	{says: common.ErrNodeExists, path: "storage.trees.0", bad: "storage: {trees: [{local: tree}], files: [{path: /run, contents: {inline: a}}]}", good: "storage: {trees: [{local: tree}], files: [{path: /run, contents: {compression: gzip}}]}"},
	{says: common.ErrNodeExists, path: "storage.trees.0", bad: "storage: {trees: [{local: tree}], directories: [{path: /run}]}", good: "storage: {trees: [{local: tree}], directories: [{path: /sub}]}"},
	{says: common.ErrNodeExists, path: "storage.trees.0", bad: "storage: {trees: [{local: tree}], links: [{path: /link, target: a}]}", good: "storage: {trees: [{local: tree}], links: [{path: /link, overwrite: true}]}"},
	{says: common.ErrNodeExists, path: "storage.trees.1", bad: "storage: {trees: [{local: tree}, {local: tree}]}", good: "storage: {trees: [{local: tree}, {local: tree, path: /b}]}"},
	{says: common.ErrNodeExists, path: "storage.trees.0", bad: "storage: {trees: [{local: tree, path: /a, dir_mode: 0700}], directories: [{path: /a/sub}]}", good: "storage: {trees: [{local: tree, path: /a}], directories: [{path: /a/sub}]}", versions: "1.2"},
	{says: "open: no such file or directory", path: "storage.files.0.contents.local", bad: source("local: nowhere"), good: source("local: text")},
	{says: "stat: no such file or directory", path: "storage.trees.0", bad: tree("local: nowhere"), good: tree("local: ./tree")},
	{says: "read: is a directory", path: "storage.files.0.contents.local", bad: source("local: tree"), good: source("local: empty")},
	{says: "read: is a directory", path: "systemd.units.0.contents_local", bad: unit("contents_local: tree"), good: unit("contents_local: unit.service"), versions: ">1.0"},
	{says: "read: is a directory", path: "passwd.users.0.ssh_authorized_keys_local.1", bad: "passwd: {users: [{name: a, ssh_authorized_keys_local: [keys, '']}]}", good: "passwd: {users: [{name: a, ssh_authorized_keys_local: [keys]}]}", versions: ">1.0"},
	{says: common.ErrClevisSupport, path: "storage.luks.0.clevis", bad: clevis("tpm2: false"), good: clevis("tang: []"), versions: "1.0 1.1"},
	{says: common.ErrCexNotSupported, path: "storage.luks.0.cex", bad: luks("cex: {enabled: false}"), good: luks("cex: {}"), versions: "1.2"},
	{says: common.ErrQuadletBadExtension, path: "systemd.quadlets.0.name", bad: quadlet("name: a.service"), good: quadlet("name: a.pod"), versions: "1.2"},
	{says: common.ErrTemplateInstanceCannotHaveContents, path: "systemd.quadlets.0.contents", bad: quadlet("name: a@b.pod, contents: ''"), good: quadlet("name: a@.pod, contents: ''"), versions: "1.2"},
	{says: common.ErrTemplateInstanceCannotHaveContents, path: "systemd.quadlets.0.contents_local", bad: quadlet("name: a@b.pod, contents_local: text"), good: quadlet("name: a@b.pod"), versions: "1.2"},
	{says: common.ErrTooManySystemdSources, path: "systemd.quadlets.0.contents_local", bad: quadlet("name: a.pod, contents: a, contents_local: text"), good: quadlet("name: a.pod, contents_local: text"), versions: "1.2"},
	{says: common.ErrNodeExists, path: "systemd.quadlets.0", bad: "storage: {files: [{path: /etc/containers/systemd/users/a.pod}]}\n" + quadlet("name: a.pod"), good: "storage: {files: [{path: /etc/containers/systemd/a.pod}]}\n" + quadlet("name: a.pod"), versions: "1.2"},
	{says: common.ErrNodeExists, path: "systemd.quadlets.0.dropins.1", bad: quadlet("name: a.pod, dropins: [{name: a.conf}, {name: a.conf}]"), good: quadlet("name: a.pod, rootful: true, dropins: [{name: a.conf}, {name: b.conf}]"), versions: "1.2"},
	{says: common.ErrNodeExists, path: "systemd.quadlets.1", bad: "systemd: {quadlets: [{name: a@b.pod}, {name: a@b.pod}]}", good: "systemd: {quadlets: [{name: a@b.pod}, {name: a@c.pod}]}", versions: "1.2"},
	{says: "open: no such file or directory", path: "systemd.quadlets.0.contents_local", bad: quadlet("name: a.pod, contents_local: nowhere"), good: quadlet("name: a.pod, contents_local: ''"), versions: "1.2"},

	// configs inside the config
	{says: errors.ErrInvalid, path: "ignition.config.merge.0.inline", bad: merge("inline: '{'"), good: merge(`inline: '{"ignition": {"version": "@IGN@"}}'`)},
	{says: "json: syntax", path: "", bad: "ignition: {config: {replace: {inline: ''}}}", good: "ignition: {config: {replace: {}}}"},
	{says: "json: cannot unmarshal", path: "", bad: merge(`inline: '{"ignition": 5}'`), good: merge(`inline: '{"ignition": {"version": "@IGN@"}, "storage": null}'`)},
	{says: common.ErrUnkownIgnitionVersion, path: "ignition.config.merge.0.version", bad: merge(`inline: '{"ignition": {"version": "3.0.0"}}'`), good: merge(`inline: '{"ignition": {"version": "@IGN@"}}'`)},
	{says: errors.ErrInvalidVersion, path: "ignition.version", bad: merge(`inline: '{}'`), good: merge(`inline: '{"ignition": {"version": "@IGN@"}}'`)},
	{says: errors.ErrNoPath, path: "storage.files.0.path", bad: merge(`inline: '{"ignition": {"version": "@IGN@"}, "storage": {"files": [{}]}}'`), good: merge(`inline: '{"ignition": {"version": "@IGN@"}, "storage": {"files": [{"path": "/a"}]}}'`)},
	{says: "unused key K", path: "storage.x", bad: merge(`inline: '{"ignition": {"version": "@IGN@"}, "storage": {"x": 1}}'`), good: merge(`inline: '{"ignition": {"version": "@IGN@"}, "storage": {}}'`)},
	{says: errors.ErrDuplicate, path: "passwd.users.1", bad: merge(`inline: '{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "a"}, {"name": "a"}]}}'`), good: merge(`inline: '{"ignition": {"version": "@IGN@"}, "passwd": {"users": [{"name": "a"}, {"name": "b"}]}}'`)},

	{says: errors.ErrCexWithClevis, path: "storage.luks.0.cex", bad: innerLuks(`"clevis": {"tpm2": true}, "cex": {"enabled": true}`), good: innerLuks(`"clevis": {"tpm2": true}, "cex": {"enabled": false}`), versions: "1.2"},
	{says: errors.ErrCexWithKeyFile, path: "storage.luks.0.cex", bad: innerLuks(`"keyFile": {"source": "data:,a"}, "cex": {"enabled": true}`), good: innerLuks(`"keyFile": {"source": ""}, "cex": {"enabled": true}`), versions: "1.2"},

	// URLs and their resources
	{says: errors.ErrSourceRequired, path: "ignition.config.merge.0", bad: merge("compression: ''"), good: "ignition: {config: {replace: {compression: ''}}}"},
	{says: errors.ErrSourceRequired, path: "ignition.security.tls.certificate_authorities.0", bad: "ignition: {security: {tls: {certificate_authorities: [{source: ''}]}}}", good: "ignition: {security: {tls: {certificate_authorities: [{inline: ''}]}}}"},
	{says: errors.ErrInvalidUrl, path: fileSource, bad: source("source: 'http://['"), good: source("source: 'http://[::1]'")},
	{says: errors.ErrInvalidScheme, path: fileSource, bad: source("source: 'ftp://h/a'"), good: source("source: 'TFTP://h/a'")},
	{says: errors.ErrInvalidScheme, path: fileSource, bad: source("source: 'arn:aws:s3:::b/k'"), good: source("source: 's3://b/k'"), versions: "1.0"},
	{says: errors.ErrInvalidS3ARN, path: fileSource, bad: source("source: 'arn:aws:s3:::b'"), good: source("source: 'arn:aws:s3:::b/k'"), versions: ">1.0"},
	{says: errors.ErrInvalidS3ObjectVersionId, path: fileSource, bad: source("source: 's3://b/k?versionId='"), good: source("source: 's3://b/k?versionid='")},
	{says: "data: invalid data character", path: fileSource, bad: source("source: 'data:,a b'"), good: source("source: 'data:,a%20b'")},
	{says: "data: missing comma before data", path: fileSource, bad: source("source: 'data:'"), good: source("source: 'data:,'")},
	{says: "data: illegal base64 data at input byte N", path: fileSource, bad: source("source: 'data:;base64,YQ='"), good: source("source: 'data:;base64,YQ=='")},
	{says: "data: missing media type slash", path: fileSource, bad: source("source: 'data:text'"), good: source("source: 'data:text/plain,a'")},
	{says: "data: rfc2396", path: fileSource, bad: source("source: 'data:,%'"), good: source("source: 'data:,%25'")},
	{says: errors.ErrCompressionInvalid, path: "storage.files.0.contents.compression", bad: source("compression: xz"), good: source("compression: gzip")},
	{says: errors.ErrVerificationAndNilSource, path: "storage.files.0.contents.verification.hash", bad: source("verification: {hash: @SHA@}"), good: source("inline: '', verification: {hash: @SHA@}")},
	{says: errors.ErrHashMalformed, path: "storage.files.0.contents.verification.hash", bad: source("inline: '', verification: {hash: sha256}"), good: source("inline: '', verification: {hash: @SHA@}")},
	{says: errors.ErrHashUnrecognized, path: "storage.files.0.contents.verification.hash", bad: source("inline: '', verification: {hash: md5-0}"), good: source("inline: '', verification: {hash: ~}")},
	{says: errors.ErrHashWrongSize, path: "storage.files.0.contents.verification.hash", bad: source("inline: '', verification: {hash: sha256-0}"), good: source("inline: '', verification: {hash: @ZZZ@}")},
	{says: errors.ErrUnsupportedSchemeForHTTPHeaders, path: "storage.files.0.contents.http_headers", bad: source("source: 'gs://a/b', http_headers: [{name: a, value: b}]"), good: source("source: 'http://a/b', http_headers: [{name: a, value: b}]")},
	{says: errors.ErrInvalidUrl, path: "storage.files.0.contents.http_headers", bad: source("http_headers: [{name: a, value: b}]"), good: source("http_headers: []")},
	{says: errors.ErrEmptyHTTPHeaderName, path: "storage.files.0.contents.http_headers.0.name", bad: source("source: 'http://a/b', http_headers: [{value: b}]"), good: source("source: 'http://a/b', http_headers: [{name: a}]")},
	{says: errors.ErrInvalidHTTPHeader, path: "storage.files.0.contents.http_headers.0.value", bad: source("source: 'http://a/b', http_headers: [{name: a, value: ''}]"), good: source("source: 'http://a/b', http_headers: [{name: a, value: ' '}]")},
	{says: errors.ErrInvalidUrl, path: "ignition.proxy.http_proxy", bad: proxy("http_proxy: ':'"), good: proxy("http_proxy: 'http:'")},
	{says: errors.ErrInvalidProxy, path: "ignition.proxy.https_proxy", bad: proxy("https_proxy: 'ftp://a'"), good: proxy("https_proxy: 'https://a'")},
	{says: errors.ErrInsecureProxy, path: "ignition.proxy.https_proxy", bad: proxy("https_proxy: 'http://a'"), good: proxy("http_proxy: 'http://a'")},

	// files, directories, links
	{says: errors.ErrNoPath, path: "storage.files.0.path", bad: files("{mode: 0}"), good: files("{mode: 0, path: /a}")},
	{says: errors.ErrPathRelative, path: "storage.directories.0.path", bad: "storage: {directories: [{path: a}]}", good: "storage: {directories: [{path: /}]}"},
	{says: errors.ErrDirtyPath, path: "storage.links.0.path", bad: "storage: {links: [{path: /a/, target: b}]}", good: "storage: {links: [{path: /..., target: b}]}"},
	{says: errors.ErrFileIllegalMode, path: "storage.files.0.mode", bad: file("mode: -1"), good: file("mode: 0")},
	{says: errors.ErrFileIllegalMode, path: "storage.directories.0.mode", bad: "storage: {directories: [{path: /a, mode: 0o10000}]}", good: "storage: {directories: [{path: /a, mode: 0o7777}]}"},
	{says: errors.ErrModeSpecialBits, path: "storage.files.0.mode", bad: file("mode: 04755"), good: file("mode: 0755"), versions: "1.0 1.1"},
	{says: errors.ErrOverwriteAndNilSource, path: "storage.files.0.overwrite", bad: file("overwrite: true"), good: file("overwrite: true, contents: {source: ''}")},
	{says: errors.ErrBothIDAndNameSet, path: "storage.files.0.user", bad: file("user: {id: 0, name: a}"), good: file("user: {id: 0, name: ''}")},
	{says: errors.ErrBothIDAndNameSet, path: "storage.directories.0.group", bad: "storage: {directories: [{path: /a, group: {id: 0, name: a}}]}", good: "storage: {directories: [{path: /a, group: {name: a}}]}"},
	{says: errors.ErrFileUsedSymlink, path: "storage.files.0", bad: "storage: {files: [{path: /a/b/c}], links: [{path: /a, target: b}]}", good: "storage: {files: [{path: /ab}], links: [{path: /a, target: b}]}"},
	{says: errors.ErrDirectoryUsedSymlink, path: "storage.directories.0", bad: "storage: {directories: [{path: /a/b}], links: [{path: /a, target: b}]}", good: "storage: {directories: [{path: /b}], links: [{path: /b/a, target: b}]}"},
	{says: errors.ErrLinkUsedSymlink, path: "storage.links.0", bad: "storage: {links: [{path: /a/b, target: c}, {path: /a, target: b}]}", good: "storage: {links: [{path: /a-b, target: c}, {path: /a, target: b}]}"},
	{says: errors.ErrLinkTargetRequired, path: "storage.links.0.target", bad: "storage: {links: [{path: /a}]}", good: "storage: {links: [{path: /a, target: .}]}"},
	{says: errors.ErrHardLinkToDirectory, path: "storage.links.0", bad: "storage: {directories: [{path: /d}], links: [{path: /a, target: /d/, hard: true}]}", good: "storage: {directories: [{path: /d}], links: [{path: /a, target: /d}]}"},
	{says: errors.ErrHardLinkSpecifiesOwner, path: "storage.links.0.user.id", bad: "storage: {links: [{path: /a, target: b, hard: true, user: {id: 0}}]}", good: "storage: {links: [{path: /a, target: b, user: {id: 0}}]}"},
	{says: errors.ErrHardLinkSpecifiesOwner, path: "storage.links.0.group.name", bad: "storage: {links: [{path: /a, target: b, hard: true, group: {name: ''}}]}", good: "storage: {links: [{path: /a, target: b, hard: true, group: {}}]}"},
	{says: errors.ErrPathConflictsSystemd, path: "storage.files.0.path", bad: files("{path: /etc/systemd/system/a.service}") + "\n" + contents("[A]\n"), good: files("{path: /etc/systemd/system/a.service}") + "\n" + contents("")},
	{says: errors.ErrPathConflictsSystemd, path: "storage.links.0.path", bad: "storage: {links: [{path: /etc/systemd/system/a.service.d/b.conf, target: c}]}\n" + unit("dropins: [{name: b.conf, contents: '[A]'}]"), good: "storage: {links: [{path: /etc/systemd/system/a.service.d/c.conf, target: c}]}\n" + unit("dropins: [{name: b.conf, contents: '[A]'}]")},
	{says: errors.ErrPathConflictsSystemd, path: "storage.directories.0.path", bad: "storage: {directories: [{path: /etc/systemd/system/a.service.d/b.conf}]}\n" + unit("dropins: [{name: b.conf, contents: '[A]'}]"), good: "storage: {directories: [{path: /etc/systemd/system/a.service.d}]}\n" + unit("dropins: [{name: b.conf, contents: '[A]'}]")},

	// disks, partitions, file systems
	{says: errors.ErrDiskDeviceRequired, path: "storage.disks.0.device", bad: "storage: {disks: [{wipe_table: true}]}", good: "storage: {disks: [{device: /d}]}"},
	{says: errors.ErrPartitionNumbersCollide, path: "storage.disks.0.partitions.1", bad: disk("{number: 1}, {number: 1}"), good: disk("{number: 1}, {number: 2}")},
	{says: errors.ErrPartitionsOverlap, path: "storage.disks.0.partitions.1", bad: disk("{number: 1, start_mib: 1, size_mib: 2}, {number: 2, start_mib: 2, size_mib: 0}"), good: disk("{number: 1, start_mib: 1, size_mib: 2}, {number: 2, start_mib: 3, size_mib: 0}")},
	{says: errors.ErrDuplicateLabels, path: "storage.disks.0.partitions.1", bad: disk("{number: 1, label: a}, {number: 2, label: a}"), good: disk("{number: 1, label: a}, {number: 2, label: A}")},
	{says: errors.ErrZeroesWithShouldNotExist, path: "storage.disks.0.partitions", bad: disk("{number: 1, should_exist: false}, {label: a}"), good: disk("{number: 1, should_exist: false}, {number: 2, label: a}")},
	{says: errors.ErrShouldNotExistWithOthers, path: "storage.disks.0.partitions.0", bad: disk("{number: 1, should_exist: false, size_mib: 0}"), good: disk("{number: 1, should_exist: false, guid: '', resize: true}")},
	{says: errors.ErrNeedLabelOrNumber, path: "storage.disks.0.partitions.0", bad: disk("{size_mib: 0}"), good: disk("{label: ''}")},
	{says: errors.ErrLabelTooLong, path: "storage.disks.0.partitions.0.label", bad: disk("{label: " + strings.Repeat("l", 37) + "}"), good: disk("{label: " + strings.Repeat("l", 36) + "}")},
	{says: errors.ErrLabelContainsColon, path: "storage.disks.0.partitions.0.label", bad: disk("{label: 'a:b'}"), good: disk("{label: 'a;b'}")},
	{says: errors.ErrDoesntMatchGUIDRegex, path: "storage.disks.0.partitions.0.guid", bad: disk("{number: 1, guid: a}"), good: disk("{number: 1, guid: 01234567-89AB-cdef-edcb-a98765432101}")},
	{says: errors.ErrDoesntMatchGUIDRegex, path: "storage.disks.0.partitions.0.type_guid", bad: disk("{number: 1, type_guid: 01234567-89AB-cdef-edcb-a9876543210}"), good: disk("{number: 1, type_guid: ''}")},
	{says: errors.ErrFilesystemInvalidFormat, path: "storage.filesystems.0.format", bad: filesystem("format: ext3"), good: filesystem("format: ext4")},
	{says: errors.ErrFormatNilWithOthers, path: "storage.filesystems.0.format", bad: filesystem("format: '', options: [a]"), good: filesystem("format: '', options: [], path: '', label: '', uuid: '', wipe_filesystem: false")},
	{says: errors.ErrLabelNeedsFormat, path: "storage.filesystems.0.label", bad: filesystem("label: a"), good: filesystem("label: a, format: none")},
	{says: errors.ErrExt4LabelTooLong, path: "storage.filesystems.0.label", bad: filesystem("format: ext4, label: 12345678901234567"), good: filesystem("format: ext4, label: 1234567890123456")},
	{says: errors.ErrBtrfsLabelTooLong, path: "storage.filesystems.0.label", bad: filesystem("format: btrfs, label: " + strings.Repeat("l", 257)), good: filesystem("format: btrfs, label: " + strings.Repeat("l", 256))},
	{says: errors.ErrXfsLabelTooLong, path: "storage.filesystems.0.label", bad: filesystem("format: xfs, label: 1234567890123"), good: filesystem("format: xfs, label: 123456789012")},
	{says: errors.ErrSwapLabelTooLong, path: "storage.filesystems.0.label", bad: filesystem("format: swap, label: 1234567890123456"), good: filesystem("format: swap, label: 123456789012345")},
	{says: errors.ErrVfatLabelTooLong, path: "storage.filesystems.0.label", bad: filesystem("format: vfat, label: 123456789012"), good: filesystem("format: vfat, label: 12345678901")},
	{says: errors.ErrPartitionsOverwritten, path: "storage.filesystems.0.device", bad: "storage: {disks: [{device: /d, partitions: [{number: 1}]}], filesystems: [{device: /d}]}", good: "storage: {disks: [{device: /d}], filesystems: [{device: /d}]}"},
	{says: errors.ErrFilesystemImplicitWipe, path: "storage.filesystems.0.device", bad: "storage: {disks: [{device: /d, wipe_table: true}], filesystems: [{device: /d}]}", good: "storage: {disks: [{device: /d, wipe_table: true}], filesystems: [{device: /d, format: xfs, wipe_filesystem: true}]}"},
	{says: errors.ErrLuksNameContainsSlash, path: "storage.luks.0.name", bad: "storage: {luks: [{name: a/b, device: /d}]}", good: "storage: {luks: [{name: a.b, device: /d}]}"},
	{says: errors.ErrDiskDeviceRequired, path: "storage.luks.0.device", bad: "storage: {luks: [{name: a}]}", good: "storage: {luks: [{name: a, device: /d}]}"},
	{says: errors.ErrLuksLabelTooLong, path: "storage.luks.0.label", bad: luks("label: " + strings.Repeat("l", 48)), good: luks("label: " + strings.Repeat("l", 47))},
	{says: errors.ErrInvalidLuksKeyFile, path: "storage.luks.0.keys", bad: luks("key_file: {source: 'a:b'}"), good: luks("key_file: {source: ''}")},
	{says: errors.ErrClevisPinRequired, path: "storage.luks.0.clevis.custom.pin", bad: clevis("custom: {config: a}"), good: clevis("custom: {config: a, pin: sss}"), versions: "1.2"},
	{says: errors.ErrClevisConfigRequired, path: "storage.luks.0.clevis.custom.config", bad: clevis("custom: {needs_network: true, pin: b}"), good: clevis("custom: {needs_network: false, pin: ''}"), versions: "1.2"},
	{says: errors.ErrClevisCustomWithOthers, path: "storage.luks.0.clevis", bad: clevis("tpm2: true, custom: {config: a, pin: sss}"), good: clevis("tpm2: false, threshold: 0, custom: {config: a, pin: tang}"), versions: "1.2"},
	{says: errors.ErrTangThumbprintRequired, path: tang + ".thumbprint", bad: clevis("tang: [{url: 'http:'}]"), good: clevis("tang: [{url: 'http:', thumbprint: a}]"), versions: "1.2"},
	{says: errors.ErrInvalidScheme, path: tang + ".url", bad: clevis("tang: [{thumbprint: a}]"), good: clevis("tang: [{url: 'https://a', thumbprint: a}]"), versions: "1.2"},
	{says: errors.ErrInvalidUrl, path: tang + ".url", bad: clevis("tang: [{url: ':', thumbprint: a}]"), good: clevis("tang: [{url: 'https://a', thumbprint: a}]"), versions: "1.2"},
	{says: errors.ErrInvalidTangAdvertisement, path: tang + ".advertisement", bad: clevis("tang: [{url: 'http:', thumbprint: a, advertisement: '{'}]"), good: clevis("tang: [{url: 'http:', thumbprint: a, advertisement: '{}'}]"), versions: "1.2"},
	{says: errors.ErrRaidLevelRequired, path: "storage.raid.0.level", bad: raid("level: ''"), good: raid("level: '10'")},
	{says: errors.ErrUnrecognizedRaidLevel, path: "storage.raid.0.level", bad: raid("level: raid2"), good: raid("level: mirror")},
	{says: errors.ErrSparesUnsupportedForLevel, path: "storage.raid.0.level", bad: raid("level: stripe, spares: -1"), good: raid("level: stripe, spares: 0")},
	{says: errors.ErrRaidDevicesRequired, path: "storage.raid.0.devices", bad: "storage: {raid: [{name: a, level: linear}]}", good: raid("level: linear")},
	{says: errors.ErrPathRelative, path: "storage.raid.0.devices.1", bad: "storage: {raid: [{name: a, level: '1', devices: [/a, b]}]}", good: "storage: {raid: [{name: a, level: '1', devices: [/a, /b]}]}"},

	// systemd
	{says: errors.ErrInvalidSystemdExt, path: "systemd.units.0.name", bad: "systemd: {units: [{name: a.conf}]}", good: "systemd: {units: [{name: a/b.slice}]}"},
	{says: errors.ErrInvalidSystemdDropinExt, path: "systemd.units.0.dropins.0.name", bad: unit("dropins: [{name: a}]"), good: unit("dropins: [{name: .conf}]")},
	{says: "unit: unable to find end of section", path: unitText, bad: contents("[A"), good: contents("[A]")},
	{says: "unit: found garbage after section name", path: unitText, bad: contents("[A] b\n"), good: contents("[A] \n")},
	{says: "unit: unexpected newline encountered while parsing option name", path: unitText, bad: contents("[A]\nb\n"), good: contents("[A]\nb=\n")},
	{says: "unit: EOF", path: unitText, bad: contents("[A]\nb"), good: contents("[A]\nb=")},
	{says: "unit: line too long (max 2048 bytes)", path: unitText, bad: contents("[A]\nb=" + strings.Repeat("c", 3000) + "\n"), good: contents("[A]\nb=" + strings.Repeat("c", 2000) + "\n")},
	{says: "unit: EOF", path: "systemd.units.0.dropins.0.contents", bad: unit(`dropins: [{name: a.conf, contents: "[A]\nb"}]`), good: unit(`dropins: [{name: a.conf, contents: "b"}]`)},
	{says: "enabled, but has no install section", path: unitText, bad: unit(`enabled: true, contents: "[A]\nb=c\n"`), good: unit(`enabled: true, contents: "[Install]\nb=c\n"`)},
	{says: "enabled, but has no install section", path: unitText, bad: unit(`enabled: true, contents: "[Install]\n"`), good: unit(`enabled: true, contents: "[Install]\nb="`)},
	{says: "enabled, but has no install section", path: unitText, bad: unit(`enabled: true, contents: "[Install]\n# b=c\n[A]\nb=c\n[Install]\n"`), good: unit(`enabled: true, contents: "[Install]\nb=c\n[A]\n"`)},
	{says: "template unit doesn't have Install section", path: "systemd.units.1.contents", bad: `systemd: {units: [{name: a@.service, contents: "[A]\nb=c\n"}, {name: a@b.service, enabled: true}]}`, good: `systemd: {units: [{name: a@.service, contents: "[Install]\nb=c\n"}, {name: a@b.service, enabled: true}]}`},
}

func init() {
	// Duplicates, list by list.
	twice := func(path, bad, good string, versions ...string) {
		situations = append(situations, situation{says: errors.ErrDuplicate, path: path, bad: bad, good: good, versions: strings.Join(versions, " ")})
	}
	twice("storage.files.1", files("{path: /a}, {path: /a}"), files("{path: /a}, {path: /A}"))
	twice("storage.files.0", "storage: {directories: [{path: /a}], files: [{path: /a}]}", "storage: {directories: [{path: /a}], files: [{path: /a/a}]}")
	twice("storage.links.0", "storage: {files: [{path: /a}], links: [{path: /a, target: b}]}", "storage: {files: [{path: /a}], links: [{path: /ab, target: b}]}")
	twice("storage.disks.1", "storage: {disks: [{device: /a}, {device: /a}]}", "storage: {disks: [{device: /a}, {device: /b}]}")
	twice("storage.disks.0.partitions.1", disk("{number: 0, label: a}, {label: a}"), disk("{number: 0, label: a}, {label: b}"))
	twice("storage.filesystems.1", "storage: {filesystems: [{device: /a}, {device: /a}]}", "storage: {filesystems: [{device: /a}, {device: /b}]}")
	twice("storage.luks.1", "storage: {luks: [{name: a, device: /a}, {name: a, device: /b}]}", "storage: {luks: [{name: a, device: /a}, {name: b, device: /a}]}")
	twice("storage.raid.1", "storage: {raid: [{name: a, level: '1', devices: [/a]}, {name: a, level: '1', devices: [/b]}]}", "storage: {raid: [{name: a, level: '1', devices: [/a]}, {name: b, level: '1', devices: [/a]}]}")
	twice("storage.raid.0.devices.1", "storage: {raid: [{name: a, level: '1', devices: [/a, /a]}]}", "storage: {raid: [{name: a, level: '1', devices: [/a, /b]}]}")
	twice("systemd.units.1", "systemd: {units: [{name: a.service}, {name: a.service}]}", "systemd: {units: [{name: a.service}, {name: a.socket}]}")
	twice("systemd.units.0.dropins.1", unit("dropins: [{name: a.conf}, {name: a.conf}]"), unit("dropins: [{name: a.conf}, {name: b.conf}]"))
	twice("passwd.users.1", "passwd: {users: [{name: a}, {name: a}]}", "passwd: {users: [{name: a}, {name: b}], groups: [{name: a}]}")
	twice("passwd.groups.1", "passwd: {groups: [{name: a}, {name: a}]}", "passwd: {groups: [{name: a}, {name: b}]}")
	twice("passwd.users.0.groups.1", "passwd: {users: [{name: a, groups: [a, a]}]}", "passwd: {users: [{name: a, groups: [a, b]}]}")
	twice("passwd.users.0.ssh_authorized_keys.1", "passwd: {users: [{name: a, ssh_authorized_keys: [a, a]}]}", "passwd: {users: [{name: a, ssh_authorized_keys: [a, a b]}]}")
	twice("kernel_arguments.should_not_exist.0", "kernel_arguments: {should_exist: [a], should_not_exist: [a]}", "kernel_arguments: {should_exist: [a], should_not_exist: [b]}")
	twice("kernel_arguments.should_exist.1", "kernel_arguments: {should_exist: [a, a]}", "kernel_arguments: {should_exist: [a, a=b]}")
	twice("storage.files.0.contents.http_headers.1", source("source: 'http://a/b', http_headers: [{name: a}, {name: a}]"), source("source: 'http://a/b', http_headers: [{name: a}, {name: A}]"))
	twice("ignition.config.merge.1", "ignition: {config: {merge: [{local: text}, {local: dir/../text}]}}", "ignition: {config: {merge: [{local: text}, {local: empty}]}}")
	twice("ignition.security.tls.certificate_authorities.1", "ignition: {security: {tls: {certificate_authorities: [{source: 'http://a'}, {source: 'http://a'}]}}}", "ignition: {security: {tls: {certificate_authorities: [{source: 'http://a'}, {source: 'http://b'}]}}}")
	twice("ignition.proxy.no_proxy.1", proxy("no_proxy: [a, a]"), proxy("no_proxy: [a, b]"))
	twice("storage.luks.0.open_options.1", luks("open_options: [a, a]"), luks("open_options: [a, b]"), ">1.0")
	twice("storage.luks.0.clevis.tang.1", clevis("tang: [{url: 'http:', thumbprint: a}, {url: 'http:', thumbprint: b}]"), clevis("tang: [{url: 'http:', thumbprint: a}, {url: 'https:', thumbprint: a}]"), "1.2")
	for _, free := range []string{filesystem("format: xfs, options: [a, a], mount_options: [b, b]"), luks("options: [a, a]"), raid("level: '1', options: [a, a]"), file("append: [{inline: a}, {inline: a}]")} {
		situations = append(situations, situation{says: "", good: free})
	}
}

// situationDocs: both documents of each situation, in each version that has it.
func situationDocs() []*doc {
	var all []*doc
	for i := range situations {
		s := &situations[i]
		for _, v := range versions {
			if !s.in(v) {
				continue
			}
			for _, half := range []struct {
				text string
				bad  bool
			}{{s.bad, true}, {s.good, false}} {
				if half.text == "" {
					continue
				}
				d := &doc{group: "messages", v: v, noDir: s.noDir, name: fmt.Sprintf("%s at %s", s.message(), s.path)}
				d.text = s.text(half.text, v)
				d.situation, d.bad = s, half.bad
				all = append(all, d)
			}
		}
	}
	return all
}

func (s *situation) text(body string, v *version) string {
	body = strings.NewReplacer("@IGN@", v.ignition, "@SHA@", sha256, "@ZZZ@", "sha256-"+strings.Repeat("z", 64)).Replace(body)
	if s.whole {
		return body
	}
	return fmt.Sprintf("variant: flatcar\nversion: %s\n%s\n", v.name, body)
}
