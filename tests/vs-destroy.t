#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# vs-destroy: what was named, after asking, and nothing else.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need setsid script
vs_lab
run vs-clone flatcar-template d-1 d-2 d-3 d-4 d-5 d-6
status_is 0 "six VMs"
echo "$out" >"$T/six"
# No terminal, wherever these tests run.
destroy() { run setsid -w vs-destroy "$@"; }
there() { vms "/$1	"; }
rec() { grep "/$1	" "$T/six"; }

# ---- refusals

requests_reset
destroy d-1
status_is 2 "no terminal and no -y"
err_is "vs-destroy: no terminal to ask on: give -y" "... says so"
is "$(requests)" 0 "... nothing is even looked at"
destroy -y flatcar-template
status_is 1 "a template"
err_like "flatcar-template: is a template: give --template to delete it" "... says what deletes it"
vs-power on d-1 >"$T/on"
requests_reset
destroy -y d-1
status_is 1 "a running VM"
err_like "d-1: is running: give --off to power it off first" "... says what deletes it"
vs-power suspend d-1 >"$T/on"
destroy -y d-1
status_is 1 "a suspended one"
err_like "d-1: is suspended" "... says so"
destroy -y 'd-*'
status_is 3 "a glob"
destroy -y twin-vm
status_is 3 "an ambiguous name"
destroy -y nosuch
status_is 3 "a name that was never found"
destroy -y <<END
/DC0/vm/d-9$tab$(ref d-2)
END
status_is 3 "a record of another vCenter"
err_like "d-9" "... is named"
ctl hide VirtualMachine name
for n in 2 9; do
	printf '/DC0/vm/d-%s\t%s\n' "$n" "$(ref d-2)" >"$T/unread"
	destroy -y --template --disks <"$T/unread"
	status_is 3 "a record, d-$n, of a VM whose name may not be read"
	err_like "d-$n: cannot read the name of VirtualMachine:.*nothing was done" "... is refused"
done
ctl hide clear
for path in config.template runtime.powerState config.hardware.device config.files.vmPathName; do
	ctl hide VirtualMachine $path
	destroy -y --off d-2
	status_is 1 "its $path may not be read"
	err_like "d-2: not deleted: cannot read its $path" "... says so"
	ctl hide clear
done
is "$(there 'd-[1-6]') $(requests Destroy_Task)" "6 0" "nothing of all that is deleted"

# ---- disks of others

ctl fault clear
ctl add-disk d-4 '[LocalDS_0] d-4/more.vmdk' 60
ctl add-disk d-4 '[LocalDS_0] d-2/d-2.vmdk'
destroy -y d-4
status_is 1 "the 62nd disk is one from elsewhere"
err_like "d-4: has a disk outside its own folder: '\[LocalDS_0\] d-2/d-2.vmdk'" "... is named"
is "$(there d-4)" 1 "... and nothing deleted"
# folders and datastores whose names begin like those of the VM, and no folder
run vs-clone flatcar-template g-1 g-2 g-3 g-4
status_is 0 "three VMs"
while IFS=$tab read -r name file; do
	ctl add-disk "$name" "$file"
	destroy -y "$name"
	status_is 1 "a disk of another VM: $file"
	err_is "vs-destroy: $name: has a disk outside its own folder: '$file'; detach it, or give --disks to delete it, too" \
		"... is named"
	is "$(there "$name")" 1 "... and nothing deleted"
done <<X
g-1	[LocalDS_0] g-10/g-10.vmdk
g-2	[LocalDS_01] g-2/g-2.vmdk
g-3	[LocalDS_0] g-3.vmdk
g-4	[LocalDS_0] g-4/below/g-4.vmdk
X
destroy -y --disks g-1 g-2 g-3 g-4
status_is 0 "... --disks"
is "$(there 'g-[1-4]')" 0 "... deletes them"

# ---- done

requests_reset
destroy -y d-2
status_is 0 "a VM that is off"
out_is "$(rec d-2 | cut -f 1,2)" "... its record"
is "$(there d-2) $(requests Destroy_Task)" "0 1" "... is gone"
n=$(requests)
[ "$n" -le 10 ]
ok $? "... in at most 10 requests" || diag "$(ctl requests)"
requests_reset
rec d-2 >"$T/gone"
destroy -y <"$T/gone"
status_is 0 "gone, as a record"
out_is "$(rec d-2)" "... comes out again"
destroy -y "$(rec d-2 | cut -f 2)"
status_is 0 "gone, as a reference"
destroy -y d-2
status_is 3 "gone, as a name"
is "$(requests Destroy_Task)" 0 "... nothing is sent"
vs-power on d-1 >"$T/on"
requests_reset
destroy -y --off d-1
status_is 0 "--off"
is "$(there d-1) $(requests PowerOffVM_Task) $(requests Destroy_Task)" "0 1 1" "... off and gone"
run vs-clone flatcar-template d-1
ctl fault Destroy_Task count=1 drop-after
requests_reset
destroy -y d-1
status_is 0 "the answer is lost"
is "$(there d-1) $(requests Destroy_Task)" "0 1" "... it is gone, asked once"
ctl fault clear
ctl fault Destroy_Task count=1 fault=TaskInProgress
destroy -y --disks d-4
status_is 0 "another task works on it"
is "$(there d-4)" 0 "... it is tried again"
run vs-clone --on flatcar-template d-7
ctl fault Destroy_Task count=2 fault=TaskInProgress
begin Destroy_Task 1 setsid -w vs-destroy -y --off d-7
vs-power on d-7 >"$T/on"
ends 0 "... and it is powered on meanwhile"
is "$(there d-7) $(requests PowerOffVM_Task)" "0 2" "... it is powered off again, and deleted"
ctl fault clear
run vs-clone --on flatcar-template d-8
ctl fault PowerOffVM_Task fault=InvalidPowerState
requests_reset
run env BOUNDS=LOOKS=2 setsid -w "$LOWER/vs-destroy" -y --off d-8
status_is 1 "its power state is refused each time"
err_like "d-8: gave up after 2 attempts: the power state does not allow it" "... it is not looked at for ever"
is "$(there d-8) $(requests PowerOffVM_Task)" "1 3" "... nothing is deleted"
ctl fault clear
ctl fault Destroy_Task fault=NoPermission
destroy -y d-5
status_is 1 "not allowed"
is "$(there d-5)" 1 "... it is there"
ctl fault clear
destroy --dry-run d-5
status_is 0 "--dry-run needs no terminal"
err_is "vs-destroy: d-5: would delete it and its disks" "... the words"
is "$out$(there d-5)" 1 "... no record, nothing deleted"
destroy -y --template booted-template
status_is 0 "--template"
is "$(there booted-template)" 0 "... deletes it"

# ---- asked

# talk COMMAND: on a terminal of its own; then reply NAME TEXT to the question about
# that VM; then talked: it is over, what it wrote is in $err
talk() {
	[ -p "$T/tty" ] || mkfifo "$T/tty"
	: >"$T/typescript"
	timeout 60 script -qefc "$1" "$T/typescript" <"$T/tty" >"$T/screen" 2>&1 &
	scripted=$!
	exec 9>"$T/tty"
}
is_asked() { grep -q "/$1 and its disks? \[y/N\]" "$T/typescript"; }
reply() {
	wait_for 20 is_asked "$1" || diag "never asked about $1: $(cat "$T/screen")"
	printf '%b' "$2" >&9
}
talked() {
	wait "$scripted"
	status=$?
	exec 9>&-
	# what follows an erased progress line is at the start of a line
	err=$(sed "s/\r$(printf '\033')\[K/\n/g" "$T/screen" | tr -d '\r')
}
answer() {
	talk "$2"
	reply "${2##*[ /]}" "$1\n"
	talked
}
for no in n '' yeah; do
	answer "$no" "vs-destroy d-5"
	status_is 1 "asked, and the answer is '$no'"
	is "$(there d-5)" 1 "... it is left alone"
done
err_like "vs-destroy: delete /DC0/vm/d-5 and its disks\? \[y/N\]" "... the question names it"
err_like "^vs-destroy: d-5: not deleted, as answered" "... and the result"
answer "$(printf '%0300dy' 0)" "vs-destroy d-5"
is "$status $(there d-5)" "1 1" "a long answer is one answer"
answer y "vs-destroy d-5"
status_is 0 "asked, and the answer is y"
is "$(there d-5)" 0 "... it is gone"
run vs-clone flatcar-template d-5
ctl fault Destroy_Task count=2 fault=TaskInProgress
requests_reset
answer y "vs-destroy d-5"
status_is 0 "it is looked at again after the answer, twice"
is "$(there d-5) $(requests Destroy_Task)" "0 3" "... it is gone"
is "$(grep -o '\[y/N\]' "$T/typescript" | wc -l)" 1 "... and the question is asked once"
ctl fault clear
rec d-6 >"$T/d-6"
answer yes "vs-destroy <$T/d-6"
status_is 0 "records on stdin: it asks on the terminal all the same"
is "$(there d-6)" 0 "... it is gone"

# ---- asked of several: one question at a time, and nothing waits for the others

run vs-clone flatcar-template e-1 e-2 e-3 e-4
echo "$out" >"$T/four"
requests_reset
talk "vs-destroy e-1 e-2 e-3"
wait_for 20 is_asked e-1
like "$(cat "$T/typescript")" '/e-1 and' "several: the first is tried first"
unlike "$(cat "$T/typescript")" '/e-2 and' "... and it alone"
reply e-1 'Y\n'
wait_for 20 is_asked e-2
wait_for 20 asked Destroy_Task
is "$(requests Destroy_Task)" 1 "... it is destroyed while the second question is open"
gone() { [ "$(there "$1")" = 0 ]; }
wait_for 20 gone e-1
reply e-2 'n\n'
reply e-3 'Yes\n'
talked
status_is 1 "... the second is refused"
is "$(there 'e-[123]') $(there e-2) $(requests Destroy_Task)" "1 1 2" "... the others are gone"
like "$err" '^/DC0/vm/e-1	' "... the first record has its own line"
like "$err" '^/DC0/vm/e-3	' "... of the third, too"

ctl fault Destroy_Task fault=ManagedObjectNotFound
requests_reset
run vs-destroy -y e-2
status_is 3 "something that was not found, but not the VM"
like "$err" '^vs-destroy: e-2: it does not exist, or has been deleted' "... says so"
is "$out $(there e-2) $(requests Destroy_Task)" " 1 2" "... it is not taken as deleted"
ctl fault clear

requests_reset
talk "vs-destroy e-2 e-4"
reply e-2 '\003'
talked
status_is 130 "^C at the question"
like "$err" '^vs-destroy: e-2: stopped$' "... says so"
like "$err" '^vs-destroy: e-4: stopped$' "... also for the one that was not yet read"
unlike "$err" 'e-4 and its disks|as answered' "... which is not asked for, and nothing was answered"
talk "vs-destroy e-2 e-4"
reply e-2 '\004'
talked
status_is 1 "end of input at the question"
like "$err" '^vs-destroy: e-2: stopped: end of input$' "... says so"
like "$err" '^vs-destroy: e-4: stopped: end of input$' "... of the other one, too"
is "$(there 'e-[24]') $(requests Destroy_Task)" "2 0" "... nothing is deleted"
talk "vs-destroy --timeout 2s e-2"
wait_for 20 is_asked e-2
sleep 3
reply e-2 'y\n'
talked
is "$status $(there e-2)" "0 0" "the time that a person takes is not --timeout's" || diag "$err"
done_testing
