package vcenter

import (
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/vmware/govmomi/vim25/types"
)

const cookieName = "vmware_soap_session"

// session is a login. Its key is vcsim's session key, too: collectors,
// filters and views live in vcsim's registry of that session and so die
// with it.
type session struct {
	id       string // short, for the log
	key      string
	user     string
	readOnly bool
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

func (ss *sessions) add(key, user string, readOnly bool) *session {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.logins++
	s := &session{id: fmt.Sprintf("s%d", ss.logins), key: key, user: user, readOnly: readOnly}
	ss.live[key] = s
	return s
}

func (ss *sessions) drop(key string) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if ss.live[key] != nil {
		ss.logouts++
		delete(ss.live, key)
	}
}

// isLive is asked again after a long poll: the session may have died.
func (ss *sessions) isLive(key string) bool {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.live[key] != nil
}

// Sessions writes the live sessions and what was counted so far.
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

// Expire ends all sessions, as an idle time-out or a restart does.
func (s *Server) Expire() {
	s.sess.mu.Lock()
	dead := s.sess.live
	s.sess.live = map[string]*session{}
	s.sess.mu.Unlock()
	for key := range dead {
		s.endSession(key)
	}
}

// login is the only way in: a fixed pair, any other is InvalidLogin, and
// so is a login on top of a live session.
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
	return s.newSession(c, req.UserName, req.Locale, readOnly), nil
}

// privileges a read-only role does not have, by method; a method that is
// not here changes nothing.
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
