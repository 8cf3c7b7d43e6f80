#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# The examples, as somebody who has copied them would run them: once, twice, with
# something failing in the middle, with ^C, and again.
. "${0%/*}/lib.sh"
plain_tools
. "${0%/*}/lib-vs.sh"
need make flock timeout setsid ssh shellcheck systemd-analyze
oracle kubectl
# of the make that runs this
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
vs_lab
ex=$top/examples

# What is the lab's and not the user's: ssh's configuration and RKE2's folder.  At
# each drain it is noted which nodes are Ready.
mkdir "$T/bin" "$HOME/.ssh"
cp "$LAB_AUTHORIZED_KEY" "$HOME/.ssh/id_ed25519.pub"
cat >"$T/bin/rke2-token" <<X
#!/bin/sh
exec "$BIN/rke2-token" --ssh "ssh -F $LAB_SSH_CONFIG" --data-dir "$LAB_CP_DATA_DIR" "\$@"
X
cat >"$T/bin/kubectl" <<X
#!/bin/sh
[ "\$1" != drain ] || "$oracle" get nodes --no-headers |
	awk -v w="\$2" '/^worker-/ && \$2 == "Ready" { n++ } END { print w, n + 0 }' >>"$T/drains"
exec "$oracle" "\$@"
X
chmod +x "$T/bin"/*
PATH=$T/bin:$PATH

# calls: the changes that the lab was asked for, in their order
calls() {
	ctl log | awk -F'\t' '$2 ~ /^(CloneVM_Task|Destroy_Task|ReconfigVM_Task)$/ {
		printf "%s", substr($2, 1, 1) } END { print "" }'
}
# ready: how many workers are, as kubectl says
ready() { "$oracle" get nodes --no-headers | awk '/^worker-/ && $2 == "Ready"' | wc -l; }

# ---- make

roll=$T/roll
mkdir "$roll"
cp "$ex/Makefile" "$roll"
cd "$roll" || exit 1
set_to() { sed -i "s|^$1 *:= .*|$1 := $2|" Makefile; }
set_to SERVER "$LAB_SERVER"
set_to ADMIN rke2-cp
set_to VM '-c 2 -m 4G -n workers'
records() { find state -name 'worker-[0-9]' -size +0 | sort | sed 's|.*-||' | tr '\n' ' '; }
RUN_TIMEOUT=120

# ^C goes to all that run on the terminal
ctl set clone-time 60s
requests_reset
setsid env --default-signal=INT make -j8 >"$T/make" 2>&1 &
pid=$!
wait_for 60 asked CloneVM_Task 3
ok $? "make -j: three workers at once" || diag "$(cat "$T/make")"
wait_for 20 asked WaitForUpdatesEx 3
env kill -INT -- "-$pid"
wait_for 30 _dead "$pid" || env kill -KILL -- "-$pid"
wait "$pid"
isnt $? 0 "^C ends it"
wait_for 20 test "$(requests CancelTask)" -ge 3
is "$(requests CancelTask) $(vms /worker-)" "3 0" "... the clones are cancelled and gone"
is "$(records)" "" "... and has no record"
is "$(stat -c %a token worker.ign | tr '\n' ' ')" "600 600 " "... token and config are there, for one's own eyes"

# one of three fails
ctl set clone-time 50ms
ctl fault CloneVM_Task match='>worker-2<' taskfault=NotEnoughLicenses
run make -k -j8
status_is 2 "one clone fails"
err_like "^vs-clone: worker-2: " "... and is named"
is "$(records)" "1 3 " "... the others have their records"
is "$(find state -name '*.new')" "" "... and nothing half-done lies there"
ctl fault clear
requests_reset
run make -j8
status_is 0 "... again" || diag "$out"
is "$(requests CloneVM_Task) $(records) $(ready)" "1 1 2 3  3" "... creates only what is missing"
like "$(cat state/worker-2)" "^/DC0/vm/worker-2$tab$(ref worker-2).*state=ready" "... a record of it"
is "$(vm worker-2 extra.guestinfo.ignition.config.data)" "" "... and the token has left it"
requests_reset
run make -j8
status_is 0 "all there"
is "$(requests) $(session logins)" "0 1" "... nothing is asked; one Login for all of it"
rm -r state/worker-*
run make -j8
status_is 0 "without records"
is "$(changed) $(records)" "0 1 2 3 " "... they are found again, nothing is changed"

# one by one
set_to VM '-c 4 -m 8G -d 50G -n workers'
requests_reset
run make
status_is 0 "a VM with other options is requested"
out_like "^older than worker.ign .*: state/worker-1 state/worker-2 state/worker-3\$" "... make says which are older"
is "$(requests)" 0 "... and leaves them alone"
ctl fault CloneVM_Task match='>worker-2<' taskfault=NotEnoughLicenses
: >"$T/drains"
third=$(ref worker-3)
run make -j8 replace
isnt "$status" 0 "make replace, and the second one fails"
out_like "^worker-1: replaced" "... the first is done"
is "$(vm worker-1 cpus) $(ref worker-3)" "4 $third" "... the third is not touched"
ctl fault clear
first=$(ref worker-1)
run make -j8 replace
status_is 0 "... again" || diag "$out"
is "$(ref worker-1) $(vm worker-2 cpus) $(vm worker-3 cpus)" "$first 4 4" \
	"... the first is left as it is, the others are done"
isnt "$(ref worker-3)" "$third" "... the third is another VM"
is "$(tr '\n' ' ' <"$T/drains")" "worker-1 3 worker-2 3 worker-3 3 " \
	"... none is drained while another one is not Ready" || diag "$(cat "$T/drains")"
is "$(calls | tail -c 11)" "DCRDCCRDCR" "... nor destroyed before the one before it is done"
is "$(ready) $(records)" "3 1 2 3 " "... and all are Ready"
requests_reset
run make -j8 replace
is "$status $(requests)" "0 0" "... once more: nothing is older"

# ^C between two steps of a replacement
touch worker.ign
ctl set clone-time 60s
setsid env --default-signal=INT make replace >"$T/make" 2>&1 &
pid=$!
wait_for 60 asked CloneVM_Task 1
ok $? "^C when the first is destroyed, and cloned" || diag "$(cat "$T/make")"
wait_for 20 asked WaitForUpdatesEx
env kill -INT -- "-$pid"
wait_for 30 _dead "$pid" || env kill -KILL -- "-$pid"
wait "$pid"
isnt $? 0 "... ends it"
ctl set clone-time 50ms
is "$(vms /worker-) $(records)" "2 2 3 " "... no half-made worker, no record of it"
run make
status_is 0 "... and make" || diag "$out"
is "$(ready) $(records)" "3 1 2 3 " "... makes it"
out_like ": state/worker-2 state/worker-3\$" "... the others are still older"

# kill -9 in the middle: vCenter goes on with the clone
requests_reset
ctl set clone-time 2s
setsid make replace >"$T/make" 2>&1 &
pid=$!
wait_for 60 asked CloneVM_Task 1
env kill -KILL -- "-$pid"
wait "$pid" 2>"$T/o"
is "$(records)" "1 3 " "kill -9 in the middle: no record of the one that is being cloned"
run make replace
status_is 0 "... again" || diag "$out"
is "$(requests CloneVM_Task) $(requests Destroy_Task) $(ready) $(records)" "2 2 3 1 2 3 " \
	"... takes that clone, and goes on with the last"
ctl set clone-time 50ms

# ---- cron

# Both files with the lab's names for the example's.
lab_names() {
	sed -e "s|^GOVC_URL=.*|GOVC_URL=$GOVC_URL|; s|^GOVC_USERNAME=.*|GOVC_USERNAME=$GOVC_USERNAME|" \
		-e "s|^GOVC_CLUSTER=.*|GOVC_CLUSTER=$GOVC_CLUSTER|; s|/usr/local/bin|$ex:$T/bin:$BIN|" \
		-e "s|/etc/vsutils/kubeconfig|$KUBECONFIG|; s|/etc/vsutils/|$T/etc/|"
}
mkdir "$T/etc" "$T/tmp"
(umask 077 && printf '%s\n' "$GOVC_PASSWORD" >"$T/etc/vcenter-password")
cp worker.ign "$T/etc"
cp "$GOVC_TLS_CA_CERTS" "$T/etc/vcenter-ca.pem"
lab_names <"$ex/crontab" >"$T/crontab"
# as cron does: its variables, no others, and the line behind five fields to the shell
cron() {
	sed -n '/^[A-Z_]* *=/p' "$T/crontab" >"$T/vars"
	_line=$(sed -n 's/^[^A-Z# 	]*[ 	].*[ 	]\*[ 	]*//p' "$T/crontab")
	set -- "HOME=$HOME" LOGNAME=me "TMPDIR=$T/tmp" "$@"
	while read -r _v; do set -- "$_v" "$@"; done <"$T/vars"
	run env -i "$@" /bin/sh -c "$_line"
}
requests_reset
cron
status_is 0 "cron, and all is well"
is "$_line" "keep-workers worker-1 worker-2 worker-3" "... its line"
is "$out$err" "" "... it says nothing"
is "$(changed)" 0 "... changes nothing"
[ "$(requests)" -gt 0 ]
ok $? "... but has looked"
ctl power /DC0/vm/worker-2 off
cron
status_is 0 "one is off"
out_like "^vs-clone: worker-2: going to power it on" "... it says what it does"
out_like "^/DC0/vm/worker-2$tab.*state=ready" "... and what came of it"
is "$(vm worker-2 power)" poweredOn "... it is on"
ctl delete-vm /DC0/vm/worker-3
ctl node-delete worker-3
cron
status_is 0 "one is gone"
out_like "^vs-clone: worker-3: going to clone" "... it is created again, with a message"
cron
is "$status$out$err" 0 "... then silence again"
cron "GOVC_PASSWORD=$T/etc/worker.ign"
status_is 5 "a wrong password: its status"
out_like "^vs-clone: .*refused" "... says so"
cron KUBECONFIG=/nowhere
status_is 3 "no kubeconfig: the status of node-wait"
out_like "^node-wait: .*/nowhere" "... says so"
run "$ex/keep-workers"
status_is 2 "keep-workers without names"
err_like "^usage: keep-workers NAME" "... prints the usage"
flock -o "$HOME/.keep-workers.lock" sleep 60 &
holder=$!
wait_for 10 sh -c "! flock -n '$HOME/.keep-workers.lock' true"
requests_reset
cron
is "$status$out$err$(requests)" 00 "another run is active: no request, no message"
kill "$holder"
wait "$holder" 2>"$T/o"
ctl fault RetrievePropertiesEx delay=60s
cron LIMIT="$S"
status_is 124 "the time limit has expired"
out_like "^keep-workers: not done within $S" "... says so"
ctl fault clear
is "$(ls "$T/tmp")" "" "... and nothing is left in its TMPDIR"

# ---- systemd

service=$ex/keep-workers.service
R=$T/root
mkdir -p "$R/etc/systemd/system" "$R/usr/lib/systemd/system" "$R/bin"
cp "$ex/keep-workers.service" "$ex/keep-workers.timer" "$R/etc/systemd/system"
for u in /usr/lib/systemd/system/*.target /usr/lib/systemd/system/*.slice /usr/lib/systemd/system/*.mount; do
	[ -L "$u" ] || cp "$u" "$R/usr/lib/systemd/system"
done
ln /bin/sh "$R/bin/sh" 2>/dev/null || cp /bin/sh "$R/bin/sh"
run make -C "$top" install -o all "BUILD=${BIN%/bin}" "DESTDIR=$R" PREFIX=/usr/local
status_is 0 "make install"
is "$(cd "$R/usr/local/share/doc/vsutils/examples" && echo *)" "$(cd "$ex" && echo *)" "... the examples, too"
[ -x "$R/usr/local/share/doc/vsutils/examples/keep-workers" ]
ok $? "... those that run can be run"
for u in service timer; do
	run systemd-analyze verify --root="$R" --man=no "/etc/systemd/system/keep-workers.$u"
	is "$(echo "$err" | grep keep-workers)" "" "systemd finds nothing wrong with the $u"
done
run systemd-analyze security --offline=yes --threshold=15 --root="$R" keep-workers.service
status_is 0 "... and little that it could do: $(echo "$out" | tail -n 1 | sed 's/[^ -~]//g')"

# unit KEY: its values, a line each, with continuations joined and %d and %t put in
unit() {
	sed -e :a -e '/\\$/N; s/\\\n//; ta' "$service" | sed -n "s/^$1=//p" | sed \
		-e "s|%d|$T/credentials|g; s|%t|$T/rt|g; s|https://rke2-cp.example:9345|$LAB_SERVER|" \
		-e "s|GOVC_URL=[^ ]*|GOVC_URL=$GOVC_URL|; s|GOVC_USERNAME=[^ ]*|GOVC_USERNAME=$GOVC_USERNAME|" \
		-e "s|GOVC_CLUSTER=[^ ]*|GOVC_CLUSTER=$GOVC_CLUSTER|; s|/etc/vsutils/|$T/etc/|g"
}
cp "$LAB_AGENT_TOKEN_FILE" "$T/etc/rke2-token"
cp "$KUBECONFIG" "$T/etc/kubeconfig"
cp "$LAB_AUTHORIZED_KEY" "$T/etc/authorized_keys"
# start: as systemd would, one command after the other
start() {
	rm -rf "$T/credentials"
	mkdir -m 700 "$T/credentials"
	[ -d "$T/rt" ] || mkdir -m 700 "$T/rt" "$T/rt/$(unit RuntimeDirectory)"
	unit LoadCredential | while IFS=: read -r _id _file; do
		(umask 077 && cat "$_file" >"$T/credentials/$_id")
	done
	unit ExecStart >"$T/lines"
	out='' status=0
	while read -r _line && [ $status = 0 ]; do
		# shellcheck disable=SC2046 # words
		run env -i PATH="$T/bin:$BIN:/usr/sbin:/usr/bin" \
			CREDENTIALS_DIRECTORY="$T/credentials" $(unit Environment) /bin/sh -c "$_line"
	done <"$T/lines"
}
start
status_is 0 "the service"
is "$(echo "$out" | grep -c "${tab}state=ready")" 3 "... three workers Ready"
is "$(wc -l <"$T/lines")" 3 "... in three steps"
before=$(session logins)
ctl delete-vm /DC0/vm/worker-1
ctl node-delete worker-1
start
status_is 0 "one is gone: the service"
is "$(ready) $(vm worker-1 power)" "3 poweredOn" "... makes it anew"
requests_reset
start
is "$status $(changed) $(session logins)" "0 0 $before" "... and then does nothing, by the same session"
printf 'wrong\n' >"$T/etc/vcenter-password"
start
status_is 5 "a wrong password fails it"
is "$(stat -c %a "$T/rt/keep-workers/worker.ign")" 600 "... only the owner can read the config"

# ---- step by step

mkdir "$T/debug"
cd "$T/debug" || exit 1
debug() {
	run env ADMIN=rke2-cp SERVER="$LAB_SERVER" "$@" "$ex/debug-worker" worker-9
	status_is "$_want" "debug-worker: $_name"
}
_want=0 _name='the whole session'
debug
out_like "^/DC0/vm/worker-9$tab.*${tab}state=ready" "... ends with a Ready node"
out_like "^/etc/rancher/rke2/config.yaml\$" "... it shows what guestinfo holds"
out_like "guestinfo.hostname=worker-9${tab}guestinfo.ignition.config.data.encoding=" "... under which name"
out_like "ip=10\.20\." "... and the address"
unlike "$out$err" "$(cut -c 20- "$LAB_AGENT_TOKEN_FILE")" "... and no token"
requests_reset
_name='again'
debug
is "$(changed)" 0 "... changes nothing"
_want=3 _name='no such template: the status of its step'
debug TEMPLATE=nosuch
err_like "^vs-clone: .*nosuch" "... is named"
unlike "$err" '^\+ vs-power' "... and it goes no further"
vs-destroy -q -y --off worker-9 >"$T/o" && ctl node-delete worker-9
_want=4 _name='a server that is none'
debug SERVER=https://nosuch.example:9345 WAIT="$S"
err_like "^node-wait: worker-9: not ready within" "... the node is missing"

# ---- all of them

run shellcheck "$ex/keep-workers" "$ex/debug-worker"
status_is 0 "shellcheck" || diag "$out"
for e in "$ex"/*; do
	head -n 2 "$e" | grep -qE '^# .{30}'
	ok $? "${e##*/}: begins with a comment"
	is "$(awk 'length > 100' "$e")" "" "... and no line over 100"
done
done_testing
