#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# cppcheck over all sources, in CI and by `make analyze`; what it gets wrong is in
# tests/cppcheck.supp, each with its reason.
. "${0%/*}/lib.sh"
[ -n "${CI:-}" ] || skip_all 'only where CI is set (make analyze)'
need cppcheck
cd "$top" || exit 1
: >"$T/tools.h"	# of the build

# analyze FILE...
analyze() {
	RUN_TIMEOUT=300 run cppcheck -q -j 2 --std=c11 --enable=warning,style,performance,portability \
		--suppressions-list=tests/cppcheck.supp --suppress=missingIncludeSystem --inline-suppr \
		--error-exitcode=1 --template='{file}:{line}: {severity} {id}: {message}' \
		-Ilibvs -D_GNU_SOURCE "-DVS_TOOLS=\"$T/tools.h\"" "$@"
}
analyze libvs cmd tests/unit tests/fuzz
status_is 0 'cppcheck finds nothing'

# each file is named in a suppression that it still needs
sed -n 's/^[a-zA-Z]*:\([^*]*\)$/\1/p' tests/cppcheck.supp | while read -r f; do
	[ -f "$f" ] || echo "$f"
done >"$T/gone"
is "$(cat "$T/gone")" '' 'no suppression is for a file that has gone'

printf 'int f(void);\nint f(void)\n{\n\tint a[4];\n\n\ta[0] = 1;\n\treturn a[4];\n}\n' >"$T/bad.c"
analyze "$T/bad.c"
status_is 1 'found: an array that is read behind its end'
err_like 'arrayIndexOutOfBounds' '... as such'
done_testing
