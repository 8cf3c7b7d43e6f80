// SPDX-License-Identifier: Apache-2.0

package mutate

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// A row is a line of tests/tools.tab: a way to run a tool.
type row struct {
	name, vm, write, left string
	use                   []string
	line                  []string // @ is the VM
}

func (r *row) tool() string       { return r.line[0] }
func (r *row) is(use string) bool { return slices.Contains(r.use, use) }
func (r *row) command(vm string, t string) []string {
	var words []string
	for _, word := range r.line {
		words = append(words, strings.ReplaceAll(strings.ReplaceAll(word, "$T", t), "@", vm))
	}
	return words
}

// readTab returns the rows that talk to a server, and the calls that change nothing.
func readTab(file string, only string) (rows []*row, reads map[string]bool, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	reads = map[string]bool{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(line, "#"):
		case f[0] == "reads":
			for _, call := range f[1:] {
				reads[call] = true
			}
		case len(f) < 9:
			return nil, nil, fmt.Errorf("%s: a row with too few columns: %s", file, line)
		case f[1] != "-" && (only == "" || only == f[0]):
			rows = append(rows, &row{name: f[0], vm: f[1], write: f[2], left: f[4], use: strings.Split(f[7], ","), line: f[8:]})
		}
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("%s: no such row", file)
	}
	return rows, reads, nil
}
