// SPDX-License-Identifier: Apache-2.0

package hostile

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A Call is what a script answers.
type Call struct {
	Soap string                            // the method, for soap and /soap; may be empty
	Type string                            // Content-Type, if no header says otherwise
	Own  func() (int, http.Header, []byte) // carries it out
}

const (
	soapHead = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body><%sResponse xmlns="urn:vim25">`
	soapTail = "</%sResponse></soapenv:Body></soapenv:Envelope>\n"
)

// A sender carries out one script for one request.
type sender struct {
	s      *Script
	call   Call
	w      http.ResponseWriter
	ctx    context.Context
	flush  func() error
	status int
	zip    bool
	pace   time.Duration
	sub    []word
	z      *gzip.Writer
	buf    *bufio.Writer // nil until the body begins
}

// Send carries out the script. It returns when all is sent or the client has gone.
func (s *Script) Send(w http.ResponseWriter, r *http.Request, call Call) {
	x := &sender{s: s, call: call, w: w, ctx: r.Context(), status: http.StatusOK,
		flush: http.NewResponseController(w).Flush}
	for _, word := range s.words {
		if err := x.do(word); err != nil {
			return
		}
	}
	x.begin()
	_ = x.end()
}

func (x *sender) do(w word) error {
	h := x.w.Header()
	switch w.key {
	case "status":
		x.status = int(w.n)
	case "header":
		name, value, _ := strings.Cut(w.text, ":")
		h.Add(name, strings.TrimSpace(value))
	case "headers":
		for i := range w.n {
			h.Set(fmt.Sprintf("X-Lab-%08d", i), strings.Repeat("x", 100-len("X-Lab-00000000: \r\n")))
		}
	case "gzip":
		x.zip = true
	case "close":
		h.Set("Transfer-Encoding", "identity") // net/http's word for it
	case "length":
		h.Set("Content-Length", strconv.FormatInt(w.n, 10))
	case "pace":
		x.pace = w.d
	case "replace":
		x.sub = append(x.sub, w)
	case "pause":
		_ = x.push()
		return x.wait(w.d)
	case "hold":
		_ = x.push()
		<-x.ctx.Done()
		return x.ctx.Err()
	case "cut":
		_ = x.push()
		panic(http.ErrAbortHandler)
	case "continue":
		return x.times(w.n, func(int64) error {
			x.w.WriteHeader(http.StatusContinue)
			return x.ctx.Err()
		})
	default:
		return x.part(w)
	}
	return nil
}

// part sends a part of the body.
func (x *sender) part(w word) error {
	if w.key == "own" {
		status, header, body := x.call.Own()
		for name, values := range header {
			x.w.Header()[name] = values
		}
		if x.buf == nil && status != http.StatusOK {
			x.status = status
		}
		for _, sub := range x.sub {
			body = sub.re.ReplaceAll(body, []byte(sub.text))
		}
		w.text = string(body)
	}
	x.begin()
	switch w.key {
	case "soap":
		w.text = fmt.Sprintf(soapHead, x.call.Soap)
	case "/soap":
		w.text = fmt.Sprintf(soapTail, x.call.Soap)
	case "repeat":
		counts := strings.Contains(w.text, "{n}")
		return x.times(w.n, func(i int64) error {
			text := w.text
			if counts {
				text = strings.ReplaceAll(text, "{n}", strconv.FormatInt(i, 10))
			}
			return x.write(text)
		})
	}
	return x.write(w.text)
}

// times repeats something n times, at the script's pace.
func (x *sender) times(n int64, do func(int64) error) error {
	for i := int64(0); n == Endless || i < n; i++ {
		if err := do(i); err != nil {
			return err
		}
		if x.pace > 0 {
			if err := errors.Join(x.push(), x.wait(x.pace)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *sender) wait(d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-x.ctx.Done():
		return x.ctx.Err()
	}
}

// begin sends the status line and the headers, unless it has done so.
func (x *sender) begin() {
	if x.buf != nil {
		return
	}
	var out io.Writer = &counter{w: x.w, n: &x.s.wire}
	if x.zip {
		x.w.Header().Set("Content-Encoding", "gzip")
		x.z, _ = gzip.NewWriterLevel(out, gzip.BestSpeed)
		out = x.z
	}
	if h := x.w.Header(); h.Get("Content-Type") == "" {
		h.Set("Content-Type", x.call.Type)
	}
	x.w.WriteHeader(x.status)
	x.buf = bufio.NewWriterSize(&counter{w: out, n: &x.s.body}, 32<<10)
}

func (x *sender) write(text string) error {
	_, err := x.buf.WriteString(text)
	return err
}

// push sends what was written so far.
func (x *sender) push() error {
	if x.buf == nil {
		return nil
	}
	err := x.buf.Flush()
	if x.z != nil {
		err = errors.Join(err, x.z.Flush())
	}
	return errors.Join(err, x.flush())
}

func (x *sender) end() error {
	err := x.buf.Flush()
	if x.z != nil {
		err = errors.Join(err, x.z.Close())
	}
	return err
}

type counter struct {
	w io.Writer
	n *atomic.Int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n.Add(int64(n))
	return n, err
}
