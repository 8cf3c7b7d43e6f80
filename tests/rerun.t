#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# The same command once more: nothing is written twice, no used token is put
# back, and what stands in the way of a new VM with an old name is named.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need ssh curl
vs_lab
data=extra.guestinfo.ignition.config.data

# pipe: a script on stdin, run as one command
pipe() {
	cat >"$T/pipe"
	RUN_TIMEOUT=90 run sh "$T/pipe"
}
# wrote: how many calls changed something, in vCenter and in the cluster
wrote() { echo "$(changed) $(ctl kube-requests | grep -cE '^(create|update|patch|delete) ')"; }
# again: count anew
again() { requests_reset; ctl kube-requests reset >"$T/o"; }

# ---- all there: no write

rollout() {
	pipe <<-END
	rke2-token --ssh "ssh -F $LAB_SSH_CONFIG" --data-dir "$LAB_CP_DATA_DIR" "$LAB_SSH_HOST" |
		ign-gen -q -s "$LAB_SERVER" -t - -a "$LAB_AUTHORIZED_KEY" --rke2 v1.33 -o "$T/worker.ign" &&
	vs-clone ${1:--c 4} -m 8G -d 50G -n workers -i "$T/worker.ign" --on flatcar-template w-1 w-2 |
		node-wait --expect 2 --label node-role.kubernetes.io/worker=
	END
}
rollout
status_is 0 "the short way"
sum=$(sha256sum <"$T/worker.ign") first=$(echo "$out" | sort)
again
rollout
status_is 0 "... again"
is "$(sha256sum <"$T/worker.ign")" "$sum" "... the same Ignition config"
is "$(echo "$out" | sort)" "$first" "... the same records"
is "$(wrote)" "0 0" "... nothing is written"
again
rollout '-c 2'
status_is 1 "another CPU count"
err_like "^vs-clone: w-1: .*CPU count is 4, requested 2.*nothing was changed" "... is named"
err_like "^vs-clone: w-2: .*CPU count is 4, requested 2.*nothing was changed" "... for each"
err_like "^node-wait: 0 records, expected 2" "... and the end of the pipe knows"
is "$(wrote) $(vm w-1 cpus)" "0 0 4" "... nothing is written"

steps() {
	pipe <<-END
	vs-clone ${1:--c 4} -n workers flatcar-template s-1 s-2 | vs-extraconfig -i "$T/worker.ign" |
		vs-power on | vs-wait ip | node-wait --expect 2
	END
}
steps
status_is 0 "step by step"
first=$(echo "$out" | sort)
again
steps
status_is 0 "... again"
is "$(echo "$out" | sort)" "$first" "... the same records"
is "$(wrote)" "0 0" "... nothing is written"
again
steps '-c 2'
status_is 1 "another CPU count"
err_like "^vs-clone: s-2: .*CPU count is 4, requested 2" "... is named"
is "$(wrote) $(vm s-2 cpus)" "0 0 4" "... nothing is written"

# ---- after Ignition has run

used() { has "$1" "$data=e30K" 2>"$T/has"; }
for name in w-1 s-1; do
	wait_for 20 used $name
	ok $? "Ignition has run in $name" || diag "$(cat "$T/has")"
done
ctl bootstrap-token >"$T/new-token"
ign-gen -q -s "$LAB_SERVER" -t "$T/new-token" -a "$LAB_AUTHORIZED_KEY" --rke2 v1.33 -o "$T/new.ign"
ok $? "a config with a new token"
again
run vs-clone -i "$T/worker.ign" --on flatcar-template w-1 s-1
status_is 0 "vs-clone -i with the same config"
err_is "" "... is content"
run vs-extraconfig -i "$T/worker.ign" w-1 s-1
status_is 0 "vs-extraconfig -i"
err_is "" "... too"
run vs-clone -i "$T/new.ign" --on flatcar-template w-1 s-1
status_is 0 "vs-clone -i with the new one"
is "$(echo "$err" | grep -c '^vs-clone: warning: [ws]-1: is running or has booted with another Ignition config')" 2 \
	"... warns of each"
run vs-extraconfig -i "$T/new.ign" w-1 s-1
status_is 0 "vs-extraconfig -i"
is "$(echo "$err" | grep -c '^vs-extraconfig: warning: [ws]-1: .*booted.*--force')" 2 "... too"
is "$(wrote) $(vm w-1 $data) $(vm s-1 $data)" "0 0 e30K e30K" "... no token is put back"
run vs-power off s-1
again
run vs-extraconfig -i "$T/worker.ign" s-1
status_is 0 "the same config for one that is off again"
is "$(wrote)" "0 0" "... nothing is written"
run vs-extraconfig --force -i "$T/new.ign" s-1
status_is 0 "--force"
vm s-1 $data | base64 -d | gzip -dc | cmp -s - "$T/new.ign"
ok $? "... puts it there"

# ---- the same name, destroyed and made again

# The old Node stays in the cluster, Ready or not, and with it its password.
clone() { pipe <<-END
	vs-clone -n workers -i "$T/worker.ign" --on flatcar-template $1 >"$T/new" && node-wait --timeout $2 <"$T/new"
	END
}
guest() { ctl guest "$1" 2>"$T/o" | sed -n "s/^$2=//p"; }
rejected() { guest "$1" reason | grep -q '^Node password rejected'; }
old=$(vm w-1 uuid)
run vs-destroy -y --off w-1
status_is 0 "a worker is destroyed, its Node stays"
clone w-1 "${S%s}s"
status_is 4 "a new VM of that name"
isnt "$(sed 's/.*uuid=//; s/	.*//' "$T/new")" "$old" "... is another one"
err_like "^node-wait: w-1: .*: the node of that name belongs to another VM \(UUID $old\): the RKE2 server rejects a new VM of that name \(node password\) until you run 'kubectl delete node w-1'\$" \
	"... and node-wait names the old Node, the refusal and what helps"
wait_for 20 rejected w-1
ok $? "... as the agent in the VM does" || diag "$(ctl guest w-1)"
ctl node-delete w-1
run node-wait --timeout 60s <"$T/new"
status_is 0 "... which it does"

# ---- a password, and no Node

ctl set-join-time 60s
run vs-clone -n workers -i "$T/worker.ign" --on flatcar-template o-1
status_is 0 "a worker that joins"
kept() { ctl node-passwords | grep -qx o-1; }
wait_for 20 kept
ok $? "... has left its password with the server"
run vs-destroy -y --off o-1
status_is 0 "... and is destroyed before it is a node"
ctl set-join-time 100ms
clone o-1 "${S%s}s"
status_is 4 "a new VM of that name"
err_like "^node-wait: o-1: .*no such node.* has had a node password for that name since 20[0-9TZ:-]+: .*run 'kubectl -n kube-system delete secret o-1.node-password.rke2'" \
	"... and node-wait names the Secret"
wait_for 20 rejected o-1
ok $? "... the agent is refused" || diag "$(ctl guest o-1)"
sed -n 's/.*client-certificate-data: //p' "$KUBECONFIG" | base64 -d >"$T/crt"
(umask 077; sed -n 's/.*client-key-data: //p' "$KUBECONFIG" | base64 -d >"$T/key")
curl -sfk --noproxy '*' --max-time 20 --cert "$T/crt" --key "$T/key" -X DELETE -o "$T/o" \
	"$LAB_APISERVER/api/v1/namespaces/kube-system/secrets/o-1.node-password.rke2"
ok $? "... it is deleted"
run node-wait --timeout 60s <"$T/new"
status_is 0 "... and the new one joins"
done_testing
