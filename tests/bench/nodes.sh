# nodes.sh - node-wait while nothing that it waits for happens, among 5,000
# nodes of 10 KB of which 20 change every second.
# shellcheck shell=bash disable=SC2154

many=5000 spell=20

# waits LABEL ARGUMENT...: CPU while it waits, and its peak
waits() {
	local label=$1 server pid before after kb
	shift
	rm -rf "$T/api" && mkdir "$T/api"
	spawn perl "$top/tests/many-nodes.pl" $many "$T/api" 20
	server=$spawned
	wait_for 30 [ -s "$T/api/port" ] || die 'no API'
	cat >"$T/kubeconfig" <<-END
	current-context: c
	contexts: [{name: c, context: {cluster: k, user: u}}]
	clusters: [{name: k, cluster: {server: "http://127.0.0.1:$(cat "$T/api/port")"}}]
	users: [{name: u, user: {token: not-sent-over-http}}]
	END
	spawn node-wait --kubeconfig "$T/kubeconfig" --timeout 200s "$@" >"$T/out" 2>"$T/err"
	pid=$spawned
	wait_for 100 [ -e "$T/api/sent" ] || die "no watch: $(cat "$T/err")"
	sleep 2
	before=$(ticks "$pid")
	sleep $spell
	after=$(ticks "$pid")
	kb=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status") || die "node-wait is gone: $(cat "$T/err")"
	: >"$T/api/go"
	wait "$pid" || die "node-wait: status $?: $(cat "$T/err")"
	stop "$server"
	figure "node-wait, $many nodes, $label: % of a core" \
		"$(calc "($after - $before) * 100 / $(getconf CLK_TCK) / $spell")" 3 ''
	figure '... peak MB' "$(calc "$kb / 1024")" 25 ''
}
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

printf '\n%s\n' "node-wait: $many nodes of 10 KB, 20 events a second, over $spell s of waiting"
waits 'two of them' node-$many node-1
waits 'all of them' -l pool=all --expect $many
