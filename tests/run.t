#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# One run of a tool: signals, readers that go away, time-outs, first failures.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need script
vs_lab
run vs-clone flatcar-template r-1 r-2 r-3
status_is 0 "three VMs"

# waits METHOD N COMMAND...: begun, and waiting for what it has asked for
waits() {
	begin "$@"
	wait_for 20 asked WaitForUpdatesEx
}

# ---- a signal in the middle

for one in 'INT 130' 'TERM 143'; do
	ctl set clone-time 60s
	waits CloneVM_Task 2 vs-clone --on flatcar-template c-1 c-2
	kill "-${one% *}" "$pid"
	ends "${one#* }" "SIG${one% *} in the middle of two clones"
	out_is "" "... no record"
	is "$(requests CancelTask)" 2 "... their tasks are cancelled"
	is "$(vms '/c-')" 0 "... nothing half-made is left"
	err_like "^vs-clone: c-1: .*cancelled" "... with a message for the first"
	err_like "^vs-clone: c-2: .*cancelled" "... and for the second"
	is "$(requests DestroyView) $(requests DestroyPropertyCollector)" "1 1" \
		"... view and collector are destroyed"
done
ctl set clone-time 50ms
run vs-clone --on flatcar-template c-1 c-2
status_is 0 "... and a re-run makes them"
ctl set clone-time 60s
waits CloneVM_Task 1 vs-clone -j 1 flatcar-template q-1 q-2 q-3
kill -INT "$pid"
ends 130 "SIGINT with two in the queue"
is "$(requests CloneVM_Task) $(vms '/q-')" "1 0" "... nothing new is started"
outs=$(session logouts) live=$(session live)
waits CloneVM_Task 1 env GOVC_PERSIST_SESSION=0 vs-clone flatcar-template q-1
kill -INT "$pid"
ends 130 "SIGINT without a kept session"
is "$(session live) $(($(session logouts) - outs))" "$live 1" "... a Logout"
waits CloneVM_Task 1 vs-clone flatcar-template q-1
ctl fault CancelTask delay=60s
kill -INT "$pid"
wait_for 10 asked CancelTask
kill -INT "$pid"
ends 130 "the second SIGINT ends it immediately"
ctl fault clear
ctl fault CloneVM_Task "delay=$M"
begin CloneVM_Task 1 vs-clone flatcar-template late
kill -INT "$pid"
ends 130 "SIGINT before vCenter has named the task"
ctl fault clear
is "$(requests CancelTask) $(vms '/late')" "1 0" "... it is cancelled when it is named"
err_like "late: stopped; its task in vCenter was cancelled" "... and says so"
ctl set clone-time 50ms
# it has to be in the middle of the first of two changes
ctl fault PowerOffVM_Task "delay=$M"
ctl fault CancelTask fault=NotSupported
requests_reset
run vs-power on c-1
begin PowerOffVM_Task 1 vs-destroy -y --off c-1
kill -TERM "$pid"
ends 143 "SIGTERM, and what runs cannot be cancelled"
ctl fault clear
is "$(requests CancelTask) $(vm c-1 power)" "1 poweredOff" "... it is waited for"
is "$(requests Destroy_Task) $(vms /c-1)" "0 1" "... and the next step is not started"
err_like "c-1: stopped before 'delete it" "... and says so"
run vs-power on c-1

ctl set power-time 10m
waits PowerOffVM_Task 1 vs-power off c-1
kill -INT "$pid"
ends 130 "vs-power"
is "$(requests CancelTask) $(vm c-1 power)" "1 poweredOn" "... its task is cancelled"
waits ShutdownGuest 1 vs-power shutdown c-1
kill -TERM "$pid"
ends 143 "... shutdown, which has no task"
err_like "c-1: stopped while shutting down" "... says so"
waits PowerOffVM_Task 1 vs-destroy -y --off c-2
kill -INT "$pid"
ends 130 "vs-destroy --off"
is "$(requests Destroy_Task) $(vms /c-2)" "0 1" "... deletes nothing"
ctl set power-time 20ms
waits CreateFilter 1 vs-wait gone r-1
kill -INT "$pid"
ends 130 "vs-wait"
err_like "r-1: stopped while waiting" "... says so"
ctl fault ReconfigVM_Task delay=60s
begin ReconfigVM_Task 1 vs-extraconfig -e a=1 r-1
kill -INT "$pid"
sleep 0.2
kill -INT "$pid"
ends 130 "vs-extraconfig, two SIGINTs while its call hangs"
ctl fault clear
# what it was started with ignored stays ignored: nohup, '&'
requests_reset
(trap '' HUP INT; exec vs-wait gone r-1 >"$T/begun" 2>"$T/begun.err") &
pid=$!
wait_for 20 asked WaitForUpdatesEx
kill -HUP "$pid"
kill -INT "$pid"
sleep 0.3
_alive "$pid"
ok $? "SIGHUP and SIGINT that are ignored do not end it"
kill -TERM "$pid"
ends 143 "... SIGTERM does"
# who has the other end of stdout, and never reads: more records than a pipe holds
mkfifo "$T/stuck"
sleep 100 <>"$T/stuck" &
sleeper=$!
requests_reset
printf '/DC0/vm/r-1\t%s\n' "$(ref r-1)" >"$T/one"
awk '{ for (i = 0; i < 3000; i++) print }' "$T/one" | vs-wait off >"$T/stuck" 2>"$T/begun.err" &
pid=$!
wait_for 20 asked WaitForUpdatesEx
sleep 1
kill -TERM "$pid"
ends 143 "SIGTERM while stdout is blocked"
err_like "stopped reading: some records were not written" "... says so"
kill "$sleeper"
wait "$sleeper" 2>"$T/o"
mkfifo "$T/in"
{ echo r-1; exec sleep 60; } >"$T/in" &
holder=$!
requests_reset
env --default-signal=INT vs-power off <"$T/in" >"$T/begun" 2>"$T/begun.err" &
pid=$!
wait_for 20 test -s "$T/begun"
kill -INT "$pid"
ends 130 "SIGINT while it waits for its input"
kill $holder
wait $holder 2>"$T/o"

# ---- nobody reads

# closed COMMAND...: its stdout is a pipe that nobody reads
closed() {
	{ timeout -k 5 30 "$@" 2>"$T/closed.err"; echo $? >"$T/closed"; } | true
	status=$(cat "$T/closed") err=$(cat "$T/closed.err") out=''
}
closed vs-wait off r-1 r-2
status_is 141 "vs-wait with a closed stdout pipe"
closed vs-ls
status_is 141 "vs-ls with a closed stdout pipe"
closed vs-extraconfig -g svga.present r-1 r-2
status_is 141 "vs-extraconfig -g with a closed stdout pipe"
{ vs-wait --timeout 60s off r-1 c-1 2>"$T/closed.err"; echo $? >"$T/closed"; } | head -n 1 >"$T/o"
is "$(cat "$T/closed")" 141 "vs-wait | head -1: ends at once, though one is still waited for"
is "$(wc -l <"$T/o")" 1 "... with one record"

# The reader goes when the first record is there; another VM is still at work.
ctl set power-time 100ms
ctl fault PowerOnVM_Task "match=$(vm r-2 ref)<" delay=1s
{ vs-power on r-1 r-2 2>"$T/closed.err"; echo $? >"$T/closed"; } | head -n 1 >"$T/o"
is "$(cat "$T/closed")" 141 "vs-power | head -1"
is "$(vms '/r-[12]	.*poweredOn')" 2 "... the running task is waited for"
like "$(cat "$T/closed.err")" "vs-power: r-2: " "... and is named"
ctl fault clear
requests_reset
{ vs-power -j 1 off r-1 r-2 r-3 c-1 2>"$T/closed.err"; echo $? >"$T/closed"; } | true
is "$(cat "$T/closed")" 141 "vs-power -j 1 with a closed stdout pipe"
[ "$(requests PowerOffVM_Task)" -le 1 ]
ok $? "... nothing new is started" || diag "$(ctl requests)"
{ vs-clone flatcar-template n-1 2>"$T/closed.err"; echo $? >"$T/closed"; } | true
is "$(cat "$T/closed")" 141 "vs-clone with a closed stdout pipe"
{ vs-extraconfig -e x=1 r-1 2>"$T/closed.err"; echo $? >"$T/closed"; } | true
is "$(cat "$T/closed")" 141 "vs-extraconfig with a closed stdout pipe"
{ vs-destroy -y r-3 2>"$T/closed.err"; echo $? >"$T/closed"; } | true
is "$(cat "$T/closed")" 141 "vs-destroy with a closed stdout pipe"

# ---- records go on at once, stdin is drained

ctl set clone-time 50ms
# it waits 10 seconds for what is out; the tests go on meanwhile
ctl fault CloneVM_Task match='>never<' delay=120s
requests_reset
vs-clone flatcar-template never >"$T/never" 2>"$T/never.err" &
never=$!
wait_for 20 asked CloneVM_Task
kill -TERM $never
ctl fault CloneVM_Task match='>slow<' "delay=$M"
vs-clone flatcar-template slow quick >"$T/begun" 2>"$T/begun.err" &
pid=$!
wait_for 20 grep -q /quick "$T/begun"
ok $? "a record is written when its VM is done"
[ "$(wc -l <"$T/begun")" = 1 ]
ok $? "... not when all are"
ends 0 "... and the other one comes"
ctl fault clear
mkfifo "$T/slowin"
# 2,000 names are more than a pipe holds
( seq 2000 | sed 's/.*/no-such-folder-of-a-rather-long-name\/vm-&/' >"$T/slowin"; : >"$T/drained" ) &
feeder=$!
long=3
[ -z "${UNDER:-}" ] || long=20
ctl fault RetrievePropertiesEx count=1 "delay=${long}s"
vs-power -j 1 off <"$T/slowin" >"$T/begun" 2>"$T/begun.err" &
pid=$!
wait_for $((long - 1)) test -e "$T/drained"
ok $? "stdin is drained while it works on the first"
ends 3 "... and none of them was there"
is "$(wc -l <"$T/begun.err")" 2000 "... with a message for each"
wait $feeder
ctl fault clear

run vs-power off r-1
ctl fault DestroyView "delay=$M"
ctl fault Logout "delay=$M"
mkfifo "$T/early"
for tool in 'vs-power on' vs-ls; do
	# shellcheck disable=SC2086 # a tool and its word
	GOVC_PERSIST_SESSION=0 $tool r-1 >"$T/early" 2>"$T/begun.err" &
	pid=$!
	cat "$T/early" >"$T/o"
	_alive "$pid"
	ok $? "${tool%% *}: stdout is closed before the clean-up"
	is "$(cut -f 1 "$T/o")" /DC0/vm/r-1 "... and all records were written"
	wait "$pid"
	is "$?" 0 "... which continues"
done
ctl fault clear

# ---- on a terminal

run vs-power off r-1 r-2
ctl set power-time 2s
run script -qec 'vs-power on r-1 r-2' /dev/null
ctl set power-time 20ms
lines=$(echo "$out" | tr '\r' '\n' | sed 's/^.\[K//')
like "$lines" '^0/2 done, 2 powering on, 0:0' "on a terminal there is a progress line"
is "$(echo "$lines" | grep -c '^/DC0/vm/r-[12]')" 2 "... and records have lines of their own" ||
	diag "$(echo "$out" | cat -v)"

# what one tool draws is not in the way of what the other one prints
run vs-power off r-1 r-2
ctl set power-time 2s
run script -qec 'vs-power on r-1 r-2 | vs-wait on' /dev/null
ctl set power-time 20ms
like "$out" '0/2 done, 2 powering on' "in a pipe, one tool draws a progress line"
is "$(echo "$out" | tr -d '\r' | sed 's/.*.\[K//' | grep -c '^/DC0/vm/r-[12]')" 2 \
	"... and it is erased before the other's records" || diag "$(echo "$out" | cat -v)"
run vs-power off r-1 r-2
ctl set power-time 2s
run script -qec 'vs-power on r-1 r-2 | tee /dev/null' /dev/null
ctl set power-time 20ms
like "$out" '0/2 done, 2 powering on' "with tee, too, there is a progress line"
is "$(echo "$out" | tr -d '\r' | sed 's/.*.\[K//' | grep -c '^/DC0/vm/r-[12]')" 2 \
	"... and it is erased before the records" || diag "$(echo "$out" | cat -v)"

# ---- -o FILE

echo old >"$T/out"
run vs-power -o "$T/out" on nosuch
status_is 3 "a run that fails before its first record"
is "$(cat "$T/out")" old "... leaves -o FILE as it was"
run vs-power -o "$T/out" --dry-run off r-1
is "$(cat "$T/out")" old "... so does --dry-run"
run vs-ls -o "$T/out" nosuch
is "$(cat "$T/out")" old "... and a listing of nothing"
run vs-wait --timeout "$S" -o "$T/out" on nosuch
is "$(cat "$T/out")" old "... and a wait"
run vs-power -o "$T/out" on </dev/null --expect 1
is "$status $(cat "$T/out")" '1 old' "... and too few records"
run vs-power -o "$T/out" on r-1 nosuch
is "$status $(cut -f 1 "$T/out")" '3 /DC0/vm/r-1' "one record replaces all lines of that VM"
run vs-power -o "$T/out" on </dev/null
is "$status $(cat "$T/out")" '0 ' "no record, and nothing that failed: it is emptied"
chmod 644 "$T/out"
echo "/DC0/vm/r-1	$(ref r-1)" >"$T/both"
cp "$T/both" "$T/copy"
# shellcheck disable=SC2094 # that is what is tried
run vs-power -o "$T/both" on <"$T/both"
status_is 2 "-o FILE that is stdin, too"
err_is "vs-power: '$T/both' is also stdin: write to another file" "... says so"
is "$(cat "$T/both")" "$(cat "$T/copy")" "... and leaves it as it was"
echo old >"$T/out"
run vs-extraconfig -o "$T/out" -g nosuch r-1
is "$status $(stat -c %a "$T/out") $(cat "$T/out")" '3 644 old' "values that were not all read replace nothing"
run vs-extraconfig -o "$T/out" -e my.key=1 r-1
run vs-extraconfig -o "$T/out" -g my.key r-1
is "$status $(stat -c %a "$T/out") $(grep -c my.key=1 "$T/out")" '0 600 1' "... else they do, for their owner alone"

# ---- habits from kubectl and govc

for word in json yaml wide name; do
	run vs-ls -o "$word" r-1
	status_is 2 "-o $word"
	is "$(echo "$err" | head -n 1)" "vs-ls: -o takes a file, not a format: use --json, or './$word' for a file of that name" \
		"... says so"
done
run vs-ls "-ojson" r-1
status_is 2 "-ojson"
(cd "$T" && run vs-ls -o ./json r-1 && [ -s json ])
ok $? "-o ./json is a file"
# habit OPTION... MESSAGE: vs-clone refuses it with that
habit() {
	said=$(eval "echo \"\$$#\"")
	run vs-clone "$@"
	status_is 2 "${said%%:*}"
	is "$(echo "$err" | head -n 1)" "vs-clone: $said" "... says what to write"
}
habit -json "unknown option '-json': did you mean '--json'"
habit -json=true "unknown option '-json': did you mean '--json'"
habit -vm "unknown option '-vm': give the VMs as operands"
habit -vm=x "unknown option '-vm': give the VMs as operands"
habit -net "unknown option '-net': did you mean '--network'"
habit -net=x "unknown option '-net': did you mean '--network'"
habit -ds "unknown option '-ds': did you mean '--datastore'"
habit -dc "unknown option '-dc': did you mean '--datacenter'"
habit -c=4 "'-c=4': write '-c 4'"
habit -on=false "unknown option '-on': did you mean '--on'"
habit -k=true "-k takes no argument"

# ---- which status

run vs-power on nosuch flatcar-template
status_is 3 "first not found, then a failure: the status of the first"
run vs-power on flatcar-template nosuch
status_is 1 "... the other way round"
run vs-power on r-1
ctl set power-time 60s
run vs-power --timeout "$S" off r-1 nosuch
status_is 4 "a time-out first, though the other one failed earlier"
run vs-clone --timeout 30s flatcar-template tt-1
status_is 0 "in time"
ctl set clone-time 60s
run vs-clone --timeout "$S" flatcar-template tt-2
status_is 4 "vs-clone --timeout"
err_like "tt-2: not done within 0:[01][0-9].*cloning" "... says what it was doing"
ctl set power-time 20ms
run vs-destroy -y --timeout 0 nosuch
status_is 3 "--timeout 0 means no timeout"
for tool in $(tools); do
	run "$tool" --nosuch
	status_is 2 "$tool: an unknown option"
	run "$tool" --timeout x a b
	status_is 2 "$tool: --timeout x"
	run "$tool" --help
	status_is 0 "$tool --help"
	run "$tool" -V
	is "$status $out" "0 $("$tool" --version)" "$tool -V is --version"
done

wait_for 40 _dead $never || kill -KILL $never
wait $never
is "$?" 143 "SIGTERM while no reply arrives"
like "$(cat "$T/never.err")" "never: still cloning when the grace period ended" "... and says so"
done_testing
