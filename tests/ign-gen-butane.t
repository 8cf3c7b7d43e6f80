#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# ign-gen with any Butane document, compared with Butane.
. "${0%/*}/lib.sh"
. "$top/tests/lib-ign.sh"

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
is "$status$out$err" 0 'ignition-validate accepts it'
like "$(cat a.ign)" '"ignition":\{"version":"3.4.0"\}' 'the newer version of the two'
is "$(file /etc/sysctl.d/90-rke2.conf <a.ign)" 'vm.max_map_count = 262144' 'a file is replaced'
is "$(file /etc/motd <a.ign)" hello 'a file is added'
like "$(cat a.ign)" '"users":\[\{"groups":\["docker"\],"name":"core","sshAuthorizedKeys":\["ssh-ed25519 ' 'a user has both'
like "$(cat a.ign)" '"dropins":\[\{"contents":"\[Service\]' 'a unit gets a drop-in'
like "$(cat a.ign)" '"mask":false,"name":"update-engine.service"' 'the fragment wins'
sed 's/path: \/etc\/motd/pth: \/etc\/motd/' add.bu >bad.bu
# shellcheck disable=SC2086 # $worker is words
refused 2 "bad.bu:12:7: storage.files.1.pth: unknown key: did you mean 'path'?" $worker --add bad.bu
# shellcheck disable=SC2086
refused 3 "cannot read the document 'nowhere': No such file or directory" $worker --add nowhere

# --- local files

mkdir -p dir/sub
printf '\000\001binary' >dir/bin
echo text >dir/sub/text
printf '[Service]\nExecStart=/bin/true\n' >dir/unit
ln -s ../token dir/out
{ cat key.pub; tr -d "\n" <key2.pub; } >dir/keys	# the last line has no end
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
is "$(norm <l.ign)" "$(printf '%s\n' "$out" | norm)" 'the same config as Butane makes'
refused 2 "local.bu:6:35: passwd.users.0.ssh_authorized_keys_local: 'keys' is a local file: give --files-dir DIR" local.bu
for out_of in ../token out etc/../../token; do
	sed "s,local: bin,local: $out_of," local.bu >bad.bu
	refused 2 "bad.bu:10:25: storage.files.0.contents.local: cannot read '$out_of' in 'dir': it is outside that folder" -d dir bad.bu
done
# as in Butane, '/' is the folder
sed "s,local: bin,local: /nowhere/../bin," local.bu >abs.bu
run ign-gen -d dir abs.bu
is "$status$err" 0 'a path from the root of the folder'
sed "s,local: bin,local: /etc/passwd," local.bu >bad.bu
refused 2 "bad.bu:10:25: storage.files.0.contents.local: cannot read '/etc/passwd' in 'dir': No such file or directory" -d dir bad.bu
sed "s,local: bin,local: nope," local.bu >bad.bu
refused 2 "bad.bu:10:25: storage.files.0.contents.local: cannot read 'nope' in 'dir': No such file or directory" -d dir bad.bu
sed "s,local: bin,local: sub," local.bu >bad.bu
refused 2 "bad.bu:10:25: storage.files.0.contents.local: 'sub' in 'dir' is not a regular file" -d dir bad.bu
mkfifo dir/fifo	# without a writer
sed 's/local: bin/local: fifo/' local.bu >bad.bu
refused 2 "bad.bu:10:25: storage.files.0.contents.local: 'fifo' in 'dir' is not a regular file" -d dir bad.bu
rm dir/fifo

# --- trees

mkdir -p trees/a/b.d trees/a/b trees/c/.hidden
echo 1 >trees/a/b/x
echo 2 >trees/a/b.d/y
printf '#!/bin/sh\n' >trees/a/run
chmod 711 trees/a/run
printf '#!/bin/sh\n' >trees/a/group-runs
chmod 610 trees/a/group-runs
chmod 600 trees/a/b/x
printf '\000\377' >trees/a/bin
: >trees/c/.hidden/empty
ln -s ../nowhere trees/a/link
ln -s /etc/passwd trees/c/abs
echo mine >trees/c/owned
cat >trees.bu <<'X'
variant: flatcar
version: 1.1.0
storage:
  files:
    - {path: /opt/owned, overwrite: true, mode: 0640, user: {name: core}}
    - {path: /etc/own, contents: {inline: x}}
  links: [{path: /opt/abs}, {path: /z, target: y}]
  trees:
    - local: a
    - {local: c, path: /opt}
X
run "$butane" --strict --files-dir trees trees.bu
is "$status$err" 0 'Butane accepts trees'
theirs=$(printf '%s\n' "$out" | norm)
run ign-gen --files-dir trees trees.bu
is "$status$err" 0 'so does ign-gen'
is "$(printf '%s\n' "$out" | norm)" "$theirs" 'and makes the same config'
sed '/^  files/,/^  links/d' trees.bu >t.bu
run "$butane" --strict --files-dir trees t.bu
theirs=$(printf '%s\n' "$out" | norm)
run ign-gen --files-dir trees t.bu
is "$(printf '%s\n' "$out" | norm)" "$theirs" 'also if there are only trees'
# taken MESSAGE STORAGE: both refuse a tree next to this part of the storage section
taken() {
	printf 'variant: flatcar\nversion: 1.1.0\nstorage:\n  %s\n  trees: [{local: a}]\n' "$2" >t.bu
	run "$butane" --files-dir trees t.bu
	isnt "$status" 0 "Butane refuses: $2"
	refused 2 "$1" -d trees t.bu
}
taken "t.bu:5:11: storage.trees.0: '/run' in tree 'a': the document already has a file, link or directory there" 'files: [{path: /run, contents: {inline: x}}]'
taken "t.bu:5:11: storage.trees.0: '/run' in tree 'a': the document already has a file, link or directory there" 'directories: [{path: /run}]'
taken "t.bu:5:11: storage.trees.0: '/run' in tree 'a': the document already has a file, link or directory there" 'links: [{path: /run, target: x}]'
taken "t.bu:5:11: storage.trees.0: '/link' in tree 'a': the document already has a file, link or directory there" 'files: [{path: /link}]'
taken "t.bu:5:11: storage.trees.0: '/b/x' is below '/b', which is a link in this document" 'links: [{path: /b, target: x}]'
mkfifo trees/a/fifo
refused 2 "trees.bu:9:7: storage.trees.0: '/fifo' in tree 'a': not a file, folder or link" -d trees trees.bu
rm trees/a/fifo
sed 's/local: a/local: a\/run/' trees.bu >t.bu
refused 2 "t.bu:9:14: storage.trees.0: 'a/run' is not a folder" -d trees t.bu
sed 's/local: a/local: ../' trees.bu >t.bu
refused 2 "t.bu:9:14: storage.trees.0: cannot read '..' in 'trees': it is outside that folder" -d trees t.bu
refused 2 "trees.bu:9:14: storage.trees.0: 'a' is a local file: give --files-dir DIR" trees.bu

# --- documents, compared with Butane

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
cat >mounts.bu <<'X'
variant: flatcar
version: 1.0.0
storage:
  filesystems:
    - {device: /dev/disk/by-label/da ta, format: ext4, path: /var/lib/d-a.t a, with_mount_unit: true, mount_options: [ro, noatime]}
    - {device: /dev/sdb, format: swap, with_mount_unit: true, mount_options: [pri=1]}
    - {device: /dev/sdc, format: swap, with_mount_unit: true}
    - {device: /dev/.sdd, format: btrfs, path: /.x, with_mount_unit: true}
    - {device: /dev/sde, format: none, path: /ä, with_mount_unit: true}
    - {device: /dev/sdf, format: xfs, path: /, with_mount_unit: true}
    - {device: /dev/sdg, format: xfs, path: /z, with_mount_unit: false}
systemd:
  units:
    - {name: a.service, mask: true}
    - {name: \x2ex.mount, enabled: false, dropins: [{name: a.conf, contents: "[Mount]\nOptions=x\n"}]}
    - {name: dev-sdb.swap, contents: "[Swap]\nWhat=/x\n[Install]\nWantedBy=swap.target\n"}
X
sed '/^systemd/,$d' mounts.bu >mounts1.bu
for doc in all all10 json seed many mounts mounts1; do
	run "$butane" --strict $doc.bu
	is "$status$err" 0 "Butane accepts $doc.bu"
	printf '%s\n' "$out" >theirs
	run ign-gen $doc.bu
	is "$status$err" 0 'so does ign-gen'
	printf '%s\n' "$out" >ours
	is "$(norm <ours)" "$(norm <theirs)" 'and makes the same config'
	[ "$(wc -c <ours)" -le $(($(wc -c <theirs) * 102 / 100)) ]
	ok $? 'which is not longer'
	run "$validate" ours
	is "$status" 0 'ignition-validate accepts it'
done

# --- all errors of a document at once

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
	"bad.bu:5:7: storage.files.0.paht: unknown key: did you mean 'path'?" \
	"bad.bu:5:7: storage.files.0.path: missing" \
	"bad.bu:6:13: storage.files.0.mode: expected a number, found a string: remove the quotes" \
	"bad.bu:7:13: storage.files.1.path: 'etc/x' is not an absolute path" \
	"bad.bu:8:13: storage.files.1.mode: 644 is decimal, which is mode 01204: did you mean 0644?" \
	"bad.bu:10:10: systemd.units: expected a list, found a map: start each item with '- '" <<'X'
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
	'bad.bu:3:1: boot_device: only in the fcos variant, not in flatcar' \
	"bad.bu:5:32: storage.luks.0.discard: requires flatcar 1.1.0, but the document is flatcar 1.0.0" \
	"bad.bu:6:19: storage.trees.0: 'x' is a local file: give --files-dir DIR" \
	"bad.bu:6:23: storage.trees.0.file_mode: requires flatcar 1.2.0-experimental, but the document is flatcar 1.0.0" <<'X'
boot_device: {}
storage:
  luks: [{name: a, device: /d, discard: true}]
  trees: [{local: x,  file_mode: 0600}]
X
bad 'doubles' \
	"bad.bu:4:18: storage.files.0: the path '/a' is given twice, also in bad.bu:6" \
	"bad.bu:8:40: systemd.units.1: 'a.service' is given twice, also in bad.bu:8" <<'X'
storage:
  files: [{path: /a}]
  directories:
    - { path: /a }
systemd:
  units: [{name: a.service}, {name:    a.service}]
X
bad 'below a link' "bad.bu:4:18: storage.files.0: '/a/b/c' is below '/a', which is a link in this document" <<'X'
storage:
  files: [{path: /a/b/c}]
  links: [{path: /a, target: /b}]
X
bad 'modes, URLs, hashes' \
	"bad.bu:5:24: storage.files.0.mode: '0888' is not an integer (a leading 0 makes it octal)" \
	"bad.bu:6:37: storage.files.1.contents.source: Ignition cannot fetch 'ftp://' URLs: use http, https, tftp, gs, s3, arn, data or oem" \
	"bad.bu:7:68: storage.files.2.contents.verification.hash: sha256 needs 64 hex digits, found 4" \
	"bad.bu:8:28: storage.files.3.contents.source: only one of 'inline', 'local' and 'source' is allowed" <<'X'
storage:
  files:
    - {path: /a, mode: 0888}
    - {path: /b, contents: {source: ftp://x}}
    - {path: /c, contents: {source: http://x, verification: {hash: sha256-e3b0}}}
    - {path: /d, contents: {inline: x, source: http://x}}
X
bad 'units' \
	"bad.bu:5:13: systemd.units.0.name: 'a' is not a unit name: it needs a suffix such as .service" \
	"bad.bu:6:35: systemd.units.1.contents: line 2 of the unit: a line that is not 'Name=value'" \
	"bad.bu:7:42: systemd.units.2.dropins.0.name: 'x' is not a drop-in name: it must end in .conf" <<'X'
systemd:
  units:
    - name: a
    - {name: b.service, contents: "[Service]\noops\n"}
    - {name: c.service, dropins: [{name: x}]}
X
bad 'disks' \
	"bad.bu:6:11: storage.disks.0.partitions.1: a partition needs a 'number' of at least 1, or a 'label'" \
	"bad.bu:7:39: storage.disks.0.partitions.2.guid: 'x' is not a GUID, such as 01234567-89AB-CDEF-EDCB-A98765432101" \
	"bad.bu:9:7: storage.filesystems.0.format: missing, but required by 'label'" \
	"bad.bu:9:27: storage.filesystems.0.label: requires a 'format'" \
	"bad.bu:10:40: storage.filesystems.1.label: a label for xfs can have 12 bytes at most" \
	"bad.bu:11:10: storage.luks.0.device: missing" \
	"bad.bu:11:17: storage.luks.0.name: a device name cannot contain '/'" \
	"bad.bu:12:27: storage.raid.0.level: RAID level 'raid0' cannot have spares" <<'X'
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
bad 'mount units' \
	"bad.bu:5:51: storage.filesystems.0.format: missing, but required by 'with_mount_unit'" \
	"bad.bu:6:51: storage.filesystems.1.path: missing, but required by 'with_mount_unit'" \
	"bad.bu:7:68: storage.filesystems.2.mount_options.0: contains a control character" <<'X'
storage:
  filesystems:
    - {device: /d,               with_mount_unit: true}
    - {device: /e, format: ext4, with_mount_unit: true}
    - {device: /f, format: ext4, path: /x,         mount_options: ["a\nb"]}
X
bad 'one mount unit twice' "bad.bu:5:59: storage.filesystems.1.with_mount_unit: 'x.mount' is given twice, also in bad.bu:4" <<'X'
storage: {filesystems: [
    {device: /d, format: ext4, path: /x, with_mount_unit: true},
    {device: /e, format: ext4, path: /x, with_mount_unit: on}]}
X
bad 'a partition after the largest possible number' \
	'bad.bu:5:7: storage.disks.0.partitions.1: this partition overlaps the one in line 4' <<'X'
storage: {disks: [{device: /d, partitions: [
      {number: 1, start_mib: 9223372036854775807, size_mib: 9223372036854775807},
      {number: 2, start_mib: -9223372036854775808, size_mib: -9223372036854775808}]}]}
X
bad 'partitions' \
	"bad.bu:6:7: storage.disks.0.partitions.1: this partition overlaps the one in line 5" \
	"bad.bu:7:7: storage.disks.0.partitions.2: two partitions have the number '2'" \
	"bad.bu:7:7: storage.disks.0.partitions.2: two partitions have the label 'x'" <<'X'
storage:
  disks: [{device: /d, partitions: [
      {number: 1, label: x, start_mib: 1, size_mib: 10},
      {number: 2, start_mib: 10, size_mib: 10},
      {number: 2, label: x, start_mib: 0, size_mib: 100}]}]
X
bad 'what is merged' \
	"bad.bu:6:9: ignition.config.merge.0: a 'source', 'inline' or 'local' is missing" \
	"bad.bu:7:17: ignition.config.merge.1.inline: this is not an Ignition config but a Butane document: translate it with ign-gen first" \
	"bad.bu:8:9: ignition.config.merge.2: cannot be fetched: see its 'source'" \
	"bad.bu:8:17: ignition.config.merge.2.source: 'arn' URLs require flatcar 1.1.0, but the document is flatcar 1.0.0" <<'X'
ignition:
  config:
    merge:
      - {compression: gzip}
      - inline: "variant: flatcar"
      - source: arn:aws:s3:::b/k
X
for case in \
	'a: 1|3:1: a: unknown key' \
	'files: []|3:1: files: unknown key: it belongs below '"'storage'" \
	'storage: {files: [{path: /a, inline: x}]}|3:30: storage.files.0.inline: unknown key: it belongs below '"'contents'" \
	'storage: {files: [{path: /a, name: x}]}|3:30: storage.files.0.name: unknown key' \
	'storage: {files: [{path: /a}, null]}|3:31: storage.files.1: empty list item' \
	'storage: {files: {}}|3:18: storage.files: expected a list, found a map: start each item with '"'- '" \
	'storage: [1]|3:10: storage: expected a map ('"'key: value'"'), found a list' \
	'storage: {files: [{path: /a, path: /b}]}|3:30: duplicate key '"'path'"', first in line 3' \
	'storage: &a {}|3:10: anchors ('"'&'"') are not supported: repeat the value instead' \
	'storage: *a|3:10: aliases ('"'*'"') are not supported: repeat the value instead, or quote the '"'*'" \
	'storage: !!int 3|3:10: tags ('"'!'"') other than !!str are not supported' \
	'<<: {}|3:1: merge keys ('"'<<'"') are not supported: repeat the keys instead' \
	'storage: "\0"|3:10: a value cannot contain NUL' \
	'--- {}|3:1: a second document ('"'---'"') starts here: use one file per document' \
	'variant: fcos|3:1: duplicate key '"'variant'"', first in line 1'
do
	bad "${case%%|*}" "bad.bu:${case#*|}" <<X
${case%%|*}
X
done
printf 'variant: flatcar\nversion: 1.0.0\nstorage:\n\tfiles: []\n' >bad.bu
refused 2 'bad.bu:4:1: a value cannot start with this character: quote it, or, if it is a tab, indent with spaces' bad.bu
printf 'variant: flatcar\nversion: 1.0.0\nx: \377\n' >bad.bu
refused 2 'bad.bu:3:4: not valid UTF-8 from here on' bad.bu
perl -e 'print "variant: flatcar\nversion: 1.0.0\nx: ", "[" x 100000' >bad.bu
refused 2 'bad.bu:3:67: nested too deeply: more than 64 levels' bad.bu
: >bad.bu
refused 2 'bad.bu:1:1: the document is empty' bad.bu
echo 'variant: flatcar' >bad.bu
refused 2 'bad.bu:1:1: version: missing: use 1.1.0, or 1.0.0 for Flatcar before 3602' bad.bu
printf 'variant: fcos\nversion: 1.5.0\n' >bad.bu
refused 2 "bad.bu:1:10: variant: unsupported variant 'fcos' (supported: flatcar)" bad.bu
printf 'variant: flatcar\nversion: 1.2.0-experimental\n' >exp.bu
run ign-gen exp.bu
is "$out" '{"ignition":{"version":"3.7.0-experimental"}}' 'an experimental version is made'
is "$err" 'ign-gen: warning: exp.bu:2:10: version: it makes Ignition 3.7.0-experimental, which may be rejected by the next Ignition release: use 1.1.0 if you can' '... with a warning'
refused 2 'warning: exp.bu:2:10: version: it makes Ignition 3.7.0-experimental, which may be rejected by the next Ignition release: use 1.1.0 if you can' --strict exp.bu
refused 2 'exp.bu:2:10: version: it makes Ignition 3.7.0-experimental, which may be rejected by the next Ignition release: use 1.1.0 if you can' --strict -q exp.bu
refused 2 "--print-butane prints the built-in document, not 'exp.bu'" --print-butane exp.bu

# a mode in octal, or obviously meant to be
bad 'modes' \
	'bad.bu:5:24: storage.files.0.mode: 0x1A4 is not an octal mode: did you mean 0644?' \
	'bad.bu:6:24: storage.files.1.mode: 755 is decimal, which is mode 01363: did you mean 0755?' \
	"bad.bu:8:31: storage.directories.0.mode: '010000' is not a file mode: expected 0000 to 07777" <<'X'
storage:
  files:
    - {path: /a, mode: 0x1A4}
    - {path: /b, mode: 755}
  directories:
    - {path: /c,        mode: 010000}
X

# --- options of butane's command line

sed 's/mode: 0x1A4/modee: 0644/; s/755/0755/; s/010000/02750/' bad.bu >slip.bu
warned='ign-gen: warning: slip.bu:5:18: storage.files.0.modee: unknown key: did you mean '"'mode'"'?
ign-gen: warning: slip.bu:8:31: storage.directories.0.mode: setuid, setgid and sticky bits have no effect before Ignition 3.6'
run ign-gen --lax --raw slip.bu
is "$status$err" "0$warned" '--lax gives the warnings of butane'
printf '%s\n' "$out" >ours
run "$butane" -r slip.bu
is "$(norm <ours)" "$(printf '%s\n' "$out" | norm)" '... and makes the same config'
run ign-gen --lax --check slip.bu
is "$status$err$out" "0$warned" '--check writes nothing'
run ign-gen --lax --strict slip.bu
is "$status$err$out" "2$warned
ign-gen: refused: --strict treats warnings as errors" '--strict refuses it for its warnings'
run ign-gen --check bad.bu
status_is 2 '--check finds errors'
printf 'variant: flatcar\nversion: 1.0.0\nstorage: {files: [{path: /a, mode: 644}]}\n' >caret.bu
TERM=dumb script -qec 'ign-gen caret.bu' /dev/null >shown
is "$(tr -d '\r' <shown)" "ign-gen: caret.bu:3:36: storage.files.0.mode: 644 is decimal, which is mode 01204: did you mean 0644?
     3 | storage: {files: [{path: /a, mode: 644}]}
       |                                    ^" 'on a terminal the line is shown'

# --- placeholders from the environment, and in Ignition

printf 'variant: flatcar\nversion: 1.0.0\nstorage: {files: [{path: /a, contents: {inline: "@{W} + @@{W}"}, mode: "@{M}"}]}\n' >env.bu
run env W='x: "y' M=0600 ign-gen --env env.bu
is "$status$err" 0 '--env'
is "$(printf '%s\n' "$out" | norm | tr -d ' \n')" \
	'{"ignition":{"version":"3.3.0"},"storage":{"files":[{"contents":{"source":"x:\"y+@{W}"},"mode":384,"path":"/a"}]}}' '... fills in'
run env W='x: "y' M=06o0 ign-gen --env env.bu
is "$err" "ign-gen: env.bu:3:72: storage.files.0.mode: '***' is not an integer" '... and counts as secret'
run ign-gen env.bu
is "$status$err" "2ign-gen: env.bu:3:49: no value for @{W}: give -D W=VALUE
ign-gen: env.bu:3:72: no value for @{M}: give -D M=VALUE" 'without values'
run ign-gen --env -D M=0600 env.bu
is "$status$err" "2ign-gen: env.bu:3:49: no value for @{W}: it is not in the environment; give -D W=VALUE" '... nor one in the environment'
for text in 'a @{W}' "$(perl -e 'print "abc\n" x 200, "\@{W}"')"; do
	W=$text perl -pe 's/\@\{W\} \+ \@\@\{W\}/my $w = $ENV{W}; $w =~ s:\n:\\n:g; $w/e; s/"\@\{M\}"/0600/' env.bu >text.bu
	"$butane" text.bu >text.ign
	run ign-gen -D W=%zz text.ign
	is "$status$err" 0 'a text in a data URL of an Ignition config'
	printf '%s\n' "$out" >ours
	sed 's/@{W}/%zz/' text.bu | "$butane" | norm >want
	is "$(norm <ours)" "$(cat want)" '... is filled in, too'
done
while read -r doc; do
	printf 'variant: flatcar\nversion: 1.2.0-experimental\n%s\n' "$doc" >secret.bu
	for lax in --env --lax; do
		run env W=topsecret ign-gen --env $lax -d trees secret.bu
		is "$status" 2 "refused, $lax: $doc"
		unlike "$err" topsecret '... and does not show the value'
	done
done <<'X'
storage: {links: [{path: "/@{W}", target: /x}], files: [{path: "/@{W}/a"}]}
storage: {trees: [{local: a, path: "/@{W}"}, {local: a, path: "/@{W}"}]}
systemd: {quadlets: [{name: "@{W}.pod", contents: a}, {name: "@{W}.pod", contents: a}]}
ignition: {config: {merge: [{inline: '{"ignition":{"version":"@{W}"},"@{W}":1}'}]}}
X
refused 2 "text.ign:1:108: no value for @{W}: give -D W=VALUE" text.ign

# --- Ignition as input

run ign-gen a.ign
is "$status$err" 0 'Ignition is accepted, too'
is "$(printf '%s\n' "$out" | norm)" "$(norm <a.ign)" '... and is written unchanged'
echo '{"ignition":{"version":"3.4.0"},"passwd":{"users":[{"name":"variant"}]}}' >v.ign
run ign-gen v.ign
is "$status$out$err" "0$(cat v.ign)" 'a user with the name of a Butane key'
# what has no effect in one document must not hide what the other one sets
printf 'variant: flatcar\nversion: 1.1.0\nkernel_arguments: {should_exist: [y]}\n' >k.bu
echo '{"ignition":{"version":"3.0.0"},"kernelArguments":{"shouldExist":["x"]}}' >k.ign
run ign-gen --add k.bu k.ign
is "$status$out" '0{"ignition":{"version":"3.4.0"},"kernelArguments":{"shouldExist":["y"]}}' 'a key of a later version is dropped, a fragment is kept'
luks='storage: {luks: [{name: a, device: /dev/x, discard'
printf 'variant: flatcar\nversion: 1.1.0\n%s: true}]}\n' "$luks" >l.bu
printf 'variant: flatcar\nversion: 1.0.0\n%s: false}]}\n' "$luks" >l0.bu
run ign-gen --lax --add l0.bu l.bu
like "$out" '"discard":true' '... nor does it remove what exists'
refused 2 '-a has no effect: the document does not use @{SSH_KEYS}' -a key.pub a.ign
done_testing
