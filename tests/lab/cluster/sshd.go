// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The folder that sshd requires when root starts it, and the mark of a folder
// that a lab created. Labs that run at the same time share it under a lock; the
// last one removes it.
const (
	privsepDir  = "/run/sshd"
	privsepMark = ".vsutils-lab"
)

// An sshd listens on a loopback port. The listener is ours, and each connection
// gets Debian's own sshd, as from inetd: the port cannot be lost between
// choosing and binding it, and no process can be left behind.
type sshd struct {
	listener net.Listener
	dir      string
	log      *os.File
	privsep  *os.File // locked while we need it; nil for an ordinary user
	end      func()
	ctx      context.Context
	sessions sync.WaitGroup
	pam      atomic.Value // "yes" or "no"
}

const sshdProgram = "/usr/sbin/sshd"

var errNoSSHD = errors.New("sshd is not installed")

// startSSHD opens the port, with the folder of programs first in a session's
// PATH. dir/config logs in as the user that runs the lab.
func startSSHD(dir, programs string) (*sshd, error) {
	for _, program := range []string{sshdProgram, "/usr/bin/ssh-keygen", "/usr/bin/ssh"} {
		if _, err := os.Stat(program); err != nil {
			return nil, errNoSSHD
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sshd{listener: listener, dir: dir}
	s.ctx, s.end = context.WithCancel(context.Background())
	if err := sshFiles(dir, programs, listener.Addr().(*net.TCPAddr).Port); err != nil {
		s.Close()
		return nil, err
	}
	if s.log, err = os.Create(filepath.Join(dir, "sshd.log")); err != nil {
		s.Close()
		return nil, err
	}
	if os.Geteuid() == 0 {
		if s.privsep, err = holdPrivsep(privsepDir); err != nil {
			s.Close()
			return nil, err
		}
	}
	s.pam.Store("no")
	s.sessions.Go(s.accept)
	// An account with a locked password can log in only with PAM, and PAM is
	// not set up everywhere: a real login shows which one is needed.
	for _, pam := range []string{"no", "yes"} {
		s.pam.Store(pam)
		if err = s.tryLogin(); err == nil {
			return s, nil
		}
	}
	s.Close()
	return nil, err
}

func (s *sshd) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.sessions.Go(func() { s.serve(conn) })
	}
}

// serve runs one sshd. The kernel sends the death signal when the thread that
// started the child ends, so the thread is kept until the child has ended.
func (s *sshd) serve(conn net.Conn) {
	socket, err := conn.(*net.TCPConn).File()
	conn.Close()
	if err != nil {
		return
	}
	defer socket.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(s.ctx, sshdProgram, "-i", "-e", "-f", filepath.Join(s.dir, "sshd_config"),
		"-o", "UsePAM="+s.pam.Load().(string))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = socket, socket, s.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	// Its status is 255 whenever the client disconnects, so it is ignored.
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(s.log, "sshd:", err)
		return
	}
	cmd.Wait()
}

// tryLogin checks that a login works.
func (s *sshd) tryLogin() error {
	ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
	defer cancel()
	login := exec.CommandContext(ctx, "/usr/bin/ssh", "-F", filepath.Join(s.dir, "config"), "rke2-cp", "true")
	if out, err := login.CombinedOutput(); err != nil {
		return fmt.Errorf("ssh login failed (%w): %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// Close closes the port, ends every session, and releases what they needed.
func (s *sshd) Close() {
	s.end()
	s.listener.Close()
	s.sessions.Wait()
	if s.privsep != nil {
		releasePrivsep(s.privsep)
	}
	if s.log != nil {
		s.log.Close()
	}
}

// sshFiles writes keys and the two configurations.
func sshFiles(dir, programs string, port int) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, key := range []string{"host_key", "id_ed25519"} {
		out, err := exec.Command("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "vsutils-lab",
			"-f", filepath.Join(dir, key)).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ssh-keygen: %s", bytes.TrimSpace(out))
		}
	}
	public, err := os.ReadFile(filepath.Join(dir, "id_ed25519.pub"))
	if err != nil {
		return err
	}
	host, err := os.ReadFile(filepath.Join(dir, "host_key.pub"))
	if err != nil {
		return err
	}
	me, err := user.Current()
	if err != nil {
		return err
	}
	known := fmt.Sprintf("[127.0.0.1]:%d %s", port, host)
	server := fmt.Sprintf(sshdConfig, dir, dir, programs)
	client := fmt.Sprintf(sshConfig, port, me.Username, dir, dir)
	for name, text := range map[string]string{
		"authorized_keys": string(public), "known_hosts": known, "sshd_config": server, "config": client,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

const sshdConfig = `HostKey "%s/host_key"
AuthorizedKeysFile "%s/authorized_keys"
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
# The lab's folder is below /tmp, which others may write to.
StrictModes no
PrintMotd no
UseDNS no
SetEnv "PATH=%s:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
`

const sshConfig = `Host rke2-cp rke2-cp.example
	HostName 127.0.0.1
	Port %d
	User %s
	IdentityFile "%s/id_ed25519"
	IdentitiesOnly yes
	UserKnownHostsFile "%s/known_hosts"
	GlobalKnownHostsFile /dev/null
	StrictHostKeyChecking yes
	BatchMode yes
	LogLevel ERROR
`

// holdPrivsep keeps the folder in place while the lab runs.
func holdPrivsep(dir string) (*os.File, error) {
	for range 100 {
		err := os.Mkdir(dir, 0o755)
		if err != nil && !errors.Is(err, os.ErrExist) {
			return nil, err
		}
		made := err == nil
		f, err := os.Open(dir)
		if errors.Is(err, os.ErrNotExist) {
			continue // another lab has just removed it
		} else if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH); err != nil {
			f.Close()
			return nil, err
		}
		mine, err := f.Stat()
		there, err2 := os.Stat(dir)
		if err != nil || err2 != nil || !os.SameFile(mine, there) {
			f.Close()
			continue
		}
		if made {
			if err := os.WriteFile(filepath.Join(dir, privsepMark), nil, 0o600); err != nil {
				f.Close()
				return nil, err
			}
		}
		return f, nil
	}
	return nil, fmt.Errorf("%s comes and goes", dir)
}

// releasePrivsep removes the folder if a lab created it and no lab uses it.
func releasePrivsep(f *os.File) {
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return
	}
	if os.Remove(filepath.Join(f.Name(), privsepMark)) == nil {
		os.Remove(f.Name())
	}
}
