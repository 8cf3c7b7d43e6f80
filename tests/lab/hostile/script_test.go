// SPDX-License-Identifier: Apache-2.0

package hostile

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func ask(t *testing.T, words ...string) (*Script, string) {
	t.Helper()
	s, err := Parse(words)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Send(w, r, Call{Soap: "Do", Type: "text/xml", Own: func() (int, http.Header, []byte) {
			return 500, http.Header{"X-Own": {"yes"}}, []byte("<version>7</version>")
		}})
	}))
	t.Cleanup(srv.Close)
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: lab\r\n\r\n")
	half, err := io.ReadAll(bufio.NewReader(io.LimitReader(conn, 4<<10)))
	if err != nil && !strings.Contains(err.Error(), "timeout") {
		t.Log(err)
	}
	return s, string(half)
}

func TestScripts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("of a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		words []string
		want  []string
	}{
		{[]string{"close", "text=whole"}, []string{"HTTP/1.1 200 OK\r\n", "Content-Type: text/xml\r\n", "Connection: close\r\n", "\r\n\r\nwhole"}},
		{[]string{"status=503", "header=Retry-After: 9", "header=Content-Type: text/plain", "close"},
			[]string{"HTTP/1.1 503 ", "Retry-After: 9\r\n", "Content-Type: text/plain\r\n"}},
		{[]string{"close", "headers=2", "file=" + file}, []string{"X-Lab-00000001: xxx", "\r\n\r\nof a file"}},
		{[]string{"continue=2", "close", "text=end"}, []string{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200", "end"}},
		{[]string{"close", "repeat=3:<a{n}/>"}, []string{"<a0/><a1/><a2/>"}},
		{[]string{"close", "soap", "/soap"}, []string{"<DoResponse xmlns=\"urn:vim25\"></DoResponse></soapenv:Body>"}},
		{[]string{"close", "replace=<v[^>]*>=><w>", "own"}, []string{"HTTP/1.1 500 ", "X-Own: yes", "<w>7</version>"}},
		{[]string{"length=99", "text=part", "cut"}, []string{"Content-Length: 99\r\n", "\r\n\r\npart"}},
		{[]string{"pace=1ms", "repeat=*:y"}, []string{"chunked", "1\r\ny\r\n1\r\ny\r\n"}},
		{[]string{"gzip", "close", "repeat=100:zzzz"}, []string{"Content-Encoding: gzip\r\n"}},
	} {
		_, got := ask(t, tc.words...)
		for _, want := range tc.want {
			if !strings.Contains(got, want) {
				t.Errorf("%q: %q is not in %q", tc.words, want, got)
			}
		}
	}
}

func TestWhatWasSent(t *testing.T) {
	s, _ := ask(t, "gzip", "close", "repeat=64K:0123456789abcdef")
	var body, wire int
	for range 100 { // the client is served before the handler ends
		if _, err := fmt.Sscanf(s.String(), "body=%d wire=%d", &body, &wire); err != nil {
			t.Fatal(err)
		}
		if body == 1<<20 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if body != 1<<20 || wire == 0 || wire > body/10 {
		t.Error(s)
	}
}

func TestClientHasGone(t *testing.T) {
	s, err := Parse([]string{"repeat=*:0123456789abcdef"})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan bool)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Send(w, r, Call{})
		close(ended)
	}))
	defer srv.Close()
	res, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("an endless script continues without its client")
	}
}

func TestWrongScripts(t *testing.T) {
	for _, words := range [][]string{{}, {"nosuch"}, {"status"}, {"own=1"}, {"status=x"}, {"repeat=3"}, {"repeat=x:y"},
		{"pace=3"}, {"replace=x"}, {"replace=(=>x"}, {"file=/nonexistent"}, {"headers=-1"}} {
		if _, err := Parse(words); err == nil {
			t.Errorf("%q was accepted", words)
		}
	}
}
