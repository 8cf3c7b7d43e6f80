#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# What is easy to get wrong: guards that cannot be read, descriptors that are
# closed, disks that are full, a vCenter that restarts, ^C at every moment.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need setsid script
vs_lab
run vs-clone flatcar-template r-1 r-2 r-3
status_is 0 "three VMs"

# ---- what cannot be read is not "no"

for prop in config.template runtime.powerState config.hardware.device config.files.vmPathName; do
	ctl hide VirtualMachine $prop
	requests_reset
	run vs-destroy -y r-1
	ctl hide clear
	status_is 1 "vs-destroy, and $prop cannot be read"
	err_like "r-1: not deleted: cannot read its $prop" "... says so"
	is "$(requests Destroy_Task)" 0 "... and deletes nothing"
done
ctl hide VirtualMachine config.template
run vs-destroy -y --template r-3
ctl hide clear
status_is 0 "... but with --template it is not needed"
ctl hide VirtualMachine config.extraConfig
requests_reset
run vs-extraconfig -e a=1 r-1
status_is 1 "vs-extraconfig, and the keys cannot be read"
err_like "r-1: cannot read its advanced keys" "... says so"
run vs-extraconfig -g svga.present r-1
status_is 1 "... to read one: not 3, it may be there"
ctl hide clear
is "$(requests ReconfigVM_Task)" 0 "... nothing is sent"

# ---- changes that were not taken

ctl fault ReconfigVM_Task count=4 fault=TaskInProgress
requests_reset
run vs-extraconfig -e a=1 r-1
status_is 0 "vs-extraconfig: refused four times"
is "$(requests ReconfigVM_Task) $(vm r-1 extra.a)" "5 1" "... set at the fifth"
ctl fault clear

# ---- options that go with one word only

for word in on off reset reboot suspend; do
	requests_reset
	run vs-power $word --then-off r-1
	status_is 2 "vs-power $word --then-off"
	run vs-power $word --grace 5s r-1
	status_is 2 "... --grace"
	is "$(requests)" 0 "... nothing is asked"
done
err_like "vs-power: --then-off and --grace are valid with 'shutdown' only" "... says so"

# ---- full disks, closed descriptors

for row in $(rows idle); do
	row "$row"
	if ! takes --url || used_as silent; then continue; fi
	tool=$row_words
	# shellcheck disable=SC2086 # a tool and its words
	run $tool -o /dev/full /DC0/vm/r-1
	status_is 1 "$tool -o /dev/full"
	err_is "${tool%% *}: cannot write '/dev/full': No space left on device" "... says so once"
	# shellcheck disable=SC2086
	$tool /DC0/vm/r-1 >/dev/full 2>"$T/err"
	is "$?" 1 "... >/dev/full"
	is "$(cat "$T/err")" "${tool%% *}: cannot write stdout: No space left on device" "... says so once"
	# shellcheck disable=SC2086
	$tool /DC0/vm/r-1 >"$T/o" 2>&-
	is "$? $(cut -f 1 "$T/o")" "0 /DC0/vm/r-1" "... 2>&-: the record alone"
	# shellcheck disable=SC2086
	$tool -o "$T/o" /DC0/vm/r-1 <&- >&- 2>&-
	is "$? $(cut -f 1 "$T/o")" "0 /DC0/vm/r-1" "... with all three closed, and -o"
	under_memcheck && continue
	# shellcheck disable=SC2086
	$tool /DC0/vm/r-1 >&- 2>"$T/err"
	is "$?" 1 "... >&-"
	is "$(cat "$T/err")" "${tool%% *}: cannot write stdout: Bad file descriptor" "... says so once"
done
if ! under_memcheck; then
	vs-power off <&- 2>"$T/err"
	is "$?" 2 "records from a closed stdin"
	like "$(cat "$T/err")" "cannot read stdin" "... says so"
fi
vs-power --help >/dev/full 2>"$T/err"
is "$?" 1 "--help >/dev/full"

# ---- nobody reads, and nothing was changed yet

ctl fault RetrievePropertiesEx "delay=$M"
requests_reset
# shellcheck disable=SC2216 # a reader that reads nothing, and goes
{ vs-power on r-1 r-2 2>"$T/err"; echo $? >"$T/status"; } | sleep 0.3
is "$(cat "$T/status") $(requests PowerOnVM_Task)" "141 0" \
	"stdout is closed before the first change: nothing is changed" || diag "$(cat "$T/err")"
is "$(cat "$T/err")" "" "... no message"
ctl fault clear

# ---- a signal while vCenter thinks

ctl fault RetrievePropertiesEx match=snapshot.currentSnapshot delay=30s
begin RetrievePropertiesEx 1 vs-clone flatcar-template n-1
wait_for 20 sh -c "'$LAB' ctl log | grep -q RetrievePropertiesEx"
sleep 0.5
kill -INT "$pid"
ends 130 "SIGINT while the template is read" 5
ctl fault clear
for m in RetrieveServiceContent Login; do
	live=$(session live)
	ctl fault $m "delay=$M"
	begin $m 1 env GOVC_PERSIST_SESSION=0 vs-power off r-1
	kill -INT "$pid"
	ends 130 "SIGINT while $m is out, and no session is kept" 8
	sleep "${M%s}"
	ctl fault clear
	is "$(session live)" "$live" "... none is left behind"
done
is "$(requests Logout)" 1 "... Login is followed by its Logout"

ctl set latency 500ms
ctl fault Destroy_Task count=1 drop-after
begin Destroy_Task 1 vs-destroy -y --off r-2
kill -INT "$pid"
ends 130 "SIGINT while a deletion is out, and its answer is lost"
ctl set latency 0s
ctl fault clear
err_like "r-2: stopped; Destroy_Task was sent, but no valid response was received" "... a message says that it may be gone"
run vs-clone flatcar-template r-2
status_is 0 "... and is created again"

# ---- asked, and ^C

: >"$T/typescript"
mkfifo "$T/tty"
timeout 30 script -qefc "vs-destroy r-1 r-2" "$T/typescript" <"$T/tty" >"$T/screen" 2>&1 &
scripted=$!
exec 9>"$T/tty"
wait_for 10 grep -q '\[y/N\]' "$T/typescript" || diag "never asked: $(cat "$T/screen")"
(printf '\003' >&9) 2>"$T/pipe"
wait_for 5 _dead "$scripted"
ok $? "^C at the question ends it"
(printf 'y\ny\n' >&9) 2>"$T/pipe"
wait "$scripted"
is "$?" 130 "... with 130"
exec 9>&-
is "$(grep -o 'y/N' "$T/typescript" | wc -l) $(vms '/r-[12]	')" "1 2" "... asked once, and both are there"

# ---- vCenter restarts

cold
ctl fault '*' count=2 status=503
run vs-power off r-1
status_is 0 "503 at first: it is starting"
ctl fault clear
run vs-power on r-1
for lost in drop-after status=503 drop-before; do
	ctl expire
	before=$(session logins)
	ctl fault Login count=2 $lost
	run vs-power off r-1
	status_is 0 "logging in again, and $lost twice"
	ctl fault clear
done
cold
ctl fault Login drop-after
run vs-power --timeout "$S" off r-1
case $status in 4 | 5) true ;; *) false ;; esac
ok $? "each Login is lost: it ends ($status)" || diag "$err"
ctl fault clear
cold
requests_reset
run env GOVC_PASSWORD=wrong vs-power off r-1
status_is 5 "a wrong password"
is "$(requests Login)" 1 "... is tried once"

# ---- a session that ends at the end

live=$(session live)
ctl fault PowerOnVM_Task delay=1s
begin PowerOnVM_Task 1 env GOVC_PERSIST_SESSION=0 vs-power on r-1
ends 0 "a run that does not keep its session"
is "$(requests Login) $(session live)" "1 $live" "... one Login, and the session has ended"
ctl fault clear

# ---- a retry and a new session at the same time

clone() { run vs-clone --dry-run flatcar-template "$@"; }
clone n-1
status_is 0 "a run that reads the template and the folder in parallel"
requests_reset
clone n-1
usual=$(requests RetrievePropertiesEx)
ctl fault RetrievePropertiesEx match=snapshot.currentSnapshot count=1 status=503
ctl fault RetrievePropertiesEx 'match=>children<' count=1 fault=NotAuthenticated
ctl fault Login delay=1s
requests_reset
clone n-1
ctl fault clear
status_is 0 "503 for one of them, NotAuthenticated for the other"
is "$(requests Login) $(requests RetrievePropertiesEx)" "1 $((usual + 2))" \
	"... the retry waits for the Login" || diag "$(ctl log | tail -n 12)"

# ---- a fault's opID is that of its own call

run vs-power on r-1 r-2
ctl fault PowerOffVM_Task "match=$(vm r-1 ref)<" fault=NoPermission
run vs-power -v --trace="$T/trace" off r-1 r-2
status_is 1 "the first of two calls is refused"
ctl fault clear
own=$(grep -B 1 -F ">$(vm r-1 ref)</_this>" "$T/trace" | sed -n 's/^--> PowerOffVM_Task opID //p')
isnt "$own" "" "... it has an opID in the trace"
err_like "PowerOffVM_Task: .*\(opID $own\)" "... and the same in the message"

# ---- traces

secret=s3cr3t-of-any-name
printf %s "$secret" >"$T/secret"
run vs-extraconfig --trace="$T/trace" -E my.key="$T/secret" r-2
status_is 0 "-E with a key of any name, and --trace"
is "$(vm r-2 extra.my.key)" "$secret" "... it is set"
run vs-extraconfig --trace="$T/trace2" -e GuestInfo.Key="$secret" r-2
grep -q my.key "$T/trace" && grep -q '<--' "$T/trace2" && ! grep -qF "$secret" "$T/trace" "$T/trace2"
ok $? "... and neither request nor reply shows its value"
done_testing
