#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# A vCenter whose answers are SOAP, but not what the WSDL says, or that never end: no tool
# crashes, hangs, asks without a pause, logs in without end or prints a record of the
# server's making.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
plain_tools # it counts what they send
vs_lab
run vs-clone flatcar-template h-1 h-2
status_is 0 "two VMs"
one=$(ref h-1)
id=${one#*:}

# answers METHOD [WORD]... : its answer, as of now; the words are before those of the script
answers() {
	_m=$1 _body=$2
	shift 2
	ctl fault "$_m" "$@" answer soap text="$_body" /soap
}
clear() { ctl fault clear; }
# sent MOST WHAT: how many requests the last run has made in all
sent() {
	_sent=$(ctl requests | awk '$1 != "total" { n += $2 } END { print n + 0 }')
	[ "$_sent" -le "$1" ]
	ok $? "... after few requests" || diag "requests: $_sent"
}

# ---- what an answer must contain

# lacks METHOD CONTENT STATUS MESSAGE COMMAND...
lacks() {
	_method=$1 _content=$2 _status=$3 _message=$4
	shift 4
	vs-power off h-1 >"$T/o" 2>&1
	answers "$_method" "$_content"
	requests_reset
	run "$@"
	clear
	status_is "$_status" "$_method: '$_content'"
	err_like "$_message" "... says so"
	out_is '' "... and prints no record"
	sent 16
}
returnval='the answer has no returnval'
for m in CreateListView CreatePropertyCollector CreateFilter; do
	lacks $m '' 1 "h-1: $m: $returnval" vs-power on h-1
	lacks $m '<returnval/>' 1 "h-1: $m: the returnval of the answer is not a reference" vs-power on h-1
	lacks $m '<returnval type="Folder">group-d1</returnval>' 1 \
		"h-1: $m: the returnval of the answer is not a ${m#Create}|PropertyFilter" vs-power on h-1
done
lacks PowerOnVM_Task '' 1 "h-1: PowerOnVM_Task: $returnval; its task may have been started" vs-power on h-1
is "$(requests PowerOnVM_Task)" 1 "... sent once"
lacks PowerOnVM_Task '<returnval type="VirtualMachine">vm-1</returnval>' 1 \
	'not a Task; its task may have been started' vs-power on h-1
lacks WaitForUpdatesEx '<returnval></returnval>' 1 'h-1: WaitForUpdatesEx: the answer has no version' \
	vs-power on h-1
lacks WaitForUpdatesEx '<returnval><version/></returnval>' 1 \
	'h-1: WaitForUpdatesEx: the version of the answer is empty' vs-power on h-1
ctl fault RetrievePropertiesEx answer 'replace=RetrievePropertiesExResponse=>FindChildResponse' own
run vs-power on h-1
clear
status_is 1 "an answer to another method"
err_like "RetrievePropertiesEx: the answer is for another method: 'FindChildResponse'" "... says so"
for m in RetrieveServiceContent Login; do
	cold
	lacks $m '' 5 "$m: $returnval" env GOVC_PERSIST_SESSION=0 vs-power on h-1
done
lacks RetrieveServiceContent '<returnval><rootFolder type="Task">x</rootFolder></returnval>' 5 \
	'RetrieveServiceContent: .* is not a vCenter' env GOVC_PERSIST_SESSION=0 vs-power on h-1
# where the WSDL lets it be absent, it still means "none"
answers FindByInventoryPath ''
run vs-power on /DC0/vm/h-1
clear
status_is 3 "FindByInventoryPath without a returnval: it does not exist"

# ---- references that would be another record

odd="<returnval type=\"VirtualMachine\">$id&#10;/DC0/vm/victim&#9;VirtualMachine:vm-6</returnval>"
lacks FindByInventoryPath "$odd" 1 'FindByInventoryPath: the answer has a reference that is not valid' \
	vs-power on /DC0/vm/h-1
lacks FindByInventoryPath "<returnval type=\"Virtual&#9;Machine\">$id</returnval>" 1 \
	'the answer has a reference that is not valid' vs-power on /DC0/vm/h-1
lacks PowerOnVM_Task '<returnval type="Task">task-1&#x85;</returnval>' 1 \
	'a reference that is not valid.*; its task may have been started' vs-power on h-1
ctl fault RetrievePropertiesEx answer "replace=>$id</obj>=>>$id&#10;x</obj>" own
run vs-ls 'h-*'
clear
status_is 1 "a listing with such a reference"
out_is '' "... prints nothing"

# ---- polls without end

# waits CONTENT MOST WHAT: after the full state, polls of two seconds that are answered at once
waits() {
	answers WaitForUpdatesEx "$1" after=1
	requests_reset
	run vs-wait --timeout 2s on h-1
	clear
	status_is 4 "$3"
	_sent=$(requests WaitForUpdatesEx)
	[ "$_sent" -ge 2 ] && [ "$_sent" -le "$2" ]
	ok $? "... is asked again, but not often" || diag "polls: $_sent"
}
vs-power off h-1 >"$T/o"
update="<filterSet><filter type=\"PropertyFilter\">f</filter><objectSet><kind>modify</kind><obj type=\"VirtualMachine\">$id</obj></objectSet></filterSet>"
other="<filterSet><filter type=\"PropertyFilter\">f</filter><objectSet><kind>modify</kind><obj type=\"VirtualMachine\">no-vm</obj></objectSet></filterSet>"
waits '' 10 "polls that are answered at once, without a value"
waits '<returnval><version>1</version></returnval>' 10 "... with nothing in them"
waits "<returnval><version>1</version>$other</returnval>" 10 "... about another VM"
waits '<returnval><version>1</version><truncated>true</truncated></returnval>' 10 "... truncated"
waits "<returnval><version>1</version>$update<truncated>true</truncated></returnval>" 50 \
	"... truncated, with the same update each time"
waits "<returnval><version>1</version>$update</returnval>" 50 "... with the same update each time"

# ---- lists without end

pages() { # TOKEN OBJECTS
	echo "<returnval><token>$1</token>$2</returnval>"
}
object() {
	echo "<objects><obj type=\"Folder\">f-$1</obj><propSet><name>name</name><val>n-$1</val></propSet></objects>"
}
ls_fails() { # MESSAGE NAME [BOUNDS]
	requests_reset
	run env BOUNDS="${3:-}" "$LOWER/vs-ls" .
	clear
	status_is 1 "$2"
	err_like "$1" "... says so"
	sent 12
}
answers RetrievePropertiesEx "$(pages '' '')"
ls_fails 'RetrievePropertiesEx: the token of the answer is empty' "a token that is empty"
answers RetrievePropertiesEx "$(pages a '')"
answers ContinueRetrievePropertiesEx "$(pages a '')"
ls_fails 'ContinueRetrievePropertiesEx: the same token for two pages of a list' \
	"the same token again and again"
answers RetrievePropertiesEx "$(pages a0 '')"
for i in 1 2 3 4 5 6 7 8 9; do
	answers ContinueRetrievePropertiesEx "$(pages a$i "$(object 1)")" count=1
done
start=$(date +%s)
ls_fails 'ContinueRetrievePropertiesEx: page after page of a list holds nothing new' \
	"tokens without end, and always the same object" PAUSE_MAX_MS=600
[ $(($(date +%s) - start)) -ge 1 ]
ok $? "... with a pause before each"
answers RetrievePropertiesEx "$(pages a0 "$(object 0)")"
for i in 1 2 3 4 5; do
	answers ContinueRetrievePropertiesEx "$(pages a$i "$(object $i)")" count=1
done
ls_fails 'the list has more than 3 objects' "tokens without end, and new objects" OBJECTS=3

# ---- names that are long, in folders in one another

perl -e 'print "<returnval><objects><obj type=\"Datacenter\">dc</obj><propSet><name>name</name><val>A</val></propSet><propSet><name>vmFolder</name><val type=\"Folder\">f0</val></propSet></objects>";
	for (0 .. 63) {
		printf "<objects><obj type=\"Folder\">f%d</obj><propSet><name>name</name><val>%s</val></propSet><propSet><name>parent</name><val type=\"%s\">%s</val></propSet></objects>",
			$_, $_ ? "n" x 1e6 : "vm", $_ ? "Folder" : "Datacenter", $_ ? "f" . ($_ - 1) : "dc";
	}
	print "</returnval>"' >"$T/deep"
# deep STATUS NAME [BOUNDS]: vs-ls with them; sets $peak, in MB
deep() {
	ctl fault RetrievePropertiesEx count=1 answer soap file="$T/deep" /soap
	answers RetrievePropertiesEx ''
	run /usr/bin/time -o "$T/peak" -f %M env BOUNDS="${3:-}" "$LOWER/vs-ls" .
	clear
	status_is "$1" "$2"
	peak=$(($(tail -n 1 "$T/peak") / 1000))
}
deep 1 "64 folders in one another, with names of 1 MB"
err_like "the inventory path of 'n{60}' \(Folder:f1\) is longer than 16384 bytes" "... a path is too long"
weighs() { ! instrumented vs-ls && command -v /usr/bin/time >"$T/which"; }
deep 0 "... if that is not limited" PATH=100000000
if weighs; then
	[ $peak -lt 220 ]
	ok $? "... memory is in proportion to the answer of 63 MB" || diag "$peak MB"
fi

# ---- a state that comes in parts

# shellcheck disable=SC2086 # $all is three words
# parts NAME N [ACTION]: three VMs are waited for; the full state takes N polls, and the
# answer to the second one suffers ACTION
parts() {
	vs-power off $all >"$T/o"
	[ -z "${3:-}" ] || ctl fault WaitForUpdatesEx after=1 count=1 "$3"
	begin WaitForUpdatesEx "$2" vs-wait --timeout 20s on $all
	vs-power on $all >"$T/o"
	ends 0 "$1"
	is "$(wc -l <"$T/begun")" 3 "... each of them"
	clear
}
run vs-clone flatcar-template h-3
all="$one $(ref h-2) $(ref h-3)"
ctl set updates 1
parts "the full state comes in three parts" 3
parts "... and the second part is lost" 5 drop-after
parts "... or cut" 5 truncate
ctl set updates 0
# a reference that begins like that of a VM
run vs-wait --timeout 5s on "${one}9" "$one"
status_is 3 "a VM that does not exist"
err_like "${id}9: does not exist" "... is named"
out_like "VirtualMachine:$id$tab|VirtualMachine:$id\$" "... and not another one, whose reference begins like it"
run vs-power off "${one}9" "$one"
status_is 3 "... also if they are read"
out_like "VirtualMachine:$id" "... in one call"

# ---- sessions that are not known

# not_known METHOD COMMAND...: from then on
not_known() {
	vs-power off h-1 >"$T/o"
	ctl fault "$1" fault=NotAuthenticated
	_method=$1 _before=$(session logins)
	shift
	requests_reset
	run "$@"
	clear
	status_is 5 "$_method: NotAuthenticated without end"
	err_like 'does not accept the session of its last login: not logging in again' "... says so"
	is "$(($(session logins) - _before))" 1 "... one login"
	sent 24
}
not_known RetrievePropertiesEx vs-power on h-1
not_known WaitForUpdatesEx vs-wait on h-1
not_known CreateFilter vs-power on h-1
not_known RetrievePropertiesEx vs-ls
run vs-power off h-1
status_is 0 "the next run works"
before=$(session refused)
env GOVC_PASSWORD=wrong vs-ls >"$T/o" 2>&1
env GOVC_PASSWORD=wrong vs-ls >"$T/o" 2>&1
is "$(($(session refused) - before))" 2 "a refused login does not bind the next run"

# ---- views and collectors that do not last

vs-power off h-1 >"$T/o"
ctl fault WaitForUpdatesEx after=1 fault=ManagedObjectNotFound
requests_reset
# the bound: how long one must last; shorter than the pauses between them
run env BOUNDS='PAUSE_MAX_MS=3000' "$LOWER/vs-wait" --timeout 40s on h-1
clear
status_is 3 "a collector that is lost each time ends the run"
sent 40

# ---- how long a lost contact is borne

# lost METHOD ACTION COMMAND...: with the bound of two minutes at two seconds
lost() {
	vs-power off h-1 >"$T/o"
	ctl fault "$1" "$2"
	_method=$1
	shift 2
	start=$(date +%s)
	run env BOUNDS=RETRY_MS=2000 "$@"
	clear
	status_is 5 "$_method is lost each time"
	took=$(($(date +%s) - start))
	[ $took -ge 1 ] && [ $took -le 12 ]
	ok $? "... it ends after RETRY_MS" || diag "$took s"
}
lost RetrievePropertiesEx status=503 "$LOWER/vs-power" on h-1
lost RetrievePropertiesEx drop-after "$LOWER/vs-ls"
lost WaitForUpdatesEx drop-after "$LOWER/vs-power" on h-1
lost WaitForUpdatesEx drop-after "$LOWER/vs-wait" on h-1
ctl fault ReconfigVM_Task fault=ConcurrentAccess
run env BOUNDS=LOOKS=2 "$LOWER/vs-extraconfig" -e a=b h-1
clear
status_is 1 "a VM that is read more often than LOOKS"
err_like 'h-1: gave up after 2 attempts' "... says so"

# ---- what goes into each request

run env GOVC_OPERATION_ID='a&b<c>"d' vs-power --trace off h-1
status_is 0 "an operation ID with & and <"
err_like 'opID a&b<c>"d-' "... is used"
run env GOVC_OPERATION_ID="$(printf 'a\033b')" vs-power off h-1
status_is 2 "one with an ESC"
run env GOVC_VIM_VERSION='8.0"
X: y' vs-power off h-1
status_is 2 "an API version with a line feed"
done_testing
