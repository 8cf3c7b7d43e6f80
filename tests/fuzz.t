#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2034,SC2016 # lib.sh and its variables; commands in quotes
# The targets of make fuzz: the inputs that were kept, once more; and what the
# fuzzing says when it finds something.
. "${0%/*}/lib.sh"
cd "$top" || exit 1
UNIT=${UNIT:-$top/build/unit}
# a sanitizer or memcheck takes its time
RUN_TIMEOUT=600

# bytes FILE: of the input itself
bytes() { case $1 in *.b64) base64 -d "$1" ;; *) cat "$1" ;; esac; }

for target in tests/fuzz/*.c; do
	target=$(basename "$target" .c)
	[ "$target" != main ] || continue
	[ -x "$UNIT/fuzz_$target" ] || skip_all 'no targets (make units)'
	set -- "tests/fuzz/corpus/$target"/*
	run "$UNIT/fuzz_$target" "$@"
	[ "$status" = 0 ] && [ "$(printf '%s\n' "$out" | wc -l)" = $# ]
	ok $? "$target: $# inputs" || diag "status $status at $(printf '%s\n' "$out" | tail -n 1)
$err"

	# what broke it once, here, must not be forgotten
	for input; do bytes "$input" | cksum; done >"$T/kept"
	for input in "tests/fuzz/$target"/*; do
		[ -e "$input" ] || continue
		bytes "$input" | cksum | grep -qxFf - "$T/kept" || echo "$input"
	done >"$T/loose"
	is "$(cat "$T/loose")" '' "$target: its corpus contains what was found"
	[ -s "tests/fuzz/$target.dict" ]
	ok $? "$target: has a dictionary"
done
run "$UNIT/fuzz_dataurl" "$T/nowhere"
is "$status" 1 'an input that cannot be read fails'

find tests/fuzz/corpus -type f >"$T/all"
[ "$(wc -l <"$T/all")" -le 300 ]
ok $? 'the corpus is at most 300 files'
[ "$(xargs cat <"$T/all" | wc -c)" -le 307200 ]
ok $? 'of at most 300 KiB'
while read -r input; do
	iconv -f UTF-8 -t UTF-8 "$input" 2>/dev/null | tr -d '\000' | cmp -s - "$input" || echo "$input"
done <"$T/all" >"$T/binary"
is "$(cat "$T/binary")" '' 'and all of it is text'

# --- what a run says, of a target that is no such thing

mkdir "$T/fuzzers"
# fuzzer COMMANDS: in place of a target; $to is where its finds go
fuzzer() {
	cat >"$T/fuzzers/dataurl" <<X
#!/bin/sh
to=
for a; do case \$a in -artifact_prefix=*) to=\${a#*=} ;; esac; done
$1
X
	chmod +x "$T/fuzzers/dataurl"
	rm -rf "$T/found"
	run env FUZZERS="$T/fuzzers" WORK="$T/work" FOUND="$T/found" tests/fuzz/run 30 dataurl
}
done='echo "#9	DONE   cov: 12 ft: 34 corp: 5/67b"; echo stat::number_of_executed_units: 9; echo "Done 9 runs in 1 second(s)"'
fuzzer "$done"
status_is 0 'nothing found'
out_like '^dataurl: 9 inputs, .*; 12 edges, corpus 5/67b' 'its figures'
fuzzer 'echo "x.c:1: broken: words"; echo x >"${to}crash-1"; exit 77'
status_is 1 'something found'
out_like '^x\.c:1: broken: words$' 'what it was'
out_like "^dataurl: once more: $T/fuzzers/dataurl $T/found/dataurl/crash-1\$" 'how to have it again'
fuzzer 'exit 1'
status_is 1 'a target that cannot be run'
out_like 'did not end as it should' 'says so'
fuzzer "[ -n \"\$to\" ] || exit 0; [ -e $T/again ] || { : >$T/again; echo x >\"\${to}timeout-1\"; exit 70; }; $done"
status_is 0 'too late, on a machine that was busy: the target goes on'
[ ! -e "$T/found/dataurl/timeout-1" ]
ok $? 'and that input is not reported'
fuzzer '[ -n "$to" ] || exit 1; echo x >"${to}timeout-1"; exit 70'
status_is 1 'too late, and not well when it is alone'
run tests/fuzz/run
status_is 2 'no words, no run'

done_testing
