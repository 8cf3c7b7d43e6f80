// SPDX-License-Identifier: Apache-2.0

package vcenter

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

const cookieName = "vmware_soap_session"

// session is a login. Collectors, filters, views and page tokens belong to the
// session and end with it.
type session struct {
	id       string // short, for the log
	key      string // in references to its objects, not secret
	cookie   string // a different one, as with a real vCenter
	user     string
	agent    string
	readOnly bool
	began    time.Time
	ctx      context.Context // ends with the session
	end      context.CancelFunc

	mu      sync.Mutex
	objects map[types.ManagedObjectReference]any
	tokens  map[string]*pending
}

func (s *session) get(ref types.ManagedObjectReference) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects[ref]
}

func (s *session) put(ref types.ManagedObjectReference, obj any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[ref] = obj
}

func (s *session) drop(ref types.ManagedObjectReference) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.objects[ref]
	delete(s.objects, ref)
	return ok
}

// newRef has the form that vCenter gives to objects of a session.
func (s *session) newRef(kind string) types.ManagedObjectReference {
	return types.ManagedObjectReference{Type: kind, Value: "session[" + s.key + "]" + newUUID()}
}

func (s *session) info() types.UserSession {
	return types.UserSession{Key: s.key, UserName: s.user, FullName: s.user, LoginTime: s.began,
		LastActiveTime: time.Now(), Locale: "en", MessageLocale: "en", IpAddress: "127.0.0.1",
		UserAgent: s.agent}
}

type sessions struct {
	mu      sync.Mutex
	live    map[string]*session
	logins  int
	refused int
	logouts int
}

func (ss *sessions) find(r *http.Request) *session {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.live[c.Value]
}

func (ss *sessions) add(user, agent string, readOnly bool) *session {
	s := &session{key: newUUID(), cookie: newUUID(), user: user, agent: agent, readOnly: readOnly, began: time.Now(),
		objects: map[types.ManagedObjectReference]any{}, tokens: map[string]*pending{}}
	s.ctx, s.end = context.WithCancel(context.Background())
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.logins++
	s.id = fmt.Sprintf("s%d", ss.logins)
	ss.live[s.cookie] = s
	return s
}

func (ss *sessions) drop(cookie string) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if s := ss.live[cookie]; s != nil {
		ss.logouts++
		delete(ss.live, cookie)
		s.end()
	}
}

// Sessions writes the live sessions and the counts so far.
func (s *Server) Sessions(w io.Writer) {
	ss := &s.sess
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, one := range ss.live {
		fmt.Fprintf(w, "session=%s user=%s\n", one.id, one.user)
	}
	fmt.Fprintf(w, "live=%d\nlogins=%d\nrefused=%d\nlogouts=%d\n",
		len(ss.live), ss.logins, ss.refused, ss.logouts)
}

// Expire ends all sessions, as an idle timeout or a restart does.
func (s *Server) Expire() {
	s.sess.mu.Lock()
	dead := s.sess.live
	s.sess.live = map[string]*session{}
	s.sess.mu.Unlock()
	for _, one := range dead {
		one.end()
	}
}

// login is the only way in: one fixed pair; any other is InvalidLogin, as is a
// login on top of a live session.
func (s *Server) login(c *call) (any, types.BaseMethodFault) {
	req := c.body.(*types.Login)
	readOnly := req.UserName == "reader" && req.Password == "reader"
	if c.sess != nil || !readOnly &&
		(req.UserName != s.opt.User || req.Password != s.opt.Password) {
		s.sess.mu.Lock()
		s.sess.refused++
		s.sess.mu.Unlock()
		return nil, &types.InvalidLogin{}
	}
	c.sess = s.sess.add(req.UserName, c.req.UserAgent(), readOnly)
	c.header.Set("Set-Cookie", cookieName+`="`+c.sess.cookie+`"; Path=/; HttpOnly; Secure`)
	return &types.LoginResponse{Returnval: c.sess.info()}, nil
}

func (s *Server) logout(c *call) (any, types.BaseMethodFault) {
	s.sess.drop(c.sess.cookie)
	return &types.LogoutResponse{}, nil
}

// Privileges that a read-only role lacks, by method; a method that is not listed
// changes nothing.
var privileges = map[string]string{
	"CloneVM_Task":          "VirtualMachine.Inventory.CreateFromExisting",
	"ReconfigVM_Task":       "VirtualMachine.Config.AdvancedConfig",
	"PowerOnVM_Task":        "VirtualMachine.Interact.PowerOn",
	"PowerOnMultiVM_Task":   "VirtualMachine.Interact.PowerOn",
	"PowerOffVM_Task":       "VirtualMachine.Interact.PowerOff",
	"ResetVM_Task":          "VirtualMachine.Interact.Reset",
	"SuspendVM_Task":        "VirtualMachine.Interact.Suspend",
	"ShutdownGuest":         "VirtualMachine.Interact.PowerOff",
	"RebootGuest":           "VirtualMachine.Interact.Reset",
	"MarkAsTemplate":        "VirtualMachine.Provisioning.MarkAsTemplate",
	"MarkAsVirtualMachine":  "VirtualMachine.Provisioning.MarkAsVM",
	"Destroy_Task":          "VirtualMachine.Inventory.Delete",
	"UnregisterVM":          "VirtualMachine.Inventory.Unregister",
	"Rename_Task":           "VirtualMachine.Config.Rename",
	"CreateFolder":          "Folder.Create",
	"CreateVM_Task":         "VirtualMachine.Inventory.Create",
	"ImportVApp":            "VApp.Import",
	"CreateSnapshot_Task":   "VirtualMachine.State.CreateSnapshot",
	"CancelTask":            "Global.CancelTask",
	"CreateResourcePool":    "Resource.CreatePool",
	"RelocateVM_Task":       "Resource.ColdMigrate",
	"MoveIntoFolder_Task":   "VirtualMachine.Inventory.Move",
	"RecommendDatastores":   "System.Read",
	"CreateSnapshotEx_Task": "VirtualMachine.State.CreateSnapshot",
}

func denied(c *call) types.BaseMethodFault {
	priv, changes := privileges[c.name]
	if c.sess == nil || !c.sess.readOnly || !changes || priv == "System.Read" {
		return nil
	}
	return noPermission(c.this, priv)
}

func noPermission(obj types.ManagedObjectReference, priv string) *types.NoPermission {
	return &types.NoPermission{
		Object: &obj, PrivilegeId: priv,
		MissingPrivileges: []types.NoPermissionEntityPrivileges{
			{Entity: obj, PrivilegeIds: []string{priv}}},
	}
}
