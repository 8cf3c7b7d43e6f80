// SPDX-License-Identifier: Apache-2.0

package control

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"vsutils/lab/hostile"
)

const usage = `usage: lab ctl VERB [ARGS], with LAB_CTL in the environment; lab ctl help

What vCenter has seen:
  requests [-reset]         METHOD COUNT lines, and the total without WaitForUpdatesEx;
                            -reset begins at 0 again
  log                       one line per request, TABs between: time, method, object,
                            status, user agent, session, address of the client
  sessions                  live sessions; logins, refused logins and logouts so far
  tasks                     one line per task
  times                     one line per task: queued, begun, ended, seconds of a clone
  vms                       one line per VM: path, reference, power state
  vm NAME|PATH|REF          all that the lab knows of a VM, as KEY=VALUE

Changes behind the back of the tools:
  make-vm PATH [FROM]       a VM, powered off, with the disk and the keys of FROM
  delete-vm PATH            power PATH on|off         setextra PATH KEY VALUE
  add-disk PATH FILE [N]    N more disks, each with that file
  add-nic PATH [N]          N more network cards, like the last one
  set-mac PATH MAC          a manual address for its first card
  set-cores PATH N          one socket with N cores
  question PATH TEXT        vCenter asks a question about it; clear answers it
  lose-files PATH           the VM becomes inaccessible: vCenter cannot tell its config
  expire                    ends all sessions
  set KEY VALUE             clone-time, clone-jitter, power-time, latency, per-host, page,
                            updates (objects in an answer to WaitForUpdatesEx), boot-time,
                            join-time, cancelable, keep-instance-uuid (yes, no)

Faults:
  fault                     lists them, and how often each has hit
  fault METHOD [match=TEXT] [count=N] [after=N] ACTION
                            calls of METHOD (*: of all) whose body contains TEXT fail:
                            count=N: N of them, not all; after=N: not the first N
  fault clear               ends all
     status=503[,retry-after=N]   an HTTP status
     fault=TYPE[:TEXT]            a SOAP fault          taskfault=TYPE[:TEXT]  the task's
     drop-before, reset           the connection is closed, or reset; no call is carried out
     drop-after                   the call is carried out, and there is no reply
     truncate, stall              the reply ends, or stops, in the middle
     hang-up                      the connection is closed after the reply
     garbage                      an HTML page; no call is carried out
     delay=DUR                    the call is carried out later
     missing-notauth              NotAuthenticated in a missingSet
     lose-task[,delay=DUR]        vCenter forgets the task of this call
     off                          a clone with power-on ends with the VM off
     answer SCRIPT                the answer is that of a script, see below
  hide TYPE PROPERTY        NoPermission in the missingSet instead; hide clear ends it
  drop-idle                 closes idle connections, and prints how many

The RKE2 server, Kubernetes and the guests:
  guest NAME, guests        what happened in a guest at boot; all guests and their state
  bootstrap-token [TTL]     creates one, and prints it
  supervisor-fail CODE [COUNT]  /v1-rke2 fails with CODE, COUNT times; off ends it
  supervisor-calls [-reset] how often each route was requested
  node-passwords            the nodes that have a node password Secret
  node-password NAME        creates one, of a worker that never became a node
  node-add NAME [UUID]      a Ready node that is not a VM of the lab
  node-delete NAME          node-cordon NAME [off]    node-label NAME KEY=VALUE|KEY-...
  node-condition NAME TYPE STATUS [MESSAGE]
  kube-requests [-reset]    the requests to the API, and how often each was made
  kube-fail CODE [COUNT]    the API fails with CODE, COUNT times; off ends it
  kube-answer REQUEST [match=TEXT] [count=N] [after=N] SCRIPT
                            answers to these requests ("list nodes", "watch nodes", *: all)
                            whose URL contains TEXT are a script's; own is not for watches;
                            without arguments: lists them; off ends all
  kube-drop                 breaks every watch
  kube-stall on|off         watches send nothing, but stay connected
  kube-gone [event|status]  the next watch, and continue tokens, end with 410
  set-boot-time DUR         set-join-time DUR         as set does

Scripts, for fault METHOD answer and kube-answer:
` + hostile.Usage

// Main is "lab ctl VERB ARGS": it sends the verb to $LAB_CTL, prints the
// answer and returns the exit status.
func Main(args []string) int {
	base := os.Getenv("LAB_CTL")
	if len(args) == 1 && args[0] == "help" {
		fmt.Print(usage)
		return 0
	}
	if base == "" || len(args) == 0 {
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	path := "/cluster/" + args[0]
	if _, ours := verbs[args[0]]; ours {
		path = "/" + args[0]
	}
	client := &http.Client{Timeout: 30 * time.Second}
	res, err := client.PostForm(base+path, url.Values{"arg": args[1:]})
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab ctl: %v\n", err)
		return 1
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		fmt.Fprintf(os.Stderr, "lab ctl: %v\n", err)
		return 1
	case res.StatusCode != http.StatusOK:
		fmt.Fprintf(os.Stderr, "lab ctl: %s: %s\n", args[0], strings.TrimSpace(string(body)))
		return 1
	}
	_, _ = os.Stdout.Write(body)
	return 0
}
