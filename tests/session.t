#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# Sessions, trust and secrets: one Login for all, and nothing secret anywhere.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need openssl setsid
vs_lab
cache=$XDG_RUNTIME_DIR/vsutils
run vs-clone flatcar-template s-1 s-2
status_is 0 "two VMs"
ignition || fail "a worker's Ignition config"
off() { run vs-power off s-1; }	# the shortest real run

# logins COMMAND...: how many it makes
logins() {
	_before=$(session logins)
	"$@" >"$T/logins" 2>&1
	echo $(($(session logins) - _before))
}

# ---- the cache

is "$(stat -c %a "$cache")" 700 "its folder is ours"
file=$(find "$cache" -type f ! -name '*.lock')
is "$(echo "$file" | wc -l) $(stat -c %a "$file")" "1 600" "... and its one file"
! grep -qF -e "$GOVC_PASSWORD" "$file"
ok $? "... holds no password"
is "$(logins vs-power off s-1)" 0 "the next tool needs no Login"
requests_reset
off
is "$(requests RetrieveServiceContent)" 0 "... and starts with its first real call"

# healed SAYING: the file is not used, and is good again
healed() {
	is "$(logins vs-power off s-1)" 1 "$1: a Login"
	is "$(stat -c %a "$file") $(logins vs-power off s-1)" "600 0" "... once"
}
# who holds the lock and hangs is waited for as long as for a connection
lock=$(find "$cache" -name '*.lock')
flock "$lock" sleep 100 &
holder=$!
# shellcheck disable=SC2016 # for that sh
wait_for 10 sh -c '! flock -n "$1" true' sh "$lock"
: >"$file"
is "$(logins vs-power off s-1)" 1 "another tool holds the lock and hangs: a Login all the same"
pkill -P "$holder"
wait "$holder" 2>"$T/o"
# the time of a refusal is of the clock, and that can be set back
sed 's/^{/{"refused":9999999999999,/' "$file" >"$T/refused"
grep -q '"refused":9999999999999' "$T/refused" && cat "$T/refused" >"$file"
ctl expire
run vs-power off s-1
status_is 0 "a login that was refused tomorrow is tried today" || diag "$(cat "$file")"
: >"$file"
healed "an empty cache"
head -c 100 "$file" >"$T/cut" && cat "$T/cut" >"$file"
healed "a cut one"
head -c 300 /dev/urandom >"$file"
healed "one of noise"
chmod 644 "$file"
healed "one that others can read"
if [ "$(id -u)" = 0 ]; then
	chown 1 "$file"
	healed "one of another user"
	is "$(stat -c %u "$file")" 0 "... it is ours again"
else
	skip "only root can give files away" "a cache of another user"
fi
sed 's/"cookie":"[^,]*"/"cookie":"\\"nosuch\\""/' "$file" >"$T/stale" && cat "$T/stale" >"$file"
is "$(logins vs-power off s-1)" 1 "a stale cookie: a Login"
is "$(logins vs-power off s-1)" 0 "... once"
rm -f "$cache"/*
ln -s "$T/elsewhere" "$file"
run vs-power off s-1
status_is 0 "a link in its place"
[ ! -e "$T/elsewhere" ]
ok $? "... is not followed"
# planted KIND FILE: something else in its place
planted() {
	rm -rf "$2"
	case $1 in
	FIFO) mkfifo -m 600 "$2" ;;
	socket) perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die' "$2" ;;
	folder) mkdir -m 700 "$2" ;;
	device) mknod -m 600 "$2" c 1 3 ;;
	'second name') : >"$T/second" && chmod 600 "$T/second" && ln "$T/second" "$2" ;;
	'link to a device') ln -s /dev/zero "$2" ;;
	esac
}
for kind in FIFO socket folder device 'second name' 'link to a device'; do
	if [ "$kind" = device ] && [ "$(id -u)" != 0 ]; then
		skip 'only root makes devices' "a device"
		continue
	fi
	for f in "$file" "$lock"; do
		[ "$f" = "$file" ] || vs-power off s-1 >"$T/o"
		rm -f "$T/second"
		planted "$kind" "$f"
		[ "$f" = "$file" ] || rm -rf "$file"
		RUN_TIMEOUT=5 run vs-power off s-1
		status_is 0 "a $kind in place of ${f##*[0-9a-f]}" || diag "$err"
		[ ! -s "$T/second" ]
		ok $? "... gets nothing"
		case $kind,$f in folder,*) ;; *,"$file") is "$(logins vs-power off s-1)" 0 "... and is replaced" ;; esac
		rm -rf "$f"
	done
done

# ---- a session is for the trust that it was got under

warm() { rm -rf "$cache" && vs-power off s-1 >"$T/o"; }
vc=${GOVC_URL#https://} vc=${vc%%/*}
thumb=$(echo | openssl s_client -connect "$vc" 2>/dev/null | openssl x509 -noout -fingerprint -sha256 | sed 's/.*=//')
printf '%s %s\n' "$vc" "$thumb" >"$T/known"
# shellcheck disable=SC2317 # it is called
pinned() { env GOVC_TLS_KNOWN_HOSTS="$T/known" "$@"; }
warm
is "$(logins vs-power -k off s-1)" 1 "-k does not use a verified session"
is "$(logins vs-power -k off s-1) $(logins vs-power off s-1)" '0 0' "... each has its own"
is "$(logins pinned vs-power off s-1)" 1 "a thumbprint does not use one of a CA"
is "$(logins pinned vs-power off s-1) $(logins vs-power -k off s-1) $(logins vs-power off s-1)" '0 0 0' "... each has its own"
is "$(find "$cache" -type f ! -name '*.lock' | wc -l)" 3 "... in three files"
mkdir "$T/here" "$T/there" && cp "$GOVC_TLS_CA_CERTS" "$T/here/ca.pem" && cp "$GOVC_TLS_CA_CERTS" "$T/there/ca.pem"
# shellcheck disable=SC2317 # it is called
in_folder() { (cd "$T/$1" && shift && GOVC_TLS_CA_CERTS=ca.pem "$@"); }
is "$(logins in_folder here vs-power off s-1) $(logins in_folder there vs-power off s-1)" '1 1' \
	"a relative path to a CA is not the same in another folder"
is "$(logins in_folder here vs-power off s-1)" 0 "... but in its own"
grep -l ', from ' "$cache"/* | xargs rm -f
verified=$(grep -l "CAs in" "$cache"/*) unverified=$(grep -l '"trust":"none"' "$cache"/*)
cat "$unverified" >"$verified"
is "$(logins vs-power off s-1)" 1 "what -k has learnt is not used by a verified run, wherever it stands"

# ---- what the file costs who guesses the password

warm
file=$(find "$cache" -type f ! -name '*.lock')
salt=$(sed -n 's/.*"salt":"\([0-9a-f]*\)".*/\1/p' "$file")
bare_tools=
if perl "$top/tests/no-keyring.pl" true 2>"$T/o"; then bare_tools="perl $top/tests/no-keyring.pl"; fi
if grep -q "vsutils:$salt: 32" /proc/keys 2>"$T/o" || grep -q keyring "$file"; then
	like "$(cat "$file")" 'in the kernel.s keyring' "a digest with a key that is not in a file"
	if [ -n "$bare_tools" ]; then
		# shellcheck disable=SC2086 # words
		is "$(logins $bare_tools vs-power off s-1)" 1 "... is of no use without the keyring"
	fi
else
	skip 'no keyring here' "a digest with a key that is not in a file"
fi
if [ -n "$bare_tools" ]; then
	rm -rf "$cache"
	# shellcheck disable=SC2086 # words
	is "$(logins $bare_tools vs-power off s-1) $(logins $bare_tools vs-power off s-1)" '1 0' "no keyring: one Login"
	# shellcheck disable=SC2086 # words
	run env GOVC_PASSWORD=wrong $bare_tools vs-power off s-1
	status_is 5 "... not for another password"
	rm -rf "$cache"
	# shellcheck disable=SC2086 # words
	$bare_tools vs-power off s-1 >"$T/o"
	salt=$(sed -n 's/.*"salt":"\([0-9a-f]*\)".*/\1/p' "$file")
	hash=$(openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt "pass:$GOVC_PASSWORD" -kdfopt "salt:$salt" \
		-kdfopt iter:200000 PBKDF2 | tr -d ':\n' | tr A-F a-f)
	like "$(cat "$file")" "\"digest\":\"PBKDF2\".*\"password\":\"$hash\"" "... a digest of 200,000 rounds of PBKDF2"
else
	skip 'no seccomp here' "without a keyring"
fi
warm

rm -rf "$cache" && mkdir -m 755 "$cache"
run vs-power off s-1
status_is 0 "a folder that others can enter"
is "$(find "$cache" -type f)" "" "... gets nothing written to it"
rm -rf "$cache"
vs-power off s-1 >"$T/o"
grep -v '"user"' "$file" >"$T/x"
before=$(session logins)
run env GOVC_USERNAME=reader GOVC_PASSWORD=reader vs-wait off s-1
status_is 0 "another user"
is "$(($(session logins) - before))" 1 "... has another session"
before=$(session refused)
run env GOVC_PASSWORD=wrong vs-power off s-1
status_is 5 "another password does not get the session"
is "$(($(session refused) - before))" 1 "... vCenter is asked"
err_like "login as 'administrator@vsphere.local' at 127.0.0.1.* refused" "... and refused, with a message"
unlike "$err" wrong\' "... without the password"
off
status_is 0 "the right one still works"
env XDG_RUNTIME_DIR='' vs-power off s-1 >"$T/o" 2>&1
is "$? $(find "$XDG_CACHE_HOME/vsutils" -type f ! -name '*.lock' | wc -l)" "0 1" \
	"no XDG_RUNTIME_DIR: below XDG_CACHE_HOME"
env XDG_RUNTIME_DIR='' XDG_CACHE_HOME='' vs-power off s-1 >"$T/o" 2>&1
is "$? $(find "$HOME/.cache/vsutils" -type f ! -name '*.lock' | wc -l)" "0 1" "... else ~/.cache"

# ---- not kept

cold
live=$(session live) outs=$(session logouts)
run env GOVC_PERSIST_SESSION=0 vs-power on s-1
status_is 0 "GOVC_PERSIST_SESSION=0"
is "$(session live) $(($(session logouts) - outs))" "$live 1" "... a Logout"
[ ! -e "$cache" ] || [ -z "$(find "$cache" -type f)" ]
ok $? "... and nothing on disk"
outs=$(session logouts)
run env GOVC_PERSIST_SESSION=false vs-power on nosuch
status_is 3 "... and it fails"
is "$(session live) $(($(session logouts) - outs))" "$live 1" "... a Logout all the same"

# ---- it expires

# outlives WHAT N ERE COMMAND...: the session, while its N clones are being made
outlives() {
	what=$1 n=$2 there=$3
	shift 3
	ctl set clone-time 2s
	before=$(session logins)
	begin CloneVM_Task "$n" "$@"
	wait_for 20 asked WaitForUpdatesEx
	ctl expire
	ends 0 "expired while $what" 60
	is "$(($(session logins) - before)) $(wc -l <"$T/begun") $(vms "$there")" "1 $n $n" \
		"... one Login for all, and each VM once"
	ctl set clone-time 50ms
}
off
ctl expire
is "$(logins vs-power on s-1 s-2)" 1 "expired between two runs: one Login"
outlives 'it waits' 3 /x- vs-clone flatcar-template x-1 x-2 x-3
# each of its tools is at work, or waits for its turn
outlives 'a pipe of five is at work' 2 '/y-.*poweredOn' sh -c 'vs-clone flatcar-template y-1 y-2 |
	vs-extraconfig -e a=1 | vs-power on | vs-wait on | vs-wait --expect 2 ip'
ctl fault RetrievePropertiesEx count=1 missing-notauth
before=$(session logins)
run vs-power off s-1
status_is 0 "NotAuthenticated in a missingSet"
is "$(($(session logins) - before))" 1 "... one Login"
ctl fault clear

off
ctl fault RetrievePropertiesEx count=1 status=503
run vs-power off s-1
status_is 0 "a session, and the front end is away for a moment: tried again"
ctl fault clear

# ---- many at once

many() {
	_pids=''
	for i in 1 2 3 4 5; do
		"$@" >"$T/many.$i" 2>"$T/many.$i.err" &
		_many="${_many:-} $!"
	done
	_worst=0
	for p in $_many; do
		wait "$p" || _worst=$?
	done
	_many=
	return $_worst
}
cold
before=$(session logins)
many vs-wait off s-1
is "$?" 0 "five tools on an empty cache" || diag "$(cat "$T"/many.*.err)"
is "$(($(session logins) - before))" 1 "... one Login"
ctl expire
before=$(session logins)
many vs-wait off s-1
is "$? $(($(session logins) - before))" "0 1" "five with an expired session: one Login"
cold
ctl fault Login delay=1s	# until all five have started
before=$(session refused)
many env GOVC_PASSWORD=wrong vs-wait off s-1
is "$?" 5 "five with a wrong password"
ctl fault clear
is "$(($(session refused) - before))" 1 "... ask the server once"
is "$(cat "$T"/many.*.err | grep -c refused)" 5 "... and each says so"
off
status_is 0 "the right one works at once"

# ---- where credentials come from

cold
printf '%s\n' "$GOVC_PASSWORD" >"$T/pw"
printf '%s\n' "$GOVC_USERNAME" >"$T/user"
run env GOVC_PASSWORD="$T/pw" GOVC_USERNAME="$T/user" vs-power off s-1
status_is 0 "user and password from files"
requests_reset
run env -u GOVC_PASSWORD vs-ls
status_is 2 "no password"
err_is "vs-ls: no password: set \$GOVC_PASSWORD" "... is not sent as an empty one"
head -c 70000 /dev/zero >"$T/large"
run env GOVC_PASSWORD="$T/large" vs-ls
status_is 2 "a password file that is too large"
err_is "vs-ls: cannot read the file named in \$GOVC_PASSWORD: it is larger than 64 KiB" "... says so"
run env GOVC_PASSWORD=/no/such/file vs-ls
status_is 5 "a password file that is not there"
err_like "warning: \\\$GOVC_PASSWORD begins with '/', but is not the name of a file: using it as the password" "... is warned about"
run vs-power -u "https://u:secret-pw@127.0.0.1/sdk" off s-1
status_is 2 "a password in -u"
unlike "$err" secret-pw "... is not repeated"
run env -u GOVC_USERNAME -u GOVC_PASSWORD \
	GOVC_URL="https://administrator%40vsphere.local:$GOVC_PASSWORD@${GOVC_URL#https://}" \
	vs-power off s-1
status_is 0 "... in GOVC_URL it may be"
run env -u GOVC_URL vs-power off s-1
status_is 2 "no vCenter named"

# ---- trust, and what is no vCenter: 5

at=${GOVC_URL#https://} at=${at%/sdk}
print() {
	openssl s_client -connect "$at" </dev/null 2>"$T/ssl" |
		openssl x509 -noout -fingerprint "-$1" | cut -d= -f2
}
requests_reset
run env GOVC_TLS_CA_CERTS="$LAB_SERVER_CA" vs-power off s-1
status_is 5 "another CA, with a cached session: fails immediately"
err_like "not trusted.*SHA-256 thumbprint is $(print sha256).*GOVC_TLS_CA_CERTS.*GOVC_TLS_KNOWN_HOSTS" \
	"... shows the thumbprint and where to add it"
is "$(requests)" 0 "... before anything is sent"
run env GOVC_TLS_CA_CERTS="$LAB_SERVER_CA" vs-power -k off s-1
status_is 0 "-k"
echo "$at $(print sha256)" >"$T/known"
pinned() { run env -u GOVC_TLS_CA_CERTS GOVC_TLS_KNOWN_HOSTS="$T/known" "$@"; }
pinned vs-power off s-1
status_is 0 "a pinned SHA-256 thumbprint, no CA"
err_is "" "... and no message"
echo "$at $(print sha1)" >"$T/known"
pinned vs-power off s-1
status_is 0 "a SHA-1 one"
err_like "warning: .*SHA-1" "... warns"
echo "$at $(print sha256 | tr 0-9A-F 1-9A-F0)" >"$T/known"
requests_reset
pinned vs-power off s-1
status_is 5 "another thumbprint"
err_like "has the thumbprint $(print sha256), but .* is pinned" "... says both"
is "$(requests)" 0 "... before anything is sent"
run env GOVC_TLS_KNOWN_HOSTS="$T/known" vs-power off s-1
status_is 5 "... even when its CA is trusted"
printf '/DC0/vm/s-1\t%s\n' "$(ref s-1)" >"$T/s-1"
for row in $(main_rows); do
	row "$row"
	takes --url || continue
	tool=$row_words
	if used_as stdin; then set --; else set -- s-1; fi
	# shellcheck disable=SC2086 # a tool and its words
	run $tool -u 127.0.0.1:1 -- "$@" <"$T/s-1"
	status_is 5 "${tool%% *}: connection refused"
	err_is "${tool%% *}: cannot connect to 127.0.0.1:1: connection refused" "... says so"
	# shellcheck disable=SC2086
	run env GOVC_PASSWORD=wrong $tool "$@" <"$T/s-1"
	status_is 5 "${tool%% *}: login refused"
done
run vs-power -k -u "$LAB_APISERVER" off s-1
status_is 5 "a server that is not a vCenter"
run vs-power -u "$LAB_CTL" off s-1
status_is 2 "http"
ctl fault '*' garbage
cold
run vs-power off s-1
status_is 5 "an HTML page instead of SOAP"
ctl fault clear
run vs-power -u nosuch.invalid off s-1
status_is 5 "no such host"

# ---- nothing secret

cold
vs-clone flatcar-template t-1 >"$T/o"
cold
ctl set clone-time 1s
vs-clone -v --trace="$T/trace" -i "$T/worker.ign" --on flatcar-template t-2 \
	>"$T/o" 2>"$T/o.err" &
clone=$!
wait_for 20 asked CloneVM_Task
tr '\0' '\n' <"/proc/$clone/cmdline" >"$T/argv"
wait $clone
is "$?" 0 "a clone with --trace"
ctl set clone-time 50ms
run vs-extraconfig -v --trace -i "$T/worker.ign" -g guestinfo.hostname t-1
status_is 0 "vs-extraconfig with --trace"
echo "$err" >"$T/trace2"
grep -q '<--' "$T/trace2" && grep -q CloneVM_Task "$T/trace"
ok $? "... both traces are there"
is "$(stat -c %a "$T/trace")" 600 "... a file of one's own"
cookie=$(sed -n 's/.*"cookie":"[^0-9a-f]*\([0-9a-f-]*\).*/\1/p' "$file")
[ ${#cookie} -ge 20 ]
ok $? "the cookie was found in the cache"
token=$(cat "$LAB_AGENT_TOKEN_FILE")
data=$(vm t-1 extra.guestinfo.ignition.config.data)
[ -n "$data" ] && [ -n "$token" ]
ok $? "... the token and the config, too"
for secret in "$GOVC_PASSWORD" "$cookie" "$token" "$(printf '%.40s' "$data")"; do
	! grep -qF -e "$secret" "$T/trace" "$T/trace2" "$T/o" "$T/o.err" "$T/argv"
	ok $? "... not in traces, words, records and arguments: $(printf '%.3s' "$secret")..."
done
done_testing
