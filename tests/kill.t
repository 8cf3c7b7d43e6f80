#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2086,SC2154 # lib.sh, its variables, lists of names
# 20 clones, stopped at any point and run again: exactly the VMs asked for, each
# once.  A point is what the lab has seen.  To be there for sure, the call that is
# next hangs for a while; it is carried out all the same, in the middle of the
# next run: as with a vCenter that is slow.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
vs_lab -clone-time 150ms -clone-jitter 50
ignition || fail "a worker's Ignition config"
run vs-clone flatcar-template first
status_is 0 "a session to begin with"
base=$(ctl vms | wc -l)
point=0
HANG=1s
[ -z "${UNDER:-}" ] || HANG=3s

# clones NAME: what runs, in the background as $pid, for names of its own
clones() {
	point=$((point + 1))
	names=$(seq -f "p$point-%02.0f" 20)
	made=$(effective)
	requests_reset
	# a shell has what it puts in the background ignore SIGINT, and so would a tool
	env --default-signal=INT vs-clone -i "$T/worker.ign" --on flatcar-template $names >"$T/begun" 2>"$T/begun.err" &
	pid=$!
}
# hang METHOD [N]: after so many calls of it the next ones hang
hang() { ctl fault "$1" after="${2:-0}" delay=$HANG; }
# records N: it has written so many
records() { [ "$(wc -l <"$T/begun")" -ge "$1" ]; }
# Each but those that found the name taken; one that finds its VM on already, by
# the next run, ends in a fault, and has made it all the same.
effective() { ctl tasks | grep ' CloneVM_Task ' | grep -vc DuplicateName; }
# Nothing of a run that is over is still under way.
settled() {
	! ctl tasks | grep -qE ' (queued|running) ' &&
		! ctl log | awk -F "$tab" '$4 == "..." && $2 != "WaitForUpdatesEx"' | grep -q .
}

# killed SIGNAL STATUS NAME COMMAND...: when that succeeds, it gets the signal
killed() {
	_signal=$1 _status=$2 what=$3
	shift 3
	wait_for 60 "$@" || diag "never there: $(cat "$T/begun.err")"
	! _dead $pid
	ok $? "SIG$_signal $what"
	kill "-$_signal" $pid
	wait_for 30 _dead $pid || kill -KILL $pid
	wait $pid 2>"$T/o"
	is $? "$_status" "... status $_status" || diag "$(cat "$T/begun.err")"
}

# again: the same command, and what there is then
again() {
	ctl fault clear
	run vs-clone -i "$T/worker.ign" --on flatcar-template $names
	status_is 0 "... the same command again"
	is "$(echo "$out" | cut -f 1 | sort)" "$(printf '/DC0/vm/%s\n' $names)" \
		"... has a record of each"
	echo "$out" >"$T/made"
	wait_for 60 settled || diag "still at work: $(ctl tasks | tail -n 3)"
	ctl vms | grep "/p$point-" >"$T/there"
	is "$(cut -f 1 "$T/there")" "$(printf '/DC0/vm/%s\n' $names)" "... each is there once"
	is "$(cut -f 2 "$T/there" | sort)" \
		"$(cut -f 2 "$T/made" | sed 's/.*://' | sort)" "... and is that of its record"
	is "$(cut -f 3 "$T/there" | sort | uniq -c | tr -s ' ')" " 20 poweredOn" "... and on"
	is "$(ctl vms | wc -l)" $((base + 20)) "... and nothing else"
	run vs-extraconfig -g vsutils.id -g guestinfo.vsutils.ignition-sha256 \
		-g guestinfo.hostname <"$T/made"
	status_is 0 "... with all its keys"
	is "$(echo "$out" | awk -F "$tab" '"/DC0/vm/" substr($NF, 20) == $1' | wc -l)" 20 \
		"... with its own values"
	run vs-destroy -y --off <"$T/made"
	is "$status $(ctl vms | wc -l)" "0 $base" "... all goes" || diag "$err"
}

# ---- killed: nothing is tidied up, no task cancelled

gone() {
	killed KILL 137 "$@"
	again
	is $(($(effective) - made)) 20 "... 20 clones were carried out"
}
hang CloneVM_Task 5
clones
gone "after 5 clones were begun" asked CloneVM_Task 6
ctl set clone-time 50ms
ctl fault CloneVM_Task off
hang PowerOnVM_Task 3
clones
gone "in the middle of powering on" asked PowerOnVM_Task 4
# What is killed shows memcheck nothing; what comes after it is the same.
if [ -z "${UNDER:-}" ]; then
	ctl set clone-time 150ms
	cold
	hang Login
	clones
	gone "while Login is out" asked Login
	hang RetrievePropertiesEx
	clones
	gone "after Login" asked RetrievePropertiesEx
	hang RetrievePropertiesEx 1
	clones
	gone "while the template is read" asked RetrievePropertiesEx 2
	for n in 0 1 10 19; do
		hang CloneVM_Task $n
		clones
		gone "after $n clones were begun" asked CloneVM_Task $((n + 1))
	done
	hang CreateFilter
	clones
	gone "before the filter is there" asked CreateFilter
	ctl set clone-time 500ms
	clones
	gone "while it waits" asked WaitForUpdatesEx
	ctl set clone-time 200ms
	ctl set per-host 4
	clones
	gone "after 10 records" records 10
	ctl set per-host 8
	ctl set clone-time 50ms
	hang DestroyPropertyCollector
	clones
	gone "while it tidies up" asked DestroyPropertyCollector
fi

# ---- asked to end: what runs is cancelled or named, nothing stays in the session

# stopped SIGNAL STATUS NAME COMMAND...
stopped() {
	killed "$@"
	wait_for 60 settled || diag "still at work: $(ctl tasks | tail -n 3)"
	ctl vms | sed -n "s|^/DC0/vm/\(p$point-[0-9]*\)$tab.*|\1|p" >"$T/left"
	unnamed=
	while read -r vm; do
		grep -q "^/DC0/vm/$vm$tab" "$T/begun" ||
			grep -q "^vs-clone: $vm: " "$T/begun.err" || unnamed="$unnamed $vm"
	done <"$T/left"
	is "$unnamed" "" "... each VM has a record or a message"
	is "$(requests DestroyView) $(requests DestroyPropertyCollector)" \
		"$(requests CreateListView) $(requests CreatePropertyCollector)" \
		"... view and collector are destroyed" || diag "$(ctl requests)"
}
hang RetrievePropertiesEx 1
clones
stopped INT 130 "while the template is read" asked RetrievePropertiesEx 2
is "$(wc -l <"$T/left") $(changed)" "0 0" "... nothing was begun"
again
hang CloneVM_Task 5
clones
stopped TERM 143 "after 5 clones were begun" asked CloneVM_Task 6
again
hang CreateListView
clones
stopped INT 130 "before the view is there" asked CreateListView
again
ctl set clone-time 60s
clones
stopped TERM 143 "while it waits" asked WaitForUpdatesEx
is "$(wc -l <"$T/left") $(requests CancelTask)" "0 20" "... all are cancelled"
ctl set clone-time 300ms
again
ctl set per-host 4
clones
stopped INT 130 "after 5 records" records 5
ctl set per-host 8
again
ctl fault CloneVM_Task off
hang PowerOnVM_Task 3
clones
stopped TERM 143 "in the middle of powering on" asked PowerOnVM_Task 4
again

# ---- what comes after the signal

# The answer that names the task comes later, and the task then goes on.
ctl set clone-time 60s
ctl fault CloneVM_Task delay=1s
begin CloneVM_Task 1 vs-clone flatcar-template after-1
kill -INT "$pid"
ends 130 "SIGINT before a clone's answer"
is "$(requests CancelTask) $(ctl vms | grep -c /after-1)" "1 0" "... its task is cancelled"
ctl fault clear
ctl set clone-time 300ms
run vs-clone --on flatcar-template after-2
ctl fault PowerOffVM_Task delay=1s
ctl set cancelable no
begin PowerOffVM_Task 1 vs-destroy -y --off after-2
kill -INT "$pid"
ends 130 "SIGINT before a power-off that nothing can cancel"
is "$(requests Destroy_Task) $(ctl vms | grep -c /after-2)" "0 1" "... nothing is destroyed then"
like "$err" "after-2: stopped" "... says so"
ctl set cancelable yes
ctl fault clear
ctl delete-vm after-2

# ---- a session that is not kept

live=$(session live)
for one in 'INT 130 CloneVM_Task' 'TERM 143 WaitForUpdatesEx'; do
	set -- $one
	hang "$3"
	GOVC_PERSIST_SESSION=0
	export GOVC_PERSIST_SESSION
	clones
	killed "$1" "$2" "with no session kept, at $3" asked "$3"
	unset GOVC_PERSIST_SESSION
	wait_for 60 settled
	is "$(session live)" "$live" "... none is left behind"
	again
done
done_testing
