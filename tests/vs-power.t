#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# vs-power: each word brings the VM where it says, once, and says when it cannot.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
vs_lab
run vs-clone flatcar-template p-1 p-2 p-3
status_is 0 "three VMs"
echo "$out" >"$T/three"

# power WORD NAME STATE FIELD CALL: it gets there by one call, again by none
power() {
	requests_reset
	run vs-power "$1" "$2"
	status_is 0 "$1"
	is "$(vm "$2" power)" "$3" "... $3"
	out_is "/DC0/vm/$2$tab$(ref "$2")${tab}power=$4" "... the record"
	is "$(changed) $(requests "$5")" "1 1" "... one $5"
	requests_reset
	run vs-power "$1" "$2"
	status_is 0 "$1 again"
	out_is "/DC0/vm/$2$tab$(ref "$2")${tab}power=$4" "... the same record"
	is "$(changed)" 0 "... nothing is sent"
}
tools() { wait_for 20 has p-1 tools=guestToolsRunning 2>"$T/has"; }

power on p-1 poweredOn on PowerOnVM_Task
power suspend p-1 suspended suspended SuspendVM_Task
power on p-1 poweredOn on PowerOnVM_Task
power off p-1 poweredOff off PowerOffVM_Task
vs-power on p-1 >"$T/on"
tools || diag "$(cat "$T/has")"
power shutdown p-1 poweredOff off ShutdownGuest
vs-power on p-1 >"$T/on"
tools || diag "$(cat "$T/has")"
for one in 'reset ResetVM_Task' 'reboot RebootGuest'; do
	requests_reset
	tools
	run vs-power "${one% *}" p-1
	status_is 0 "${one% *}"
	is "$(requests "${one#* }") $(vm p-1 power)" "1 poweredOn" "... once"
done
vs-power off p-1 >"$T/on"
for word in reset reboot suspend; do
	requests_reset
	run vs-power $word p-1
	status_is 1 "$word of a VM that is off"
	err_like "p-1: cannot .*: it is not powered on" "... says so"
	is "$(changed)" 0 "... nothing is sent"
done

# ---- many, by record; a record of another vCenter

requests_reset
run vs-power on <"$T/three"
status_is 0 "three records"
is "$(echo "$out" | sort)" "$(sed "s/\$/${tab}x/; s/power=off${tab}x/power=on/" "$T/three" | sort)" \
	"... keep their fields"
is "$(requests PowerOnVM_Task)" 3 "... one call each"
is "$(requests FindByInventoryPath)" 0 "... and no look-up"
n=$(requests)
[ "$n" -le 12 ]
ok $? "... at most 12 requests" || diag "$(ctl requests)"
requests_reset
run vs-power off <<END
/DC0/vm/p-9$tab$(ref p-1)
END
status_is 3 "a reference that is another VM here"
is "$(changed)" 0 "... nothing is done"
err_like "p-9: .*'?p-1'?" "... names both"
run vs-power off "$(ref p-1)" /DC0/vm/p-2 p-3
status_is 0 "by reference, path and name"
is "$(vms '/p-[123]	.*poweredOff')" 3 "... all three"
run vs-power on twin-vm
status_is 3 "an ambiguous name"
err_like "'/DC0/vm/dev/twin-vm'.*'/DC0/vm/prod/twin-vm'" "... both paths"
run vs-power on 'p-*'
status_is 3 "no globs where something changes"
is "$(vms '/p-[123]	.*poweredOff')" 3 "... nothing is done"

# ---- shutdown

run vs-power on p-2
run vs-power on p-1
tools || diag "$(cat "$T/has")"
requests_reset
ctl set power-time 60s
run vs-power shutdown --grace 1s p-1
status_is 4 "a guest that does not shut down in time"
err_like "p-1: .*--then-off" "... says what to do"
ctl set power-time 20ms
vs-power on p-1 >"$T/on"
ctl fault ShutdownGuest fault=ToolsUnavailable
run vs-power shutdown p-1
status_is 1 "no VMware Tools"
requests_reset
run vs-power shutdown --then-off p-1
status_is 0 "... with --then-off"
is "$(requests PowerOffVM_Task) $(vm p-1 power)" "1 poweredOff" "... it is powered off"
ctl fault clear
# it shuts down, though nobody was told that it was asked to
for option in --then-off ''; do
	vs-power on p-1 >"$T/on"
	tools || diag "$(cat "$T/has")"
	ctl set power-time 3s
	ctl fault ShutdownGuest count=1 drop-after
	requests_reset
	run vs-power shutdown ${option:+"$option"} p-1
	ctl set power-time 20ms
	ctl fault clear
	status_is 0 "the answer to a shutdown is lost $option"
	is "$(requests PowerOffVM_Task) $(vm p-1 power)" "0 poweredOff" \
		"... the power is not cut in the middle of it" || diag "$err"
done
# The answer to the third look is from before the VM is off, and comes after that was reported:
# it is looked at once more, and not powered off when the grace is over.
vs-power on p-1 >"$T/on"
tools || diag "$(cat "$T/has")"
cat "$T/on" >"$T/record"
ctl set power-time 60s
ctl fault ShutdownGuest count=1 drop-after
ctl fault PowerOffVM_Task count=1 drop-before
ctl fault RetrievePropertiesEx match=guest.toolsRunningStatus after=2 count=1 answer own pause=3s
requests_reset
vs-power shutdown --grace 4s --then-off <"$T/record" >"$T/then" 2>"$T/then.err" &
slow=$!
wait_for 30 asked RetrievePropertiesEx 3
sleep 0.5
ctl power p-1 off
wait $slow
is "$? $(requests PowerOffVM_Task) $(requests RetrievePropertiesEx)" "0 1 4" "it is off during the third look" ||
	diag "$(cat "$T/then.err"; ctl requests)"
ctl fault clear
ctl set power-time 20ms
# a guest that takes its time, and is then powered off
vs-power on p-1 >"$T/on"
tools || diag "$(cat "$T/has")"
requests_reset
ctl set power-time 60s
vs-power shutdown --grace 1s --then-off p-1 >"$T/then" 2>"$T/then.err" &
slow=$!
wait_for 20 asked ShutdownGuest
ctl set power-time 20ms
wait $slow
is "$?" 0 "the grace is over, then off" || diag "$(cat "$T/then.err")"
is "$(vm p-1 power) $(requests PowerOffVM_Task)" "poweredOff 1" "... it is off"

# ---- what goes wrong

vs-power on p-1 >"$T/on"
ctl fault ResetVM_Task count=1 drop-after
requests_reset
run vs-power reset p-1
status_is 1 "the answer to a reset is lost"
err_like "may have taken effect, and is not repeated" "... says so"
is "$(requests ResetVM_Task)" 1 "... it is not repeated"
ctl fault clear
tools
ctl fault ResetVM_Task count=2 taskfault=HostCommunication
requests_reset
run vs-power reset p-1
status_is 1 "contact with the host breaks off in a reset"
err_like "may have taken effect, and is not repeated" "... says so"
is "$(requests ResetVM_Task)" 1 "... it is not repeated"
ctl fault clear
tools
ctl fault RebootGuest count=1 drop-after
requests_reset
run vs-power reboot p-1
status_is 1 "... nor a reboot"
is "$(requests RebootGuest)" 1 "... it is not repeated"
ctl fault clear
ctl fault ResetVM_Task count=1 status=403
run vs-power reset p-1
status_is 5 "an HTTP status of a proxy"
err_is "vs-power: p-1: ResetVM_Task: HTTP status 403 from $GOVC_URL" "... names the method"
ctl fault clear
vs-power off p-1 >"$T/on"
ctl fault PowerOnVM_Task count=1 drop-after
run vs-power on p-1
status_is 0 "the answer to a power-on is lost"
is "$(vm p-1 power)" poweredOn "... it is on"
ctl fault clear
ctl fault PowerOffVM_Task fault=TaskInProgress
requests_reset
run env BOUNDS=RETRIES=1 "$LOWER/vs-power" off p-1
status_is 1 "another task works on it without end"
is "$(requests PowerOffVM_Task)" 2 "... it is not tried without end"
ctl fault clear
ctl fault PowerOffVM_Task drop-before
requests_reset
run env BOUNDS=LOSSES=1 "$LOWER/vs-power" off p-1
status_is 5 "each answer is lost"
is "$(requests PowerOffVM_Task) $(vm p-1 power)" "2 poweredOn" "... it is not sent without end"
ctl fault clear
ctl fault PowerOffVM_Task count=2 fault=TaskInProgress
requests_reset
run vs-power off p-1
status_is 0 "another task works on it"
is "$(requests PowerOffVM_Task) $(vm p-1 power)" "3 poweredOff" "... it is tried again"
ctl fault clear
ctl fault PowerOnVM_Task count=1 taskfault=InsufficientResourcesFault
run vs-power on p-1 p-3
status_is 1 "no room for it"
is "$(echo "$out" | wc -l) $(echo "$err" | wc -l)" "1 1" "... the other one is on"
ctl fault clear
ctl fault PowerOnVM_Task count=1 lose-task
run vs-power on p-1 p-3
status_is 0 "the task vanishes" || diag "$(ctl fault)"
is "$(vm p-1 power)" poweredOn "... it is on"
ctl fault clear
vs-power off p-1 >"$T/on"
ctl set power-time 30s
run vs-power on --timeout "$S" p-1
status_is 4 "--timeout"
out_is "" "... no record"
err_like "p-1: not done within 0:[01][0-9].*powering on" "... says what it was doing"
ctl set power-time 20ms
requests_reset
run vs-power on flatcar-template
status_is 1 "a template"
err_like "flatcar-template: cannot power on: it is a template" "... says so"
run vs-power onn p-1
status_is 2 "a slip"
err_like "did you mean 'on'" "... is understood"
run vs-power p-1 on
status_is 2 "the word behind the VM"
err_is "vs-power: 'p-1' is not one of on, off, suspend, reset, shutdown, reboot: put 'on' first" "... is put right"
run vs-power
status_is 2 "no word"
run vs-power on nosuch
status_is 3 "no such VM"
run vs-power on VirtualMachine:vm-999999
status_is 3 "no such reference"
run vs-power --dry-run off p-2
status_is 0 "--dry-run"
err_is "vs-power: p-2: would power off" "... the words"
is "$out$(changed)" 0 "... no record, nothing sent"
done_testing
