// SPDX-License-Identifier: Apache-2.0

package hostile

import (
	"fmt"
	"sync"
)

// A Point is one change of one answer: of the Nth answer to this call that has a piece at
// this path.
type Point struct {
	Call, Path, Kind string
	Nth              int
}

func (p Point) String() string { return fmt.Sprintf("%s#%d %s %s", p.Call, p.Nth, p.Path, p.Kind) }

// A Mutator sees all answers of a server. It collects the points of a run, or changes the
// one answer that it is told to change.
type Mutator struct {
	mu     sync.Mutex
	seen   map[string]int // answers so far that have a piece: by call and path
	points []Point
	target *Point
	hit    bool
}

// Begin starts a run: with a point to change, or nil to collect them.
func (m *Mutator) Begin(target *Point) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen, m.points, m.target, m.hit = map[string]int{}, nil, target, false
}

// End ends it: the points, and whether the answer was changed.
func (m *Mutator) End() ([]Point, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	points, hit := m.points, m.hit
	m.seen, m.points, m.target = nil, nil, nil
	return points, hit
}

// Change sees an answer, and returns what is sent in its place.
func (m *Mutator) Change(call string, body []byte) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil || m.target != nil && (m.hit || m.target.Call != call) {
		return body
	}
	for _, p := range piecesOf(body) {
		if m.target != nil && m.target.Path != p.path {
			continue
		}
		key := call + " " + p.path
		m.seen[key]++
		if m.target == nil {
			m.collect(Point{Call: call, Path: p.path, Nth: m.seen[key]}, p, body)
		} else if m.target.Nth == m.seen[key] {
			if changed := p.change(body, m.target.Kind); changed != nil {
				m.hit = true
				return changed
			}
		}
	}
	return body
}

func (m *Mutator) collect(point Point, p piece, body []byte) {
	for _, point.Kind = range Kinds {
		if p.change(body, point.Kind) != nil {
			m.points = append(m.points, point)
		}
	}
}
