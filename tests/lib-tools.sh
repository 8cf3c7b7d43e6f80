# SPDX-License-Identifier: Apache-2.0
# lib-tools.sh - functions that read tests/tools.tab, the table of tools.  After lib.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables pass between this, lib.sh and the tests

TOOLS_TAB=${TOOLS_TAB:-$top/tests/tools.tab}

# rows [USE]: the names of all rows, or of those with this word in the column `use`
rows() {
	awk -v use="${1:-}" '!/^#/ && NF && $1 != "reads" && (use == "" || index("," $8 ",", "," use ",")) { print $1 }' "$TOOLS_TAB"
}

# row NAME: sets $row_* to its columns, with $T expanded.  Its command has two forms:
# $row_line with @ for the VM, $row_words without an operand, for VMs on stdin.
row() {
	IFS=' ' read -r row_name row_vm row_write row_needs row_left row_was row_is row_use row_line <<-END
		$(awk -v name="$1" '$1 == name { gsub(/[ \t]+/, " "); print; exit }' "$TOOLS_TAB")
	END
	[ -n "$row_line" ] || { fail "tools.tab has a row '$1'"; done_testing; }
	row_was=$(echo "$row_was" | tr _ ' ')
	row_is=$(echo "$row_is" | tr _ ' ')
	row_line=$(printf '%s\n' "$row_line" | sed "s|[$]T|$T|g")
	row_words=$(printf '%s\n' "$row_line" | sed 's| [^ ]*@||')
	row_tool=${row_line%% *}
}

# used_as WORD: the current row has it in the column `use`
used_as() { case ,$row_use, in *",$1,"*) ;; *) return 1 ;; esac; }

# row_for VM: sets $command to the row's command for that VM
row_for() {
	command=$(printf '%s\n' "$row_line" | sed "s|@|$1|")
}

# tools: all tools, in the order of the table
tools() { awk '!/^#/ && NF && $1 != "reads" && !seen[$9]++ { print $9 }' "$TOOLS_TAB"; }

# rows_of TOOL: its rows, the main one first
rows_of() {
	awk -v tool="$1" '!/^#/ && $1 != "reads" && $9 == tool { print $1 }' "$TOOLS_TAB"
}

# main_row TOOL: its first row
main_row() { rows_of "$1" | head -n 1; }

# main_rows: the first row of each tool
main_rows() {
	for _t in $(tools); do main_row "$_t"; done
}

# takes OPTION: the current row's tool has this long option.  --url: it talks to vCenter;
# --expect: it reads records; --dry-run: it changes something.
takes() {
	[ -x "$BIN/$row_tool" ] || { fail "'$row_tool' of tools.tab is built"; done_testing; }
	"$row_tool" --long-options | cut -f 2 | grep -qxe "$1"
}

# changes <COUNTS: the number of calls that are not reads, of lines "METHOD COUNT"
changes() {
	awk '
	FNR == NR { if ($1 == "reads") for (i = 2; i <= NF; i++) read[$i]; next }
	$1 != "total" && !($1 in read) { n += $2 }
	END { print n + 0 }' "$TOOLS_TAB" -
}
