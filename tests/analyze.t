#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# What gcc's analyzer, clang-tidy and cppcheck find in the sources, in CI and by `make
# analyze`, which has run clang-tidy over all of them before; CI only runs it over those
# that were changed last.  What they get wrong is in tests/analyze.supp and
# tests/cppcheck.supp, each with its reason.
. "${0%/*}/lib.sh"
[ -n "${CI:-}" ] || skip_all 'only where CI is set (make analyze)'
need cppcheck
need clang-tidy
cd "$top" || exit 1
build=${BUILD:-build}
: >"$T/tools.h"	# of the build
NEWEST=12	# sources for clang-tidy in CI: a second or two each

# --- gcc and clang-tidy

# make_ok TARGET...: a make of its own, not a part of the one that runs the tests
make_ok() {
	RUN_TIMEOUT=1200 run env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -k -s -j2 "BUILD=$build" "$@"
}
make_ok gcced
is "$status" 0 'gcc -fanalyzer finds nothing' || diag "$out
$err"
if [ "${ANALYZE:-}" = all ]; then
	make_ok tidied
	is "$status" 0 'clang-tidy finds nothing' || diag "$out
$err"
	find "$build/lint/gcc" "$build/lint/tidy" -name '*.ok' -exec cat {} + | sort -u >"$T/used"
	grep -v '^#' tests/analyze.supp | sort | comm -23 - "$T/used" >"$T/stale"
	is "$(cat "$T/stale")" '' 'each suppression is still needed'
else
	newest=$(git log -n 60 --format= --name-only -- libvs cmd 2>/dev/null | grep '\.c$')
	# shellcheck disable=SC2046,SC2086 # words
	set -- $(printf '%s\n' ${newest:-libvs/*/*.c} | awk '!seen[$0]++' | while read -r f; do
		[ ! -f "$f" ] || echo "$build/lint/tidy/${f%.c}.ok"
	done | head -n $NEWEST)
	make_ok "$@"
	is "$status" 0 "clang-tidy finds nothing in $# sources" || diag "$out
$err"
fi

# analyze COMMAND...: the wrapper, on a planted mistake
analyze() { run env SUPP="$T/supp" tests/analyze "$T/ok" "$@" "$T/bad.c"; }
cat >"$T/bad.c" <<'X'
#include <stdlib.h>
int f(int n);
int f(int n)
{
	int *p = malloc(sizeof *p), x;

	if (p == NULL)
		return 0;
	*p = n;
	free(p);
	x = *p;
	return x;
}
X
echo '# none' >"$T/supp"
analyze gcc -fanalyzer -O1 -c -o /dev/null
status_is 1 'found by gcc: a use after free'
out_like 'use after .free.' '... as such'
[ ! -e "$T/ok" ]
ok $? '... and it is run again'
echo "$T/bad.c -Wanalyzer-use-after-free" >>"$T/supp"
analyze gcc -fanalyzer -O1 -c -o /dev/null
status_is 0 '... unless it is explained'
out_is '' '... which is not shown'
is "$(cat "$T/ok")" "$T/bad.c -Wanalyzer-use-after-free" '... and noted'
tidy() { run env SUPP="$T/supp" tests/analyze "$T/ok" clang-tidy --quiet --config-file=.clang-tidy "$T/bad.c" --; }
tidy
status_is 1 'found by clang-tidy, too'
out_like 'clang-analyzer-unix.Malloc' '... as such'
echo "$T/bad.c clang-analyzer-unix.Malloc" >>"$T/supp"
tidy
status_is 0 '... unless it is explained'
echo 'int f(' >"$T/bad.c"
analyze gcc -fanalyzer -c -o /dev/null
status_is 1 'a source that cannot be compiled fails'

# --- cppcheck

# check FILE...
check() {
	RUN_TIMEOUT=300 run cppcheck -q -j 2 --std=c11 --enable=warning,style,performance,portability \
		--suppressions-list=tests/cppcheck.supp --suppress=missingIncludeSystem --inline-suppr \
		--error-exitcode=1 --template='{file}:{line}: {severity} {id}: {message}' \
		-Ilibvs -D_GNU_SOURCE "-DVS_TOOLS=\"$T/tools.h\"" "$@"
}
check libvs cmd tests/unit tests/fuzz
status_is 0 'cppcheck finds nothing'

# each file is named in a suppression that it still needs
{
	sed -n 's/^[a-zA-Z]*:\([^*]*\)$/\1/p' tests/cppcheck.supp
	sed -n 's/^\([^#][^ ]*\) .*/\1/p' tests/analyze.supp
} | while read -r f; do
	[ -f "$f" ] || echo "$f"
done >"$T/gone"
is "$(cat "$T/gone")" '' 'no suppression is for a file that has gone'

printf 'int f(void);\nint f(void)\n{\n\tint a[4];\n\n\ta[0] = 1;\n\treturn a[4];\n}\n' >"$T/bad.c"
check "$T/bad.c"
status_is 1 'found: an array that is read behind its end'
err_like 'arrayIndexOutOfBounds' '... as such'
done_testing
