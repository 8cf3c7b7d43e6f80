#!/bin/sh
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# ign-gen: every option, every refusal, and the same documents through Butane.
. "${0%/*}/lib.sh"
need ssh-keygen perl readelf
oracle ignition-validate
validate=$oracle
oracle butane
butane=$oracle

secret=S3CRETpassword
hash=$(printf %064d 7)
echo "K10$hash::node:$secret" >"$T/token"
ssh-keygen -q -t ed25519 -N '' -C me -f "$T/key"
ssh-keygen -q -t rsa -b 2048 -N '' -C other -f "$T/key2"
sum=$(printf %064d 5)
cd "$T" || exit 1

# gen ARGS: a worker, with what every worker needs; no message may hold a secret
gen() {
	run ign-gen -s https://cp.example:9345 -t token --rke2 v1.33 "$@"
	case $err in *"$secret"*) fail "no secret in messages: $*" ;; esac
}
# refused STATUS MESSAGE ARGS: exactly this, on one line, and no output
refused() {
	_want=$1 _says=$2
	shift 2
	run ign-gen "$@"
	status_is "$_want" "refused: $*"
	is "$(printf '%s\n' "$err" | head -n 1)" "ign-gen: $_says" '... in these words'
	is "$out" '' '... with no output'
	unlike "$err" "$secret" '... and no secret'
}
worker='-s https://cp.example:9345 -t token --rke2 v1.33'

# What is in an Ignition config, whatever its order and encoding: data URLs
# become what they hold.
cat >"$T/norm" <<'X'
use strict; use warnings;
use JSON::PP; use MIME::Base64; use IO::Uncompress::Gunzip qw(gunzip);
sub plain {
	my $v = shift;
	if (ref $v eq 'ARRAY') { plain($_) for @$v }
	return unless ref $v eq 'HASH';
	plain($_) for values %$v;
	return unless defined $v->{source} and $v->{source} =~ s/^data:(;base64)?,//;
	$v->{source} = $1 ? decode_base64($v->{source})
		: $v->{source} =~ s/%(..)/chr hex $1/ger;
	if (($v->{compression} // '') eq 'gzip') {
		my $in = $v->{source}; my $out = '';
		gunzip(\$in => \$out);
		$v->{source} = $out if $in =~ /^\x1f\x8b/;
	}
	delete $v->{compression};
}
local $/;
my $j = decode_json(scalar <STDIN>);
plain($j);
print JSON::PP->new->canonical->pretty->utf8->encode($j);
X
norm() { perl "$T/norm"; }
# file PATH: its contents in the config on stdin
file() {
	norm | perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>);
		$_->{path} eq $ARGV[0] and print $_->{contents}{source} for @{$j->{storage}{files}}' "$1"
}

# --- a worker

gen -a key.pub -o w.ign
status_is 0 'a worker'
is "$out$err" '' 'says nothing'
is "$(stat -c %a w.ign)" 600 'the file is for its owner only'
run "$validate" w.ign
is "$status$out$err" 0 'ignition-validate has nothing to say'
is "$(file /etc/rancher/rke2/config.yaml <w.ign)" "server: \"https://cp.example:9345\"
token: \"K10$hash::node:$secret\"" 'config.yaml: server and token'
gen -a key.pub
is "$(printf '%s\n' "$out" | cksum)" "$(cksum <w.ign)" 'the same bytes on stdout'
gen -a key.pub --pretty
is "$(printf '%s\n' "$out" | norm)" "$(norm <w.ign)" '--pretty is the same config'
like "$out" '^  "ignition": \{$' 'with line ends'
run sh -c 'ign-gen -s https://cp.example:9345 -t - -a key.pub --rke2 v1.33 <token'
is "$(printf '%s\n' "$out" | cksum)" "$(cksum <w.ign)" 'the token from stdin'

gen --guestinfo
is "$(printf '%s\n' "$out" | sed 's/=.*//')" 'guestinfo.ignition.config.data
guestinfo.ignition.config.data.encoding' '--guestinfo: two lines'
like "$out" '^guestinfo.ignition.config.data.encoding=gzip\+base64$' 'with the encoding'
gen
_plain=$out
gen --guestinfo
is "$(printf '%s\n' "$out" | sed -n 's/^[a-z.]*data=//p' | base64 -d | gzip -dc)" "$_plain" \
	'and the same config in it'

printf 'variant: flatcar\nversion: 1.0.0\nstorage: {files: [{path: /big, contents: {local: big}}]}\n' >big.bu
for kib in 100 800; do
	head -c ${kib}k /dev/urandom >big
	gen --guestinfo --add big.bu -d .
	case $kib in
	100)
		status_is 0 '100 KiB that cannot be packed'
		like "$err" '^ign-gen: warning: [0-9]+ KiB of guestinfo: some setups take no more than 64$' 'are a warning'
		;;
	800)
		status_is 2 '800 KiB that cannot be packed'
		like "$err" '^ign-gen: [0-9]+ KiB are too much for guestinfo: at most 900$' 'are too much'
		is "$out" '' 'and nothing is written'
		;;
	esac
done

gen --label node.kubernetes.io/pool=workers --label example.com/x= --taint a=b:NoSchedule --taint c:NoExecute
is "$(printf '%s\n' "$out" | file /etc/rancher/rke2/config.yaml | sed 1,2d)" 'node-label:
  - "node.kubernetes.io/pool=workers"
  - "example.com/x="
node-taint:
  - "a=b:NoSchedule"
  - "c:NoExecute"' 'labels and taints'

{ echo '# mine'; cat key.pub; echo; cat key2.pub; } >keys
gen -a keys -a key.pub
is "$(printf '%s\n' "$out" | norm | grep -c '"ssh-')" 2 'two keys, none twice'
gen
unlike "$out" sshAuthorizedKeys 'no keys'

for updates in kured reboot etcd-lock; do
	gen --updates $updates --group lts-2024
	case $updates in kured) strategy=off ;; *) strategy=$updates ;; esac
	is "$(printf '%s\n' "$out" | file /etc/flatcar/update.conf)" "GROUP=lts-2024
REBOOT_STRATEGY=$strategy" "--updates $updates"
	unlike "$out" '"mask":true' 'masks nothing'
done
like "$err" 'warning|etcd-lock needs an etcd of the old v2 API' 'etcd-lock warns'
gen --updates reboot --reboot-window 'Thu 23:30/90m'
is "$(printf '%s\n' "$out" | file /etc/flatcar/update.conf)" 'REBOOT_STRATEGY=reboot
LOCKSMITHD_REBOOT_WINDOW_START="Thu 23:30"
LOCKSMITHD_REBOOT_WINDOW_LENGTH=90m' '--reboot-window'
gen
is "$(printf '%s\n' "$out" | norm | grep -c '"mask" : true')" 2 'without --updates both are masked'
unlike "$(printf '%s\n' "$out" | norm)" update.conf 'and there is no update.conf'

# --- which RKE2

env=/etc/vsutils/rke2.env
gen
is "$(printf '%s\n' "$out" | file $env)" 'RKE2_CHANNEL="v1.33"
RKE2_CHANNEL_URL="https://update.rke2.io/v1-release/channels"
RKE2_URL="https://github.com/rancher/rke2/releases/download"' 'a minor'
gen --rke2-url https://mirror.example/rke2//
is "$(printf '%s\n' "$out" | file $env)" 'RKE2_CHANNEL="v1.33"
RKE2_CHANNEL_URL="https://mirror.example/rke2/channels"
RKE2_URL="https://mirror.example/rke2"' 'of a mirror'
is "$err" '' 'in silence'
gen --rke2-url http://mirror.example
like "$err" 'plain http' 'of a mirror that anybody can be: a warning'
run ign-gen -s https://cp.example:9345 -t token --rke2-channel stable
status_is 0 'a channel'
like "$err" "channel 'stable' moves on by itself, and a kubelet must not be newer than its apiserver" \
	'with a warning'
like "$(printf '%s\n' "$out" | file $env)" 'RKE2_CHANNEL="stable"' 'is what the node follows'

pinned() { run ign-gen -s https://cp.example:9345 -t token --rke2 v1.33.4+rke2r1 "$@"; }
pinned --rke2-sha256 "$sum"
like "$out" '"path":"/opt/rke2-v1.33.4\+rke2r1.tar.gz"' 'a release'
like "$out" '"source":"https://github.com/rancher/rke2/releases/download/v1.33.4%2Brke2r1/rke2.linux-amd64.tar.gz"' \
	'is fetched by Ignition'
like "$out" "\"verification\":\\{\"hash\":\"sha256-$sum\"\\}" 'and checked'
is "$(printf '%s\n' "$out" | file $env)" "RKE2_TARBALL=\"/opt/rke2-v1.33.4+rke2r1.tar.gz\"
RKE2_SHA256=\"$sum\"" 'and checked again'
_by_sum=$out
printf '%064d  rke2-images.linux-amd64.tar.gz\n%s  rke2.linux-amd64.tar.gz\n%064d  rke2.linux-amd64\n' 1 "$sum" 2 >sums
pinned --rke2-sums sums
is "$out" "$_by_sum" '--rke2-sums FILE is the same'
pinned --rke2-sums sums --rke2-url http://m.example:8080/x
like "$out" '"source":"http://m.example:8080/x/v1.33.4%2Brke2r1/rke2.linux-amd64.tar.gz"' 'from a mirror'
is "$err" '' 'plain http does no harm to what is pinned'

# --- refused

# shellcheck disable=SC2086,SC2016 # $worker is words
{
refused 2 'neither a Butane FILE, nor -s, -t and --rke2 for a worker'
refused 2 '-s is missing: the RKE2 server to join, https://HOST:9345' -t token --rke2 v1.33
refused 2 "-t is missing: a file with the join token, or '-' (rke2-token HOST | ign-gen -t - ...)" \
	-s https://cp:9345 --rke2 v1.33
refused 2 "--rke2 is missing: the server's minor, v1.33, or one release (rke2-token --server-version HOST)" \
	-s https://cp:9345 -t token
refused 2 "the server 'http://cp:9345' is no https:// URL: https://HOST:9345 is wanted" \
	-s http://cp:9345 -t token --rke2 v1.33
refused 2 "the server 'cp' is no https:// URL: https://HOST:9345 is wanted" -s cp -t token --rke2 v1.33
refused 2 "the server 'https://cp:6443': 6443 is the Kubernetes API, nodes join at 9345" \
	-s https://cp:6443 -t token --rke2 v1.33
refused 2 "the server's URL holds a user or a password: it must not" \
	-s https://me:$secret@cp:9345 -t token --rke2 v1.33
refused 2 "the server 'https://cp:9345/x' is not https://HOST:PORT and nothing else" \
	-s https://cp:9345/x -t token --rke2 v1.33
refused 2 "the server 'https://:9345' is not https://HOST:PORT and nothing else" \
	-s https://:9345 -t token --rke2 v1.33
refused 2 "the server 'https://c\"p:9345' is not https://HOST:PORT and nothing else" \
	-s 'https://c"p:9345' -t token --rke2 v1.33
refused 3 "cannot read the token 'nowhere': No such file or directory" -s https://cp:9345 -t nowhere --rke2 v1.33
for label in kubernetes.io/os=flatcar node-role.kubernetes.io/worker=true kubernetes.io/x=y x; do
	run ign-gen $worker --label $label
	status_is 2 "--label $label"
	like "$err" '^ign-gen: --label: ' 'says which'
	is "$out" '' 'and makes nothing'
done
run ign-gen $worker --label kubernetes.io/os=flatcar
like "$err" 'node.kubernetes.io/|os-distribution' "the seed's label: what to use instead is said"
run ign-gen $worker --label node-role.kubernetes.io/worker=true
like "$err" 'node-wait' 'a role: who can set it is said'
refused 2 "--label: 'a' is given twice" $worker --label a=1 --label a=2
run ign-gen $worker --taint a:Sometimes
status_is 2 '--taint a:Sometimes'
refused 2 'either --rke2 or --rke2-channel, not both' $worker --rke2-channel stable
run ign-gen -s https://cp:9345 -t token --rke2 1.33
status_is 2 '--rke2 1.33'
like "$err" "v1\\.33" 'says what was meant'
refused 2 "--rke2 v1.33.4+rke2r1 needs the sum of its rke2.linux-amd64.tar.gz: --rke2-sha256 HEX, or --rke2-sums FILE (the release's sha256sum-amd64.txt)" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1
refused 2 'either --rke2-sha256 or --rke2-sums, not both' \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sha256 "$sum" --rke2-sums sums
refused 2 "--rke2-sha256: 'abc' is no SHA-256: 64 hex digits in lower case" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sha256 abc
refused 2 "'token' has no line for rke2.linux-amd64.tar.gz: it is sha256sum-amd64.txt of the release that is wanted" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sums token
refused 2 "a sum is for one release: give --rke2 as v1.33.4+rke2r1, or leave the sum to the node's first boot" \
	$worker --rke2-sha256 "$sum"
refused 2 "--rke2-url: 'ftp://x' is no https:// or http:// URL" $worker --rke2-url ftp://x
refused 2 "--rke2-url: 'https://x/\$(reboot)' has characters that must be written as %xx, or a query" \
	$worker --rke2-url 'https://x/$(reboot)'
refused 2 '--rke2-url holds a user or a password: it must not, every node would keep it' \
	$worker --rke2-url "https://u:$secret@x"
refused 2 "--rke2-channel: 'a b' is no channel: stable, latest, v1.33" \
	-s https://cp:9345 -t token --rke2-channel 'a b'
refused 2 "--group goes with --updates kured, reboot or etcd-lock" $worker --group stable
refused 2 "--group: 'a;b' is no channel of Flatcar: stable, beta, alpha, lts, lts-2024" \
	$worker --updates kured --group 'a;b'
refused 2 "--reboot-window goes with --updates reboot or etcd-lock" $worker --updates kured --reboot-window 04:00/1h
for window in 04:00 24:00/1h 4:00/1h 'Xyz 04:00/1h' 04:00/never 04:60/1h 04:00/0; do
	refused 2 "--reboot-window: '$window' is no [DAY ]HH:MM/LENGTH, such as '04:00/1h' or 'Thu 23:30/90m'" \
		$worker --updates reboot --reboot-window "$window"
done
refused 2 "--updates: 'sometimes' is none of none|kured|reboot|etcd-lock" $worker --updates sometimes
refused 2 'key:1: this is a private key: give the .pub file' $worker -a key
echo 'ssh-ed25519 AAAA' >bad.pub
refused 2 'bad.pub:1: a damaged SSH public key: it is of another type inside' $worker -a bad.pub
echo 'hello world' >bad.pub
refused 2 'bad.pub:1: no SSH public key: a type such as ssh-ed25519 is missing' $worker -a bad.pub
: >bad.pub
refused 2 "'bad.pub' holds no SSH public key" $worker -a bad.pub
refused 2 "'-' stands for stdin, which can be the token, or one other thing, not two" -s https://cp:9345 -t - -a - --rke2 v1.33
}

echo "$secret" >short
run ign-gen -s https://cp:9345 -t short --rke2 v1.33
status_is 2 'a token without a CA hash'
like "$err" "^ign-gen: the token in 'short' has no CA hash: .*--allow-unpinned$" 'is refused'
run ign-gen -s https://cp:9345 -t short --rke2 v1.33 --allow-unpinned
status_is 0 'but for --allow-unpinned'
for bad in '' "K10XX::$secret" "two words $secret"; do
	printf '%s\n' "$bad" >bad
	run ign-gen -s https://cp:9345 -t bad --rke2 v1.33
	status_is 2 'a malformed token'
	like "$err" "^ign-gen: the token in 'bad': " 'is refused'
	unlike "$err" "$secret" 'and not shown'
done
for port in '' :9443; do
	run ign-gen -s https://cp$port -t token --rke2 v1.33
	status_is 0 "https://cp$port"
	like "$err" 'an RKE2 server takes nodes at 9345' 'is doubted'
done
run ign-gen -s 'https://[fd00::1]:9345/' -t token --rke2 v1.33
is "$status$err" 0 'an IPv6 address, a slash at the end'
like "$(printf '%s\n' "$out" | file /etc/rancher/rke2/config.yaml)" '^server: "https://\[fd00::1\]:9345"$' 'which goes'

# --- the built-in document, printed, and given back

ign-gen --print-butane >my.bu
run ign-gen -s https://cp.example:9345 -t token -a key.pub --rke2 v1.33 my.bu
is "$(printf '%s\n' "$out" | cksum)" "$(cksum <w.ign)" '--print-butane, given back, is the same worker'
sed 's/^passwd:/kernel_arguments:\n  should_exist: [quiet]\n&/' my.bu >edited.bu
gen edited.bu
like "$out" '"kernelArguments":\{"shouldExist":\["quiet"\]\}' 'edited, it is what was made of it'

# The same by Butane: its placeholders filled by hand.
conf=$(file /etc/rancher/rke2/config.yaml <w.ign | sed 's/^/          /')
envs=$(file $env <w.ign | sed 's/^/          /')
CONF=$conf ENVS=$envs KEY=$(cat key.pub) perl -pe 's/"\@\{SSH_KEYS\}"/$ENV{KEY}/;
	s/"\@\{RKE2_CONFIG\}"/|\n$ENV{CONF}/; s/"\@\{RKE2_ENV\}"/|\n$ENV{ENVS}/' my.bu >filled.bu
cat >>filled.bu <<'X'
    - name: update-engine.service
      mask: true
    - name: locksmithd.service
      mask: true
X
run "$butane" --strict filled.bu
is "$status$err" 0 'Butane takes the filled document'
is "$(printf '%s\n' "$out" | norm)" "$(norm <w.ign)" 'and makes the same of it'

refused 2 'my.bu:23:17: no value for @{RKE2_CONFIG}: give -s URL and -t FILE' my.bu
echo "# $secret" >plain.bu
cat >>plain.bu <<'X'
variant: flatcar
version: 1.1.0
X
# shellcheck disable=SC2086 # $worker is words
refused 2 '-s has no place in this document: there is no @{RKE2_CONFIG} in it' -s https://cp:9345 plain.bu
refused 2 '-a has no place in this document: there is no @{SSH_KEYS} in it' -a key.pub plain.bu
refused 2 '-D X has no place in this document: there is no @{X} in it' -D X=1 plain.bu
run ign-gen plain.bu
is "$out" '{"ignition":{"version":"3.4.0"}}' 'a document of its own: nothing is added'
run ign-gen plain.bu --updates none
is "$(printf '%s\n' "$out" | norm | grep -c '"mask" : true')" 2 'but what is asked for'
run sh -c 'ign-gen - <plain.bu'
is "$out" '{"ignition":{"version":"3.4.0"}}' 'from stdin'
refused 3 "cannot read the document 'nowhere.bu': No such file or directory" nowhere.bu
refused 2 "'b.bu' is one operand too many" plain.bu b.bu

# --- placeholders

cat >p.bu <<'X'
variant: flatcar
version: 1.0.0
kernel_arguments:
  should_exist:
    - "a=@{A}"
    - literal=@@{A}
storage:
  files:
    - path: "/etc/@{A}"
      mode: "@{MODE}"
      overwrite: "@{YES}"
      contents:
        inline: |
          one @{A}
          two @{B}@{A}
X
run ign-gen p.bu -D A=x -D B='"]: {' -D MODE=0640 -D YES=true
status_is 0 'placeholders'
is "$(printf '%s\n' "$out" | norm)" "$(norm <<'X'
{"ignition":{"version":"3.3.0"},"kernelArguments":{"shouldExist":["a=x","literal=@{A}"]},
"storage":{"files":[{"path":"/etc/x","mode":416,"overwrite":true,
"contents":{"source":"data:,one%20x%0Atwo%20%22%5D%3A%20%7Bx%0A"}}]}}
X
)" 'stay in their places, numbers and truths are such'
run ign-gen p.bu -D A=x -D B=null -D MODE=null -D YES=true
like "$err" "^ign-gen: p.bu:10:13: storage.files.0.mode: 'null' is no whole number$" 'null is a value too, and of the wrong type'
refused 2 "p.bu:15:1: no value for @{B}: give -D B=VALUE" p.bu -D A=x -D MODE=0640 -D YES=true
refused 2 "-D: 'a' is no NAME=VALUE: a name is made of A-Z, 0-9 and '_'" p.bu -D a=1
refused 2 "-D: A has a value already" p.bu -D A=1 -D A=2
cat >l.bu <<'X'
variant: flatcar
version: 1.0.0
kernel_arguments:
  should_exist: ["a", "@{SSH_KEYS}", "b"]
X
run ign-gen l.bu
is "$out" '{"ignition":{"version":"3.3.0"},"kernelArguments":{"shouldExist":["a","b"]}}' 'a list of none'
run ign-gen l.bu -a keys
is "$out" "{\"ignition\":{\"version\":\"3.3.0\"},\"kernelArguments\":{\"shouldExist\":[\"a\",\"$(cat key.pub)\",\"$(cat key2.pub)\",\"b\"]}}" \
	'a list of two'
sed -i 's/"@{/"x@{/' l.bu
refused 2 'l.bu:4:23: @{SSH_KEYS} is a list: it can only stand as a list item of its own' l.bu -a keys
cat >s.bu <<'X'
variant: flatcar
version: 1.0.0
storage:
  files:
    - path: "@{TOKEN}"
      mode: "@{TOKEN}"
systemd:
  units: [{name: "@{TOKEN}"}]
X
run ign-gen s.bu -t token
status_is 2 'a token where none belongs'
is "$err" "ign-gen: s.bu:5:13: storage.files.0.path: '***' is no absolute path
ign-gen: s.bu:6:13: storage.files.0.mode: '***' is no whole number
ign-gen: s.bu:8:18: systemd.units.0.name: '***' is no unit name: it needs an ending such as .service" \
	'is not shown'

# --- fragments

cat >add.bu <<'X'
variant: flatcar
version: 1.1.0
passwd:
  users:
    - name: core
      groups: [docker]
    - name: me
storage:
  files:
    - path: /etc/sysctl.d/90-rke2.conf
      contents: {inline: "vm.max_map_count = 262144\n"}
    - path: /etc/motd
      contents: {inline: hello}
systemd:
  units:
    - name: rke2-agent.service
      dropins:
        - name: proxy.conf
          contents: "[Service]\nEnvironment=HTTPS_PROXY=http://proxy:3128\n"
    - name: update-engine.service
      mask: false
X
gen -a key.pub --add add.bu
status_is 0 '--add'
printf '%s\n' "$out" >a.ign
run "$validate" a.ign
is "$status$out$err" 0 'ignition-validate has nothing to say'
like "$(cat a.ign)" '"ignition":\{"version":"3.4.0"\}' 'the newer version of the two'
is "$(file /etc/sysctl.d/90-rke2.conf <a.ign)" 'vm.max_map_count = 262144' 'a file is replaced'
is "$(file /etc/motd <a.ign)" hello 'a file is added'
like "$(cat a.ign)" '"users":\[\{"groups":\["docker"\],"name":"core","sshAuthorizedKeys":\["ssh-ed25519 ' 'a user has both'
like "$(cat a.ign)" '"dropins":\[\{"contents":"\[Service\]' 'a unit gets a drop-in'
like "$(cat a.ign)" '"mask":false,"name":"update-engine.service"' 'what is added wins'
sed 's/path: \/etc\/motd/pth: \/etc\/motd/' add.bu >bad.bu
# shellcheck disable=SC2086 # $worker is words
refused 2 "bad.bu:12:7: storage.files.1: there is no key 'pth' here: did you mean 'path'?" $worker --add bad.bu
# shellcheck disable=SC2086
refused 3 "cannot read the document 'nowhere': No such file or directory" $worker --add nowhere

# --- files of one's own

mkdir -p dir/sub
printf '\000\001binary' >dir/bin
echo text >dir/sub/text
printf '[Service]\nExecStart=/bin/true\n' >dir/unit
ln -s ../token dir/out
cat key.pub key2.pub >dir/keys
cat >local.bu <<'X'
variant: flatcar
version: 1.1.0
passwd:
  users:
    - name: core
      ssh_authorized_keys_local: [keys]
storage:
  files:
    - path: /bin1
      contents: {local: bin}
    - path: /text
      contents: {local: sub/text}
systemd:
  units:
    - name: a.service
      contents_local: unit
X
run ign-gen --files-dir dir local.bu
status_is 0 '--files-dir'
printf '%s\n' "$out" >l.ign
run "$butane" --strict --files-dir dir local.bu
is "$(norm <l.ign)" "$(printf '%s\n' "$out" | norm)" 'the same as by Butane'
refused 2 "local.bu:6:35: 'keys' is a file of yours: say by --files-dir DIR which folder it is in" local.bu
for out_of in ../token out /etc/passwd; do
	sed "s,local: bin,local: $out_of," local.bu >bad.bu
	refused 2 "bad.bu:10:25: cannot read '$out_of' in 'dir': it leads out of that folder" -d dir bad.bu
done
sed "s,local: bin,local: nope," local.bu >bad.bu
refused 2 "bad.bu:10:25: cannot read 'nope' in 'dir': No such file or directory" -d dir bad.bu
sed "s,local: bin,local: sub," local.bu >bad.bu
refused 2 "bad.bu:10:25: 'sub' in 'dir' is no regular file" -d dir bad.bu

# --- documents, by us and by Butane

cat >all.bu <<'X'
variant: flatcar
version: 1.1.0
ignition:
  config:
    merge:
      - source: https://example.com/a.ign
        verification: {hash: sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}
        http_headers: [{name: Authorization, value: Basic x}]
    replace: {source: "data:,%7B%22ignition%22%3A%7B%22version%22%3A%223.4.0%22%7D%7D"}
  proxy: {http_proxy: http://p:1, https_proxy: https://p:2, no_proxy: [a, b]}
  security:
    tls:
      certificate_authorities: [{inline: "-----BEGIN CERTIFICATE-----\n"}, {source: "https://x/ca"}]
  timeouts: {http_response_headers: 0, http_total: 0x10}
kernel_arguments: {should_exist: [a=b, c], should_not_exist: [d]}
passwd:
  groups: [{name: g, gid: 0o17, password_hash: "", should_exist: true, system: false}]
  users:
    - {name: u, gecos: "", groups: [g], home_dir: /h, no_create_home: true, no_log_init: false,
       no_user_group: on, password_hash: x, primary_group: g, shell: /bin/sh, should_exist: off, system: no, uid: 1_000}
    - name: ~x
storage:
  directories: [{path: /d, mode: 0755, overwrite: true, user: {id: 0}, group: {name: wheel}}]
  files:
    - path: /f1
      mode: 0
      user: {name: a}
      contents: {inline: ""}
      append: [{inline: a}, {source: "https://x/y", compression: gzip}]
    - {path: /f2, overwrite: false}
    - {path: /f3, contents: {source: "https://x/z", compression: "", verification: {hash: null}}}
    - {path: /f4, contents: {inline: "ä\tö\x7f\"\\ <&>"}}
    - {path: /f5, contents: {inline: H4sIAAAAAAAA, compression: gzip}}
    - path: /f6
      contents:
        inline: >
          folded
          text

          here
    - {path: /f7, contents: {}}
  links: [{path: /l, target: /f1, hard: false, overwrite: true}, {path: /l2, target: ../x, user: {id: 1}}]
  disks:
    - device: /dev/sdb
      wipe_table: true
      partitions:
        - {number: 1, label: a, size_mib: 100, start_mib: 0, type_guid: 0FC63DAF-8483-4772-8E79-3D69D8477DE4,
           guid: "", wipe_partition_entry: true, should_exist: true, resize: false}
        - {number: 0, label: b}
  filesystems:
    - {device: /dev/sdb1, format: ext4, path: /data, label: x, uuid: "", options: [-O, x], mount_options: [ro], wipe_filesystem: true}
  luks:
    - {name: l, device: /dev/sdb2, key_file: {inline: secret}, label: l, uuid: u, options: [--x], wipe_volume: true,
       discard: true, open_options: [--y]}
  raid: [{name: r, level: raid1, devices: [/dev/a, /dev/b], spares: 1, options: [--z]}]
systemd:
  units:
    - {name: a.service, enabled: true, contents: "[Service]\nExecStart=/x\n[Install]\nWantedBy=multi-user.target\n"}
    - {name: b.timer, mask: true, enabled: false, contents: ""}
    - name: c.service
      dropins: [{name: 10-x.conf, contents: "[Service]\nRestart=no\n"}, {name: 20.conf}]
X
sed -e '/discard/d; s/wipe_volume: true,$/wipe_volume: true}/; s/version: 1.1.0/version: 1.0.0/' all.bu >all10.bu
# JSON is YAML too
echo '{"variant": "flatcar", "version": "1.0.0", "storage": {"files": [{"path": "/a\u00e4", "mode": 420}]}}' >json.bu
cat >seed.bu <<'X'
variant: flatcar
version: 1.0.0
systemd:
  units:
    - name: update-engine.service
      mask: true
    - name: locksmithd.service
      mask: true
storage:
  files:
    - path: /etc/flatcar/update.conf
      mode: 0644
      contents:
        inline: |
          GROUP=stable
          REBOOT_STRATEGY=etcd-lock
X
perl -e 'print "variant: flatcar\nversion: 1.0.0\nstorage:\n  files:\n";
	for my $i (0 .. 400) { printf "    - path: /n/%d\n      contents: {inline: \"%s\"}\n", $i, "ab-/ é" x ($i / 3) . $i }' >many.bu
for doc in all all10 json seed many; do
	run "$butane" --strict $doc.bu
	is "$status$err" 0 "Butane takes $doc.bu"
	printf '%s\n' "$out" >theirs
	run ign-gen $doc.bu
	is "$status$err" 0 'so does ign-gen'
	printf '%s\n' "$out" >ours
	is "$(norm <ours)" "$(norm <theirs)" 'and makes the same of it'
	[ "$(wc -c <ours)" -le $(($(wc -c <theirs) * 102 / 100)) ]
	ok $? 'in no more bytes'
	run "$validate" ours
	is "$status" 0 'ignition-validate takes it'
done

# --- what is wrong with a document, all at once

bad() {
	{ printf 'variant: flatcar\nversion: 1.0.0\n'; cat; } >bad.bu
	run ign-gen bad.bu
	status_is 2 "refused: $1"
	is "$out" '' '... with no output'
	shift
	_i=0
	for _line; do
		_i=$((_i + 1))
		is "$(printf '%s\n' "$err" | sed -n ${_i}p)" "ign-gen: $_line" '... in these words'
	done
	is "$(printf '%s\n' "$err" | wc -l)" $_i '... and no more'
}
bad 'several mistakes' \
	"bad.bu:5:7: storage.files.0: there is no key 'paht' here: did you mean 'path'?" \
	"bad.bu:5:7: storage.files.0: 'path' is missing" \
	"bad.bu:6:13: storage.files.0.mode: a number is wanted here, not a string: leave the quotes out" \
	"bad.bu:7:13: storage.files.1.path: 'etc/x' is no absolute path" \
	"bad.bu:8:13: storage.files.1.mode: 644 is decimal, that is mode 01204: did you mean 0644?" \
	"bad.bu:10:10: systemd.units: a list is wanted here, not a map: begin its items with '- '" <<'X'
storage:
  files:
    - paht: /etc/x
      mode: "0644"
    - path: etc/x
      mode: 644
systemd:
  units: {name: a.service}
X
bad 'keys of elsewhere' \
	'bad.bu:3:1: boot_device: this is of the fcos variant, flatcar has no such thing' \
	"bad.bu:5:32: storage.luks.0.discard: this came with flatcar 1.1.0, the document is 1.0.0" \
	"bad.bu:6:3: storage.trees: trees are not read: list the files, with 'contents.local' and --files-dir" \
	'bad.bu:7:54: storage.filesystems.0.with_mount_unit: mount units are not made: write one under systemd.units' <<'X'
boot_device: {}
storage:
  luks: [{name: a, device: /d, discard: true}]
  trees: [{local: x}]
  filesystems: [{device: /d, format: ext4, path: /x, with_mount_unit: true}]
X
bad 'doubles' \
	"bad.bu:6:15: storage: the path '/a' is given twice, first in bad.bu:4" \
	"bad.bu:8:40: systemd.units: 'a.service' is given twice, first in bad.bu:8" <<'X'
storage:
  files: [{path: /a}]
  directories:
    - { path: /a }
systemd:
  units: [{name: a.service}, {name:    a.service}]
X
bad 'below a link' "bad.bu:4:18: storage: '/a/b/c' is below '/a', which is a link in this document" <<'X'
storage:
  files: [{path: /a/b/c}]
  links: [{path: /a, target: /b}]
X
bad 'modes, URLs, hashes' \
	"bad.bu:5:24: storage.files.0.mode: '0888' is no whole number (a leading 0 makes it octal)" \
	"bad.bu:6:37: storage.files.1.contents.source: 'ftp://x' is no URL that Ignition fetches: http, https, tftp, gs, s3, arn, data or oem" \
	"bad.bu:7:68: storage.files.2.contents.verification.hash: sha256 needs 64 hex digits in lower case" \
	"bad.bu:8:28: storage.files.3.contents: only one of 'inline', 'local' and 'source' can be given" <<'X'
storage:
  files:
    - {path: /a, mode: 0888}
    - {path: /b, contents: {source: ftp://x}}
    - {path: /c, contents: {source: http://x, verification: {hash: sha256-e3b0}}}
    - {path: /d, contents: {inline: x, source: http://x}}
X
bad 'units' \
	"bad.bu:5:13: systemd.units.0.name: 'a' is no unit name: it needs an ending such as .service" \
	"bad.bu:6:35: systemd.units.1.contents: line 2 of the unit: a line that is no 'Name=value'" \
	"bad.bu:7:42: systemd.units.2.dropins.0.name: 'x' is no drop-in: its name must end in .conf" <<'X'
systemd:
  units:
    - name: a
    - {name: b.service, contents: "[Service]\noops\n"}
    - {name: c.service, dropins: [{name: x}]}
X
bad 'disks' \
	"bad.bu:6:11: storage.disks.0.partitions.1: a partition needs a 'number' of at least 1, or a 'label'" \
	"bad.bu:7:39: storage.disks.0.partitions.2.guid: 'x' is no GUID such as 01234567-89AB-CDEF-EDCB-A98765432101" \
	"bad.bu:9:27: storage.filesystems.0: 'label' needs a 'format'" \
	"bad.bu:10:40: storage.filesystems.1: a label of xfs has at most 12 bytes" \
	"bad.bu:11:10: storage.luks.0: 'device' is missing" \
	"bad.bu:11:17: storage.luks.0: a name of a device cannot hold a '/'" \
	"bad.bu:12:10: storage.raid.0: 'raid0' has no spares" <<'X'
storage:
  disks:
    - {device: /dev/a, partitions: [{number: 1},
          {number: 0},
          {number: 3, label: a, guid: x}]}
  filesystems:
    - {device: /d, label: x}
    - {device: /e, format: xfs, label: 1234567890abc}
  luks: [{name: a/b}]
  raid: [{name: r, level: raid0, devices: [/d], spares: 1}]
X
bad 'partitions' \
	"bad.bu:6:7: storage.disks.0: this partition overlaps the one in line 5" \
	"bad.bu:7:7: storage.disks.0: two partitions have the number 2" \
	"bad.bu:7:7: storage.disks.0: two partitions have the label 'x'" <<'X'
storage:
  disks: [{device: /d, partitions: [
      {number: 1, label: x, start_mib: 1, size_mib: 10},
      {number: 2, start_mib: 10, size_mib: 10},
      {number: 2, label: x, start_mib: 0, size_mib: 100}]}]
X
bad 'what is merged' \
	"bad.bu:6:9: ignition.config.merge.0: a 'source', 'inline' or 'local' is missing" \
	"bad.bu:7:17: ignition.config.merge.1: this is no Ignition config but a Butane document: make Ignition of it first" \
	"bad.bu:8:17: ignition.config.merge.2.source: arn: came with flatcar 1.1.0, the document is 1.0.0" <<'X'
ignition:
  config:
    merge:
      - {compression: gzip}
      - inline: "variant: flatcar"
      - source: arn:aws:s3:::b/k
X
for case in \
	'a: 1|3:1: there is no key '"'a'"' here' \
	'storage: {files: [{path: /a}, null]}|3:31: storage.files.1: an item with nothing in it' \
	'storage: {files: {}}|3:18: storage.files: a list is wanted here, not a map: begin its items with '"'- '" \
	'storage: [1]|3:10: storage: a map ('"'key: value'"') is wanted here, not a list' \
	'storage: {files: [{path: /a, path: /b}]}|3:30: the key '"'path'"' stands here twice, first in line 3' \
	'storage: &a {}|3:10: anchors ('"'&'"') are not supported: write out what is meant' \
	'storage: *a|3:10: aliases ('"'*'"') are not supported: write out what is meant, or quote a '"'*'" \
	'storage: !!int 3|3:10: tags ('"'!'"') other than !!str are not supported' \
	'<<: {}|3:1: merge keys ('"'<<'"') are not supported: write out what is meant' \
	'storage: "\0"|3:10: a NUL character cannot be part of a value' \
	'--- {}|3:1: a second document ('"'---'"') starts here: give one document a file' \
	'variant: fcos|3:1: the key '"'variant'"' stands here twice, first in line 1'
do
	bad "${case%%|*}" "bad.bu:${case#*|}" <<X
${case%%|*}
X
done
printf 'variant: flatcar\nversion: 1.0.0\nstorage:\n\tfiles: []\n' >bad.bu
refused 2 'bad.bu:4:1: no value can start with this character: quote it, or indent with blanks if it is a tab while scanning for the next token (line 4)' bad.bu
printf 'variant: flatcar\nversion: 1.0.0\nx: \377\n' >bad.bu
refused 2 'bad.bu:1:1: not UTF-8 text' bad.bu
perl -e 'print "variant: flatcar\nversion: 1.0.0\nx: ", "[" x 100000' >bad.bu
refused 2 'bad.bu:3:67: nested too deeply: more than 64 levels' bad.bu
: >bad.bu
refused 2 'bad.bu:1:1: an empty document' bad.bu
echo 'variant: flatcar' >bad.bu
refused 2 'bad.bu:1:1: version: it must be given: 1.1.0, or 1.0.0 for Flatcar before 3602' bad.bu
printf 'variant: fcos\nversion: 1.5.0\n' >bad.bu
refused 2 "bad.bu:1:10: variant: 'fcos' is not flatcar, the variant that is read here" bad.bu
printf 'variant: flatcar\nversion: 1.2.0-experimental\n' >bad.bu
refused 2 'bad.bu:2:10: version: 1.2.0-experimental makes Ignition 3.7.0-experimental, which the next Ignition need not read: use 1.1.0' bad.bu
refused 2 'w.ign:1:1: this is Ignition already, not a Butane document' w.ign

# --- the program

needed=$(readelf -d "$BIN/ign-gen" | sed -n 's/.*NEEDED.*\[\(.*\)\.so.*/\1/p')
unlike "$needed" 'curl|xml2|crypto|ssl' 'it links no libcurl, libxml2, libcrypto'
run sh -c 'ign-gen -s https://cp:9345 -t token --rke2 v1.33 >/dev/full'
is "$status" 1 'a full disk: status 1'
run sh -c '{ sleep 0.3; ign-gen -s https://cp:9345 -t token --rke2 v1.33; echo $? >status; } | true'
is "$(cat status)" 141 'nobody reads: status 141'
run ign-gen -s https://cp:9345 -t token --rke2 v1.33 -o nowhere/w.ign
is "$status" 1 'an output that cannot be written: status 1'
like "$err" "cannot write 'nowhere/w.ign': No such file or directory" 'says so'
done_testing
