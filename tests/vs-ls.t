#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2016 # lib.sh, its variables, and scripts in quotes
# vs-ls lists what is there, says what is not, and asks for no more than it must.
. "${0%/*}/lib.sh"

lab_start -boot-time 1ms
tab=$(printf '\t')

# names [OPTION...] [PATH...]: the last parts of the paths, on one line
names() {
	run vs-ls "$@"
	out=$(printf '%s\n' "$out" | cut -f 1 | sed 's,.*/,,' | tr '\n' ' ')
}

# --- folders and names

run vs-ls
status_is 0 'a list'
out_like "^/DC0/vm/flatcar-template${tab}VirtualMachine:vm-[0-9]+$" 'a record has path and reference'
unlike "$out" 'twin-vm|/prod|/dev' 'neither what lies in folders, nor these'
err_is '' 'no message'
all=$out
is "$(printf '%s\n' "$all" | sort -V)" "$all" 'sorted'
names -R
is "$(printf '%s\n' "$out" | tr ' ' '\n' | grep -c '^twin-vm$')" 2 '-R: of all folders'
run vs-ls /DC0/vm
out_is "$all" 'a folder'
run vs-ls /DC0
out_is "$all" 'its datacenter'
run vs-ls /
out_is "$all" 'all datacenters'
run vs-ls prod
out_like '^/DC0/vm/prod/twin-vm' 'a folder by its name'
run vs-ls prod /DC0/vm/prod/ '/DC0/vm/prod/twin-vm' 'prod/*'
is "$(printf '%s\n' "$out" | wc -l)" 1 'what is meant four times is listed once'
GOVC_FOLDER=prod run vs-ls
out_like '^/DC0/vm/prod/twin-vm' '$GOVC_FOLDER'
GOVC_FOLDER=/DC0/vm/dev run vs-ls twin-vm
out_like '^/DC0/vm/dev/twin-vm' '... is where names begin'
GOVC_FOLDER=nowhere run vs-ls
status_is 3 '... that is not there'
err_like "cannot find folder 'nowhere': candidates are .*'/DC0/vm/prod'" '... says so'
run vs-ls --datacenter DC0
out_is "$all" 'a datacenter'
run vs-ls --datacenter DC9
status_is 3 '... that is not there'
err_like "cannot find datacenter 'DC9': candidates are '/DC0'" '... says so'

run vs-ls snap-vm
out_like "^/DC0/vm/snap-vm${tab}VirtualMachine:vm-[0-9]+$" 'one VM'
ref=$(printf '%s\n' "$out" | cut -f 2)
for it in /DC0/vm/snap-vm //DC0/vm/./snap-vm vm/snap-vm "$ref" "${ref#*:}"; do
	run vs-ls "$it"
	out_is "/DC0/vm/snap-vm$tab$ref" "... as '$it'"
done
run vs-ls twin-vm
status_is 3 'a name of two VMs'
err_like "VM 'twin-vm' is ambiguous, give its path: candidates are '/DC0/vm/(prod|dev)/twin-vm' \(.*\), '/DC0/vm/(prod|dev)/twin-vm' \(" '... says which'
run vs-ls dev/twin-vm
out_like '^/DC0/vm/dev/twin-vm' '... told apart by their folders'

run vs-ls flatcar-templat snap-vm
status_is 3 'a name of none'
err_like "cannot find VM 'flatcar-templat': did you mean '/DC0/vm/flatcar-template'" '... says what was probably meant'
out_like '^/DC0/vm/snap-vm' '... and the others are listed'
run vs-ls /DC0/vm/snap-wm
err_like "cannot find VM '/DC0/vm/snap-wm': did you mean '/DC0/vm/snap-vm'" 'a path of none'
run vs-ls /DC0/vmm/x
err_like "cannot find VM '/DC0/vmm/x': there is no folder '/DC0/vmm'" '... of no folder'
run vs-ls /DC0/host/DC0_C0
status_is 3 'a path of something else'
err_like "'/DC0/host/DC0_C0' is a ClusterComputeResource, not a VM" '... says what'
run vs-ls ''
status_is 3 'an empty name is not a name'
run vs-ls VirtualMachine:vm-1
status_is 3 'a reference to nothing'

# --- patterns

names '/DC0/vm/*-template'
is "$out" 'booted-template flatcar-template ' 'a pattern'
names '*-template'
is "$out" 'booted-template flatcar-template ' '... that begins in the folder'
names '/*/vm/[pd]*/twin-*'
is "$out" 'twin-vm twin-vm ' '... of folders'
names -R 'tw*'
is "$out" 'twin-vm twin-vm ' '... with -R in all folders'
names 'tw*'
status_is 3 '... that matches nothing'
err_is "vs-ls: nothing matches 'tw*'" '... says so'

# --- names that need care

for name in '90%25' 'x%2fy' 'c%5cd' 'a & <b> "c"' 'w*1' "$(printf 'ta\tb')" 'ü ö'; do
	ctl make-vm "$name"
done
same() {
	run vs-ls "$1"
	out_like "^/DC0/vm/$2${tab}" "'$1'"
}
same '90%' '90%25'
same '90%25' '90%25'
same '/DC0/vm/90%' '90%25'
same 'x%2Fy' 'x%2fy'
same 'x/y' 'x%2fy'
same 'c\d' 'c%5cd'
same '/DC0/vm/c%5cd' 'c%5cd'
same 'a & <b> "c"' 'a & <b> "c"'
same 'w[*]1' 'w\*1'
same 'ta%09b' 'ta%09b'
same 'ü ö' 'ü ö'
run vs-ls --json 'a & <b> "c"'
out_like '^\{"path":"/DC0/vm/a & <b> \\"c\\"","ref":"VirtualMachine:vm-[0-9]+","name":"a & <b> \\"c\\""\}$' '--json'

# --- kinds

names -t template
is "$out" 'booted-template flatcar-template ' 'templates'
names -t vm 'snap-vm' '*-template'
is "$out" 'snap-vm ' 'invalid VM names'
status_is 3 '... and a pattern that matches none of these'
run vs-ls -t vm flatcar-template
status_is 3 'one of the other kind'
err_is "vs-ls: 'flatcar-template' is a template" '... says so'
run vs-ls -t template snap-vm
err_is "vs-ls: 'snap-vm' is not a template" '... and so'
names -t host
is "$out" 'DC0_C0_H0 DC0_C0_H1 DC0_C0_H2 DC0_H0 ' 'hosts'
names -t host DC0_C0
is "$out" 'DC0_C0_H0 DC0_C0_H1 DC0_C0_H2 ' '... of a cluster'
run vs-ls -t cluster
out_is "/DC0/host/DC0_C0${tab}ClusterComputeResource:domain-c28
/DC0/host/DC0_H0${tab}ComputeResource:domain-s24" 'clusters'
names -t pool
is "$out" 'Resources pool1 Resources ' 'pools'
names -t datastore,datastore-cluster
is "$out" 'LocalDS_0 pod0 LocalDS_1 LocalDS_2 ' 'datastores and their cluster'
names -t datastore pod0
is "$out" 'LocalDS_1 LocalDS_2 ' '... in it'
run vs-ls -t network twin
is "$(printf '%s\n' "$out" | cut -f 1 | uniq -c | tr -s ' ')" ' 2 /DC0/network/twin' 'two networks of one name'
run vs-ls -t network wrkers
status_is 3 'a network that is not there'
err_like "cannot find network 'wrkers': candidates are '/DC0/network/workers', " '... the likeliest first'
names -t folder
is "$out" 'dev prod ' 'folders'
names -t folder prod
is "$status:$out" '0: ' '... in an empty one'
names -t datacenter
is "$out" 'DC0 ' 'datacenters'
names -t template -t cluster
is "$out" 'DC0_C0 DC0_H0 booted-template flatcar-template ' 'two kinds'
run vs-ls -t datastores
status_is 2 'no kind'
err_is "vs-ls: --type: unknown kind 'datastores': did you mean 'datastore'" '... says so'
run vs-ls -t vm,
status_is 2 'an empty kind'

# --- fields

ctl power snap-vm on
has_ip() { vs-ls -l snap-vm | grep -q 'ip='; }
wait_for 20 has_ip
run vs-ls -l snap-vm
out_like "^/DC0/vm/snap-vm$tab$ref${tab}power=on${tab}cpus=2${tab}memory=2G${tab}ip=[0-9.]+${tab}uuid=[0-9a-f-]{36}${tab}host=DC0_C0_H[0-9]$" '-l: a VM'
is "$(printf '%s\n' "$out" | sed 's/.*uuid=\([^	]*\).*/\1/')" \
	"$(ctl vm snap-vm | sed -n 's/^uuid=//p')" '... its uuid is the one its guest sees'
run vs-ls -l flatcar-template
out_like "${tab}power=off${tab}template=yes${tab}" '... a template'
run vs-ls -lt host DC0_H0
out_like "^/DC0/host/DC0_H0/DC0_H0${tab}HostSystem:host-[0-9]+${tab}state=connected${tab}cpus=2${tab}memory=4095M$" '... a host'
run vs-ls -lt datastore LocalDS_0
out_like "${tab}type=[A-Z]+${tab}capacity=[0-9]+G${tab}free=[0-9]+G$" '... a datastore'
run vs-ls -lt cluster DC0_C0
out_like "${tab}hosts=3${tab}cpus=6${tab}memory=" '... a cluster'
run vs-ls -lt network
out_like "^/DC0/network/workers${tab}[^$tab]*${tab}type=standard$" '... networks'
out_like "^/DC0/network/dvpg-workers${tab}[^$tab]*${tab}type=distributed$" '... networks'
out_like "^/DC0/network/seg-opaque${tab}[^$tab]*${tab}type=opaque$" '... networks'
run vs-ls -l --json snap-vm
out_like '"power":"on","cpus":"2","memory":"2G"' '... as JSON'
if command -v script >/dev/null; then
	run script -qec 'vs-ls -l /DC0/vm/*-template' /dev/null
	out_like '^/DC0/vm/booted-template   VirtualMachine:vm-[0-9]+  power=off  ' '... on a terminal: columns'
	unlike "$out" "$tab" '... and no tabs'
else
	skip 'no script(1)' 'columns on a terminal'
fi
vs-ls -o "$T/list" snap-vm
is "$(cat "$T/list")" "/DC0/vm/snap-vm$tab$ref" '-o FILE'

# --- requests

# asked N NAME ARGUMENT...: so many requests, the session being there
asked() {
	_want=$1 _name=$2
	shift 2
	requests_reset
	run vs-ls "$@"
	is "$(requests)" "$_want" "requests: $_name"
}
asked 2 'a folder: its places and its VMs'
asked 2 'all folders' -R
asked 2 'patterns' 'w*' '*-template' 'prod/*'
asked 2 'all VMs with their fields' -lR
asked 1 'places' -t host,cluster,network,pool,datastore
asked 2 'places with their fields' -lt host,cluster,network,pool,datastore
asked 3 'one VM' snap-vm
asked 3 'a folder of VMs by their names' snap-vm DC0_H0_VM0 DC0_H0_VM1 DC0_C0_RP0_VM0 /DC0/vm/flatcar-template
asked 3 'names that are nowhere: one listing' deep1 deep2 deep3 deep4
ctl make-vm /DC0/vm/prod/deep1
ctl make-vm /DC0/vm/dev/deep2
asked 4 '... some of them' deep1 deep2 snap-vm
is "$(printf '%s\n' "$out" | cut -f 1 | tr '\n' ' ')" \
	'/DC0/vm/dev/deep2 /DC0/vm/prod/deep1 /DC0/vm/snap-vm ' '... are found there'

# --- the other tools take what it prints

run sh -c 'vs-ls "/DC0/vm/DC0_H0_*" | vs-power --dry-run off'
status_is 0 'records into vs-power'
is "$(printf '%s\n' "$err" | grep -c 'power off')" 2 '... name these VMs'

# --- ways out

run vs-ls --nonsense
status_is 2 'usage'
GOVC_URL=https://127.0.0.1:1/sdk run vs-ls
status_is 5 'no vCenter there'
GOVC_PASSWORD=wrong run vs-ls
status_is 5 'a wrong password'
(
	sleep 0.3
	vs-ls -R
	echo $? >"$T/status"
) | true
wait_for 10 test -s "$T/status"
is "$(cat "$T/status")" 141 'nobody reads'
ctl set latency 3s
run vs-ls --timeout 200ms
status_is 4 'out of time'
err_like 'not done within' '... says so'
run timeout --foreground --preserve-status -s INT 0.5 vs-ls
status_is 130 'SIGINT'
run timeout --foreground --preserve-status -s TERM 0.5 vs-ls
status_is 143 'SIGTERM'
ctl set latency 0s
GOVC_PERSIST_SESSION=0 run vs-ls
status_is 0 'its own session'
is "$(ctl sessions | sed -n 's/^logouts=//p')" 1 '... is logged out'

# --- things go wrong

full=$(vs-ls -R)
ctl expire
run vs-ls -R
out_is "$full" 'an expired session: logged in again'
ctl fault RetrievePropertiesEx count=1 missing-notauth
run vs-ls -R
out_is "$full" 'NotAuthenticated in a missingSet'
ctl fault clear
ctl fault RetrievePropertiesEx after=1 count=1 drop-after
run vs-ls -R
out_is "$full" 'a lost answer: asked again'
ctl fault clear
ctl fault RetrievePropertiesEx count=1 truncate
run vs-ls -R
out_is "$full" 'half an answer: asked again'
ctl fault clear

# --- several datacenters

govc() {
	GOVC_VIM_VERSION=8.0.3.0 GOVMOMI_HOME=$T/govmomi "$oracle" "$@" >/dev/null
}
if oracle_there govc; then
	govc datacenter.create DC1 && govc folder.create /F && govc datacenter.create -folder /F DC2
	ok $? 'two more datacenters'
	ctl make-vm /DC1/vm/other
	ctl make-vm /F/DC2/vm/snap-vm
	names -t datacenter
	is "$out" 'DC0 DC1 DC2 ' 'they are listed'
	run vs-ls
	out_like "^/DC0/vm/flatcar-template$tab" 'nobody has chosen one: the VMs of all'
	out_like "^/DC1/vm/other$tab" '... of all'
	run vs-ls --datacenter DC1
	out_like "^/DC1/vm/other$tab" 'one was chosen'
	is "$(printf '%s\n' "$out" | wc -l)" 1 '... its VMs'
	run vs-ls /F
	out_like "^/F/DC2/vm/snap-vm$tab" 'those in a folder'
	run vs-ls other
	out_like "^/DC1/vm/other$tab" 'a name of one VM in all of them'
	run vs-ls snap-vm
	status_is 3 '... of two'
	err_like "ambiguous.*'/(DC0|F/DC2)/vm/snap-vm'" '... says which'
	GOVC_DATACENTER=DC0 run vs-ls snap-vm
	out_like "^/DC0/vm/snap-vm$tab" '... is that of $GOVC_DATACENTER'
	run vs-ls --datacenter DC0 other
	status_is 3 '... and none of another'
	names 'o*' 'sn*'
	is "$out" 'snap-vm other snap-vm ' 'patterns, in all of them'
	run vs-ls -t network 'VM Network'
	is "$(printf '%s\n' "$out" | wc -l)" 3 'networks of all'
	run vs-ls -t network --datacenter DC1
	out_like "^/DC1/network/VM Network$tab" '... of one'
	run vs-ls -t host /F/DC2
	is "$status:$out" '0:' '... that has none'
else
	skip 'no build/oracles/govc (tests/setup check)' 'several datacenters'
fi

# --- many

lab_stop
lab_start -vms 4500
run vs-ls -R
is "$(printf '%s\n' "$out" | cut -f 1 | sort -u | wc -l)" 4509 'three pages: all of them'
is "$(printf '%s\n' "$out" | wc -l)" 4509 '... once'
is "$(requests)" 6 '... each a request'
ctl fault ContinueRetrievePropertiesEx after=1 count=1 drop-after
run vs-ls -R
is "$(printf '%s\n' "$out" | cut -f 2 | sort -u | wc -l)" 4509 'a page is lost: all of them'
is "$(printf '%s\n' "$out" | wc -l)" 4509 '... once'
ctl fault clear
ctl fault ContinueRetrievePropertiesEx drop-after
requests_reset
run vs-ls -R
status_is 5 'each second page is lost'
n=$(requests ContinueRetrievePropertiesEx)
[ "$n" -le 10 ]
ok $? '... the list is not read without end' || diag "$n"
ctl fault clear
requests_reset
run sh -c 'vs-ls -R | head -n 1'
is "$(printf '%s\n' "$out" | wc -l)" 1 'a reader that goes away after a line'
run vs-ls vm-00007 vm-04499 nope
is "$(printf '%s\n' "$out" | wc -l)" 2 'names among many'
err_is "vs-ls: cannot find VM 'nope'" '... and one that is not there'

done_testing
