// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// watcher is told about every change in the inventory, and wakes the calls that
// wait for updates.
type watcher struct {
	mu      sync.Mutex
	now     int64                                  // counts changes
	shape   int64                                  // value of now when an object was last added or removed
	all     int64                                  // value of now when every object changed
	changed map[types.ManagedObjectReference]int64 // value of now at an object's last change
	wake    chan struct{}
}

func newWatcher() *watcher {
	return &watcher{changed: map[types.ManagedObjectReference]int64{}, wake: make(chan struct{})}
}

// Reference makes the watcher a handler in vcsim's registry.
func (w *watcher) Reference() types.ManagedObjectReference {
	return types.ManagedObjectReference{Type: "LabWatcher", Value: "watcher"}
}

func (w *watcher) touch(shape bool, refs ...types.ManagedObjectReference) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now++
	for _, ref := range refs {
		w.changed[ref] = w.now
	}
	if shape {
		w.shape = w.now
	}
	close(w.wake)
	w.wake = make(chan struct{})
}

// touchAll is for changes of how all objects are seen.
func (w *watcher) touchAll() {
	w.mu.Lock()
	w.all = w.now + 1
	w.mu.Unlock()
	w.touch(true)
}

// PutObject is called when an object is added.
func (w *watcher) PutObject(_ *simulator.Context, obj mo.Reference) {
	refs := []types.ManagedObjectReference{obj.Reference()}
	if e, ok := obj.(mo.Entity); ok && e.Entity().Parent != nil {
		refs = append(refs, *e.Entity().Parent) // vcsim appends to its lists silently
	}
	w.touch(true, refs...)
}

// UpdateObject is called when properties change.
func (w *watcher) UpdateObject(_ *simulator.Context, obj mo.Reference, changes []types.PropertyChange) {
	shape := false
	for i := range changes {
		switch changes[i].Name {
		case "childEntity", "vm", "resourcePool", "host":
			shape = true
		}
	}
	w.touch(shape, obj.Reference())
}

// RemoveObject is called when an object is removed.
func (w *watcher) RemoveObject(_ *simulator.Context, ref types.ManagedObjectReference) {
	w.touch(true, ref)
}

// state returns the change counters and what to wait on for more.
func (w *watcher) state() (now, shape int64, wake <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now, w.shape, w.wake
}

func (w *watcher) lastChange(ref types.ManagedObjectReference) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(w.changed[ref], w.all)
}
