#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a kubeconfig, an exec plugin and an API server can do to node-wait: nothing but
# make it fail, with a message and a status.
# shellcheck disable=SC1091,SC2154,SC2031,SC2030,SC2016 # lib.sh, its variables; Perl in quotes
. "${0%/*}/lib.sh"
. "$top/tests/lib-kube.sh"
need openssl perl jq
cd "$T" || exit 1

# config CLUSTER USER: writes the file conf, in flow style
config() {
	cat >conf <<-END
	current-context: c
	contexts: [{name: c, context: {cluster: k, user: u}}]
	clusters: [{name: k, cluster: {$1}}]
	users: [{name: u, user: {$2}}]
	END
}

# --- client certificates and keys

# pair NAME: NAME.crt and NAME.key, signed by itself
pair() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-keyout "$1.key" -out "$1.crt" -subj "/CN=$1" ${2:+-addext "subjectAltName=$2"} 2>/dev/null
}
pair me
pair other
openssl pkey -in me.key -aes128 -passout pass:S3CRET -out pkcs8.key
openssl ec -in me.key -aes128 -passout pass:S3CRET -out dek.key 2>/dev/null
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' pkcs8.key && grep -q '^DEK-Info: AES' dek.key
ok $? 'two kinds of encrypted keys'
head -c 100 me.key >half.key
{ echo '-----BEGIN CERTIFICATE-----'; sed 1d dek.key; } >crypt.crt

server='server: "https://127.0.0.1:1"'
# key CERTIFICATE KEY TEXT: refused with that text
key() {
	config "$server" "client-certificate: $1, client-key: $2"
	run node-wait --kubeconfig conf w1
	status_is 2 "$1 with $2: 2"
	err_like "^node-wait: context 'c' of conf: $3" '... and why'
}
key me.crt pkcs8.key 'the client key is encrypted: use a key without a passphrase'
key me.crt dek.key 'the client key is encrypted: use a key without a passphrase'
key me.crt half.key 'the client key is not a PEM private key'
key me.crt other.crt 'the client key is not a PEM private key'
key me.crt other.key 'the client key does not belong to the client certificate'
key me.key me.key 'the client certificate is not a PEM certificate'
key crypt.crt me.key 'the client certificate is not a PEM certificate'
# on a terminal, OpenSSL would ask for a passphrase
config "$server" 'client-certificate: crypt.crt, client-key: dek.key'
run timeout 20 script -qec 'node-wait --kubeconfig conf w1' /dev/null
status_is 2 'on a terminal: 2'
unlike "$out" '[Pp]ass ?phrase:' '... without a question'
config "$server" "client-certificate-data: $(base64 -w0 me.crt), client-key-data: $(base64 -w0 dek.key)"
run node-wait --kubeconfig conf w1
status_is 2 'an encrypted key in the kubeconfig itself: 2'
config "$server, certificate-authority: crypt.crt" ''
run node-wait --kubeconfig conf w1
status_is 2 'a CA that is encrypted: 2'
err_like 'the CA certificate is not a PEM certificate$' '... and why'
config "$server" 'client-certificate: me.crt, client-key: me.key'
run node-wait --kubeconfig conf w1
status_is 5 'a pair that fits is used'

# --- kubeconfigs

# odd TEXT STATUS PATTERN NAME: the file conf with that text
odd() {
	printf '%s\n' "$1" >conf
	run node-wait --kubeconfig conf --timeout 20s w1
	status_is "$2" "$4: $2"
	err_like "$3" '... and why'
	unlike "$err" S3CRET '... without a secret'
}
config 'server: "https://admin:S3CRET@127.0.0.1:1"' ''
odd "$(cat conf)" 2 "'server' must not contain a user name or password" 'a server with a password'
config 'server: "https://127.0.0.1:1", proxy-url: "http://u:S3CRET@127.0.0.1:2"' ''
odd "$(cat conf)" 5 'connection refused$' 'a proxy with a password'
config 'server: "https://127.0.0.1:S3CRET"' 'token: x'
run node-wait --kubeconfig conf w1
status_is 2 'a server with another port: 2'
odd 'a: &a [S3CRET, S3CRET]
b: &b [*a, *a]
c: [*b, *b]' 2 "^node-wait: conf:1: .*anchors \\('&'\\) are not supported" 'anchors and aliases'
odd "$(head -c 100000 /dev/zero | tr '\0' '[')" 2 '^node-wait: conf:1: .*64 levels' '100,000 levels'
{ echo 'a: "'; head -c 9000000 /dev/zero | tr '\0' x; } >conf
run node-wait --kubeconfig conf w1
status_is 2 'a kubeconfig of 9 MB: 2'
err_like "cannot read kubeconfig 'conf': it is larger than 8192 KiB\$" '... and why'
config "$server" 'client-certificate: me.crt, client-key: /dev/zero'
run node-wait --kubeconfig conf w1
status_is 2 'a key without end: 2'
err_like "cannot read client-key '/dev/zero': it is larger than 1024 KiB\$" '... and why'

# inputs may be links and FIFOs, and nothing waits for them without end
config "$server" 'client-certificate: me.crt, client-key: key.fifo'
mkfifo key.fifo conf.fifo
cat me.key >key.fifo &
cat conf >conf.fifo &
run node-wait --kubeconfig conf.fifo --timeout 20s w1
status_is 5 'FIFOs are read'
err_like 'connection refused$' '... both'
ln -s conf conf.link
ln -sf me.key key.link
config "$server" 'client-certificate: me.crt, client-key: key.link'
run node-wait --kubeconfig conf.link --timeout 20s w1
status_is 5 'links, too'
run timeout --preserve-status -s TERM 1 node-wait --kubeconfig conf.fifo w1
status_is 143 'TERM while nothing writes into a FIFO: 143'
run node-wait --kubeconfig conf.fifo --timeout 1s w1
status_is 4 '--timeout, too: 4'
config "$server" 'tokenFile: key.fifo'
run node-wait --kubeconfig conf --timeout 1s w1
case $status in 4 | 5) pass 'a token file that is a FIFO: --timeout ends it' ;; *) fail "a token file that is a FIFO: $status" ;; esac
run timeout --preserve-status -s TERM 1 node-wait --kubeconfig conf --timeout 20s w1
status_is 143 '... and TERM: 143'

# --- exec plugins

# plugin SHELL: writes the program ./plugin, and a kubeconfig that runs it
plugin() {
	printf '#!/bin/sh\n%s\n' "$1" >plugin
	chmod +x plugin
	config "$server" 'exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}'
}
# refused SHELL TEXT NAME: the plugin's answer is not used, and not shown
refused() {
	plugin "$1"
	run node-wait --kubeconfig conf --timeout 20s w1
	status_is 5 "a plugin with $3: 5"
	err_like "^node-wait: w1: (context 'c' of conf: )?$2" '... and why'
	unlike "$err" S3CRET '... without what it printed'
}
# cred STATUS: an answer
cred() { echo "echo '{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": \"ExecCredential\", \"status\": $1}'"; }
neither="exec plugin './plugin': it returned neither a token nor a certificate\$"
refused : "exec plugin './plugin': its output is not JSON\$" 'no answer'
refused "echo '{\"token\": \"S3CRET\"'" "exec plugin './plugin': its output is not JSON\$" 'half an answer'
refused "echo '[\"S3CRET\"]'" "exec plugin './plugin': its output is not an ExecCredential\$" 'a list'
refused "echo '{\"kind\": \"ExecCredential\", \"status\": {\"token\": \"S3CRET\"}}'" \
	"exec plugin './plugin': its output and the kubeconfig have different apiVersions\$" 'no apiVersion'
refused "$(cred '{"token": "S3CRET"}' | sed s,k8s.io/v1,k8s.io/v1beta1,)" \
	"exec plugin './plugin': its output and the kubeconfig have different apiVersions\$" 'another apiVersion'
refused "$(cred '["S3CRET"]')" "$neither" 'a status of another type'
refused "$(cred '{"token": ["S3CRET"]}')" "$neither" 'a token of another type'
refused "$(cred '{"token": ""}')" "$neither" 'an empty token'
refused "$(cred '{"token": "S3CRET", "clientCertificateData": "S3CRET"}')" "exec plugin './plugin': it returned only one of certificate and key\$" 'a certificate alone'
refused "$(cred '{"token": "S3CRET", "clientKeyData": "S3CRET"}')" "exec plugin './plugin': it returned only one of certificate and key\$" 'a key alone'
refused "$(cred '{"token": "S3CRET", "expirationTimestamp": "tomorrow"}')" "exec plugin './plugin': its expirationTimestamp is not a time\$" 'another time'
refused "$(cred '{"token": "S3CRET\\nX-Injected: 1"}' | sed 's/echo/printf %s/')" 'the token has more than one line$' 'a token of two lines'
refused "$(cred '{"token": "S3CRET\\u0007"}' | sed 's/echo/printf %s/')" 'the token contains a control character$' 'a token with BEL'
refused "$(cred '{"clientCertificateData": "S3CRET", "clientKeyData": "S3CRET"}')" 'the client certificate is not a PEM certificate$' 'another certificate'
refused "jq -n --rawfile c me.crt --rawfile k pkcs8.key '{apiVersion: \"client.authentication.k8s.io/v1\", kind: \"ExecCredential\", status: {clientCertificateData: \$c, clientKeyData: \$k}}'" \
	'the client key is encrypted' 'an encrypted key'
refused "jq -n --rawfile c me.crt --rawfile k other.key '{apiVersion: \"client.authentication.k8s.io/v1\", kind: \"ExecCredential\", status: {clientCertificateData: \$c, clientKeyData: \$k}}'" \
	'the client key does not belong to the client certificate$' 'a key of another certificate'
refused 'yes S3CRET' "exec plugin './plugin': its output is larger than 1024 KiB\$" 'an answer without end'
plugin 'printf "%b" "\\033[31mred\\n\\342\\200\\256odd\\n" >&2; exit 3'
run node-wait --kubeconfig conf --timeout 20s w1
status_is 5 'a plugin that fails: 5'
is "$err" 'node-wait: plugin: \x1b[31mred
node-wait: plugin: \u202eodd
node-wait: w1: exec plugin '"'./plugin'"' exited with status 3' '... and its stderr is shown escaped, by its name'

# It hangs, ignores TERM, and has a child: neither --timeout nor a signal waits for it.
plugin "trap '' TERM; echo \$\$ >plugin.pid; sleep 60 & sleep 60"
run node-wait --kubeconfig conf --timeout 1s w1
case $status in 4 | 5) pass 'a plugin that hangs: --timeout ends it' ;; *) fail "a plugin that hangs: $status" ;; esac
err_like "^node-wait: w1: (exec plugin: './plugin' did not end in time|not ready within 0:01: .*)\$" '... and why'
_dead "$(cat plugin.pid)"
ok $? '... and the plugin has ended'
rm plugin.pid
node-wait --kubeconfig conf --timeout 50s w1 2>err &
waiter=$!
wait_for 10 [ -s plugin.pid ]
begun=$(date +%s%3N)
kill -TERM "$waiter"
wait "$waiter"
is $? 143 'TERM while a plugin hangs: 143'
[ $(($(date +%s%3N) - begun)) -lt 3000 ]
ok $? '... at once' || diag "$(cat err)"
_dead "$(cat plugin.pid)"
ok $? '... and the plugin has ended'

# --- an API server that says anything

# fails CODE STATUS TEXT NAME [ARGUMENT...]: node-wait ends with that status and message
fails() {
	kube_says "$1"
	want=$2 text=$3 name=$4
	shift 4
	run "$LOWER/node-wait" --timeout 20s "${@:-w1}"
	status_is "$want" "$name: $want"
	err_like "$text" '... and why'
}
# the message names method and path
get='cannot read nodes from http://127[^ ]*: GET /api/v1/nodes: '
answer() { fails "reply(200, $1)" 1 "^node-wait: w1: $get$2" "$3"; }
answer 'q({"kind":"Status","status":"Failure","message":"no"})' 'the answer is not a NodeList, but a Status: no$' 'a Status with 200'
answer 'q({"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[]})' 'the answer is not a NodeList, but has the kind PodList$' 'another list'
answer 'q({"kind":"NodeList","items":[]})' 'the answer has no resourceVersion$' 'no metadata'
answer 'q({"metadata":[],"items":[]})' 'the answer has no resourceVersion$' 'metadata of another type'
answer 'q({"metadata":{"resourceVersion":1},"items":[]})' 'the answer has no valid resourceVersion$' 'a resourceVersion of another type'
answer 'q({"metadata":{"resourceVersion":"1 2\n"},"items":[]})' 'the answer has no valid resourceVersion$' 'a resourceVersion with a blank'
answer 'q({"metadata":{"resourceVersion":"1","continue":{}},"items":[]})' 'the answer has no valid continue$' 'a token of another type'
answer 'list(q({"metadata":{"uid":"u"}}))' 'the answer has a node without a name$' 'a node without a name'
answer 'list(q({"kind":"Node"}))' 'the answer has a node without a name$' 'a node without metadata'
answer 'list(q({"metadata":{"name":7}}))' 'the answer has a node without a name$' 'a name of another type'
answer 'list(q({"kind":"Pod","metadata":{"name":"w1"}}))' 'the answer is not a Node, but has the kind Pod$' 'a Pod among the nodes'
answer 'list(q({"metadata":{"name":"w1"},"n":1e999}))' 'the answer is not a Node: not JSON: real number overflow$' '1e999'
answer 'list(qq({"metadata":{"name":"w1\xff"}}))' 'the answer is not a Node: not JSON' 'invalid UTF-8'
answer 'list(q({"metadata":{"name":"w1\u0000"}}))' 'the answer is not a Node: not JSON' 'NUL'
answer 'list(q({"metadata":{"name":"w1","name":"w2"}}))' 'the answer is not a Node: duplicate key' 'a duplicate key'
answer 'list(q({"metadata":{"name":"w1"},"x":) . "[" x 200 . "]" x 200 . "}")' 'the response is nested deeper than 100 levels$' '200 levels'
answer 'list(q({"metadata":{"name":"w1"},"x":[) . join(",", 0 .. 200000) . "]}")' 'the answer has an object with more than 100000 values$' '200,000 values'
answer 'list(q({"metadata":{"name":"w1"},"x":") . "y" x 5e6 . q("}))' 'the response contains an object larger than 4096 KiB$' 'a string of 5 MB'
answer 'q({"kind":"NodeList","metadata":{"x":") . "y" x 2e6 . q("},"items":[]})' 'the response has more than 1 MiB outside its items$' '2 MB around the items'
answer '"<html>"' 'the response is not JSON from a Kubernetes API server$' 'HTML'
answer '""' 'the answer is not a NodeList: empty$' 'nothing'
fails 'reply(500, "x" x 5e6)' 4 'no answer from .*\(GET /api/v1/nodes: HTTP status 500\)$' '5 MB of refusal' --timeout 1s w1
fails 'reply(404, q([{"message":7}]))' 1 "^node-wait: w1: ${get}HTTP status 404\$" 'a refusal without a Status'
fails 'reply(403, q({"kind":"Status","message":"\u001b[31m\nx\u202e"}))' 1 'needs the verbs' 'terminal escapes in a refusal'
unlike "$(printf %s "$err" | tr -d '[:print:]')" . '... are not printed'
err_like '\\x1b\[31m\\nx\\u202e$' '... but shown'

# endless CODE TEXT NAME: a body without end, ended at a bound; it is not held in memory
endless() {
	kube_says "$1"
	BOUNDS='ANSWER=3000000 REFUSAL=100000' run "$LOWER/node-wait" --timeout 20s w1
	err_like "$2" "$3"
	isnt "$status" 4 '... at once'
}
endless 'begin(); part(q({"kind":"NodeList","items":[)); part((node("w1") . ",") x 100) while 1' \
	"${get}127.0.0.1:[0-9]*: the answer is larger than 3000000 bytes\$" 'items without end'
endless 'begin(); part(q({"metadata":{"labels":")); part("x" x 16384) while 1' \
	"${get}the response has more than 1 MiB outside its items\$" 'a list that does not begin'
endless 'begin(); part(q({"items":[{"metadata":{"labels":")); part("x" x 16384) while 1' \
	"${get}127.0.0.1:[0-9]*: the answer is larger than 3000000 bytes\$" 'a string without end that is skipped'
endless 'begin(404); part("x" x 16384) while 1' "${get}HTTP status 404\$" 'a refusal without end'
kube_says 'begin(); part(q({"items":[)); part(" "), sleep 0.1 while 1'
BOUNDS=CALL_MS=1000 run "$LOWER/node-wait" --timeout 4s w1
status_is 4 'a list that trickles'
err_like 'no complete answer within 1 s' '... is ended after CALL_MS'
[ "$(said '^GET /api/v1/nodes')" -ge 2 ]
ok $? '... and retried'

# --- requests: what brings nothing new is not asked again without a pause

# bounded CODE NAME MOST [ARGUMENT...]: in 2 s, at most that many requests
bounded() {
	kube_says "$1"
	name=$2 most=$3
	shift 3
	RUN_TIMEOUT=30 run "$LOWER/node-wait" --timeout 2s "${@:-w2}"
	status_is 4 "$name: 4"
	[ "$(said .)" -le "$most" ]
	ok $? "... after at most $most requests" || diag "$(said .) requests"
}
bounded 'reply(200, list("", qq(,"continue":"t$n")))' 'empty pages without end' 12
bounded 'reply(200, list(node("w1"), qq(,"continue":"t$n")))' 'the same page without end' 13
bounded '$watch ? begin() : reply(200, list(node("w1")))' 'a watch that ends at once' 12
err_like 'no such node' '... nothing else is wrong'
bounded '$watch ? reply(410, q({"kind":"Status","message":"old"})) : reply(200, list(""))' 'watches that end with 410' 24
bounded '$watch ? (begin(), part(event("ERROR", q({"kind":"Status","code":410})))) : reply(200, list(""))' 'watches with an event of 410' 24
bounded 'reply(410, q({"kind":"Status","message":"old"}))' 'lists that end with 410' 12
err_like 'no answer from .* \(GET /api/v1/nodes: old\)$' '... and why'
bounded '$url =~ /continue/ ? reply(410, q({"kind":"Status","message":"old"})) : reply(200, list(node("w1"), q(,"continue":"t")))' \
	'page 2 that always ends with 410' 24
err_like 'no answer from .* \(GET /api/v1/nodes: old\)$' '... and why'
bounded '$watch ? (begin(), part(event("BOOKMARK", q({"metadata":{"resourceVersion":"10"}})) x 100), sleep 0) : reply(200, list(""))' \
	'short watches of bookmarks' 12
bounded 'if ($watch) { begin(); part(event("BOOKMARK", q({"metadata":{"resourceVersion":"10"}})) x 100) while 1 } else { reply(200, list("")) }' \
	'bookmarks at full speed' 24
err_like 'GET /api/v1/nodes: the watch sends events that bring nothing new' '... and why'
bounded 'if ($watch) { begin(); part(event("ADDED", node("w1"))) while 1 } else { reply(200, list("")) }' \
	'the same event at full speed' 24
bounded 'if ($watch) { begin(); part(event("MODIFIED", q({"kind":"Pod","metadata":{"name":"w2","resourceVersion":"11"}}))) } else { reply(200, list("")) }' \
	'events of another kind' 24
err_like 'GET /api/v1/nodes: the answer has a Pod instead of a Node\)$' '... and why'
BOUNDS=OBJECT=102400 bounded 'if ($watch) { begin(); part(q({"type":"ADDED","object":{"a":")); part("x" x 16384) while 1 } else { reply(200, list("")) }' \
	'an event without end' 24
err_like 'GET /api/v1/nodes: the response contains an object larger than 100 KiB\)$' '... and why'

kube_says 'reply(200, list(node("w1"), q(,"continue":"t")))'
run node-wait --timeout 20s w2
status_is 1 'the same continue token twice: 1'
err_like "${get}the answer has the continue token of the page before\$" '... and why'
is "$(said .)" 2 '... after two requests'
kube_says 'reply(200, list(join(",", map { node("n$n-$_") } 1 .. 100), qq(,"continue":"t$n")))'
BOUNDS=OBJECTS=1000 run "$LOWER/node-wait" --timeout 20s w2
status_is 1 'new nodes without end: 1'
err_like "${get}the list has more than 1000 items\$" '... and why'
is "$(said .)" 11 '... at the bound'

# --- what happened while the watch was off

# after SECONDS: a watch that has ended by then with 410; in Perl
off='begin(); $to->flush; sleep 0.3; part(event("ERROR", q({"kind":"Status","code":410})))'
kube_says "\$watch ? do { $off } : reply(200, list(\$n ? '' : node('w1')))"
run node-wait --for gone --timeout 10s w1
status_is 0 'a node that was deleted while the watch was off is gone'
is "$(said 'GET /api/v1/nodes\?limit')" 2 '... by the second list'

# The first Node of the name is never ready; the second one has another uid.
mend='my $u = $url =~ m{nodes/w1} ? -e "$dir/second" : $n;
my $node = node("w1"); $u ? $node =~ s/u-w1/u2/ : $node =~ s/True/False/;'
kube_says "$mend if (\$watch) { open my \$f, '>', \"\$dir/second\"; $off } else { reply(200, \$url =~ m{nodes/w1} ? \$node : list(\$node)) }"
run node-wait --label a=b --timeout 10s w1
status_is 0 'a node that was replaced while the watch was off'
is "$(said '^PATCH /api/v1/nodes/w1')" 2 '... is labelled again'
kube_says 'my $node = node("w1"); (my $was = $node) =~ s/True/False/; (my $is = $node) =~ s/u-w1/u2/;
	if ($watch) { begin(); $to->flush; sleep 0.3; $is =~ s/"5"/"12"/; part(event("DELETED", $was) . event("ADDED", $is)); idle() }
	else { reply(200, $url =~ m{nodes/w1} ? $was : list($was)) }'
run node-wait --label a=b --timeout 10s w1
status_is 0 'a node that was replaced before the eyes of the watch'
is "$(said '^PATCH /api/v1/nodes/w1')" 2 '... too'

# --- places, deadlines

flaps='my $up = node("w1"); (my $down = $up) =~ s/True/False/; my $rv = 11;
my $say = sub { my ($kind, $node) = @_; $rv++; $node =~ s/"5"/"$rv"/; part(event($kind, $node)) };'
kube_says "$flaps if (\$watch) { begin(); \$say->('MODIFIED', \$down), \$say->('MODIFIED', \$up) for 1 .. 3; idle() } else { reply(200, list(\$up)) }"
run node-wait -l pool=a --expect 2 --timeout 1s
status_is 4 '-l --expect 2: a node that flaps takes one place'
is "$(printf '%s\n' "$out" | cut -f 1)" w1 '... and has one record'
kube_says "$flaps if (\$watch) { begin(); \$say->('MODIFIED', \$down), \$say->('MODIFIED', \$up) for 1 .. 3; \$say->('ADDED', node('w2')); idle() } else { reply(200, list(\$up)) }"
run node-wait -l pool=a --expect 2 --timeout 10s
status_is 0 '... and the other is for another node'
is "$(printf '%s\n' "$out" | cut -f 1 | tr '\n' ' ')" 'w1 w2 ' '... in the order in which they came'

# w2 is read 1.5 s after w1, and ready 3 s after it
kube_says 'if ($watch) { begin(); $to->flush; sleep 3; (my $w2 = node("w2")) =~ s/"5"/"12"/; part(event("ADDED", $w2)); idle() } else { reply(200, list("")) }'
mkfifo names.fifo
{ echo w1; sleep 1.5; echo w2; } >names.fifo &
run node-wait --timeout 2500ms <names.fifo
status_is 4 'w1 has not come in time'
is "$(printf '%s\n' "$out" | cut -f 1)" w2 '... but w2 has a deadline of its own'

# --- trust

pair ca
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout host.key -out host.csr -subj /CN=other.example 2>/dev/null
printf 'subjectAltName=DNS:other.example\n' >host.ext
openssl x509 -req -in host.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile host.ext -out host.crt 2>/dev/null
cat host.key host.crt >host.pem
spawn openssl s_server -accept 127.0.0.1:0 -cert host.pem -key host.key -www >s_server.out 2>&1
server=$spawned
wait_for 10 grep -q '^ACCEPT' s_server.out
port=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\).*/\1/p' s_server.out)
config "server: \"https://127.0.0.1:$port\", certificate-authority: ca.crt" 'token: S3CRET'
run node-wait --kubeconfig conf --timeout 10s w1
status_is 5 'the right CA, but the certificate of another host: 5'
err_like "the certificate is for 'other.example', not for '127.0.0.1'" '... and why'
config "server: \"https://127.0.0.1:$port\", certificate-authority: ca.crt, tls-server-name: other.example" 'token: S3CRET'
run node-wait --kubeconfig conf --timeout 10s w1
status_is 1 '... unless tls-server-name is its name'
err_like 'GET /api/v1/nodes' '... then it speaks'
stop "$server"

done_testing
