#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# The oracles: of the version that is pinned, and able to say no.
. "${0%/*}/lib.sh"
. "$top/tests/lib-root.sh"
. "$top/tests/lib-kube.sh"

version_is() {
	oracle "$1"
	_is=$2
	shift 2
	run "$oracle" "$@"
	out_like "$_is" "${oracle##*/} is the pinned one"
}
version_is butane '^Butane v0\.29\.0$' --version
version_is ignition-validate '^Ignition v2\.26\.0$' --version
version_is ignition '^Ignition v2\.26\.0$' -version
version_is govc '^govc 0\.56\.0$' version
version_is kube-apiserver '^Kubernetes v1\.34\.4$' --version
version_is kubectl '^Client Version: v1\.34\.4$' version --client

# --- butane, ignition-validate

cat >"$T/a.bu" <<'X'
variant: flatcar
version: 1.1.0
storage:
  files:
    - path: /etc/a
      contents: {inline: text}
X
oracle butane
run "$oracle" --strict "$T/a.bu"
status_is 0 'butane translates'
printf '%s\n' "$out" >"$T/a.ign"
sed 's/path:/paht:/' "$T/a.bu" >"$T/b.bu"
run "$oracle" --strict "$T/b.bu"
isnt "$status" 0 'and refuses an unknown key'
oracle ignition-validate
run "$oracle" "$T/a.ign"
status_is 0 'ignition-validate accepts what butane made'
sed 's,/etc/a,etc/a,' "$T/a.ign" >"$T/b.ign"
run "$oracle" "$T/b.ign"
isnt "$status" 0 'and refuses a relative path'

# butane-diff: what it is made of, and that it sees what differs
oracle butane-diff
run "$oracle" -version
out_is 'butane v0.29.0
ignition/v2 v2.26.0' 'butane-diff has the same two in it'
mkdir "$T/wrong"
cat >"$T/wrong/ign-gen" <<'X'
#!/bin/sh
echo '{"ignition":{"version":"3.4.0"}}'
X
cat >"$T/wrong/ign-check" <<'X'
#!/bin/sh
exit 0
X
chmod +x "$T/wrong"/ign-*
export TMPDIR="$T"
run "$oracle" -n 200 -bin "$T/wrong" run
status_is 1 'and sees an ign-gen that takes everything'
for what in 'both accept it, or both refuse it' 'accepted by both: the same config'; do
	out_like "^not ok [0-9]+ - $what" "... by this: $what"
done
run "$oracle" -n 200 -bin "$T/wrong" check
status_is 1 'and an ign-check that does'
out_like '^not ok [0-9]+ - both accept it, or both refuse it' '... by its verdict'
unset TMPDIR

# --- the real Ignition, and systemd after it

root_make
cat >"$T/c.ign" <<'X'
{"ignition": {"version": "3.4.0"},
"passwd": {"users": [{"name": "core", "sshAuthorizedKeys": ["ssh-ed25519 AAAA someone"]}]},
"storage": {"files": [
	{"path": "/etc/some/secret", "mode": 384, "contents": {"source": "data:,x"}},
	{"path": "/opt/bin/name", "mode": 493, "contents": {"source":
		"data:,%23!%2Fbin%2Fsh%0Ahostname%20%22%24NAME%22%20%26%26%20hostname%20%3E%2Fetc%2Fhostname%0A"}}]},
"systemd": {"units": [
	{"name": "update-engine.service", "mask": true},
	{"name": "name.service", "enabled": true, "contents":
		"[Unit]\nDescription=a name\n[Service]\nType=oneshot\nEnvironment=NAME=worker-1\nExecStartPre=-/bin/false\nExecStart=/opt/bin/name\n[Install]\nWantedBy=multi-user.target\n"},
	{"name": "wrong.service", "contents": "[Service]\nExecStart=/bin/true\nNonsense=1\n"},
	{"name": "fails.service", "contents": "[Service]\nType=oneshot\nExecStart=/bin/false\n"}]}}
X
before=$(hostname)
root_apply "$T/c.ign"
ok $? 'Ignition applies a config' || diag "$err"
is "$(stat -c '%a %u' "$R/etc/some/secret")" '600 0' 'a file has its mode and owner'
is "$(cat "$R"/home/core/.ssh/authorized_keys.d/ignition)" 'ssh-ed25519 AAAA someone' 'the user has the key'
is "$(root_state name.service)" enabled 'a unit is enabled'
is "$(root_state update-engine.service)" masked 'another is masked'
isnt "$(root_state locksmithd.service)" masked 'and not all of them'
is "$(root_verify name.service)" '' 'systemd finds nothing wrong with a unit'
like "$(root_verify wrong.service)" Nonsense 'but with a wrong one'
root_start name.service
ok $? "a unit's commands run on that root"
is "$(cat "$R/etc/hostname")" worker-1 'and have their effect there'
is "$(hostname)" "$before" 'but nothing to this machine'
! root_start fails.service
ok $? 'a unit that fails is seen to fail'
! root_start no-such.service
ok $? 'so is one that is not there'

sed 's,data:,nonsense:,' "$T/c.ign" >"$T/d.ign"
! root_apply "$T/d.ign"
ok $? 'Ignition refuses a wrong config'

# --- Kubernetes

kube_start
echo '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "w1"}}' >"$T/node.json"
run kubectl create -f "$T/node.json"
status_is 0 'the Kubernetes API takes a node'
run kubectl get nodes -o name
out_is node/w1 'and has it'
run kubectl label node w1 'not=a=label'
isnt "$status" 0 'but no wrong label'
run env KUBECONFIG=/dev/null "$top/build/oracles/kubectl" --server "$KUBE_SERVER" \
	--certificate-authority "$KUBE_CA" --token wrong get nodes
isnt "$status" 0 'and no wrong token'
kube_stop
done_testing
