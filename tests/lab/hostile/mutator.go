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
	mu      sync.Mutex
	running bool
	target  *Point
	nth     int // answers so far that have the target's path
	hit     bool
	all     []answer // if there is no target
}

type answer struct {
	call string
	body []byte
}

// Begin starts a run: with a point to change, or nil to collect them.
func (m *Mutator) Begin(target *Point) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running, m.target, m.nth, m.hit, m.all = true, target, 0, false, nil
}

// End ends it: the points, and whether the answer was changed.
func (m *Mutator) End() (points []Point, hit bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running = false
	defer func() { m.all = nil }()
	seen := map[Point]int{}
	for _, a := range m.all {
		for _, p := range piecesOf(a.body) {
			point := Point{Call: a.call, Path: p.path}
			seen[point]++
			point.Nth = seen[point]
			for _, point.Kind = range Kinds {
				if point.Kind == "long" || p.change(a.body, point.Kind) != nil {
					points = append(points, point)
				}
			}
		}
	}
	return points, m.hit
}

// Change sees an answer, and returns what is sent in its place.
func (m *Mutator) Change(call string, body []byte) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case !m.running:
	case m.target == nil:
		m.all = append(m.all, answer{call, append([]byte(nil), body...)})
	case m.target.Call == call && !m.hit:
		return m.aim(body)
	}
	return body
}

// aim changes the target, if this is the answer.
func (m *Mutator) aim(body []byte) []byte {
	for _, p := range piecesOf(body) {
		if p.path != m.target.Path {
			continue
		}
		if m.nth++; m.nth == m.target.Nth {
			if changed := p.change(body, m.target.Kind); changed != nil {
				m.hit = true
				return changed
			}
		}
	}
	return body
}
