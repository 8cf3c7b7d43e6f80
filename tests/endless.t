#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# Answers without end, or that cost more than their bytes: a tool ends them at the bound,
# closes the connection, and hears --timeout and signals meanwhile.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
plain_tools
vs_lab
run vs-ls
status_is 0 "a listing" # with a session

# ends STATUS MESSAGE SECONDS NAME BOUNDS WORD...: vs-ls, whose list is answered so
ends_at() {
	_status=$1 _message=$2 _most=$3 _name=$4 _bounds=$5
	shift 5
	ctl fault RetrievePropertiesEx answer "$@"
	start=$(date +%s)
	run env BOUNDS="RETRY_MS=100 $_bounds" "$LOWER/vs-ls"
	took=$(($(date +%s) - start))
	wire=$(ctl fault | sed -n 's/.*wire=\([0-9]*\).*/\1/p' | tail -n 1)
	ctl fault clear
	status_is "$_status" "$_name"
	err_like "$_message" "... says why"
	[ "$took" -le "$_most" ]
	ok $? "... in time" || diag "$took s"
	[ "${wire:-99999999}" -le 8388608 ]
	ok $? "... and the connection is closed" || diag "sent: $wire"
}

# ---- slowly
ends_at 5 'no complete answer within 2 s' 15 "one blank a second" \
	CALL_MS=2000 pace=1s 'repeat=*: '
ends_at 5 'no complete answer within 2 s' 15 "one 100 Continue a second" \
	CALL_MS=2000 pace=1s 'continue=*'
ends_at 5 'no data received for 2 s' 15 "... for a call without a limit in all" \
	IDLE_MS=2000 pace=1s 'continue=*'

# ---- fast
x=$(printf '%01000d' 0)
ends_at 5 'the answer is larger than 100000 bytes' 15 "a body in chunks without end" \
	ANSWER=100000 "text=<a>" "repeat=*:$x"
ends_at 5 'the answer is larger than 100000 bytes' 15 "... of a length" \
	ANSWER=100000 length=1000M "text=<a>" "repeat=*:$x"
ends_at 5 'the answer is larger than 100000 bytes' 15 "... compressed" \
	ANSWER=100000 gzip "text=<a>" "repeat=*:$x"
ends_at 5 'the answer with HTTP status 503 is larger than 20000 bytes' 15 "... behind a 503" \
	REFUSAL=20000 status=503 "repeat=*:$x"
ends_at 5 'the answer with HTTP status 503 is larger than 20000 bytes' 15 "... compressed, too" \
	REFUSAL=20000 status=503 gzip "repeat=*:$x"
ends_at 5 'the header of the answer is larger than 100 KiB' 15 "2,000 headers" \
	'' headers=2000
ends_at 5 'the header of the answer is larger than 100 KiB' 15 "interim answers without end" \
	'' headers=10 'continue=*'
for how in close gzip length=1000M; do
	ends_at 5 'is not SOAP' 15 "a body that is not XML, without end ($how)" \
		'' $how "text=<a></b>" "repeat=*:$x"
done

# ---- costly
ends_at 5 'a tag, comment or CDATA section larger than 64 KiB' 15 "300,000 attributes" \
	'' soap 'text=<x' 'repeat=300000: a{n}=""' 'text=/>' /soap
ends_at 5 'nested too deeply: more than 100 elements' 15 "100,000 levels" \
	'' soap 'repeat=100000:<a>' 'repeat=100000:</a>' /soap
ends_at 5 'needs more than 10000000 bytes of memory' 15 "empty elements without end" \
	TREE=10000000 soap 'repeat=*:<a/>'
fault='<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body><e:Fault><faultstring>no</faultstring><detail><x xsi:type="InvalidArgument">'
ctl fault RetrievePropertiesEx answer gzip "text=$fault" \
	'repeat=300000:<faultMessage><key>k{n}</key><message>number {n}</message></faultMessage>' \
	'text=</x></detail></e:Fault></e:Body></e:Envelope>'
start=$(date +%s)
run vs-ls
status_is 1 "a fault with 300,000 messages"
err_like 'vCenter rejects an argument.*number 1; number 2;.*\[InvalidArgument\]' "... shows the first"
[ $(($(date +%s) - start)) -le 15 ]
ok $? "... in time"
ctl fault clear

# ---- deaf to nothing, while an answer that unpacks to a thousand times as much is read
ctl fault RetrievePropertiesEx answer gzip soap 'repeat=*:<!-- a comment that is not kept -->'
start=$(date +%s)
run env BOUNDS='ANSWER=99999999999' "$LOWER/vs-ls" --timeout 2s
took=$(($(date +%s) - start))
status_is 4 "--timeout is heard"
[ "$took" -ge 1 ] && [ "$took" -le 8 ]
ok $? "... in time" || diag "$took s"
for sig in INT TERM; do
	begin RetrievePropertiesEx 1 env BOUNDS='ANSWER=99999999999' "$LOWER/vs-ls"
	sleep 1
	start=$(date +%s)
	kill -$sig "$pid"
	case $sig in INT) ends 130 "SIGINT is heard" ;; *) ends 143 "SIGTERM is heard" ;; esac
	[ $(($(date +%s) - start)) -le 8 ]
	ok $? "... in time"
done
ctl fault clear
run vs-ls
status_is 0 "the next listing"
done_testing
