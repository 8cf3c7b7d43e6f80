#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# vs-extraconfig: sends what differs, reads it back, and puts no token twice.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
vs_lab
ignition || fail "a worker's Ignition config"
data=extra.guestinfo.ignition.config.data
digest=extra.guestinfo.vsutils.ignition-sha256
run vs-clone flatcar-template w-1 w-2 w-3
status_is 0 "three VMs"
echo "$out" >"$T/three"

# ---- the Ignition config

requests_reset
run vs-extraconfig -i "$T/worker.ign" <"$T/three"
status_is 0 "-i, records on stdin"
is "$(echo "$out" | sort)" "$(sort "$T/three")" "... come out as they went in"
is "$(requests ReconfigVM_Task)" 3 "... one change each"
n=$(requests)
[ "$n" -le 13 ]
ok $? "... at most 13 requests for three" || diag "$(ctl requests)"
has w-2 "$data.encoding=gzip+base64" extra.guestinfo.hostname=w-2 \
	"extra.guestinfo.vsutils.server=$LAB_SERVER" \
	"$digest=$(sha256sum <"$T/worker.ign" | cut -d' ' -f1)"
ok $? "... its keys are there"
vm w-2 "$data" | base64 -d | gzip -dc | cmp -s - "$T/worker.ign"
ok $? "... and exactly this config"
requests_reset
run vs-extraconfig -i "$T/worker.ign" <"$T/three"
status_is 0 "again"
is "$(echo "$out" | sort)" "$(sort "$T/three")" "... the same records"
is "$(changed)" 0 "... nothing is sent"
run vs-extraconfig -i - w-1 <"$T/worker.ign"
status_is 0 "-i - takes it from stdin"
is "$(changed)" 0 "... it is the same"
run vs-extraconfig -i - <"$T/worker.ign"
status_is 2 "... but not the names as well"
run vs-extraconfig --clear-ignition w-1
status_is 0 "--clear-ignition"
is "$(vm w-1 "$data")$(vm w-1 "$data.encoding")" "" "... takes the config out"
has w-1 extra.guestinfo.hostname=w-1 "extra.guestinfo.vsutils.server=$LAB_SERVER" &&
	[ -n "$(vm w-1 "$digest")" ]
ok $? "... and leaves the facts about it"
requests_reset
run vs-extraconfig --clear-ignition w-1
status_is 0 "... again"
is "$(changed)" 0 "... nothing is sent"
run vs-extraconfig -i "$T/worker.ign" w-1
status_is 0 "a used config is not put back"
is "$(changed) $(vm w-1 "$data")" "0 " "... nothing is sent"
sed 's/ssh-ed25519/ssh-ed25519 /' "$T/worker.ign" >"$T/other.ign"
run vs-extraconfig -i "$T/other.ign" w-1
status_is 0 "... nor is another put in its place"
err_like "warning: w-1: .*--force" "... and says so"
is "$(changed) $(vm w-1 "$data")" "0 " "... nothing is sent"
run vs-extraconfig --force -i "$T/worker.ign" w-1
status_is 0 "... unless forced"
isnt "$(vm w-1 "$data")" "" "... then it is"
run vs-extraconfig -i "$T/other.ign" w-1
status_is 0 "another config, and it has not booted"
is "$(vm w-1 "$digest")" "$(sha256sum <"$T/other.ign" | cut -d' ' -f1)" "... is sent"
vs-power on w-2 >"$T/on" && vs-wait ip w-2 >>"$T/on"
ok $? "w-2 boots" || diag "$(cat "$T/on")"
wait_for 20 has w-2 "$data=e30K" 2>"$T/has"
ok $? "... and Ignition has run" || diag "$(cat "$T/has")"
requests_reset
run vs-extraconfig -i "$T/other.ign" -e guestinfo.x=1 w-2
status_is 0 "another config for it"
err_like "warning: w-2: .*booted.*--force" "... is a warning"
is "$(vm w-2 "$data") $(vm w-2 extra.guestinfo.x)" "e30K 1" "... only the other key is sent"
for name in UP a_b; do
	run vs-clone flatcar-template "$name"
	requests_reset
	run vs-extraconfig -i "$T/worker.ign" "$name"
	status_is 2 "'$name' is no host name"
	is "$(changed)" 0 "... nothing is sent"
done
run vs-extraconfig -i "$T/worker.ign" --hostname node-7 UP
status_is 0 "... --hostname"
out_like "${tab}node=node-7" "... is in the record"
is "$(vm UP extra.guestinfo.hostname)" node-7 "... and in the VM"
printf '/DC0/vm/UP\t%s\tnode=node-8\n' "$(ref UP)" >"$T/up"
run vs-extraconfig --force -i "$T/worker.ign" <"$T/up"
status_is 0 "... a record with the name of its node"
is "$(vm UP extra.guestinfo.hostname)" node-8 "... by that name"
run vs-extraconfig -i "$T/worker.ign" --hostname node-7 UP a_b
status_is 2 "... not for two"
echo '{"not": "ignition"}' >"$T/bad.ign"
run vs-extraconfig -i "$T/bad.ign" w-3
status_is 2 "a file that is not an Ignition config"
run vs-extraconfig -i "$T/nosuch.ign" w-3
status_is 3 "a file that is not there"
err_like "nosuch.ign" "... is named"

large_config 700000 >"$T/large.ign"
requests_reset
run vs-extraconfig -i "$T/large.ign" w-3
status_is 2 "a config of more than 900 KiB when encoded"
err_like "large.ign: 9[0-9][0-9] KiB when encoded, but a VM accepts at most 900 KiB" "... says so"
is "$(requests)" 0 "... nothing is requested"
large_config 680000 >"$T/large.ign"
run vs-extraconfig --dry-run -i "$T/large.ign" w-3
status_is 0 "one of somewhat less"
err_like "warning: .*KiB when encoded, but some ESXi hosts pass on at most 64 KiB" "... is a warning"
{ cat "$T/worker.ign"; printf '%2000000s\n' ''; } >"$T/large.ign"
run vs-extraconfig --dry-run -i "$T/large.ign" w-3
status_is 0 "2 MB that are small when encoded"
unlike "$err" KiB "... are nothing to warn about"

# ---- a VM that is on, or boots

run vs-clone --on flatcar-template on-1
status_is 0 "a VM that is on and never had a config"
requests_reset
run vs-extraconfig -i "$T/worker.ign" on-1
status_is 0 "... is too late for one"
err_like "warning: on-1: is running or has booted .*--force" "... says so"
is "$(changed) $(vm on-1 "$data")" "0 " "... nothing is sent"
run vs-clone flatcar-template boots-1
echo "$out" >"$T/boots"
ctl fault RetrievePropertiesEx match=config.changeVersion after=1 count=1 delay=6s
requests_reset
vs-extraconfig -i "$T/worker.ign" <"$T/boots" >"$T/late" 2>"$T/late.err" &
late=$!
configured() { [ -n "$(vm boots-1 "$data")" ]; }
wait_for 20 configured && ctl power boots-1 on && wait_for 20 has boots-1 "$data=e30K" 2>"$T/has"
ok $? "a VM boots between the change and the look after it"
wait $late
is "$? $(requests ReconfigVM_Task)" "0 1" "... its config was used, and is not sent again" ||
	diag "$(cat "$T/late.err")"
is "$(vm boots-1 "$data")" e30K "... nor put back"
is "$(cut -f 1 "$T/late")" /DC0/vm/boots-1 "... the record comes"
ctl fault clear

# ---- a config that another run was faster with: it is used by now, and not put back

run vs-clone flatcar-template q-1 q-2
status_is 0 "two more VMs"
for one in 'q-1 delay=4s' 'q-2 fault=TaskInProgress'; do
	name=${one% *}
	ctl fault ReconfigVM_Task count=1 "${one#* }"
	requests_reset
	vs-extraconfig -i "$T/worker.ign" "$name" >"$T/late" 2>"$T/late.err" &
	late=$!
	wait_for 20 asked ReconfigVM_Task
	ctl setextra "$name" guestinfo.vsutils.ignition-sha256 \
		"$(sha256sum <"$T/worker.ign" | cut -d' ' -f1)"
	ctl setextra "$name" guestinfo.ignition.config.data e30K
	wait $late
	is "$?" 0 "$name was to get its config (${one#* }), and has used it" ||
		diag "$(cat "$T/late.err")"
	[ "$(vm "$name" "$data")" = e30K ]
	ok $? "... it is not put back"
	is "$(cut -f 1 "$T/late")" "/DC0/vm/$name" "... the record comes"
	ctl fault clear
done

# ---- other keys

printf 'two\nlines\n' >"$T/value"
run vs-extraconfig -e a.b=1 -e 'c=x=<&>"' -E "guestinfo.d=$T/value" w-3
status_is 0 "-e and -E"
has w-3 extra.a.b=1 'extra.c=x=<&>"' 'extra.guestinfo.d=two'
ok $? "... are in the VM"
run vs-extraconfig -g a.b -g c -g guestinfo.d w-3
status_is 0 "-g"
out_is "/DC0/vm/w-3${tab}$(ref w-3)${tab}a.b=1${tab}c=x=<&>\"${tab}guestinfo.d=two%0alines%0a" \
	"... on one line"
run vs-extraconfig --json -g guestinfo.d w-3
out_like '"guestinfo.d": ?"two\\nlines' "... and in JSON"
requests_reset
run vs-extraconfig -e a.b=1 -e c=new w-3
is "$(requests ReconfigVM_Task) $(vm w-3 extra.c)" "1 new" "of two keys one differs"
requests_reset
run vs-extraconfig -e a.b= w-3
status_is 0 "an empty value"
ctl vm w-3 | grep -q '^extra.a.b='
is $? 1 "... takes the key out"
run vs-extraconfig -e a.b= w-3
is "$(requests ReconfigVM_Task)" 1 "... once"
run vs-extraconfig -g a.b w-3
status_is 3 "-g of a key that is not there"
err_like "w-3: has no key 'a.b'" "... says so"
run vs-extraconfig -e new=1 -g new w-3
out_like "${tab}new=1\$" "set and read in one go"
run vs-extraconfig -g guestinfo.hostname flatcar-template
status_is 0 "a template can be read"
out_like "${tab}guestinfo.hostname=stale\$" "... its key"
requests_reset
run vs-extraconfig -e x=1 flatcar-template
status_is 1 "... not changed"
is "$(changed)" 0 "... nothing is sent"
run vs-extraconfig -e memsize=64 w-3
status_is 1 "a key that vCenter ignores"
err_like "'memsize' does not have its new value" "... is found out"

# ---- what goes wrong

ctl fault ReconfigVM_Task count=1 drop-after
requests_reset
run vs-extraconfig -e lost=1 w-3
status_is 0 "the answer is lost"
is "$(requests ReconfigVM_Task) $(vm w-3 extra.lost)" "1 1" "... it is seen, not sent again"
ctl fault clear
ctl fault ReconfigVM_Task count=1 drop-before
run vs-extraconfig -e lost=2 w-3
status_is 0 "the request is lost"
is "$(vm w-3 extra.lost)" 2 "... it is sent again"
ctl fault clear
ctl fault ReconfigVM_Task count=1 fault=TaskInProgress
run vs-extraconfig -e busy=1 w-3
status_is 0 "another task works on it"
is "$(vm w-3 extra.busy)" 1 "... it is tried again"
ctl fault clear
ctl fault ReconfigVM_Task fault=NoPermission
run vs-extraconfig -e no=1 w-3
status_is 1 "not allowed"
err_like "w-3: .*(privilege|permission)" "... says so"
ctl fault clear
requests_reset
run vs-extraconfig --dry-run -e z=1 w-3
status_is 0 "--dry-run"
out_is "" "... no record"
err_is "vs-extraconfig: w-3: would set its extraConfig" "... the words"
is "$(changed)" 0 "... nothing is sent"
run vs-extraconfig w-3
status_is 2 "nothing to do"
run vs-extraconfig -i "$T/worker.ign" --clear-ignition w-3
status_is 2 "-i and --clear-ignition"
run vs-extraconfig -e nosign w-3
status_is 2 "-e without '='"
printf 'bad\001byte' >"$T/byte"
run vs-extraconfig -E "guestinfo.b=$T/byte" w-3
status_is 2 "characters that XML does not allow"
is "$(changed)" 0 "... nothing is sent"
run vs-extraconfig -e x=1 nosuch
status_is 3 "no such VM"
done_testing
