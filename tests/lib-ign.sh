# SPDX-License-Identifier: Apache-2.0
# lib-ign.sh - what the tests of ign-gen share: a token, keys, and functions that show
# what is in an Ignition config.  After lib.sh: . "$top/tests/lib-ign.sh"
# shellcheck shell=sh disable=SC2154,SC2034 # variables pass between this, lib.sh and the tests

need ssh-keygen perl
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

# gen ARGS: runs ign-gen with what every worker needs; no message may contain a secret
gen() {
	run ign-gen -s https://cp.example:9345 -t token --rke2 v1.33 "$@"
	case $err in *"$secret"*) fail "no secret in messages: $*" ;; esac
}
# refused STATUS MESSAGE ARGS: ign-gen prints exactly this line, and no output
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

# Prints an Ignition config with sorted keys and decoded data URLs.
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
