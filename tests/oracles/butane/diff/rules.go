// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// Values for fields that do not accept just any value, by struct and key.
var scalars = map[string]func(m *maker) *node{
	"Ignition.version": func(m *maker) *node { return str(m.v.name) },
	"File.path":        func(m *maker) *node { return m.path("f") },
	"Directory.path":   func(m *maker) *node { return m.path("d") },
	"Link.path":        func(m *maker) *node { return m.path("l") },
	"Link.target":      func(m *maker) *node { return m.path(pick(m, "f/x", "../t", "t")) },
	"File.mode":        fileMode,
	"Directory.mode":   dirMode,
	"Tree.file_mode":   fileMode,
	"Tree.dir_mode":    dirMode,
	"Tree.path":        func(m *maker) *node { return m.path("t") },
	"Tree.local": func(m *maker) *node {
		return str([]string{"tree", "tree/sub", "tree2", "./tree", "tree/../tree2"}[m.cycle("tree", 5)])
	},
	"Resource.source": (*maker).url,
	"Resource.inline": (*maker).contents,
	"Resource.local":  func(m *maker) *node { return str(localFiles[m.cycle("local", len(localFiles))]) },
	"Resource.compression": func(m *maker) *node {
		return str(pick(m, "", "gzip"))
	},
	"Verification.hash": func(m *maker) *node {
		if m.before("3.1.0") {
			return str(sha512)
		}
		return str(pick(m, sha256, sha512))
	},
	"HTTPHeader.name":  func(m *maker) *node { return str(fmt.Sprintf("X-Name-%d", m.next())) },
	"HTTPHeader.value": func(m *maker) *node { return str(fmt.Sprintf("value %d", m.next())) },
	"Proxy.http_proxy": func(m *maker) *node {
		return str(pick(m, "http://p:3128", "https://p", "HTTP://P/", "http:"))
	},
	"Proxy.https_proxy":        func(m *maker) *node { return str(pick(m, "https://p:3128", "https://u:p@h", "https:")) },
	"Proxy.no_proxy":           func(m *maker) *node { return str(fmt.Sprintf("h%d", m.next())) },
	"Disk.device":              func(m *maker) *node { return m.path("dev") },
	"Partition.number":         func(m *maker) *node { return num(m.next()) },
	"Partition.label":          func(m *maker) *node { return str(fmt.Sprintf("part-%d", m.next())) },
	"Partition.guid":           guid,
	"Partition.type_guid":      guid,
	"Partition.start_mib":      func(m *maker) *node { return m.integer(m.next() * 1000) },
	"Partition.size_mib":       func(m *maker) *node { return m.integer(pick(m, 0, 1, 100, 900)) },
	"Filesystem.device":        func(m *maker) *node { return m.path("dev/fs") },
	"Filesystem.path":          func(m *maker) *node { return m.path("m") },
	"Filesystem.label":         func(m *maker) *node { return str(pick(m, "label", "", "12345678901", "ä b")) },
	"Filesystem.format":        func(m *maker) *node { return str(pick(m, "ext4", "btrfs", "xfs", "vfat", "swap", "none")) },
	"Filesystem.mount_options": func(m *maker) *node { return str(pick(m, "ro", "noatime", "", "x-a=b c", "%a", "ä")) }, // each becomes part of one line of a unit
	"Luks.name":                func(m *maker) *node { return str(fmt.Sprintf("luks-%d", m.next())) },
	"Luks.device":              func(m *maker) *node { return m.path("dev/luks") },
	"Luks.label":               func(m *maker) *node { return str(pick(m, "label", "", strings.Repeat("l", 47))) },
	"Luks.open_options":        func(m *maker) *node { return str(fmt.Sprintf("--open-%d", m.next())) },
	"Tang.url":                 func(m *maker) *node { return str(fmt.Sprintf("http://tang/%d", m.next())) },
	"Tang.thumbprint":          func(m *maker) *node { return str("print") },
	"Tang.advertisement":       func(m *maker) *node { return str(pick(m, `{"payload": "a"}`, "", "[]", "1", `"a"`)) },
	"Raid.name":                func(m *maker) *node { return str(fmt.Sprintf("raid-%d", m.next())) },
	"Raid.devices":             func(m *maker) *node { return m.path("dev/raid") },
	"Raid.level":               func(m *maker) *node { return str(pick(m, raidLevels...)) },
	"Raid.spares":              func(m *maker) *node { return m.integer(pick(m, 0, 1, 2)) },
	"Unit.name": func(m *maker) *node {
		return str(fmt.Sprintf("u%d%s", m.next(), unitEnds[m.cycle("unit", len(unitEnds))]))
	},
	"Unit.contents":         unitContents,
	"Unit.contents_local":   func(m *maker) *node { return str(pick(m, "unit.service", "")) },
	"Dropin.name":           func(m *maker) *node { return str(fmt.Sprintf("%d.conf", m.next())) },
	"Dropin.contents":       unitContents,
	"Dropin.contents_local": func(m *maker) *node { return str(pick(m, "unit.service", "empty", "")) },
	"Quadlet.name": func(m *maker) *node {
		return str(fmt.Sprintf("q%d%s", m.next(), quadletEnds[m.cycle("quadlet", len(quadletEnds))]))
	},
	"Quadlet.contents":                 func(m *maker) *node { return m.contents() },
	"Quadlet.contents_local":           func(m *maker) *node { return str(pick(m, "text", "")) },
	"PasswdUser.name":                  func(m *maker) *node { return str(fmt.Sprintf("user%d", m.next())) },
	"PasswdUser.groups":                func(m *maker) *node { return str(fmt.Sprintf("group%d", m.next())) },
	"PasswdUser.ssh_authorized_keys":   func(m *maker) *node { return str(fmt.Sprintf("ssh-ed25519 AAAA%d me", m.next())) },
	"PasswdGroup.name":                 func(m *maker) *node { return str(fmt.Sprintf("group%d", m.next())) },
	"KernelArguments.should_exist":     func(m *maker) *node { return str(fmt.Sprintf("a%d=b c", m.next())) },
	"KernelArguments.should_not_exist": func(m *maker) *node { return str(fmt.Sprintf("n%d", m.next())) },
	"PasswdUser.ssh_authorized_keys_local": func(m *maker) *node {
		return str([]string{"key.pub", "keys"}[m.cycle("keys", 2)])
	},
}

var (
	raidLevels  = []string{"linear", "raid0", "0", "stripe", "raid1", "1", "mirror", "raid4", "4", "raid5", "5", "raid6", "6", "raid10", "10"}
	unitEnds    = []string{".service", ".socket", ".device", ".mount", ".automount", ".swap", ".target", ".path", ".timer", ".snapshot", ".slice", ".scope"}
	quadletEnds = []string{".container", ".volume", ".network", ".kube", ".image", ".build", ".pod", ".artifact"}
	localFiles  = []string{"text", "empty", "big", "bytes", "dir/inner", "./text", "dir/../text", "with blank ä"}
)

func guid(m *maker) *node {
	if !m.full && m.chance(20) {
		return str("")
	}
	return str(fmt.Sprintf("01234567-89ab-CDEF-edcb-%012d", m.next()))
}

// Modes without a warning.
func fileMode(m *maker) *node {
	if m.full && !m.v.json {
		return raw("0644")
	}
	return m.integer(pick(m, 0, 0644, 0600, 0755, 0700, 0444, 0400, 0555, 0640))
}

func dirMode(m *maker) *node {
	if m.full && !m.v.json {
		return raw("0755")
	}
	return m.integer(pick(m, 0, 0755, 0700, 0555, 0750))
}

func unitContents(m *maker) *node {
	s := "[Unit]\nDescription=text\n\n[Service]\nExecStart=/bin/true\n\n[Install]\nWantedBy=multi-user.target\n"
	if m.full {
		return str(s)
	}
	return str(pick(m, s, s, "", "[Install]\nAlias=a\\\n b\n", "# c\n[Install]", "; c\n\n[X]\na=b\n[Install]\nb=\n", "text before\n[Install]\n[A]",
		"[Install]\na = b = c\n", "[Install]\r\na=b\r\n", "[Install]\n ä=ö\n", "["+strings.Repeat("l", 100)+"]\n[Install]\n"))
}

// What fields require of each other, once they are made.
var rules = map[string]func(m *maker, n *node){
	"Resource":     resourceRule,
	"NodeUser":     ownerRule,
	"NodeGroup":    ownerRule,
	"File":         fileRule,
	"Link":         linkRule,
	"Partition":    partitionRule,
	"Filesystem":   filesystemRule,
	"Luks":         luksRule,
	"ClevisCustom": customRule,
	"Raid":         raidRule,
	"Unit":         unitRule,
	"Dropin":       func(m *maker, n *node) { exclude(m, "dropin", n, "contents", "contents_local") },
	"Quadlet":      quadletRule,
	"IgnitionConfig": func(m *maker, n *node) {
		if l := n.get("merge"); l != nil {
			for _, r := range l.kids {
				configRule(m, r)
			}
		}
		if r := n.get("replace"); r != nil {
			configRule(m, r)
		}
	},
	// The same file twice would be the same keys twice.
	"PasswdUser": func(m *maker, n *node) {
		if l := n.get("ssh_authorized_keys_local"); l != nil && len(l.kids) > 1 {
			n.set("ssh_authorized_keys_local", list(str("key.pub"), str("keys")))
		}
	},
	"TLS": func(m *maker, n *node) {
		if l := n.get("certificate_authorities"); l != nil {
			for i, r := range l.kids {
				required(m, r)
				if in := r.get("inline"); in != nil {
					r.set("inline", str(fmt.Sprintf("CA %d %s\n", m.next(), in.text)))
				} else if r.get("local") != nil {
					r.set("local", str(localFiles[i%4]))
				}
			}
		}
	},
}

// exclude keeps one of the keys that exist.
func exclude(m *maker, what string, n *node, keys ...string) {
	var there []string
	for _, k := range keys {
		if n.get(k) != nil {
			there = append(there, k)
		}
	}
	if len(there) < 2 {
		return
	}
	keep := there[m.cycle(what, len(there))]
	for _, k := range there {
		if k != keep {
			n.del(k)
		}
	}
}

func resourceRule(m *maker, n *node) {
	exclude(m, "resource", n, "source", "inline", "local")
	src := n.get("source")
	if src == nil || !strings.HasPrefix(strings.ToLower(src.text), "http") {
		n.del("http_headers")
	}
	if src == nil && n.get("inline") == nil && n.get("local") == nil {
		n.del("verification")
	}
	// The same name twice is an error; rare enough to be left to chance.
	if l := n.get("http_headers"); l != nil && len(l.kids) == 0 {
		n.del("http_headers")
	}
}

// A resource that needs its own source.
func required(m *maker, n *node) {
	if n.get("source") == nil && n.get("inline") == nil && n.get("local") == nil {
		n.set("source", m.url())
	}
}

func configRule(m *maker, n *node) {
	required(m, n)
	if n.get("inline") != nil {
		n.set("inline", str(m.inner()))
	}
	if n.get("local") != nil {
		m.turn["config"]++ // the same one twice is refused
		n.set("local", str(localFiles[m.turn["config"]%4]))
	}
	if src := n.get("source"); src != nil && strings.HasPrefix(src.text, "data:") {
		src.text = "data:," + fmt.Sprint(m.next())
	}
}

func ownerRule(m *maker, n *node) {
	if n.get("id") != nil && n.get("name") != nil && (m.full || m.chance(80)) {
		exclude(m, "owner", n, "id", "name")
	} else if n.get("id") != nil && n.get("name") != nil {
		n.set("name", str(""))
	}
}

func fileRule(m *maker, n *node) {
	c := n.get("contents")
	if c == nil || c.get("source") == nil && c.get("inline") == nil && c.get("local") == nil {
		if n.get("overwrite") != nil {
			n.set("overwrite", m.boolean(false))
		}
	}
}

// The owner of a hard link gives a warning, which has its own case.
func linkRule(m *maker, n *node) {
	if n.get("hard") != nil && (n.get("user") != nil || n.get("group") != nil) {
		n.set("hard", m.boolean(false))
	}
}

func partitionRule(m *maker, n *node) {
	if !m.full && m.chance(10) {
		n.set("number", num(0))
	}
	if n.get("should_exist") != nil {
		n.set("should_exist", m.boolean(true))
	}
}

func filesystemRule(m *maker, n *node) {
	if f := n.get("format"); f != nil && f.text == "none" && m.before("3.3.0") {
		f.text = "btrfs"
	}
	if n.get("format") == nil {
		if m.chance(50) {
			device := n.get("device")
			*n = *mapping("device", device)
			return
		}
		n.set("format", str("ext4"))
	}
	if n.get("path") == nil && n.get("with_mount_unit") != nil {
		n.set("path", m.path("m"))
	}
}

func luksRule(m *maker, n *node) {
	if m.v.json && m.cycle("cex", 2) == 0 {
		n.del("clevis", "key_file")
	} else {
		n.del("cex")
	}
	if !m.v.json && !m.v.atLeast("1.2.0") && n.get("clevis") != nil {
		n.set("clevis", pick(m, mapping(), mapping("tang", list()), mapping("custom", mapping()), raw("~")))
	}
	if c := n.get("clevis"); c != nil && c.get("custom") != nil && (c.get("custom").get("pin") != nil || m.before("3.3.0")) {
		if m.cycle("clevis", 2) == 0 {
			c.del("tang", "tpm2", "threshold")
		} else {
			c.del("custom")
		}
	}
}

func customRule(m *maker, n *node) {
	if len(n.kids) == 0 && !m.before("3.3.0") {
		return
	}
	n.set("pin", str("tang"))
	n.set("config", str("{}"))
}

func raidRule(m *maker, n *node) {
	if l := n.get("devices"); len(l.kids) == 0 {
		l.kids = append(l.kids, m.path("dev/raid"))
	}
	switch n.get("level").text {
	case "linear", "raid0", "0", "stripe":
		if n.get("spares") != nil {
			n.set("spares", num(0))
		}
	}
}

func unitRule(m *maker, n *node) {
	exclude(m, "unit sources", n, "contents", "contents_local")
	c := n.get("contents")
	if c != nil && c.text != "" && !strings.Contains(c.text, "=") {
		n.del("enabled") // a section without an option does not count
	}
}

func quadletRule(m *maker, n *node) {
	exclude(m, "quadlet", n, "contents", "contents_local")
	if m.cycle("instance", 4) == 3 {
		n.set("name", str(fmt.Sprintf("q%d@i.container", m.next())))
		n.del("contents", "contents_local")
	}
}
