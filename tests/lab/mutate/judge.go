// SPDX-License-Identifier: Apache-2.0

package mutate

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vsutils/lab/hostile"
)

// What a run may cost, beyond the usual one.
const (
	limit       = 20 * time.Second
	moreRequest = 60
	longestLine = 4096 // of a message
)

var recordRE = regexp.MustCompile(`^/[^\t]*\t[A-Za-z]+:[^\t]+(\t[^\t=]+=[^\t]*)*$`)

// judge returns what is wrong with a run in which one answer was changed; usual is the
// same run without the change.
func judge(r *row, p hostile.Point, usual, got result, reads map[string]bool, cpu time.Duration) (bad []string) {
	wrong := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	switch {
	case got.status == -1:
		wrong("did not end within %s", limit)
	case got.status > 5:
		wrong("status %d", got.status)
	}
	if strings.Contains(got.err, "Sanitizer") || strings.Contains(got.err, "runtime error:") {
		wrong("a sanitizer's report")
	}
	if got.cpu > usual.cpu+cpu {
		wrong("%.1f s of CPU time", got.cpu.Seconds())
	}
	for call, n := range got.requests {
		writes, most := !reads[call] && !kubeRead(call), max(usual.requests[call], 1)
		switch call {
		case "ReconfigVM_Task", "PowerOnVM_Task":
			most = 3 // again, if a read says afterwards that it has not taken effect
		case "CloneVM_Task":
			most = 2 // again, if its result does not exist; vCenter refuses a name that does
		}
		if writes && n > most || !writes && n > usual.requests[call]+moreRequest {
			wrong("%d times %s, usually %d", n, call, usual.requests[call])
		}
	}
	judgeMessages(r, p, got, wrong)
	judgeRecords(r, got, wrong)
	return bad
}

func kubeRead(call string) bool {
	verb, _, two := strings.Cut(call, " ")
	return two && (verb == "list" || verb == "get" || verb == "watch")
}

// answers that must have these, by the WSDL, and of that type
var needed = regexp.MustCompile(`^(CreateFilter|CreateListView|CreatePropertyCollector|RetrieveServiceContent|Login|` +
	`[A-Za-z]+_Task)#\d+ Envelope/Body/[A-Za-z_]+/returnval (drop|empty|type|attr)$|` +
	`^WaitForUpdatesEx#\d+ Envelope/Body/[A-Za-z_]+/returnval/version (drop|empty|type)$|` +
	`^RetrieveServiceContent#\d+ Envelope/Body/[A-Za-z_]+/returnval/(rootFolder|propertyCollector|sessionManager)` +
	` (drop|empty|type|attr)$`)

// required is true if that call has failed without what was changed.
func required(p hostile.Point) bool { return needed.MatchString(p.String()) }

func judgeMessages(r *row, p hostile.Point, got result, wrong func(string, ...any)) {
	if got.status > 0 && got.err == "" {
		wrong("status %d without a message", got.status)
	}
	if got.status > 0 && required(p) && !strings.Contains(got.err, p.Call) {
		wrong("a message that does not name %s", p.Call)
	}
	for line := range strings.Lines(got.err) {
		line = strings.TrimSuffix(line, "\n")
		if len(line) > longestLine {
			wrong("a message of %d bytes", len(line))
		}
		if !strings.HasPrefix(line, r.tool()+": ") && !strings.Contains(got.err, "Sanitizer") {
			wrong("a line on stderr that is not a message: %.60q", line)
		}
		if unclean(line, "") {
			wrong("control characters in a message")
		}
	}
}

func judgeRecords(r *row, got result, wrong func(string, ...any)) {
	for line := range strings.Lines(got.out) {
		line, whole := strings.CutSuffix(line, "\n")
		if !whole {
			wrong("a line on stdout without its end")
		}
		if unclean(line, "\t") {
			wrong("control characters on stdout")
		}
		if strings.HasPrefix(r.tool(), "vs-") && !strings.HasPrefix(r.left, "out:present") && !recordRE.MatchString(line) {
			wrong("not a record: %.60q", line)
		}
	}
}

func unclean(s, but string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool {
		return unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) && !strings.ContainsRune(but, c)
	})
}
