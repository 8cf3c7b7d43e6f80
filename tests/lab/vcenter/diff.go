// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"maps"
	"sort"

	"github.com/vmware/govmomi/vim25/types"
)

// diff compares what a filter selects now with what was sent.
type diff struct {
	s    *Server
	f    *filter
	r    *reading
	now  int64
	left int // object updates that still fit
	more bool

	out  bytes.Buffer
	old  map[types.ManagedObjectReference]*known
	sent map[types.ManagedObjectReference]*known
}

func (d *diff) run() types.BaseMethodFault {
	refs, fault := d.r.objects(d.f.spec.ObjectSet, true)
	if fault != nil {
		return fault
	}
	d.old, d.sent = d.f.sent, maps.Clone(d.f.sent)
	here := make(map[types.ManagedObjectReference]bool, len(refs))
	for _, ref := range refs {
		here[ref] = true
		was := d.old[ref]
		if was != nil && d.quiet(ref, was) {
			continue
		}
		paths, fault := d.r.pathsFor(ref, d.f.spec.PropSet)
		if fault != nil {
			return fault
		}
		c := d.r.read(ref, paths)
		if c == nil {
			here[ref] = false
			continue
		}
		d.object(c, was)
	}
	d.leaves(here)
	return nil
}

// quiet is true if an object has not changed since it was read. An object of the
// session is always read.
func (d *diff) quiet(ref types.ManagedObjectReference, was *known) bool {
	return d.r.sess.get(ref) == nil && ref.Type != "SessionManager" &&
		d.s.watch.lastChange(ref) <= was.at
}

func (d *diff) object(c *content, was *known) {
	is := &known{at: d.now, vals: make(map[string]string, len(c.props))}
	var changes bytes.Buffer
	for _, p := range c.props {
		is.vals[p.path] = p.val
		if was == nil || was.vals[p.path] != p.val {
			writeChange(&changes, p.path, p.val)
		}
	}
	if was != nil {
		for path := range was.vals {
			if _, still := is.vals[path]; !still {
				writeChange(&changes, path, "")
			}
		}
		if changes.Len() == 0 {
			d.sent[c.obj] = is
			return
		}
	}
	if d.left == 0 {
		d.more = true
		return
	}
	kind := "modify"
	if was == nil {
		kind = "enter"
	}
	c.writeMissing(&changes)
	d.write(kind, c.obj, changes.Bytes())
	d.sent[c.obj] = is
}

func writeChange(b *bytes.Buffer, path, val string) {
	b.WriteString("<changeSet>")
	writeText(b, "name", path)
	b.WriteString("<op>assign</op>")
	b.WriteString(val)
	b.WriteString("</changeSet>")
}

func (d *diff) write(kind string, ref types.ManagedObjectReference, changes []byte) {
	d.left--
	d.out.WriteString("<objectSet>")
	writeText(&d.out, "kind", kind)
	writeRef(&d.out, "obj", ref)
	d.out.Write(changes)
	d.out.WriteString("</objectSet>")
}

// leaves reports what was destroyed or removed from the view.
func (d *diff) leaves(here map[types.ManagedObjectReference]bool) {
	var gone []types.ManagedObjectReference
	for ref := range d.old {
		if !here[ref] {
			gone = append(gone, ref)
		}
	}
	sort.Slice(gone, func(i, j int) bool { return gone[i].Value < gone[j].Value })
	for _, ref := range gone {
		if d.left == 0 {
			d.more = true
			return
		}
		d.write("leave", ref, nil)
		delete(d.sent, ref)
	}
}
