// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"strings"
)

type tap struct {
	n, bad int
}

func (t *tap) ok(good bool, format string, args ...any) {
	t.n++
	word := "ok"
	if !good {
		word = "not ok"
		t.bad++
	}
	fmt.Printf("%s %d - %s\n", word, t.n, fmt.Sprintf(format, args...))
}

func (t *tap) diag(format string, args ...any) {
	for _, line := range strings.Split(fmt.Sprintf(format, args...), "\n") {
		fmt.Printf("# %s\n", line)
	}
}

// The failures have been printed already.
var errFailed = errors.New("failed")

func (t *tap) done() error {
	fmt.Printf("1..%d\n", t.n)
	if t.bad > 0 {
		return errFailed
	}
	return nil
}
