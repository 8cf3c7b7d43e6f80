#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# What a way from template to node may ask of vCenter: requests, polls, and the
# memory for a large inventory.  Seconds are for tests/bench, not for a test.
. "${0%/*}/lib.sh"
plain_tools
. "${0%/*}/lib-vs.sh"
need ssh seq
vs_lab
ignition || fail "a worker's Ignition config"
RUN_TIMEOUT=180

# way SCRIPT N: sh SCRIPT NAME..., with N new names, on an empty cache
ways=0
way() {
	ways=$((ways + 1))
	cold
	mark
	begun=$(date +%s)
	# shellcheck disable=SC2046 # a word each
	run sh "$T/$1" $(seq -f "w$ways-%g" "$2")
	minutes=$((($(date +%s) - begun) / 60))
	is "$status $(echo "$out" | wc -l)" "0 $2" "$1: $2 VM(s)" || diag "$err"
}
# most N: requests but for the polls
most() {
	n=$(requests)
	[ "$n" -gt 0 ] && [ "$n" -le "$1" ]
	ok $? "... $n requests of at most $1, clean-up included" || diag "$(ctl requests)"
	is "$(requests Login) $(requests DestroyPropertyCollector) $(requests DestroyView)" \
		"1 $2 $2" "... one Login; nothing is left in the session by its $2 tools"
}
# few_polls N TOOL...: 6 and 4 a VM, and 2 a minute
few_polls() {
	vms=$1
	shift
	for tool; do
		n=$(polls "$tool")
		[ "$n" -gt 0 ] && [ "$n" -le $((6 + 4 * vms + 2 * minutes)) ]
		ok $? "... $tool: $n polls" || diag "$(log | grep WaitForUpdatesEx)"
	done
}
# a_second TOOL TASK: polls within a second while more than 8 are in flight
a_second() {
	n=$(awk -v tool="$1" -v task="$2" -f "$top/tests/bench/polls.awk" "$T/times" "$T/log")
	[ "$n" -le 10 ]
	ok $? "... $1: $n polls a second at most, with more than 8 in flight" ||
		diag "$(grep WaitForUpdatesEx "$T/log")"
}

cat >"$T/five" <<END
vs-clone -c 4 -m 8G -d 50G -n workers flatcar-template "\$@" |
	vs-extraconfig -i "$T/worker.ign" | vs-power on | vs-wait ip | node-wait --expect \$#
END
cat >"$T/one" <<END
vs-clone -c 4 -m 8G -d 50G -n workers -i "$T/worker.ign" --on flatcar-template "\$@"
END

# ---- five tools, from template to Ready nodes

for budget in '1 36' '3 60' '20 250'; do
	n=${budget% *}
	way five "$n"
	most "${budget#* }" 4
	few_polls "$n" vs-clone vs-extraconfig vs-power vs-wait
done

# ---- one tool

way one 1
most 17 1
few_polls 1 vs-clone
# their guests are nobody's concern here, and need the processors
ctl set boot-time 10m
way one 100
most 170 1
few_polls 100 vs-clone
spans >"$T/times"
log >"$T/log"
a_second vs-clone CloneVM_Task

# ---- many that become ready one after another: each a poll, but for the pace

ctl set boot-time 0s
cat >"$T/off" <<END
vs-clone flatcar-template "\$@" | cut -f 2
END
way off 30
vms=$out
# on FROM TO: the guests of these get their addresses
on() {
	for i in $(seq "$1" "$2"); do ctl power "/DC0/vm/w$ways-$i" on; done
}
told() { [ "$(wc -l <"$T/ips")" -ge "$1" ]; }
mark
# shellcheck disable=SC2086 # a reference each
spawn timeout 170 vs-wait ip --expect 30 $vms >"$T/ips" 2>"$T/ips.err"
waits=$spawned
wait_for 60 asked WaitForUpdatesEx
on 1 21
wait_for 60 told 21
ok $? "21 of 30 have an address"
log >"$T/log"
for i in 1 2 3 4 5 6 7 8 9; do echo "$i wait 00:00:00 - - 0"; done >"$T/times"
a_second vs-wait wait
[ "$n" -gt 0 ]
ok $? "... so it has polled"
on 22 30
wait "$waits"
is "$? $(wc -l <"$T/ips")" "0 30" "... all of them" || diag "$(cat "$T/ips.err")"
n=$(requests)
[ "$n" -gt 0 ] && [ "$n" -le 24 ]
ok $? "... $n requests of at most 24 for 30 VMs" || diag "$(ctl requests)"
lab_stop

# ---- 10,000 VMs

vs_lab -vms 10000
cold
requests_reset
run vs-ls -R -t vm /
is "$status" 0 "vs-ls -R of 10,000 VMs" || diag "$err"
n=$(echo "$out" | wc -l)
[ "$n" -ge 10000 ]
ok $? "... all of them: $n"
n=$(requests)
[ "$n" -le 16 ]
ok $? "... $n requests of at most 16" || diag "$(ctl requests)"

what="vs-ls needs at most 8 MiB more than a GET of its libraries alone"
weighs "$what"
if ! instrumented vs-ls; then
	bare_get vs-ls
	ok $? "a program that links what vs-ls links" || diag "$(cat "$T/cc")"
	for i in 1 2 3; do
		bare >>"$T/bare"
		peak "$T/ls" vs-ls -R -t vm / >"$T/list"
	done
	bare=$(middle "$T/bare") ls=$(middle "$T/ls")
	[ "${bare:-0}" -gt 0 ] && [ $((ls - bare)) -le 8192 ]
	ok $? "$what: $ls KiB against $bare KiB"
fi
done_testing
