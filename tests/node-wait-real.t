#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# node-wait against a real kube-apiserver with etcd.  Without a kubelet and
# controllers, the test writes what they would write.
# shellcheck disable=SC1091,SC2154,SC2031,SC2030 # the libraries and their variables
. "${0%/*}/lib.sh"
. "$top/tests/lib-kube.sh"
need jq openssl curl
cd "$T" || exit 1

# long enough to see all nodes, and how the timeout is printed
S=2s C=0:02
# long enough to be waiting when something changes
L=2s
[ "${UNDER:-}" != valgrind ] || S=15s C=0:15 L=40s

# --- a CA for client certificates, before the API server starts

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=test-ca -keyout ca.key -out ca.crt 2>/dev/null
# client_cert KIND: a certificate for a member of system:masters
client_cert() {
	case $1 in
	ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 ;;
	rsa) openssl genrsa 2048 ;;
	esac >"$1.key" 2>/dev/null
	openssl req -new -key "$1.key" -subj "/O=system:masters/CN=$1" 2>/dev/null |
		openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
			-out "$1.crt" 2>/dev/null
}
client_cert ec
client_cert rsa
KUBE_ARGS="--client-ca-file $T/ca.crt"
kube_start
ADMIN=$(cat "$KUBE_TOKEN_FILE")
CA64=$(base64 -w0 "$KUBE_CA")

# --- nodes

# api METHOD PATH [TYPE]: with curl, since kubectl takes a second each time
api() {
	curl -sf --noproxy '*' --max-time 20 --cacert "$KUBE_CA" -H @"$KUBE_DIR/auth-header" \
		-X "$1" "$KUBE_SERVER/api/v1/nodes$2" -H "Content-Type: application/${3:-json}" \
		-d @- >"$T/.api" || diag "$1 $2 failed"
}
get() { curl -sf --noproxy '*' --max-time 20 --cacert "$KUBE_CA" -H @"$KUBE_DIR/auth-header" "$KUBE_SERVER/api/v1/nodes/$1"; }

# node NAME [UUID]: as a kubelet registers it; the API server adds the taint
# node.kubernetes.io/not-ready by itself
node() {
	echo "{\"metadata\": {\"name\": \"$1\"}}" | api POST ''
	status "$1" Ready False 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady' "${2:-}"
}
status() {
	jq -n --arg t "$2" --arg s "$3" --arg m "$4" --arg u "${5:-}" '{status:
		{conditions: [{type: $t, status: $s, message: $m, reason: "Test"}],
		nodeInfo: {architecture: "amd64", bootID: "b", containerRuntimeVersion: "c",
		kernelVersion: "k", kubeProxyVersion: "", kubeletVersion: "v1.34.4+rke2r1",
		machineID: "m", operatingSystem: "linux", osImage: "Flatcar",
		systemUUID: $u}}}' | api PATCH "/$1/status" strategic-merge-patch+json
}
# ready NAME [UUID]: what the kubelet does, then what the node controller does
ready() {
	status "$1" Ready True 'kubelet is posting ready status' "${2:-}"
	echo '{"spec": {"taints": null}}' | api PATCH "/$1" merge-patch+json
}

node w1 11111111-2222-3333-4444-555555555555
run node-wait --timeout $S w1
status_is 4 'a node without CNI'
err_like "^node-wait: w1: not ready within $C: CNI not ready: container runtime network not ready" 'and the message says so'
status w1 Ready True 'kubelet is posting ready status' 11111111-2222-3333-4444-555555555555
run node-wait --timeout $S w1
status_is 4 'Ready, but still with the taint of a node that starts'
err_is "node-wait: w1: not ready within $C: has the taint 'node.kubernetes.io/not-ready:NoSchedule'" 'and the message says so'
(sleep "$L"; ready w1 11111111-2222-3333-4444-555555555555) &
RUN_TIMEOUT=130 run node-wait --timeout 120s w1
status_is 0 'ready when the taint is gone, too'
out_like 'version=v1\.34\.4\+rke2r1.*state=ready' 'the version of its kubelet'

printf '/DC0/vm/W1\tVirtualMachine:vm-1\tuuid=11111111-2222-3333-4444-555555555555\n' >mine
printf '/DC0/vm/W1\tVirtualMachine:vm-1\tuuid=22222222-2222-3333-4444-555555555555\n' >other
run node-wait --timeout 20s <mine
status_is 0 'the node of the VM of a record'
run node-wait --timeout $S <other
status_is 4 'not of another VM'

kubectl cordon w1 >/dev/null
run node-wait --timeout $S w1
err_like "not ready within $C: cordoned" 'cordoned by kubectl'
kubectl uncordon w1 >/dev/null
echo '{"metadata": {"finalizers": ["test/hold"]}}' | api PATCH /w1 merge-patch+json
kubectl delete node w1 --wait=false >/dev/null
run node-wait --timeout $S w1
err_like "not ready within $C: being deleted" 'being deleted'
(sleep "$L"; echo '{"metadata": {"finalizers": null}}' | api PATCH /w1 merge-patch+json) &
RUN_TIMEOUT=130 run node-wait --for gone --timeout 120s w1
status_is 0 'gone, when the last finalizer is'
(sleep "$L"; node w2; ready w2) &
RUN_TIMEOUT=130 run node-wait --timeout 120s w2
status_is 0 'a node that joins while it is waited for'

# --- labels and taints

run node-wait --timeout 40s --label node-role.kubernetes.io/worker= --label a/b=c \
	--taint x=y:NoSchedule --taint z:NoExecute w2
status_is 0 'labels and taints'
is "$(get w2 | jq -c '[.metadata.labels["node-role.kubernetes.io/worker", "a/b"],
	(.spec.taints | map([.key, .value, .effect]) | .[])]')" \
	'["","c",["x","y","NoSchedule"],["z",null,"NoExecute"]]' 'as asked for'
run node-wait --timeout 40s --taint x=other:NoSchedule --taint x=y:NoExecute w2
is "$(get w2 | jq -c '[.spec.taints[] | [.key, .value, .effect]]')" \
	'[["x","other","NoSchedule"],["z",null,"NoExecute"],["x","y","NoExecute"]]' \
	'a taint is its key and its effect'
before=$(get w2 | jq -r .metadata.resourceVersion)
run node-wait --timeout 40s --taint x=other:NoSchedule --label a/b=c w2
is "$(get w2 | jq -r .metadata.resourceVersion)" "$before" 'what exists is not written'

# Another client keeps changing the node, sooner or later between our read and our
# write.
awk -v url="$KUBE_SERVER/api/v1/nodes/w2" -v ca="$KUBE_CA" -v auth="$KUBE_DIR/auth-header" 'BEGIN {
	for (i = 1; i <= 4000; i++) {
		printf "%surl = \"%s\"\nrequest = PATCH\ncacert = \"%s\"\nheader = \"@%s\"\n", (i > 1 ? "next\n" : ""), url, ca, auth
		print "header = \"Content-Type: application/merge-patch+json\"\noutput = /dev/null\nnoproxy = \"*\""
		printf "data = \"{\\\"metadata\\\": {\\\"annotations\\\": {\\\"n\\\": \\\"%d\\\"}}}\"\n", i
	}
}' >meddle
spawn timeout 60 curl -s -K meddle
meddler=$spawned
meddling() { get w2 | grep -q '"n":' ; }
wait_for 20 meddling
i=0 conflict=
while [ $i -lt 40 ] && [ -z "$conflict" ] && _alive "$meddler"; do
	i=$((i + 1))
	run node-wait -v --timeout 40s --taint "conflict=$i:NoSchedule" w2
	case $err in *'the object has been modified'*) conflict=yes ;; esac
done
stop "$meddler"
is "$conflict" yes "a conflict (409), after $i times"
status_is 0 'and the taint is put on all the same'
is "$(get w2 | jq -r '.spec.taints[] | select(.key == "conflict") | .value')" "$i" 'the right one'
is "$(get w2 | jq -r '[.spec.taints[] | select(.key == "z")] | length')" 1 'and no other is lost'

# --- labels, as the server selects them; lists in pages

run node-wait -l 'a/b=c,kubernetes.io/nothing!=1' --expect 1 --timeout 20s
status_is 0 'a selector'
out_like '^w2' 'finds its node'
jq -nc '{apiVersion: "v1", kind: "List", items: [range(1; 521) | {apiVersion: "v1",
	kind: "Node", metadata: {name: "bulk-\(.)", labels: {bulk: "1"}}}]}' |
	kubectl create -f - >/dev/null
run node-wait -l bulk=1 --for gone --timeout $S
status_is 4 '520 nodes'
is "$(printf '%s\n' "$err" | sort -u | grep -c '^node-wait: bulk-[0-9]*: not gone')" 520 'come in two pages, each once'

# --- permissions

# as USER: a kubeconfig in which the administrator impersonates USER
as() { sed "s/^    token: .*/&\n    as: $1/" "$KUBECONFIG" >"as-$1"; }
as nobody
run node-wait --kubeconfig as-nobody --timeout 20s w2
status_is 1 'RBAC forbids to list nodes: 1'
err_is 'node-wait: w2: not allowed to watch nodes (needs the verbs get, list and watch): GET /api/v1/nodes: nodes "w2" is forbidden: User "nobody" cannot list resource "nodes" in API group "" at the cluster scope' 'in the words of the server'
kubectl create clusterrole see --verb=get,list,watch --resource=nodes >/dev/null
kubectl create clusterrolebinding see --clusterrole=see --user=viewer >/dev/null
as viewer
may_see() { kubectl --kubeconfig as-viewer get node w2 >/dev/null 2>&1; }
wait_for 20 may_see
run node-wait --kubeconfig as-viewer --timeout 20s w2
status_is 0 'get, list and watch are enough to wait'
run node-wait --kubeconfig as-viewer --timeout 20s --label c=d w2
status_is 1 'but not to label'
err_is 'node-wait: w2: not allowed to label or taint the node (needs the verbs get and patch): PATCH /api/v1/nodes/w2: nodes "w2" is forbidden: User "viewer" cannot patch resource "nodes" in API group "" at the cluster scope' 'in the words of the server'

# --- a node password without a node

kubectl -n kube-system create secret generic w0.node-password.rke2 --from-literal=hash=x >/dev/null
made=$(kubectl -n kube-system get secret w0.node-password.rke2 -o 'jsonpath={.metadata.creationTimestamp}')
run node-wait --timeout $S w0
status_is 4 'no node, but the Secret of its password'
err_like "has had a node password for that name since $made: .*run 'kubectl -n kube-system delete secret w0.node-password.rke2'" \
	'is named, with its age'
run node-wait --kubeconfig as-viewer --timeout $S w0
status_is 4 'a user without permission to see it'
err_like 'on the VM\)$' 'is told the rest'

# --- credentials

# user TEXT: a kubeconfig with this user
user() {
	cat >user <<-END
	{"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
	 "clusters": [{"name": "k", "cluster": {"server": "$KUBE_SERVER", "certificate-authority-data": "$CA64"}}],
	 "users": [{"name": "u", "user": $1}]}
	END
	run node-wait --kubeconfig user --timeout 20s w2
}
user '{}'
status_is 1 'nobody in particular: forbidden'
user '{"token": "nonsense"}'
status_is 5 'a wrong token: 5'
err_like "the API server $KUBE_SERVER rejected the credentials of context 'c' of user: Unauthorized" 'and the message says so'
unlike "$err" nonsense 'without the token'
user "{\"token\": \"$ADMIN\"}"
status_is 0 'a token'
printf '%s\n' "$ADMIN" >token
user '{"tokenFile": "token"}'
status_is 0 'a token file, relative to the kubeconfig'
echo nonsense >token
user '{"tokenFile": "token"}'
status_is 5 'with a wrong token'
rm token
user '{"tokenFile": "token"}'
status_is 5 'that is not there: 5'
err_like "cannot read token file 'token'|cannot read token file './token'" 'and which'
user "{\"tokenFile\": \"token\", \"token\": \"$ADMIN\"}"
status_is 0 'but a token beside it will do'
for kind in ec rsa; do
	user "{\"client-certificate\": \"$T/$kind.crt\", \"client-key\": \"$kind.key\"}"
	status_is 0 "a client certificate: $kind"
	user "{\"client-certificate-data\": \"$(base64 -w0 $kind.crt)\", \"client-key-data\": \"$(base64 -w0 $kind.key)\"}"
	status_is 0 '... as data'
done
user '{"client-certificate": "ec.crt", "client-key": "rsa.key"}'
status_is 2 'a key of another certificate: 2'
err_is "node-wait: context 'c' of user: the client key does not belong to the client certificate" 'and the message says so'

# plugin NAME: its lines of shell on stdin
plugin() { { echo '#!/bin/sh'; cat; } >"$1" && chmod +x "$1"; }
EXEC='"exec": {"apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never"'
cred() { echo "{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": \"ExecCredential\", \"status\": $1}"; }
plugin good <<END
printf '%s\n' "\$KUBERNETES_EXEC_INFO" >info
echo "\$1 \$X" >args
echo again >>runs
echo 'hello from the plugin' >&2
echo '$(cred "{\"token\": \"$ADMIN\"}")'
END
user "{$EXEC, \"command\": \"./good\", \"args\": [\"a b\"], \"env\": [{\"name\": \"X\", \"value\": \"y\"}], \"provideClusterInfo\": true}}"
status_is 0 'an exec plugin that gives a token'
err_is 'node-wait: good: hello from the plugin' 'what it says on stderr is shown, by its name'
is "$(cat args)" 'a b y' 'its arguments and environment'
is "$(jq -r '.kind, .apiVersion, .spec.interactive, .spec.cluster.server' <info | tr '\n' ' ')" \
	"ExecCredential client.authentication.k8s.io/v1 false $KUBE_SERVER " 'KUBERNETES_EXEC_INFO'
is "$(jq -r '.spec.cluster["certificate-authority-data"]' <info)" "$CA64" 'with the CA of the cluster'
is "$(wc -l <runs)" 1 'it is run once'
plugin certs <<END
jq -n --rawfile c '$T/ec.crt' --rawfile k '$T/ec.key' '{apiVersion: "client.authentication.k8s.io/v1",
	kind: "ExecCredential", status: {clientCertificateData: \$c, clientKeyData: \$k}}'
END
user "{$EXEC, \"command\": \"./certs\"}}"
status_is 0 'one that gives a certificate'
plugin stale <<END
if [ -e asked ]; then t='$ADMIN'; else t=stale; fi
touch asked
echo '$(cred '{"token": "TOKEN"}')' | sed "s/TOKEN/\$t/"
END
user "{$EXEC, \"command\": \"./stale\"}}"
status_is 0 'refused, it is asked once more'
plugin old <<END
echo again >>olds
echo '$(cred "{\"token\": \"$ADMIN\", \"expirationTimestamp\": \"2020-01-01T00:00:00Z\"}")'
END
user "{$EXEC, \"command\": \"./old\"}}"
status_is 0 'expired credentials are used once'

fails() {
	user "{$EXEC, \"command\": \"$1\", \"installHint\": \"get it at the shop\"}}"
	status_is 5 "$2: 5"
	err_like "$3" '... and why'
}
plugin one <<'END'
echo 'please log in' >&2
exit 3
END
fails ./one 'a plugin that fails' "exec plugin './one' exited with status 3"
under_memcheck ||
	fails ./none 'one that is not there' "cannot run './none': no such program: get it at the shop"
printf '%s\n' 'head -c 1100000 /dev/zero | tr "\0" x' | plugin flood
fails ./flood 'one that prints too much' "exec plugin './flood': its output is larger than 1024 KiB"
echo 'echo hello' | plugin chatter
fails ./chatter 'one that prints something else' "exec plugin './chatter': its output is not JSON"
plugin other <<END
echo '{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {"token": "x"}}'
END
fails ./other 'one of another version' "its output and the kubeconfig have different apiVersions"
echo "echo '$(cred '{"clientCertificateData": "x", "clientKeyData": "y"}')'" | plugin garbled
fails ./garbled 'one whose certificate cannot be read' "^node-wait: w2: context 'c' of user: the client certificate is not a PEM certificate\$"
echo "echo '$(cred '{}')'" | plugin empty
fails ./empty 'one that gives nothing' "exec plugin './empty': it returned neither a token nor a certificate"
user '{"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./good", "interactiveMode": "Always"}}'
status_is 5 'one that needs a terminal'

done_testing
