// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The whole program is tested: the test binary plays it.
func TestMain(m *testing.M) {
	if os.Getenv("LAB_TEST_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func lab(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "LAB_TEST_MAIN=1")
	cmd.Stderr = os.Stderr
	return cmd
}

// within fails the test if fn takes too long.
func within(t *testing.T, what string, fn func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { fn(); close(done) }()
	select {
	case <-done:
	case <-time.After(60 * time.Second):
		t.Fatal("never: " + what)
	}
}

func TestCommand(t *testing.T) {
	for script, want := range map[string]int{
		`test -r "$GOVC_TLS_CA_CERTS" && test -r "$LAB_DIR/env" && test -n "$LAB_CTL$GOVC_PASSWORD"`: 0,
		`case $GOVC_URL in https://127.0.0.1:*/sdk) exit 3 ;; esac`:                                  3,
		`kill -TERM $$`: 128 + 15,
		`. "$LAB_DIR/env" && exec "$0" ctl vms | grep -q flatcar-template`: 0,
		`exec "$0" ctl vm nobody 2>/dev/null`:                              1,
	} {
		cmd := lab("--", "sh", "-c", script, os.Args[0])
		err := cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("%s: status %d (%v), want %d", script, got, err, want)
		}
	}
}

func TestStateFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	cmd := lab("-dir", dir, "-stdin")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	within(t, "ready", func() {
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil || line != filepath.Join(dir, "env")+"\n" {
			t.Errorf("said %q, %v", line, err)
		}
	})
	b, err := os.ReadFile(filepath.Join(dir, "env"))
	if err != nil || !strings.Contains(string(b), "export GOVC_URL='https://127.0.0.1:") {
		t.Errorf("env: %v %s", err, b)
	}
	if st, err := os.Stat(filepath.Join(dir, "env")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode of env: %v", st.Mode())
	}
	in.Close()
	within(t, "the end with stdin's", func() { _ = cmd.Wait() })
	if cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("status %d", cmd.ProcessState.ExitCode())
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error("a folder that was given is kept")
	}
}

// A lab whose parent is killed must not stay behind.
func TestDiesWithItsParent(t *testing.T) {
	sh := exec.Command("sh", "-c", `"$0" & echo $!; wait`, os.Args[0])
	sh.Env = append(os.Environ(), "LAB_TEST_MAIN=1")
	out, err := sh.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := sh.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	var state string
	within(t, "ready", func() {
		_, _ = r.ReadString('\n')
		state, _ = r.ReadString('\n')
	})
	if err := sh.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = sh.Process.Release()
	within(t, "the lab's end", func() { _, _ = io.Copy(io.Discard, r) }) // its stdout closes with it
	if _, err := os.Stat(filepath.Dir(strings.TrimSpace(state))); !os.IsNotExist(err) {
		t.Errorf("its folder %q is left: %v", state, err)
	}
}

func TestEnvQuoting(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := writeEnv(file, map[string]string{"A": "it's $HOME", "B": "\\"}); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", `. "$0"; printf '%s|%s' "$A" "$B"`, file).Output()
	if err != nil || string(out) != `it's $HOME|\` {
		t.Errorf("%q %v", out, err)
	}
}
