# SPDX-License-Identifier: Apache-2.0
# lib-vs.sh - what the tests of vs-* share, on top of lib.sh.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
. "$top/tests/lib-tools.sh"

tab=$(printf '\t')

# vs_lab [OPTION...]: a lab, and the cluster that clones go to
vs_lab() {
	lab_start "$@"
	GOVC_CLUSTER=DC0_C0
	export GOVC_CLUSTER
}

# cold: as if nobody had logged in yet
cold() { rm -rf "$XDG_RUNTIME_DIR/vsutils" "$XDG_CACHE_HOME/vsutils"; }

# vm NAME KEY: what the lab itself sees of a VM; of several such keys each
vm() { ctl vm "$1" | sed -n "s/^$2=//p"; }

# has NAME KEY=VALUE...: all of them are so
has() {
	_vm=$1
	ctl vm "$_vm" >"$T/.vm" || return 1
	shift
	for _want; do
		grep -qxF -e "$_want" "$T/.vm" || {
			diag "$_vm: not $_want but $(grep -e "^${_want%%=*}=" "$T/.vm")"
			return 1
		}
	done
}

# vms ERE: how many there are whose line in `lab ctl vms` matches
vms() { ctl vms | grep -cE -e "$1"; }

# ref NAME: its moref
ref() { echo "VirtualMachine:$(vm "$1" ref)"; }

# session KEY: logins, live, refused, logouts
session() { ctl sessions | sed -n "s/^$1=//p"; }

# changed: how many calls were made that are not known to change nothing
changed() { ctl requests | changes; }

# ignition: the worker's config as $T/worker.ign
ignition() {
	ign-gen -q -s "$LAB_SERVER" -t "$LAB_AGENT_TOKEN_FILE" \
		-a "$LAB_AUTHORIZED_KEY" --rke2 v1.33 -o "$T/worker.ign"
}

# asked METHOD [N]: it was called so often, since requests_reset
asked() { [ "$(requests "$1")" -ge "${2:-1}" ]; }

# begin METHOD N COMMAND...: in the background as $pid, until so many calls came.  A
# shell has what it puts there ignore SIGINT, and so would a tool.
begin() {
	_method=$1 _calls=$2
	shift 2
	requests_reset
	env --default-signal=INT "$@" >"$T/begun" 2>"$T/begun.err" &
	pid=$!
	wait_for 20 asked "$_method" "$_calls" || diag "no $_method: $(cat "$T/begun.err")"
}

# ends STATUS NAME [SECONDS]: it is over by itself; under memcheck 2,000 names take
# their time.  What it wrote is in $out and $err.
patience=20
[ "${UNDER:-}" != valgrind ] || patience=200
ends() {
	wait_for "${3:-$patience}" _dead "$pid" || kill -KILL "$pid"
	wait "$pid"
	status=$?
	out=$(cat "$T/begun") err=$(cat "$T/begun.err")
	status_is "$1" "$2"
}

# mark: what the lab's log says from here on is this run's
mark() {
	requests_reset
	_logged=$(ctl log | wc -l)
	_tasks=$(ctl times | wc -l)
}
log() { ctl log | tail -n +$((_logged + 1)); }
spans() { ctl times | tail -n +$((_tasks + 1)); }

# polls TOOL: its WaitForUpdatesEx since the mark
polls() { log | awk -F '\t' -v t="$1/" '$2 == "WaitForUpdatesEx" && index($5, t) == 1' | wc -l; }

# A time-out that is meant to pass: memcheck needs a while to get going.
S=1s
[ "${UNDER:-}" != valgrind ] || S=15s
# How long a call hangs into which a signal or another call is to come.
M=1s
[ "${UNDER:-}" != valgrind ] || M=3s

# --- memory ---------------------------------------------------------------

# needed FILE: the libraries that it asks for, one a line
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# instrumented TOOL: what looks for errors in it takes room of its own
instrumented() { [ -n "${UNDER:-}" ] || needed "$BIN/$1" | grep -qE 'lib(a|ub|t)san'; }

# weighs NAME: what peaks are taken with is there; else NAME is skipped, and the rest
weighs() {
	for _c in readelf "${CC:-cc}" /usr/bin/time; do
		command -v "$_c" >"$T/which" || {
			skip "no $_c (tests/setup check)" "$1"
			done_testing
		}
	done
}

# bare_get TOOL: $T/bare-get, which links what TOOL links, used or not; what the
# compiler says is in $T/cc
bare_get() {
	# shellcheck disable=SC2046 # one option each
	"${CC:-cc}" -O2 -fPIE -pie -Wl,--no-as-needed -o "$T/bare-get" \
		"$top/tests/bench/bare-get.c" \
		$(needed "$BIN/$1" | sed '/^libc\.so/d; s/^/-l:/') 2>"$T/cc"
}

# bare: its peak, that of one GET, in KiB
bare() { "$T/bare-get" "$GOVC_URL/vimServiceVersions.xml" "$GOVC_TLS_CA_CERTS"; }

# peak FILE COMMAND...: its own in KiB, a line more in FILE
peak() {
	_peaks=$1
	shift
	/usr/bin/time -q -a -f %M -o "$_peaks" "$@"
}

# middle [FILE]: the median of a number a line
middle() { sort -n "$@" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
