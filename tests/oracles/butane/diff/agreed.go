// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"strings"
)

// A difference that is meant: it stands in QUIRKS.md as well, by its number.
type agreed struct {
	id     int
	reason string
	covers func(d *difference) bool
	count  int
}

// At most ten in all, those of Butane and those of Ignition.
var (
	levels = "more than 64 levels of nesting are refused: nothing that is read so deep is used"
	nul    = "a NUL anywhere but in a text or a URL is refused: what follows it would be lost where it is used"

	genAgreements = []*agreed{
		{id: 1, reason: levels, covers: deep},
		{id: 2, reason: "a symlink that leads out of the files-dir is refused: what lies there was not meant", covers: oursSays("leads out of that folder")},
		{id: 3, reason: "contents_local and key files that are not UTF-8 are refused: Butane writes U+FFFD for what it cannot read", covers: oursSays("is no text in UTF-8")},
		{id: 5, reason: "a tree whose folder is a link is that folder: Butane makes a link of it", covers: linkedTree},
		{id: 6, reason: nul, covers: oursSays("a NUL can only stand in a text")},
		{id: 7, reason: "what libyaml scans in another way than Go's yaml, which was made from it: a byte order mark in the middle, a bracket or a comma in a tag", covers: scanned},
		{id: 10, reason: "a unit without a name, beside with_mount_unit, has the path at which it stands: Butane's is that of another one", covers: unnamedUnit},
		{id: 8, reason: "@{NAME} is a placeholder, and an error without a value: @@{NAME} is the text", covers: oursSays("no value for @{")},
	}
	checkAgreements = []*agreed{
		{id: 1, reason: levels, covers: deep},
		{id: 4, reason: "Ignition 1 and 2 are read: Flatcar still boots with them, ignition-validate does not know them", covers: oldIgnition},
		{id: 6, reason: nul, covers: oursSays("a NUL can only stand in a text")},
		{id: 9, reason: "of a key that stands twice in JSON the later one counts: Go mixes lists of both, item by item", covers: twiceInJSON},
	}
)

var ofUnitName = regexp.MustCompile(`systemd\.units\.[0-9]+(\.dropins\.[0-9]+)?\.name$`)

func unnamedUnit(d *difference) bool {
	return d.aspect == aspectLast && ofUnitName.MatchString(d.path) &&
		strings.Contains(d.doc.text, "with_mount_unit") && (oursSays("it is missing")(d) || oursSays("'' is no ")(d))
}

var linked = regexp.MustCompile(`local["']?: *["']?(treelink|tree/dirlink)`)

func linkedTree(d *difference) bool {
	return d.aspect == aspectConfig && linked.MatchString(d.doc.text)
}

func scanned(d *difference) bool {
	return d.aspect == aspectVerdict && (strings.Contains(d.doc.text, "\n\ufeff") ||
		oursSays("while scanning a tag")(d) || oursSays("for a part of the tag before it")(d))
}

// The name of a key that holds an object or a list, and stands there twice.
var keys = regexp.MustCompile(`"(storage|version)": *[^,]`)

func twiceInJSON(d *difference) bool {
	seen := map[string]int{}
	for _, m := range keys.FindAllStringSubmatch(d.doc.text, -1) {
		seen[m[1]]++
	}
	return d.aspect == aspectVerdict && (seen["storage"] > 1 || seen["version"] > 1)
}

// A document that is refused for this has no findings of later stages.
func oursSays(text string) func(d *difference) bool {
	return func(d *difference) bool {
		for _, f := range d.b.findings {
			if !f.warning && strings.Contains(f.text, text) {
				return true
			}
		}
		return false
	}
}

// JSON within a string has the same bound.
func deep(d *difference) bool {
	return oursSays("nested too deeply")(d) || strings.HasSuffix(d.path, "advertisement") && strings.Contains(d.doc.text, strings.Repeat("[", 65))
}

var isOld = regexp.MustCompile(`"(?i:version)": *"[12]\.[^"]*"|"ignitionVersion": *1`)

func oldIgnition(d *difference) bool {
	return d.aspect == aspectVerdict && isOld.MatchString(d.doc.text)
}
