#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh's variables, and scripts in quotes
# The tests' own library: what fails must fail, what waits must end, and
# nothing may be left behind.
. "${0%/*}/lib.sh"

# try [NAME=VALUE...] <script: run it as a test of its own, beside lib.sh
mkdir "$T/tests"
ln -s "$top/tests/lib.sh" "$T/tests/lib.sh"
try() {
	{ echo '. "${0%/*}/lib.sh"'; cat; } >"$T/tests/x.t"
	run env "$@" STOP_TIMEOUT=1 TMPDIR="$T" "$shell" "$T/tests/x.t"
}

for shell in sh bash; do
	command -v $shell >/dev/null || continue

	try CI= <<-'X'
		ok 0 one
		is a a two
		like 'xay' '^x.y$' three
		unlike b a four
		done_testing
	X
	status_is 0 "$shell: right results pass"
	out_is "ok 1 - one
ok 2 - two
ok 3 - three
ok 4 - four
1..4" "$shell: as TAP"
	err_is '' "$shell: quietly"

	try CI= <<-'X'
		ok 1 one
		is a b two
		like abc '^b' three
		unlike abc b four
		isnt a a five
		done_testing
	X
	status_is 1 "$shell: wrong results fail"
	is "$(printf '%s\n' "$out" | grep -c '^not ok')" 5 "$shell: each of them"
	err_like "got: 'a'" "$shell: the actual value is shown"
	err_like "want: 'b'" "$shell: and the expected value"

	try CI= <<-'X'
		plan 2
		pass one
		done_testing
	X
	status_is 1 "$shell: fewer than planned fail"

	try CI= <<-'X'
		done_testing
	X
	status_is 1 "$shell: nothing tested fails"

	try CI= <<-'X'
		skip 'no reason' one
		done_testing
	X
	status_is 0 "$shell: a skip passes"
	try CI=true <<-'X'
		skip 'no reason' one
		done_testing
	X
	status_is 1 "$shell: but not in CI"
	try CI= <<-'X'
		need no-such-command
		pass never
	X
	out_is '1..0 # SKIP no no-such-command (tests/setup check)' "$shell: a test without its tool is skipped"
	try CI=true <<-'X'
		need no-such-command
		pass never
	X
	status_is 1 "$shell: but not in CI"

	# An oracle that tests/check, here a sleep, is building meanwhile.
	rm -rf "$T/build"
	mkdir -p "$T/build/setup" "$T/build/oracles"
	sleep 60 &
	builder=$!
	echo $builder >"$T/build/setup/late.coming"
	(sleep 1; printf '#!/bin/sh\n' >"$T/build/oracles/late"; chmod +x "$T/build/oracles/late"
		rm "$T/build/setup/late.coming") &
	try CI=true <<-'X'
		oracle late
		[ -x "$oracle" ]
		ok $? 'it is there'
		done_testing
	X
	status_is 0 "$shell: an oracle that is being built is waited for"
	rm "$T/build/oracles/late"
	echo $builder >"$T/build/setup/late.coming"
	echo 'no such package' >"$T/build/setup/late.log"
	(sleep 1; : >"$T/build/setup/late.failed"; rm "$T/build/setup/late.coming") &
	try CI= <<-'X'
		oracle late
		pass never
	X
	status_is 1 "$shell: one that cannot be built fails the test"
	err_like '^# no such package$' "$shell: ... with the end of its log"
	rm "$T/build/setup/late.failed"
	echo $builder >"$T/build/setup/late.coming"
	try CI= ORACLE_TIMEOUT=1 <<-'X'
		oracle late
		pass never
	X
	status_is 1 "$shell: one that does not come in time, too"
	kill $builder
	wait $builder 2>/dev/null
	try CI= <<-'X'
		oracle late
		pass never
	X
	out_is '1..0 # SKIP no late (tests/setup check)' "$shell: one that is not being built is not waited for"

	try CI= <<-'X'
		run sh -c 'cat; echo err >&2; exit 3' <<-Y
			in
		Y
		status_is 3 status
		out_is in stdout
		err_is err stderr
		RUN_TIMEOUT=1
		run sleep 60
		status_is 124 'a command that hangs is killed'
		done_testing
	X
	status_is 0 "$shell: run gets status, stdout and stderr, and has an end"

	try CI= <<-'X'
		spawn sh -c 'trap "" TERM; echo up; while :; do sleep 0.1; done' >"$T/up"
		wait_for 5 test -s "$T/up"
		echo $spawned $T >"${T%/*}/left"
		! wait_for 1 false
		ok $? 'a wait ends'
		at_exit 'echo cleaned'
		done_testing
	X
	status_is 0 "$shell: a wait has an end"
	out_like '^cleaned$' "$shell: at_exit is run"
	read -r pid folder <"$T/left"
	! kill -0 "$pid" 2>/dev/null
	ok $? "$shell: a child that ignores TERM is gone"
	[ ! -e "$folder" ]
	ok $? "$shell: so is its folder"

	# A process ID that is another program's now, as after 32,768 others.
	sleep 60 &
	other=$!
	try CI= "OTHER=$other" <<-'X'
		spawn true
		wait $spawned
		_pids="$OTHER $_pids"
		stop "$OTHER"
		pass stopped
		done_testing
	X
	status_is 0 "$shell: a test stops only its own children"
	kill -0 $other
	ok $? "$shell: ... and no other program"
	kill $other
	wait $other 2>/dev/null

	try CI= GOVC_URL=https://vc.example <<-'X'
		is "${GOVC_URL:-}" '' 'no GOVC_URL'
		is "${HOME#"$T"}" /home 'HOME is in $T'
		is "$(cat)" '' 'stdin is empty'
		done_testing
	X
	status_is 0 "$shell: the user's settings stay outside"

	# Ended by a signal, it cleans up too.
	try CI= <<-'X'
		spawn sleep 60
		echo $spawned $T >"${T%/*}/left"
		kill -TERM $$
		sleep 5
		pass never
	X
	status_is 143 "$shell: TERM ends a test"
	read -r pid folder <"$T/left"
	! kill -0 "$pid" 2>/dev/null && [ ! -e "$folder" ]
	ok $? "$shell: and nothing is left"
done
done_testing
