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
)

const usage = `usage: lab ctl VERB [ARGS], with LAB_CTL in the environment

requests [-reset]        METHOD COUNT, total (without WaitForUpdatesEx), WaitForUpdatesEx
log                      one line per request
sessions                 live ones; logins, refused logins and logouts so far
tasks                    one line per task
times                    one line per task: queued, begun, ended, seconds given to a clone
vms | vm NAME|PATH       what the lab itself sees of its VMs
set KEY VALUE            clone-time clone-jitter power-time latency per-host page
                         boot-time join-time cancelable keep-instance-uuid (yes, no)
fault METHOD [match=TEXT] [count=N] [after=N] ACTION | fault clear | fault
   status=503[,retry-after=N]  fault=TYPE[:TEXT]  taskfault=TYPE[:TEXT]  drop-before
   drop-after  reset  truncate  stall  hang-up  garbage  delay=DUR  off
   missing-notauth
   lose-task[,delay=DUR] (from the call on)
hide TYPE PROPERTY       NoPermission in the missingSet instead; hide clear
expire                   all sessions die
drop-idle                idle connections are closed
delete-vm PATH | power PATH on|off | setextra PATH KEY VALUE | make-vm PATH [FROM]
add-disk PATH FILE [N]   N more disks, each with that file
add-nic PATH [N]         N more network cards, like the last one
lose-files PATH          the VM is inaccessible: vCenter cannot tell its config

Other verbs are the cluster's: guest, guests, bootstrap-token, node-..., kube-...
`

// Main is "lab ctl VERB ARGS": it sends the verb to $LAB_CTL, prints the
// answer and returns the exit status.
func Main(args []string) int {
	base := os.Getenv("LAB_CTL")
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
