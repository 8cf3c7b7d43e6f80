// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"
	"time"
)

// The vectors of k3s pkg/clientaccess/token_test.go.
func TestParseToken(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	for text, want := range map[string]struct {
		token token
		err   string
	}{
		"":                       {err: "must not be empty"},
		"K10::":                  {err: "invalid token format"},
		"K10::x":                 {err: "invalid token format"},
		"K10::x:":                {err: "invalid token format"},
		"K10XX::x:y":             {err: "invalid token CA hash length"},
		"K10" + hash + ":::pw":   {token: token{hash: hash, password: "pw"}},
		"K10" + hash + "::u:p:q": {token: token{hash: hash, user: "u", password: "p:q"}},
		"K10x:y":                 {token: token{user: "x", password: "y"}},
		"short":                  {token: token{password: "short"}},
		"abcdef.0123456789abcdef": {
			token: token{bootstrap: "abcdef.0123456789abcdef"}},
		"K10" + hash + "::abcdef.0123456789abcdef": {
			token: token{hash: hash, bootstrap: "abcdef.0123456789abcdef"}},
		"abcdeF.0123456789abcdef": {token: token{password: "abcdeF.0123456789abcdef"}},
	} {
		got, err := parseToken(text)
		switch {
		case want.err != "":
			if err == nil || !strings.Contains(err.Error(), want.err) {
				t.Errorf("%q: error %v, not %q", text, err, want.err)
			}
		case err != nil:
			t.Errorf("%q: %v", text, err)
		case *got != want.token:
			t.Errorf("%q: %+v", text, *got)
		}
	}
}

// certificate creates one that is signed by parent; by itself if parent is nil.
func certificate(t *testing.T, name string, parent *authority, until time.Time) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	signer, signKey := template, key
	if parent != nil {
		signer, signKey = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer, key.Public(), signKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert: cert, key: key, pem: pemCert(der)}
}

func TestHashCA(t *testing.T) {
	later, over := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	root := certificate(t, "root", nil, later)
	middle := certificate(t, "middle", root, later)
	leaf := certificate(t, "leaf", middle, later)
	stale := certificate(t, "stale", root, over)
	underStale := certificate(t, "leaf", stale, later)
	join := func(parts ...[]byte) []byte {
		var all []byte
		for _, part := range parts {
			all = append(all, part...)
		}
		return all
	}
	withHeader := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Headers: map[string]string{"a": "b"}, Bytes: root.cert.Raw})
	raw := func(b []byte) string { sum := sha256.Sum256(b); return hex.EncodeToString(sum[:]) }
	bare := []byte(strings.TrimSuffix(string(root.pem), "\n"))
	noted := join([]byte("# a note\n"), root.pem)
	chain := join(leaf.pem, middle.pem, root.pem)
	broken := join(underStale.pem, stale.pem, root.pem)
	for name, test := range map[string]struct {
		bundle []byte
		want   string
	}{
		"one certificate":        {root.pem, raw(root.pem)},
		"without last newline":   {bare, raw(bare)},
		"with a note":            {noted, raw(noted)},
		"chain to a root":        {chain, raw(root.cert.Raw)},
		"expired intermediate":   {broken, raw(broken)},
		"incomplete chain":       {join(leaf.pem, middle.pem), raw(join(leaf.pem, middle.pem))},
		"block with a header":    {join(withHeader, root.pem), raw(join(withHeader, root.pem))},
		"nothing":                {nil, ""},
		"no certificate in it":   {[]byte("hello"), ""},
		"certificate is garbage": {pemCert([]byte("x")), ""},
	} {
		got, err := hashCA(test.bundle)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q (%v), not %q", name, got, err, test.want)
		}
	}
}
