#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# ign-gen: a worker from parameters; every option, every refusal.
. "${0%/*}/lib.sh"
. "$top/tests/lib-ign.sh"
need readelf shellcheck

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
		like "$err" '^ign-gen: warning: [0-9]+ KiB when encoded, but some ESXi hosts pass on at most 64 KiB: put large files on a server and let the config fetch them$' 'are a warning'
		;;
	800)
		status_is 2 '800 KiB that cannot be packed'
		like "$err" '^ign-gen: [0-9]+ KiB when encoded, but a VM accepts at most 900 KiB: put large files on a server and let the config fetch them$' 'are too much'
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
like "$err" 'warning|etcd-lock needs an etcd with the old v2 API' 'etcd-lock warns'
gen --updates reboot --reboot-window 'Thu 23:30/90m'
is "$(printf '%s\n' "$out" | file /etc/flatcar/update.conf)" 'REBOOT_STRATEGY=reboot
LOCKSMITHD_REBOOT_WINDOW_START="Thu 23:30"
LOCKSMITHD_REBOOT_WINDOW_LENGTH=90m' '--reboot-window'
gen
is "$(printf '%s\n' "$out" | norm | grep -c '"mask" : true')" 2 'without --updates both are masked'
unlike "$(printf '%s\n' "$out" | norm)" update.conf 'and there is no update.conf'

for script in set-hostname rke2-install node-ready; do
	gen
	printf '%s\n' "$out" | file /opt/vsutils/bin/$script >$script
	# SC1091: the file with the variables is the machine's
	is "$(shellcheck -s sh -e SC1091 $script)" '' "shellcheck finds nothing in $script"
	is "$(sh -n $script 2>&1)" '' 'nor does sh'
done

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
like "$err" "channel 'stable' moves to newer versions by itself, but a kubelet must not be newer than the API server" \
	'with a warning'
like "$(printf '%s\n' "$out" | file $env)" 'RKE2_CHANNEL="stable"' 'is what the node does'

pinned() { run ign-gen -s https://cp.example:9345 -t token --rke2 v1.33.4+rke2r1 "$@"; }
pinned --rke2-sha256 "$sum"
like "$out" '"path":"/opt/rke2-v1.33.4\+rke2r1.tar.gz"' 'a release'
like "$out" '"source":"https://github.com/rancher/rke2/releases/download/v1.33.4%2Brke2r1/rke2.linux-amd64.tar.gz"' \
	'is fetched by Ignition'
like "$out" "\"verification\":\\{\"hash\":\"sha256-$sum\"\\}" 'and checked'
is "$(printf '%s\n' "$out" | file $env)" "RKE2_TARBALL=\"/opt/rke2-v1.33.4+rke2r1.tar.gz\"
RKE2_SHA256=\"$sum\"" 'and checked again'
_by_sum=$out
printf '%064d  rke2-images.linux-amd64.tar.gz\n%064d  rke2.linux-amd64\n%s  rke2.linux-amd64.tar.gz\n' 1 2 "$sum" >sums
pinned --rke2-sums sums
is "$out" "$_by_sum" '--rke2-sums FILE is the same'
pinned --rke2-sums sums --rke2-url http://m.example:8080/x
like "$out" '"source":"http://m.example:8080/x/v1.33.4%2Brke2r1/rke2.linux-amd64.tar.gz"' 'from a mirror'
is "$err" '' 'plain http is allowed for pinned files'

# --- refused

# shellcheck disable=SC2086,SC2016 # $worker is words
{
refused 2 "give a Butane FILE ('-' for stdin), or -s, -t and --rke2 for a worker"
refused 2 '-s is missing: the RKE2 server to join, https://HOST:9345' -t token --rke2 v1.33
refused 2 "-t is missing: a file with the join token, or '-' (rke2-token HOST | ign-gen -t - ...)" \
	-s https://cp:9345 --rke2 v1.33
refused 2 "--rke2 is missing: the server's minor version, v1.33, or one release (rke2-token --server-version HOST)" \
	-s https://cp:9345 -t token
refused 2 "the server 'http://cp:9345' is not an https:// URL: expected https://HOST:9345" \
	-s http://cp:9345 -t token --rke2 v1.33
refused 2 "the server 'cp' is not an https:// URL: expected https://HOST:9345" -s cp -t token --rke2 v1.33
refused 2 "the server 'https://cp:6443': port 6443 is the Kubernetes API: RKE2 servers accept nodes on port 9345" \
	-s https://cp:6443 -t token --rke2 v1.33
refused 2 "the server URL must not contain a user name or password" \
	-s https://me:$secret@cp:9345 -t token --rke2 v1.33
refused 2 "the server URL is not https://HOST:PORT" \
	-s https://cp:9345/x -t token --rke2 v1.33
refused 2 "the server 'https://:9345' is not https://HOST:PORT" \
	-s https://:9345 -t token --rke2 v1.33
refused 2 "the server 'https://c\"p:9345' is not https://HOST:PORT" \
	-s 'https://c"p:9345' -t token --rke2 v1.33
refused 3 "cannot read the token 'nowhere': No such file or directory" -s https://cp:9345 -t nowhere --rke2 v1.33
for label in kubernetes.io/os=flatcar node-role.kubernetes.io/worker=true kubernetes.io/x=y x; do
	run ign-gen $worker --label $label
	status_is 2 "--label $label"
	like "$err" "^ign-gen: label '${label%%=*}" 'says which'
	is "$out" '' 'and makes nothing'
done
run ign-gen $worker --label kubernetes.io/os=flatcar
like "$err" 'node.kubernetes.io/|os-distribution' "the seed's label: the message says what to use instead"
run ign-gen $worker --label node-role.kubernetes.io/worker=true
like "$err" 'node-wait' 'a role: the message says who can set it'
refused 2 "label 'a' is given twice" $worker --label a=1 --label a=2
run ign-gen $worker --label ab=1 --label a=2
status_is 0 'labels of which one begins like the other'
run ign-gen -s https://cp:9345 -t abcdef.0123456789abcdef --rke2 v1.33
status_is 2 'a bootstrap token in place of its file'
like "$err" '-t takes a file with the token' '... says so'
unlike "$err" '0123456789abcdef' '... and does not quote it'
run ign-gen $worker --taint a:Sometimes
status_is 2 '--taint a:Sometimes'
refused 2 '--rke2 and --rke2-channel cannot be used together' $worker --rke2-channel stable
run ign-gen -s https://cp:9345 -t token --rke2 1.33
status_is 2 '--rke2 1.33'
like "$err" "v1\\.33" 'says what was probably meant'
refused 2 "--rke2 v1.33.4+rke2r1 needs the checksum of rke2.linux-amd64.tar.gz: give --rke2-sha256 HEX, or --rke2-sums FILE (sha256sum-amd64.txt of the release)" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1
refused 2 '--rke2-sha256 and --rke2-sums cannot be used together' \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sha256 "$sum" --rke2-sums sums
refused 2 "--rke2-sha256: 'abc' is not a SHA-256: expected 64 hex digits in lower case" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sha256 abc
refused 2 "--rke2-sha256: '${sum}0' is not a SHA-256: expected 64 hex digits in lower case" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sha256 "${sum}0"
refused 2 "stdin ('-') can be used only once, here for the token and something else" \
	-s https://cp:9345 -t - --rke2 v1.33 --add -
refused 2 "'token' has no line for rke2.linux-amd64.tar.gz: expected sha256sum-amd64.txt of the release" \
	-s https://cp:9345 -t token --rke2 v1.33.4+rke2r1 --rke2-sums token
refused 2 "a checksum is for one release: give --rke2 as v1.33.4+rke2r1, or omit the checksum (the node verifies it at first boot)" \
	$worker --rke2-sha256 "$sum"
refused 2 "--rke2-url: 'ftp://x' is not an https:// or http:// URL" $worker --rke2-url ftp://x
refused 2 "--rke2-url: 'https://x/\$(reboot)' contains a query, or characters that must be percent-encoded" \
	$worker --rke2-url 'https://x/$(reboot)'
refused 2 '--rke2-url must not contain a user name or password: every node would store it' \
	$worker --rke2-url "https://u:$secret@x"
refused 2 "--rke2-channel: 'a b' is not a channel (such as stable, latest, v1.33)" \
	-s https://cp:9345 -t token --rke2-channel 'a b'
refused 2 "--group requires --updates kured, reboot or etcd-lock" $worker --group stable
refused 2 "--group: 'a;b' is not a Flatcar channel (such as stable, beta, alpha, lts, lts-2024)" \
	$worker --updates kured --group 'a;b'
refused 2 "--reboot-window requires --updates reboot or etcd-lock" $worker --updates kured --reboot-window 04:00/1h
for window in 04:00 24:00/1h 4:00/1h 'Xyz 04:00/1h' 04:00/never 04:60/1h 04:00/0; do
	refused 2 "--reboot-window: '$window' is not [DAY ]HH:MM/LENGTH (such as '04:00/1h' or 'Thu 23:30/90m')" \
		$worker --updates reboot --reboot-window "$window"
done
refused 2 "--updates: 'sometimes' is not one of none|kured|reboot|etcd-lock" $worker --updates sometimes
refused 2 'key:1: this is a private key: give the .pub file' $worker -a key
echo 'ssh-ed25519 AAAA' >bad.pub
refused 2 'bad.pub:1: damaged SSH public key: its data is for another type' $worker -a bad.pub
echo 'hello world' >bad.pub
refused 2 'bad.pub:1: not an SSH public key: a type such as ssh-ed25519 is missing' $worker -a bad.pub
: >bad.pub
refused 2 "'bad.pub' contains no SSH public key" $worker -a bad.pub
refused 2 "stdin ('-') can be used only once, here for the token and something else" -s https://cp:9345 -t - -a - --rke2 v1.33
}

echo "$secret" >short
run ign-gen -s https://cp:9345 -t short --rke2 v1.33
status_is 2 'a token without a CA hash'
like "$err" "^ign-gen: the token in 'short' has no CA hash, so the node would trust any server at that address: .*--allow-unpinned$" 'is refused'
echo abcdef.0123456789abcdef >created
run ign-gen -s https://cp:9345 -t created --rke2 v1.33
status_is 2 'so is a bootstrap token without one'
err_like "^ign-gen: the token in 'created' has no CA hash" '... for the same reason'
unlike "$err" '0123456789abcdef' '... which does not show it'
echo K10::abcdef.0123456789abcdef >created
run ign-gen -s https://cp:9345 -t created --rke2 v1.33
status_is 2 '... also with K10 and an empty hash'
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
	like "$err" 'RKE2 servers accept nodes on port 9345' 'is doubted'
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
like "$out" '"kernelArguments":\{"shouldExist":\["quiet"\]\}' 'after an edit it has the edit'

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
refused 2 '-s has no effect: the document does not use @{RKE2_CONFIG}' -s https://cp:9345 plain.bu
refused 2 '-a has no effect: the document does not use @{SSH_KEYS}' -a key.pub plain.bu
refused 2 '-D X has no effect: the document does not use @{X}' -D X=1 plain.bu
run ign-gen plain.bu
is "$out" '{"ignition":{"version":"3.4.0"}}' 'a document of its own: nothing is added'
run ign-gen plain.bu --updates none
is "$(printf '%s\n' "$out" | norm | grep -c '"mask" : true')" 2 'but only what was requested'
run sh -c 'ign-gen - <plain.bu'
is "$out" '{"ignition":{"version":"3.4.0"}}' 'from stdin'
refused 3 "cannot read the document 'nowhere.bu': No such file or directory" nowhere.bu
refused 2 "extra operand 'b.bu'" plain.bu b.bu

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
like "$err" "^ign-gen: p.bu:10:13: storage.files.0.mode: 'null' is not an integer$" 'null is a value too, and of the wrong type'
refused 2 "p.bu:15:1: no value for @{B}: give -D B=VALUE" p.bu -D A=x -D MODE=0640 -D YES=true
refused 2 "-D: 'a' is not a placeholder name: use A-Z, 0-9 and '_', starting with a letter" p.bu -D a=1
refused 2 "-D: A already has a value" p.bu -D A=1 -D A=2
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
refused 2 'l.bu:4:23: @{SSH_KEYS} is a list: it must be a list item by itself' l.bu -a keys
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
is "$err" "ign-gen: s.bu:5:13: storage.files.0.path: '***' is not an absolute path
ign-gen: s.bu:6:13: storage.files.0.mode: '***' is not an integer
ign-gen: s.bu:8:18: systemd.units.0.name: '***' is not a unit name: it needs a suffix such as .service" \
	'is not shown'

# --- the program

if ! under_memcheck; then
	needed=$(readelf -d "$BIN/ign-gen" | sed -n 's/.*NEEDED.*\[\(.*\)\.so.*/\1/p')
	like "$needed" jansson 'it links jansson'
	unlike "$needed" 'curl|xml2|crypto|ssl' '... and no libcurl, libxml2, libcrypto'
fi
run sh -c 'ign-gen -s https://cp:9345 -t token --rke2 v1.33 >/dev/full'
is "$status" 1 'a full disk: status 1'
run sh -c '{ sleep 0.3; ign-gen -s https://cp:9345 -t token --rke2 v1.33; echo $? >status; } | true'
is "$(cat status)" 141 'stdout is a closed pipe: status 141'
run ign-gen -s https://cp:9345 -t token --rke2 v1.33 -o nowhere/w.ign
is "$status" 1 'an output that cannot be written: status 1'
like "$err" "cannot write 'nowhere/w.ign': No such file or directory" 'says so'
done_testing
