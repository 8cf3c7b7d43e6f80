#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# A few rounds of make soak.
. "${0%/*}/lib.sh"
need perl
[ -x "$LAB" ] || skip_all 'no build/lab (tests/setup demo)'
RUN_TIMEOUT=600 run "$top/tests/soak" 12 4
status_is 0 "after random faults and kills the lab matches the model" || diag "$out"
out_like 'rounds [1-9].* VMs made [1-9].* runs [1-9]' "... something was asked for"
out_like '^soak: differences 0$' "... no difference"
done_testing
