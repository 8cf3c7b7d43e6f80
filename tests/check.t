#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh and its variables
# tests/check: which tests it runs, in which order, and what it does when an oracle
# cannot be built.
. "${0%/*}/lib.sh"
need make

check=$top/tests/check
run "$check" nosuch session
status_is 2 'a test that does not exist'
err_is "tests/check: no test 'nosuch' (tests/nosuch.t, tests/unit/nosuch.c)" '... is named'
run "$check" -n session robust
is "$(echo "$out" | sort)" 'robust.t
session.t
unit/robust' 'a name is that of a unit test, of another one, or of both'
run "$check" -n unit/robust tests/session.t session
is "$(echo "$out" | sort)" 'session.t
unit/robust' '... or a path, and each test runs once'

run "$check" -n
status_is 0 'all of them'
is "$(echo "$out" | cut -d' ' -f1 | sort)" "$(cd "$top/tests" && for f in *.t unit/*.c; do echo "${f%.c}"; done | sort)" \
	'... each once'
is "$(echo "$out" | sed -n 's/^oracles\.t //p')" \
	'butane butane-diff govc ignition ignition-validate kube-apiserver kubectl' 'what oracles.t waits for'
is "$(echo "$out" | sed -n 's/^ign-back\.t //p')" 'butane ignition-validate' 'what a test waits for through a library'
is "$(echo "$out" | awk '/ kube/ { k = 1; next } k')" '' 'tests that need what is built last come last'
is "$(echo "$out" | awk 'NF > 1 { o = 1; next } o')" '' 'tests that need no oracle come first'

# --- a house of its own, with an oracle that takes a second and one that fails

H=$T/house
mkdir -p "$H/tests/unit" "$H/build/bin" "$H/build/oracles" "$H/build/setup"
cp "$check" "$top/tests/timed" "$top/tests/lib.sh" "$H/tests"
cat >"$H/tests/setup" <<'X'
#!/bin/sh
case $1 in
packages) [ ! -e no-packages ] ;;
pending) shift; for o; do [ -x "build/oracles/$o" ] || echo "$o"; done ;;
lab) [ ! -e slow-lab ] || { echo $$ >pid && exec sleep 60; } ;;
oracle)
	[ "$2" != govc ] || { echo $$ >pid && exec sleep 60; }
	sleep 1
	[ "$2" != kubectl ] || { echo 'setup: no network' >&2; exit 1; }
	printf '#!/bin/sh\n' >"build/oracles/$2" && chmod +x "build/oracles/$2" ;;
esac
X
chmod +x "$H/tests/setup"
for t in 'late butane' 'never kubectl' 'stuck govc'; do
	printf '#!/bin/sh\n. "${0%%/*}/lib.sh"\noracle %s\nok $? "there"\ndone_testing\n' "${t#* }" >"$H/tests/${t% *}.t"
done
printf '#!/bin/sh\necho "1..1\nok 1 - at once"\n' >"$H/tests/soon.t"
printf '#!/bin/sh\n. "${0%%/*}/lib.sh"\nskip_all "not here"\noracle kubectl\n' >"$H/tests/skipped.t"
printf '#!/bin/sh\necho "1..1"\n[ ! -e /proc/$$/fd/3 ] && echo "ok 1"\n' >"$H/tests/open.t"
chmod +x "$H/tests"/*.t
house_env="env -u BIN -u CI -u LAB -u MAKE -u PROVE -u TIMES -u UNDER -u UNIT BUILD=build"
tools_there="BIN=$H/build/bin UNIT=$H/build/unit"
# shellcheck disable=SC2086 # words
check_house() { run $house_env $tools_there "$H/tests/check" "$@"; }
touch "$H/build/setup/govc.coming" "$H/build/setup/govc.failed"
check_house -n
is "$(cd "$H/build/setup" && echo *)" 'govc.coming govc.failed' 'a list takes nothing from a run beside it'
rm "$H/build/setup"/govc.*
check_house late soon
status_is 0 'an oracle is built while a test that needs none runs'
err_like '^check: building butane in the background$' '... and says so'
err_like '^check: [0-9]+ s, of which [0-9]+ s before the first test; [0-9]+ s of CPU time$' '... and how long it took'
rm "$H/build/oracles/butane"
check_house late soon
err_like '^check: building butane in the background \([1-9] s the last time\)$' 'the next run knows how long that took'
check_house soon late never
isnt "$status" 0 'an oracle that cannot be built fails'
err_like '^check: kubectl cannot be built: setup: no network$' '... says so'
out_like 'never\.t .*(Failed|Dubious)|tests/never\.t' '... and fails the test that needs it'
is "$(echo "$out" | grep -cE '(late|soon)\.t \.* ok')" 2 '... no other'
is "$(find "$H/build/setup" -name '*.coming' -o -name '*.failed')" '' 'nothing that another run would wait for is left'
check_house skipped
isnt "$status" 0 '... also where the only test that needs it is skipped'
err_like '^check: 0 of 1 oracles were built, after [0-9]+ s$' '... with the count'
check_house late
status_is 0 'there is nothing to build'
unlike "$err" 'background' '... and no message mentions it'
: >"$H/no-packages"
check_house soon
status_is 1 'packages that are missing end it'
is "$out" '' '... before any test'
rm "$H/no-packages"
check_house open
status_is 0 'a test gets no other open files than prove opens'

# --- nothing stays in the background

# left_alone NAME: what was being built is gone, and no test would wait for it
left_alone() {
	wait_for 10 test -s "$H/pid" && wait_for 10 _dead "$(cat "$H/pid")"
	ok $? "$1: it is ended"
	is "$(find "$H/build/setup" -name '*.coming' -o -name '*.failed')" '' '... and no test would wait for it'
	rm -f "$H/pid"
}
# interrupted TEXT COMMAND TEST: ^C once a build hangs, TEXT was said, and COMMAND has run
interrupted() {
	_said=$1 _before=$2
	shift 2
	rm -f "$H/pid"
	: >"$T/.err"
	# shellcheck disable=SC2086 # words
	$house_env $tools_there PROVE=true timeout -k 20 60 "$H/tests/check" "$@" >"$T/.out" 2>"$T/.err" &
	_check=$!
	wait_for 40 test -s "$H/pid"
	wait_for 10 grep -qe "$_said" "$T/.err"
	$_before
	kill -INT "$_check"
	wait "$_check"
	out=$(cat "$T/.out") err=$(cat "$T/.err")
}
interrupted '^check: running 1 tests' true stuck
err_like '^check: running 1 tests' '^C while an oracle is built'
left_alone 'its build'
other_builds() { echo $$ >"$H/build/setup/govc.coming"; }
interrupted '^check: running 1 tests' other_builds stuck
is "$(cat "$H/build/setup/govc.coming")" $$ 'what another run builds as well is left to that'
rm "$H/build/setup/govc.coming"
: >"$H/slow-lab"
interrupted '^check: building' true soon
unlike "$err" '^check: running' '^C while the lab is built'
left_alone 'its build'
printf '#!/bin/sh\nsleep 1\nexit 2\n' >"$H/make"
chmod +x "$H/make"
# shellcheck disable=SC2086 # words
run $house_env MAKE="$H/make" "$H/tests/check" soon
status_is 2 'the tools cannot be built, and the lab is being built'
left_alone 'its build'
done_testing
