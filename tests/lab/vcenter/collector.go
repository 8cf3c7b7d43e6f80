// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

// collector is a PropertyCollector of one session. It remembers what it has sent
// for each filter; an update is the difference to that.
type collector struct {
	ref types.ManagedObjectReference

	mu        sync.Mutex
	filters   []*filter
	version   int  // of the last response
	truncated bool // the last response was incomplete
	initial   bool // the next response is a full state
	rewind    bool // the version before the last may be used again
	cancel    context.CancelFunc
	waits     bool // a call waits for changes
	gone      bool
}

// filter is a PropertyFilter.
type filter struct {
	ref     types.ManagedObjectReference
	of      *collector
	spec    types.PropertyFilterSpec
	sent    map[types.ManagedObjectReference]*known
	before  map[types.ManagedObjectReference]*known // as of the version before the last
	version string                                  // of the API, as the client stated it
}

// known is an object as the client has seen it.
type known struct {
	at   int64 // the watcher's count when it was read
	vals map[string]string
}

func (pc *collector) filterRefs() []types.ManagedObjectReference {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	var refs []types.ManagedObjectReference
	for _, f := range pc.filters {
		refs = append(refs, f.ref)
	}
	return refs
}

// defaultMaxUpdates is vCenter's page size for object updates.
const defaultMaxUpdates = 100

// collectorOf finds the collector of a call; each session has its own instance
// of the default one.
func (s *Server) collectorOf(c *call) *collector {
	c.sess.mu.Lock()
	defer c.sess.mu.Unlock()
	if pc, ok := c.sess.objects[c.this].(*collector); ok {
		return pc
	}
	if c.this == s.svc.Context.Map.Get(serviceInstance).(contentHolder).ServiceContent().PropertyCollector {
		pc := &collector{ref: c.this}
		c.sess.objects[c.this] = pc
		return pc
	}
	return nil
}

type contentHolder interface{ ServiceContent() types.ServiceContent }

var serviceInstance = types.ManagedObjectReference{Type: "ServiceInstance", Value: "ServiceInstance"}

func (s *Server) createCollector(c *call) (any, types.BaseMethodFault) {
	pc := &collector{ref: c.sess.newRef("PropertyCollector")}
	c.sess.put(pc.ref, pc)
	return &types.CreatePropertyCollectorResponse{Returnval: pc.ref}, nil
}

func (s *Server) destroyCollector(c *call) (any, types.BaseMethodFault) {
	pc, ok := c.sess.get(c.this).(*collector)
	if !ok {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	for _, ref := range pc.filterRefs() {
		c.sess.drop(ref)
	}
	pc.end()
	c.sess.drop(c.this)
	return &types.DestroyPropertyCollectorResponse{}, nil
}

// end wakes the call that waits on the collector.
func (pc *collector) end() {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	pc.gone = true
	if pc.cancel != nil {
		pc.cancel()
	}
}

func (s *Server) createFilter(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.CreateFilter)
	pc := s.collectorOf(c)
	if pc == nil {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	if _, fault := s.reading(c).items([]types.PropertyFilterSpec{req.Spec}); fault != nil {
		return nil, fault
	}
	f := &filter{ref: c.sess.newRef("PropertyFilter"), of: pc, spec: req.Spec,
		sent: map[types.ManagedObjectReference]*known{}, version: c.version}
	c.sess.put(f.ref, f)
	pc.mu.Lock()
	pc.filters = append(pc.filters, f)
	pc.mu.Unlock()
	s.watch.touch(false)
	return &types.CreateFilterResponse{Returnval: f.ref}, nil
}

func (s *Server) destroyFilter(c *call) (any, types.BaseMethodFault) {
	f, ok := c.sess.get(c.this).(*filter)
	if !ok {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	f.of.mu.Lock()
	for i, x := range f.of.filters {
		if x == f {
			f.of.filters = append(append([]*filter(nil), f.of.filters[:i]...), f.of.filters[i+1:]...)
			break
		}
	}
	f.of.mu.Unlock()
	c.sess.drop(c.this)
	return &types.DestroyPropertyFilterResponse{}, nil
}

func (s *Server) cancelWait(c *call) (any, types.BaseMethodFault) {
	if pc := s.collectorOf(c); pc != nil {
		pc.mu.Lock()
		if pc.cancel != nil {
			pc.cancel()
		}
		pc.mu.Unlock()
	}
	return &types.CancelWaitForUpdatesResponse{}, nil
}

// waitForUpdates answers when something has changed, when the time is over, or
// when the session, the collector or the client has gone.
func (s *Server) waitForUpdates(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.WaitForUpdatesEx)
	pc := s.collectorOf(c)
	if pc == nil {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	limit, maxObjects := time.Duration(-1), s.maxUpdates()
	if o := req.Options; o != nil {
		if o.MaxWaitSeconds != nil {
			if *o.MaxWaitSeconds < 0 {
				return nil, &types.InvalidArgument{InvalidProperty: "maxWaitSeconds"}
			}
			limit = time.Duration(*o.MaxWaitSeconds) * time.Second
		}
		if o.MaxObjectUpdates < 0 {
			return nil, &types.InvalidArgument{InvalidProperty: "maxObjectUpdates"}
		}
		if n := int(o.MaxObjectUpdates); n > 0 && n < maxObjects {
			maxObjects = n
		}
	}
	ctx, cancel := pc.take(c)
	defer cancel()
	defer pc.setWaits(false)
	if fault := pc.seek(req.Version); fault != nil {
		return nil, fault
	}
	return s.poll(ctx, c, pc, limit, maxObjects)
}

// take makes this call the one that waits, and cancels an earlier one.
func (pc *collector) take(c *call) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(c.req.Context())
	stop := context.AfterFunc(c.sess.ctx, cancel)
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if pc.cancel != nil {
		pc.cancel()
	}
	pc.cancel = cancel
	return ctx, func() { stop(); cancel() }
}

// seek goes to the version that the client has. A complete one may be used
// again, since its response may have been lost, and is sent again. A truncated
// one is valid once.
func (pc *collector) seek(version string) types.BaseMethodFault {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	switch {
	case version == "":
		for _, f := range pc.filters {
			f.sent, f.before = map[types.ManagedObjectReference]*known{}, nil
		}
		pc.initial, pc.truncated, pc.rewind = true, false, false
	case version == strconv.Itoa(pc.version):
	case pc.rewind && version == strconv.Itoa(pc.version-1):
		for _, f := range pc.filters {
			if f.before != nil { // the filter is older than that version
				f.sent = f.before
			}
		}
		pc.rewind, pc.truncated = false, false
		pc.version--
	default:
		return &types.InvalidCollectorVersion{}
	}
	return nil
}

func (s *Server) maxUpdates() int {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	if s.set.updates > 0 {
		return s.set.updates
	}
	return defaultMaxUpdates
}

func (pc *collector) setWaits(yes bool) {
	pc.mu.Lock()
	pc.waits = yes
	pc.mu.Unlock()
}

func (s *Server) poll(ctx context.Context, c *call, pc *collector, limit time.Duration, maxObjects int) (any, types.BaseMethodFault) {
	var timeout <-chan time.Time
	if limit > 0 {
		t := time.NewTimer(limit)
		defer t.Stop()
		timeout = t.C
	}
	for {
		now, _, wake := s.watch.state()
		out, fault := s.differences(c, pc, now, maxObjects)
		if fault != nil || out != nil {
			return out, fault
		}
		if limit == 0 {
			return rawXML(nil), nil
		}
		pc.setWaits(true)
		select {
		case <-wake:
			select { // changes that belong together come together
			case <-time.After(3 * time.Millisecond):
			case <-ctx.Done():
			}
		case <-timeout:
			return rawXML(nil), nil
		case <-s.ctx.Done():
			return nil, &types.RequestCanceled{}
		case <-ctx.Done():
			if c.sess.ctx.Err() != nil {
				return nil, notAuthenticated(c.this)
			}
			return nil, &types.RequestCanceled{}
		}
	}
}

// differences returns an UpdateSet, or nil if there are none.
func (s *Server) differences(c *call, pc *collector, now int64, maxObjects int) (rawXML, types.BaseMethodFault) {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if pc.gone {
		return nil, &types.ManagedObjectNotFound{Obj: pc.ref}
	}
	left, more, any := maxObjects, false, false
	diffs := make([]*diff, len(pc.filters))
	for i, f := range pc.filters {
		d := &diff{s: s, f: f, r: &reading{s: s, sess: c.sess, version: f.version}, now: now, left: left}
		if fault := d.run(); fault != nil {
			return nil, fault
		}
		diffs[i], left = d, d.left
		more, any = more || d.more, any || d.out.Len() > 0
	}
	if !any && !pc.initial {
		for _, d := range diffs {
			d.f.sent = d.sent // what was read in vain need not be read again
		}
		return nil, nil
	}
	pc.version++
	pc.rewind = !pc.initial && !pc.truncated
	pc.truncated, pc.initial = more, false
	var b bytes.Buffer
	b.WriteString("<returnval>")
	writeText(&b, "version", strconv.Itoa(pc.version))
	for _, d := range diffs {
		d.f.before, d.f.sent = d.old, d.sent
		if d.out.Len() > 0 {
			b.WriteString("<filterSet>")
			writeRef(&b, "filter", d.f.ref)
			b.Write(d.out.Bytes())
			b.WriteString("</filterSet>")
		}
	}
	if more {
		b.WriteString("<truncated>true</truncated>")
	}
	b.WriteString("</returnval>")
	return b.Bytes(), nil
}
