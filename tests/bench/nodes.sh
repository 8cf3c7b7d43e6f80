# SPDX-License-Identifier: Apache-2.0
# nodes.sh - node-wait with 5,000 nodes of 10 KB, of which 20 change every second, but
# none that it waits for.
# shellcheck shell=bash disable=SC2154

. "$top/tests/lib-kube.sh"
many=5000 spell=20

# waits LABEL ARGUMENT...: its CPU time while it waits, and its peak
waits() {
	local label=$1 pid before after kb
	shift
	many_nodes $many 20 || die 'no API'
	spawn node-wait --timeout 200s "$@" >"$T/out" 2>"$T/err"
	pid=$spawned
	wait_for 100 [ -e "$T/api/sent" ] || die "no watch: $(cat "$T/err")"
	sleep 2
	before=$(ticks "$pid")
	sleep $spell
	after=$(ticks "$pid")
	kb=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status") || die "node-wait is gone: $(cat "$T/err")"
	: >"$T/api/go"
	wait "$pid" || die "node-wait: status $?: $(cat "$T/err")"
	stop "$many_pid"
	figure "node-wait, $many nodes, $label: % of a core" \
		"$(calc "($after - $before) * 100 / $(getconf CLK_TCK) / $spell")" 3 ''
	figure '... peak MB' "$(calc "$kb / 1024")" 25 ''
}

printf '\n%s\n' "node-wait: $many nodes of 10 KB, 20 events a second, over $spell s of waiting"
waits 'two of them' node-$many node-1
waits 'all of them' -l pool=all --expect $many
