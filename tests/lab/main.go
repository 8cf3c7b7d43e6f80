// SPDX-License-Identifier: Apache-2.0

// The lab: a strict vCenter, an RKE2 control plane, a Kubernetes API and guests
// that boot, all on 127.0.0.1, for tests, for the demo and for use by hand.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	"vsutils/lab/cluster"
	"vsutils/lab/control"
	"vsutils/lab/mutate"
	"vsutils/lab/vcenter"
)

type options struct {
	dir     string
	stdin   bool
	vc      vcenter.Options
	cluster cluster.Options
	command []string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "ctl" {
		os.Exit(control.Main(os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == "mutate" {
		os.Exit(mutate.Main(os.Args[2:]))
	}
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	status, err := run(parse())
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab: %v\n", err)
		status = 1
	}
	os.Exit(status)
}

func parse() *options {
	o := &options{}
	flag.StringVar(&o.dir, "dir", "", "state `folder` (default: a new one, removed at the end)")
	flag.BoolVar(&o.stdin, "stdin", false, "end when stdin does")
	v := &o.vc
	flag.IntVar(&v.VMs, "vms", 0, "extra VMs")
	flag.IntVar(&v.Clusters, "clusters", 1, "clusters")
	flag.IntVar(&v.Hosts, "hosts", 3, "hosts per cluster")
	flag.DurationVar(&v.CloneTime, "clone-time", 50*time.Millisecond, "run time of a clone task")
	flag.IntVar(&v.CloneJitter, "clone-jitter", 0, "percent of -clone-time, with a fixed seed")
	flag.DurationVar(&v.PowerTime, "power-time", 20*time.Millisecond, "run time of a power task")
	flag.DurationVar(&v.Latency, "latency", 0, "added to each call")
	flag.IntVar(&v.PerHost, "per-host", 8, "clones that run at once per host; the rest stay queued")
	flag.IntVar(&v.Page, "page", 1000, "objects per page of RetrievePropertiesEx without maxObjects")
	flag.StringVar(&v.APIVersion, "api-version", "8.0.3.0", "newest API version the server knows")
	flag.StringVar(&v.User, "user", "administrator@vsphere.local", "the one user with all rights")
	flag.StringVar(&v.Password, "password", "lab-Passw0rd", "password of -user")
	flag.BoolVar(&v.Verbose, "v", false, "log requests and errors on stderr")
	c := &o.cluster
	flag.DurationVar(&c.BootTime, "boot-time", 100*time.Millisecond, "from power-on to an address")
	flag.DurationVar(&c.JoinTime, "join-time", 200*time.Millisecond, "from the address to a Ready node")
	flag.StringVar(&c.KubeServer, "kube-server", "", "`URL` of a real Kubernetes API for the nodes")
	flag.StringVar(&c.KubeToken, "kube-token", "", "its bearer token")
	flag.StringVar(&c.KubeCA, "kube-ca", "", "its CA `file`")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: lab [OPTIONS] [-- COMMAND [ARGS]]\n       lab ctl VERB [ARGS]\n"+
			"       lab mutate [OPTIONS]")
		flag.PrintDefaults()
	}
	flag.Parse()
	o.command = flag.Args()
	c.Verbose = v.Verbose
	return o
}

func run(o *options) (status int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	if err := dieWithParent(); err != nil {
		return 1, err
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "vsutils-lab-"); err != nil {
			return 1, err
		}
		defer os.RemoveAll(o.dir)
	} else if err = os.MkdirAll(o.dir, 0o700); err != nil {
		return 1, err
	}
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return 1, err
	}
	env, end, err := start(o)
	if err != nil {
		return 1, err
	}
	defer end()
	file := filepath.Join(o.dir, "env")
	if err := writeEnv(file, env); err != nil {
		return 1, err
	}
	if len(o.command) > 0 {
		return command(ctx, o.command, env)
	}
	fmt.Println(file)
	if o.stdin {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	<-ctx.Done()
	return 0, nil
}

// start starts everything and returns the environment of its clients.
func start(o *options) (map[string]string, func(), error) {
	cl, err := cluster.Start(o.dir, o.cluster)
	if err != nil {
		return nil, nil, err
	}
	o.vc.Dir = o.dir
	o.vc.Boot = func(ctx context.Context, m vcenter.Machine) { cl.Boot(ctx, cluster.Machine(m)) }
	vc, err := startVCenter(o)
	if err != nil {
		cl.Close()
		return nil, nil, err
	}
	ctl, err := control.Start(vc, cl.ControlHandler())
	if err != nil {
		vc.Close()
		cl.Close()
		return nil, nil, err
	}
	env := map[string]string{"LAB_CTL": ctl.URL(), "LAB_DIR": o.dir}
	for _, more := range []map[string]string{vc.Env(), cl.Env()} {
		for k, v := range more {
			env[k] = v
		}
	}
	return env, func() {
		ctl.Close()
		vc.Close()
		cl.Close()
	}, nil
}

// startVCenter makes vcsim keep its datastores in the state folder: it asks for
// a temporary one, which a killed process cannot remove.
func startVCenter(o *options) (*vcenter.Server, error) {
	old, had := os.LookupEnv("TMPDIR")
	if err := os.Setenv("TMPDIR", o.dir); err != nil {
		return nil, err
	}
	defer func() {
		if had {
			os.Setenv("TMPDIR", old)
		} else {
			os.Unsetenv("TMPDIR")
		}
	}()
	return vcenter.Start(o.vc)
}

// dieWithParent makes the kernel end us when our parent ends, so that a killed
// test leaves no lab behind.
func dieWithParent() error {
	parent := os.Getppid()
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG,
		uintptr(syscall.SIGTERM), 0); errno != 0 {
		return errno
	}
	if os.Getppid() != parent {
		return errors.New("the parent process has ended")
	}
	return nil
}

// writeEnv writes the file whole or not at all: a process that waits for it may
// read it as soon as it exists.
func writeEnv(file string, env map[string]string) error {
	keys := make([]string, 0, len(env))
	for k := range env {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "export %s='%s'\n", k, strings.ReplaceAll(env[k], "'", `'\''`))
	}
	if err := os.WriteFile(file+".new", []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// command runs a command in the lab and returns its exit status.
func command(ctx context.Context, args []string, env map[string]string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = os.Environ()
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return 127, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done(): // pass the signal on and wait for the command's own end
		_ = cmd.Process.Signal(syscall.SIGTERM)
		err = <-done
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			return 128 + int(ws.Signal()), nil
		}
		return exit.ExitCode(), nil
	}
	return 0, err
}
