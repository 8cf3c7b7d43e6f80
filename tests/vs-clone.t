#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# vs-clone: the VM is as asked, exactly once, whatever happens on the way.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
vs_lab
ignition || fail "a worker's Ignition config"
template=flatcar-template

# ---- the budget, on a cold session

requests_reset
run vs-clone -c 4 -m 8G -d 50G -n workers -i "$T/worker.ign" --on \
	$template flatcar-worker-1
status_is 0 "one worker"
out_like "^/DC0/vm/flatcar-worker-1${tab}VirtualMachine:vm-[0-9]+${tab}uuid=[0-9a-f-]{36}${tab}power=on\$" \
	"... its record"
err_is "" "... and no message"
n=$(requests)
[ "$n" -le 17 ]
ok $? "... at most 17 requests" || diag "$(ctl requests)"
is "$(requests Login)" 1 "... one Login"
is "$(requests CloneVM_Task)" 1 "... one CloneVM_Task"
is "$(changed)" 1 "... and nothing else that changes anything"
is "$(session live)" 1 "... the session is kept"

# Clones that end together are read together, those that do not are not: two
# requests are left to chance.  The best of three, or of six on a busy machine, is what
# was meant, but for memcheck, which is never quick enough.
ctl set clone-time 500ms
least=99 most=0
for set in three more last busy busier busiest; do
	case $set in busy*) [ "$least" -gt 17 ] || break ;; esac
	cold
	requests_reset
	run vs-clone -c 4 -m 8G -d 50G -n workers -i "$T/worker.ign" --on \
		$template $set-1 $set-2 $set-3
	status_is 0 "three workers: $set"
	is "$(echo "$out" | wc -l) $(changed)" "3 3" "... three records, three calls"
	n=$(requests)
	[ "$n" -ge "$least" ] || least=$n
	[ "$n" -le "$most" ] || most=$n
done
ctl set clone-time 50ms
under_memcheck && least=17
[ "$least" -le 17 ] && [ "$most" -le 19 ]
ok $? "... at most 17 requests" || diag "$least to $most, the last: $(ctl requests)"

# ---- as asked, says the lab

vmdk='[LocalDS_0] flatcar-worker-1/flatcar-worker-1.vmdk'
has flatcar-worker-1 cpus=4 memory_mb=8192 disk_kb=52428800 "disk_file=$vmdk" \
	thin=true network=workers network_type=standard adapter=VirtualVmxnet3 \
	mac_type=assigned connect=true power=poweredOn template=false \
	folder=/DC0/vm pool=/DC0/host/DC0_C0/Resources disk_uuid_enabled=true \
	vapp_config=false extra.guestinfo.hostname=flatcar-worker-1 \
	"extra.guestinfo.vsutils.server=$LAB_SERVER" extra.svga.present=TRUE
ok $? "it is as asked"
[ "$(vm flatcar-worker-1 mac)" != "$(vm three-1 mac)" ]
ok $? "each clone has a MAC of its own"
is "$(vm flatcar-worker-1 extra.guestinfo.vsutils.ignition-sha256)" \
	"$(sha256sum <"$T/worker.ign" | cut -d' ' -f1)" "the digest is the file's"

# ---- as asked, says govc

run vs-clone -c 3 -m 4G -d 20G -n dvpg-workers -i "$T/worker.ign" $template cold-1
status_is 0 "one that stays off"
out_like 'power=off$' "... and its record says so"
ctl vm cold-1 >"$T/cold"
if oracle_there govc; then
	govc=$oracle
	# no newer than the lab's vCenter
	GOVC_VIM_VERSION=8.0.3.0 "$govc" vm.info -json -e cold-1 >"$T/info.json" 2>"$T/info.err"
	ok $? "govc reads it" || diag "$(cat "$T/info.err")"
	see() { jq -r "[.. | objects | $1] | first" "$T/info.json"; }
	is "$(see 'select(has("numCPU") and has("memoryMB")) | "\(.numCPU) \(.memoryMB)"')" \
		"3 4096" "... CPUs and memory"
	is "$(see 'select(has("capacityInKB")) | "\(.capacityInKB) \(.capacityInBytes)"')" \
		"20971520 21474836480" "... both capacities of the disk"
	extra() { jq -r --arg k "$1" '[.. | objects | select(.key? == $k) | .value] | first' "$T/info.json"; }
	is "$(extra guestinfo.hostname)" cold-1 "... the host name"
	is "$(extra guestinfo.ignition.config.data.encoding)" "gzip+base64" "... the encoding"
	extra guestinfo.ignition.config.data | base64 -d | gzip -dc | cmp -s - "$T/worker.ign"
	ok $? "... and exactly this Ignition config"
else
	for what in 'govc reads it' '... CPUs and memory' '... both capacities' \
		'... the host name' '... the encoding' '... the Ignition config'; do
		skip "no build/oracles/govc (tests/setup check)" "$what"
	done
fi
vm cold-1 extra.guestinfo.ignition.config.data | base64 -d | gzip -dc | cmp -s - "$T/worker.ign"
ok $? "the Ignition config is in it"

# ---- what a clone must not inherit

run vs-clone $template bare
status_is 0 "a clone without anything"
is "$(ctl vm bare | grep -c '^extra.guestinfo')" 0 "... has no guestinfo of its template"
has bare cpus=2 memory_mb=2048 disk_kb=12136448 extra.svga.present=TRUE power=poweredOff
ok $? "... and all the rest of it"
is "$(vm bare extra.vsutils.id)" "$(vm bare instance_uuid)" "... and its id twice"

# ---- networks

run vs-clone -n dvpg-workers -n seg-opaque -n workers $template nets
status_is 0 "three networks"
is "$(vm nets network | tr '\n' ' ')" "dvpg-workers seg-opaque workers " "... in their order"
is "$(vm nets network_type | tr '\n' ' ')" "distributed opaque standard " "... of each kind"
ctl make-vm /DC0/vm/many-cards
ctl add-nic many-cards 11
run vs-clone -n workers many-cards one-card
status_is 0 "a template with twelve cards"
is "$(vm one-card nic_key | wc -l)" 1 "... of which one is left for one network"
# shellcheck disable=SC2046 # an option each
run vs-clone $(for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "-n workers"; done) $template cards
status_is 0 "twelve networks"
is "$(vm cards network | wc -l)" 12 "... a card for each"
run vs-clone -n twin $template t-1
status_is 3 "an ambiguous network"
err_like "twin.*ambiguous.*DistributedVirtualPortgroup:dvportgroup-[0-9]+.*Network:network-[0-9]+" \
	"... says the references"
both=$err
for kind in Network:network DistributedVirtualPortgroup:dvportgroup; do
	net=$(echo "$both" | grep -o "$kind-[0-9]*")
	run vs-clone -n "$net" $template "t-${net##*-}"
	status_is 0 "by reference: $kind"
	is "$(vm "t-${net##*-}" network)" twin "... that one"
done
is "$(vms /t-1)" 0 "the ambiguous one made nothing"
run vs-clone -n nosuch $template t-1
status_is 3 "no such network"
err_like "cannot find network 'nosuch': candidates are .*'/DC0/network/workers'" "... and which there are"

# ---- a template with odd hardware

ctl make-vm /DC0/vm/odd && ctl set-mac odd 00:50:56:00:00:01 && ctl set-cores odd 4
ok $? "a template with a manual MAC address, and 4 cores per socket"
run vs-clone -n workers -c 6 -d 50.0001G odd odd-1 odd-2
status_is 0 "6 CPUs, and a disk of 50.0001G"
has odd-1 cpus=6 cores=1 disk_kb=52429824 mac_type=assigned
ok $? "... 6 sockets, a disk rounded up to whole MiB, and a MAC address of vCenter's"
isnt "$(vm odd-1 mac)" "$(vm odd-2 mac)" "... of its own"
isnt "$(vm odd-1 mac)" 00:50:56:00:00:01 "... not the template's"
requests_reset
run vs-clone -n workers -c 6 -d 50.0001G odd odd-1 odd-2
status_is 0 "again"
is "$(changed)" 0 "... nothing differs"
run vs-clone -c 8 odd odd-3
status_is 0 "8 CPUs, and its network"
has odd-3 cpus=8 cores=4 mac_type=assigned
ok $? "... 2 sockets, and a MAC address of vCenter's here, too"
isnt "$(vm odd-3 mac)" 00:50:56:00:00:01 "... not the template's"

# two new cards of one request must differ
run vs-clone -n workers -n dvpg-workers -n workers $template fresh-cards
status_is 0 "two cards that the template does not have"
is "$(vm fresh-cards nic_key | sort -u | wc -l)" 3 "... each with its own key"

# ---- where it goes

run vs-clone -s LocalDS_1 --thick -d 20G $template thick
status_is 0 "a datastore, thick"
has thick datastore=LocalDS_1 thin=false eager=false disk_kb=20971520 \
	'disk_file=[LocalDS_1] thick/thick.vmdk'
ok $? "... is there"
run vs-clone --thin $template thin
has thin thin=true
ok $? "thin"
requests_reset
run vs-clone --datastore-cluster pod0 $template pod-1 pod-2
status_is 0 "a datastore cluster"
is "$(requests RecommendDatastores)" 2 "... is asked for each"
like "$(vm pod-1 datastore)" '^LocalDS_[12]$' "... and its recommendation taken"
run vs-clone --trace="$T/trace" --datastore-cluster pod0 -e guestinfo.x=1 $template pod-3
status_is 0 "a key for a clone in a datastore cluster"
is "$(sed -n '/^--> RecommendDatastores/,/^<--/p' "$T/trace" | grep -c extraConfig) $(sed -n '/^--> CloneVM_Task/,/^<--/p' "$T/trace" | grep -c extraConfig)" \
	"0 1" "... is sent with the clone only"
run vs-clone -s LocalDS_0 --datastore-cluster pod0 $template x
status_is 2 "both of them"
run vs-clone -p pool1 -H DC0_C0_H1 -f prod $template placed
status_is 0 "pool, host, folder"
has /DC0/vm/prod/placed pool=/DC0/host/DC0_C0/Resources/pool1 \
	host=/DC0/host/DC0_C0/DC0_C0_H1 folder=/DC0/vm/prod
ok $? "... is there"
run vs-clone --cluster DC0_H0 -f /DC0/vm/dev $template placed
status_is 0 "another host's, in another folder: the same name"
has /DC0/vm/dev/placed pool=/DC0/host/DC0_H0/Resources
ok $? "... is there"
isnt "$(vm /DC0/vm/dev/placed extra.vsutils.id)" "$(vm /DC0/vm/prod/placed extra.vsutils.id)" \
	"... with an id of its own"
like "$(vm /DC0/vm/dev/placed extra.vsutils.id)" '^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' \
	"... a UUID of version 5"
run vs-clone -p pool1 --cluster DC0_H0 $template x
status_is 2 "the pool of another cluster"
err_like "resource pool '.*pool1' is not in '.*DC0_H0'" "... says so"
run env -u GOVC_CLUSTER vs-clone $template x
status_is 3 "no pool, and two there are"
err_like "more than one resource pool.*-p.*DC0_H0/Resources.*DC0_C0/Resources" "... are listed"
run env -u GOVC_CLUSTER GOVC_RESOURCE_POOL=pool1 GOVC_DATASTORE=LocalDS_2 \
	GOVC_NETWORK=workers GOVC_FOLDER=dev GOVC_HOST=DC0_C0_H2 vs-clone $template by-env
status_is 0 "all of it from the environment"
has by-env pool=/DC0/host/DC0_C0/Resources/pool1 datastore=LocalDS_2 \
	network=workers folder=/DC0/vm/dev host=/DC0/host/DC0_C0/DC0_C0_H2
ok $? "... is there"
for what in "-p pool9 resource pool" "-s LocalDS_9 datastore" "-H nohost host" \
	"--cluster C9 cluster" "-f nowhere folder" "--datastore-cluster pod9 datastore cluster"; do
	option=${what%% *} rest=${what#* }
	run vs-clone "$option" "${rest%% *}" $template x
	status_is 3 "no such ${rest#* }"
	err_like "'${rest%% *}'" "... and it is named"
done

# ---- keys, notes, linked clones

echo 'two lines' >"$T/value"
run vs-clone -e guestinfo.a=1 -e 'b=x=<&>' -E "guestinfo.c=$T/value" \
	--annotation 'made <by> "us" & co' $template keys
has keys extra.guestinfo.a=1 'extra.b=x=<&>' 'extra.guestinfo.c=two lines' \
	'annotation=made <by> "us" & co'
ok $? "-e, -E and an annotation"
run vs-clone --linked snap-vm linked-1
status_is 0 "a linked clone"
has linked-1 linked=true
ok $? "... is one"
has bare linked=false
ok $? "... and others are not"
for opt in '-d 50G' --thin --thick; do
	# shellcheck disable=SC2086 # an option and its value
	run vs-clone --linked $opt snap-vm x
	status_is 2 "--linked excludes $opt"
done
run vs-clone --linked $template x
status_is 1 "a template without a snapshot"
err_like "no snapshot" "... says so"
run vs-clone -d 1G $template x
status_is 2 "a disk that would shrink"
run vs-clone booted-template from-booted
status_is 0 "a template that has booted"
err_like "warning: .*booted-template.* has booted" "... is a warning"
is "$(vm from-booted extra.guestinfo.ignition.config.data)" "" "... and its e30K is not inherited"

# ---- names

printf 'in-1\nin-2\tnote=kept\n' >"$T/names"
run vs-clone $template <"$T/names"
status_is 0 "names on stdin"
out_like "^/DC0/vm/in-2${tab}VirtualMachine:vm-[0-9]+${tab}note=kept${tab}uuid=" "... keep their fields"
run vs-clone $template 'a b' "it's" '50%' 'a%2Fb' 'x\y' 'Über' '&<>"'
status_is 0 "names with anything in them"
for name in 'a b' "it's" '50%25' 'a%2fb' 'x%5cy' 'Über' '&<>"'; do
	printf '%s\n' "$out" | grep -qF "/DC0/vm/$name$tab" && has "$name" "path=/DC0/vm/$name"
	ok $? "... $name"
done
requests_reset
run vs-clone $template '50%' 'a%2Fb' '/DC0/vm/x%5cy'
status_is 0 "they are found again"
is "$(changed)" 0 "... nothing is sent"
run vs-clone $template a/b
status_is 2 "a name with a bare slash"
err_like "'a/b' is not in folder '/DC0/vm'.*%2f" "... and how it is written"
run vs-clone $template /DC0/xx/w-x
status_is 2 "a name in another folder whose path is as long"
run vs-clone $template ''
status_is 2 "an empty name"
long=$(printf 'ü%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
run vs-clone $template "$long$long$long$long"
status_is 0 "80 characters"
run vs-clone $template "$long$long$long${long}x"
status_is 2 "81"
for name in UP a_b -x x- 'ab.c'; do
	run vs-clone -i "$T/worker.ign" $template -- "$name"
	status_is 2 "with -i: '$name' is no host name"
done
run vs-clone -i "$T/worker.ign" --hostname node-9 $template UP
status_is 0 "... unless it has another"
out_like "${tab}node=node-9${tab}" "... which is in the record"
is "$(vm UP extra.guestinfo.hostname)" node-9 "... and in the VM"
run vs-clone -i "$T/worker.ign" --hostname node-9 $template a b
status_is 2 "--hostname with two names"
run vs-clone -i "$T/worker.ign" $template here UP2 too
status_is 2 "one of three is not a host name"
is "$(vms '/(here|too)	')" 2 "... the others are made"

# ---- more than a VM accepts: 900 KiB when encoded

large_config 700000 >"$T/large.ign"
requests_reset
run vs-clone -i "$T/large.ign" $template large
status_is 2 "a config of more than 900 KiB when encoded"
err_like "large.ign: 9[0-9][0-9] KiB when encoded, but a VM accepts at most 900 KiB" "... says so"
is "$(requests)" 0 "... nothing is requested"
large_config 680000 >"$T/large.ign"
run vs-clone -i "$T/large.ign" $template large
status_is 0 "one of somewhat less"
err_like "warning: .*KiB when encoded, but some ESXi hosts pass on at most 64 KiB" "... is a warning"

# ---- again, and not ours

requests_reset
run vs-clone -c 4 -m 8G -d 50G -n workers -i "$T/worker.ign" --on \
	$template flatcar-worker-1 three-1
status_is 0 "again"
is "$(echo "$out" | cut -f 1 | sort | tr '\n' ' ')" \
	"/DC0/vm/flatcar-worker-1 /DC0/vm/three-1 " "... the same records"
is "$(changed)" 0 "... nothing is sent"
is "$(requests CreateFilter)" 0 "... and nothing watched"
run vs-clone -c 2 -m 4G -d 60G -n dvpg-workers --annotation x $template flatcar-worker-1
status_is 1 "again, with something else"
is "$(changed)" 0 "... nothing is sent"
err_like "CPU count is 4, requested 2; memory is 8G, requested 4G; disk is 50G, requested 60G; network card 1 is workers, requested /DC0/network/dvpg-workers; annotation differs; " \
	"... and each difference is named"
err_like "nothing was changed" "... and that nothing was"
out_is "" "... and there is no record"
requests_reset
run vs-clone --on $template bare
status_is 0 "again, and this time on"
is "$(requests CloneVM_Task) $(requests PowerOnVM_Task)" "0 1" "... it is powered on"
is "$(vm bare power)" poweredOn "... is on"
sed 's/ssh-ed25519/ssh-ed25519 /' "$T/worker.ign" >"$T/other.ign"
requests_reset
run vs-clone -i "$T/other.ign" $template flatcar-worker-1
status_is 0 "another Ignition config, but it has booted"
err_like "warning: flatcar-worker-1: is running or has booted with another Ignition config" "... is a warning"
run vs-clone -i "$T/other.ign" $template cold-1
status_is 1 "another Ignition config, and it has not"
err_like "Ignition config is a different one" "... is a difference"
is "$(changed)" 0 "... nothing is sent"
requests_reset
run vs-clone $template snap-vm another
status_is 1 "a VM of that name that is not ours"
err_like "snap-vm: .*exists in '/DC0/vm' and was not created by vs-clone" "... says so"
out_like "^/DC0/vm/another$tab" "... and the others are made"
is "$(changed)" 1 "... it is not touched"

ctl make-vm /DC0/vm/foreign && ctl setextra foreign vsutils.id 11111111-2222-5333-8444-555555555555
run vs-clone $template foreign
status_is 1 "a VM with the id of another clone"
err_like "foreign: .*was not created by vs-clone" "... is not ours"

# ---- twice at once

run vs-clone $template dup dup
status_is 0 "one name twice"
is "$(echo "$out" | sort -u | wc -l) $(vms /dup)" "1 1" "... is one VM"
ctl set clone-time 300ms
vs-clone --on $template race-1 race-2 race-3 >"$T/race.a" 2>"$T/race.err" &
other=$!
run vs-clone --on $template race-1 race-2 race-3
status_is 0 "two runs at the same time with the same names"
wait "$other"
ok $? "... both" || diag "$(cat "$T/race.err")"
is "$(echo "$out" | sort)" "$(sort "$T/race.a")" "... the same records"
is "$(echo "$out" | wc -l) $(vms /race-)" "3 3" "... each VM once"
ctl set clone-time 50ms

# Its config is there, its task is about to power it on.
ctl set power-time 3s
requests_reset
vs-clone --on $template overtaken >"$T/over" 2>"$T/over.err" &
other=$!
wait_for 20 asked CloneVM_Task
wait_for 5 ctl power overtaken on 2>"$T/o"
ok $? "somebody is faster than the clone's task with the power-on" || diag "$(cat "$T/o")"
wait "$other"
ok $? "... which is fine" || diag "$(cat "$T/over.err")"
is "$(requests CloneVM_Task) $(requests PowerOnVM_Task) $(vms /overtaken)" "1 0 1" \
	"... nothing is sent once more"
ctl set power-time 20ms

# Waited for, and then deleted while this run powers it on.
ctl set clone-time 1s
requests_reset
vs-clone $template vanished >"$T/over" 2>"$T/over.err" &
other=$!
wait_for 20 asked CloneVM_Task
ctl fault PowerOnVM_Task count=1 stall
begin PowerOnVM_Task 1 vs-clone --on $template vanished
ctl delete-vm /DC0/vm/vanished
ctl set clone-time 50ms
ends 0 "a VM that vanishes while it is powered on"
is "$(requests CloneVM_Task) $(vm vanished power)" "1 poweredOn" "... is created again, on"
wait "$other"
ctl fault clear

# ---- what goes wrong

ctl fault CloneVM_Task count=1 off
requests_reset
run vs-clone --on $template left-off
status_is 0 "vCenter ends the clone and leaves it off"
is "$(requests PowerOnVM_Task) $(vm left-off power)" "1 poweredOn" "... it is powered on"
ctl fault clear
ctl fault CloneVM_Task count=1 drop-after
requests_reset
run vs-clone --on $template lost-1
status_is 0 "the answer to a clone is lost"
is "$(requests CloneVM_Task) $(vms /lost-1)" "1 1" "... it is not sent again, and is there once"
is "$(vm lost-1 power)" poweredOn "... on"
ctl fault clear
ctl fault CloneVM_Task count=1 drop-before
requests_reset
run vs-clone $template lost-0
status_is 0 "a clone is lost on its way"
is "$(vms /lost-0)" 1 "... and made"
ctl fault clear
ctl fault CloneVM_Task count=1 off
ctl fault PowerOnVM_Task count=1 drop-after
run vs-clone --on $template lost-2
status_is 0 "the answer to a power-on is lost"
is "$(vms /lost-2) $(vm lost-2 power)" "1 poweredOn" "... it is on"
ctl fault clear
ctl fault CloneVM_Task match=bad-2 taskfault=InsufficientResourcesFault
run vs-clone $template bad-1 bad-2 bad-3
status_is 1 "one of three fails"
is "$(echo "$out" | wc -l)" 2 "... two records"
err_like "^vs-clone: bad-2: " "... and its name in the message"
is "$(echo "$err" | wc -l)" 1 "... one line"
is "$(vms /bad-)" 2 "... and no half-made VM"
run vs-clone --expect 3 $template bad-1 bad-2 bad-3
status_is 1 "--expect 3"
ctl fault clear

# ---- a name that is taken by what vCenter cannot read

run vs-clone $template bare-1
ctl lose-files bare-1
requests_reset
run vs-clone $template bare-1
status_is 1 "an inaccessible VM of that name"
err_is "vs-clone: bare-1: a VM of that name exists, but is inaccessible: vCenter cannot read its configuration" \
	"... says so"
is "$(changed)" 0 "... nothing is sent"
ctl set clone-time 60s
begin CloneVM_Task 1 vs-clone $template bare-2
kill -KILL "$pid"
ends 137 "a run is killed"
begin WaitForUpdatesEx 1 vs-clone $template bare-2
ctl lose-files bare-2
ends 1 "what is being made is waited for, and then inaccessible"
err_like "bare-2: a VM of that name exists, but is inaccessible" "... says so"
ctl set clone-time 50ms

# ---- not at all

requests_reset
run vs-clone --dry-run -H DC0_H0 $template dry-1
status_is 0 "-H wins over \$GOVC_CLUSTER"
err_like "pool '/DC0/host/DC0_H0/Resources', on host '/DC0/host/DC0_H0/DC0_H0'" "... with the host's own pool"
run vs-clone --dry-run -H DC0_H0 --cluster DC0_C0 $template dry-1
status_is 2 "a host that is not in the cluster"
err_like "host '/DC0/host/DC0_H0/DC0_H0' does not belong to resource pool" "... says so"
run vs-clone -on $template dry-1
status_is 2 "-on"
err_like "unknown option '-on': did you mean '--on'" "... is not -o n"
run vs-clone --dry-run --on $template dry-1
status_is 0 "--dry-run"
out_is "" "... no record"
err_is "vs-clone: dry-1: would clone '/DC0/vm/flatcar-template' into folder '/DC0/vm' and pool '/DC0/host/DC0_C0/Resources', and power it on" "... the words"
is "$(changed)" 0 "... nothing sent"
run vs-clone $template </dev/null
status_is 0 "no names on stdin: nothing to do"
run vs-clone
status_is 2 "no template"
run vs-clone nosuch x
status_is 3 "no such template"
err_like "cannot find VM 'nosuch'" "... is named"
for bad in '-c 0' '-c x' '-m 8' '-m 3M' '-d 0' '--thin --thick'; do
	# shellcheck disable=SC2086 # options and their values
	run vs-clone $bad $template x
	status_is 2 "usage: $bad"
done
is "$(vms '/x	')" 0 "nothing of all that was made"
done_testing
