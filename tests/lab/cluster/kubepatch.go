// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func badPatch(format string, args ...any) error {
	return &apiError{http.StatusBadRequest, "BadRequest", fmt.Sprintf(format, args...)}
}

// applyPatch applies a patch of that content type to o.
func applyPatch(kind string, o object, text []byte) (object, error) {
	switch kind {
	case "application/json-patch+json":
		return jsonPatch(o, text)
	case "application/merge-patch+json", "application/strategic-merge-patch+json":
		var patch object
		if err := json.Unmarshal(text, &patch); err != nil {
			return nil, badPatch("error decoding patch: %v", err)
		}
		if kind == "application/merge-patch+json" {
			return mergePatch(o, patch).(object), nil
		}
		return strategic(o, patch)
	}
	return nil, &apiError{http.StatusUnsupportedMediaType, "UnsupportedMediaType",
		"the body of the request was in an unknown format - accepted media types include: " +
			"application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json"}
}

// mergePatch is RFC 7396.
func mergePatch(target, patch any) any {
	p, ok := patch.(object)
	if !ok {
		return patch
	}
	t, ok := target.(object)
	if !ok {
		t = object{}
	}
	for key, value := range p {
		if value == nil {
			delete(t, key)
		} else {
			t[key] = mergePatch(t[key], value)
		}
	}
	return t
}

// The lists of a Node that a strategic merge joins, with the merge key of their
// items ("" for plain values). Every other list, taints included, is replaced as
// a whole (k8s.io/api/core/v1, patchStrategy).
var mergeKeys = map[string]string{
	"conditions": "type", "addresses": "type", "ownerReferences": "uid", "finalizers": "", "podCIDRs": "",
}

func strategic(target, patch object) (object, error) {
	switch patch["$patch"] {
	case nil, "merge":
	case "replace":
		whole := clone(patch)
		delete(whole, "$patch")
		return whole, nil
	case "delete":
		return object{}, nil
	default:
		return nil, badPatch("unknown patch directive %v", patch["$patch"])
	}
	if target == nil {
		target = object{}
	}
	for key, value := range patch {
		if key == "$patch" || key == "$retainKeys" || strings.HasPrefix(key, "$setElementOrder/") {
			continue
		}
		if field, ok := strings.CutPrefix(key, "$deleteFromPrimitiveList/"); ok {
			gone := list(value)
			target[field] = slices.DeleteFunc(slices.Clone(list(target[field])), func(v any) bool { return holds(gone, v) })
			continue
		}
		mergeKey, merged := mergeKeys[key]
		var err error
		switch v := value.(type) {
		case nil:
			delete(target, key)
		case object:
			inner, _ := target[key].(object)
			target[key], err = strategic(inner, v)
		case []any:
			if merged {
				target[key], err = mergeList(list(target[key]), v, mergeKey)
			} else {
				target[key] = v
			}
		default:
			target[key] = v
		}
		if err != nil {
			return nil, err
		}
	}
	if keep, ok := patch["$retainKeys"].([]any); ok {
		for key := range target {
			if !holds(keep, key) {
				delete(target, key)
			}
		}
	}
	return target, nil
}

// holds compares JSON values: items may be of any type.
func holds(items []any, item any) bool {
	return slices.ContainsFunc(items, func(v any) bool { return reflect.DeepEqual(v, item) })
}

func mergeList(have, add []any, key string) ([]any, error) {
	have = slices.Clone(have)
	for _, item := range add {
		if key == "" {
			if !holds(have, item) {
				have = append(have, item)
			}
			continue
		}
		patch, ok := item.(object)
		if directive, _ := patch["$patch"].(string); ok && directive == "replace" && patch[key] == nil {
			have = nil
			continue
		}
		if !ok || patch[key] == nil {
			return nil, badPatch("map: %v does not contain declared merge key: %s", item, key)
		}
		at := slices.IndexFunc(have, func(v any) bool { o, _ := v.(object); return o[key] == patch[key] })
		if patch["$patch"] == "delete" {
			if at >= 0 {
				have = slices.Delete(have, at, at+1)
			}
			continue
		}
		if at < 0 {
			have = append(have, patch)
			continue
		}
		merged, err := strategic(have[at].(object), patch)
		if err != nil {
			return nil, err
		}
		have[at] = merged
	}
	return have, nil
}

// jsonPatch is RFC 6902.
func jsonPatch(o object, text []byte) (object, error) {
	var steps []struct {
		Op, Path, From string
		Value          any
	}
	if err := json.Unmarshal(text, &steps); err != nil {
		return nil, badPatch("error decoding patch: %v", err)
	}
	var doc any = o
	for _, step := range steps {
		var err error
		value := step.Value
		switch step.Op {
		case "add", "replace", "remove":
		case "test":
			have, ok := pointerGet(doc, step.Path)
			if !ok || !reflect.DeepEqual(have, value) {
				return nil, &apiError{http.StatusUnprocessableEntity, "Invalid", "the server rejected our request due to an error in our request: testing path " + step.Path}
			}
			continue
		case "copy", "move":
			have, ok := pointerGet(doc, step.From)
			if !ok {
				return nil, badPatch("%s: no such path %s", step.Op, step.From)
			}
			value = clone(object{"v": have})["v"]
			if step.Op == "move" {
				if doc, err = pointerSet(doc, step.From, "remove", nil); err != nil {
					return nil, err
				}
			}
		default:
			return nil, badPatch("unexpected kind: %s", step.Op)
		}
		op := step.Op
		if op == "copy" || op == "move" {
			op = "add"
		}
		if doc, err = pointerSet(doc, step.Path, op, value); err != nil {
			return nil, err
		}
	}
	whole, ok := doc.(object)
	if !ok {
		return nil, badPatch("the patch leaves no object")
	}
	return whole, nil
}

func pointerParts(path string) []string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
	}
	return parts[1:]
}

func pointerGet(doc any, path string) (any, bool) {
	if path == "" {
		return doc, true
	}
	for _, part := range pointerParts(path) {
		switch v := doc.(type) {
		case object:
			inner, ok := v[part]
			if !ok {
				return nil, false
			}
			doc = inner
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			doc = v[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// pointerSet does one add, replace or remove, and returns the changed document.
func pointerSet(doc any, path, op string, value any) (any, error) {
	if path == "" {
		return value, nil
	}
	if !strings.HasPrefix(path, "/") {
		return nil, badPatch("%s operation: bad path %q", op, path)
	}
	return setAt(doc, pointerParts(path), path, op, value)
}

func setAt(doc any, parts []string, path, op string, value any) (any, error) {
	missing := &apiError{http.StatusUnprocessableEntity, "Invalid",
		fmt.Sprintf("the server rejected our request due to an error in our request: %s operation does not apply: doc is missing path: %s", op, path)}
	part, last := parts[0], len(parts) == 1
	switch v := doc.(type) {
	case object:
		inner, there := v[part]
		if !there && (op != "add" || !last) {
			return nil, missing
		}
		if last {
			if op == "remove" {
				delete(v, part)
			} else {
				v[part] = value
			}
			return v, nil
		}
		changed, err := setAt(inner, parts[1:], path, op, value)
		if err == nil {
			v[part] = changed
		}
		return v, err
	case []any:
		i, err := strconv.Atoi(part)
		if part == "-" && op == "add" && last {
			return append(v, value), nil
		}
		if err != nil || i < 0 || i > len(v) || (i == len(v) && (op != "add" || !last)) {
			return nil, missing
		}
		if last {
			switch op {
			case "add":
				return slices.Insert(v, i, value), nil
			case "remove":
				return slices.Delete(v, i, i+1), nil
			}
			v[i] = value
			return v, nil
		}
		changed, err := setAt(v[i], parts[1:], path, op, value)
		if err == nil {
			v[i] = changed
		}
		return v, err
	}
	return nil, missing
}
