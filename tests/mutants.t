#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# The mutants: each applies, each folder has some, and the tests catch a sample of them
# (make mutants tries all).
. "${0%/*}/lib.sh"
cd "$top" || exit 1
WORK=$T/mutants
export WORK
export RUN_TIMEOUT=120 # -n reads each file for each mutant

run tests/mutants/run -n
status_is 0 "each mutant applies, and names tests that exist"
out_is "" "... nothing is said about any of them"
tests/mutants/run -l >"$T/all"
n=$(wc -l <"$T/all")
[ "$n" -ge 150 ]
ok $? "at least 150 of them" || diag "$n"
for folder in libvs/* cmd; do
	[ -d "$folder" ] || continue
	grep -q "	$folder/" "$T/all"
	ok $? "some are in $folder"
done

# A line that is there twice, or not at all
mkdir "$T/tree" "$T/tree/tests"
cp -R tests/mutants "$T/tree/tests/"
rm "$T/tree/tests/mutants/"*.mut
printf 'one\ntwo\none\n' >"$T/tree/file.c"
: >"$T/tree/tests/x.t"
for old in one three; do
	printf '= m file.c x.t\n# a mistake\n-%s\n+four\n' $old >"$T/tree/tests/mutants/m.mut"
	run "$T/tree/tests/mutants/run" -n
	status_is 1 "a mutant whose line is not there exactly once: $old"
	out_like "^m: its lines are [02] times in file.c" "... is an error"
done
printf '= m file.c y.t\n# a mistake\n-two\n+four\n' >"$T/tree/tests/mutants/m.mut"
run "$T/tree/tests/mutants/run" -n
out_is "m: no tests/y.t" "a test that does not exist is an error"
run tests/mutants/run -n nosuch
status_is 2 "no such mutant"

# The others compile with the builder's flags, which a sanitizer's objects do not fit.
if [ ! -e build/libvs.a ] || [ -n "${UNDER:-}" ] || [ "$BIN" != "$top/build/bin" ]; then
	echo "# the sample is tried with build/bin only" >&2
	done_testing
fi
export RUN_TIMEOUT=900
run env JOBS=2 tests/mutants/run base-map-deleted base-opt-dashes base-proc-signal \
	text-base64-padding doc-value-octal ign-raid-spares ign-hash-length \
	rke2-token-bootstrap rke2-token-hash rke2-version-zero
status_is 0 "a sample of ten"
out_like '^10 mutants: 10 caught, 0 survived, 0 errors' "... the tests catch it" || diag "$out"
done_testing
