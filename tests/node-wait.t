#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# node-wait against the lab's Kubernetes API.
# shellcheck disable=SC1091,SC2154,SC2031,SC2030 # lib.sh and its variables
. "${0%/*}/lib.sh"
lab_start
cd "$T" || exit 1

TAB=$(printf '\t')
# long enough to see all nodes, and how the timeout is printed
S=1s C=0:01
[ "${UNDER:-}" != valgrind ] || S=6s C=0:06
U1=11111111-2222-3333-4444-555555555555
U2=99999999-2222-3333-4444-555555555555

# calls WHAT: how many requests of that kind the API got ("list nodes")
calls() { ctl kube-requests | awk -v w="$1" '{ n = $NF; sub(/ [0-9]+$/, "") } $0 == w { c = n } END { print c + 0 }'; }
calls_reset() { ctl kube-requests reset >/dev/null; }

# soon COMMAND...: run it once the first watch is running
soon() { (wait_for 20 watching && "$@" >/dev/null 2>&1) & }
watching() { [ "$(calls 'watch nodes')" -gt 0 ]; }

ctl node-add w1 $U1

# --- ready

calls_reset
run node-wait w1
status_is 0 'a node that is ready'
out_like "^w1${TAB}node=w1${TAB}version=v1\.[0-9.]+\+rke2r1${TAB}state=ready\$" 'its record'
err_is '' 'and nothing else is printed'
is "$(calls 'list nodes')" 1 'one list does it'

calls_reset
soon ctl node-add w2
run node-wait --timeout 30s w2
status_is 0 'a node that is not there yet is waited for'
is "$(calls total)" 2 'by one list and one watch'
ctl node-delete w2

ctl node-cordon w1
run node-wait --timeout $S w1
status_is 4 'a cordoned node is not ready'
err_is "node-wait: w1: not ready within $C: cordoned (see 'kubectl uncordon')" 'and the message says so'
calls_reset
soon ctl node-cordon w1 off
run node-wait --timeout 30s w1
status_is 0 'until it is uncordoned'

ctl node-condition w1 Ready False 'NetworkReady=false reason:NetworkPluginNotReady message: cni plugin not initialized'
run node-wait --timeout $S w1 w0
status_is 4 'nodes that do not get ready: 4'
err_like "^node-wait: w1: not ready within $C: CNI not ready: NetworkReady=false reason:NetworkPluginNotReady" \
	'no CNI: the message of the condition'
err_like "^node-wait: w0: not ready within $C: no such node: it has not joined" 'no such node'
is "$(printf '%s\n' "$err" | wc -l)" 2 'one line a node'
ctl node-condition w1 Ready Unknown 'Kubelet stopped posting node status.'
run node-wait --timeout $S w1
err_like "^node-wait: w1: not ready within $C: not reporting \(is its VM on\?\): Kubelet stopped posting node status\.\$" 'a dead kubelet'
ctl node-condition w1 Ready True fine

# --- records

printf '/DC0/vm/W1\tVirtualMachine:vm-7\tuuid=%s\tip=10.0.0.1\n' $U1 >rec
run node-wait <rec
status_is 0 'a record: the last component of its path, in lower case'
out_like "^/DC0/vm/W1${TAB}VirtualMachine:vm-7${TAB}uuid=$U1${TAB}ip=10.0.0.1${TAB}node=w1${TAB}version=" \
	'its fields stay'
printf '/DC0/vm/other\tVirtualMachine:vm-7\tnode=w1\n' >rec2
run node-wait <rec2
status_is 0 'the field node= takes precedence over the path'
run node-wait --json <rec
out_like '^\{"path":"/DC0/vm/W1","ref":"VirtualMachine:vm-7","name":"W1","uuid":"11111111-.*"node":"w1",.*"state":"ready"\}$' \
	'--json'
printf '%s\n' "$out" >json
run node-wait <json
status_is 0 'JSON is accepted again'
run node-wait </dev/null
status_is 0 'no records: nothing to do'
out_is '' 'and nothing comes out'
run node-wait --expect 1 </dev/null
status_is 1 'but --expect 1: status 1'
run node-wait -o out <rec
is "$(grep -c node=w1 out)" 1 '-o FILE'

printf '/DC0/vm/w1\tVirtualMachine:vm-8\tuuid=%s\n' $U2 >old
run node-wait --timeout $S <old
status_is 4 'a Node of another VM is not ready'
err_like "the node of that name belongs to another VM \(UUID $U1\): the RKE2 server rejects a new VM of that name \(node password\) until you run 'kubectl delete node w1'\$" \
	'and the message says so, with what helps'
replace() { ctl node-delete w1; ctl node-add w1 $U2; }
calls_reset
soon replace
run node-wait --timeout 30s <old
status_is 0 'until the new VM has joined under the name'
ctl node-add sw 33221100-5544-7766-8899-aabbccddeeff
printf 'sw\tVirtualMachine:vm-9\tuuid=00112233-4455-6677-8899-aabbccddeeff\n' >swapped
run node-wait --timeout 20s <swapped
status_is 0 'a UUID with its first groups in the other byte order is the same'

mkfifo fifo
timeout 60 node-wait --timeout 50s w1 late >fifo 2>late.err &
waiter=$!
{
	read -r first
	is "${first%%"$TAB"*}" w1 'a record is printed the moment its node is ready'
	_alive "$waiter"
	ok $? 'while another is still waited for'
	ctl node-add late
	read -r second
	is "${second%%"$TAB"*}" late 'which comes when it is there'
} <fifo
wait "$waiter"
is $? 0 'and all is well'

# --- a node password without a node

secret='kubectl -n kube-system delete secret w0.node-password.rke2'
ctl node-password w0
calls_reset
run node-wait --timeout $S w0
status_is 4 'no node, but its password is with the server'
err_like "no such node: .*; the RKE2 server has had a node password for that name since 20[0-9TZ:-]+: if it is an older VM's, run '$secret'\$" \
	'and the message says so, with what helps'
is "$(calls 'get secrets') $(calls 'get secrets/data') $(calls total)" '1 0 3' \
	'with one look-up, of its metadata alone'
calls_reset
soon ctl node-add w0
run node-wait --timeout 30s w0
is "$status $(calls 'get secrets')" '0 0' 'nothing is looked up before the timeout'
ctl node-delete w0
calls_reset
run node-wait --timeout $S w0
err_like "on the VM\)\$" 'the password is gone with the node'
is "$(calls 'get secrets')" 1 'it was looked up'
ctl node-password w0
for how in 'kube-fail 403' 'kube-fail 500'; do
	calls_reset
	# shellcheck disable=SC2086 # words
	soon ctl $how
	run node-wait --timeout $S w0
	ctl kube-fail off
	is "$status $(calls 'get secrets')" '4 1' "$how for the Secret"
	err_like "on the VM\)\$" 'adds nothing'
done
calls_reset
# shellcheck disable=SC2046 # twelve names
run node-wait --timeout $S w0 $(seq -f n%g 11)
is "$(printf '%s\n' "$err" | grep -c 'no such node') $(calls 'get secrets')" '12 8' \
	'of many missing nodes the passwords of eight are looked up'
is "$(printf '%s\n' "$err" | grep '^node-wait: warning: ')" \
	'node-wait: warning: more than 8 nodes are missing: not looking up node passwords of the others' \
	'with one warning'
calls_reset
soon kill -STOP "$lab_pid"
run node-wait --timeout $S w0
kill -CONT "$lab_pid"
status_is 4 'a server that no longer answers'
err_like "^node-wait: w0: not ready within $C: no such node: .* on the VM\)" 'is not waited for long'

# --- gone, conditions

run node-wait --for gone w0
status_is 3 'gone: a name that was never there is not found'
err_like 'w0: no such node: nothing to wait for$' 'and the message says so'
printf 'w0\tVirtualMachine:vm-7\n' >went
run node-wait --for gone <went
status_is 0 'but a record may be gone already'
out_like "${TAB}node=w0${TAB}state=gone\$" 'its record'
run node-wait --for gone --timeout $S w1
status_is 4 'still there: timed out'
err_is "node-wait: w1: not gone within $C: it still exists" 'and the message says so'
calls_reset
soon ctl node-delete late
run node-wait --for gone --timeout 30s late
status_is 0 'gone: the node is deleted'

ctl node-cordon w1
run node-wait --for diskpressure=false --timeout 20s w1
status_is 0 'a condition, plain: neither cordon nor case count'
run node-wait --for DiskPressure=True --timeout $S w1
status_is 4 'of another status'
err_like "not DiskPressure=True within $C: condition 'DiskPressure' is 'False', not 'True'" 'and the message says so'
ctl node-cordon w1 off

# --- by labels

ctl node-label w1 pool=a
run node-wait -l pool=a
status_is 0 '-l: all nodes there are'
out_like "^w1${TAB}node=w1" 'their records'
calls_reset
label() { ctl node-label sw pool=a; }
soon label
run node-wait -l pool=a --expect 2 --timeout 30s
status_is 0 '-l --expect 2: until two match'
is "$(printf '%s\n' "$out" | sort | cut -f1 | tr '\n' ' ')" 'sw w1 ' 'and both come out'
ctl node-cordon sw
run node-wait -l pool=a --expect 1 --timeout 20s
status_is 0 '-l --expect 1: one that is ready is enough'
out_like '^w1' 'that one'
run node-wait -l pool=a --expect 3 --timeout $S
status_is 4 '-l --expect 3: too few'
err_like "^node-wait: sw: not ready within $C: cordoned" 'the one that is not ready'
err_like "^node-wait: node [23] of 3: not ready within $C: no further node matches 'pool=a'" 'and the one that is not there'
run node-wait -l pool=b --timeout $S
status_is 4 '-l: no node matches'
err_like "no node matches 'pool=b'" 'and the message says so'
run node-wait -l pool=b --for gone
status_is 0 '-l --for gone: no node exists'
run node-wait -l pool=b --timeout $S w1
err_like "w1: .*no node of that name matches 'pool=b'" '-l and names: the named nodes that match'
run node-wait -l 'pool in' --timeout 20s
status_is 2 'an invalid selector'
err_like "^node-wait: -l 'pool in': " 'is quoted'
ctl node-cordon sw off

# --- labels and taints

node() {
	sed -n 's/.*client-certificate-data: //p' "$KUBECONFIG" | base64 -d >crt
	sed -n 's/.*client-key-data: //p' "$KUBECONFIG" | base64 -d >key
	curl -sk --max-time 20 --cert crt --key key \
		"$(sed -n 's/.*server: //p' "$KUBECONFIG")/api/v1/nodes/$1"
}
calls_reset
soon ctl node-add w3
run node-wait -v --timeout 30s --label node-role.kubernetes.io/worker= --label a=b --taint gpu=yes:NoSchedule w3
status_is 0 'labels and taints, put on when the node shows up'
conflicts=$(printf '%s\n' "$err" | grep -c 'w3: retrying after: ')
is "$(node w3 | jq -r '.metadata.labels | ."node-role.kubernetes.io/worker" + "," + .a')" ,b 'the labels are there'
is "$(node w3 | jq -c '[.spec.taints[]? | select(.key == "gpu") | [.value, .effect]]')" '[["yes","NoSchedule"]]' 'the taint, too'
# The kubelet updates its new node, too: a patch that conflicts is sent again.
is "$(calls 'patch nodes')" $((1 + conflicts)) 'by one patch, and one for each conflict'
[ "$conflicts" -le 3 ]
ok $? '... and there are few of them' || diag "$err"
calls_reset
run node-wait --timeout 20s --label a=b --taint gpu=yes:NoSchedule w3
status_is 0 'once more'
is "$(calls 'patch nodes')" 0 'there is nothing to patch'

printf 'w3\tVirtualMachine:vm-3\tuuid=%s\n' $U1 >stranger
run node-wait --timeout $S --label no=no <stranger
status_is 4 'a node of another VM'
is "$(node w3 | jq -r '.metadata.labels.no')" null 'is left alone'

# --- an API server in trouble

for how in 'kube-gone event' 'kube-gone status' kube-drop; do
	calls_reset
	ctl node-delete w4 2>/dev/null
	timeout 60 node-wait --timeout 50s w4 >w4.out 2>w4.err &
	waiter=$!
	wait_for 20 watching
	# shellcheck disable=SC2086 # words
	ctl $how
	ctl kube-drop
	ctl node-add w4
	wait "$waiter"
	is $? 0 "$how: the wait goes on"
	case $how in
	kube-gone*) [ "$(calls 'list nodes')" -eq 2 ] ;;
	*) [ "$(calls 'list nodes')" -eq 1 ] ;;
	esac
	ok $? '... listed anew only when the version is too old'
done
for code in 503 429; do
	ctl kube-fail $code 2
	run node-wait --timeout 30s w1
	status_is 0 "two responses of $code are retried"
done
ctl kube-fail 503
run node-wait --timeout $S w1
status_is 4 'an API server that never answers: timed out'
err_like "^node-wait: w1: not ready within $C: no answer from the API server https://127" 'and the message says so'
run node-wait --timeout $S -l pool=a
status_is 4 'also by labels'
err_like "^node-wait: no answer from the API server https://127[^ ]* within $C: " 'with the reason'
ctl kube-fail 403
run node-wait --timeout 20s w1
status_is 1 'forbidden: 1'
err_like '^node-wait: w1: not allowed to watch nodes \(needs the verbs get, list and watch\): ' 'and the message says so'
ctl kube-fail 401
run node-wait --timeout 20s w1
status_is 5 'not authenticated: 5'
err_like 'rejected the credentials of context' 'and the message says so'
ctl kube-fail off

# --- trust, addresses, files

sed 's/127.0.0.1:[0-9]*/127.0.0.1:1/' "$KUBECONFIG" >dead
run node-wait --kubeconfig dead --timeout 20s w1 w2
status_is 5 'connection refused: 5'
is "$err" 'node-wait: w1: cannot connect to 127.0.0.1:1: connection refused
node-wait: w2: cannot connect to 127.0.0.1:1: connection refused' 'and the messages come in the order of the input'
sed '/certificate-authority-data/d' "$KUBECONFIG" >stranger
run node-wait --kubeconfig stranger --timeout 20s w1
status_is 5 'an unknown CA: 5'
err_like 'not trusted.*certificate-authority-data' 'and what to do'
sed 's/certificate-authority-data:.*/insecure-skip-tls-verify: true/' "$KUBECONFIG" >insecure
run node-wait --kubeconfig insecure --timeout 20s w1
status_is 0 'insecure-skip-tls-verify'
sed 's/\( *\)server:/\1tls-server-name: other.example\n&/' "$KUBECONFIG" >named
run node-wait --kubeconfig named --timeout 20s w1
status_is 5 'a name that is not in the certificate: 5'
sed 's/\( *\)server:/\1tls-server-name: localhost\n&/' "$KUBECONFIG" >named
run node-wait --kubeconfig named --timeout 20s w1
status_is 0 'tls-server-name'
sed 's/\( *\)server:/\1proxy-url: http:\/\/127.0.0.1:1\n&/' "$KUBECONFIG" >proxied
run node-wait --kubeconfig proxied --timeout 20s w1
status_is 5 'proxy-url is used'
err_like '127.0.0.1:1' 'and named'
cat >proxy.pl <<'END'
# A proxy for one CONNECT; prints where to on stdout.
use IO::Select;
use IO::Socket::INET;
$SIG{ALRM} = sub { exit 1 };
alarm 60;
my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die;
$| = 1;
print $l->sockport, "\n";
my ($c, $to) = ($l->accept);
do { $_ = <$c>; $to = $1 if /^CONNECT (\S+)/ } until /^\r?$/;
print "$to\n";
my $s = IO::Socket::INET->new(PeerAddr => $to) or die;
syswrite $c, "HTTP/1.1 200 OK\r\n\r\n";
my $both = IO::Select->new($c, $s);
while (1) {
	for my $from ($both->can_read) {
		sysread $from, my $data, 65536 or exit;
		syswrite $from == $c ? $s : $c, $data;
	}
}
END
spawn perl proxy.pl >proxy.out
wait_for 10 [ -s proxy.out ]
sed "s/\( *\)server:/\1proxy-url: http:\/\/127.0.0.1:$(head -n 1 proxy.out)\n&/" "$KUBECONFIG" >proxied
run env NO_PROXY='*' node-wait --kubeconfig proxied --timeout 20s w1
status_is 0 'proxy-url, whatever the environment says'
is "https://$(sed -n 2p proxy.out)" "$(sed -n 's/.*server: //p' "$KUBECONFIG")" 'the API is reached through it'
run node-wait --kubeconfig none w1
status_is 3 'no such kubeconfig: 3'
run node-wait --context none w1
status_is 3 'no such context: 3'
err_like "no context 'none' in .* \(contexts: 'lab'\)" 'and which there are'
mkdir -p "$HOME/.kube" && cp "$KUBECONFIG" "$HOME/.kube/config"
run env -u KUBECONFIG node-wait --timeout 20s w1
status_is 0 'the kubeconfig in the home directory'
rm "$HOME/.kube/config"
run env -u KUBECONFIG node-wait w1
status_is 3 'no kubeconfig at all: 3'
run node-wait --kubeconfig - w1 <"$KUBECONFIG"
status_is 0 '--kubeconfig -: from stdin'
run node-wait --kubeconfig - <"$KUBECONFIG"
status_is 2 'unless the nodes come from there'

# --- usage

usage() {
	name=$1 text=$2
	shift 2
	run node-wait "$@"
	status_is 2 "$name: 2"
	err_like "$text" '... and why'
}
usage 'a condition without a status' "'MemoryPressure' is not one of ready, gone, CONDITION=STATUS" --for MemoryPressure w1
usage 'an unknown status' "'Ready=yes': the status must be True, False or Unknown" --for Ready=yes w1
usage 'a label without a value' "label 'a' has no value: use KEY=VALUE, or KEY= for an empty value" --label a w1
usage 'a taint without an effect' "'a=b:No'" --taint a=b:No w1
usage 'a label that is the kubelet'"'"'s own' "'kubernetes.io/os' belongs to the kubelet: it restores its own value within seconds" --label kubernetes.io/os=flatcar w1
usage 'labels on what is gone' '--label and --taint cannot be combined with --for gone' --for gone --label a=b w1
usage 'labels by label' '--label and --taint need node names, not only -l' -l pool=a --label a=b
usage 'an invalid node name' "'a_b' is not a node name: use up to 253 letters, digits, '-' and '.', with a letter or digit at both ends" a_b
usage 'an unknown option' "unknown option '--fro': did you mean '--for'" --fro ready

# --- the ends

run timeout --preserve-status -s INT 2 node-wait w0
status_is 130 'SIGINT: 130'
err_like '^node-wait: w0: stopped while waiting: ' 'the message names what it waited for'
run timeout --preserve-status -s TERM 2 node-wait w0
status_is 143 'SIGTERM: 143'
{ timeout 60 node-wait --timeout 50s w0; echo $? >status; } 2>/dev/null | :
is "$(cat status)" 141 'the reader of stdout has gone: 141, without waiting'
printf 'w1\nw0\n' | { timeout 60 node-wait --timeout 50s; echo $? >status; } 2>/dev/null | :
is "$(cat status)" 141 'also with records'

# --- an API server that goes away

calls_reset
[ "${UNDER:-}" = valgrind ] || S=4s C=0:04
timeout 60 node-wait --timeout $S w0 >w0.out 2>w0.err &
waiter=$!
wait_for 20 watching
lab_stop
wait "$waiter"
is $? 4 'after the API server has stopped, it waits until the timeout'
like "$(cat w0.err)" "^node-wait: w0: not ready within $C: no such node: .* \(cannot connect to 127.0.0.1:[0-9]+: connection refused\)\$" \
	'and the message has both'

done_testing
