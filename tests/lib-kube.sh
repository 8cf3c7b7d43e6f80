# SPDX-License-Identifier: Apache-2.0
# lib-kube.sh - a real Kubernetes API for one test: etcd and kube-apiserver.
#
# After lib.sh: . "$top/tests/lib-kube.sh".  There is no controller manager and no
# kubelet: the test creates nodes and pods, and writes what a controller would write
# (a PodDisruptionBudget's status, taints).
# shellcheck shell=sh disable=SC2154,SC2034 # variables pass between this, lib.sh and the tests

# Below the kernel's range of ephemeral ports.
_free_port() {
	echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
}

# _kube_try NAME COMMAND...: starts it and waits until it is up; fails if it ends, or
# after 60 seconds
_kube_try() {
	_name=$1
	shift
	spawn "$@" >"$KUBE_DIR/$_name.log" 2>&1
	_kube_pid=$spawned
	if wait_for 60 _kube_settled "$_name" && "_${_name}_up"; then
		return 0
	fi
	stop "$_kube_pid"
	return 1
}
_kube_settled() { _dead "$_kube_pid" || "_$1_up"; }

_kube_get() {
	curl -sf --max-time 5 --noproxy '*' --cacert "$KUBE_DIR/cert/apiserver.crt" \
		-H @"$KUBE_DIR/auth-header" "$1" 2>/dev/null
}
_etcd_up() { curl -sf --max-time 5 --noproxy '*' "http://127.0.0.1:$_etcd_port/health" 2>/dev/null | grep -q true; }
_apiserver_up() { [ "$(_kube_get "$KUBE_SERVER/readyz")" = ok ]; }

_etcd() {
	_etcd_port=$(_free_port)
	_kube_try etcd etcd --data-dir "$KUBE_DIR/etcd" --unsafe-no-fsync --log-level error \
		--listen-client-urls "http://127.0.0.1:$_etcd_port" \
		--advertise-client-urls "http://127.0.0.1:$_etcd_port" \
		--listen-peer-urls http://127.0.0.1:0 \
		--initial-advertise-peer-urls http://127.0.0.1:0 \
		--initial-cluster default=http://127.0.0.1:0
}

_apiserver() {
	_kube_port=$(_free_port)
	KUBE_SERVER=https://127.0.0.1:$_kube_port
	# shellcheck disable=SC2086 # words
	_kube_try apiserver "$top/build/oracles/kube-apiserver" --etcd-servers "http://127.0.0.1:$_etcd_port" \
		--service-account-issuer https://kube.test \
		--service-account-key-file "$KUBE_DIR/sa.key" \
		--service-account-signing-key-file "$KUBE_DIR/sa.key" \
		--cert-dir "$KUBE_DIR/cert" --bind-address 127.0.0.1 \
		--secure-port "$_kube_port" --token-auth-file "$KUBE_DIR/tokens.csv" \
		--authorization-mode RBAC,Node --service-cluster-ip-range 10.0.0.0/24 \
		--disable-admission-plugins ServiceAccount --profiling=false \
		${KUBE_ARGS:-}
}

_kube_secrets() {
	_token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	(
		umask 077
		mkdir -p "$KUBE_DIR/cert" &&
		openssl genrsa -out "$KUBE_DIR/sa.key" 2048 2>/dev/null &&
		echo "$_token,test-admin,1,\"system:masters\"" >"$KUBE_DIR/tokens.csv" &&
		echo "$_token" >"$KUBE_DIR/token" &&
		echo "Authorization: Bearer $_token" >"$KUBE_DIR/auth-header"
	)
}

_kubeconfig() {
	umask 077
	cat <<-EOF
		apiVersion: v1
		kind: Config
		current-context: test
		clusters:
		- name: test
		  cluster:
		    server: $KUBE_SERVER
		    certificate-authority-data: $(base64 -w0 "$KUBE_DIR/cert/apiserver.crt")
		users:
		- name: test-admin
		  user:
		    token: $_token
		contexts:
		- name: test
		  context: {cluster: test, user: test-admin}
	EOF
}

# kube_start: sets KUBECONFIG (an admin's), and for the lab's -kube-* options
# KUBE_SERVER, KUBE_TOKEN_FILE and KUBE_CA.  KUBE_ARGS are more options of
# kube-apiserver.  Skips the test if an oracle is missing; the test fails if the API does
# not come up.
kube_start() {
	need etcd curl openssl
	oracle kubectl
	oracle kube-apiserver
	KUBE_DIR=$T/kube
	KUBE_TOKEN_FILE=$KUBE_DIR/token
	KUBE_CA=$KUBE_DIR/cert/apiserver.crt
	_kube_secrets || { fail 'keys for a Kubernetes API'; done_testing; }
	# A random port may be in use.
	if ! _kube_part etcd || ! _kube_part apiserver; then
		fail 'a Kubernetes API comes up'
		diag "$(tail -n 5 "$KUBE_DIR"/*.log)"
		done_testing
	fi
	KUBECONFIG=$KUBE_DIR/config
	(_kubeconfig) >"$KUBECONFIG"
	chmod 600 "$KUBECONFIG"
	export KUBECONFIG
}

_kube_part() {
	for _try in 1 2 3; do
		"_$1" && eval "kube_$1_pid=\$_kube_pid" && return 0
		diag "try $_try: $1 has not come up"
	done
	return 1
}

kube_stop() {
	stop "$kube_apiserver_pid"
	stop "$kube_etcd_pid"
}

# kubectl ARGUMENT...: of the same version
kubectl() { timeout 60 "$top/build/oracles/kubectl" "$@"; }

# --- many simulated nodes -------------------------------------------------

# many_nodes N [RATE]: tests/many-nodes.pl as $many_pid, with its files in $T/api;
# KUBECONFIG is for it
many_nodes() {
	rm -rf "$T/api" && mkdir "$T/api"
	spawn perl "$top/tests/many-nodes.pl" "$1" "$T/api" ${2:+"$2"}
	many_pid=$spawned
	wait_for 30 [ -s "$T/api/port" ] || return
	KUBECONFIG=$T/api/config
	cat >"$KUBECONFIG" <<-END
	current-context: c
	contexts: [{name: c, context: {cluster: k, user: u}}]
	clusters: [{name: k, cluster: {server: "http://127.0.0.1:$(cat "$T/api/port")"}}]
	users: [{name: u, user: {token: not-sent-over-http}}]
	END
	export KUBECONFIG
}

# kube_says CODE: tests/kube-says.pl as $says_pid, with its log in $T/says/log; KUBECONFIG is
# for it
kube_says() {
	[ -z "${says_pid:-}" ] || stop "$says_pid"
	rm -rf "$T/says" && mkdir "$T/says"
	spawn perl "$top/tests/kube-says.pl" "$T/says" "$1"
	says_pid=$spawned
	wait_for 30 [ -s "$T/says/port" ] || return
	KUBECONFIG=$T/says/config
	sed "s/PORT/$(cat "$T/says/port")/" >"$KUBECONFIG" <<-'END'
	current-context: c
	contexts: [{name: c, context: {cluster: k, user: u}}]
	clusters: [{name: k, cluster: {server: "http://127.0.0.1:PORT"}}]
	users: [{name: u, user: {token: not-sent-over-http}}]
	END
	export KUBECONFIG
}

# said PATTERN: how many requests matched it
said() { grep -cE "$1" "$T/says/log"; }

# ticks PID: its CPU time in clock ticks
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
