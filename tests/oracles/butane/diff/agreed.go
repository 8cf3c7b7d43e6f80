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
	genAgreements = []*agreed{
		{id: 1, reason: "more than 64 levels of nesting are refused: nothing that is read so deep is used", covers: deep},
		{id: 2, reason: "a symlink that leads out of the files-dir is refused: what lies there was not meant", covers: oursSays("leads out of that folder")},
		{id: 3, reason: "contents_local and key files that are not UTF-8 are refused: Butane writes U+FFFD for what it cannot read", covers: oursSays("is no text in UTF-8")},
	}
	checkAgreements = []*agreed{
		{id: 1, reason: "more than 64 levels of nesting are refused: nothing that is read so deep is used", covers: deep},
		{id: 4, reason: "Ignition 1 and 2 are read: Flatcar still boots with them, ignition-validate does not know them", covers: oldIgnition},
	}
)

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
