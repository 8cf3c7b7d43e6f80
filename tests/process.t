#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh and its variables; dollars for another shell
# What other processes can see of a tool that runs, and what its environment can make it
# do: memory, debuggers, setuid, TLS keys, libraries.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need perl setpriv
plain_tools	# memcheck's processes are not ours
umask 022
vs_lab
export RUN_TIMEOUT=20
cd "$T" || exit 1
chmod 711 "$T"
if [ "$(id -u)" = 0 ]; then
	user='setpriv --reuid 4711 --regid 4711 --clear-groups'
else
	user=
fi
mkdir bin mine && cp "$BIN"/* bin && cp "$LAB_KUBECONFIG" kubeconfig 2>/dev/null
[ -z "$user" ] || chown 4711 mine
mkfifo wait && chmod 666 wait
printf '#!/bin/sh\necho $$ >"%s/mine/child"\nexec sleep 20\n' "$T" >ssh
chmod +x ssh

# ---- memory and environment

# A process of the same user tries what a process may do to another one.
cat >spy <<'END2'
use strict;
my $pid = shift;
my (@seen, $f, $d, $x);
push @seen, "environ" if open($f, "<", "/proc/$pid/environ") && sysread($f, $x, 1);
push @seen, "mem" if open($f, "<", "/proc/$pid/mem");
push @seen, "fd" if opendir($d, "/proc/$pid/fd") && grep { !/^\./ } readdir $d;
push @seen, "ptrace" if syscall(101, 16, $pid, 0, 0) == 0;	# PTRACE_ATTACH
print "seen: @seen\n";
END2
# shellcheck disable=SC2086 # words
hold() { # COMMAND...: runs as the user, in the background; $held
	env GOVC_URL=https://127.0.0.1:1 GOVC_USERNAME=u GOVC_PASSWORD=S3CRET GOVC_TLS_CA_CERTS="$T/wait" \
		KUBECONFIG="$T/wait" HOME="$T/mine" PATH="$T/bin:$PATH" $user "$@" >o 2>e &
	held=$!
}
# control: the names of what is seen of a usual process
hold sleep 20
wait_for 5 grep -q '^sleep' "/proc/$held/comm"
control=$($user perl spy "$held")
like "$control" '^seen: environ mem fd' "a usual process: its environment, memory and files are seen"
kill "$held"
wait "$held" 2>/dev/null
for tool in bin/*; do
	name=${tool#bin/}
	case $name in
	vs) set -- ls . name=vs-ls ;;
	ign-gen | ign-check) set -- "$T/wait" ;;
	rke2-token) set -- --ssh "$T/ssh" h ;;
	vs-power) set -- on x ;;
	vs-wait) set -- ip x ;;
	vs-extraconfig) set -- -g k x ;;
	vs-clone) set -- t x ;;
	vs-destroy) set -- -y x ;;
	*) set -- x ;;
	esac
	rm -f mine/child
	hold "$tool" "$@"
	case $name in vs) name=vs-ls ;; esac
	wait_for 5 sh -c "grep -q '^$name' /proc/$held/comm && [ \"\$(stat -c %u /proc/$held/environ)\" = 0 ]"
	sleep 0.2
	is "$(kill -0 "$held" && $user perl spy "$held")" 'seen: ' "${tool#bin/}: nothing" || diag "$(cat e)"
	case $name in
	rke2-token)
		wait_for 5 test -s mine/child
		is "$($user perl spy "$(cat mine/child)")" "$control" "... what it runs is as usual"
		;;
	esac
	kill "$held" 2>/dev/null
	wait "$held" 2>/dev/null
done

# ---- the rights of two users

if [ "$(id -u)" = 0 ]; then
	for as in '--ruid 4711 --euid 0' '--rgid 4711 --egid 0 --keep-groups'; do
		for tool in 'vs-ls --help' 'ign-gen /dev/null' 'vs ls' 'vs help'; do
			# shellcheck disable=SC2086 # words
			run setpriv $as bin/$tool
			like "$status $err" '^2 .*not made to run setuid or setgid' "$tool with $as is refused"
		done
	done
else
	skip 'this needs root' 'setuid'
fi

# ---- keys of TLS

key_log() {
	GOVC_PERSIST_SESSION=0 SSLKEYLOGFILE=$1 run vs-ls -q .
	is "$status $err" '0 ' "SSLKEYLOGFILE=$1"
	GOVC_PERSIST_SESSION=0 SSLKEYLOGFILE=$1 run vs-ls .
	is "$status" 0 "... with warnings"
}
key_log "$T/keys"
like "$err" "^vs-ls: warning: the keys of all connections are written to '$T/keys'" "... which say so"
is "$(stat -c %a keys; grep -c TRAFFIC_SECRET keys | grep -c .)" '600
1' "... for the user alone"
echo old >open && ln -s keys link && mkfifo fifo && mkdir folder && perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1)'
for f in open link fifo folder socket no/keys; do
	key_log "$T/$f"
	like "$err" "^vs-ls: warning: .SSLKEYLOGFILE is not used: '$T/$f': ." "... is not used, and says so"
done
is "$(cat open)" old "... nothing was added"
if [ "$(id -u)" = 0 ]; then
	install -m 600 -o 4711 /dev/null theirs
	key_log "$T/theirs"
	like "$err" "'$T/theirs': it belongs to another user" "... another user's neither"
	is "$(cat theirs)" '' "... nothing was written"
fi

# ---- what a wrapper leaves in the environment

printf -- 'insecure\nproxy = http://127.0.0.1:1\n' >.curlrc
for v in "CURL_HOME=$T" "HOME=$T" "XDG_CONFIG_HOME=$T" "CURL_CA_BUNDLE=$T/none" "SSL_CERT_FILE=$T/none" \
	"SSL_CERT_DIR=$T" "NETRC=$T/none" "CURL_SSL_BACKEND=gnutls"; do
	run env GOVC_PERSIST_SESSION=0 "$v" vs-ls .
	is "$status $err" '0 ' "${v%%=*} changes nothing"
done
for v in "CURL_HOME=$T" "CURL_CA_BUNDLE=$GOVC_TLS_CA_CERTS" "SSL_CERT_FILE=$GOVC_TLS_CA_CERTS" \
	"SSL_CERT_DIR=${GOVC_TLS_CA_CERTS%/*}"; do
	run env -u GOVC_TLS_CA_CERTS GOVC_PERSIST_SESSION=0 "$v" vs-ls .
	is "$status" 5 "${v%%=*} makes no certificate trusted" || diag "$out$err"
done
done_testing
