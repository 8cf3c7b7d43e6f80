// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ErrNoSetting means that a setting does not belong to the vCenter.
var ErrNoSetting = errors.New("no such setting")

func setDuration(dst *time.Duration, value string) error {
	d, err := time.ParseDuration(value)
	if err == nil {
		*dst = d
	}
	return err
}

func setInt(dst *int, value string) error {
	n, err := strconv.Atoi(value)
	if err == nil {
		*dst = n
	}
	return err
}

// setYes sets dst to the boolean value, or to its opposite.
func setYes(dst *bool, value string, same bool) error {
	if value != "yes" && value != "no" {
		return fmt.Errorf("'%s' is neither yes nor no", value)
	}
	*dst = (value == "yes") == same
	return nil
}

func (s *Server) cancelable() bool {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	return !s.set.fixedTasks
}

func (s *Server) keepsInstanceUUID() bool {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	return !s.set.newInstance
}

// Hide removes everyone's right to read a property of a type; without arguments
// all can be read again.
func (s *Server) Hide(kind, path string) {
	s.set.mu.Lock()
	if kind == "" {
		s.set.hidden = nil
	} else {
		if s.set.hidden == nil {
			s.set.hidden = map[string]bool{}
		}
		s.set.hidden[kind+" "+path] = true
	}
	s.set.mu.Unlock()
	s.watch.touchAll()
}

// isHidden is true if a path, or what it is a part of, was hidden.
func (s *Server) isHidden(kind, path string) bool {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	for len(s.set.hidden) > 0 {
		if s.set.hidden[kind+" "+path] {
			return true
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return false
		}
		path = path[:i]
	}
	return false
}
