#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh, its variables, and files in quotes
# Compilers and checkers find nothing in the sources, pages and scripts; each of them is
# shown to find a planted breach.  make lint runs only this.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need make clang musl-gcc clang-format mandoc shellcheck
if instrumented vs-clone; then
	echo '1..0 # SKIP once is enough, with the tools as they are installed'
	exit 0
fi
cd "$top" || exit 1
# of the make that runs this
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
build=${BIN%/bin}
export RUN_TIMEOUT=300

# says_nothing NAME COMMAND...: and has status 0
says_nothing() {
	name=$1
	shift
	run "$@"
	[ "$status$out$err" = 0 ]
	ok $? "$name" || diag "status $status: $(printf '%s\n' "$out" "$err" | head -n 40)"
}
# found NAME ERE COMMAND...: it fails, and says so
found() {
	name=$1 says=$2
	shift 2
	run "$@"
	isnt "$status" 0 "found: $name"
	like "$out$err" "$says" '... as such'
}

# --- C

# The build keeps the compiler's messages.
warnings() {
	find libvs cmd tests -name '*.c' 2>/dev/null | while read -r f; do
		[ ! -s "$1/obj/${f%.c}.warn" ] || cat "$1/obj/${f%.c}.warn"
	done
}
[ -n "$(find "$build/obj/libvs" -name '*.warn' 2>/dev/null | head -n 1)" ]
ok $? 'there is a build to look at'
is "$(warnings "$build")" '' 'the build had no warnings'
says_nothing 'clang finds nothing' make -s -k -j2 "BUILD=$build" clang say=@:
says_nothing 'gcc finds nothing with the headers of musl' make -s -k -j2 "BUILD=$build" musl say=@:
find libvs cmd tests -name '*.[ch]' | sort >"$T/sources"
[ "$(wc -l <"$T/sources")" -gt 200 ]
ok $? "there are sources to look at ($(wc -l <"$T/sources"))"
says_nothing 'each source is formatted by .clang-format' xargs -a "$T/sources" clang-format --dry-run -Werror

cat >"$T/bad.c" <<'X'
#include <stdio.h>
int main(int argc, char **argv) { if (argc > 1) printf(argv[1], argc); int argc_ ; return 0; }
X
found 'a warning of clang' 'unused variable' make -s "BUILD=$T/build" "SOURCES=$T/bad.c" clang
printf '#include <execinfo.h>\n' >"$T/bad2.c"
found 'a header that only glibc has' 'execinfo\.h' make -s "BUILD=$T/build" "SOURCES=$T/bad2.c" musl
found 'a source that is not formatted' 'clang-format-violations' clang-format --dry-run -Werror --style="file:$top/.clang-format" "$T/bad.c"
mkdir -p "$T/w/libvs"
printf 'int f(void) { int x; return 0; }\n' >"$T/w/libvs/bad.c"
run make -s -C "$T/w" -f "$top/Makefile" "BUILD=$T/w/build" 'PKGS=zlib' "$T/w/build/obj/libvs/bad.o"
status_is 0 'a warning does not stop the build'
err_like 'unused variable' '... is shown'
is "$(cd "$T/w" && warnings build | grep -c 'unused variable')" 1 'found: ... and remembered'

# --- pages

says_nothing 'mandoc finds nothing in the pages' sh -c 'mandoc -T lint -W warning man/*.[17] 2>&1 | grep -v mandoc.db || :'
printf '.Dd $Mdocdate$\n.Dt BAD 1\n.Os\n.Sh NAME\n.Nm bad\n.Nd a page\n.Sh SEE ALSO\n.Xr\n' >"$T/bad.1"
found 'a page with a mistake' 'bad\.1' mandoc -T lint -W warning "$T/bad.1"

# --- scripts

says_nothing 'shellcheck finds nothing in the scripts' make -s -k -j2 "BUILD=$build" scripts say=@:
# each shell script of the project is among them
make -s "BUILD=$build" list-scripts | tr ' ' '\n' | sort >"$T/checked"
find tests completions examples -type f ! -path 'tests/fuzz/files/*' | sort | while read -r f; do
	case $f in *.sh | *.bash) echo "$f" ;; *) ! head -n 1 "$f" | grep -qaE '^#!.*[/ ](ba|da)?sh\b' || echo "$f" ;; esac
done >"$T/scripts"
is "$(comm -13 "$T/checked" "$T/scripts")" '' '... none is left out'
printf '#!/bin/sh\nrm -r $1/*\n' >"$T/bad.sh"
found 'a script with a mistake' 'SC2086|SC2115' make -s "BUILD=$T/build" "SCRIPTS=$T/bad.sh" scripts
done_testing
