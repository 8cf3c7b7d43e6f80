# SPDX-License-Identifier: Apache-2.0
# faults-mute.sh - servers that do not answer, or stop: for faults.t, after lib.sh.
#
# These cells run in the background at the same time, since each waits for a timeout.  A
# cell states the exit status, a limit for its duration, and a message with the host.
# shellcheck shell=sh disable=SC2154,SC2034 # variables pass between this, lib.sh and faults.t

# mute HOW: starts a server of that kind; sets $mute to its address
#   connect     accepts no connection: its queue is full
#   handshake   accepts it, and sends nothing
#   middle      sends half of a list of nodes over HTTP
mute() {
	mute="ADDRESS"
	[ -z "$list" ] || return 0
	# shellcheck disable=SC2016 # perl's variables
	spawn perl -MIO::Socket::INET -e '
		my ($how, $parent) = (shift, getppid);
		my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1",
			Listen => $how eq "connect" ? 1 : 64) or die "listen: $@\n";
		my $at = "127.0.0.1:" . $s->sockport;
		my @held;
		if ($how eq "connect") {
			# the kernel accepts one or two more than the backlog
			push @held, IO::Socket::INET->new(PeerAddr => $at, Blocking => 0)
				for 1 .. 4;
		}
		$| = 1;
		print "$at\n";
		while (getppid == $parent) {
			vec(my $ready = "", fileno $s, 1) = 1;
			if ($how eq "connect" || !select $ready, undef, undef, 1) {
				sleep 1 if $how eq "connect";
				next;
			}
			my $c = $s->accept or next;
			push @held, $c;
			next if $how ne "middle";
			sysread $c, my $request, 65536;
			my $half = "{\"kind\":\"NodeList\",\"apiVersion\":\"v1\",\"items\":[{\"kind\":";
			syswrite $c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" .
				"Content-Length: 1000\r\n\r\n$half";
		}' "$1" >"$T/mute.$1"
	wait_for 20 test -s "$T/mute.$1" || fail "a mute server: $1"
	mute=$(cat "$T/mute.$1")
}

# kubeconfig URL: writes one for that server, and prints its path
kubeconfig() {
	cat >"$T/kubeconfig.$_cell" <<-EOF
		apiVersion: v1
		kind: Config
		current-context: t
		clusters:
		- name: t
		  cluster: {server: "$1", insecure-skip-tls-verify: true}
		users:
		- name: t
		  user: {token: none}
		contexts:
		- name: t
		  context: {cluster: t, user: t}
	EOF
	echo "$T/kubeconfig.$_cell"
}

_later=
# later LIMIT TOOL FAULT STATUS ERE COMMAND...: starts a cell; ended() judges it
later() {
	chosen "$2" || return 0
	_cell=$((_cell + 1))
	if [ "$list" ]; then
		echo "$2 $3 $4 $5"
		return
	fi
	printf '%s\n' "$2" "$3" "$4" "$5" >"$T/later.$_cell"
	_limit=$1
	shift 5
	(timeout -k 5 "$_limit" "$@" <"$T/record" >"$T/later.$_cell.out" 2>"$T/later.$_cell.err"
		echo "$? $*" >"$T/later.$_cell.end") &
	_later="$_later $_cell:$!"
}

# ended: waits for all cells, and judges them
ended() {
	[ -z "$list" ] || return 0
	for _l in $_later; do
		wait "${_l#*:}"
		_c=$T/later.${_l%:*}
		{ read -r _tool && read -r _fault && read -r _status && read -r _ere; } <"$_c"
		read -r status line <"$_c.end"
		err=$(cat "$_c.err")
		_happened=0 write=-
		_got="$status - $(wc -l <"$_c.out")"
		[ "$_status" = 0 ] && _left=1 || _left=0	# records
		judge "$_status - $_left"
	done
	_later=
}

# at ADDRESS VM: a line "ROW COMMAND..." for each tool that talks to vCenter, with -u ADDRESS
at() {
	printf '/DC0/vm/%s\tVirtualMachine:vm-1\n' "$2" >"$T/record"
	for _main in $(main_rows); do
		row "$_main"
		takes --url || continue
		row_for "$2"
		echo "$_main $row_tool${1:+ -u $1}${command#"$row_tool"}"
	done
}

# mute_cells: with timeouts set by the user
mute_cells() {
	for _how in connect handshake; do
		mute $_how
		while read -r _t _line; do
			[ "$all" ] || case $_how-$_t in connect-[!c]* | *-config) continue ;; esac
			# shellcheck disable=SC2086 # a command and its words
			later 60 "$_t" "no-$_how" 5 \
				"cannot connect to $mute: no .* within [0-9.]+ s" \
				env GOVC_TLS_HANDSHAKE_TIMEOUT="$S" $_line
			[ "$all" ] || case $_t in clone | ls) ;; *) continue ;; esac
			# shellcheck disable=SC2086
			later 60 "$_t" "no-$_how,timeout" 4 "no valid response from $mute" \
				$_line --timeout "$S"
		done <<-EOF
			$(at "$mute" mute)
		EOF
		later 60 node "no-$_how,timeout" 4 "no answer from the API server https://$mute" \
			node-wait --kubeconfig "$(kubeconfig "https://$mute")" --timeout "$S" mute
		[ -z "$all" ] || default_cells $_how
	done
	mute middle
	later 60 node stops-in-answer 4 "no answer from the API server http://$mute" \
		node-wait --kubeconfig "$(kubeconfig "http://$mute")" --timeout "$S" mute
	ended
}

# default_cells HOW: with the default timeouts of the manual pages, 10 s
default_cells() {
	while read -r _t _line; do
		# shellcheck disable=SC2086
		later 60 "$_t" "no-$1,default" 5 "cannot connect to $mute: no .* within 10 s" $_line
	done <<-EOF
		$(at "$mute" mute)
	EOF
	later 60 node "no-$1,default" 5 "cannot connect to $mute: no .* within 10 s" \
		node-wait --kubeconfig "$(kubeconfig "https://$mute")" mute
}

# stalled_cells: a call ends after 60 s without a byte, a poll after 80 s; reads are
# retried for 2 minutes.  All at the same time, and last on this lab.
stalled_cells() {
	mute middle
	later 100 node stops-in-answer,default 4 'no data received for 60 s' \
		node-wait -v --kubeconfig "$(kubeconfig "http://$mute")" --timeout 65s mute
	[ "$list" ] || {
		for _vm in d-reset d-on d-off; do ctl make-vm "/DC0/vm/$_vm"; done
		ctl power d-reset on
		ctl fault ResetVM_Task stall
		ctl fault WaitForUpdatesEx count=1 stall
		requests_reset
	}
	later 200 on poll-stops,default 0 - vs-power on d-on
	[ "$list" ] || wait_for 20 asked WaitForUpdatesEx
	later 200 reset answer-stops,default 1 'no data received for 60 s; it may have taken effect' \
		vs-power reset d-reset
	[ "$list" ] || wait_for 20 asked ResetVM_Task
	[ "$list" ] || ctl fault RetrievePropertiesEx stall
	while read -r _t _line; do
		# its default --timeout is longer, 10 minutes
		[ "$_t" != ip ] || continue
		# shellcheck disable=SC2086 # a command and its words
		later 200 "$_t" read-stops,default 5 '127.0.0.1:[0-9]*: no data received for 60 s' $_line
	done <<-EOF
		$(at '' d-off)
	EOF
	ended
	[ "$list" ] || ctl fault clear
}
