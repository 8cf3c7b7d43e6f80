// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	govsession "github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// lab is a server with a govmomi client logged in to it: its requests are those
// of a well-behaved client, so all of them must pass the checks.
type lab struct {
	*Server
	t      *testing.T
	ctx    context.Context
	c      *govmomi.Client
	finder *find.Finder
}

func startLab(t *testing.T, change func(*Options)) *lab {
	t.Helper()
	t.Parallel() // most of a lab's start is waiting
	opt := Options{Dir: t.TempDir(), CloneTime: 20 * time.Millisecond, PerHost: 8, Page: 1000,
		PowerTime: time.Millisecond, APIVersion: "8.0.3.0", User: "admin", Password: "secret"}
	if change != nil {
		change(&opt)
	}
	s, err := Start(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	l := &lab{Server: s, t: t, ctx: ctx}
	l.c = l.client("admin", "secret")
	l.finder = find.NewFinder(l.c.Client)
	dc, err := l.finder.Datacenter(ctx, "DC0")
	l.must(err)
	l.finder.SetDatacenter(dc)
	return l
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) soap() *vim25.Client {
	l.t.Helper()
	u, err := url.Parse(l.url)
	l.must(err)
	sc := soap.NewClient(u, false)
	l.must(sc.SetRootCAs(l.ca))
	sc.Version, sc.UserAgent = "8.0.1.0", "govmomi/test"
	c, err := vim25.NewClient(l.ctx, sc)
	l.must(err)
	return c
}

func (l *lab) client(user, pass string) *govmomi.Client {
	l.t.Helper()
	c := l.soap()
	m := govsession.NewManager(c)
	l.must(m.Login(l.ctx, url.UserPassword(user, pass)))
	return &govmomi.Client{Client: c, SessionManager: m}
}

func (l *lab) get(path string) *object.VirtualMachine {
	l.t.Helper()
	vm, err := l.finder.VirtualMachine(l.ctx, path)
	l.must(err)
	return vm
}

func (l *lab) props(vm *object.VirtualMachine) mo.VirtualMachine {
	l.t.Helper()
	var m mo.VirtualMachine
	l.must(vm.Properties(l.ctx, vm.Reference(), nil, &m))
	return m
}

func (l *lab) folder() *object.Folder {
	l.t.Helper()
	f, err := l.finder.Folder(l.ctx, "/DC0/vm")
	l.must(err)
	return f
}

func (l *lab) pool() *types.ManagedObjectReference {
	l.t.Helper()
	p, err := l.finder.ResourcePool(l.ctx, "/DC0/host/DC0_C0/Resources/pool1")
	l.must(err)
	ref := p.Reference()
	return &ref
}

// clone runs a clone of flatcar-template to its end.
func (l *lab) clone(name string, spec types.VirtualMachineCloneSpec) (*object.VirtualMachine, error) {
	l.t.Helper()
	if spec.Location.Pool == nil {
		spec.Location.Pool = l.pool()
	}
	task, err := l.get("flatcar-template").Clone(l.ctx, l.folder(), name, spec)
	l.must(err)
	info, err := task.WaitForResult(l.ctx)
	if err != nil {
		return nil, err
	}
	return object.NewVirtualMachine(l.c.Client, info.Result.(types.ManagedObjectReference)), nil
}

func opt(key, value string) types.BaseOptionValue {
	return &types.OptionValue{Key: key, Value: value}
}

// prop reads one property as it was sent.
func (l *lab) prop(ref types.ManagedObjectReference, path string) (any, bool) {
	l.t.Helper()
	res, err := methods.RetrievePropertiesEx(l.ctx, l.c.Client, &types.RetrievePropertiesEx{
		This: l.c.ServiceContent.PropertyCollector,
		SpecSet: []types.PropertyFilterSpec{{
			PropSet:   []types.PropertySpec{{Type: ref.Type, PathSet: []string{path}}},
			ObjectSet: []types.ObjectSpec{{Obj: ref}}}}})
	l.must(err)
	for _, o := range res.Returnval.Objects {
		for _, p := range o.PropSet {
			return p.Val, true
		}
	}
	return nil, false
}

func (l *lab) dcRef() string {
	l.t.Helper()
	dc, err := l.finder.Datacenter(l.ctx, "DC0")
	l.must(err)
	return dc.Reference().Value
}

func (l *lab) recommend(spec types.StoragePlacementSpec) (*types.StoragePlacementResult, string) {
	l.t.Helper()
	res, err := methods.RecommendDatastores(l.ctx, l.c.Client, &types.RecommendDatastores{
		This: *l.c.ServiceContent.StorageResourceManager, StorageSpec: spec})
	if err != nil {
		return nil, faultName(err)
	}
	return &res.Returnval, ""
}

// has is true if the VM folder has an entry of that name.
func (l *lab) has(name string) bool {
	l.t.Helper()
	folder := l.folder().Reference()
	l.inv.Lock()
	defer l.inv.Unlock()
	return l.child(folder, name) != nil
}
