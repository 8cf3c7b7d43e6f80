// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"bytes"
	"reflect"
	"slices"
	"sort"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

// reading is one evaluation of property filter specs.
type reading struct {
	s       *Server
	sess    *session // nil: not logged in
	version string
	named   map[string]*types.TraversalSpec
	plans   map[planKey][]string // results of pathsFor
}

// content is an object with the requested properties, encoded while the object
// was locked.
type content struct {
	obj     types.ManagedObjectReference
	props   []prop
	missing []types.MissingProperty
}

type prop struct {
	path string
	val  string // the <val> element
}

// object returns the mo struct of an object, as this session sees it.
func (r *reading) object(ref types.ManagedObjectReference) (reflect.Value, bool) {
	m := r.s.svc.Context.Map
	if r.sess != nil {
		switch o := r.sess.get(ref).(type) {
		case *view:
			v := mo.ManagedObjectView{View: r.s.members(r.sess, o)}
			v.Self = ref
			if o.container.Value == "" {
				return reflect.ValueOf(&mo.ListView{ManagedObjectView: v}).Elem(), true
			}
			return reflect.ValueOf(&mo.ContainerView{ManagedObjectView: v, Container: o.container,
				Type: o.kinds, Recursive: o.recursive}).Elem(), true
		case *collector:
			return reflect.ValueOf(&mo.PropertyCollector{Self: ref, Filter: o.filterRefs()}).Elem(), true
		case *filter:
			return reflect.ValueOf(&mo.PropertyFilter{Self: ref, Spec: o.spec}).Elem(), true
		}
	}
	if ref.Type == "SessionManager" {
		return reflect.ValueOf(r.s.sessionManager(r.sess, ref)).Elem(), true
	}
	obj := m.Get(ref)
	if obj == nil && r.sess != nil {
		obj = r.s.within.Registry.Get(ref) // a history collector, for example
	}
	if obj == nil {
		return reflect.Value{}, false
	}
	if o, ok := obj.(interface{ Get() mo.Reference }); ok {
		obj = o.Get()
	}
	return moStruct(obj)
}

// sessionManager shows a session itself and, with all rights, the others.
func (s *Server) sessionManager(sess *session, ref types.ManagedObjectReference) *mo.SessionManager {
	sm := &mo.SessionManager{Self: ref}
	if sess == nil {
		return sm
	}
	own := sess.info()
	sm.CurrentSession = &own
	sm.DefaultLocale, sm.MessageLocaleList = "en", []string{"en"}
	if !sess.readOnly {
		s.sess.mu.Lock()
		defer s.sess.mu.Unlock()
		for _, other := range s.sess.live {
			sm.SessionList = append(sm.SessionList, other.info())
		}
	}
	return sm
}

// objects resolves an objectSet; refs come once and in order.
func (r *reading) objects(set []types.ObjectSpec, lenient bool) ([]types.ManagedObjectReference, types.BaseMethodFault) {
	var out []types.ManagedObjectReference
	r.named = map[string]*types.TraversalSpec{}
	seen := map[types.ManagedObjectReference]bool{}
	add := func(ref types.ManagedObjectReference) {
		if !seen[ref] {
			seen[ref] = true
			out = append(out, ref)
		}
	}
	for _, o := range set {
		if _, ok := r.object(o.Obj); !ok {
			if lenient {
				continue
			}
			return nil, &types.ManagedObjectNotFound{Obj: o.Obj}
		}
		if !isTrue(o.Skip) {
			add(o.Obj)
		}
		if fault := r.traverse(o.Obj, o.SelectSet, add, 0); fault != nil {
			return nil, fault
		}
	}
	return out, nil
}

func (r *reading) traverse(from types.ManagedObjectReference, set []types.BaseSelectionSpec,
	add func(types.ManagedObjectReference), depth int) types.BaseMethodFault {
	if depth > 64 {
		return nil
	}
	for _, b := range set {
		if t, ok := b.(*types.TraversalSpec); ok && t.Name != "" {
			r.named[t.Name] = t
		}
	}
	for _, b := range set {
		t, ok := b.(*types.TraversalSpec)
		if !ok {
			if t = r.named[b.GetSelectionSpec().Name]; t == nil {
				return &types.InvalidArgument{InvalidProperty: "undefined selection spec name"}
			}
		}
		for _, ref := range r.follow(from, t) {
			if !isTrue(t.Skip) {
				add(ref)
			}
			if fault := r.traverse(ref, t.SelectSet, add, depth+1); fault != nil {
				return fault
			}
		}
	}
	return nil
}

// follow reads the references in one property.
func (r *reading) follow(from types.ManagedObjectReference, t *types.TraversalSpec) (refs []types.ManagedObjectReference) {
	v, ok := r.object(from)
	if !ok || from.Type != t.Type && !isA(v.Type(), t.Type) {
		return nil
	}
	r.locked(from, func() {
		val, ok := propValue(v, t.Path)
		if !ok {
			return
		}
		switch x := wire(val).(type) {
		case types.ManagedObjectReference:
			refs = append(refs, x)
		case *types.ArrayOfManagedObjectReference:
			refs = append(refs, x.ManagedObjectReference...)
		}
	})
	return refs
}

func (r *reading) locked(ref types.ManagedObjectReference, fn func()) {
	if r.s.svc.Context.Map.Get(ref) == nil {
		fn() // an object of the session, created for this reading
		return
	}
	r.s.context().WithLock(ref, fn)
}

// pathsFor returns the properties that a propSet selects for an object, sorted
// as the real server sorts them; nil: none, or the object is gone.
func (r *reading) pathsFor(ref types.ManagedObjectReference, set []types.PropertySpec) ([]string, types.BaseMethodFault) {
	v, ok := r.object(ref)
	if !ok || len(set) == 0 {
		return nil, nil
	}
	key := planKey{v.Type(), ref.Type, &set[0]}
	if p, ok := r.plans[key]; ok {
		return p, nil
	}
	var paths []string
	for _, p := range set {
		if p.Type != ref.Type && !isA(v.Type(), p.Type) {
			continue
		}
		if paths == nil {
			paths = []string{} // the object itself is selected
		}
		if isTrue(p.All) {
			paths = append(paths, allPaths(v.Type())...)
			continue
		}
		for _, path := range p.PathSet {
			if !validPath(v.Type(), path, r.version) {
				return nil, &types.InvalidProperty{Name: path}
			}
			paths = append(paths, path)
		}
	}
	sort.Strings(paths)
	paths = slices.Compact(paths)
	if r.plans == nil {
		r.plans = map[planKey][]string{}
	}
	r.plans[key] = paths
	return paths, nil
}

type planKey struct {
	t    reflect.Type
	kind string
	set  *types.PropertySpec
}

// read collects an object's properties; nil: it is gone.
func (r *reading) read(ref types.ManagedObjectReference, paths []string) *content {
	v, ok := r.object(ref)
	if !ok || paths == nil {
		return nil
	}
	c := &content{obj: ref}
	r.locked(ref, func() {
		for _, path := range paths {
			if r.s.isHidden(ref.Type, path) {
				c.missing = append(c.missing, types.MissingProperty{Path: path,
					Fault: *localized(noPermission(ref, "System.Read"))})
			} else if val, ok := propValue(v, path); ok {
				c.props = append(c.props, prop{path, encodeVal(prune(wire(val), r.version))})
			}
		}
	})
	return c
}

func allPaths(t reflect.Type) []string {
	var out []string
	for name := range fieldsOf(t) {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

func writeText(b *bytes.Buffer, tag, text string) {
	b.WriteString("<" + tag + ">")
	_ = xml.EscapeText(b, []byte(text))
	b.WriteString("</" + tag + ">")
}

func writeRef(b *bytes.Buffer, tag string, ref types.ManagedObjectReference) {
	b.WriteString("<" + tag + ` type="` + ref.Type + `">`)
	_ = xml.EscapeText(b, []byte(ref.Value))
	b.WriteString("</" + tag + ">")
}

func (c *content) write(b *bytes.Buffer, tag string) {
	b.WriteString("<" + tag + ">")
	writeRef(b, "obj", c.obj)
	for _, p := range c.props {
		b.WriteString("<propSet>")
		writeText(b, "name", p.path)
		b.WriteString(p.val)
		b.WriteString("</propSet>")
	}
	c.writeMissing(b)
	b.WriteString("</" + tag + ">")
}

func (c *content) writeMissing(b *bytes.Buffer) {
	for _, m := range c.missing {
		e := xml.NewEncoder(b)
		_ = e.EncodeElement(m, xml.StartElement{Name: xml.Name{Local: "missingSet"}})
		_ = e.Flush()
	}
}

// rawXML is the content of a response that is encoded already.
type rawXML []byte

// item is an object to be read.
type item struct {
	ref   types.ManagedObjectReference
	paths []string
}

// items resolves filter specs into the objects to read.
func (r *reading) items(specs []types.PropertyFilterSpec) ([]item, types.BaseMethodFault) {
	var out []item
	for _, spec := range specs {
		refs, fault := r.objects(spec.ObjectSet, isTrue(spec.ReportMissingObjectsInResults))
		if fault != nil {
			return nil, fault
		}
		for _, ref := range refs {
			paths, fault := r.pathsFor(ref, spec.PropSet)
			if fault != nil {
				return nil, fault
			}
			if paths != nil {
				out = append(out, item{ref, paths})
			}
		}
	}
	return out, nil
}

func (s *Server) retrievePropertiesEx(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.RetrievePropertiesEx)
	if req.Options.MaxObjects < 0 || bytes.Contains(c.raw, []byte("<maxObjects>0<")) {
		return nil, &types.InvalidArgument{InvalidProperty: "maxObjects"}
	}
	r := s.reading(c)
	list, fault := r.items(req.SpecSet)
	if fault != nil {
		return nil, fault
	}
	page := int(req.Options.MaxObjects)
	if page == 0 {
		s.set.mu.Lock()
		page = s.set.page
		s.set.mu.Unlock()
	}
	return s.page(c, &pending{c.this, r, list, page}), nil
}

func (s *Server) reading(c *call) *reading {
	return &reading{s: s, sess: c.sess, version: c.version}
}

func (s *Server) retrieveProperties(c *call) (any, types.BaseMethodFault) {
	r := s.reading(c)
	list, fault := r.items(c.body.(*types.RetrieveProperties).SpecSet)
	if fault != nil {
		return nil, fault
	}
	var b bytes.Buffer
	for _, it := range list {
		if o := r.read(it.ref, it.paths); o != nil {
			o.write(&b, "returnval")
		}
	}
	return rawXML(b.Bytes()), nil
}

// pending is a list of which one page is sent, and the rest later, with a token
// that is valid once.
type pending struct {
	collector types.ManagedObjectReference
	r         *reading
	rest      []item
	size      int
}

// page reads and writes one page.
func (s *Server) page(c *call, p *pending) rawXML {
	if len(p.rest) == 0 {
		return nil
	}
	now := p.rest
	var b bytes.Buffer
	b.WriteString("<returnval>")
	if p.size > 0 && len(now) > p.size && c.sess != nil {
		now, p.rest = now[:p.size], now[p.size:]
		token := newUUID()
		c.sess.mu.Lock()
		c.sess.tokens[token] = p
		c.sess.mu.Unlock()
		writeText(&b, "token", token)
	}
	for _, it := range now {
		if o := p.r.read(it.ref, it.paths); o != nil {
			o.write(&b, "objects")
		}
	}
	b.WriteString("</returnval>")
	return b.Bytes()
}

func (s *Server) takeToken(c *call, token string) *pending {
	c.sess.mu.Lock()
	defer c.sess.mu.Unlock()
	p := c.sess.tokens[token]
	if p == nil || p.collector != c.this {
		return nil
	}
	delete(c.sess.tokens, token)
	return p
}

func (s *Server) continueRetrieve(c *call) (any, types.BaseMethodFault) {
	p := s.takeToken(c, c.body.(*types.ContinueRetrievePropertiesEx).Token)
	if p == nil {
		return nil, &types.InvalidArgument{InvalidProperty: "token"}
	}
	return s.page(c, p), nil
}

func (s *Server) cancelRetrieve(c *call) (any, types.BaseMethodFault) {
	if s.takeToken(c, c.body.(*types.CancelRetrievePropertiesEx).Token) == nil {
		return nil, &types.InvalidArgument{InvalidProperty: "token"}
	}
	return &types.CancelRetrievePropertiesExResponse{}, nil
}
