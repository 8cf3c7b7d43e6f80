#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# vs-wait: one wait for all, and the reason when time runs out.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
vs_lab -boot-time 300ms
names=$(for i in 1 2 3 4 5 6 7 8 9 10; do echo "w-$i"; done)
# shellcheck disable=SC2086 # a list
run vs-clone flatcar-template $names
status_is 0 "ten VMs"
echo "$out" >"$T/ten"

# ---- ip: ten at once

vs-power on <"$T/ten" >"$T/on"
requests_reset
run vs-wait ip <"$T/on"
status_is 0 "ip, ten records"
is "$(echo "$out" | wc -l)" 10 "... ten records"
is "$(echo "$out" | grep -cE "${tab}power=on${tab}ip=10\.20\.0\.[0-9]+\$")" 10 \
	"... with an address that others can reach, and their fields"
is "$(echo "$out" | sed 's/.*ip=//' | sort -u | wc -l)" 10 "... each with its own value"
is "$(requests CreateFilter) $(requests CreateListView)" "1 1" "... one wait for all"
n=$(requests)
[ "$n" -le 7 ]
ok $? "... at most 7 requests" || diag "$(ctl requests)"
is "$(vm w-1 ip)" "$(echo "$out" | sed -n "s/^.*w-1$tab.*ip=//p")" "... the one of its network card"
run vs-wait ip w-1
status_is 0 "ip of one that has it"

# ---- ip: off, link-local, none

ctl set boot-time 20s
vs-power off w-1 w-2 >"$T/off"
vs-wait --timeout 30s ip w-1 >"$T/late" 2>"$T/late.err" &
late=$!
wait_for 20 test -s "$T/late.err"
is "$(cat "$T/late.err")" "vs-wait: warning: w-1: is off; waiting for power-on" \
	"a VM that is off is reported immediately"
ctl set boot-time 100ms
ctl power w-1 on
wait $late
is "$?" 0 "... and waited for, until somebody powers it on" || diag "$(cat "$T/late.err")"
is "$(grep -c . "$T/late.err") $(grep -c ip=10 "$T/late")" "1 1" "... said once, and its record"
run vs-wait --timeout "$S" ip w-2
status_is 4 "it stays off"
err_like "w-2: not done within 0:[01][0-9].*; it is not powered on" "... the reason"
ctl set boot-time 10m
vs-power on w-2 >"$T/on2"
run vs-wait --timeout "$S" ip w-2
status_is 4 "no address in time"
err_like "w-2: not done within 0:[01][0-9].*VMware Tools are not running" "... the reason"
run vs-wait --timeout "$S" -6 ip w-3
status_is 4 "only its own IPv6 address"
err_like "only .*fe80:.*10\.20\.0\." "... which there are"
unlike "$out" ip= "... none is taken"
run vs-wait --timeout "$S" tools w-2
status_is 4 "no VMware Tools in time"
run vs-wait tools w-3
status_is 0 "tools"
vs-power suspend w-3 >"$T/suspended"
requests_reset
vs-wait --timeout 30s ip w-3 >"$T/resumed" 2>"$T/resumed.err" &
resumed=$!
wait_for 20 asked WaitForUpdatesEx
vs-power on w-3 >"$T/on3"
wait $resumed
is "$?" 0 "ip of a suspended VM that is resumed" || diag "$(cat "$T/resumed.err")"

# ---- on, off, keys, gone

requests_reset
vs-wait --timeout 30s off w-3 >"$T/o" 2>"$T/o.err" &
off=$!
wait_for 20 asked WaitForUpdatesEx
ctl power w-3 off
wait $off
is "$?" 0 "off" || diag "$(cat "$T/o.err")"
run vs-wait --timeout "$S" on w-3
status_is 4 "on, and it is not"
err_like "w-3: .*it is off" "... says so"
requests_reset
vs-wait --timeout 30s on w-3 >"$T/o" 2>"$T/o.err" &
on=$!
wait_for 20 asked WaitForUpdatesEx
vs-power on w-3 >"$T/on3"
wait $on
is "$?" 0 "on" || diag "$(cat "$T/o.err")"
printf '/DC0/vm/w-3\t%s\tpower=off\n' "$(ref w-3)" >"$T/stale"
run vs-wait on <"$T/stale"
out_like "${tab}power=on\$" "what the record said of the power is put right"
run vs-wait --timeout "$S" guestinfo.state=ready w-4
status_is 4 "a key that is not there"
err_like "w-4: .*; guestinfo.state is not set" "... says so"
requests_reset
vs-wait --timeout 30s guestinfo.state=ready w-4 >"$T/key" 2>"$T/key.err" &
key=$!
wait_for 20 asked WaitForUpdatesEx
ctl setextra w-4 guestinfo.state almost
ctl setextra w-4 guestinfo.state ready
wait $key
is "$?" 0 "a key that gets its value" || diag "$(cat "$T/key.err")"
like "$(cat "$T/key")" "${tab}guestinfo.state=ready\$" "... in the record"
requests_reset
vs-wait --timeout 30s guestinfo.state=other w-4 >"$T/key" 2>"$T/key.err" &
key=$!
wait_for 20 asked WaitForUpdatesEx
ctl question w-4 'Did you move it, or copy it?'
wait $key
is "$?" 1 "vCenter asks a question: it is not waited for any longer"
is "$(cat "$T/key.err")" "vs-wait: w-4: vCenter is asking a question about it: Did you move it, or copy it?" \
	"... but shown"
run vs-wait --timeout 30s off w-4
status_is 1 "a question that was there before"
ctl question w-4 clear
requests_reset
run vs-wait --timeout 4s guestinfo.state=other w-4
status_is 4 "another value"
n=$(requests WaitForUpdatesEx)
[ "$n" -le 2 ]
ok $? "... one long poll, in which nothing comes for seconds" || diag "$n"
err_like "guestinfo.state has a different value" "... says so"
unlike "$err" ready "... and not which: it may be a secret"
requests_reset
vs-wait --timeout 30s guestinfo.state= w-4 >"$T/key" 2>"$T/key.err" &
key=$!
wait_for 20 asked WaitForUpdatesEx
ctl setextra w-4 guestinfo.state ''
wait $key
is "$?" 0 "a key that is deleted" || diag "$(cat "$T/key.err")"
like "$(cat "$T/key")" "${tab}guestinfo.state=\$" "... in the record"
# the full state after a lost answer does not have the key at all
ctl setextra w-4 guestinfo.state there
requests_reset
vs-wait --timeout 30s guestinfo.state= w-4 >"$T/key" 2>"$T/key.err" &
key=$!
wait_for 20 asked WaitForUpdatesEx 2
ctl fault WaitForUpdatesEx count=1 drop-after
ctl setextra w-4 guestinfo.state other
wait_for 20 asked WaitForUpdatesEx 3
ctl setextra w-4 guestinfo.state ''
wait $key
is "$?" 0 "a key that is deleted in an answer that is lost" || diag "$(cat "$T/key.err")"
ctl fault clear
ctl hide VirtualMachine config.extraConfig
run vs-wait --timeout "$S" guestinfo.state= w-4
status_is 4 "a key that may not be read is not one that is not there"
err_like "w-4: .*; guestinfo.state may not be read by this user" "... says so"
ctl hide clear
requests_reset
vs-wait --timeout 30s gone w-5 >"$T/gone" 2>"$T/gone.err" &
gone=$!
wait_for 20 asked WaitForUpdatesEx
ctl delete-vm w-5
wait $gone
is "$?" 0 "gone" || diag "$(cat "$T/gone.err")"
like "$(cat "$T/gone")" '^/DC0/vm/w-5' "... its record"
requests_reset
grep -e w-5 -e w-6 "$T/ten" >"$T/two"
run vs-wait gone --timeout "$S" <"$T/two"
status_is 4 "gone long ago, and one that is not"
like "$out" '^/DC0/vm/w-5' "... the first is done"
err_like '^vs-wait: w-6: not done' "... the second is not"
n=$(requests)
[ "$n" -le 10 ]
ok $? "... without asking over and over" || diag "$(ctl requests)"
run vs-wait ip <"$T/two"
status_is 3 "ip of one that is gone"
err_like 'w-5: .*does not exist' "... says so"
is "$(echo "$out" | cut -f 1)" /DC0/vm/w-6 "... the other one is done"
# that it went was in an answer that is lost in the middle (without a byte of it,
# libcurl would ask the same again); the other one is there still
printf '/DC0/vm/%s\t%s\n' w-3 "$(ref w-3)" w-4 "$(ref w-4)" >"$T/pair"
ctl fault WaitForUpdatesEx after=1 count=1 truncate
requests_reset
vs-wait --timeout 60s gone <"$T/pair" >"$T/gone" 2>"$T/gone.err" &
gone=$!
wait_for 20 asked WaitForUpdatesEx 2
ctl delete-vm w-3
wait_for 40 test -s "$T/gone"
is "$(cut -f 1 "$T/gone")" /DC0/vm/w-3 "gone, and the answer that tells it is lost" ||
	diag "$(ctl fault; cat "$T/gone.err")"
ctl fault clear
ctl delete-vm w-4
wait $gone
is "$? $(wc -l <"$T/gone")" "0 2" "... and then the other one, too" || diag "$(cat "$T/gone.err")"
requests_reset
vs-wait --timeout 30s ip w-2 >"$T/gone" 2>"$T/gone.err" &
gone=$!
wait_for 20 asked WaitForUpdatesEx
ctl delete-vm w-2
wait $gone
is "$?" 3 "it goes while one waits for its address" || diag "$(cat "$T/gone.err")"

# ---- usage

requests_reset
run vs-wait gone nosuch
status_is 3 "a name that was never there"
run vs-wait io w-6
status_is 2 "a slip"
err_like "is not one of ip, on, off, tools, gone, KEY=VALUE" "... lists the candidates"
run vs-wait '=x' w-6
status_is 2 "no key"
run vs-wait 'a"]=x' w-6
status_is 2 "an invalid key"
run vs-wait ip </dev/null
status_is 0 "nothing to wait for"
run vs-wait --expect 1 ip </dev/null
status_is 1 "... and one expected"
is "$(changed)" 0 "vs-wait changes nothing"
done_testing
