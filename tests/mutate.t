#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# A fixed sample of make mutate: each tool, with one piece of one answer changed.
. "${0%/*}/lib.sh"
[ -x "$LAB" ] || skip_all 'no build/lab (tests/setup demo)'
[ "$LAB" != "$top/build/lab" ] || "$top/tests/setup" lab-is-current
ok $? 'build/lab is as old as tests/lab'
. "$top/tests/lib-vs.sh"
cpu=2s
! instrumented vs-ls || cpu=20s
RUN_TIMEOUT=1200 run "$LAB" mutate -tools "$LOWER" -tab "$top/tests/tools.tab" -n 500 -cpu $cpu
status_is 0 'each run ends in time, with a documented status, a message and no second write' ||
	diag "$out"
summary=$(printf '%s\n' "$out" | tail -n 1)
out_like '^[0-9]* changed answers, 0 bad; ' '... none is bad'
[ "${summary%% *}" -ge 450 ]
ok $? '... and most answers of the sample were changed' || diag "$summary"
out_like 'status 0: [0-9]* 1: [0-9]* 3: [0-9]* 4: [0-9]* 5: ' '... some runs failed'
done_testing
