// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	ign "github.com/coreos/ignition/v2/config"
	exp "github.com/coreos/ignition/v2/config/v3_7_experimental"
	"github.com/coreos/ignition/v2/config/v3_7_experimental/types"
	"github.com/vincent-petithory/dataurl"
)

// The newest config version that the lab's Flatcar accepts: that of Ignition
// 2.24, as in the stable channel. The library accepts unreleased versions.
var acceptedSpecs = []string{"3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0"}

var errNoConfig = errors.New("no config in guestinfo")

// userConfig reads what Ignition reads on VMware, with Flatcar's patch:
// Ignition's keys, then those of CoreOS. The encoding is that of the data.
func userConfig(extra map[string]string) (raw []byte, encoding string, err error) {
	for _, base := range []string{"guestinfo.ignition.config.data", "guestinfo.coreos.config.data"} {
		data := extra[base]
		if data == "" {
			continue
		}
		encoding = extra[base+".encoding"]
		raw, err = decodeConfig(data, encoding)
		if err != nil {
			err = fmt.Errorf("%s: %w", base, err)
		}
		return raw, encoding, err
	}
	if extra["guestinfo.ignition.config.url"] != "" || extra["guestinfo.coreos.config.url"] != "" {
		return nil, "", errors.New("guestinfo.ignition.config.url: cannot be reached from the lab")
	}
	return nil, "", errNoConfig
}

// decodeConfig reverses the encodings of internal/providers/vmware/vmware.go.
func decodeConfig(data, encoding string) ([]byte, error) {
	raw := []byte(data)
	zipped := false
	switch encoding {
	case "":
	case "b64", "base64":
		zipped = false
	case "gz", "gzip", "gz+base64", "gzip+base64", "gz+b64", "gzip+b64":
		zipped = true
	default:
		return nil, fmt.Errorf("unsupported encoding %q", encoding)
	}
	if strings.HasSuffix(encoding, "b64") || strings.HasSuffix(encoding, "base64") {
		var err error
		if raw, err = base64.StdEncoding.DecodeString(data); err != nil {
			return nil, errors.New("data is not base64")
		}
	}
	if zipped {
		return gunzip(raw)
	}
	return raw, nil
}

func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("data is not gzip")
	}
	plain, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return nil, errors.New("data is cut short, or not gzip")
	}
	return plain, nil
}

// notForIgnition is true if Flatcar leaves the data to coreos-cloudinit.
func notForIgnition(raw []byte) bool {
	text := bytes.TrimLeft(raw, " \t\r\n")
	return bytes.HasPrefix(text, []byte("#cloud-config")) || bytes.HasPrefix(text, []byte("#!")) ||
		bytes.HasPrefix(text, []byte("Content-Type: multipart/"))
}

// specOf returns the version in a config; "" if it has none.
func specOf(raw []byte) string {
	var head struct {
		Ignition struct{ Version string }
	}
	if json.Unmarshal(raw, &head) != nil {
		return ""
	}
	return head.Ignition.Version
}

// parseConfig parses a config with the real library. The error contains the
// library's message, but no values of the config.
func parseConfig(raw []byte) (types.Config, []string, error) {
	spec := specOf(raw)
	config, report, err := ign.Parse(raw)
	var warnings []string
	for _, entry := range report.Entries {
		if entry.Kind.IsFatal() {
			return config, nil, fmt.Errorf("config is invalid: %s", entry.String())
		}
		warnings = append(warnings, entry.String())
	}
	if err != nil {
		return config, nil, fmt.Errorf("config is invalid: %w", err)
	}
	for _, accepted := range acceptedSpecs {
		if spec == accepted {
			return config, warnings, nil
		}
	}
	return config, nil, fmt.Errorf("config is invalid: version %s is too new for this Flatcar", spec)
}

// A fetcher reads what a config refers to. Nothing leaves this machine:
// resources on other hosts are assumed to exist, with unknown contents.
type fetcher struct {
	ctx context.Context
	cas *x509.CertPool
}

// A content is the contents of a resource; remote is its URL if they are
// unknown.
type content struct {
	data   []byte
	remote string
}

func (f *fetcher) get(r types.Resource) (content, error) {
	if r.Source == nil || *r.Source == "" {
		return content{}, nil
	}
	where, err := url.Parse(*r.Source)
	if err != nil {
		return content{}, errors.New("source is not a URL")
	}
	var data []byte
	switch where.Scheme {
	case "data":
		u, err := dataurl.DecodeString(*r.Source)
		if err != nil {
			return content{}, errors.New("source is not a valid data URL")
		}
		data = u.Data
	case "http", "https":
		if !loopback(where.Hostname()) {
			return content{remote: *r.Source}, nil
		}
		if data, err = f.fetch(where, r.HTTPHeaders); err != nil {
			return content{}, err
		}
	default:
		return content{remote: *r.Source}, nil
	}
	if err := verify(data, r.Verification.Hash); err != nil {
		return content{}, err
	}
	if r.Compression != nil && *r.Compression == "gzip" {
		if data, err = gunzip(data); err != nil {
			return content{}, err
		}
	}
	return content{data: data}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

func (f *fetcher) fetch(where *url.URL, headers types.HTTPHeaders) ([]byte, error) {
	ctx, cancel := context.WithTimeout(f.ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, where.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "Ignition/2.24.0")
	for _, header := range headers {
		if header.Value != nil {
			r.Header.Set(header.Name, *header.Value)
		}
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: f.cas}}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", where.Redacted(), resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, 1<<30))
}

func verify(data []byte, hash *string) error {
	if hash == nil {
		return nil
	}
	kind, want, _ := strings.Cut(*hash, "-")
	var have string
	switch kind {
	case "sha512":
		sum := sha512.Sum512(data)
		have = hex.EncodeToString(sum[:])
	case "sha256":
		sum := sha256.Sum256(data)
		have = hex.EncodeToString(sum[:])
	}
	if have != want {
		return fmt.Errorf("hash verification failed: %s", kind)
	}
	return nil
}

// whole applies replace and merge, as the fetch stage does.
func (f *fetcher) whole(config types.Config, depth int) (types.Config, error) {
	if depth > 10 {
		return config, errors.New("config: nested too deep")
	}
	for _, resource := range config.Ignition.Security.TLS.CertificateAuthorities {
		ca, err := f.get(resource)
		if err != nil {
			return config, fmt.Errorf("certificate authority: %w", err)
		}
		if f.cas == nil {
			f.cas = x509.NewCertPool()
		}
		f.cas.AppendCertsFromPEM(ca.data)
	}
	if source := config.Ignition.Config.Replace; source.Source != nil && *source.Source != "" {
		return f.other(source, depth)
	}
	merged := config
	for _, source := range config.Ignition.Config.Merge {
		other, err := f.other(source, depth)
		if err != nil {
			return config, err
		}
		merged = exp.Merge(merged, other)
	}
	return merged, nil
}

func (f *fetcher) other(source types.Resource, depth int) (types.Config, error) {
	got, err := f.get(source)
	if err == nil && got.remote != "" {
		err = errors.New("it is on another host, which the lab does not reach")
	}
	if err != nil {
		return types.Config{}, fmt.Errorf("referenced config: %w", err)
	}
	config, _, err := parseConfig(got.data)
	if err != nil {
		return types.Config{}, fmt.Errorf("referenced config: %w", err)
	}
	return f.whole(config, depth+1)
}
