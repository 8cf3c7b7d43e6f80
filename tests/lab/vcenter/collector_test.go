// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// watch is a collector of its own with one filter over one ListView.
type watch struct {
	l        *lab
	pc, view types.ManagedObjectReference
	version  string
}

func (l *lab) newWatch(paths []string, refs ...types.ManagedObjectReference) *watch {
	l.t.Helper()
	pc, err := methods.CreatePropertyCollector(l.ctx, l.c.Client, &types.CreatePropertyCollector{
		This: l.c.ServiceContent.PropertyCollector})
	l.must(err)
	lv, err := methods.CreateListView(l.ctx, l.c.Client, &types.CreateListView{
		This: *l.c.ServiceContent.ViewManager, Obj: refs})
	l.must(err)
	skip := true
	_, err = methods.CreateFilter(l.ctx, l.c.Client, &types.CreateFilter{
		This: pc.Returnval,
		Spec: types.PropertyFilterSpec{
			PropSet: []types.PropertySpec{{Type: "VirtualMachine", PathSet: paths}},
			ObjectSet: []types.ObjectSpec{{Obj: lv.Returnval, Skip: &skip,
				SelectSet: []types.BaseSelectionSpec{&types.TraversalSpec{
					Type: "ListView", Path: "view"}}}},
		}})
	l.must(err)
	return &watch{l: l, pc: pc.Returnval, view: lv.Returnval}
}

func (w *watch) call(version string, seconds int32) (*types.UpdateSet, error) {
	res, err := methods.WaitForUpdatesEx(w.l.ctx, w.l.c.Client, &types.WaitForUpdatesEx{
		This: w.pc, Version: version, Options: &types.WaitOptions{MaxWaitSeconds: &seconds}})
	if err != nil {
		return nil, err
	}
	return res.Returnval, nil
}

// next waits for updates and returns "kind moid path=value" lines.
func (w *watch) next(seconds int32) []string {
	w.l.t.Helper()
	set, err := w.call(w.version, seconds)
	w.l.must(err)
	if set == nil {
		return nil
	}
	w.version = set.Version
	return flat(set)
}

func flat(set *types.UpdateSet) []string {
	var out []string
	for _, f := range set.FilterSet {
		for _, o := range f.ObjectSet {
			line := string(o.Kind) + " " + o.Obj.Value
			for _, c := range o.ChangeSet {
				line += fmt.Sprintf(" %s=%v", c.Name, c.Val)
			}
			out = append(out, line)
		}
	}
	return out
}

func (w *watch) modify(add, remove []types.ManagedObjectReference) []types.ManagedObjectReference {
	w.l.t.Helper()
	res, err := methods.ModifyListView(w.l.ctx, w.l.c.Client, &types.ModifyListView{
		This: w.view, Add: add, Remove: remove})
	w.l.must(err)
	return res.Returnval
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func refs(r ...types.ManagedObjectReference) []types.ManagedObjectReference { return r }

func TestUpdatesAreDifferences(t *testing.T) {
	l := startLab(t, nil)
	a, b := l.get("snap-vm").Reference(), l.get("prod/twin-vm").Reference()
	w := l.newWatch([]string{"name", "runtime.powerState"}, a)
	same(t, "first", w.next(5), "enter "+a.Value+" name=snap-vm runtime.powerState=poweredOff")
	same(t, "nothing new", w.next(0))
	none := types.ManagedObjectReference{Type: "VirtualMachine", Value: "vm-none"}
	if missing := w.modify(refs(b, none), nil); len(missing) != 1 || missing[0] != none {
		t.Errorf("unresolved: %v", missing)
	}
	same(t, "joined", w.next(5), "enter "+b.Value+" name=twin-vm runtime.powerState=poweredOff")
	l.must(l.Do("power", []string{"snap-vm", "on"}))
	same(t, "changed", w.next(5), "modify "+a.Value+" runtime.powerState=poweredOn")
	l.must(l.Do("setextra", []string{"snap-vm", "guestinfo.x", "y"}))
	same(t, "not watched", w.next(0))
	w.modify(nil, refs(b))
	same(t, "left the view", w.next(5), "leave "+b.Value)
	l.must(l.Do("delete-vm", []string{"snap-vm"}))
	same(t, "destroyed", w.next(5), "leave "+a.Value)
}

func TestLostAnswerIsRepeated(t *testing.T) {
	l := startLab(t, nil)
	a := l.get("snap-vm").Reference()
	w := l.newWatch([]string{"runtime.powerState"}, a)
	w.next(5)
	old := w.version
	l.must(l.Do("power", []string{"snap-vm", "on"}))
	first := w.next(5)
	w.version = old // as if that response had been lost
	same(t, "again", w.next(5), first...)
	if _, err := w.call("4711", 1); faultName(err) != "InvalidCollectorVersion" {
		t.Errorf("unknown version: %v", err)
	}
}

func TestUpdatesArePaged(t *testing.T) {
	l := startLab(t, func(o *Options) { o.VMs = 230 })
	var all []types.ManagedObjectReference
	for _, vm := range l.allVMs() {
		all = append(all, vm.Self)
	}
	w := l.newWatch([]string{"name"}, all...)
	seen, pages := map[string]bool{}, 0
	for version := ""; ; pages++ {
		set, err := w.call(version, 1)
		l.must(err)
		if set == nil {
			break
		}
		lines := flat(set)
		if len(lines) > 100 {
			t.Errorf("a page of %d", len(lines))
		}
		for _, line := range lines {
			seen[line] = true
		}
		if isTrue(set.Truncated) {
			if version != "" {
				if _, err := w.call(version, 0); faultName(err) != "InvalidCollectorVersion" {
					t.Errorf("a truncated version was valid twice: %v", err)
				}
			}
		} else {
			break
		}
		version = set.Version
	}
	if len(seen) != len(all) || pages < 2 {
		t.Errorf("%d of %d objects on %d pages", len(seen), len(all), pages+1)
	}
}

func TestRetrieveIsPaged(t *testing.T) {
	l := startLab(t, func(o *Options) { o.VMs, o.Page = 25, 10 })
	cv, err := methods.CreateContainerView(l.ctx, l.c.Client, &types.CreateContainerView{
		This: *l.c.ServiceContent.ViewManager, Container: l.c.ServiceContent.RootFolder,
		Type: []string{"VirtualMachine"}, Recursive: true})
	l.must(err)
	skip := true
	pc := l.c.ServiceContent.PropertyCollector
	res, err := methods.RetrievePropertiesEx(l.ctx, l.c.Client, &types.RetrievePropertiesEx{This: pc,
		SpecSet: []types.PropertyFilterSpec{{
			PropSet: []types.PropertySpec{{Type: "VirtualMachine", PathSet: []string{"name"}}},
			ObjectSet: []types.ObjectSpec{{Obj: cv.Returnval, Skip: &skip, SelectSet: []types.BaseSelectionSpec{
				&types.TraversalSpec{Type: "ContainerView", Path: "view"}}}}}}})
	l.must(err)
	n, token := len(res.Returnval.Objects), res.Returnval.Token
	if n != 10 || token == "" {
		t.Fatalf("first page: %d, token %q", n, token)
	}
	for token != "" {
		next, err := methods.ContinueRetrievePropertiesEx(l.ctx, l.c.Client,
			&types.ContinueRetrievePropertiesEx{This: pc, Token: token})
		l.must(err)
		if _, err := methods.ContinueRetrievePropertiesEx(l.ctx, l.c.Client,
			&types.ContinueRetrievePropertiesEx{This: pc, Token: token}); faultName(err) != "InvalidArgument" {
			t.Errorf("a token was valid twice: %v", err)
		}
		n += len(next.Returnval.Objects)
		token = next.Returnval.Token
	}
	if n != len(l.allVMs()) {
		t.Errorf("%d objects of %d", n, len(l.allVMs()))
	}
}

func TestInvalidProperty(t *testing.T) {
	l := startLab(t, nil)
	ref := l.get("snap-vm").Reference()
	for path, want := range map[string]string{
		"runtime.powerstate": "InvalidProperty", "config.hardware.device.key": "InvalidProperty",
		"config.metroFtEnabled": "InvalidProperty", // 8.0.3.0, and the client states 8.0.1.0
		"config.name":           "", `config.hardware.device[4000]`: "", "guest.ipAddress": "",
	} {
		_, err := methods.RetrievePropertiesEx(l.ctx, l.c.Client, &types.RetrievePropertiesEx{
			This: l.c.ServiceContent.PropertyCollector,
			SpecSet: []types.PropertyFilterSpec{{
				PropSet:   []types.PropertySpec{{Type: "VirtualMachine", PathSet: []string{path}}},
				ObjectSet: []types.ObjectSpec{{Obj: ref}}}}})
		if got := faultName(err); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestWaitEndsWithItsCollector(t *testing.T) {
	l := startLab(t, nil)
	a := l.get("snap-vm").Reference()
	for name, end := range map[string]func(*watch){
		"RequestCanceled": func(w *watch) {
			_, err := methods.CancelWaitForUpdates(l.ctx, l.c.Client, &types.CancelWaitForUpdates{This: w.pc})
			l.must(err)
		},
		"NotAuthenticated": func(*watch) { l.Expire() },
	} {
		l.c = l.client("admin", "secret")
		w := l.newWatch([]string{"name"}, a)
		w.next(5)
		got := make(chan error, 1)
		go func() {
			_, err := w.call(w.version, 30)
			got <- err
		}()
		l.eventually("the call waits", func() bool { return l.waiting(w.pc) })
		end(w)
		if err := <-got; faultName(err) != name {
			t.Errorf("ended with %v, want %s", err, name)
		}
	}
}

// waiting is true if a call waits on a collector.
func (l *lab) waiting(ref types.ManagedObjectReference) bool {
	l.sess.mu.Lock()
	defer l.sess.mu.Unlock()
	for _, s := range l.sess.live {
		if pc, ok := s.get(ref).(*collector); ok {
			pc.mu.Lock()
			defer pc.mu.Unlock()
			return pc.waits
		}
	}
	return false
}

func TestClientThatGoesAwayLosesNothing(t *testing.T) {
	l := startLab(t, nil)
	a := l.get("snap-vm").Reference()
	w := l.newWatch([]string{"runtime.powerState"}, a)
	w.next(5)
	ctx, cancel := context.WithTimeout(l.ctx, 50*time.Millisecond)
	defer cancel()
	seconds := int32(30)
	_, err := methods.WaitForUpdatesEx(ctx, l.c.Client, &types.WaitForUpdatesEx{This: w.pc,
		Version: w.version, Options: &types.WaitOptions{MaxWaitSeconds: &seconds}})
	if err == nil {
		t.Fatal("the wait did not end")
	}
	l.must(l.Do("power", []string{"snap-vm", "on"}))
	same(t, "after that", w.next(5), "modify "+a.Value+" runtime.powerState=poweredOn")
}
