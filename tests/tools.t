#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.sh, its variables, files in quotes
# tools.tab, the table of tools: it has each tool, each call that changes something, and
# what tests need to run them.  Each rule is tried on the table and on a planted breach.
. "${0%/*}/lib.sh"
. "$top/tests/lib-tools.sh"

# --- the rules: each prints the breaches

sources=$top
# Tests that run all tools do not run a tool without a row.
without_row() {
	for _c in "$sources"/cmd/*.c; do
		[ -e "$_c" ] || continue
		_t=${_c##*/}
		[ -n "$(rows_of "${_t%.c}")" ] || echo "${_t%.c}: no row in tests/tools.tab"
	done
}

# methods FILE...: strings in the sources that look like a writing method
methods() { grep -ohE '"([A-Z][A-Za-z]*_Task|(Shutdown|Reboot|Standby)Guest|(Unr|R)egisterVM|MarkAs[A-Za-z]+)"' "$@" | tr -d '"' | sort -u; }

# A write without a row has no fault cell.
without_write() {
	for _c in "$sources"/cmd/*.c; do
		_t=${_c##*/}
		for _m in $(methods "$_c"); do
			for _r in $(rows_of "${_t%.c}"); do
				row "$_r"
				[ "$row_write" != "$_m" ] || continue 2
			done
			echo "${_t%.c}: sends $_m, and no row says so"
		done
	done
}

# The tests know each word in a column, and can run each row.
odd_rows() {
	for _r in $(rows); do
		row "$_r"
		[ -x "$BIN/$row_tool" ] || echo "$_r: no tool '$row_tool'"
		case $row_vm in
		none | half | off | cloned | on | booted | guest | node | -) ;;
		*) echo "$_r: no VM '$row_vm'" ;;
		esac
		for _u in $(echo "$row_use" | tr , ' '); do
			case $_u in
			idle | work | silent | makes | stdin | once | -) ;;
			*) echo "$_r: no use '$_u'" ;;
			esac
		done
		case $row_vm$row_line in -* | *@*) ;; *) used_as stdin || echo "$_r: no @ in its command" ;; esac
	done
	rows | sort | uniq -d | sed 's/$/: two rows/'
}
cannot_be_tried() {
	for _t in $(tools); do
		row "$(main_row "$_t")"
		takes --expect || continue
		for _u in idle work; do
			rows "$_u" >"$T/of_use"
			rows_of "$_t" | grep -qxFf "$T/of_use" || echo "$_t: reads records, but no row is '$_u'"
		done
	done
}
# A write that is not counted would escape tests that forbid changes.
not_counted() {
	for _r in $(rows); do
		row "$_r"
		[ "$row_write" = - ] || [ "$(echo "$row_write 1" | changes)" = 1 ] ||
			echo "$_r: $row_write is among the reads"
	done
}

# A test of its own, and a word to users.
without_test() {
	for _c in "$sources"/cmd/*.c; do
		_t=${_c##*/} _t=${_t%.c}
		[ -x "$sources/tests/$_t.t" ] || echo "$_t: no tests/$_t.t that can be run"
		grep -qF -e "\`$_t\`" "$sources/NEWS.md" || echo "$_t: not in NEWS.md"
	done
}

none() {
	"$2" >"$T/found"
	[ ! -s "$T/found" ]
	ok $? "$1" || diag "$(cat "$T/found")"
}
none 'each tool has a row' without_row
none 'each tool has a test and is in NEWS' without_test
none 'each call that changes something is the write of a row' without_write
none 'the tests can run each row' odd_rows
none 'each tool that reads records has a row to idle and one to work' cannot_be_tried
none 'each write is counted as a change' not_counted
is "$(printf 'Login 2\nNewThing_Task 3\nRetrievePropertiesEx 9\ntotal 14\nWaitForUpdatesEx 7\n' | changes)" 3 \
	'... and so is an unknown call'
row on
row_for w-1
is "$row_tool,$row_vm,$row_write,$row_was,$row_is,$command,$row_words" \
	'vs-power,off,PowerOnVM_Task,Off,On,vs-power on w-1,vs-power on' 'the columns of a row'
row clone
is "$row_words" 'vs-clone --on flatcar-template' 'its command without the operand'

# --- planted breaches

sources=$T/house
mkdir -p "$sources/cmd"
echo '	vs_job_write(job, "note", "ReconfigVM_Task", NULL);' >"$sources/cmd/vs-nosuch.c"
is "$(without_row)" 'vs-nosuch: no row in tests/tools.tab' 'found: a tool without a row'
mkdir -p "$sources/tests"
: >"$sources/tests/vs-nosuch.t"
echo '- `vs-nosuchlike`' >"$sources/NEWS.md"
is "$(without_test)" 'vs-nosuch: no tests/vs-nosuch.t that can be run
vs-nosuch: not in NEWS.md' 'found: a tool without a test, which NEWS does not name'
cp "$TOOLS_TAB" "$T/tools.tab"
TOOLS_TAB=$T/tools.tab
plant() { { cat "$top/tests/tools.tab"; echo "$1"; } >"$TOOLS_TAB"; }
plant 'nosuch off PowerOnVM_Task - power Off On work vs-nosuch @'
is "$(without_row)" '' 'one row is enough'
is "$(without_write)" 'vs-nosuch: sends ReconfigVM_Task, and no row says so' 'found: a write that is in no row'
is "$(odd_rows)" "nosuch: no tool 'vs-nosuch'" 'found: a row without a tool'
plant 'nosuch asleep ReconfigVM_Task - power Off On idle,often vs-power on'
is "$(without_write)" 'vs-nosuch: sends ReconfigVM_Task, and no row says so' 'a row of another tool does not count'
is "$(odd_rows)" "nosuch: no VM 'asleep'
nosuch: no use 'often'
nosuch: no @ in its command" 'found: a row that no test can run'
plant 'on off - - - - - - vs-power on @'
is "$(odd_rows)" 'on: two rows' 'found: two rows of one name'
sed 's/idle/-/' "$top/tests/tools.tab" >"$TOOLS_TAB"
like "$(cannot_be_tried)" "^vs-power: reads records, but no row is 'idle'\$" 'found: a tool without an idle row'
plant 'reads PowerOnVM_Task'
like "$(not_counted)" '^on: PowerOnVM_Task is among the reads$' 'found: a write that is taken for a read'

out=$( (BIN=$T/nosuch; row on; takes --url) 2>"$T/o")
is "$? $(echo "$out" | sed -n 's/^not ok [0-9]* - //p')" "1 'vs-power' of tools.tab is built" 'found: a tool that is not built'
done_testing
