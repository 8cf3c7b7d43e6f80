#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# rke2-token against a real sshd on loopback, with a scratch data directory.
# id, sudo and rke2 on the far side are stand-ins: sshd gives them its PATH.
. "${0%/*}/lib.sh"
need sshd ssh ssh-keygen setsid script flock
d=$T
ssh=ssh

# try ARGS: without a terminal, so that nothing can ask
try() { run setsid -w rke2-token --ssh "$ssh" "$@"; }
says() {
	case $err in
	*"$1"*) pass "... says: $1" ;;
	*) fail "... says: $1"; diag "stderr: $err" ;;
	esac
}
silent() { err_is "" "... and nothing on stderr"; }
no_secret() {
	! { echo "$err"; cat "$d/argv"; } 2>/dev/null |
		grep -qF -e agentpw -e serverpw -e deadbeefdeadbeef
	ok $? "... and no secret in messages or argument lists"
}

# ---- the server

mkdir "$d/bin" "$d/data" "$d/data/server"
ssh-keygen -q -t ed25519 -N '' -f "$d/host" </dev/null
ssh-keygen -q -t ed25519 -N '' -f "$d/user" </dev/null
ssh-keygen -q -t ed25519 -N '' -f "$d/stranger" </dev/null
cp "$d/user.pub" "$d/authorized"
# The directory that sshd's package creates at boot, shared with labs that run at the
# same time (tests/lab/cluster/sshd.go has the same rules): the one that creates it
# marks it, all lock it, and the last one removes a marked one.
hold() {
	exec 9</run/sshd && flock -s 9 &&
		[ "$(stat -c %d:%i /run/sshd)" = "$(stat -L -c %d:%i /proc/self/fd/9)" ]
}
let_go() {
	flock -xn 9 && rm /run/sshd/.vsutils-lab 2>/dev/null && rmdir /run/sshd
}
if [ "$(id -u)" = 0 ]; then
	for _ in 1 2 3 4 5; do
		made=
		mkdir /run/sshd 2>/dev/null && made=1
		hold 2>/dev/null && break
	done
	[ -z "$made" ] || : >/run/sshd/.vsutils-lab
	at_exit let_go
fi

free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
		LocalAddr => "127.0.0.1")->sockport'
}

start() {
	port=$(free_port)
	cat >"$d/sshd_config" <<-END
	ListenAddress 127.0.0.1
	Port $port
	HostKey $d/host
	PidFile none
	AuthorizedKeysFile $d/authorized
	StrictModes no
	UsePAM no
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	PermitRootLogin prohibit-password
	SetEnv PATH=$d/bin:/usr/bin:/bin
	END
	spawn "$(command -v sshd)" -D -e -f "$d/sshd_config" 2>"$d/sshd.log"
	wait_for 5 grep -q 'Server listening' "$d/sshd.log"
}
# another process may have taken the port meanwhile
start || start || { diag "$(cat "$d/sshd.log")"; echo "Bail out! no sshd"; exit 1; }

echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$d/host.pub")" >"$d/known"
cat >"$d/ssh_config" <<END
Host *
	User $(id -un)
	Port $port
	IdentityFile $d/user
	IdentitiesOnly yes
	IdentityAgent none
	UserKnownHostsFile $d/known
	GlobalKnownHostsFile /dev/null
	StrictHostKeyChecking yes
	LogLevel ERROR
	KexAlgorithms curve25519-sha256
END
plain="ssh -F $d/ssh_config"

# An ssh that logs its argument list.
cat >"$d/ssh" <<END
#!/bin/sh
printf '%s\n' "\$@" >>"$d/argv"
exec $plain "\$@"
END
# put NAME: a program on the far side, from stdin
put() {
	{ echo '#!/bin/sh'; cat; } >"$d/bin/$1"
	chmod +x "$d/bin/$1"
}
chmod +x "$d/ssh"
ssh=$d/ssh

root() { echo 'echo 0' | put id; rm -f "$d/bin/sudo"; }
other() { echo 'echo 1000' | put id; }

hash=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
agent=K10$hash::node:agentpw
server=K10$hash::server:serverpw
files() { rm -rf "$d/data/server"; mkdir "$d/data/server"; }
agent_file() { echo "$agent" >"$d/data/server/agent-token"; }
server_file() {
	echo "$server" >"$d/data/server/token"
	ln -sf token "$d/data/server/node-token"
}
h=127.0.0.1
dd="--data-dir=$d/data"

# ---- which token

root
files; agent_file; server_file
try "$dd" $h
status_is 0 "the agent token"
out_is "$agent" "... is the one printed, on one line"
silent
no_secret
grep -qx -e '-oBatchMode=yes' "$d/argv"
ok $? "... without a terminal ssh must not ask"
grep -qx -e '-oConnectTimeout=10' "$d/argv"
ok $? "... nor wait for a host that does not answer"

try "$dd" -v $h
status_is 0 "-v"
says "read '$d/data/server/agent-token' on '$h'"
no_secret

try "$dd" --from server $h
out_is "$server" "--from server"
is "$(echo "$err" | wc -l)" 1 "... one line on stderr"
says "warning: this is a server token, which gives access to the whole cluster: set 'agent-token' on '$h', or create a token with --ttl 1h"
no_secret

try "$dd" -q --from server $h
out_is "$server" "-q"
silent

files; server_file; ln -s token "$d/data/server/agent-token"
try "$dd" $h
out_is "$server" "an agent-token that is the server token: the name proves nothing"
says "warning: this is a server token, which gives access to the whole cluster: set 'agent-token' on '$h', or create a token with --ttl 1h"

files; server_file
try "$dd" $h
status_is 0 "no agent token: the server's"
out_is "$server" "... is printed"
says "warning: this is a server token, which gives access to the whole cluster: set 'agent-token' on '$h', or create a token with --ttl 1h"

try "$dd" --from agent $h
status_is 3 "--from agent, but there is no agent token"
says "no '$d/data/server/agent-token' on '$h': check that it is an RKE2 server, and its --data-dir"

files
try "$dd" $h
status_is 3 "no token at all"
says "no '$d/data/server/agent-token' or node-token on '$h': check that it is an RKE2 server, and its --data-dir"
out_is "" "... and nothing on stdout"

mkdir -p "$d/it's \$HOME \"here\"/server"
echo "$agent" >"$d/it's \$HOME \"here\"/server/agent-token"
try --data-dir "$d/it's \$HOME \"here\"" $h
out_is "$agent" "a data directory that must be quoted"

# ---- how it is printed

files; agent_file
try "$dd" -o "$d/token" $h
status_is 0 "-o FILE"
is "$(stat -c %a "$d/token") $(cat "$d/token")" "600 $agent" \
	"... only its owner can read the file"
out_is "" "... and stdout does not"

try "$dd" --json $h
out_is "{\"token\":\"$agent\",\"user\":\"node\",\"hash\":\"$hash\",\"bootstrap\":false}" --json

{ setsid -w rke2-token --ssh "$plain" "$dd" $h 2>"$d/err"; echo $? >"$d/status"; } | :
is "$(cat "$d/status")" 141 "the reader of stdout has gone: status 141"

# ---- invalid tokens

for t in '' 'K10xx::node:agentpw' "K10$hash::node" 'agentpw agentpw'; do
	echo "$t" >"$d/data/server/agent-token"
	try "$dd" $h
	status_is 1 "not a token"
	says "token from '$h': "
	out_is "" "... and nothing on stdout"
	no_secret
done
: >"$d/data/server/agent-token"
try "$dd" $h
status_is 1 "an empty file"
says "token from '$h': token must not be empty"
printf 'agentpw\0x\n' >"$d/data/server/agent-token"
try "$dd" $h
status_is 1 "a NUL in it"
says "token from '$h': token contains a control character at byte 8"
head -c 200000 /dev/zero | tr '\0' a >"$d/data/server/agent-token"
try "$dd" $h
status_is 1 "a large file"
says "'$h' sent more than 64 KiB, which is too much for a token"
echo agentpw >"$d/data/server/agent-token"
try "$dd" $h
out_is agentpw "a short token"
says "warning: this token has no CA hash: nodes cannot verify the identity of the cluster"

# ---- sudo

files; agent_file; server_file
other
put sudo <<END
printf '%s\n' "\$@" >>"$d/argv"
echo 'sudo: unable to resolve host cp1: Name or service not known' >&2
[ "\$1" = -n ] && shift && exec "\$@"
END
try "$dd" $h
out_is "$agent" "another user than root: sudo -n, whose other output is ignored"
silent
no_secret

files; server_file
try "$dd" $h
out_is "$server" "... the next file, too"

files
try "$dd" $h
status_is 3 "... and no such file"

files; agent_file
put sudo <<'END'
case $LC_ALL in
C) echo "sudo: a password is required" ;;
*) echo "sudo: Ein Passwort ist notwendig" ;;
esac >&2
exit 1
END
try "$dd" $h
status_is 1 "sudo wants a password"
says "sudo on '$h' requires a password: log in as root, or allow 'cat $d/data/server/agent-token' without one (NOPASSWD in sudoers)"
out_is "" "... and nothing on stdout"

put sudo <<'END'
printf 'Sorry, user x is not allowed to execute \033[1mcat\n' >&2; exit 1
END
try "$dd" $h
status_is 1 "sudo refuses"
says "on '$h': Sorry, user x is not allowed to execute \\x1b[1mcat"

if [ -e /usr/bin/sudo ] || [ -e /bin/sudo ]; then
	echo 'echo "sh: 1: sudo: not found" >&2; exit 127' | put sudo
else
	rm "$d/bin/sudo"
fi
try "$dd" $h
status_is 1 "no sudo"
says "rke2-token: no sudo on '$h': log in as root"

# ---- a token that expires; the version

other
put sudo <<END
printf '%s\n' "\$@" >>"$d/argv"
shift; exec "\$@"
END
put rke2 <<END
case \$* in
"token create --ttl 5400s") echo "time=now level=info" >&2
	echo "K10$hash::abc123.deadbeefdeadbeef" ;;
--version) echo "rke2 version v1.33.4+rke2r1 (0f0f)"; echo "go version go1.24.4" ;;
*) exit 9 ;;
esac
END
try --ttl 1h30m $h
status_is 0 --ttl
out_is "K10$hash::abc123.deadbeefdeadbeef" "... a bootstrap token"
silent
no_secret
grep -qx "$d/bin/rke2" "$d/argv"
ok $? "... as root, by the program's full path"
try --ttl 1h30m --json $h
out_like '"user":"abc123".*"bootstrap":true' "... as JSON"

echo 'echo no sudo for this >&2; exit 1' | put sudo
try --server-version $h
status_is 0 --server-version
out_is v1.33.4+rke2r1 "... the release alone, without sudo"
try --server-version --json $h
out_is '{"version":"v1.33.4+rke2r1"}' "... as JSON"

root
try --ttl 5400s $h
out_is "K10$hash::abc123.deadbeefdeadbeef" "--ttl as root"
try --ttl 2h $h
status_is 1 "rke2 fails"
says "'rke2 token create --ttl 7200s' failed on '$h': no reason given"
echo "echo '$agent'" | put rke2
try --ttl 1h $h
status_is 1 "rke2 gives something else"
says "'rke2 token create' on '$h' printed no bootstrap token"
no_secret
echo 'echo hello' | put rke2
try --server-version $h
status_is 1 "no version in it"
says "'rke2 --version' on '$h': no RKE2 version in the output"

rm "$d/bin/rke2"
if [ -e /usr/local/bin/rke2 ] || [ -e /opt/rke2/bin/rke2 ] ||
	command -v rke2 >/dev/null; then
	pass "this machine has an rke2: its absence cannot be tested"
else
	for o in --server-version --ttl=1h; do
		try $o $h
		status_is 3 "$o without rke2"
		says "no rke2 program on '$h' in PATH, /usr/local/bin or /opt/rke2/bin: check that it is an RKE2 server"
	done
fi

# ---- what the far side writes to stderr

files; agent_file
put id <<'X'
printf '\033]0;title\007\302\2332J\r\nrke2-token: read it all\n' >&2
echo 0
X
for o in '' -q; do
	# shellcheck disable=SC2086 # none, or one
	try "$dd" $o $h
	status_is 0 "a far side that writes escapes $o"
	out_is "$agent" "... has its token read"
	err_is "rke2-token: ssh: \\x1b]0;title\\x07\\u009b2J
rke2-token: ssh: rke2-token: read it all" "... and its lines are shown, escaped, as ssh's"
done
root

# ---- no connection, no trust, no login

ssh=$plain
files; agent_file
try "$dd" -P "$(free_port)" $h
status_is 5 "connection refused"
says "cannot log in to '$h' with ssh (see its message above): check the host name, the port (-P), the key (-i) and known_hosts"
says "Connection refused"
try "$dd" -P "$port" -i "$d/user" $h
out_is "$agent" "-P and -i"
sed "s|$d/user|$d/stranger|" "$d/ssh_config" >"$d/ssh_stranger"
ssh="ssh -F $d/ssh_stranger"
try "$dd" $h
status_is 5 "a key that is not known there"
says "Permission denied"
try "$dd" -i "$d/user" $h
out_is "$agent" "... with -i it is"
ssh="$plain -o UserKnownHostsFile=/dev/null"
try "$dd" $h
status_is 5 "a host key that is not known"
says "Host key verification failed"
ssh="$plain -o 'ProxyCommand=false 1 2'"
try "$dd" $h
status_is 5 "quotes in --ssh"

ssh=$d/stub
stub() { { echo '#!/bin/sh'; cat; } >"$d/stub"; chmod +x "$d/stub"; }
echo 'echo "ssh: no route" >&2; exit 255' | stub
try admin@cp.example
status_is 5 "ssh's own 255"
says "cannot log in to 'admin@cp.example' with ssh"
says "ssh: no route"
printf '%s\n' "printf '\\n@vsutils begin\\n$agent\\n'; exit 255" | stub
try cp.example
status_is 5 "the connection breaks in the middle of the answer"
out_is "" "... half of it is not printed"
no_secret
echo 'echo "This account is currently not available."; exit 1' | stub
try cp.example
status_is 1 "a user without a shell"
says "'cp.example' accepts the login but runs no commands (status 1): check the user's login shell"
printf 'echo "Welcome!"; exec %s "$@"\n' "$plain" | stub
try "$dd" $h
out_is "$agent" "a login shell that greets"
if ! under_memcheck; then
	ssh=$d/nothing
	try cp.example
	status_is 1 "no such ssh"
	says "cannot run '$d/nothing': No such file or directory: install the OpenSSH client, or set another command with --ssh"
fi

# ---- time, signals

echo 'exec sleep 3' | stub
ssh=$d/stub
before=$(date +%s%N)
try --timeout 300ms cp.example
status_is 4 "out of time"
says "no answer from 'cp.example' in time: set a longer --timeout"
[ $((($(date +%s%N) - before) / 1000000)) -lt 2500 ]
ok $? "... without waiting for ssh"
run timeout --preserve-status -s INT 0.3 rke2-token --ssh "$ssh" cp.example
status_is 130 "interrupted"

# ---- a terminal: ssh may ask

printf '%s\n' "printf '%s\\n' \"\$@\" >'$d/argv'; exit 255" | stub
run script -qec "rke2-token --ssh '$ssh' cp.example" /dev/null
! grep -q BatchMode "$d/argv" && grep -qx 'sh -s' "$d/argv"
ok $? "with a terminal ssh may ask"

# ---- usage

rm -f "$d/argv"
# usage WORDS ARGS...
usage() {
	words=$1
	shift
	try "$@"
	status_is 2 "$*"
	says "$words"
}
usage "missing operand"
usage "extra operand 'b'" a b
usage "is not a host: expected [USER@]HOST" -- -oProxyCommand=x
usage "is not a host: expected [USER@]HOST" -- -oProxyCommand=x@host
usage "is not a host: expected [USER@]HOST" root@-x
usage "is not a host: expected [USER@]HOST" @host
usage "is not a host: expected [USER@]HOST" ''
usage "is not a host: it contains white space" 'a b'
usage "is not a host: set the port with -P: -P 22 root@host" root@host:22
usage "port: '0' is not between 1 and 65535" -P 0 host
usage "port: 'x' is not an integer" -P x host
usage "--ttl must be at least one second" --ttl 0 host
usage "--ttl creates a token, --from reads one: use only one of them" --ttl 1h --from agent host
usage "--server-version prints no token: omit --ttl" --ttl 1h --server-version host
usage "--server-version prints no token: omit --from" --from agent --server-version host
usage "--from: 'me' is not one of agent|server" --from me host
usage "'x' is not an absolute path" --data-dir x host
ssh="'"
usage "unclosed quote" host
ssh=' '
usage "the ssh command is empty" host
[ ! -e "$d/argv" ]
ok $? "... and nothing was run"

done_testing
