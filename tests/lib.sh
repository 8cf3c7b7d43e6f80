# SPDX-License-Identifier: Apache-2.0
# lib.sh - TAP for shell tests, and the lab they talk to.
#
# A test begins with . "${0%/*}/lib.sh" (a program in a folder below with
# . "${0%/*}/../lib.sh") and ends with done_testing.  It works under dash and
# bash.  It sets:
#   $top   the project's root          $T   a temporary folder, removed at the end
#   $BIN   where the tools are, first in PATH
# HOME and the XDG folders are in $T, GOVC_* and KUBECONFIG are unset, stdin is
# /dev/null: a test uses nothing of the user's and leaves nothing behind.
# shellcheck shell=sh

_here=${0%/*}
[ -f "$_here/lib.sh" ] || _here=$_here/..
top=$(CDPATH='' cd -- "$_here/.." && pwd) || exit 1
BIN=${BIN:-$top/build/bin}
LAB=${LAB:-$top/build/lab}
LOWER=${LOWER:-$top/build/lower}	# tools that read lower bounds from $BOUNDS: lower.c
T=$(mktemp -d "${TMPDIR:-/tmp}/vsutils.XXXXXX") || exit 1
PATH=$BIN:$PATH:/usr/sbin:/sbin
HOME=$T/home
XDG_RUNTIME_DIR=$T/run
XDG_CACHE_HOME=$T/cache
LC_ALL=C.UTF-8
TZ=UTC
export PATH HOME XDG_RUNTIME_DIR XDG_CACHE_HOME LC_ALL TZ
mkdir "$HOME" && mkdir -m 700 "$XDG_RUNTIME_DIR" "$XDG_CACHE_HOME" || exit 1
unset KUBECONFIG SSH_AUTH_SOCK http_proxy https_proxy all_proxy no_proxy \
	HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
for _v in $(env | sed -n 's/^\(GOVC_[A-Z_]*\)=.*/\1/p'); do unset "$_v"; done
exec </dev/null

_n=0 _bad=0 _plan='' _pids='' _at_exit=''

# --- at the end -----------------------------------------------------------

# at_exit COMMAND: runs a line of shell at the end, the last one first
at_exit() {
	_at_exit="$1
$_at_exit"
}

# spawn COMMAND...: runs it in the background; stopped at the end; $spawned is its process ID
spawn() {
	"$@" &
	spawned=$!
	_pids="$spawned $_pids"
}

# kill -0 also succeeds for a zombie.
_alive() {
	kill -0 "$1" 2>/dev/null || return 1
	case $(sed -n 's/^State:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null) in
	Z* | X*) return 1 ;;
	esac
}
_dead() { ! _alive "$1"; }

# The process ID of a child that was waited for may belong to another program by now.
_ours() { [ "$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)" = $$ ]; }
_over() { ! _ours "$1" || _dead "$1"; }

# stop PID: sends a child TERM, and KILL after $STOP_TIMEOUT seconds
stop() {
	if _ours "$1"; then
		kill "$1" 2>/dev/null
		wait_for "${STOP_TIMEOUT:-5}" _over "$1" || kill -KILL "$1" 2>/dev/null
		wait "$1" 2>/dev/null
	fi
	_left=
	for _p in $_pids; do [ "$_p" = "$1" ] || _left="$_left $_p"; done
	_pids=$_left
}

_cleanup() {
	_status=$?
	trap - EXIT
	trap '' INT TERM HUP
	eval "$_at_exit"
	for _p in $_pids; do stop "$_p"; done
	rm -rf --one-file-system "$T"
	exit $_status
}
trap _cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# wait_for SECONDS COMMAND...: repeats it until it succeeds; fails after that time
wait_for() {
	_tries=$(($1 * 20))
	shift
	until "$@"; do
		_tries=$((_tries - 1))
		[ $_tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# --- TAP ------------------------------------------------------------------

diag() { printf '%s\n' "$*" | sed 's/^/# /' >&2; }

plan() {
	_plan=$1
	echo "1..$1"
}

# ok STATUS NAME: as in `[ -s file ]; ok $? 'the file is there'`
ok() {
	_n=$((_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $_n - $2"
	else
		_bad=$((_bad + 1))
		echo "not ok $_n - $2"
		diag "failed: $2"
		return 1
	fi
}

pass() { ok 0 "$1"; }
fail() { ok 1 "$1"; }

# is GOT WANT NAME
is() {
	[ "$1" = "$2" ]
	ok $? "$3" || { diag " got: '$1'
want: '$2'"; return 1; }
}

isnt() {
	[ "$1" != "$2" ]
	ok $? "$3" || { diag "got what it must not be: '$1'"; return 1; }
}

# like TEXT ERE NAME: a line of the text matches
like() {
	printf '%s\n' "$1" | grep -qE -e "$2"
	ok $? "$3" || { diag "     text: '$1'
has not: /$2/"; return 1; }
}

unlike() {
	! printf '%s\n' "$1" | grep -qE -e "$2"
	ok $? "$3" || { diag "text: '$1'
 has: /$2/"; return 1; }
}

# In CI a skipped test is a failure.
skip() {
	if [ -n "${CI:-}" ]; then
		fail "$2"
		diag "nothing is skipped in CI: $1"
	else
		_n=$((_n + 1))
		echo "ok $_n - $2 # SKIP $1"
	fi
}

# Memcheck differs from the kernel in two ways that tests must know: it opens /dev/null
# if 0, 1 or 2 is closed, and its vfork cannot tell the parent why exec failed.
under_memcheck() { [ "${UNDER:-}" = valgrind ]; }

# plain_tools: do not run the tools under memcheck in this test, since it tests what is
# around them or what they request; other tests run the same code under memcheck.
plain_tools() {
	under_memcheck || return 0
	PATH=${PATH#"$BIN:"}
	BIN=${BIN%/valgrind/bin}/bin UNDER=
	PATH=$BIN:$PATH
}

skip_all() {
	if [ -n "${CI:-}" ]; then
		fail "nothing is skipped in CI: $1"
		done_testing
	fi
	echo "1..0 # SKIP $1"
	exit 0
}

# need COMMAND...: skips this test if one is missing
need() {
	for _c; do
		command -v "$_c" >/dev/null || skip_all "no $_c (tests/setup check)"
	done
}

# oracle NAME: sets $oracle to build/oracles/NAME; skips this test if it is missing
oracle() {
	oracle_there "$1" || skip_all "no $1 (tests/setup check)"
}

# oracle_there NAME: the same if only a part of a test needs it.  Waits while tests/check
# builds it in the background; the test fails if that fails.
oracle_there() {
	oracle=$top/build/oracles/$1 _build=$top/build/setup/$1
	# not wait_for: six tests that look 20 times a second slow the build down
	_tries=$((${ORACLE_TIMEOUT:-1800} * 2))
	while _oracle_comes && [ $_tries -gt 0 ]; do
		sleep 0.5
		_tries=$((_tries - 1))
	done
	if _oracle_comes || [ -e "$_build.failed" ]; then
		fail "the oracle $1 is built"
		diag "$(tail -n 20 "$_build.log" 2>/dev/null)"
		done_testing
	fi
	[ -x "$oracle" ]
}
# The file holds the process ID of the tests/check that builds it.
_oracle_comes() { [ -s "$_build.coming" ] && _alive "$(cat "$_build.coming")"; }

done_testing() {
	[ $_n -gt 0 ] || fail 'a test that tests nothing'
	[ -n "$_plan" ] || echo "1..$_n"
	[ -z "$_plan" ] || [ "$_plan" = $_n ] || { diag "planned $_plan, ran $_n"; _bad=$((_bad + 1)); }
	[ $_bad = 0 ]
	exit $?
}

# --- commands -------------------------------------------------------------

# run COMMAND...: sets $out, $err and $status.  The command reads the stdin of run:
# run vs-power on <file.  It is killed after $RUN_TIMEOUT seconds, with status 124.
run() {
	case $(command -v "$1") in
	*/*) timeout --foreground -k 5 "${RUN_TIMEOUT:-60}" "$@" >"$T/.out" 2>"$T/.err" ;;
	*) "$@" >"$T/.out" 2>"$T/.err" ;;
	esac
	status=$?
	out=$(cat "$T/.out") err=$(cat "$T/.err")
	return 0
}

# status_is N NAME: of the last run; shows its stderr if the status differs
status_is() {
	is "$status" "$1" "$2" || { diag "stderr: $err"; return 1; }
}
out_is() { is "$out" "$1" "$2"; }
out_like() { like "$out" "$1" "$2"; }
err_is() { is "$err" "$1" "$2"; }
err_like() { like "$err" "$1" "$2"; }

# --- the lab --------------------------------------------------------------

_labs=0

# lab_start [OPTION...]: starts a lab for this test, and sets its variables
lab_start() {
	[ -x "$LAB" ] || skip_all 'no build/lab (tests/setup demo)'
	# `make` does not build it, and an old one would fail tests in odd ways
	if [ "$LAB" = "$top/build/lab" ] && ! "$top/tests/setup" lab-is-current; then
		fail 'build/lab is older than tests/lab: run tests/setup demo'
		done_testing
	fi
	_labs=$((_labs + 1))
	_lab=$T/lab$_labs
	spawn "$LAB" -dir "$_lab" "$@" >"$_lab.out" 2>"$_lab.err"
	lab_pid=$spawned
	if ! wait_for 60 _lab_is_up "$lab_pid" "$_lab.out" || [ ! -s "$_lab.out" ]; then
		diag "the lab did not start:
$(tail -n 5 "$_lab.err")"
		_bad=$((_bad + 1))
		done_testing
	fi
	# shellcheck disable=SC1090 # written by the lab
	. "$(head -n 1 "$_lab.out")"
}

# It has printed the path of its variables, or has ended.
_lab_is_up() { [ -s "$2" ] || _dead "$1"; }

lab_stop() {
	stop "$lab_pid"
}

ctl() { timeout 30 "$LAB" ctl "$@"; }

# requests [METHOD]: how many the lab has received; without METHOD all except
# WaitForUpdatesEx
requests() {
	ctl requests | awk -v m="${1:-total}" '$1 == m { n = $2 } END { print n + 0 }'
}

requests_reset() { ctl requests -reset >/dev/null; }
