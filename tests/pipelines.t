#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# From a join token to Ready nodes, both ways; and the records between the tools.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need ssh
vs_lab

# sh FILE's text as a script: a pipe in it is one command for run
pipe() {
	cat >"$T/pipe"
	RUN_TIMEOUT=90 run sh "$T/pipe"
}
# ready N: so many nodes, each with the uuid of its VM
ready() {
	is "$(echo "$out" | grep -c "${tab}state=ready")" "$1" "... $1 Ready" ||
		diag "$out
$err"
}

# ---- the token and the Ignition config, as in the README

pipe <<END
rke2-token --ssh "ssh -F $LAB_SSH_CONFIG" --data-dir "$LAB_CP_DATA_DIR" "$LAB_SSH_HOST" |
	ign-gen -q -s "$LAB_SERVER" -t - -a "$LAB_AUTHORIZED_KEY" --rke2 v1.33 -o "$T/worker.ign"
END
status_is 0 "rke2-token | ign-gen"
is "$(stat -c %a "$T/worker.ign")" 600 "... a file of one's own"
is "$(ctl requests | sed -n 's/^total //p')" 0 "... and nothing asked of vCenter"

# ---- the short way

requests_reset
pipe <<END
vs-clone -c 4 -m 8G -d 50G -n workers -i "$T/worker.ign" --on flatcar-template w-1 |
	node-wait --expect 1
END
status_is 0 "vs-clone -i --on | node-wait, one worker"
ready 1
out_like "^/DC0/vm/w-1$tab.*uuid=$(vm w-1 uuid)$tab" "... of that VM"
n=$(requests)
[ "$n" -le 17 ]
ok $? "... at most 17 requests" || diag "$(ctl requests)"
is "$(session logins)" 1 "... one Login"
pipe <<END
vs-clone -c 4 -m 8G -d 50G -n workers -i "$T/worker.ign" --on flatcar-template w-2 w-3 w-4 |
	node-wait --expect 3
END
status_is 0 "... three"
ready 3
has w-3 cpus=4 memory_mb=8192 disk_kb=52428800 network=workers power=poweredOn
ok $? "... as asked"

# ---- step by step

cold
before=$(session logins)
requests_reset
pipe <<END
vs-clone -c 4 -m 8G -d 50G -n workers flatcar-template s-1 |
	vs-extraconfig -i "$T/worker.ign" | vs-power on | vs-wait ip | node-wait --expect 1
END
status_is 0 "five tools, one worker, an empty cache"
ready 1
out_like "^/DC0/vm/s-1$tab.*uuid=.*${tab}power=on${tab}ip=10\.20\." "... the fields of all of them"
n=$(requests)
[ "$n" -le 36 ]
ok $? "... at most 36 requests" || diag "$(ctl requests)"
is "$(($(session logins) - before))" 1 "... one Login for all tools of the pipe"
is "$(requests CloneVM_Task) $(requests ReconfigVM_Task) $(requests PowerOnVM_Task) $(changed)" \
	"1 1 1 3" "... one call of each kind"
requests_reset
pipe <<END
vs-clone -c 4 -m 8G -d 50G -n workers flatcar-template s-2 s-3 s-4 |
	vs-extraconfig -i "$T/worker.ign" | vs-power on | vs-wait ip | node-wait --expect 3
END
status_is 0 "... three"
ready 3
has s-4 cpus=4 memory_mb=8192 disk_kb=52428800 network=workers power=poweredOn \
	extra.guestinfo.hostname=s-4
ok $? "... as asked"
is "$(requests Login)" 0 "... no Login"
requests_reset
pipe <<END
vs-clone -c 4 -m 8G -d 50G -n workers flatcar-template s-2 s-3 s-4 |
	vs-extraconfig -i "$T/worker.ign" | vs-power on | vs-wait ip | node-wait --expect 3
END
status_is 0 "... again"
ready 3
is "$(changed)" 0 "... changes nothing"
pipe <<END
vs-extraconfig --clear-ignition s-1 s-2 s-3 s-4 | vs-destroy -y --off --expect 4
END
status_is 0 "cleared and destroyed"
is "$(vms '/s-')" 0 "... gone"

# ---- two pipes at once, an empty cache

cold
before=$(session logins)
sh -c "vs-clone flatcar-template a-1 | vs-power on | vs-wait ip" >"$T/a" 2>"$T/a.err" &
other=$!
pipe <<END
vs-clone flatcar-template b-1 | vs-power on | vs-wait ip
END
wait "$other"
is "$? $status" "0 0" "two pipes at once" || diag "$err$(cat "$T/a.err")"
is "$(($(session logins) - before))" 1 "... one Login for both"

# ---- what the records hold

pipe <<END
printf 'r-1\tsite=a b\nr-2\n' | vs-clone flatcar-template | vs-power on | vs-power off
END
status_is 0 "bare names with fields"
out_like "^/DC0/vm/r-1$tab$(ref r-1)${tab}site=a b${tab}uuid=[0-9a-f-]*${tab}power=off\$" \
	"... kept, and a field replaced in its place"
run vs-power --json off r-1 r-2
out_like '^\{"path": ?"/DC0/vm/r-1", ?"ref": ?"VirtualMachine:vm-[0-9]+", ?"name": ?"r-1", ?"power": ?"off"\}$' \
	"--json"
echo "$out" >"$T/json"
run jq -e -s 'length == 2' "$T/json"
status_is 0 "... is one object a line"
requests_reset
run vs-power off <"$T/json"
status_is 0 "... and accepted as input"
is "$(echo "$out" | sort)" "$(printf '/DC0/vm/r-1\t%s\tpower=off\n/DC0/vm/r-2\t%s\tpower=off' \
	"$(ref r-1)" "$(ref r-2)")" "... the same VMs"
is "$(requests FindByInventoryPath)" 0 "... without a look-up"
echo 'r-1 r-2' | tr ' ' '\n' >"$T/names"
run vs-power --expect 2 off <"$T/names"
status_is 0 "bare names"
printf '/DC0/vm/r-1\t%s\n\nr-2' "$(ref r-1)" >"$T/cut"
run vs-power off <"$T/cut"
status_is 2 "an empty line, and a last one without its end: it may be cut"
err_like "stdin:3: 'r-2' does not end with a line feed" "... is named"
is "$(echo "$out" | cut -f 1)" /DC0/vm/r-1 "... and only the complete record is used"
printf '{"path": "/DC0/vm/r-1", "re' >"$T/cut"
requests_reset
run vs-power on <"$T/cut"
status_is 2 "a last line that was cut"
is "$out$(changed)" 0 "... nothing is done"
run vs-power off -o "$T/out" r-1 r-2
out_is "" "-o FILE: nothing on stdout"
is "$(sort "$T/out" | cut -f 1 | tr '\n' ' ')" "/DC0/vm/r-1 /DC0/vm/r-2 " "... the records in it"
run vs-power off -o "$T/no/such" r-1
isnt "$status" 0 "-o where nothing can be"
err_like "'?$T/no/such'?: " "... says so"
for row in $(main_rows); do
	row "$row"
	takes --expect || continue
	tool=$row_words
	requests_reset
	# shellcheck disable=SC2086 # a tool and its word
	run $tool </dev/null
	status_is 0 "${tool%% *}: no records, nothing to do"
	is "$out$err$(requests)" 0 "... nothing is asked or said"
	# shellcheck disable=SC2086
	run $tool --expect 1 </dev/null
	status_is 1 "... and one expected"
	err_like "1" "... says so"
	timeout 20 script -qefc "$tool" "$T/typescript" </dev/null >"$T/screen" 2>&1
	is $? 2 "... stdin is a terminal" || diag "$(cat "$T/screen")"
	like "$(cat "$T/screen")" "^${tool%% *}: missing (VM|NAME|NODE|FILE): give it as an operand" \
		"... says what is missing"
done
printf 'r-1\nnosuch\nr-2\n' >"$T/names"
run vs-power off --expect 3 <"$T/names"
status_is 3 "one of three fails: its status"
is "$(echo "$out" | wc -l)" 2 "... and the others go on"
err_like "^vs-power: nosuch: " "... its name"

# ---- --dry-run all the way

requests_reset
pipe <<END
vs-clone --dry-run --on flatcar-template y-1 | vs-power on | vs-wait ip
END
is "$status$out" 0 "--dry-run at the head: the others do nothing"
is "$(changed) $(vms /y-1)" "0 0" "... nothing is sent"
done_testing
