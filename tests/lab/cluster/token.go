// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A token is what an agent joins with (k3s pkg/clientaccess/token.go).
type token struct {
	hash      string // of the CA bundle; "": none
	user      string
	password  string
	bootstrap string // id.secret, instead of user and password
}

var bootstrapForm = regexp.MustCompile(`\A[a-z0-9]{6}\.[a-z0-9]{16}\z`)

// parseToken parses a token as an agent does. Its errors never contain the
// token.
func parseToken(s string) (*token, error) {
	if s == "" {
		return nil, errors.New("token must not be empty")
	}
	if !strings.HasPrefix(s, "K10") {
		if bootstrapForm.MatchString(s) {
			s = "K10::" + s
		} else {
			s = "K10:::" + s
		}
	}
	rest := strings.TrimPrefix(s, "K10")
	t := &token{}
	if hash, creds, ok := strings.Cut(rest, "::"); ok {
		if len(hash) != 0 && len(hash) != sha256.Size*2 {
			return nil, errors.New("invalid token CA hash length")
		}
		t.hash, rest = hash, creds
	}
	if bootstrapForm.MatchString(rest) {
		t.bootstrap = rest
		return t, nil
	}
	user, password, ok := strings.Cut(rest, ":")
	if !ok || password == "" {
		return nil, errors.New("invalid token format")
	}
	t.user, t.password = user, password
	return t, nil
}

// kind returns whose token it is, and nothing of its value.
func (t *token) kind() string {
	switch {
	case t.bootstrap != "":
		return "bootstrap"
	case t.user == "":
		return "none"
	}
	return t.user
}

// hashCA is the digest of a CA bundle in a token: of the raw bytes for one
// certificate, of the root's DER for a chain that verifies.
func hashCA(bundle []byte) (string, error) {
	var certs []*x509.Certificate
	for rest := bundle; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" || len(block.Headers) != 0 {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return "", err
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return "", errors.New("data does not contain any valid RSA or ECDSA certificates")
	}
	digest := sha256.Sum256(bundle)
	if len(certs) > 1 {
		roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
		for _, cert := range certs[1:] {
			if len(cert.AuthorityKeyId) == 0 || bytes.Equal(cert.AuthorityKeyId, cert.SubjectKeyId) {
				roots.AddCert(cert)
			} else {
				intermediates.AddCert(cert)
			}
		}
		chains, err := certs[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates})
		if err == nil {
			chain := chains[0]
			digest = sha256.Sum256(chain[len(chain)-1].Raw)
		}
	}
	return hex.EncodeToString(digest[:]), nil
}

// random returns n characters of the alphabet of bootstrap tokens.
func random(n int) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err) // as in serial
	}
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

func randomHex(n int) string {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err)
	}
	return hex.EncodeToString(b)
}

// uuid returns a random UUID, version 4.
func uuid() string {
	b := []byte(randomHex(16))
	b[12] = '4'
	b[16] = "89ab"[b[16]&3]
	return fmt.Sprintf("%s-%s-%s-%s-%s", b[:8], b[8:12], b[12:16], b[16:20], b[20:])
}
