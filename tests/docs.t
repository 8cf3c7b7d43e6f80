#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2016 # lib.sh, its variables, and scripts in quotes
# What is written about the tools is what the tools do.
. "${0%/*}/lib.sh"
need mandoc bash

# --- what is read

# options_of TOOL: "-c --cpus" a line, as the tool says
options_of() {
	"$1" --long-options | awk -F'\t' '{ print $1 ($1 != "" && $2 != "" ? " " : "") $2 }' | sort
}

# options_in PAGE: the same, from the items of the page
options_in() {
	awk '/^\.It Fl / {
		short = long = ""
		for (i = 2; i < NF; i++)
			if ($i == "Fl") {
				name = $(i + 1)
				sub(/[=,].*/, "", name)
				if (name ~ /^-/) long = long " -" name
				else short = short " -" name
			}
		line = short long
		sub(/^ /, "", line)
		print line
	}' "$1" | sort
}

# does_of TOOL and does_in PAGE: the one line
does_of() { "$1" --help | sed -n "1s/^$1 - //p"; }
does_in() { sed -n 's/^\.Nd //p' "$1"; }

# examples_in PAGE: the commands of its literal displays below EXAMPLES
examples_in() {
	awk '/^\.Sh / { on = $2 == "EXAMPLES"; next }
		/^\.Bd -literal/ { show = on; next }
		/^\.Ed/ { show = 0; next }
		/^\.Dl / && on { sub(/^\.Dl /, ""); text = 1 }
		show || text { gsub(/\\e/, "\\"); gsub(/\\-/, "-"); gsub(/\\\(ti/, "~"); print; text = 0 }' "$1"
}

# examples_md FILE: those of its fenced blocks: sh and bash as they are, of
# console what stands behind a prompt
examples_md() {
	awk '/^```/ { kind = on ? "" : substr($0, 4); on = !on; next }
		!on { next }
		kind ~ /^(sh|bash)/ { print; next }
		kind ~ /^console/ && sub(/^[$] /, "") { print; next }
		kind ~ /^console/ && sub(/^> /, "") { print }' "$1"
}

# files_in FILE: the files of this repository that it names, as they are found from its root
files_in() {
	_floors=$(cd "$top/libvs" && echo ./* | sed 's|\./||g; s/ /|/g')
	grep -oE "(^|[^A-Za-z0-9_./-])(($_floors)/[a-z_]+(\.[ch])?|(tests|cmd|man|docs|examples|completions|libvs)/[A-Za-z0-9_./*-]*[A-Za-z0-9_*])" "$1" |
		sed -E "s|^[^a-z]||; s#^($_floors)/#libvs/&#" | sort -u
}
# not_there: the files on stdin that do not exist; a module may be named without .h
not_there() {
	while read -r f; do
		case $f in *NAME* | *'*'*) continue ;; esac
		[ -e "$top/$f" ] || [ -e "$top/$f.h" ] || echo "$f"
	done
}

# Run examples with stand-ins that take the options apart as the tool would
# and do nothing: what is refused is in $T/bad.
try_examples() {
	rm -rf "$T/stubs" "$T/scratch" "$T/bad"
	mkdir "$T/stubs" "$T/scratch"
	: >"$T/bad"
	for _t in $tools; do
		[ "$_t" != vs ] || continue
		{
			printf '#!/bin/sh\nBIN=%s T=%s t=%s\n' "$BIN" "$T" "$_t"
			echo '"$BIN/$t" --help "$@" >/dev/null 2>"$T/said.$$" || { echo "$t $*"; cat "$T/said.$$"; } >>"$T/bad"'
		} >"$T/stubs/$_t"
		chmod +x "$T/stubs/$_t"
	done
	cp "$BIN/vs" "$T/stubs/vs"
	for c in cat sed grep sh bash; do ln -s "$(command -v $c)" "$T/stubs/$c"; done
	_timeout=$(command -v timeout) _bash=$(command -v bash)
	(cd "$T/scratch" && PATH=$T/stubs "$_timeout" 60 "$_bash" -s >/dev/null 2>&1)
}

tools=$(cd "$top/cmd" && for c in *.c; do echo "${c%.c}"; done)

# --- each tool

for t in $tools; do
	page=$top/man/$t.1
	run "$t" --help
	status_is 0 "$t --help"
	err_is "" "$t --help: nothing on stderr"
	is "$(echo "$out" | sed -n 3p | cut -d' ' -f1-3)" "usage: $t [options]" "$t --help: its usage"
	is "$(echo "$out" | awk 'length > 80' | head -n 3)" "" "$t --help: fits 80 columns"
	help=$out
	run "$t" --version
	status_is 0 "$t --version"
	out_like "^$t \(vsutils\) [0-9]+\.[0-9]+" "$t --version: says it"
	run "$t" --no-such-option
	status_is 2 "$t --no-such-option"
	err_like "^$t: unknown option '--no-such-option'" "$t --no-such-option: is named"
	is "$out" "" "$t --no-such-option: nothing on stdout"

	options_of "$t" >"$T/options"
	missing=$(while read -r a b; do
		case $help in *"${b:-$a}"*) ;; *) echo "${b:-$a}" ;; esac
	done <"$T/options")
	is "$missing" "" "$t --help: all its options"

	if [ ! -f "$page" ]; then
		fail "man/$t.1"
		continue
	fi
	options_in "$page" >"$T/page"
	is "$(comm -23 "$T/options" "$T/page")" "" "man/$t.1: has every option"
	is "$(comm -13 "$T/options" "$T/page")" "" "man/$t.1: has no other option"
	is "$(does_in "$page")" "$(does_of "$t")" "man/$t.1: says the same in one line"
	for s in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		grep -qx "\.Sh $s" "$page"
		ok $? "man/$t.1: has $s"
	done
	is "$(mandoc -T lint -W warning "$page" 2>&1 | grep -v mandoc.db)" "" "man/$t.1: mandoc finds nothing"
	examples_in "$page" >"$T/examples"
	grep -qE "^ *(.*[|] *)?(vs ${t#vs-}|$t)( |\$)" "$T/examples"
	ok $? "man/$t.1: an example runs it"
	try_examples <"$T/examples"
	is "$(cat "$T/bad")" "" "man/$t.1: the examples' options exist"
	grep -qE "^\.(It )?Xr $t 1" "$top/man/vsutils.7" 2>/dev/null
	ok $? "man/vsutils.7: names $t"
	grep -qE "^\| *\[?\`$t\`" "$top/README.md" 2>/dev/null
	ok $? "README.md: $t is in its table"
done

# --- the rest

for page in "$top"/man/*.[17]; do
	t=$(basename "$page" .1)
	case $t in
	*.7) ;;
	*)
		[ -f "$top/cmd/$t.c" ]
		ok $? "man/$t.1: is of a tool that is there"
		;;
	esac
	# every page of ours that it sends one to is there
	sed -n 's/^\.Xr \([a-z0-9-]*\) \([17]\).*/\1.\2/p' "$page" | sort -u |
		grep -E '^(vs(-.*)?|vsutils|(ign|rke2|node|cloud|pool|flatcar)-.*)\.[17]$' |
		while read -r x; do [ -f "$top/man/$x" ] || echo "$x"; done >"$T/gone"
	is "$(cat "$T/gone")" "" "man/${page##*/}: every page it names is there"
done
for md in README.md HACKING.md QUIRKS.md SECURITY.md CONTRIBUTING.md docs/guide.md; do
	[ -f "$top/$md" ] || { fail "$md"; continue; }
	examples_md "$top/$md" >"$T/examples"
	try_examples <"$T/examples"
	is "$(cat "$T/bad")" "" "$md: the examples' options exist"
	is "$(files_in "$top/$md" | not_there)" "" "$md: the files that it names exist"
done
is "$(mandoc -T lint -W warning "$top/man/vsutils.7" 2>&1 | grep -v mandoc.db)" "" "man/vsutils.7: mandoc finds nothing"

# --- and that these checks can fail

cat >"$T/x.1" <<'X'
.Nd does this
.Sh EXAMPLES
.Bd -literal
rke2-token --frm agent \e
	host | vs rke2-token --port 22 -q h
.Ed
.Sh OPTIONS
.It Fl c Ar CPUS , Fl -cpus Ar CPUS
.It Fl -trace Ns Op = Ns Ar FILE
.It Fl k
.Bd -literal
not-an-example
.Ed
X
is "$(options_in "$T/x.1")" "--trace
-c --cpus
-k" "options are read from a page"
is "$(does_in "$T/x.1")" "does this" "... and what it says in one line"
examples_in "$T/x.1" >"$T/examples"
is "$(wc -l <"$T/examples") $(grep -c not-an-example "$T/examples")" "2 0" "... and its examples"
try_examples <"$T/examples"
is "$(cat "$T/bad")" "rke2-token --frm agent host
rke2-token: unknown option '--frm': did you mean '--from'
rke2-token: usage: rke2-token [options] [USER@]HOST ('rke2-token --help' lists the options)" "an example with an option that is none is found"
cat >"$T/x.md" <<'X'
```console
$ vs rke2-token --frm x \
> h
output --frm
```
```
rke2-token --frm y
```
X
is "$(examples_md "$T/x.md")" 'vs rke2-token --frm x \
h' "examples are read from a README"
printf '%s\n' '`base/kv.c`, base/kv; (tests/no.such, `text/xmlw.h`) https://x/vim/y.c and/or cmd/NAME.c' >"$T/x.md"
is "$(files_in "$T/x.md" | not_there | tr '\n' ' ')" "libvs/text/xmlw.h tests/no.such " "a file that does not exist is found"

# --- the table of how the sources read

run "$top/tests/measure"
is "$status $(printf '%s\n' "$out" | wc -l)" "0 6" "tests/measure: six rows"
mkdir "$T/tree"
cat >"$T/tree/a.h" <<'X'
int there(int);
X
cat >"$T/tree/a.c" <<'X'
/* SPDX-License-Identifier: Apache-2.0 */
static int __attribute__((unused))
start(const char *s)
{
	assert(s); /* assert(0) */
	return "}"[0];
}
static void two_words(void) { start("static int nothing(void) {"); }
static const int list[] = { 1 };
X
cat >"$T/tree/b.c" <<'X'
// opens with a comment
int
there(int n)
{
	return n;
}
static void two_words(void)
{
}
X
run "$top/tests/measure" "$T/tree"
is "$(printf '%s\n' "$out" | sed 's/.*  //')" "4 lines
33 %
67 %
53
1 of 1 (1 without x_part.c)
0" "... and they are right for a small tree"

done_testing
