// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"strings"
)

// A difference that is intended.  QUIRKS.md lists it with the same number.
type agreed struct {
	id     int
	reason string
	covers func(d *difference) bool
	count  int
}

// At most ten in all, for Butane and Ignition together.
var (
	levels = "more than 64 levels of nesting are refused: no field is that deep"
	nul    = "a NUL is refused except in file contents and URLs: whatever uses the value would lose what follows it"

	genAgreements = []*agreed{
		{id: 1, reason: levels, covers: deep},
		{id: 2, reason: "a symlink that leads out of the files-dir is refused: files from there are not expected", covers: oursSays("it is outside that folder")},
		{id: 3, reason: "contents_local and key files that are not UTF-8 are refused: Butane writes U+FFFD for invalid bytes", covers: oursSays("is not UTF-8 text")},
		{id: 5, reason: "a tree whose folder is a link is copied: Butane adds the link", covers: linkedTree},
		{id: 6, reason: nul, covers: oursSays("NUL is allowed only in file contents")},
		{id: 7, reason: "libyaml scans a byte order mark in the middle, and a bracket or a comma in a tag, differently from Go's yaml, which was derived from it", covers: scanned},
		{id: 10, reason: "next to with_mount_unit, a finding about a unit without a name has the path of that unit: Butane gives the path of another unit", covers: unnamedUnit},
		{id: 8, reason: "@{NAME} is a placeholder, and an error without a value: @@{NAME} gives the text", covers: oursSays("no value for @{")},
	}
	checkAgreements = []*agreed{
		{id: 1, reason: levels, covers: deep},
		{id: 4, reason: "Ignition 1 and 2 are accepted: Flatcar still boots with them, ignition-validate does not support them", covers: oldIgnition},
		{id: 6, reason: nul, covers: oursSays("NUL is allowed only in file contents")},
		{id: 9, reason: "of a duplicate key in JSON the last one counts: Go merges their lists, item by item", covers: twiceInJSON},
	}
)

var ofUnitName = regexp.MustCompile(`systemd\.units\.[0-9]+(\.dropins\.[0-9]+)?\.name$`)

func unnamedUnit(d *difference) bool {
	return d.aspect == aspectLast && ofUnitName.MatchString(d.path) &&
		strings.Contains(d.doc.text, "with_mount_unit") && (oursSays("missing")(d) || oursSays("'' is not a")(d))
}

var linked = regexp.MustCompile(`local["']?: *["']?(treelink|tree/dirlink)`)

func linkedTree(d *difference) bool {
	return d.aspect == aspectConfig && linked.MatchString(d.doc.text)
}

func scanned(d *difference) bool {
	return d.aspect == aspectVerdict && (strings.Contains(d.doc.text, "\n\ufeff") ||
		oursSays("while scanning a tag")(d) || oursSays("as part of the tag before it")(d))
}

// Duplicate keys whose values are objects or lists.
var keys = regexp.MustCompile(`"(storage|version)": *[^,]`)

func twiceInJSON(d *difference) bool {
	seen := map[string]int{}
	for _, m := range keys.FindAllStringSubmatch(d.doc.text, -1) {
		seen[m[1]]++
	}
	return d.aspect == aspectVerdict && (seen["storage"] > 1 || seen["version"] > 1)
}

// A document that is refused for this reason has no findings of later stages.
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

// JSON inside a string has the same bound.
func deep(d *difference) bool {
	return oursSays("nested too deeply")(d) || strings.HasSuffix(d.path, "advertisement") && strings.Contains(d.doc.text, strings.Repeat("[", 65))
}

var isOld = regexp.MustCompile(`"(?i:version)": *"[12]\.[^"]*"|"ignitionVersion": *1`)

func oldIgnition(d *difference) bool {
	return d.aspect == aspectVerdict && isOld.MatchString(d.doc.text)
}
