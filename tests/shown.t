#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# Text of a server, a guest or a file: as records, and as a person sees it.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need script perl
vs_lab
# a line feed, a tab, DEL, C1 and a bidi control; XML carries no ESC
odd=$(printf 'e\n/DC0/vm/victim\tVirtualMachine:vm-6\177\302\2332J\342\200\256x')
shown="\\\\x7f\\\\u009b2J\\\\u202ex"
path='/DC0/vm/e%0a%2fDC0%2fvm%2fvictim%09VirtualMachine:vm-6%7f%c2%9b2J%e2%80%aex'
run vs-clone flatcar-template s-1 s-2 victim
status_is 0 "three VMs"

# plain TEXT NAME: no control character but line feed and tab, no bidi control
plain() {
	printf '%s\n' "$1" | perl -CS -ne '$bad = 1 if /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]/; END { exit $bad }'
	ok $? "$2" || diag "$(printf '%s\n' "$1" | cat -v)"
}

# ---- records of somebody else

# refused RECORD MESSAGE
refused() {
	printf '%s\n%s\n' "$1" "/DC0/vm/s-1$tab$(ref s-1)" >"$T/in"
	run vs-power off <"$T/in"
	status_is 2 "$2"
	err_is "vs-power: stdin:1: $2" "... says so, with the line"
	is "$(printf '%s\n' "$out" | cut -f 1)" /DC0/vm/s-1 "... only the other one is passed on"
}
refused "{\"path\":\"/DC0/vm/s-2\",\"ref\":\"$(ref s-2)\",\"k\\n/DC0/vm/victim\\t$(ref victim)\\tz\":\"v\"}" \
	"the key of a field contains a control character: it is written as '%0a'"
refused "{\"path\":\"/DC0/vm/s-2\",\"ref\":\"$(ref s-2)\\n/DC0/vm/victim\\t$(ref victim)\"}" \
	"the reference contains a control character: it is written as '%0a'"
refused "{\"path\":\"s-2\\n/DC0/vm/victim\"}" \
	"the path contains a control character: it is written as '%0a'"
refused "{\"path\":\"s-2\",\"ref\":\"vm-1\"}" \
	"'vm-1' is not a reference: expected TYPE:ID, as VirtualMachine:vm-42"
refused "{\"path\":\"s-2\",\"a=b\":\"c\"}" "'a=b' is not the key of a field: it contains '='"
refused "$(printf 's-2\033[2J')" "the path contains a control character: it is written as '%1b'"
refused "$(printf 's-2\tk\342\200\250=v')" \
	"the key of a field contains a control character: it is written as '%e2%80%a8'"
refused "$(printf 's-2\tvm\033]0;x\007')" "'vm\\x1b]0;x\\x07' is not a key=value field"

# ---- a field whose value looks like a reference, and '%', through two tools

printf '/DC0/vm/s-1\t%s\tx=%s\tn=100%%25 %%252f%%25\n' "$(ref s-1)" "$(ref victim)" >"$T/in"
run sh -c 'vs-power off <"$0" | vs-power off' "$T/in"
out_is "$(cat "$T/in")${tab}power=off" "fields with a reference and '%' through two tools"
printf 's-1\tx=%s\n' "$(ref victim)" >"$T/in"
run vs-power on <"$T/in"
status_is 0 "a name, and a field whose value looks like a reference"
is "$(vm s-1 power) $(vm victim power)" 'poweredOn poweredOff' "... it is the name that counts"
run vs-power off s-1
run vs-extraconfig -e 'my.key=50%25 % %0a' -e "my.lines=$(printf 'a\nb\tc\302\233')" s-1
status_is 0 "values with '%' and control characters"
for json in '' --json; do
	# shellcheck disable=SC2016 # sh expands it
	run sh -c 'vs-extraconfig -g my.key -g my.lines $0 s-1 | vs-power $0 off | vs-extraconfig -g my.key $0' "$json"
	if [ "$json" ]; then
		out_like '"my.key":"50%25 % %0a","my.lines":"a\\nb\\tc\\u009b"' "--json: they are the same at the end of a pipe"
	else
		out_like "${tab}my.key=50%2525 %25 %250a${tab}my.lines=a%0ab%09c%c2%9b${tab}" "they are the same at the end of a pipe"
	fi
	plain "$out" "... and nothing of them is raw"
done

# ---- a name that a server sends

ctl make-vm "$(printf '%s' "$odd" | sed 's|/|%2f|g')"
run vs-ls 'e*'
is "$(printf '%s\n' "$out" | cut -f 1)" "$path" "a name with control characters is one record"
plain "$out" "... without any of them"
printf '%s\n' "$out" >"$T/odd"
run vs-ls --json 'e*'
is "$(printf '%s\n' "$out" | wc -l)" 1 "... --json"
plain "$out" "... too"
run sh -c 'vs-power on <"$0" | vs-power off' "$T/odd"
status_is 0 "... which other tools take"
is "$(printf '%s\n' "$out" | cut -f 1)" "$path" "... and pass on"
is "$(vm victim power)" poweredOff "... nothing else is touched"
# invisible, so that a record has it as it is
ctl make-vm "$(printf 's-1\342\200\213')"
run script -qec 'vs-ls -l' /dev/null
table=$(printf '%s\n' "$out" | tr -d '\r' | sed 's/.*.\[K//')
is "$(printf '%s\n' "$table" | grep -c '^/DC0/vm/e%0a')" 1 "in a table it is one row"
plain "$table" "... and a terminal is told nothing"
like "$table" '^/DC0/vm/s-1\\u200b  ' "... what is invisible is shown"
ctl fault PowerOnVM_Task 'fault=InvalidState:'"$odd"
run vs-power on s-1
is "$status $(printf '%s\n' "$err" | wc -l)" '1 1' "a fault with such a text is one line"
plain "$err" "... that is shown escaped"
err_like '\\x7f\\u009b2J\\u202ex' "... not dropped"
ctl fault clear
run vs-power -v --trace reset "$odd"
plain "$err" "... so are -v and --trace"
err_like "$shown" "... with all of it"
is "$(printf '%s\n' "$err" | grep -vcE '^(vs-power: |--> |<-- |  )')" 0 "... where no line looks like ours"
run vs-power --dry-run on </dev/null "$odd"
err_like '^vs-power: e%0a.*: would power on$' "... and --dry-run"
run vs-ls "$odd-not"
is "$status $(printf '%s\n' "$err" | wc -l)" '3 1' "an operand that is not found is one line"
plain "$err" "... escaped"
# the terminal is at its end soon
run script -qec "vs-destroy '$(printf 's-1\342\200\213')'" /dev/null
out_like 'delete /DC0/vm/s-1\\u200b and its disks' "a question shows what is invisible in a name"

# ---- what a guest and a node report

run vs-clone --on flatcar-template g-1
run vs-wait ip g-1
address=$(printf '%s\n' "$out" | sed 's/.*ip=//; s/\t.*//')
isnt "$address" '' "a guest with an address"
forged="$address&#10;vs-wait: g-1: forged&#x9b;2J"
ctl fault WaitForUpdatesEx answer "replace=>$address<=>>$forged<" own
run vs-wait --timeout "$S" ip g-1
ctl fault clear
is "$status $(printf '%s\n' "$err" | wc -l)" '4 1' "a line feed in an address: one line on stderr"
err_like "[ ,]$address"'\\nvs-wait: g-1: forged\\u009b2J' "... that shows it"
ctl fault RetrievePropertiesEx answer "replace=>$address<=>>$forged<" own
run vs-ls -l g-1
is "$(printf '%s\n' "$out" | wc -l)" 1 "... one record of vs-ls -l"
plain "$out" "... without control characters"
ctl fault clear
ctl fault RetrievePropertiesEx answer "replace=>$(vm g-1 ref)<=>>$(vm g-1 ref)&#10;/DC0/vm/victim&#9;$(ref victim)<" own
run vs-ls
is "$status $out" '1 ' "a line feed in a reference: the listing fails"
plain "$err" "... and nothing is shown raw"
ctl fault clear
ctl node-add node-1
ctl node-condition node-1 Ready False "$(printf 'not yet\nnode-wait: node-1: forged\302\2332J\342\200\256')"
run node-wait --timeout "$S" node-1
is "$status $(printf '%s\n' "$err" | wc -l)" '4 1' "a message of a node: one line on stderr"
plain "$err" "... without control characters"
err_like 'not yet' "... that is shown"

# ---- --dry-run

run vs-power --dry-run --expect 5 on s-1 s-2
status_is 0 "--dry-run with --expect: no record is printed, and none is missing"
is "$out" '' "... no record"
unlike "$err" 'expected' "... no message"
done_testing
