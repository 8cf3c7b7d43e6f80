#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# What libvs may change that is not on a stack or a heap: at most eight variables,
# each with its reason here.  By section: what is in .data or .bss is writable at
# run time, what is in .data.rel.ro only while the program is loaded.
. "${0%/*}/lib.sh"

# FILE:NAME, and why it is one for the whole process
cat >"$T/reasons" <<'X'
base/buf:vs_buf_empty	what an empty buffer points to, so that its string is never NULL; not written to
base/file:file_limit	--timeout, which ends the wait for a FIFO wherever one is read
base/io:io_stdin_user	stdin can be read once only
base/log:log_to	any function may warn, without being given somewhere to
run/say:say	there is one stderr, and one progress line on it
X

# variables DIR: FILE:NAME of each in the objects below it
variables() {
	find "$1" -name '*.o' | sort | while read -r o; do
		file=${o#"$1"/}
		objdump -t "$o" | awk -v file="${file%.o}" '
		# a marker of AddressSanitizer, beside the variable that it marks
		$NF ~ /^__odr_asan[.]/ { next }
		/ [.](data|bss|tdata|tbss)/ && !/ d  [.]/ && !/ [.]data[.]rel[.]ro/ {
			sub(/[.][0-9]+$/, "", $NF) # of a static in a function
			print file ":" $NF
		}'
	done
}

objects=${BIN%/bin}/obj/libvs
[ -d "$objects" ] || objects=$top/build/obj/libvs # valgrind's are scripts
variables "$objects" >"$T/found"
cut -f 1 "$T/reasons" >"$T/known"
out=$(grep -vxFf "$T/known" "$T/found")
is "$out" '' "no mutable variable without a reason"
out=$(grep -vxFf "$T/found" "$T/known")
is "$out" '' "... and no reason without a variable"
[ "$(wc -l <"$T/known")" -le 8 ]
ok $? "there are at most eight"

mkdir -p "$T/o/base"
cat >"$T/o/a.c" <<'X'
static int counted;
static char *text = "x";
int initialised = 1;
static __thread int one;
const char *const words[] = { "a", "b" };
int f(void);
int f(void) { static int calls; return ++calls + ++counted + *text++ + ++initialised + ++one; }
X
${CC:-cc} -fPIE -O1 -fdata-sections -c -o "$T/o/base/a.o" "$T/o/a.c"
is "$(variables "$T/o" | sort | tr '\n' ' ')" \
	'base/a:calls base/a:counted base/a:initialised base/a:one base/a:text ' "found: each planted one, and nothing else"

done_testing
