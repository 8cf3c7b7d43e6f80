#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# ign-check: each mistake is found, its good neighbour is not; files, stdin, VMs.
. "${0%/*}/lib.sh"
. "$top/tests/lib-ign.sh"
. "$top/tests/lib-vs.sh"

# check ARGS...: stdin is the call's; no secret may come out of it
check() {
	run ign-check "$@"
	case $out$err in *"$secret"*) fail "no secret in what it says: $*" ;; esac
}
# found STATUS LINE NAME: the last run has just this to say; LINE is an ERE
found() {
	is "$status $(printf '%s\n' "$out" | grep -c .)" "$1 1" "$3" || diag "$out$err"
	like "$out" "^$2" "... $2"
}
# among STATUS LINE NAME: this, and others
among() {
	is "$status" "$1" "$3" || diag "$out$err"
	like "$out" "^$2" "... $2"
}
# clean NAME: it has nothing to say
clean() { is "$status$out$err" 0 "$1"; }
# ign BODY: a config with this in it, as $T/c.ign
ign() { printf '{"ignition":{"version":"3.3.0"}%s}' "${1:+,$1}" >"$T/c.ign"; }
# theirs STATUS: what ignition-validate makes of $T/c.ign
theirs() {
	"$validate" "$T/c.ign" >"$T/v" 2>&1
	is $? "$1" "... as ignition-validate has it"
}

gen -a key.pub -o w.ign
status_is 0 'a worker'
ign-gen -q -s https://cp.example:9345 -t token -a key.pub --rke2 v1.33 --guestinfo >w.lines

# --- kinds of input

check w.ign
clean 'Ignition'
check --worker w.ign
clean '... of a worker'
run ign-check -v --worker w.ign
is "$status$err" '0ign-check: w.ign: nothing prevents it from booting' '... -v says so'
check <w.ign
clean 'on stdin'
check - <w.ign
clean '... by its name'
run sh -c 'sleep 0.1 | cat - w.ign | ign-check'
clean '... of a pipe'
base64 -w 0 w.ign >w.b64
check w.b64
clean 'base64'
gzip -c w.ign | base64 -w 0 >w.gz64
run sh -c 'cat w.gz64 | ign-check --worker'
clean 'gzip+base64'
check --worker w.lines
clean 'lines of guestinfo'
check --worker <w.lines
clean '... on stdin'
run sh -c 'ign-gen --print-butane | sed "s/@{[A-Z0-9_]*}/x/" | ign-check'
among 0 'passwd.users.0.ssh_authorized_keys.0: warning: ' 'Butane, on stdin of a pipe'
printf 'variant: flatcar\nversion: 1.1.0\n' >m.bu
check m.bu
clean 'Butane'
printf '{"variant": "flatcar", "version": "1.1.0"}' >m.json
check m.json
clean '... as JSON'
echo 'storage: {files: [{path: x}]}' >>m.bu
check m.bu
found 1 "storage.files.0.path: error: 'x' " '... with a mistake'
check --json m.bu
found 1 '\{"input":"m.bu","path":"storage.files.0.path","severity":"error","message":".*","line":3,"col":26\}$' '... in JSON'
printf 'variant: flatcar\nversion: 1.1.0\nstorage: {files: [{path: /x}, {path: /x}]}' >l.bu
check l.bu
found 1 'storage.files.1(.path)?: error: .*l.bu:3' '... that names the file'
printf 'variant: flatcar\nversion: 1.1.0\nstorage: {files: [{path: /x, contents: {local: x}}]}' >l.bu
check l.bu
among 1 'storage.files.0.contents.local: error' 'a file without --files-dir'
mkdir dir && echo x >dir/x
check -d dir l.bu
clean '... and with it'
ign-gen --print-butane >p.bu
check p.bu
is "$status" 1 'a document with placeholders'
err_like 'p.bu: it has placeholders: let ign-gen fill them' '... says which command sets them'
gzip -c w.ign >w.gz
check w.gz
found 0 'warning: raw gzip' 'raw gzip'
printf '{"ignition":{"version":"2.3.0"},"anything":[]}' >c.ign
check c.ign
found 0 'ignition.version: warning: Ignition 2.x is obsolete \(Flatcar still reads it\); only its JSON syntax was checked: convert it to 3.4.0' '2.x'
check --worker c.ign
is "$status$(printf '%s\n' "$out" | grep -c warning)" 02 '... of a worker'
check --lax c.ign
clean '... --lax'
check --flatcar 4081 c.ign
is "$status" 0 '... each Flatcar reads it'
check --flatcar 3033 c.ign
is "$status" 0 '... an old one, too'
printf '{"ignition":{"version":"2.3.0"},"anything":[}' >c.ign
check c.ign
found 2 '1:45: error: expected a value' '... broken'
printf '{"ignitionVersion": 1}' >c.ign
check c.ign
found 0 'ignitionVersion: warning: Ignition 1.x' '1'

# --- what a VM has after its first boot

printf 'guestinfo.ignition.config.data=%s\nguestinfo.ignition.config.data.encoding=base64\n' "$(printf '{}\n' | base64)" >b.lines
check b.lines
is "$status$out" 0 'a config that Ignition has removed'
like "$err" 'has booted: Ignition has run and removed its config' '... says so'
printf 'guestinfo.ignition.config.data=%s\nguestinfo.ignition.config.data.encoding=base64\n' "$(printf '{}\nx' | base64)" >b.lines
check b.lines
unlike "$err" 'has booted' '... is that, and nothing more'
is "$status" 2 '... with anything behind it it cannot be read'

# --- what cannot be read

for bad in 'this is neither Ignition:hello world' 'this is neither Ignition:{"a":1}' \
	'this is neither Ignition:[]' 'this is neither Ignition:{}' \
	'the config is empty:  ' 'this is a cloud-config or a script:#cloud-config' \
	'this is a cloud-config or a script:#!/bin/sh'; do
	printf '%s\n' "${bad#*:}" >bad
	check bad
	found 2 "error: .*${bad%%:*}" "'${bad#*:}'"
done
: >bad
check bad
found 2 'error: the config is empty$' 'an empty file'
printf 'variant: flatcar\nversion: 1.2.0-experimental\n' >exp.bu
check exp.bu
is "$status" 0 'an experimental version'
is "$out" 'version: warning: it makes Ignition 3.7.0-experimental, which may be rejected by the next Ignition release: use 1.1.0 if you can' '... is remarked on once'
check --flatcar stable exp.bu
is "$status" 1 '... and refused for a Flatcar that cannot read it'
like "$out" 'version: error: Flatcar [0-9]+ supports Ignition up to 3.5.0, not 3.7.0-experimental' '... which says so'
printf 'variant: flatcar\nversion: 1.1.0\n\tstorage: x\n' >bad
check bad
found 2 '[0-9]+:[0-9]+: error: ' 'broken YAML: where it breaks'
head -c 100 w.ign >bad
check bad
found 2 '1:[0-9]+: error: unexpected end of text' 'broken JSON: where it breaks'
printf '{"a": %s}' "$secret" >bad
check bad
is "$status" 2 'a Secret that is not JSON'
check nowhere
is "$status$out$err" "3ign-check: cannot read the config 'nowhere': No such file or directory" \
	'a file that is not there'
check bad nowhere w.ign
is "$status" 2 'several: the first that is not well'
check nowhere bad
is "$status" 3 '... in their order'
like "$out" '^bad:1:[0-9]+: error: ' '... with the names of the inputs'
check w.ign bad
is "$status" 2 '... after one that is well'
check --flatcar stabel w.ign
is "$status$out$err" "2ign-check: --flatcar: 'stabel' is not a Flatcar version or channel: did you mean 'stable'?" 'an invalid Flatcar version'
check --expect 1 w.ign
is "$status" 2 '--expect is for VMs'

# --- encoding: of a file

base64 w.ign >bad
check bad
found 0 'warning: line breaks in the base64' 'line breaks'
sed '1s/^\(....\)/\1 /' w.b64 >bad
check bad
found 1 'error: white space in the base64 at byte 5' 'a blank'
sed 's/^/"/' w.b64 >bad
check bad
found 1 'error: byte 1 is not in the base64 alphabet' 'a quote'
# of these each alphabet makes something else
ign '"storage":{"directories":[{"path":"/~~~~~~~"},{"path":"/a~~~~~~~~"},{"path":"/ab~~~~~~~"}]}'
base64 -w 0 c.ign >good
tr '+/' '-_' <good >bad
if cmp -s good bad; then fail 'the alphabets differ'; else pass 'the alphabets differ'; fi
check bad
found 1 'error: base64 in the URL-safe alphabet' 'the URL-safe alphabet'
check good
clean '... the standard one'
# blanks behind it, until its base64 needs padding
while base64 -w 0 c.ign | grep -qv '=$'; do printf ' ' >>c.ign; done
base64 -w 0 c.ign >good
tr -d = <good >bad
check bad
found 1 'error: the base64 padding is missing' 'no padding'
check good
clean '... with it'
sed 's/$/=/' good >bad
check bad
found 1 "error: too many '=' at the end of the base64" 'too much of it'
base64 -w 0 w.b64 >bad
check bad
found 1 'error: base64 twice' 'base64 twice'
gzip -c w.b64 >bad
check bad
found 1 'error: base64 and gzip in an order that no encoding describes' 'gzip around base64'
gzip -c w.ign | head -c 200 | base64 -w 0 >bad
check bad
found 2 'error: cannot unpack the gzip data \(truncated\)' 'gzip that is cut short'
{ gzip -c w.ign; echo more; } | base64 -w 0 >bad
check bad
found 1 'error: cannot unpack the gzip data \(data after the end\)' 'gzip with something behind it'
{ gzip -c w.ign; gzip -c /dev/null; } | base64 -w 0 >good
check good
clean '... two in a row are one'
base64 -w 0 m.bu >bad
check bad
found 1 'error: this is a Butane document' 'Butane in base64'
printf '\357\273\277%s' "$(cat w.ign)" >bad
check bad
found 1 'error: a byte order mark' 'a byte order mark'
printf '\377\376{\000}\000' >bad
check bad
found 2 'error: UTF-16 text' 'UTF-16'

# --- encoding: of a key

data=guestinfo.ignition.config.data
# lines [DATA-FILE [ENCODING]]: the two lines
lines() {
	[ $# -lt 1 ] || printf '%s=%s\n' "$data" "$(cat "$1")"
	[ $# -lt 2 ] || printf '%s.encoding=%s\n' "$data" "$2"
}
keys() {
	lines "$@" >k
	check k
}
for e in base64 b64; do
	keys w.b64 $e
	clean "the encoding $e"
done
for e in gzip+base64 gz+base64 gzip+b64 gz+b64; do
	keys w.gz64 $e
	clean "the encoding $e"
done
keys w.b64
found 1 "$data.encoding: error: the encoding is missing, .*'base64'" 'it is missing'
keys w.gz64 ''
found 1 "$data.encoding: error: the encoding is empty, .*'gzip\\+base64'" 'it is empty'
keys w.gz64 base64
found 1 "$data.encoding: error: the encoding is 'base64', but the data is gzip\\+base64" 'it says less'
keys w.b64 gzip+base64
found 1 "$data.encoding: error: the encoding is 'gzip\\+base64', but the data is base64" 'it says more'
keys w.b64 gzip
found 1 "$data.encoding: error: the encoding is 'gzip', but the data is base64" 'it says something else'
keys w.ign base64
found 1 "$data.encoding: error: the encoding is 'base64', but the data is plain" 'it says so of what is plain'
keys w.ign
found 0 "$data: warning: plain text" 'plain, and it says nothing'
run ign-check --lax k
clean '... --lax'
for e in Base64 base-64 gzip-base64 none; do
	keys w.b64 $e
	found 1 "$data.encoding: error: '$e' is not an encoding that Ignition knows: .*'base64'" "no encoding: $e"
done
keys w.b64 'base64 '
found 1 "$data.encoding: error: white space around the encoding" 'a blank behind it'
base64 -w 0 w.gz64 >bad
keys bad gzip+base64
found 1 "$data: error: base64 twice" 'base64 twice'
keys m.bu base64
among 2 '2:1: error: not a KEY=VALUE line: each value must be on one line$' 'a value of more than one line'
printf 'e30K' >e30K
keys e30K base64
is "$status$out" 0 'e30K'
is "$err" 'ign-check: k: has booted: Ignition has run and removed its config' '... is the state of a VM that has booted'
check e30K
is "$status$out" 0 '... in a file of its own'
printf '%s.url=https://%s@x/\n' guestinfo.coreos.config "$secret" >k
check k
is "$status" 0 'a config that is fetched'
like "$out" '^guestinfo.coreos.config.url: warning: Flatcar reads this, but it is not wiped after the first boot; its secrets stay in the VM' '... is warned of'
like "$out" '^guestinfo.coreos.config.url: warning: the config is fetched at boot' '... twice'
lines w.b64 base64 | sed 's/ignition\.config/coreos.config/' >k
check k
found 0 'guestinfo.coreos.config.data: warning: Flatcar reads this, but it is not wiped after the first boot; its secrets stay in the VM' 'coreos.config.data'
lines w.b64 base64 >>k
check k
found 0 "guestinfo.coreos.config.data: warning: not read, because $data takes precedence" '... beside the other'
printf 'guestinfo.coreos.config.data.encoding=base64\n' >k
check k
found 0 "$data: warning: no Ignition config" 'no config at all'
check --worker k
found 1 "$data: error: no Ignition config" '... of a worker'
printf '#cloud-config\n' | base64 -w 0 >bad
keys bad base64
found 0 "$data: warning: a cloud-config or a script" 'a cloud-config'

# --- size

perl -e 'srand 1; print map { chr 97 + int rand 26 } 1 .. 90_000' >random
ign "\"storage\":{\"files\":[{\"path\":\"/x\",\"contents\":{\"source\":\"data:,$(cat random)\"}}]}"
check c.ign
found 0 "$data: warning: [0-9]+ KiB when encoded, but some ESXi hosts pass on at most 64 KiB: put large files on a server" 'more than 64 KiB'
perl -pe '$_ x= 20' random >random20
perl -e 'srand 1; print map { chr 97 + int rand 26 } 1 .. 1_400_000' >random
{ printf '{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/x","contents":{"source":"data:,'
	cat random
	printf '"}}]}}'; } >c.ign
check c.ign
found 1 "$data: error: [0-9]+ KiB when encoded, but a VM accepts at most 900 KiB: put large files on a server" 'more than 900 KiB'
{ printf 'variant: flatcar\nversion: 1.1.0\nstorage: {files: [{path: /x, contents: {inline: "'
	cat random
	printf '"}}]}\n'; } >big.bu
check big.bu
found 1 "$data: error: [0-9]+ KiB when encoded" '... of Butane'
ign "\"storage\":{\"files\":[{\"path\":\"/x\",\"contents\":{\"source\":\"data:,$(head -c 60000 random)\"}}]}"
check c.ign
clean 'less'
base64 -w 0 c.ign >b64
check b64
found 0 "$data: warning: 7[0-9] KiB when encoded" '... which is more in plain base64'

# --- which Flatcar

version() { printf '{"ignition":{"version":"%s"}}' "$1" >c.ign; }
version 3.5.0
check c.ign
found 0 'ignition.version: warning: 3.5.0 needs Flatcar 4152 or later' '3.5.0'
theirs 0
check --flatcar 4081.3.6 c.ign
found 1 'ignition.version: error: Flatcar 4081 supports Ignition up to 3.4.0, not 3.5.0, .*: use Flatcar 4152 or later' '... 4081'
check --flatcar stable c.ign
clean '... stable'
version 3.6.0
check --flatcar stable c.ign
found 1 'ignition.version: error: Flatcar 4593 .* \(nightlies only\)' '3.6.0, and stable'
version 3.4.0
check c.ign
clean '3.4.0'
check --flatcar lts-2023 c.ign
found 1 'ignition.version: error: Flatcar 3510 supports Ignition up to 3.3.0' '... lts-2023'
check --flatcar lts-2022 c.ign
found 1 'ignition.version: error: Flatcar 3033 supports only Ignition 2.x' '... lts-2022'
printf 'variant: flatcar\nversion: 1.1.0\n' >m.bu
check --flatcar 3510 m.bu
found 1 'version: error: Flatcar 3510 supports Ignition up to 3.3.0' '... of Butane 1.1.0'
version 3.7.0-experimental
check c.ign
found 0 'ignition.version: warning: 3.7.0-experimental is experimental' 'experimental'
theirs 0
version 3.9.0
check c.ign
among 1 'ignition.version: error: ' 'none at all'
theirs 1

# --- what the validator knows

ign '"storage":{"files":[{"path":"x"}]}'
check c.ign
found 1 'storage.files.0.path: error: ' 'a path that is none'
theirs 1
ign '"storage":{"filez":[]}'
check c.ign
found 0 "storage.filez: warning: .*'files'" 'an unused key'
theirs 0
printf '{"ignition":{"version":"3.3.0"},"storage":{},"storage":{}}' >c.ign
check c.ign
found 2 "1:46: error: duplicate key 'storage'" 'a key twice'
check --lax c.ign
clean '... --lax: the later one counts, as in Go'
theirs 0
printf 'variant: flatcar\nversion: 1.1.0\nstorage: {filez: []}\n' >u.bu
check u.bu
found 1 "storage(.filez)?: error: .*'files'" '... of Butane'
check --lax u.bu
found 0 'storage.*: warning: ' '... --lax'
ign '"systemd":{"units":[{"name":"a.service","enabled":true,"contents":"[Unit]\n"}]}'
check c.ign
among 0 'systemd.units.0.[a-z]*: warning: ' 'a warning'
theirs 0
ign "\"passwd\":{\"users\":[{\"name\":\"a\",\"passwordHash\":\"$secret\"}]},\"storage\":{\"files\":[{\"path\":\"/x\",\"mode\":99999,\"contents\":{\"source\":\"$secret\"},\"append\":[{\"source\":\"data:,$secret%\"}]}]},\"systemd\":{\"units\":[{\"name\":\"a.service\",\"contents\":\"$secret\"}]}"
check c.ign
is "$status" 1 'secrets in a config full of mistakes'

# --- a worker

# worker PERL: the good one, with $j, its tree, changed
cat >edit <<'Y'
use strict; use warnings; use JSON::PP;
local $/;
open my $f, '<', 'w.ign'; our $j = decode_json(<$f>);
our $files = $j->{storage}{files}; our $units = $j->{systemd}{units};
our ($config) = grep { $_->{path} =~ m{rke2/config.yaml$} } @$files;
sub text { my $s = shift; $s =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge; { source => "data:,$s" } }
sub unit { my $n = shift; (grep { $_->{name} eq $n } @$units)[0] }
sub without { my $n = shift; @$units = grep { $_->{name} ne $n } @$units }
our $token = "K10$ENV{hash}::node:$ENV{secret}";
sub agent { my ($s, $t) = @_; $config->{contents} = text("server: \"$s\"\ntoken: \"$t\"\n" . ($_[2] // '')) }
eval $ARGV[0]; die $@ if $@;
print JSON::PP->new->canonical->encode($j);
Y
export hash secret
# shellcheck disable=SC2016 # perl's
worker() {
	perl edit "$1" >c.ign || fail "perl: $1"
	check --worker c.ign
	"$validate" c.ign >v 2>&1 || diag "ignition-validate: $(cat v)"
}
wrong() {
	worker "$1"
	found "$2" "$3" "worker: $4"
}
good() {
	worker "$1"
	clean "worker: $2"
}
file='storage.files.[0-9]+'
# shellcheck disable=SC2016 # perl's
{
good '1' 'as it is'
worker '@$files = grep { $_ != $config } @$files'
among 1 "storage.files: error: no file sets 'server', without which rke2-agent exits" 'worker: no config.yaml'
like "$out" "^storage.files: error: no file sets 'token'" '... nor the token'
wrong 'agent("http://cp:9345", $token)' 1 "$file.contents: error: 'server' is 'http://cp:9345', but rke2-agent accepts only https" 'http'
wrong 'agent("https://cp:6443", $token)' 1 "$file.contents: error: 'server' is 'https://cp:6443': port 6443 is the Kubernetes API" 'port 6443'
wrong 'agent("https://cp", $token)' 0 "$file.contents: warning: 'server' is 'https://cp': RKE2 servers accept nodes on port 9345, .* port 443 " 'no port'
wrong 'agent("https://cp:443", $token)' 0 "$file.contents: warning: 'server' is 'https://cp:443': RKE2 servers accept nodes on port 9345" 'another port'
wrong 'agent("https://cp:99999", $token)' 1 "$file.contents: error: .* whose port is not from 1 to 65535" 'a port that is none'
wrong 'agent("https://:9345", $token)' 1 "$file.contents: error: .* has no host" 'no host'
wrong 'agent("https://cp:9345/x", $token)' 1 "$file.contents: error: .* expected https://HOST:9345 and nothing after it" 'a path'
wrong 'agent("https://me:$ENV{secret}\@cp:9345", $token)' 1 "$file.contents: error: 'server' must not contain a user name or password" 'a password'
wrong 'agent($token, $token)' 1 "$file.contents: error: 'server' is '\\*\\*\\*'" 'the token in its place'
good 'agent("https://[fd00::1]:9345/", $token)' 'an IPv6 address'
wrong '$config->{contents} = text("server: https://cp:9345\n")' 1 "$file.contents: error: 'token' is missing, and rke2-agent exits without it" 'no token'
wrong '$config->{contents} = text("token: $token\n")' 1 "$file.contents: error: 'server' is missing" 'no server'
wrong 'agent("https://cp:9345", $ENV{secret})' 0 "$file.contents: warning: the token has no CA hash" 'a token without a hash'
wrong 'agent("https://cp:9345", "K10abc::node:$ENV{secret}")' 1 "$file.contents: error: rke2-agent cannot use this token \\(invalid token CA hash length: 3" 'a token with half a hash'
good 'push @$files, { path => "/etc/rancher/rke2/config.yaml.d/9.yaml", mode => 384, contents => text("token: $token\n") };
	$config->{contents} = text("server: https://cp:9345\n")' 'a token in config.yaml.d'
wrong 'push @$files, { path => "/etc/rancher/rke2/config.yaml.d/9.yaml", mode => 384, contents => text("server: http://cp\n") }' \
	1 "$file.contents: error: 'server' is 'http://cp'" '... a server there, which wins'
good 'push @$files, { path => "/etc/rancher/rke2/config.yaml.d/9.txt", contents => text("server: http://cp\n") }' '... not in a file of another kind'
good 'push @$files, { path => "/etc/t", mode => 384, contents => text("$token\n") };
	$config->{contents} = text("server: https://cp:9345\ntoken-file: /etc/t\n")' 'a file with the token'
wrong 'push @$files, { path => "/etc/t", mode => 384, contents => text("$ENV{secret}\n") };
	$config->{contents} = text("server: https://cp:9345\ntoken-file: /etc/t\n")' 0 "$file.contents: warning: the token has no CA hash" '... without a hash'
wrong '$config->{contents} = text("server: https://cp:9345\ntoken-file: /etc/t\n")' 0 "$file.contents: warning: 'token-file' is '/etc/t', which is not in this config" '... that is not there'
wrong '$config->{contents} = text("server: https://cp:9345\n\ttoken: $token\n")' 1 "$file.contents: error: line [0-9]+ is not valid YAML" 'broken YAML'
wrong '$config->{contents} = text("token: &a $token\nserver: https://cp:9345\n")' 0 "$file.contents: warning: line 1 uses YAML that is not supported here" 'an anchor'
wrong '$config->{contents} = text("- $token\n")' 1 "$file.contents: error: not a map of 'KEY: VALUE' lines" 'a list'
wrong '$config->{contents} = { source => "https://x/y", verification => { hash => "sha256-" . "0" x 64 } }' 0 "$file.contents: warning: fetched at boot or unreadable" 'fetched'
wrong '$config->{append} = [ { source => "https://x/y" }, text("node-label: a=b\n") ]' 0 "$file.contents: warning: fetched at boot or unreadable" 'a part of it fetched'
good 'agent("https://cp:9345", $token, "node-label:\n- a=b\n- node.kubernetes.io/pool=x\nnode-taint: x=y:NoSchedule,z:NoExecute\n")' 'labels and taints'
wrong 'agent("https://cp:9345", $token, "node-label: [node-role.kubernetes.io/worker=true]\n")' 1 "$file.contents: error: label 'node-role.kubernetes.io/worker': the kubelet refuses it" 'a role'
wrong 'agent("https://cp:9345", $token, "node-label+: kubernetes.io/os=flatcar\n")' 1 "$file.contents: error: label 'kubernetes.io/os=flatcar': the kubelet keeps resetting it to 'linux'" 'a label that does not stay'
wrong 'agent("https://cp:9345", $token, "node-label: a=b,c\n")' 1 "$file.contents: error: label 'c' has no value" 'a label without a value'
wrong 'agent("https://cp:9345", $token, "node-taint: [a=b:Never]\n")' 1 "$file.contents: error: taint 'a=b:Never': unknown effect" 'a taint'
good '$config->{contents} = text("node-label: a=b\n"); unit("rke2-agent.service")->{dropins} = [ { name => "e.conf", contents => "[Service]\nEnvironmentFile=/etc/default/rke2-agent\n" } ];
	push @$files, { path => "/etc/default/rke2-agent", mode => 384, contents => text("RKE2_URL=https://cp:9345\nRKE2_TOKEN=$token\n") }' 'all of it by the environment'

# modes of secrets
wrong 'delete $config->{mode}' 0 "$file.mode: warning: not set, which means 0644: .* the join token .*384" 'no mode'
wrong '$config->{mode} = 0640' 0 "$file.mode: warning: 0640: " '0640'
good '$config->{mode} = 0400' '0400'
wrong 'push @$files, { path => "/x", contents => text("a $token b") }' 0 "$file.mode: warning: .* a join token" 'a token elsewhere'
good 'push @$files, { path => "/x", contents => text("a K10abc::node:x b") }' '... something like it'
wrong 'push @$files, { path => "/x", mode => 0644, contents => text("-----BEGIN RSA PRIVATE KEY-----") }' 0 "$file.mode: warning: 0644: .* a private key" 'a private key'
wrong 'push @$files, { path => "/x", mode => 0644, append => [ text("-----BEGIN RSA PRIVATE KEY-----") ] }' 0 "$file.mode: warning: 0644: .* a private key" '... appended'
wrong 'push @$files, { path => "/etc/rancher/rke2/registries.yaml", contents => text("configs: {r: {auth: {password: $ENV{secret}}}}") }' 0 "$file.mode: warning: .* a registry password" 'a password'
good 'push @$files, { path => "/etc/rancher/rke2/registries.yaml", contents => text("mirrors: {docker.io: {endpoint: [\"https://x\"]}}") }' '... and none'

# units
wrong 'push @$units, { name => "mine.service", enabled => JSON::PP::true }' 0 "systemd.units.[0-9]+.enabled: warning: 'mine.service' is neither in this config nor a known Flatcar unit" 'a unit that is not there'
good 'push @$units, { name => "docker.service", enabled => JSON::PP::true }, { name => "systemd-networkd.service", enabled => JSON::PP::true },
	{ name => "mine.service", enabled => JSON::PP::false }, { name => "mine2.service", mask => JSON::PP::true, enabled => JSON::PP::true }' 'units of Flatcar; one that is off'
good 'push @$files, { path => "/etc/systemd/system/mine.service", contents => text("[Install]\n") }; push @$units, { name => "mine.service", enabled => JSON::PP::true }' 'one from a file'
good 'push @$units, { name => "m\@.service", contents => "[Install]\nWantedBy=a.target\n" }, { name => "m\@x.service", enabled => JSON::PP::true }' 'one of a template'
good 'push @$files, { path => "/etc/containers/systemd/web.container", contents => text("[Container]\n") }; push @$units, { name => "web.service", enabled => JSON::PP::true }' 'one that podman makes'
wrong 'delete unit("rke2-agent.service")->{enabled}' 1 'systemd.units.[0-9]+: error: nothing starts rke2-agent.service, .*: enable it' 'the agent is not enabled'
wrong 'without("rke2-agent.service")' 1 'systemd.units: error: nothing starts rke2-agent.service' 'no agent'
wrong 'unit("rke2-agent.service")->{mask} = JSON::PP::true' 1 'systemd.units.[0-9]+.mask: error: rke2-agent.service is masked' 'a masked agent'
worker 'delete unit("rke2-agent.service")->{contents}'
among 1 'systemd.units.[0-9]+: error: nothing starts rke2-agent.service, .* or a link in' 'worker: an agent without contents'
good 'without("rke2-agent.service"); push @{$j->{storage}{links}}, { path => "/etc/systemd/system/multi-user.target.wants/rke2-agent.service", target => "/usr/local/lib/systemd/system/rke2-agent.service" }' 'started by a link'
good 'without("rke2-agent.service"); push @$units, { name => "go.service", enabled => JSON::PP::true, contents => "[Service]\nExecStart=/usr/bin/systemctl start rke2-agent\n[Install]\nWantedBy=a.target\n" }' 'by another unit'
good 'without("rke2-agent.service"); push @$files, { path => "/opt/go", mode => 0755, contents => text("#!/bin/sh\nsystemctl enable --now rke2-agent\n") }' 'by a script'

# updates, keys
wrong 'without("locksmithd.service")' 0 'systemd.units: warning: locksmithd.service is not masked' 'reboots are not masked'
wrong 'without("update-engine.service")' 0 'systemd.units: warning: update-engine.service is not masked' 'updates are not masked'
good 'without("update-engine.service"); push @{$j->{storage}{links}}, { path => "/etc/systemd/system/update-engine.service", target => "/dev/null" }' 'masked by a link'
good 'without("update-engine.service"); without("locksmithd.service"); push @$files, { path => "/etc/flatcar/update.conf", contents => text("REBOOT_STRATEGY=off\n") }' 'update.conf'
wrong 'without("update-engine.service"); without("locksmithd.service"); push @$files, { path => "/etc/flatcar/update.conf", contents => text("GROUP=stable\n") }' \
	0 "$file.contents: warning: /etc/flatcar/update.conf does not set REBOOT_STRATEGY" '... that says nothing of it'
wrong 'delete $j->{passwd}' 0 'passwd.users: warning: no user has an SSH key: .*sshAuthorizedKeys' 'no key'
good 'delete $j->{passwd}; push @$files, { path => "/home/core/.ssh/authorized_keys.d/x", contents => text("x") }' 'a key in a file'

# configs within
worker '$j = { ignition => { version => "3.3.0", config => { merge => [ text(encode_json($j)) ] } } }'
clean 'worker: all of it within'
worker '$j = { ignition => { version => "3.3.0", config => { replace => text(encode_json($j)) } } }'
clean 'worker: ... to replace what is around'
worker 'my $in = text(encode_json($j)); agent("https://cp:6443", $token); $j->{ignition}{config} = { replace => $in }'
clean 'worker: ... which has mistakes, but is replaced'
worker 'my $in = text(encode_json($j)); agent("https://cp:6443", $token); $j->{ignition}{config} = { merge => [ $in ] }'
clean 'worker: ... a file there replaces one with mistakes'
worker 'my $good = $config->{contents}; agent("https://cp:6443", $token); my $in = text(encode_json($j)); $config->{contents} = $good; $j->{ignition}{config} = { merge => [ $in ] }'
among 1 "ignition.config.merge.0.storage.files.[0-9]+.contents: error: 'server' is" 'worker: ... and one with mistakes a good one'
worker 'agent("https://cp:6443", $token); $j = { ignition => { version => "3.3.0", config => { merge => [ text(encode_json($j)) ] } } }'
found 1 "ignition.config.merge.0.storage.files.[0-9]+.contents: error: 'server' is" 'worker: a mistake within'
worker '$j = { ignition => { version => "3.3.0", config => { merge => [ { source => "https://x/y" } ] } } }'
is "$status" 0 'worker: what is fetched is not missed' || diag "$out"
like "$out" '^ignition.config: warning: some configs are fetched at boot or unreadable: they were not checked' '... and says so'
unlike "$out" ': error: ' '... and no error'
worker 'my $in = text(encode_json($j)); $j = { ignition => { version => "3.3.0", config => { merge => [ (map { text(sprintf "{\"ignition\":{\"version\":\"3.3.0\"}}%*s", $_, "") } 1 .. 15), $in ] } } }'
is "$status" 0 'worker: more configs inside than are checked' || diag "$out"
like "$out" '^ignition.config: warning: more than 15 configs inside this one: the others were not checked' '... and says so'
worker 'my $in = text(encode_json($j)); $j = { ignition => { version => "3.3.0", config => { merge => [ (map { text(sprintf "{\"ignition\":{\"version\":\"3.3.0\"}}%*s", $_, "") } 1 .. 14), $in ] } } }'
clean 'worker: ... as many as are'
}
for updates in none kured reboot; do
	for rke2 in v1.33 'v1.33.4+rke2r1 --rke2-sha256'; do
		# shellcheck disable=SC2086 # words
		run sh -c "ign-gen -q -s https://cp.example:9345 -t token -a key.pub --updates $updates --label a=b --taint c=d:NoSchedule \
			--rke2 $rke2 $([ "${rke2#*sha}" = "$rke2" ] || echo "$sum") | ign-check --worker --flatcar 3510"
		clean "what ign-gen makes: --updates $updates --rke2 $rke2"
	done
done
run sh -c 'sed "s/,\"mode\":384//" w.ign | ign-check --worker --lax'
found 0 "$file.mode: warning: not set" '--lax does not make --worker lax'
sed 's/^version: .*/version: 1.0.0\nignition: {timeouts: {http_total: 1}}/' m.bu >w.bu
check --worker w.bu
among 1 'storage.files: error: no file sets' 'a worker in Butane'
like "$out" 'ssh_authorized_keys' '... in its own words'

# --- the way out

version 3.5.0
check --json w.ign c.ign
is "$(printf '%s\n' "$out" | perl -MJSON::PP -ne 'decode_json($_)->{input} eq "c.ign" or print')" '' '--json names the input'
run ign-check -o found.txt c.ign
is "$status$out" 0 '-o'
like "$(cat found.txt)" '^ignition.version: warning' '... is where findings go'
run sh -c '{ sleep 0.3; ign-check c.ign; echo $? >status; } | true'
is "$(cat status)" 141 'stdout is a closed pipe: status 141'
run sh -c 'ign-check c.ign >/dev/full'
is "$status" 1 'a full disk: status 1'
run sh -c '{ printf "{"; sleep 0.2; printf "\"ign"; sleep 0.2; printf "ition\":{\"version\":\"3.3.0\"}}"; } | ign-check'
clean 'a slow writer'
# shellcheck disable=SC2016 # perl's
run perl -MSocket -e 'socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
	if (!fork) { close $a; open STDIN, "<&", $b or die; exec @ARGV; }
	close $b; open my $f, "<", "w.ign"; print {$a} <$f>; close $a; wait; exit $? >> 8' ign-check --worker
clean 'a socket'

# --- VMs

# shellcheck disable=SC2119 # no options
vs_lab
hide() { ctl setextra "$@" >/dev/null || fail "setextra $1 $2"; }
run vs-clone flatcar-template v-1 v-2 v-3 v-4 v-5
status_is 0 'five VMs'
printf '%s\n' "$out" | sort >vms
run vs-extraconfig -i w.ign v-1
status_is 0 'one has a worker'
hide v-2 $data "$(cat w.b64)"
hide v-3 $data e30K
hide v-3 $data.encoding base64
hide v-4 $data 'H4sIAAAAAAAA'
hide v-4 $data.encoding gzip+base64
requests_reset
run sh -c "vs-ls 'v-*' | ign-check"
is "$status" 1 'records: the status of the first that is not well'
is "$(printf '%s\n' "$out" | sed 's/: \(error\|warning\): .*//')" "/DC0/vm/v-2: $data.encoding
/DC0/vm/v-4: $data
/DC0/vm/v-5: $data" '... findings by VM, in the order of the input' || diag "$out"
like "$out" "^/DC0/vm/v-2: $data.encoding: error: the encoding is missing" '... an encoding'
like "$out" "^/DC0/vm/v-4: $data: error: cannot unpack the gzip data" '... gzip'
like "$out" "^/DC0/vm/v-5: $data: warning: no Ignition config" '... nothing at all'
err_is 'ign-check: /DC0/vm/v-3: has booted: Ignition has run and removed its config' '... one that has booted gets a message'
is "$(changed)" 0 '... and nothing is sent'
requests_reset
run ign-check --worker <vms
is "$status" 1 'records of a file, --worker'
is "$(requests RetrievePropertiesEx)" 1 '... read in one call'
like "$out" "^/DC0/vm/v-5: $data: error: no Ignition config" '... without a config it is not a worker'
run sh -c 'echo v-1 | ign-check --worker --expect 1'
clean 'a bare name'
run sh -c 'echo v-1 | ign-check -v --worker'
is "$err" 'ign-check: /DC0/vm/v-1: nothing prevents it from booting' '... -v'
run sh -c 'echo v-4 | ign-check'
is "$status" 2 'what cannot be read is status 2'
run sh -c 'echo v-1 | ign-check --expect 2'
is "$status" 1 'fewer than expected'
run sh -c 'vs-ls --json "v-2" | ign-check --json'
is "$(printf '%s\n' "$out" | perl -MJSON::PP -ne '$j = decode_json($_); print "$j->{input} $j->{path} $j->{severity}"')" \
	"/DC0/vm/v-2 $data.encoding error" 'records in JSON, findings in JSON'
run sh -c 'printf "nosuch\nv-1\n" | ign-check'
is "$status" 3 'no such VM'
like "$err" "^ign-check: nosuch: " '... says so'
hide v-1 guestinfo.vsutils.ignition-sha256 0000
hide v-1 guestinfo.vsutils.server https://other:9345
run sh -c 'echo v-1 | ign-check'
is "$status" 0 'facts of another config'
like "$out" '^/DC0/vm/v-1: guestinfo.vsutils.ignition-sha256: warning: the recorded digest does not match the config in the VM' '... the digest'
like "$out" '^/DC0/vm/v-1: guestinfo.vsutils.server: warning: the recorded server is not the one in the config' '... the server'
run vs-extraconfig --clear-ignition v-1
run sh -c 'echo v-1 | ign-check'
is "$status$out$err" '0ign-check: /DC0/vm/v-1: had a config, which was removed (vs-extraconfig --clear-ignition)' \
	'a config that was cleared'
run sh -c 'echo v-2 | ign-check --trace=trace'
is "$(grep -c "$(head -c 60 w.b64)" trace)" 0 'nothing of a config in the trace'
run ign-check </dev/null
clean 'no VMs: nothing to do'
run env GOVC_URL=127.0.0.1:1 sh -c 'echo v-1 | ign-check --timeout 5s'
is "$status" 5 'no vCenter: status 5' || diag "$err"

done_testing
