// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/vincent-petithory/dataurl"
	"gopkg.in/yaml.v3"
)

// A config with each data URL decoded.  Whether the program compressed one by its own
// choice (compression is "" or "gzip") is kept, not how.
func decoded(config []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(config))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return unpack(v), nil
}

func unpack(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = unpack(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = unpack(v[k])
		}
		source, ok := v["source"].(string)
		if !ok || !strings.HasPrefix(source, "data:") {
			return v
		}
		data, err := dataurl.DecodeString(source)
		if err != nil {
			return v
		}
		content := data.Data
		if packing, ok := v["compression"].(string); ok && (packing == "" || packing == "gzip") {
			if packing == "gzip" {
				if plain, err := gunzip(content); err == nil {
					content, packing = plain, ""
				}
			}
			v["compression"] = packing
		}
		v["source"] = "data " + base64.StdEncoding.EncodeToString(content)
	}
	return v
}

func gunzip(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// differs returns a path at which two configs differ, or "".
func differs(a, b any, at string) (string, string) {
	if am, ok := a.(map[string]any); ok {
		bm, ok := b.(map[string]any)
		if !ok {
			return at, "of another type"
		}
		for _, k := range sortedKeys(am) {
			if _, ok := bm[k]; !ok {
				return at + "." + k, "only Butane has it"
			}
			if where, what := differs(am[k], bm[k], at+"."+k); what != "" {
				return where, what
			}
		}
		for _, k := range sortedKeys(bm) {
			if _, ok := am[k]; !ok {
				return at + "." + k, "only ign-gen has it"
			}
		}
		return "", ""
	}
	if al, ok := a.([]any); ok {
		bl, ok := b.([]any)
		if !ok || len(al) != len(bl) {
			return at, "another number of items"
		}
		for i := range al {
			if where, what := differs(al[i], bl[i], fmt.Sprintf("%s.%d", at, i)); what != "" {
				return where, what
			}
		}
		return "", ""
	}
	if !reflect.DeepEqual(a, b) {
		return at, "another value"
	}
	return "", ""
}

// tooLong finds a data URL of ours that is longer than both the plain and the base64 form
// of its contents.  URLs of the document itself are not checked.
func tooLong(config []byte, given map[string]bool) string {
	var v any
	if json.Unmarshal(config, &v) != nil {
		return ""
	}
	found := ""
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case []any:
			for i := range v {
				walk(v[i], fmt.Sprintf("%s.%d", at, i))
			}
		case map[string]any:
			for k := range v {
				walk(v[k], at+"."+k)
			}
			source, _ := v["source"].(string)
			if packing, _ := v["compression"].(string); longer(source, packing) && !given[source] {
				found = at
			}
		}
	}
	walk(v, "")
	return found
}

func longer(source, packing string) bool {
	data, err := dataurl.DecodeString(source)
	if err != nil {
		return false
	}
	content := data.Data
	if packing == "gzip" {
		if content, err = gunzip(content); err != nil {
			return false // compressed by the document's author
		}
	}
	plain := len("data:,") + len(dataurl.Escape(content))
	b64 := len("data:;base64,") + base64.StdEncoding.EncodedLen(len(content))
	return len(source)+len(packing) > min(plain, b64)
}

// scalarsOf: all strings of a document.
func scalarsOf(text string) map[string]bool {
	all := map[string]bool{}
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return all
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		all[n.Value] = true
		for _, kid := range n.Content {
			walk(kid)
		}
	}
	walk(&doc)
	return all
}
