# SPDX-License-Identifier: Apache-2.0
# lib-vs.sh - what the tests of vs-* share, on top of lib.sh.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154
. "$top/tests/lib-tools.sh"

tab=$(printf '\t')

# vs_lab [OPTION...]: starts a lab, and sets the cluster for clones
vs_lab() {
	lab_start "$@"
	GOVC_CLUSTER=DC0_C0
	export GOVC_CLUSTER
}

# cold: removes cached sessions
cold() { rm -rf "$XDG_RUNTIME_DIR/vsutils" "$XDG_CACHE_HOME/vsutils"; }

# vm NAME KEY: the value that the lab sees, a line for each such key
vm() { ctl vm "$1" | sed -n "s/^$2=//p"; }

# has NAME KEY=VALUE...: all are true of the VM
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

# vms ERE: how many lines of `lab ctl vms` match
vms() { ctl vms | grep -cE -e "$1"; }

# ref NAME: its moref
ref() { echo "VirtualMachine:$(vm "$1" ref)"; }

# session KEY: logins, live, refused, logouts
session() { ctl sessions | sed -n "s/^$1=//p"; }

# changed: how many calls were made, except those known to change nothing
changed() { ctl requests | changes; }

# ignition: the worker's config as $T/worker.ign
ignition() {
	ign-gen -q -s "$LAB_SERVER" -t "$LAB_AGENT_TOKEN_FILE" \
		-a "$LAB_AUTHORIZED_KEY" --rke2 v1.33 -o "$T/worker.ign"
}

# large_config BYTES: a config with so many random bytes, which take 1.34 times as many
# when it is encoded for guestinfo
large_config() {
	printf '{"ignition":{"version":"3.4.0"},"storage":{"files":[{"path":"/a","contents":{"source":"data:;base64,'
	head -c "$1" /dev/urandom | base64 -w 0
	printf '"}}]}}\n'
}

# asked METHOD [N]: it was called at least N times since requests_reset
asked() { [ "$(requests "$1")" -ge "${2:-1}" ]; }

# begin METHOD N COMMAND...: starts it in the background as $pid, and waits for N calls of
# METHOD.  A shell makes background commands ignore SIGINT; env undoes that.
begin() {
	_method=$1 _calls=$2
	shift 2
	requests_reset
	env --default-signal=INT "$@" >"$T/begun" 2>"$T/begun.err" &
	pid=$!
	wait_for 20 asked "$_method" "$_calls" || diag "no $_method: $(cat "$T/begun.err")"
}

# ends STATUS NAME [SECONDS]: waits until it ends by itself, and sets $out and $err.
# Memcheck needs long for 2,000 names.
patience=20
[ "${UNDER:-}" != valgrind ] || patience=200
ends() {
	wait_for "${3:-$patience}" _dead "$pid" || kill -KILL "$pid"
	wait "$pid"
	status=$?
	out=$(cat "$T/begun") err=$(cat "$T/begun.err")
	status_is "$1" "$2"
}

# mark: log, spans and polls start here
mark() {
	requests_reset
	_logged=$(ctl log | wc -l)
	_tasks=$(ctl times | wc -l)
}
log() { ctl log | tail -n +$((_logged + 1)); }
spans() { ctl times | tail -n +$((_tasks + 1)); }

# polls TOOL: its WaitForUpdatesEx since the mark
polls() { log | awk -F '\t' -v t="$1/" '$2 == "WaitForUpdatesEx" && index($5, t) == 1' | wc -l; }

# A timeout that is meant to expire: memcheck needs seconds to start.
S=1s
[ "${UNDER:-}" != valgrind ] || S=15s
# How long a call hangs if a signal or another call must arrive in the meantime.
M=2s
[ "${UNDER:-}" != valgrind ] || M=3s

# --- memory ---------------------------------------------------------------

# needed FILE: the libraries that it links, one per line
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# instrumented TOOL: runs under memcheck or a sanitizer, which need memory themselves
instrumented() { [ -n "${UNDER:-}" ] || needed "$BIN/$1" | grep -qE 'lib(a|ub|t)san'; }

# weighs NAME: skips NAME and the rest of the test if peaks cannot be measured
weighs() {
	for _c in readelf "${CC:-cc}" /usr/bin/time; do
		command -v "$_c" >"$T/which" || {
			skip "no $_c (tests/setup check)" "$1"
			done_testing
		}
	done
}

# bare_get TOOL: builds $T/bare-get, which links the same libraries as TOOL, used or not;
# $T/cc has the compiler's messages
bare_get() {
	# shellcheck disable=SC2046 # one option each
	"${CC:-cc}" -O2 -fPIE -pie -Wl,--no-as-needed -o "$T/bare-get" \
		"$top/tests/bench/bare-get.c" \
		$(needed "$BIN/$1" | sed '/^libc\.so/d; s/^/-l:/') 2>"$T/cc"
}

# bare: runs it, and prints the peak of one GET in KiB
bare() { "$T/bare-get" "$GOVC_URL/vimServiceVersions.xml" "$GOVC_TLS_CA_CERTS"; }

# peak FILE COMMAND...: runs it, and appends its peak in KiB to FILE
peak() {
	_peaks=$1
	shift
	/usr/bin/time -q -a -f %M -o "$_peaks" "$@"
}

# middle [FILE]: the median of its lines
middle() { sort -n "$@" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
