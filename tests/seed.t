#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2034 # lib.sh and its variables
# The YAML that people begin with - both units masked, or an update.conf with
# etcd-lock, and a whole worker document - from YAML to a Ready node.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need ssh
oracle butane
butane=$oracle
oracle ignition-validate
validate=$oracle
vs_lab
cd "$T" || exit 1

head='variant: flatcar
version: 1.0.0'
cat >mask.bu <<X
$head
systemd:
  units:
    - name: update-engine.service
      mask: true
    - name: locksmithd.service
      mask: true
X
cat >update.bu <<X
$head
storage:
  files:
    - path: /etc/flatcar/update.conf
      mode: 0644
      contents:
        inline: |
          GROUP=stable
          REBOOT_STRATEGY=etcd-lock
X
for doc in mask update; do
	run ign-gen --strict $doc.bu
	is "$status$err" 0 "$doc.bu"
	printf '%s\n' "$out" >ours
	run "$butane" --strict $doc.bu
	is "$out" "$(cat ours)" '... is what Butane translates it to'
	run ign-check ours
	is "$status$out" 0 '... and is going to boot'
done

run ign-gen --print-butane
printf '%s\n' "$out" >whole.bu
is "$status" 0 'the whole worker document'

# boots VM STATUS ARGUMENT...: the document with these arguments, until it is Ready
boots() {
	_vm=$1
	shift
	run ign-gen -q -s "$LAB_SERVER" -t "$LAB_AGENT_TOKEN_FILE" -a "$LAB_AUTHORIZED_KEY" \
		--rke2 v1.33 -o "$_vm.ign" "$@"
	is "$status$err" 0 "ign-gen $*"
	run "$validate" "$_vm.ign"
	is "$status$out" 0 '... Ignition takes it'
	run ign-check --worker "$_vm.ign"
	is "$status" 0 '... ign-check says that it is going to boot'
	# the lab's supervisor cannot have the port of real ones
	is "$(printf '%s' "$out" | grep -v "forward port ${LAB_SERVER##*:} to it")" '' '... and prints nothing else'
	run vs-clone -n workers -i "$_vm.ign" --on flatcar-template "$_vm"
	is "$status" 0 "... $_vm is cloned"
	printf '%s\n' "$out" >record
	RUN_TIMEOUT=90 run node-wait --expect 1 <record
	is "$status" 0 '... and becomes a Ready node'
	out_like "${tab}state=ready" '... says its record'
}
# config VM PATH: what its config has there
config() {
	jq -r --arg p "$2" '.storage.files[] | select(.path == $p) | .contents
		| [.compression // "", .source] | @tsv' "$1.ign" >"$T/source"
	perl -MMIME::Base64 -MIO::Uncompress::Gunzip=gunzip -ne 'chomp; my ($how, $s) = split /\t/;
		$s =~ s/^data:(;base64)?,//; $s = $1 ? decode_base64($s) : $s =~ s/%(..)/chr hex $1/ger;
		if ($how eq "gzip") { gunzip(\$s => \my $o); $s = $o } print $s' "$T/source"
}
masked() { jq -r '[.systemd.units[] | select(.mask) | .name] | sort | join(" ")' "$1.ign"; }

boots seed-1 --add mask.bu whole.bu
is "$(masked seed-1)" 'locksmithd.service update-engine.service' '... with both units masked'
boots seed-2 --updates etcd-lock --add update.bu whole.bu
is "$(masked seed-2)" '' '... with no unit masked'
is "$(config seed-2 /etc/flatcar/update.conf)" 'GROUP=stable
REBOOT_STRATEGY=etcd-lock' '... and the update.conf of the snippet'
boots seed-3 --env whole.bu
done_testing
