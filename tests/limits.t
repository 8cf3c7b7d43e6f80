#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# How long a run may take: deadlines of jobs, the time after a signal, the clean-up.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
[ -x "$LOWER/vs-clone" ] || skip_all 'no build/lower (make units)'
vs_lab
run vs-clone flatcar-template l-1 l-2 l-3
status_is 0 "three VMs"
rec() { printf '/DC0/vm/%s\t%s\n' "$1" "$(ref "$1")"; }
is_on() { has "$1" power=poweredOn; }

# ---- each job has its own deadline, from the time when it starts

ctl set power-time 2s
run vs-power -j 1 --timeout 5s on l-1 l-2 l-3
status_is 0 "--timeout 5s, and three that take 2 s each, one at a time: time in the queue does not count"
is "$(printf '%s\n' "$out" | wc -l)" 3 "... all of them have a record"
ctl set power-time 20ms
run vs-power off l-1 l-2 l-3
{ rec l-1; sleep 3; rec l-2; wait_for 20 test -e "$T/expired"; sleep 1; ctl power l-2 on; } |
	vs-wait --timeout 6s on >"$T/begun" 2>"$T/begun.err" &
pid=$!
expired() { grep -q 'l-1: not done within' "$T/begun.err"; }
wait_for 20 expired
ok $? "the first of two that came 3 s apart is not done in time"
! grep -q l-2 "$T/begun.err"
ok $? "... the second one has its own time"
touch "$T/expired"
ends 4 "... status 4 is that of the first"
is "$(printf '%s\n' "$out" | cut -f 1)" /DC0/vm/l-2 "... and the second is done"

# ---- after a signal

# lower BOUNDS METHOD N COMMAND...: begin, with these bounds
lower() {
	_bounds=$1 _m=$2 _c=$3
	shift 3
	begin "$_m" "$_c" env BOUNDS="$_bounds" "$@"
}
ctl set clone-time 60s
ctl fault CancelTask delay=60s
lower GRACE_MS=600000 CloneVM_Task 1 "$LOWER/vs-clone" flatcar-template c-1
wait_for 20 asked WaitForUpdatesEx
kill -INT "$pid"
wait_for 20 asked CancelTask
_alive "$pid"
ok $? "the first SIGINT: it waits for the task to be cancelled"
kill -INT "$pid"
ends 130 "the second SIGINT ends it at once, however long the grace period is"
ctl fault clear
# the reconfiguration hangs before it has a task
ctl fault ReconfigVM_Task delay=60s
lower GRACE_MS=600000 ReconfigVM_Task 1 "$LOWER/vs-extraconfig" -e a=1 l-1
kill -INT "$pid"
sleep 0.3
_alive "$pid"
ok $? "... so while a call hangs"
kill -TERM "$pid"
ends 143 "... a SIGTERM after a SIGINT, too"
ctl fault clear
ctl fault CancelTask delay=60s
lower GRACE_MS=1000 CloneVM_Task 1 "$LOWER/vs-clone" flatcar-template c-2
wait_for 20 asked WaitForUpdatesEx
kill -INT "$pid"
ends 130 "the first SIGINT alone: it ends when the grace period is over"
err_is "vs-clone: c-2: still cloning when the grace period ended" "... and says what it was doing"
ctl fault clear

# ---- a clean-up that hangs

ctl fault DestroyView delay=60s
ctl fault DestroyPropertyCollector delay=60s
lower CLEANUP_MS=1000 DestroyView 1 "$LOWER/vs-wait" off l-3
ends 0 "view and collector are not released: it ends all the same"
out_like '^/DC0/vm/l-3' "... with its record"
ctl fault clear
ctl fault Logout delay=60s
for tool in "$LOWER/vs-ls" \
	"$LOWER/vs-wait off"; do
	# shellcheck disable=SC2086 # a tool and its word
	GOVC_PERSIST_SESSION=0 lower CLEANUP_MS=1000 Logout 1 $tool l-3
	ends 0 "${tool##*/}: no answer to Logout"
done
ctl fault clear
done_testing
