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
}

// content is an object with the properties asked for, encoded while the
// object was locked.
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
		obj = r.s.within.Registry.Get(ref) // a history collector, say
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
		fn() // an object of the session, made for this reading
		return
	}
	r.s.context().WithLock(ref, fn)
}

// read collects an object's properties; nil: no propSet is for it, or it
// is gone.
func (r *reading) read(ref types.ManagedObjectReference, set []types.PropertySpec) (*content, types.BaseMethodFault) {
	v, ok := r.object(ref)
	if !ok {
		return nil, nil
	}
	var paths []string
	match := false
	for _, p := range set {
		if p.Type != ref.Type && !isA(v.Type(), p.Type) {
			continue
		}
		match = true
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
	if !match {
		return nil, nil
	}
	c := &content{obj: ref}
	sort.Strings(paths) // as the real one answers: not in the order asked for
	paths = slices.Compact(paths)
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
	return c, nil
}

func allPaths(t reflect.Type) []string {
	var out []string
	for name := range fieldsOf(t) {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// encodeVal writes <val xsi:type="...">...</val>.
func encodeVal(v types.AnyType) string {
	var box struct {
		XMLName xml.Name      `xml:"v"`
		Val     types.AnyType `xml:"val,typeattr"`
	}
	box.Val = v
	b, err := xml.Marshal(&box)
	if err != nil {
		panic(err)
	}
	b = bytes.TrimSuffix(bytes.TrimPrefix(b, []byte("<v>")), []byte("</v>"))
	return string(b)
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

// rawXML is an answer's inside that is encoded already.
type rawXML []byte

// collect evaluates filter specs into contents.
func (r *reading) collect(specs []types.PropertyFilterSpec) ([]*content, types.BaseMethodFault) {
	var out []*content
	for _, spec := range specs {
		refs, fault := r.objects(spec.ObjectSet, isTrue(spec.ReportMissingObjectsInResults))
		if fault != nil {
			return nil, fault
		}
		for _, ref := range refs {
			c, fault := r.read(ref, spec.PropSet)
			if fault != nil {
				return nil, fault
			}
			if c != nil {
				out = append(out, c)
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
	list, fault := s.reading(c).collect(req.SpecSet)
	if fault != nil {
		return nil, fault
	}
	page := int(req.Options.MaxObjects)
	if page == 0 {
		s.set.mu.Lock()
		page = s.set.page
		s.set.mu.Unlock()
	}
	return s.page(c, list, page), nil
}

func (s *Server) reading(c *call) *reading {
	return &reading{s: s, sess: c.sess, version: c.version}
}

func (s *Server) retrieveProperties(c *call) (any, types.BaseMethodFault) {
	list, fault := s.reading(c).collect(c.body.(*types.RetrieveProperties).SpecSet)
	if fault != nil {
		return nil, fault
	}
	var b bytes.Buffer
	for _, o := range list {
		o.write(&b, "returnval")
	}
	return rawXML(b.Bytes()), nil
}

// pending is what a token stands for.
type pending struct {
	collector types.ManagedObjectReference
	rest      []*content
	size      int
}

// page writes one page; the rest waits under a token that is good once.
func (s *Server) page(c *call, list []*content, size int) rawXML {
	if len(list) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("<returnval>")
	if size > 0 && len(list) > size && c.sess != nil {
		token := newUUID()
		c.sess.mu.Lock()
		c.sess.tokens[token] = &pending{c.this, list[size:], size}
		c.sess.mu.Unlock()
		writeText(&b, "token", token)
		list = list[:size]
	}
	for _, o := range list {
		o.write(&b, "objects")
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
	return s.page(c, p.rest, p.size), nil
}

func (s *Server) cancelRetrieve(c *call) (any, types.BaseMethodFault) {
	if s.takeToken(c, c.body.(*types.CancelRetrievePropertiesEx).Token) == nil {
		return nil, &types.InvalidArgument{InvalidProperty: "token"}
	}
	return &types.CancelRetrievePropertiesExResponse{}, nil
}
