#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2016 # lib.sh and its variables; $ in JSON
# ign-gen --from-ignition: Ignition to Butane, and back again by ign-gen and by Butane.
modules=${GOMODCACHE:-${GOPATH:-$HOME/go}/pkg/mod}
. "${0%/*}/lib.sh"
. "$top/tests/lib-ign.sh"

# The contents of configs, one file each, as norm prints them, without the version and
# without empty values.
{
	sed '/^local/,$d' "$T/norm"
	cat <<'X'
sub tidy {
	my $v = shift;
	return [map { tidy($_) } @$v] if ref $v eq 'ARRAY';
	return $v unless ref $v eq 'HASH';
	for my $k (keys %$v) {
		my $w = $v->{$k} = tidy($v->{$k});
		delete $v->{$k} if !defined $w || (ref $w eq 'HASH' && !%$w)
			|| (ref $w eq 'ARRAY' && !@$w) || ($k eq 'number' && $w == 0);
	}
	$v;
}
sub what {
	local $/;
	open my $f, '<', $_[0] or return "no $_[0]\n";
	my $text = <$f>;
	$text =~ s{"data:[a-z]+/[^,"]*?(;base64)?,}{"\"data:" . ($1 // "") . ","}ge;
	my $j = eval { decode_json($text) } or return "$_[0] is not JSON\n";
	plain($j);
	$j = tidy($j);
	delete $j->{ignition}{version};
	JSON::PP->new->canonical->pretty->utf8->encode($j);
}
print what($ARGV[0]) if @ARGV == 1;
# FILE-OF-NAMES: the names for which NAME.ign and the result differ
if (@ARGV == 2) {
	open my $list, '<', $ARGV[1] or die;
	for my $n (<$list>) {
		chomp $n;
		my $want = what("$n.ign");
		what("$n.$_") eq $want or print "$n.$_\n" for qw(ours theirs);
	}
}
X
} >"$T/what"
what() { perl "$T/what" "$1" || echo "perl fails over $1"; }

# there_and_back NAME: NAME.ign is a config with no finding except its version;
# NAME.bu is left there
there_and_back() {
	run ign-gen --from-ignition "$1.ign"
	status_is 0 "$1.ign goes back"
	cp "$T/.out" "$1.bu"
	is "$(printf '%s\n' "$err" | grep -v ': ignition\.version: ')" '' '... without a message'
	run ign-gen "$1.bu"
	status_is 0 '... and forth again'
	cp "$T/.out" "$1.ours"
	is "$(what "$1.ours")" "$(what "$1.ign")" '... with the same contents'
	run "$butane" "$1.bu"
	status_is 0 '... also by Butane'
	cp "$T/.out" "$1.theirs"
	is "$(what "$1.theirs")" "$(what "$1.ign")" '... with the same contents'
}

# --- its format

cat >look.ign <<'X'
{"systemd": {"units": [{"enabled": true, "contents": "[Unit]\nDescription=x\n\n[Install]\nWantedBy=multi-user.target\n", "name": "a.service"}]},
 "passwd": {"users": [{"sshAuthorizedKeys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Zc0mHlzNqVTDnNwYyaH0bqVd6RtKZcH4sDGmQ0n9r me@x"], "name": "core", "uid": 500, "homeDir": null}]},
 "ignition": {"version": "3.3.0", "timeouts": {}},
 "storage": {"links": [], "files": [
  {"mode": 420, "path": "/etc/a", "overwrite": false, "contents": {"compression": "", "source": "data:,one%0Atwo%0A"}, "user": {"id": 0}},
  {"path": "/etc/b", "mode": 0, "contents": {"source": "data:;base64,/w=="}, "append": [{"source": "data:text/plain;charset=utf-8;base64,MDY0NA=="}]}]}}
X
there_and_back look
is "$(cat look.bu)" 'variant: flatcar
version: 1.0.0
passwd:
  users:
    - name: core
      ssh_authorized_keys:
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Zc0mHlzNqVTDnNwYyaH0bqVd6RtKZcH4sDGmQ0n9r me@x
      uid: 500
storage:
  files:
    - path: /etc/a
      overwrite: false
      user:
        id: 0
      contents:
        inline: |
          one
          two
      mode: 0644
    - path: /etc/b
      append:
        - inline: "0644"
      contents:
        source: data:;base64,/w==
      mode: 0000
systemd:
  units:
    - name: a.service
      contents: |
        [Unit]
        Description=x

        [Install]
        WantedBy=multi-user.target
      enabled: true' 'as a person would write it'
run ign-gen --from-ignition - <look.ign
is "$out" "$(cat look.bu)" 'stdin'
run ign-gen --check --from-ignition look.ign
is "$status$out$err" 0 '--check writes nothing'
for with in '--add look.bu' '-D A=b' --guestinfo '-t token' '-a key' '--label a=b' --env '-d .'; do
	# shellcheck disable=SC2086 # $with is words
	run ign-gen $with --from-ignition look.ign
	is "$status$out" 2 "an option without effect is refused: $with"
	like "$err" '^ign-gen: --from-ignition cannot be used with ' '... in these words'
done

# text that looks like a placeholder is kept
cat >literal.ign <<'X'
{"ignition":{"version":"3.4.0"},"systemd":{"units":[{"contents":"[Service]\nExecStart=@{X} @@{X} @x {Y}\n","name":"a.service"}]}}
X
run ign-gen --from-ignition literal.ign
like "$out" 'ExecStart=@@\{X\} @@@\{X\} @x \{Y\}' 'a literal @{NAME}'
printf '%s\n' "$out" >literal.bu
run ign-gen literal.bu
is "$out" "$(cat literal.ign)" '... is the same again'

# --- every field

cat >all.ign <<'X'
{
 "ignition": {
  "version": "3.3.0",
  "config": {
   "merge": [{"source": "https://example.com/a.ign", "verification": {"hash": "sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
              "httpHeaders": [{"name": "Authorization", "value": "Basic x"}]},
             {"source": "data:,%7B%22ignition%22%3A%7B%22version%22%3A%223.3.0%22%7D%7D"}],
   "replace": {"source": "https://example.com/b.ign", "compression": "gzip"}
  },
  "proxy": {"httpProxy": "http://p:1", "httpsProxy": "https://p:2", "noProxy": ["a", "*.b", "1.0"]},
  "security": {"tls": {"certificateAuthorities": [
   {"source": "data:,-----BEGIN%20CERTIFICATE-----%0A", "compression": ""}, {"source": "https://x/ca"}]}},
  "timeouts": {"httpResponseHeaders": 0, "httpTotal": 16}
 },
 "kernelArguments": {"shouldExist": ["a=b", "true", "x y"], "shouldNotExist": ["0"]},
 "passwd": {
  "groups": [{"name": "g", "gid": 0, "passwordHash": "", "shouldExist": true, "system": false}],
  "users": [
   {"name": "u", "gecos": "", "groups": ["g", "null"], "homeDir": "/h", "noCreateHome": true, "noLogInit": false,
    "noUserGroup": true, "passwordHash": "$6$x", "primaryGroup": "g", "shell": "/bin/sh", "shouldExist": false,
    "system": false, "uid": 1000},
   {"name": "~x", "gecos": "Zo\u00eb \u2028\ufeff\u0007 # x: y"}
  ]
 },
 "storage": {
  "directories": [{"path": "/d", "mode": 493, "overwrite": true, "user": {"id": 0}, "group": {"name": "wheel"}}],
  "files": [
   {"path": "/f1", "mode": 0, "user": {"name": "a"}, "contents": {"source": "data:,"}, "append": [
    {"source": "data:,a"}, {"source": "https://x/y", "compression": "gzip"}, {"source": "data:;base64,AP8=", "compression": ""}]},
   {"path": "/f2", "overwrite": false},
   {"path": "/f3", "contents": {"source": "https://x/z", "compression": "", "verification": {"hash": null}}},
   {"path": "/f4", "contents": {"source": "data:,%C3%A4%09%C3%B6%7F%22%5C%0D%0A%20%3C%26%3E%20%0A%0A"}},
   {"path": "/f5 \u00e4", "mode": 292, "contents": {"source": "data:text/plain;charset=utf-8,%20%20x%0A%0A"}},
   {"path": "/f6", "overwrite": true, "contents": {"source": "", "compression": null, "verification": {}, "httpHeaders": []}}
  ],
  "links": [{"path": "/l", "target": "/f1", "hard": false, "overwrite": true}, {"path": "/l2", "target": "../x", "user": {"id": 1}}],
  "disks": [{"device": "/dev/sdb", "wipeTable": true, "partitions": [
   {"number": 1, "label": "a", "sizeMiB": 100, "startMiB": 0, "typeGuid": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
    "guid": "", "wipePartitionEntry": true, "shouldExist": true, "resize": false},
   {"number": 0, "label": "b"}]}],
  "filesystems": [{"device": "/dev/sdb1", "format": "ext4", "path": "/data", "label": "x", "uuid": "", "options": ["-O", "x"],
   "mountOptions": ["ro"], "wipeFilesystem": true}],
  "luks": [{"name": "l", "device": "/dev/sdb2", "keyFile": {"source": "data:,secret"}, "label": "l", "uuid": "u",
   "options": ["--x"], "wipeVolume": true}],
  "raid": [{"name": "r", "level": "raid1", "devices": ["/dev/a", "/dev/b"], "spares": 1, "options": ["--z"]}]
 },
 "systemd": {"units": [
  {"name": "a.service", "enabled": true, "contents": "[Service]\nExecStart=/x \\\n\t-y \n\n[Install]\nWantedBy=multi-user.target\n"},
  {"name": "b.timer", "mask": true, "enabled": false, "contents": ""},
  {"name": "c.service", "dropins": [{"name": "10-x.conf", "contents": "[Service]\nRestart=no"}, {"name": "20.conf"}]},
  {"name": "d.service", "contents": "# \u0001\r\n[Unit]\r\nDescription=@{{x} %i\r\n"}
 ]}
}
X
there_and_back all
like "$(cat all.bu)" '^version: 1.0.0$' '3.3.0 is flatcar 1.0.0'
unlike "$err" . 'without a message'
sed 's/"wipeVolume": true/"wipeVolume": true, "discard": false, "openOptions": ["--y"]/; s/3\.3\.0/3.4.0/g' all.ign >all4.ign
there_and_back all4
like "$(cat all4.bu)" '^version: 1.1.0$' '3.4.0 is flatcar 1.1.0'
cat >all7.ign <<'X'
{"ignition": {"version": "3.7.0-experimental"}, "storage": {
 "files": [{"path": "/f", "mode": 2541}],
 "luks": [
  {"name": "a", "device": "/dev/a", "clevis": {"tpm2": false, "threshold": 1,
   "tang": [{"url": "https://t", "thumbprint": "x", "advertisement": "{\"payload\": \"\"}"}]}},
  {"name": "b", "device": "/dev/b", "clevis": {"custom": {"pin": "sss", "config": "{}\n", "needsNetwork": false}}}]}}
X
there_and_back all7
like "$(cat all7.bu)" '^version: 1.2.0-experimental$' '3.7.0-experimental is flatcar 1.2.0-experimental'
like "$(cat all7.bu)" '^      mode: 04755$' 'with setuid, which it supports'
unlike "$(cat all.bu)" 'null$|\[\]$|\{\}$' 'empty values are dropped'

# --- the documents of ign-gen-butane.t

perl -e 'local $/; my $t = <STDIN>;
	while ($t =~ /^cat >(\w+)\.bu <<.X.\n(.*?)^X\n/msg) { open my $f, ">", "doc-$1.bu" or die; print $f $2; close $f; print "doc-$1\n" }
	' <"$top/tests/ign-gen-butane.t" | sort -u >docs
taken=0
while read -r doc; do
	"$butane" "$doc.bu" >"$doc.ign" 2>/dev/null || continue	# it has local files
	taken=$((taken + 1))
	there_and_back "$doc"
done <docs
[ "$taken" -ge 4 ]
ok $? "documents of ign-gen-butane.t ($taken)"
for updates in none reboot; do
	gen --rke2-sha256 "$sum" --rke2 v1.33.4+rke2r1 -a key.pub --updates $updates --label example.com/x=y --taint a=b:NoSchedule
	printf '%s\n' "$out" >worker.ign
	there_and_back worker
done
ign-gen --from-ignition worker.ign >once.bu 2>err
ign-gen --from-ignition worker.ours >twice.bu 2>>err
is "$(cat twice.bu err)" "$(cat once.bu)" 'and the same Butane when translated back again'

# --- the configs in Ignition's tests, each once, the versions in turn

source=$(sed -n 's,^.*github.com/coreos/ignition/v2 \(v[^ ]*\).*,\1,p' "$top/tests/oracles/ignition/go.mod" | head -n 1)
source=$modules/github.com/coreos/ignition/v2@$source
if [ -d "$source/tests" ]; then
	find "$source/tests" "$source/config" -name '*.go' | sort | perl -e '
		use strict; use warnings; local $/;
		my ($n, %had) = (0);
		for my $name (split /\n/, <STDIN>) {
			open my $h, "<", $name or die; my $go = <$h>;
			my $min = $go =~ /configMinVersion := "3\.(\d)/ ? $1 : 0;
			while ($go =~ /`(\s*\{[^`]*\})\s*`/g) {
				my $j = $1;
				next if $j !~ /"ignition"/ or $had{$j}++;
				my $v = $min + $n % (8 - $min);
				$v = $v == 7 ? "3.7.0-experimental" : "3.$v.0";
				$j =~ s/\$version/$v/g;
				open my $o, ">", sprintf("real%03d.ign", $n++) or die;
				print $o $j;
			}
		}'
	total=0 old=0 n=0 step=1
	! under_memcheck || step=10
	: >names
	for f in real*.ign; do
		name=${f%.ign}
		n=$((n + 1))
		[ $((n % step)) = 0 ] || continue
		"$validate" "$f" >said 2>&1 || continue
		total=$((total + 1))
		ign-gen --from-ignition "$f" >"$name.bu" 2>>said
		status=$?
		# the only valid reason is a key that is unknown in this version
		if grep -q 'unused key' said; then
			old=$((old + 1))
			is "$status" 2 "$name: a key that Ignition does not know"
			continue
		fi
		is "$status" 0 "$name goes back" || diag "$(cat said)"
		ign-gen "$name.bu" >"$name.ours" 2>/dev/null
		"$butane" "$name.bu" >"$name.theirs" 2>/dev/null
		echo "$name" >>names
	done
	is "$(perl "$T/what" - names 2>&1)" '' "and is the same again ($total, $old with unknown keys)"
	[ "$(wc -l <names)" -ge $((75 / step)) ]
	ok $? 'there are enough of them'
else
	skip 'no source of Ignition (tests/setup check)' "Ignition's own configs"
fi

# --- versions

# version IGNITION MESSAGES BUTANE [MORE]: the Butane version that a config becomes
version() {
	printf '{"ignition":{"version":"%s"}%s}\n' "$1" "${4:-}" >v.ign
	run ign-gen --from-ignition v.ign
	status_is 0 "$1"
	is "$(printf '%s\n' "$out" | sed -n 2p)" "version: $3" "... is flatcar $3"
	is "$err" "$2" '... in these words'
}
older='Butane cannot make an older version'
for n in 0 1 2; do
	version 3.$n.0 "ign-gen: warning: v.ign:1:24: ignition.version: Ignition 3.$n becomes Ignition 3.3 with flatcar 1.0.0: $older" 1.0.0
done
version 3.3.0 '' 1.0.0
version 3.4.0 '' 1.1.0
for n in 5 6; do
	version 3.$n.0 "ign-gen: warning: v.ign:1:24: ignition.version: Ignition 3.$n becomes Ignition 3.4 with flatcar 1.1.0: it uses nothing newer" 1.1.0
done
version 3.7.0-experimental '' 1.2.0-experimental
exp='Ignition 3.7.0-experimental with flatcar 1.2.0-experimental, which may be rejected by the next Ignition release: no earlier version supports line 2'
version 3.6.0 "ign-gen: warning: v.ign:1:24: ignition.version: Ignition 3.6 becomes $exp" 1.2.0-experimental ',
"storage":{"files":[{"path":"/a","mode":2541}]}'
for n in 2 4 5; do
	version 3.$n.0 "ign-gen: warning: v.ign:1:24: ignition.version: Ignition 3.$n becomes $exp" 1.2.0-experimental ',
"storage":{"luks":[{"name":"a","device":"/dev/a","clevis":{"tpm2":true}}]}'
done
version 3.4.0 '' 1.1.0 ',
"storage":{"luks":[{"name":"a","device":"/dev/a","keyFile":{"source":"data:,x"},"clevis":{"tang":[]}}]}'
# setuid has no effect in Ignition 3.4, but it would have in the result
version 3.4.0 "ign-gen: warning: v.ign:1:24: ignition.version: Ignition 3.4 becomes $exp
ign-gen: warning: v.ign:2:47: storage.directories.0.mode: setuid, setgid and sticky bits have no effect before Ignition 3.6
ign-gen: warning: v.ign:2:47: storage.directories.0.mode: setuid, setgid and sticky have no effect in Ignition 3.4, but would have in what Butane makes: they are removed" \
	1.2.0-experimental ',
"storage":{"directories":[{"path":"/t","mode":1023}],"luks":[{"name":"a","device":"/dev/a","clevis":{"tpm2":true}}]}'
like "$out" '^      mode: 0777$' 'setuid, setgid and sticky are removed'
run ign-gen --strict --from-ignition v.ign
status_is 2 '--strict: a warning is an error'
is "$out" '' '... without output'

# --- which resources become text

# resource IN OUT: members of an object; lines of YAML
resource() {
	printf '{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/a","contents":{%s}}]}}\n' "$1" >r.ign
	there_and_back r
	is "$(sed '1,/^      contents:/d; s/^ *//' r.bu)" "$2" "... as it should be: $1"
}
zip() { printf %b "$1" | gzip -n9 | base64 -w0; }
resource '"source":"data:,a%20b"' 'inline: a b'
resource '"compression":"","source":"data:;base64,eA=="' 'inline: x'
resource '"source":"data:,"' 'inline: ""'
resource "\"compression\":\"gzip\",\"source\":\"data:;base64,$(zip 'a\nb\n')\"" 'inline: |
a
b'
hash=sha512-$(printf %0128d 7)
zipped=$(zip 'a\n')
resource "\"compression\":\"gzip\",\"source\":\"data:;base64,$zipped\",\"verification\":{\"hash\":\"$hash\"}" "compression: gzip
source: data:;base64,$zipped
verification:
hash: $hash"
resource "\"source\":\"data:;base64,$zipped\"" "source: data:;base64,$zipped"
binary=$(zip '\377')
resource "\"compression\":\"gzip\",\"source\":\"data:;base64,$binary\"" "compression: gzip
source: data:;base64,$binary"
resource '"compression":"gzip","source":"data:,a"' 'compression: gzip
source: data:,a'
resource '"source":"data:,a%00b"' 'source: data:,a%00b'
resource '"source":"data:,%FFb"' 'source: data:,%FFb'
resource '"source":"data:,%40%7BUSER%7D"' 'source: data:,%40%7BUSER%7D'
resource '"source":"data:,%40%7B%7D%40%7Bx"' 'inline: "@{}@{x"'
resource '"source":""' 'source: ""'
resource '"source":"https://x/y","compression":""' 'compression: ""
source: https://x/y'

# Butane checks inline configs, and refuses duplicates
cat >merge.ign <<'X'
{"ignition": {"version": "3.3.0", "config": {"merge": [
 {"source": "data:;base64,eyJpZ25pdGlvbiI6eyJ2ZXJzaW9uIjoiMy4zLjAifX0="},
 {"source": "data:,%7B%22ignition%22%3A%7B%22version%22%3A%223.3.0%22%7D%7D"},
 {"source": "data:,%7B%22ignition%22%3A%7B%22version%22%3A%223.2.0%22%7D%7D"},
 {"source": "data:,x"},
 {"source": "data:,%7B%22ignition%22%3A%7B%22version%22%3A%223.3.0%22%7D,%22a%22:1%7D"}]}}}
X
run ign-gen --from-ignition merge.ign
status_is 0 'configs inside it'
cp "$T/.out" merge.bu
is "$(grep -c inline: merge.bu)" 1 'one of which Butane checks, too'
for by in ign-gen "$butane"; do
	"$by" merge.bu >merge.out 2>err
	is "$(what merge.out)$(cat err)" "$(what merge.ign)" "and all are the same again with ${by##*/}"
done

# --- refused

# bad STATUS MESSAGE: the config on stdin is refused
bad() {
	cat >bad.ign
	refused "$1" "$2" --from-ignition bad.ign
}
refused 2 "--from-ignition needs a FILE to read ('-' for stdin)" --from-ignition
refused 3 "cannot read the config 'nope': No such file or directory" --from-ignition nope
bad 2 'bad.ign:1:1: empty: expected JSON' </dev/null
bad 2 "bad.ign:2:14: expected ':' between a key and its value" <<'X'
{"ignition": {"version": "3.3.0"},
 "storage"   {}}
X
bad 2 "bad.ign:1:1: not a JSON value: expected true, false or null: put any other text into double quotes" <look.bu
bad 2 'bad.ign:1:2: ignition.version: missing: this is not an Ignition config' <<'X'
 {}
X
bad 2 'bad.ign:1:26: ignition.version: Butane cannot make Ignition version 2 or older: convert it to version 3, for example with ign-converter' <<'X'
{"ignition": {"version": "2.3.0"}, "networkd": {}, "storage": {"files": [{"filesystem": "root"}]}}
X
bad 2 "bad.ign:1:26: ignition.version: unsupported Ignition version '3.8.0' (supported: 3.0.0 to 3.6.0, 3.7.0-experimental)" <<'X'
{"ignition": {"version": "3.8.0"}}
X
bad 2 "bad.ign:2:24: storage.files.0.path: missing" <<'X'
{"ignition": {"version": "3.3.0"},
 "storage": {"files": [{"paht": "/a"}]}}
X
is "$(printf '%s\n' "$err" | sed -n 2p)" "ign-gen: bad.ign:2:25: storage.files.0.paht: unknown key: did you mean 'path'?" '... and the next error'
bad 2 "bad.ign:1:78: storage.files.0.contents.inline: unknown key" <<'X'
{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/a","contents":{"inline":"x"}}]}}
X
bad 2 'bad.ign:1:36: kernelArguments: requires Ignition 3.3: it has no effect in Ignition 3.2, but would have in what Butane makes: remove it, or raise the version' <<'X'
{"ignition": {"version": "3.2.0"}, "kernelArguments": {"shouldExist": ["a"]}}
X
echo '{"ignition":{"version":"3.0.0","config":{"merge":[{}]}}}' >bad.ign
run ign-gen --from-ignition bad.ign
status_is 2 'refused: valid only in Ignition 3.0'
is "$out$(printf '%s\n' "$err" | sed 1d)" "ign-gen: bad.ign:1:24: ignition.config.merge.0: rejected by flatcar 1.0.0: a 'source', 'inline' or 'local' is missing" '... in these words'
bad 2 "bad.ign:1:82: storage.luks.0.cex: flatcar does not support cex" <<'X'
{"ignition":{"version":"3.5.0"},"storage":{"luks":[{"name":"a","device":"/dev/a","cex":{"enabled":true}}]}}
X
bad 2 "bad.ign:1:64: duplicate key 'name', first in line 1" <<'X'
{"ignition":{"version":"3.3.0"},"passwd":{"users":[{"name":"a","name":"b"}]}}
X
bad 2 'bad.ign:1:67: passwd.users.0.groups.1: empty list item' <<'X'
{"ignition":{"version":"3.3.0"},"passwd":{"users":[{"groups":["a",null],"name":"b"}]}}
X
bad 2 'bad.ign:1:73: storage.files.0.mode: expected a number, found a string: remove the quotes' <<'X'
{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/a","mode":"0644"}]}}
X

# Ignition accepts a key in the wrong case, so do we
printf '{"Ignition":{"version":"3.3.0"},"PASSWD":{"Users":[{"Name":"core"}]}}' >case.ign
run ign-gen --from-ignition case.ign
status_is 0 'the wrong case'
is "$(printf '%s\n' "$err" | head -n 1)" "ign-gen: warning: case.ign:1:2: Ignition: wrong case: this key is spelled 'ignition'" '... is a warning'
is "$out" 'variant: flatcar
version: 1.0.0
passwd:
  users:
    - name: core' '... and corrected'
done_testing
