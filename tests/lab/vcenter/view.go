// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// view is a ListView or a ContainerView of one session.
type view struct {
	ref  types.ManagedObjectReference
	list []types.ManagedObjectReference // of a ListView

	container types.ManagedObjectReference // of a ContainerView
	kinds     []string
	recursive bool
	cached    []types.ManagedObjectReference
	shape     int64 // of the watcher, when cached was filled
}

func (s *Server) createListView(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.CreateListView)
	if missing := s.unresolved(c, req.Obj); len(missing) > 0 {
		return nil, &types.ManagedObjectNotFound{Obj: missing[0]}
	}
	v := &view{ref: c.sess.newRef("ListView"), list: union(nil, req.Obj)}
	c.sess.put(v.ref, v)
	return &types.CreateListViewResponse{Returnval: v.ref}, nil
}

func (s *Server) unresolved(c *call, refs []types.ManagedObjectReference) []types.ManagedObjectReference {
	var out []types.ManagedObjectReference
	for _, ref := range refs {
		if s.svc.Context.Map.Get(ref) == nil && c.sess.get(ref) == nil &&
			s.within.Registry.Get(ref) == nil {
			out = append(out, ref)
		}
	}
	return out
}

// union appends what is missing: a view has an object once.
func union(list, add []types.ManagedObjectReference) []types.ManagedObjectReference {
	out := append([]types.ManagedObjectReference(nil), list...)
	seen := make(map[types.ManagedObjectReference]bool, len(list))
	for _, ref := range list {
		seen[ref] = true
	}
	for _, ref := range add {
		if !seen[ref] {
			seen[ref] = true
			out = append(out, ref)
		}
	}
	return out
}

// modifyListView adds and removes, and returns what it could not resolve.
func (s *Server) modifyListView(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.ModifyListView)
	v, ok := c.sess.get(c.this).(*view)
	if !ok {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	missing := s.unresolved(c, req.Add)
	drop := map[types.ManagedObjectReference]bool{}
	for _, ref := range req.Remove {
		drop[ref] = true
	}
	var add []types.ManagedObjectReference
	for _, ref := range req.Add {
		if !contains(missing, ref) {
			add = append(add, ref)
		}
	}
	c.sess.mu.Lock()
	var list []types.ManagedObjectReference
	for _, ref := range v.list {
		if !drop[ref] {
			list = append(list, ref)
		}
	}
	v.list = union(list, add)
	c.sess.mu.Unlock()
	s.watch.touch(false, v.ref)
	return &types.ModifyListViewResponse{Returnval: missing}, nil
}

func contains(list []types.ManagedObjectReference, ref types.ManagedObjectReference) bool {
	for _, r := range list {
		if r == ref {
			return true
		}
	}
	return false
}

func (s *Server) resetListView(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.ResetListView)
	v, ok := c.sess.get(c.this).(*view)
	if !ok {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	missing := s.unresolved(c, req.Obj)
	var list []types.ManagedObjectReference
	for _, ref := range req.Obj {
		if !contains(missing, ref) {
			list = append(list, ref)
		}
	}
	c.sess.mu.Lock()
	v.list = union(nil, list)
	c.sess.mu.Unlock()
	s.watch.touch(false, v.ref)
	return &types.ResetListViewResponse{Returnval: missing}, nil
}

var viewKinds = []string{"ManagedEntity", "Folder", "StoragePod", "Datacenter", "ComputeResource",
	"ClusterComputeResource", "HostSystem", "ResourcePool", "VirtualApp", "VirtualMachine", "Datastore",
	"Network", "OpaqueNetwork", "DistributedVirtualPortgroup", "DistributedVirtualSwitch",
	"VmwareDistributedVirtualSwitch"}

func (s *Server) createContainerView(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.CreateContainerView)
	obj := s.svc.Context.Map.Get(req.Container)
	if obj == nil {
		return nil, &types.ManagedObjectNotFound{Obj: req.Container}
	}
	switch obj.(type) {
	case *simulator.VirtualMachine, *simulator.Datastore, *mo.Network:
		return nil, &types.InvalidArgument{InvalidProperty: "container"}
	}
	for _, k := range req.Type {
		if !oneOf(k, viewKinds) {
			return nil, &types.InvalidArgument{InvalidProperty: "type"}
		}
	}
	v := &view{ref: c.sess.newRef("ContainerView"), container: req.Container,
		kinds: req.Type, recursive: req.Recursive, shape: -1}
	c.sess.put(v.ref, v)
	return &types.CreateContainerViewResponse{Returnval: v.ref}, nil
}

func (s *Server) destroyView(c *call) (any, types.BaseMethodFault) {
	if !c.sess.drop(c.this) {
		return nil, &types.ManagedObjectNotFound{Obj: c.this}
	}
	s.watch.touch(false, c.this)
	return &types.DestroyViewResponse{}, nil
}

// members lists what a view contains now.
func (s *Server) members(sess *session, v *view) []types.ManagedObjectReference {
	sess.mu.Lock()
	defer sess.mu.Unlock()
	if v.container.Value == "" {
		return v.list
	}
	_, shape, _ := s.watch.state()
	if v.shape != shape {
		v.cached, v.shape = nil, shape
		s.walk(s.context(), v, v.container, map[types.ManagedObjectReference]bool{})
	}
	return v.cached
}

func (s *Server) walk(ctx *simulator.Context, v *view, at types.ManagedObjectReference,
	seen map[types.ManagedObjectReference]bool) {
	for _, child := range children(ctx, at) {
		if seen[child] {
			continue
		}
		seen[child] = true
		if v.holds(ctx, child) {
			v.cached = append(v.cached, child)
		}
		if v.recursive {
			s.walk(ctx, v, child, seen)
		}
	}
}

func (v *view) holds(ctx *simulator.Context, ref types.ManagedObjectReference) bool {
	if len(v.kinds) == 0 {
		return true
	}
	obj := ctx.Map.Get(ref)
	if obj == nil {
		return false
	}
	m, ok := moStruct(obj)
	if !ok {
		return false
	}
	for _, k := range v.kinds {
		if isA(m.Type(), k) {
			return true
		}
	}
	return false
}

// children are the entities below one, as container views follow them.
func children(ctx *simulator.Context, ref types.ManagedObjectReference) (out []types.ManagedObjectReference) {
	obj := ctx.Map.Get(ref)
	if obj == nil {
		return nil
	}
	v, ok := moStruct(obj)
	if !ok {
		return nil
	}
	ctx.WithLock(obj, func() {
		switch e := v.Addr().Interface().(type) {
		case *mo.Datacenter:
			out = append(out, e.VmFolder, e.HostFolder, e.DatastoreFolder, e.NetworkFolder)
		case *mo.Folder:
			out = append(out, e.ChildEntity...)
		case *mo.StoragePod:
			out = append(out, e.ChildEntity...)
		case *mo.ComputeResource:
			out = append(append(out, e.Host...), *e.ResourcePool)
		case *mo.ClusterComputeResource:
			out = append(append(out, e.Host...), *e.ResourcePool)
		case *mo.ResourcePool:
			out = append(append(out, e.ResourcePool...), e.Vm...)
		case *mo.VirtualApp:
			out = append(append(out, e.ResourcePool.ResourcePool...), e.Vm...)
		case *mo.HostSystem:
			out = append(out, e.Vm...)
		}
	})
	return out
}
