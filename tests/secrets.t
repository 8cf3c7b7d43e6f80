#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# Nothing secret in argument lists, environments, words, traces, cores, or in
# files that others can read: the token, the password, the Ignition config.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need perl ssh
umask 022
vs_lab -password "S3cret-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')"
token=$(cat "$LAB_AGENT_TOKEN_FILE")
tools='rke2-token ign-gen vs-clone vs-extraconfig vs-power vs-wait node-wait'
mkdir "$T/mine" "$T/w"	# what the test keeps; what the tools write
chmod 700 "$T/mine"
M=$T/mine W=$T/w
export RUN_TIMEOUT=120
: >"$M/start"

# pipe: a script on stdin, run as one command
pipe() {
	cat >"$M/pipe"
	run sh "$M/pipe"
	out=$(cat "$T/.out"; echo x)
	cat "$T/.out" "$T/.err" >>"$W/said"
}

# ---- all that runs is looked at all the time

# sampler FILE: each argument list goes to FILE, once, and each variable of our
# tools to FILE.env, until FILE.stop is there.  Others may run tests as well: ours
# are the processes with our HOME.
cat >"$M/sampler" <<'END'
use strict;
my ($file, %seen) = @ARGV;
my $tool = qr{^(?:.*/)?(rke2-token|ign-gen|vs-[a-z]+|node-wait)$};
$SIG{ALRM} = sub { exit 1 };
alarm 240;
open my $list, '>', $file or die;
open my $env, '>', "$file.env" or die;
$_->autoflush(1) for $list, $env;
sub slurp { open my $f, '<', shift or return ''; local $/; my $s = <$f>; defined $s ? $s : '' }
do {
	for my $dir (glob '/proc/[0-9]*') {
		my $args = slurp("$dir/cmdline");
		next if $args eq '' || $dir eq "/proc/$$";
		my @env = split /\0/, slurp("$dir/environ");
		next unless grep { $_ eq "HOME=$ENV{HOME}" } @env;
		if (grep { $_ =~ $tool } split /\0/, $args) {
			for (@env) {
				tr/\n/ /;
				print $env "$_\n" unless $seen{"e$_"}++;
			}
		}
		$args =~ tr/\0\n/  /;
		print $list "$args\n" unless $seen{$args}++;
	}
	select undef, undef, undef, 0.005;
} until -e "$file.stop";
END
spawn perl -MIO::Handle "$M/sampler" "$M/seen"
sampler=$spawned
wait_for 20 test -s "$M/seen"
ok $? "the sampler runs"
env >"$M/env"

# ---- both ways from token to node, with -v and --trace

ctl set clone-time 1s
ctl set boot-time 500ms
ctl set join-time 500ms
at="-s $LAB_SERVER -a $LAB_AUTHORIZED_KEY --rke2 v1.33"
pipe <<END
rke2-token -v --ssh "ssh -F $LAB_SSH_CONFIG" --data-dir "$LAB_CP_DATA_DIR" "$LAB_SSH_HOST" |
	ign-gen -v $at -t - -o "$W/worker.ign"
END
status_is 0 "rke2-token | ign-gen"
pipe <<END
vs-clone -v --trace="$W/trace.1" -n workers -i "$W/worker.ign" --on flatcar-template s-1 s-2 |
	node-wait -v --expect 2
END
status_is 0 "vs-clone -i --on | node-wait"
pipe <<END
vs-clone -v --trace="$W/trace.2" -n workers flatcar-template s-3 s-4 |
	vs-extraconfig -v --trace="$W/trace.3" -i "$W/worker.ign" |
	vs-power -v --trace="$W/trace.4" on | vs-wait -v --trace="$W/trace.5" ip |
	node-wait -v --expect 2
END
status_is 0 "five tools"
ctl set clone-time 50ms
run vs-clone flatcar-template s-5
pipe <<END
vs-extraconfig -v --trace -i "$W/worker.ign" -g guestinfo.ignition.config.data.encoding s-5
vs-ls -v --trace -l -R && vs-destroy -v --trace -y s-5
END
status_is 0 "--trace on stderr"
wait_for 20 grep -q '^perl -e sleep' "$M/seen" & # its own argument list is seen, too
planted=$!
perl -e 'sleep 20' "planted $token" &
canary=$!
wait $planted
: >"$M/seen.stop"
wait "$sampler"
is "$?" 0 "the sampler has seen all of it"
kill $canary
wait $canary 2>"$T/o"

# ---- the secrets, and their pieces

# As one text, and as pieces of it: quotes may have been escaped.  What is packed
# is cut where base64 of the same bytes is the same.
# shellcheck disable=SC1003 # a backslash
pieces() { tr '"{}[],:;<>&\\' '\n' | fold -w 60 | awk 'length >= 40'; }
vs-clone -i "$W/worker.ign" -o "$W/records" flatcar-template s-6
ign=$W/worker.ign
{
	printf '%s\n' "$token" "${token##*:}" "$GOVC_PASSWORD"
	printf %s "$token" | base64 -w 0 | cut -c 1-60
	printf '%s\n' "$token" | base64 -w 0 | cut -c 1-60
	sed -n 's/.*"cookie":"[^0-9a-f]*\([0-9a-f-]\{20,\}\).*/\1/p' "$XDG_RUNTIME_DIR"/vsutils/*
} >"$M/words"
{
	pieces <"$ign"
	base64 -w 60 "$ign" | sed '$d'
	vm s-6 extra.guestinfo.ignition.config.data | fold -w 60 | sed '$d'
	vm s-6 extra.guestinfo.ignition.config.data | base64 -d | gzip -dc | base64 -w 60 | sed '$d'
} >"$M/config"
sort -u "$M/words" "$M/config" | grep . >"$M/secrets"
[ "$(grep -c . "$M/words")" = 6 ] && [ "$(wc -l <"$M/config")" -gt 60 ]
ok $? "the secrets are known: token, password, cookie and config" || diag "$(wc -l "$M"/*)"
has_secret() { LC_ALL=C grep -aqF -f "${2:-$M/secrets}" "$1"; }
for f in "$ign" "$M/seen"; do
	has_secret "$f"
	ok $? "... and are found in ${f##*/}, where one is"
done
# hidden FILE... : none of them is in one of these
hidden() {
	for f; do
		LC_ALL=C grep -anoF -f "$M/secrets" "$f" >"$M/found" || continue
		diag "$f: $(head -n 2 "$M/found" | cut -c 1-12)..."
		return 1
	done
}
for t in $tools; do
	grep -qE "(^| |/)$t( |\$)" "$M/seen"
	ok $? "$t was seen at work"
done
grep -v '^perl -e sleep' "$M/seen" | grep -vF -- "$LAB -dir " >"$M/args"
hidden "$M/args"
ok $? "no secret in any argument list"
if [ "$(id -u)" = 0 ]; then
	[ -s "$M/seen.env" ] && grep -qxF "GOVC_PASSWORD=$GOVC_PASSWORD" "$M/seen.env"
	ok $? "their environment was seen"
else
	skip 'only root may look at it' "their environment was seen"
fi
grep -vxF -f "$M/env" "$M/seen.env" | grep -vE '^(PWD|OLDPWD|_)=' >"$M/more"
is "$(grep -v '^GLIBCPP\|^LD_\|^VALGRIND\|^GLIBCXX' "$M/more")" "" "... it is the user's own value"
grep -v '^GOVC_PASSWORD=' "$M/seen.env" >"$M/others"
hidden "$M/others"
ok $? "... and has no secret but GOVC_PASSWORD"
for n in 1 2 3 4 5; do
	grep -q '^<-- ' "$W/trace.$n" && hidden "$W/trace.$n"
	ok $? "none in the trace of $n"
done
grep -q '^--> ReconfigVM_Task' "$W/said" && grep -q '^ign-gen: ' "$W/said" && hidden "$W/said"
ok $? "none in the output of the tools"

# ---- files that others can read

run rke2-token --ssh "ssh -F $LAB_SSH_CONFIG" --data-dir "$LAB_CP_DATA_DIR" -o "$W/token" "$LAB_SSH_HOST"
status_is 0 "rke2-token -o"
: >"$W/was-open"
# shellcheck disable=SC2086 # options
run ign-gen $at -t "$W/token" -o "$W/was-open"
status_is 0 "ign-gen -o over a file that all can read"
run vs-extraconfig -g guestinfo.ignition.config.data -o "$W/read" s-6
status_is 0 "vs-extraconfig -g -o"
chmod 644 "$W/records"
run vs-extraconfig -g guestinfo.ignition.config.data -o "$W/records" s-6
status_is 0 "... over a file that all can read"
has_secret "$W/records" && has_secret "$W/read" && has_secret "$W/was-open" && has_secret "$W/token"
ok $? "... these hold secrets"
is "$(cd "$W" && stat -c %a token was-open worker.ign read records | tr '\n' ' ')" "600 600 600 600 600 " \
	"... only the owner can read them"
# The test's own and the lab's do not count.
open_files() {
	find "$T" -path "$M" -prune -o -path "$T/lab*" -prune -o \
		-type f -perm /044 -newer "$M/start" -print
	find "${TMPDIR:-/tmp}" /tmp /var/tmp /dev/shm -xdev -path "$T" -prune -o -type f -perm /044 -user "$(id -u)" \
		-newer "$M/start" -size -4096k -print 2>"$M/o"	# they come and go
}
: >"$W/planted" && echo "$token" >"$W/planted"
open_files >"$M/open"
grep -qxF "$W/planted" "$M/open" && has_secret "$W/planted"
ok $? "a file with a secret that others can read would be found"
# Elsewhere other tests may have the same worker with another token.
found=$(grep -v '/planted$' "$M/open" | while read -r f; do
	case $f in
	"$T"/*) has_secret "$f" ;;
	*) has_secret "$f" "$M/words" 2>"$M/o" ;;
	esac && echo "$f"
done)
is "$found" "" "... and none exists"

# ---- cores

# Where the kernel pipes cores to a program, or they cannot be written here, the
# limit is what is left to see.
mkdir "$W/core"
cores() { find "$W/core" -name '*core*' -type f; }
# A shell lets what it starts with & ignore SIGQUIT.
# shellcheck disable=SC3045 # dash and bash have it
at_work() { cd "$W/core" && ulimit -c unlimited && exec perl -e '$SIG{QUIT} = "DEFAULT"; exec @ARGV' "$@"; }
at_work sleep 60 &
pid=$!
wait_for 20 grep -q '^sleep' "/proc/$pid/comm"
kill -QUIT "$pid"
wait "$pid" 2>"$T/o"
case $(cat /proc/sys/kernel/core_pattern)$(cores) in
core*/core*) rm -f "$W/core"/* ;;
*) diag "no core of sleep here: $(cat /proc/sys/kernel/core_pattern)" ;;
esac
# killed SIGNAL WHAT COMMAND...: it ends by that signal, and leaves no core.  WHAT
# is a command that succeeds when it is in the middle of something.
killed() {
	_sig=$1 _when=$2
	shift 2
	requests_reset
	at_work "$@" <"$W/in" >"$T/o" 2>"$T/o.err" &
	pid=$!
	wait_for 20 sh -c "$_when" || diag "$1: not in the middle: $(cat "$T/o.err")"
	limit=$(sed -n 's/^Max core file size *//p' "/proc/$pid/limits" | tr -s ' ')
	kill "-$_sig" "$pid"
	wait "$pid" 2>"$M/o"
	is "$(cores)" '' "SIG$_sig in the middle of $1: no core"
	is "$limit" '0 0 bytes ' "... as its limit says"
	hidden "$T/o" "$T/o.err"
	ok $? "... and no words that hold a secret"
	rm -f "$W/core"/*
}

ctl set clone-time 60s
: >"$W/in"
saw() { echo "'$LAB' ctl requests | grep -q '^$1 '"; }
for sig in QUIT SEGV ABRT; do	# a name each: the task goes on
	killed $sig "$(saw CloneVM_Task)" vs-clone -i "$ign" --hostname c flatcar-template c-$sig
done
ctl set clone-time 50ms
ctl fault ReconfigVM_Task delay=60s
killed SEGV "$(saw ReconfigVM_Task)" vs-extraconfig -i "$ign" -e x=1 s-6
ctl fault clear
ctl set power-time 60s
killed ABRT "$(saw PowerOnVM_Task)" vs-power on s-6
ctl set power-time 20ms
killed QUIT "$(saw CreateFilter)" vs-wait gone s-6
ctl fault RetrievePropertiesEx delay=60s
killed SEGV "$(saw RetrievePropertiesEx)" vs-ls -lR
killed ABRT "$(saw RetrievePropertiesEx)" vs-destroy -y s-6
ctl fault clear
ctl kube-requests reset >"$T/o"
killed QUIT "'$LAB' ctl kube-requests | grep -q '^watch nodes'" node-wait none
mkfifo "$M/slow"
{ echo "$token"; exec sleep 60; } >"$M/slow" &
holder=$!
rm "$W/in" && ln -s "$M/slow" "$W/in"
# shellcheck disable=SC2086 # options
killed SEGV "test -e '$M/slow' && sleep 1" ign-gen $at -t -
kill $holder
wait $holder 2>"$T/o"
rm "$W/in" && : >"$W/in"
cat >"$M/ssh" <<END
#!/bin/sh
cat "$LAB_AGENT_TOKEN_FILE"
: >"$M/gave"
exec sleep 20
END
chmod +x "$M/ssh"
killed ABRT "test -e '$M/gave'" rke2-token --ssh "$M/ssh" cp.example

# ---- a config that is none, and holds a token

# One line each, as a shell would write it; the token in the line that is wrong.
bad() {
	_name=$1
	cat >"$W/bad"
	chmod 600 "$W/bad"
	for cmd in 'vs-extraconfig -v --trace' 'vs-extraconfig --dry-run' 'vs-clone -v --trace flatcar-template' \
		'vs-clone --dry-run flatcar-template'; do
		# shellcheck disable=SC2086 # a tool and its words
		run ${cmd%% *} -i "$W/bad" ${cmd#* } s-6
		is "$status" 2 "$_name: $cmd" || diag "$err"
		like "$err" "^${cmd%% *}: .*bad" "... names the file"
		hidden "$T/.out" "$T/.err"
		ok $? "... and quotes nothing of it"
	done
}
requests_reset
bad 'not JSON' <<END
{"ignition": {"version": "3.4.0"},
 "storage": $token}
END
bad 'a key twice' <<END
{"ignition": {"version": "3.4.0"}, "$token": 1, "$token": 2}
END
{ printf '{"ignition": {"version": "3.4.0"}, "x": "%s' "$token"; printf '\377\376"}\n'; } >"$M/doc"
bad 'not UTF-8' <"$M/doc"
head -c 2000 "$ign" >"$M/doc"
bad 'cut' <"$M/doc"
gzip -c "$ign" >"$M/doc"
bad 'packed' <"$M/doc"
printf '%s\n' "$token" >"$M/doc"
bad 'the token itself' <"$M/doc"
cat >"$M/doc" <<END
variant: flatcar
version: 1.1.0
storage:
  files: [{path: /etc/token, contents: {inline: "$token"}}]
END
bad 'a Butane document' <"$M/doc"
is "$(changed)" 0 "nothing was sent"

# ---- a Butane document with a mistake beside a secret

doc() {
	{ printf 'variant: flatcar\nversion: 1.1.0\n'; cat; } >"$W/doc.bu"
	for opt in '' -v '-D X=1'; do
		# shellcheck disable=SC2086 # options or none
		run ign-gen $opt "$W/doc.bu"
		is "$status" 2 "${1}${opt:+ ($opt)}" || diag "$out"
		hidden "$T/.out" "$T/.err"
		ok $? "... is refused without the secret"
	done
}

doc 'text as a source' <<END
storage: {files: [{path: /a, contents: {source: "$token"}}]}
END
doc 'a password in a URL' <<END
storage: {files: [{path: /a, contents: {source: "ftp://me:$GOVC_PASSWORD@example/"}}]}
END
doc 'an unknown key beside it' <<END
storage: {files: [{path: /a, contents: {inline: "$token", compresion: gzip}}]}
END
doc 'a string for a map' <<END
storage: {files: [{path: /a, contents: "$token"}]}
END
doc 'a map for a string' <<END
storage: {files: [{path: /a, contents: {inline: {token: "$token"}}}]}
END
doc 'a list for a hash' <<END
passwd: {users: [{name: core, password_hash: ["$GOVC_PASSWORD"]}]}
END
doc 'twice' <<END
storage: {files: [{path: /a, contents: {inline: "$token", inline: "$token"}}]}
END
doc 'no end of a string' <<END
storage: {files: [{path: /a, contents: {inline: "$token}}]}
END
doc 'an escape that is none' <<END
storage: {files: [{path: /a, contents: {inline: "$token \\x$token"}}]}
END
for c in '*' '&' '!' '@' '%'; do
	doc "a value that begins with $c" <<-END
	storage: {files: [{path: /a, contents: {inline: $c$GOVC_PASSWORD}}]}
	END
done
doc 'not indented enough' <<END
storage:
  files:
    - path: /a
      contents:
        inline: |
        token: $token
END
doc 'a config to merge that is none' <<END
ignition: {config: {merge: [{inline: '{"ignition": {"version": "3.4.0"}, $token'}]}}
END
doc 'a unit with a mistake' <<END
systemd: {units: [{name: a.service, contents: "[Service]\\nEnvironment=T=$token\\n[Inst"}]}
END
# shellcheck disable=SC2086 # options
for words in "-t $token" "--token=$token" "--tokne=$token" "-t $ign -D $token" "-D X:$token"; do
	run ign-gen $at $words
	status_is 2 "ign-gen ${words%%K10*}TOKEN"
	hidden "$T/.err"
	ok $? "... is refused without the token"
done
# shellcheck disable=SC2086 # options
run ign-gen --print-butane $at -t "$W/token"
! has_secret "$T/.out" "$M/words" && ! has_secret "$T/.err" "$M/words"
ok $? "--print-butane shows no token"
sed "s/^\( *\)client-key-data: .*/\1token: '$token/" "$KUBECONFIG" >"$W/kubeconfig"
run node-wait --kubeconfig "$W/kubeconfig" none
status_is 2 "a kubeconfig that is broken beside its token"
hidden "$T/.err"
ok $? "... is refused without it"

# ---- passwords in URLs that are not what they were meant to be

for pw in 'S3CRET/pw' 'S3CRET#pw' 'S3CRET?pw' 'S3CRET pw' 'S3%zCRET' '12345/S3CRET' 'S3C@RET/pw' '//S3CRET' 'S3CRET:x/'; do
	for url in "https://admin:$pw@vc.example/sdk" "admin:$pw@" "https://admin:$pw"; do
		# these are a host: RET, and admin at port 12345
		case $url in *'S3C@RET/pw' | *:12345/S3CRET) continue ;; esac
		rest=${url#https://}
		printf '{"apiVersion": "v1", "kind": "Config", "current-context": "a",
			"contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
			"users": [{"name": "a", "user": {"token": "x"}}],
			"clusters": [{"name": "a", "cluster": {"server": "%s"%s}}]}' "$url" '' >"$M/server"
		sed "s|\"server\": \".*\"|\"server\": \"https://127.0.0.1:1\", \"proxy-url\": \"http://$rest\"|" \
			"$M/server" >"$M/proxy"
		{
			env GOVC_URL="$url" vs-ls
			vs-ls -u "$url"
			ign-gen -s "$url" -t "$W/token" --rke2 v1.33
			for v in HTTPS_PROXY https_proxy ALL_PROXY all_proxy; do
				env GOVC_URL=https://vc.example "$v=http://$rest" vs-ls
				env GOVC_URL=https://vc.example "$v=$rest" vs-ls
			done
			node-wait --kubeconfig "$M/server" none
			node-wait --kubeconfig "$M/proxy" none
		} >"$T/.out" 2>&1
		[ "$(grep -c : "$T/.out")" -ge 13 ] && ! grep -iE 's3c|cret|12345' "$T/.out"
		ok $? "'$url': 13 messages without a part of the password" || diag "$(cat "$T/.out")"
	done
done
done_testing
