#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# A server whose HTTP answers are too long, too large, too slow or without an end: what
# each costs is bounded, for vCenter and for Kubernetes.  The bounds of base/bounds.h are
# lowered (tests/lower.c); the work is counted: bytes taken, CPU time, requests.
# What is wrong in an answer that ends is in vs-hostile.t and node-wait-hostile.t.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need time
plain_tools # it counts what they do
vs_lab
run vs-clone flatcar-template h-1
status_is 0 "a VM"
ctl node-add h-node

cpu=1 # seconds
! instrumented vs-ls || cpu=10
low='CONNECT_MS=5000 IDLE_MS=5000 CALL_MS=1000 WRITE_MS=1000 RETRY_MS=1500'

# cheap [TIMES]: the last run took $cpu seconds of CPU time at most, or TIMES as much
cheap() {
	awk -v cpu="$((cpu * ${1:-1}))" '{ exit !($1 + $2 <= cpu) }' "$T/spent"
	ok $? "... in little CPU time" || diag "CPU: $(cat "$T/spent")"
}

# took WORD MOST: bytes (body or wire) that the scripts in $T/rules have sent
took() {
	sed -n "s/.* $1=\([0-9]*\).*/\1/p" "$T/rules" | awk -v most="$2" '{ n += $1 } END { exit !(n <= most) }'
	ok $? "... at most $2 bytes were taken" || diag "$(cat "$T/rules")"
}

# try COMMAND...: under low bounds
try() {
	run env BOUNDS="$low" /usr/bin/time -q -f '%U %S %M' -o "$T/spent" timeout 25 "$@"
}

# vc METHOD STATUS ERE NAME COMMAND SCRIPT...: the answers to METHOD are the script's
vc() {
	_m=$1 _s=$2 _ere=$3 _name=$4 _command=$5
	shift 5
	ctl fault "$_m" answer "$@"
	requests_reset
	# shellcheck disable=SC2086 # a command and its words
	try $LOWER/$_command
	ctl fault >"$T/rules"
	ctl fault clear
	status_is "$_s" "$_m: $_name"
	err_like "$_ere" "... says so"
	out_is '' "... prints no record"
	cheap
}

# kube REQUEST STATUS ERE NAME SCRIPT...
kube() {
	_m=$1 _s=$2 _ere=$3 _name=$4
	shift 4
	ctl kube-answer "$_m" "$@"
	ctl kube-requests -reset >"$T/o"
	case $_s in 4) _limit=3s ;; *) _limit=20s ;; esac
	try "$LOWER/node-wait" --timeout $_limit nobody
	ctl kube-answer >"$T/rules"
	ctl kube-answer off
	status_is "$_s" "$_m: $_name"
	err_like "$_ere" "... says so"
	out_is '' "... prints no record"
	cheap
}
# no cached session: each run begins with RetrieveServiceContent and Login
GOVC_PERSIST_SESSION=0
export GOVC_PERSIST_SESSION

# ---- vCenter: slow answers

slow='no complete answer within 1 s'
for how in 'repeat=*: ' 'continue=*'; do
	for m in RetrieveServiceContent Login RetrievePropertiesEx; do
		vc $m 5 "$slow" "one every 50 ms: $how" 'vs-ls .' pace=50ms "$how"
	done
done
vc RetrievePropertiesEx 5 "$slow" 'the answer, then blanks' 'vs-ls .' own pace=50ms 'repeat=*: '
vc WaitForUpdatesEx 4 'h-1: not done within 0:02' 'a poll, blank by blank' \
	'vs-wait --timeout 2s on h-1' pace=50ms 'repeat=*: '
ctl fault Logout answer pace=50ms 'repeat=*: '
try "$LOWER/vs-ls" .
ctl fault clear
status_is 0 'Logout: blank by blank'
cheap

# a write is not repeated, as it was carried out
ctl fault PowerOnVM_Task answer own pace=50ms 'repeat=*: '
requests_reset
try "$LOWER/vs-power" on h-1
ctl fault clear
status_is 0 'PowerOnVM_Task: carried out, then blanks'
is "$(requests PowerOnVM_Task)" 1 '... it is sent once'
ctl fault PowerOffVM_Task answer own 'repeat=*: '
requests_reset
try "$LOWER/vs-power" off h-1
ctl fault >"$T/rules"
ctl fault clear
status_is 0 'PowerOffVM_Task: carried out, then blanks at full speed'
is "$(requests PowerOffVM_Task)" 1 '... it is sent once'
took body 20000000

# ---- vCenter: large answers.  The sockets hold some MB that nobody reads.

low='CONNECT_MS=5000 ANSWER=2000000 REFUSAL=200000 OBJECT=200000 RETRY_MS=500'
big='the answer is larger than 2000000 bytes'
tag='the XML has a tag, comment or CDATA section larger than 64 KiB'
for how in close gzip header=X:chunked; do
	vc RetrievePropertiesEx 5 "$big" "elements without end: $how" 'vs-ls .' "$how" soap 'repeat=*:<a>x</a>'
	took wire 20000000
	vc RetrievePropertiesEx 5 "$tag|$big" "blanks without end: $how" 'vs-ls .' "$how" 'repeat=*: '
	took wire 20000000
	vc RetrievePropertiesEx 5 'HTTP status 503 is larger than 200000 bytes' \
		"503, without end: $how" 'vs-ls .' status=503 "$how" 'repeat=*:down '
	took wire 20000000
	vc Login 5 "not SOAP|larger than 200000 bytes" "500, without end: $how" 'vs-ls .' status=500 "$how" 'repeat=*:x'
	took wire 20000000
done
usual=$low low=$(echo "$low" | sed 's/RETRY_MS=500/RETRY_MS=20000/')
vc WaitForUpdatesEx 5 "$big" 'updates without end' 'vs-wait on h-1' soap 'repeat=*:<a>x</a>'
is "$(requests WaitForUpdatesEx)" 1 '... are not asked for again'
low=$usual
vc RetrievePropertiesEx 5 'no complete answer|not SOAP' 'what is not XML, without end' 'vs-ls .' \
	text=garbage 'repeat=*:x'
took wire 20000000
header='the header of the answer is larger than 100 KiB'
vc RetrievePropertiesEx 5 "$header" '100 Continue without end' 'vs-ls .' 'continue=*'
vc RetrievePropertiesEx 5 "$header" '100 Continue with a large header' 'vs-ls .' headers=100 'continue=*'
vc RetrievePropertiesEx 5 "$header" '2,000 headers' 'vs-ls .' headers=2000 own
vc RetrievePropertiesEx 5 "$header" '2,000 headers of a refusal' 'vs-ls .' status=503 headers=2000
vc RetrievePropertiesEx 5 "$tag" '300,000 attributes' 'vs-ls .' 'text=<a ' "repeat=300000: a{n}=''" 'text=/>'
vc RetrievePropertiesEx 5 "$tag" 'a comment without end' 'vs-ls .' 'text=<!--' 'repeat=*:x'
vc RetrievePropertiesEx 5 'not SOAP' 'entities' 'vs-ls .' \
	'text=<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><a>' 'repeat=1000:&b;' 'text=</a>'
vc RetrievePropertiesEx 5 'nested too deeply: more than 100 elements' 'elements in elements' 'vs-ls .' \
	soap 'repeat=*:<a>'
vc Login 5 'refused' '3,000 faultMessage elements' 'vs-ls .' status=500 \
	'text=<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><Fault><faultcode>x</faultcode><faultstring>no</faultstring><detail>' \
	'text=<InvalidLoginFault xmlns="urn:vim25">' 'repeat=3000:<faultMessage><key>k</key><message>m</message></faultMessage>' \
	'text=</InvalidLoginFault></detail></Fault></Body></Envelope>'

# TERM is heard while an answer comes at full speed
hears() { # NAME COMMAND...
	_name=$1
	shift
	env BOUNDS='CALL_MS=60000 IDLE_MS=60000 ANSWER=99999999999 TREE=99999999999' \
		"$@" >"$T/begun" 2>"$T/begun.err" &
	pid=$!
	wait_for 20 flows || diag "$(cat "$T/begun.err")"
	kill -TERM "$pid"
	ends 143 "TERM, and $_name" 5
}
flows() { { ctl fault; ctl kube-answer; } | grep -q 'body=[0-9]\{6\}'; }
for how in close gzip; do
	ctl fault RetrievePropertiesEx answer "$how" soap 'repeat=*:<a>x</a>'
	hears "elements without end: $how" "$LOWER/vs-ls" .
	ctl fault clear
done
ctl fault RetrievePropertiesEx answer soap 'text=<returnval>' \
	'repeat=*:<objects><obj type="Folder">f-{n}</obj><propSet><name>name</name><val>n</val></propSet></objects>'
hears "a page without end" "$LOWER/vs-ls" .
ctl fault clear

# ---- vCenter: folders in folders, with long names

# nested DEPTH SIZE: the VM is at the bottom
nested() {
	_depth=$1 _size=$2 _up=group-2
	set -- 'replace=</returnval>.*=>' own
	for _i in $(seq "$_depth"); do
		set -- "$@" "text=<objects><obj type=\"Folder\">f-$_i</obj><propSet><name>name</name><val xsi:type=\"xsd:string\">" \
			"repeat=$_size:x" 'text=</val></propSet><propSet><name>parent</name>' \
			"text=<val type=\"Folder\" xsi:type=\"ManagedObjectReference\">$_up</val></propSet></objects>"
		_up=f-$_i
	done
	ctl fault RetrievePropertiesEx 'match=<pathSet>parentVApp<' answer \
		"replace=(>h-1</val></propSet><propSet><name>parent</name><val [^>]*>)group-2<=>\${1}$_up<" own
	ctl fault RetrievePropertiesEx 'match=>Datacenter<' answer "$@" \
		'text=</returnval></RetrievePropertiesExResponse></soapenv:Body></soapenv:Envelope>'
}
nested 64 1M
run /usr/bin/time -q -f '%U %S %M' -o "$T/spent" timeout 25 vs-ls --recursive /DC0/vm
ctl fault clear
status_is 1 '64 folders in folders, each with a name of 1 MB'
err_like 'the inventory path of .* is longer than' '... says so'
awk '{ exit !($3 < 300000) }' "$T/spent"
ok $? '... their paths are not kept' || diag "KiB: $(cat "$T/spent")"

# ---- vCenter: many and long records

many() { # N: VMs with names of 1,000 bytes
	_long=$(printf '%01000d' 0)
	ctl fault RetrievePropertiesEx 'match=<pathSet>parentVApp<' answer 'replace=</returnval>.*=>' own \
		"repeat=$1:<objects><obj type=\"VirtualMachine\">vm-x{n}</obj><propSet><name>name</name><val>$_long-{n}</val></propSet><propSet><name>parent</name><val type=\"Folder\">group-2</val></propSet></objects>" \
		'text=</returnval></RetrievePropertiesExResponse></soapenv:Body></soapenv:Envelope>'
}
many 20000
/usr/bin/time -q -f '%U %S %M' -o "$T/spent" timeout 25 vs-ls --recursive /DC0/vm 2>"$T/err" | grep -c "$_long" >"$T/o"
is "$(cat "$T/o")" 20000 "records through a pipe: 20 MB"
cheap 4
ctl fault clear

# ---- Kubernetes

low="$low CALL_MS=1000"
watching='nobody: not ready within 0:03'
for how in 'repeat=*: ' 'continue=*'; do
	kube 'list nodes' 4 "$watching: .*$slow" "one every 50 ms: $how" pace=50ms "$how"
done
kube 'list nodes' 4 "$watching: .*$slow" 'the answer, then blanks' own pace=50ms 'repeat=*: '
kube 'watch nodes' 4 "$watching" 'blank by blank' pace=50ms 'repeat=*: '
low='CONNECT_MS=5000 ANSWER=2000000 REFUSAL=200000 OBJECT=200000'
for how in close gzip header=X:chunked; do
	kube 'list nodes' 1 'more than 1 MiB outside its items' "blanks without end: $how" "$how" 'repeat=*: '
	took wire 20000000
	kube 'list nodes' 5 "$big" "objects without end: $how" "$how" \
		'text={"kind":"NodeList","items":[' 'repeat=*:{"metadata":{"name":"n-{n}"}},'
	took wire 20000000
	kube 'list nodes' 1 'object' "an object without end: $how" "$how" \
		'text={"kind":"NodeList","items":[{"metadata":{"name":"' 'repeat=*:x'
	took wire 20000000
	kube 'list nodes' 1 'not allowed to watch nodes' "403, without end: $how" status=403 "$how" 'repeat=*:no '
	took wire 20000000
	kube 'watch nodes' 4 "$watching.*" "an event without end: $how" "$how" \
		'text={"type":"ADDED","object":{"metadata":{"name":"' 'repeat=*:x'
	took wire 20000000
done
kube 'list nodes' 1 'nested deeper than 100 levels' 'arrays in arrays' 'repeat=*:['
kube 'list nodes' 5 "$header" '100 Continue without end' 'continue=*'
kube 'list nodes' 5 "$header" '2,000 headers' headers=2000 own
kube 'watch nodes' 5 "$header" '2,000 headers' headers=2000
ctl kube-answer 'watch nodes' 'repeat=*:{"type":"BOOKMARK","object":{"kind":"Node","apiVersion":"v1","metadata":{"resourceVersion":"{n}"}}}'
hears 'a watch without pause' "$LOWER/node-wait" nobody
ctl kube-answer off
done_testing
