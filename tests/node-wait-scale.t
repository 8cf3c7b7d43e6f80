#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# node-wait among 5,000 nodes of 10 KB: it keeps of a node what it needs, and
# reads a list and a watch object by object.
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
. "${0%/*}/lib.sh"
. "$top/tests/lib-kube.sh"
need perl
cd "$T" || exit 1
N=5000

# An instrumented program has memory of its own, and takes its time.
limit=25000
if grep -q __asan_init "$BIN/node-wait"; then limit=2000000; fi
if [ "${UNDER:-}" = valgrind ]; then N=1200 limit=2000000; fi

# through COMMAND...: until the watch has told all, then on to the end
through() {
	many_nodes $N
	timeout 200 "$@" --timeout 190s >out 2>err &
	wait_for 150 [ -e api/sent ]
	pid=$(pgrep -P $!)
	# what was sent is read when nothing is left in the socket
	wait_for 60 idle
	peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
	used=$(ticks "$pid")
	: >api/go
	wait $!
	status=$?
	stop "$many_pid"
	diag "peak $peak kB, CPU $((used * 10)) ms: $*" 2>&1
}
idle() {
	was=$now now=$(ticks "$pid")
	sleep 0.3
	[ "$was" = "$now" ]
}
now=

through node-wait node-$N node-1
is $status 0 "two of $N nodes, over plain HTTP"
is "$(cut -f1 out | tr '\n' ' ')" "node-1 node-$N " 'each when it is ready'
[ "$peak" -le $limit ]
ok $? "memory: $peak kB of at most $limit"

through node-wait -l pool=all --expect $N
is $status 0 "all $N nodes"
is "$(cut -f1 out | sort -u | wc -l)" $N 'each once'
[ "$peak" -le $limit ]
ok $? "memory: $peak kB of at most $limit"

done_testing
