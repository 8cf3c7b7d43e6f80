// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"os"
	"path/filepath"
	"testing"
)

// The folder that sshd requires goes with the last lab, if a lab created it.
func TestPrivsep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sshd")
	hold := func() *os.File {
		t.Helper()
		f, err := holdPrivsep(dir)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	there := func() bool { _, err := os.Stat(dir); return err == nil }
	first, second := hold(), hold()
	releasePrivsep(first)
	if !there() {
		t.Fatal("it is gone while a lab needs it")
	}
	third := hold()
	releasePrivsep(second)
	releasePrivsep(third)
	if there() {
		t.Fatal("it is left")
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	releasePrivsep(hold())
	if !there() {
		t.Fatal("it was not ours, and is gone")
	}
}
