// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"io"
	"sort"
	"sync"
	"time"
)

// entry is one request as seen on the wire.
type entry struct {
	at     time.Time
	method string
	object string
	status string
	agent  string
	sess   string
	peer   string // address of the client's connection
}

// recorder counts and logs requests at the HTTP layer, including those that were
// rejected or answered with a fault.
type recorder struct {
	mu     sync.Mutex
	log    []entry
	counts map[string]int
}

// maxLog bounds the log's memory; the counts continue.
const maxLog = 100000

func (r *recorder) begin(method string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[string]int{}
	}
	r.counts[method]++
	if len(r.log) >= maxLog {
		return -1
	}
	r.log = append(r.log, entry{at: time.Now(), method: method, status: "..."})
	return len(r.log) - 1
}

func (r *recorder) end(i int, fill func(*entry)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i >= 0 && i < len(r.log) {
		fill(&r.log[i])
	}
}

// Requests writes "METHOD COUNT" lines, then the totals.
func (s *Server) Requests(w io.Writer, reset bool) {
	r := &s.rec
	r.mu.Lock()
	defer r.mu.Unlock()
	names := make([]string, 0, len(r.counts))
	total := 0
	for name, n := range r.counts {
		if name != "WaitForUpdatesEx" {
			names = append(names, name)
			total += n
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(w, "%s %d\n", name, r.counts[name])
	}
	fmt.Fprintf(w, "total %d\nWaitForUpdatesEx %d\n", total, r.counts["WaitForUpdatesEx"])
	if reset {
		r.counts = map[string]int{}
	}
}

// Log writes one line per request, separated by tabs: time, method, object,
// status, user agent, session and peer address.
func (s *Server) Log(w io.Writer) {
	r := &s.rec
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.log {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.at.Format("15:04:05.000"),
			e.method, dash(e.object), e.status, dash(e.agent), dash(e.sess), dash(e.peer))
	}
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
