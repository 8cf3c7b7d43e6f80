// SPDX-License-Identifier: Apache-2.0

package mutate

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// A result is what a run of a tool has shown.
type result struct {
	status   int // 128+n for signal n; -1: it had to be killed
	out, err string
	cpu      time.Duration
	took     time.Duration
	requests map[string]int
}

// bounds for tests/lower.c: what never ends must end soon.
const bounds = "BOUNDS=CONNECT_MS=5000 IDLE_MS=2000 CALL_MS=4000 WRITE_MS=4000 RETRY_MS=2000"

func (l *lab) run(words []string, stdin string, limit time.Duration) result {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, l.tools+"/"+words[0], words[1:]...)
	cmd.Dir, cmd.Stdin = l.dir, strings.NewReader(stdin)
	cmd.Env = append(l.env[:len(l.env):len(l.env)], bounds, "ASAN_OPTIONS=exitcode=99", "UBSAN_OPTIONS=exitcode=99")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	begun := time.Now()
	err := cmd.Run()
	r := result{out: out.String(), err: errs.String(), took: time.Since(begun), status: -1}
	if cmd.ProcessState != nil {
		r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		r.status = cmd.ProcessState.ExitCode()
		if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			r.status = 128 + int(ws.Signal())
		}
	} else if err != nil {
		r.err = err.Error()
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		r.status = -1
	}
	return r
}
