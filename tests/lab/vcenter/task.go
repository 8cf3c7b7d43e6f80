// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// task is one of ours: unlike vcsim's, it queues, runs, reports progress and can
// be cancelled.
type task struct {
	s      *Server
	obj    *simulator.Task
	ref    types.ManagedObjectReference
	entity types.ManagedObjectReference
	stop   chan struct{} // closed by CancelTask
	done   chan struct{}

	stayOff  bool                  // injected: the clone is not powered on
	injected types.BaseMethodFault // injected: how it ends
	message  string
	length   time.Duration // of a clone: its copy time

	mu      sync.Mutex
	stopped bool
	over    bool
}

type taskTable struct {
	mu   sync.Mutex
	all  map[string]*task
	busy map[types.ManagedObjectReference]*task // the task that runs on a VM
	// clones that wait here for a slot of their source's host, first in
	// first out
	running map[string]int
	waiting map[string][]*cloneJob
}

func (tt *taskTable) init() {
	tt.all = map[string]*task{}
	tt.busy = map[types.ManagedObjectReference]*task{}
	tt.running = map[string]int{}
	tt.waiting = map[string][]*cloneJob{}
}

func (tt *taskTable) get(id string) *task {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return tt.all[id]
}

// sequence numbers the names of objects.
type sequence struct{ vm, task, mac, snap atomic.Int64 }

// newTask registers a queued task.
func (s *Server) newTask(c *call, entity types.ManagedObjectReference, name, descr string) *task {
	t := &task{s: s, obj: &simulator.Task{}, entity: entity,
		stop: make(chan struct{}), done: make(chan struct{})}
	t.ref = types.ManagedObjectReference{Type: "Task",
		Value: fmt.Sprintf("task-%d", 10000+s.seq.task.Add(1))}
	t.obj.Self = t.ref
	user := s.opt.User
	if c.sess != nil {
		user = c.sess.user
	}
	c.rule.plant(t)
	t.obj.Info = types.TaskInfo{
		Key: t.ref.Value, Task: t.ref, Name: name, DescriptionId: descr,
		Entity: &entity, EntityName: s.entityName(entity), State: types.TaskInfoStateQueued,
		Cancelable: s.cancelable(), Reason: &types.TaskReasonUser{UserName: user}, QueueTime: time.Now(),
		EventChainId: int32(s.seq.task.Load()),
	}
	s.tasks.mu.Lock()
	s.tasks.all[t.ref.Value] = t
	s.tasks.mu.Unlock()
	ctx := s.context()
	ctx.WithLock(entity, func() { ctx.Map.Put(t.obj) })
	return t
}

func (t *task) update(changes ...types.PropertyChange) {
	ctx := t.s.context()
	ctx.WithLock(t.obj, func() { ctx.Update(t.obj, changes) })
}

func (t *task) start() {
	t.update(types.PropertyChange{Name: "info.startTime", Val: time.Now()},
		types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateRunning})
}

// given notes the copy time of a clone; it is in no property of the task.
func (t *task) given(d time.Duration) {
	t.s.context().WithLock(t.obj, func() { t.length = d })
}

func (t *task) progress(percent int32) {
	t.update(types.PropertyChange{Name: "info.progress", Val: percent})
}

// sleep waits for d; false: the task was cancelled.
func (t *task) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.stop:
		return false
	case <-t.s.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// finish ends the task, with a result or a fault.
func (t *task) finish(result any, fault types.BaseMethodFault) {
	t.mu.Lock()
	t.over = true
	t.mu.Unlock()
	t.s.tasks.mu.Lock()
	if t.s.tasks.busy[t.entity] == t {
		delete(t.s.tasks.busy, t.entity)
	}
	t.s.tasks.mu.Unlock()
	changes := []types.PropertyChange{
		{Name: "info.completeTime", Val: time.Now()},
		{Name: "info.cancelable", Val: false},
	}
	if fault != nil {
		_, cancelled := fault.(*types.RequestCanceled)
		lf := localized(fault)
		if fault == t.injected && t.message != "" {
			lf.LocalizedMessage = t.message
		}
		changes = append(changes, types.PropertyChange{Name: "info.cancelled", Val: cancelled},
			types.PropertyChange{Name: "info.error", Val: *lf},
			types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateError})
	} else {
		changes = append(changes, types.PropertyChange{Name: "info.result", Val: result},
			types.PropertyChange{Name: "info.progress", Val: nil},
			types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateSuccess})
	}
	t.update(changes...)
	close(t.done)
}

// claim makes t the only task that runs on its VM.
func (s *Server) claim(t *task) {
	s.tasks.mu.Lock()
	s.tasks.busy[t.entity] = t
	s.tasks.mu.Unlock()
}

// inProgress is the fault of a call on a VM that another task works on.
func (s *Server) inProgress(vm types.ManagedObjectReference) types.BaseMethodFault {
	s.tasks.mu.Lock()
	defer s.tasks.mu.Unlock()
	if t := s.tasks.busy[vm]; t != nil {
		return &types.TaskInProgress{Task: t.ref}
	}
	return nil
}

// run executes a task on a VM after d, alone on that VM.
func (s *Server) run(c *call, name, descr string, d time.Duration,
	fn func(*task) (any, types.BaseMethodFault)) (types.ManagedObjectReference, types.BaseMethodFault) {
	if fault := s.inProgress(c.this); fault != nil {
		return types.ManagedObjectReference{}, fault
	}
	t := s.newTask(c, c.this, name, descr)
	s.claim(t)
	s.goDo(func() {
		t.start()
		if !t.sleep(d) {
			t.finish(nil, &types.RequestCanceled{})
			return
		}
		if t.injected != nil {
			t.finish(nil, t.injected)
			return
		}
		t.finish(s.attempt(t, fn))
	})
	return t.ref, nil
}

// attempt runs fn with the inventory held; a bug in it ends the task, not the
// lab.
func (s *Server) attempt(t *task, fn func(*task) (any, types.BaseMethodFault)) (res any, fault types.BaseMethodFault) {
	s.inv.Lock()
	defer s.inv.Unlock()
	defer func() {
		if p := recover(); p != nil {
			log.Printf("vcenter: panic in %s: %v\n%s", t.obj.Info.Name, p, debug.Stack())
			res, fault = nil, &types.SystemError{Reason: fmt.Sprint("lab panic: ", p)}
		}
	}()
	return fn(t)
}

// goDo starts a goroutine that Close waits for.
func (s *Server) goDo(fn func()) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		fn()
	}()
}

// cancelTask really stops a task; for a finished one it is InvalidState.
func (s *Server) cancelTask(c *call) (any, types.BaseMethodFault) {
	t := s.tasks.get(c.this.Value)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return nil, &types.InvalidState{}
	}
	if !s.cancelable() {
		return nil, &types.NotSupported{}
	}
	if !t.stopped {
		t.stopped = true
		close(t.stop)
	}
	return &types.CancelTaskResponse{}, nil
}

// loseTask makes a task object disappear while its work continues.
func (s *Server) loseTask(t *task) {
	ctx := s.context()
	ctx.WithLock(t.obj, func() { ctx.Map.Remove(ctx, t.ref) })
}

// list returns all our tasks in the order of their calls.
func (tt *taskTable) list() []*task {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	list := make([]*task, 0, len(tt.all))
	for _, t := range tt.all {
		list = append(list, t)
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].obj.Info.EventChainId < list[j].obj.Info.EventChainId
	})
	return list
}

// Tasks writes one line per task of ours.
func (s *Server) Tasks(w io.Writer) {
	ctx := s.context()
	for _, t := range s.tasks.list() {
		ctx.WithLock(t.obj, func() {
			i := t.obj.Info
			fmt.Fprintf(w, "%s %s %s %s %d", i.Key, i.Name, i.EntityName, i.State, i.Progress)
			if i.Error != nil {
				fmt.Fprintf(w, " %T", i.Error.Fault)
			}
			fmt.Fprintln(w)
		})
	}
}

// clock is a time as in the log; a task may not have reached it yet.
func clock(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format("15:04:05.000")
}

// Times writes one line per task of ours: when it was queued, started and ended,
// in the log's clock, and the copy time of a clone in seconds.
func (s *Server) Times(w io.Writer) {
	ctx := s.context()
	for _, t := range s.tasks.list() {
		ctx.WithLock(t.obj, func() {
			i := t.obj.Info
			fmt.Fprintf(w, "%s %s %s %s %s %.3f\n", i.Key, i.Name, clock(&i.QueueTime),
				clock(i.StartTime), clock(i.CompleteTime), t.length.Seconds())
		})
	}
}
