// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"math/rand"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// cloneJob is one CloneVM_Task from its call to its end.
type cloneJob struct {
	s    *Server
	req  *types.CloneVM_Task
	src  *simulator.VirtualMachine
	vm   *simulator.VirtualMachine // nil if the name was taken
	at   place
	task *task
	dup  types.BaseMethodFault
}

// cloneVM starts a clone: the new VM has its place and name at once, and its
// config when the copy is done.
func (s *Server) cloneVM(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.CloneVM_Task)
	s.inv.Lock()
	defer s.inv.Unlock()
	job := &cloneJob{s: s, req: req, src: s.vm(c.this)}
	if job.src.Config == nil {
		return nil, &types.InvalidState{}
	}
	if fault := job.locate(); fault != nil {
		return nil, fault
	}
	fault := job.early()
	if fault == nil {
		if taken := s.child(job.at.folder, req.Name); taken != nil {
			fault = &types.DuplicateName{Name: req.Name, Object: *taken}
		}
	}
	job.task = s.newTask(c, c.this, "CloneVM_Task", "VirtualMachine.clone")
	if fault != nil {
		job.dup = fault
	} else {
		job.vm = s.newVM(req.Name, job.at)
	}
	s.enqueue(job)
	return &types.CloneVM_TaskResponse{Returnval: job.task.ref}, nil
}

func (s *Server) exists(refs ...*types.ManagedObjectReference) types.BaseMethodFault {
	for _, ref := range refs {
		if ref != nil && s.svc.Context.Map.Get(*ref) == nil {
			return &types.ManagedObjectNotFound{Obj: *ref}
		}
	}
	return nil
}

// locate works out where the clone goes; unknown references fail the call.
func (j *cloneJob) locate() types.BaseMethodFault {
	loc := &j.req.Spec.Location
	if fault := j.s.exists(&j.req.Folder, loc.Folder, loc.Datastore, loc.Pool, loc.Host, j.req.Spec.Snapshot); fault != nil {
		return fault
	}
	for i := range loc.Disk {
		if fault := j.s.exists(&loc.Disk[i].Datastore); fault != nil {
			return fault
		}
	}
	j.at = place{folder: j.req.Folder, host: *j.src.Runtime.Host, ds: j.src.Datastore[0]}
	if loc.Folder != nil {
		j.at.folder = *loc.Folder
	}
	folder, ok := j.s.svc.Context.Map.Get(j.at.folder).(*simulator.Folder)
	if !ok || !oneOf("VirtualMachine", folder.ChildType) {
		return &types.InvalidArgument{InvalidProperty: "folder"}
	}
	if loc.Datastore != nil {
		j.at.ds = *loc.Datastore
	}
	if _, ok := j.s.svc.Context.Map.Get(j.at.ds).(*simulator.Datastore); !ok {
		return &types.InvalidArgument{InvalidProperty: "spec.location.datastore"}
	}
	return nil
}

// early finds what the task fails on before it copies anything.
func (j *cloneJob) early() types.BaseMethodFault {
	spec, loc := &j.req.Spec, &j.req.Spec.Location
	if n := utf8.RuneCountInString(j.req.Name); n == 0 || n > 80 || badEscape(j.req.Name) {
		return &types.InvalidName{Name: j.req.Name}
	}
	pool := loc.Pool
	if pool == nil {
		pool = j.src.ResourcePool // a template has none
	}
	if pool == nil && !spec.Template {
		return &types.InvalidArgument{InvalidProperty: "spec.location.pool"}
	}
	if fault := j.pickHost(pool, loc.Host); fault != nil {
		return fault
	}
	if !spec.Template {
		j.at.pool = pool
	}
	if spec.Template && spec.PowerOn {
		return &types.InvalidArgument{InvalidProperty: "spec.powerOn"}
	}
	if t := loc.DiskMoveType; t != "" &&
		!oneOf(t, types.VirtualMachineRelocateDiskMoveOptionsCreateNewChildDiskBacking.Strings()) {
		return &types.InvalidArgument{InvalidProperty: "spec.location.diskMoveType"}
	}
	if spec.Snapshot != nil && !hasSnapshot(j.src, *spec.Snapshot) {
		return &types.InvalidArgument{InvalidProperty: "spec.snapshot"}
	}
	if j.wantsChild() && spec.Snapshot == nil {
		return &types.InvalidArgument{InvalidProperty: "spec.location.diskMoveType"}
	}
	return j.checkDisks()
}

func badEscape(name string) bool {
	rest := name
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			return strings.ContainsAny(name, "/\\")
		}
		if len(rest) < i+3 || !oneOf(strings.ToLower(rest[i:i+3]), []string{"%25", "%2f", "%5c"}) {
			return true
		}
		rest = rest[i+3:]
	}
}

func (j *cloneJob) wantsChild() bool {
	return j.req.Spec.Location.DiskMoveType ==
		string(types.VirtualMachineRelocateDiskMoveOptionsCreateNewChildDiskBacking)
}

// pickHost takes the requested host, or one of the pool's.
func (j *cloneJob) pickHost(pool, host *types.ManagedObjectReference) types.BaseMethodFault {
	if pool == nil {
		if host != nil {
			j.at.host = *host
		}
		return nil
	}
	hosts := j.s.poolHosts(*pool)
	if hosts == nil {
		return &types.InvalidArgument{InvalidProperty: "spec.location.pool"}
	}
	if host != nil {
		for _, h := range hosts {
			if h == *host {
				j.at.host = h
				return nil
			}
		}
		return &types.InvalidArgument{InvalidProperty: "spec.location.host"}
	}
	least := -1
	for _, ref := range hosts { // as DRS would: the one with the fewest VMs
		h, ok := j.s.svc.Context.Map.Get(ref).(*simulator.HostSystem)
		if ok && !h.Runtime.InMaintenanceMode && (least < 0 || len(h.Vm) < least) {
			least, j.at.host = len(h.Vm), ref
		}
	}
	return nil
}

func (j *cloneJob) checkDisks() types.BaseMethodFault {
	for i, l := range j.req.Spec.Location.Disk {
		d := diskByKey(j.baseConfig(), l.DiskId)
		if d == nil {
			return &types.InvalidArgument{InvalidProperty: indexed("disk", i, "diskId")}
		}
		if l.DiskBackingInfo == nil {
			continue
		}
		b, ok := l.DiskBackingInfo.(*types.VirtualDiskFlatVer2BackingInfo)
		if !ok || !oneOf(b.DiskMode, types.VirtualDiskModePersistent.Strings()) ||
			isTrue(b.ThinProvisioned) && isTrue(b.EagerlyScrub) {
			return &types.InvalidArgument{InvalidProperty: indexed("disk", i, "diskBackingInfo")}
		}
		if old, ok := d.Backing.(*types.VirtualDiskFlatVer2BackingInfo); ok && j.wantsChild() &&
			isTrue(old.ThinProvisioned) != isTrue(b.ThinProvisioned) {
			return &types.InvalidArgument{InvalidProperty: indexed("disk", i, "diskBackingInfo")}
		}
	}
	return nil
}

// baseConfig is what is copied: the source, or its state in the snapshot.
func (j *cloneJob) baseConfig() *types.VirtualMachineConfigInfo {
	if ref := j.req.Spec.Snapshot; ref != nil {
		if sn, ok := j.s.svc.Context.Map.Get(*ref).(*simulator.VirtualMachineSnapshot); ok {
			return &sn.Config
		}
	}
	return j.src.Config
}

// enqueue starts a clone when its source's host has a free slot.
func (s *Server) enqueue(j *cloneJob) {
	host := j.src.Runtime.Host.Value
	s.tasks.mu.Lock()
	defer s.tasks.mu.Unlock()
	s.tasks.waiting[host] = append(s.tasks.waiting[host], j)
	s.admitClones(host)
	s.goDo(func() { // a clone may be cancelled while it waits
		select {
		case <-j.task.stop:
			s.leaveQueue(host, j)
		case <-j.task.done:
		case <-s.ctx.Done():
		}
	})
}

// admitClones starts the clones that may run; tasks.mu is held.
func (s *Server) admitClones(host string) {
	s.set.mu.Lock()
	limit := s.set.perHost
	s.set.mu.Unlock()
	tt := &s.tasks
	for len(tt.waiting[host]) > 0 && (limit <= 0 || tt.running[host] < limit) {
		j := tt.waiting[host][0]
		tt.waiting[host] = tt.waiting[host][1:]
		tt.running[host]++
		s.goDo(func() {
			j.run()
			tt.mu.Lock()
			defer tt.mu.Unlock()
			tt.running[host]--
			s.admitClones(host)
		})
	}
}

func (s *Server) leaveQueue(host string, j *cloneJob) {
	s.tasks.mu.Lock()
	queue, found := s.tasks.waiting[host], false
	for i, q := range queue {
		if q == j {
			s.tasks.waiting[host] = append(append([]*cloneJob(nil), queue[:i]...), queue[i+1:]...)
			found = true
			break
		}
	}
	s.tasks.mu.Unlock()
	if found {
		j.fail(&types.RequestCanceled{})
	}
}

// cloneTime is the run time of this clone, with jitter from a fixed seed.
var jitter = rand.New(rand.NewSource(1))

func (s *Server) cloneTime() time.Duration {
	s.set.mu.Lock()
	defer s.set.mu.Unlock()
	d := s.set.cloneTime
	if s.set.jitter > 0 {
		d += time.Duration(float64(d) * (2*jitter.Float64() - 1) * float64(s.set.jitter) / 100)
	}
	return d
}

// run copies for a while, reporting progress, and then finishes.
func (j *cloneJob) run() {
	j.task.start()
	if j.dup != nil {
		j.fail(j.dup)
		return
	}
	total := j.s.cloneTime()
	j.task.given(total)
	steps := 10
	if total < time.Second {
		steps = 4
	}
	for i := 1; i <= steps; i++ {
		if !j.task.sleep(total / time.Duration(steps)) {
			j.fail(&types.RequestCanceled{})
			return
		}
		j.task.progress(int32(i * 95 / steps))
		if j.task.injected != nil && i*2 >= steps {
			j.fail(j.task.injected)
			return
		}
	}
	if _, fault := j.s.attempt(j.task, j.complete); fault != nil {
		j.fail(fault)
		return
	}
	if j.req.Spec.PowerOn && !j.task.stayOff {
		if fault := j.powerOn(); fault != nil {
			j.task.finish(nil, fault)
			return
		}
	}
	j.task.finish(j.vm.Self, nil)
}

// fail ends the clone and removes what it created.
func (j *cloneJob) fail(fault types.BaseMethodFault) {
	if j.vm != nil {
		j.s.inv.Lock()
		j.s.removeVM(j.vm)
		j.s.inv.Unlock()
	}
	j.task.finish(nil, fault)
}
