#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# ign-gen --lax: what Go's yaml accepts in a Butane document, one thing per document,
# each compared with Butane itself.
. "${0%/*}/lib.sh"
. "$top/tests/lib-ign.sh"

# compare BUTANE TABLE: "ok NAME" or "no NAME" for each document of a table, and
# differences on stderr.  Both must accept or refuse it, as the table says.  If they
# accept it, they warn about the same paths (and Butane's reader at the same places)
# and make the same config; if not, we report each error that Butane has a path for.
cat >compare <<'X'
use strict; use warnings;
use JSON::PP; use MIME::Base64; use Encode;

my ($butane, $table) = @ARGV;
my $head = "variant: flatcar\nversion: 1.1.0\n";
my %of = (
	int => "ignition:\n  timeouts:\n    http_total: %s\n",
	bool => "passwd:\n  users:\n    - name: a\n      system: %s\n",
	string => "passwd:\n  users:\n    - name: a\n      gecos: %s\n",
	item => "kernel_arguments:\n  should_exist:\n    - %s\n    - z\n",
	need => "passwd:\n  users:\n    - name: %s\n",
	bytes => "storage:\n  files:\n    - path: /a\n      contents:\n        inline: %s\n",
	user => "passwd:\n  users:\n    - name: a\n      %s\n",
	groups => "passwd:\n  users:\n    - name: a\n      groups: %s\n",
	behind => "passwd:\n  users:\n    - name: a\n%s\n",
);

sub slurp { open my $f, '<:raw', shift or die $!; local $/; <$f> }
sub plain {
	my $v = shift;
	return [map { plain($_) } @$v] if ref $v eq 'ARRAY';
	return $v unless ref $v eq 'HASH';
	my %h = map { $_ => plain($v->{$_}) } keys %$v;
	if (defined $h{source} and $h{source} =~ s/^data:(;base64)?,//) {
		$h{source} = $1 ? decode_base64($h{source})
			: $h{source} =~ s/%(..)/chr hex $1/ger;
		delete $h{compression};
	}
	return \%h;
}
sub config { JSON::PP->new->canonical->encode(plain(decode_json(slurp(shift)))) }

# the findings: { "warning storage.files.0" => "line:col" }
sub theirs {
	my (%all, %read);
	for (split /\n/, slurp('b.err')) {
		next unless /^(warning|error)(?: at \$\.?(.*?))?, line (\d+) col (\d+): (.*)/;
		my ($key, $at, $text) = ("$1 " . ($2 // ''), "$3:$4", $5);
		$all{$key} = 1;
		$read{"$key $at"} = 1 if $text =~ /^(unused key|context tree)/;
	}
	return (\%all, \%read);
}
sub ours {
	my (%all, %at);
	for (split /\n/, slurp('g.err')) {
		next unless /^ign-gen: (warning: )?doc:(\d+):(\d+): (?:(\S+): )?/;
		my $key = ($1 ? 'warning ' : 'error ') . ($4 // '');
		$all{$key} = 1;
		$at{"$key $2:$3"} = 1;
	}
	return (\%all, \%at);
}

sub status { my $s = system @_; $s & 127 ? "signal $s" : $s >> 8 }

sub look {
	my ($want, $doc) = @_;
	open my $f, '>:raw', 'doc' or die $!;
	print $f $doc;
	close $f or die $!;
	my $b = status("$butane --raw-errors doc >b.out 2>b.err");
	my $g = status("ign-gen --lax doc >g.out 2>g.err");
	return "ign-gen: $g" unless $g =~ /^[02]$/;
	return "Butane: $b, ign-gen: $g, expected: $want"
		unless ($b == 0) == ($want eq '+') and ($g == 0) == ($want eq '+');
	my ($b_all, $b_read) = theirs();
	my ($g_all, $g_at) = ours();
	my @out;
	if ($want eq '+') {
		push @out, "not reported: $_" for grep { !$g_all->{$_} } sort keys %$b_all;
		push @out, "only we say: $_" for grep { !$b_all->{$_} } sort keys %$g_all;
		push @out, "not said there: $_" for grep { !$g_at->{$_} } sort keys %$b_read;
		push @out, 'another config: ' . slurp('g.out') if config('b.out') ne config('g.out');
	} else {
		push @out, "not reported: $_" for grep { /^error/ and !$g_all->{$_} } sort keys %$b_all;
	}
	return join '; ', @out;
}

sub result {
	my ($want, $name, $doc) = @_;
	my $bad = look($want, $doc);
	print $bad eq '' ? "ok $name\n" : "no $name\n";
	return if $bad eq '';
	print STDERR "# $name: $bad\n", map { "#   $_\n" } split /\n/, $doc . slurp('g.err') . slurp('b.err');
}

my ($want, $name, $raw, $doc);
sub document {
	result($want, $name, $raw ? $doc =~ s/\\x(..)/chr hex $1/ger : $head . $doc)
		if defined $want;
	undef $want;
}
for (split /^/, slurp($table)) {
	if (/^=([-+])(!?) (.*)/) {
		document();
		($want, $raw, $name, $doc) = ($1, $2, $3, '');
	} elsif (defined $want) {
		$doc .= $_;
	} elsif (/^(\w+) ([-+]) (.*)/) {
		my ($type, $w, $v) = ($1, $2, $3);
		my $text = sprintf $of{$type}, $v =~ s/\\n/\n/gr;
		result($w, "$type: $v", $head . $text);
	}
}
document();
# the same text in other encodings
if ($table =~ /texts/) {
	my $text = $head . "passwd:\n  users:\n    - name: \"\x{e4}\x{20ac}\x{1f600}\"\n";
	result('+', 'UTF-8 with a byte order mark', "\xef\xbb\xbf" . encode('UTF-8', $text));
	result('+', 'UTF-16, little end first', "\xff\xfe" . encode('UTF-16LE', $text));
	result('+', 'UTF-16, big end first', "\xfe\xff" . encode('UTF-16BE', $text));
	result('-', 'UTF-16 without a mark', encode('UTF-16LE', $text));
	result('-', 'UTF-16, one byte short', "\xff\xfe" . substr(encode('UTF-16LE', $text), 0, -1));
	result('-', 'half of a pair', "\xff\xfe" . encode('UTF-16LE', $text) . "\x00\xd8");
	result('-', 'Latin 1', encode('ISO-8859-1', $head . "# \x{e4}\n"));
}
X
beside() {
	perl compare "$butane" "$1" >results 2>differs
	[ -s results ]
	ok $? "$1: a table"
	while read -r _what _name; do
		[ "$_what" = ok ]
		ok $? "$1: $_name"
	done <results
	cat differs >&2
}

# --- values: TYPE, + accepted or - refused, the text

cat >values <<'X'
int + 0
int + -1
int + +1
int + 0644
int + 0o644
int + 0O17
int + 0x1a4
int + 0X1A4
int + 0b110
int + -0b11
int + 08
int + 0888
int + -08
int + 420.9
int + -0.5
int + 1e3
int + 1e-2
int + .5e2
int + .5_0
int + 5.
int + 1_000
int + 1__0_
int + 0x_f
int + 0_x1f
int + 0_8
int + 1_.5
int + 0b-1
int + 0o-17
int + -.inf
int + 9223372036854775807
int + -9223372036854775808
int + -9223372036854775809
int + -99999999999999999999
int + +9223372036854775808
int + 9.22e18
int + 0777777777777777777777
int + !!int "0644"
int + !!int '0x1f'
int + !!float 12
int + !!float "1.9"
int + !<tag:yaml.org,2002:int> "7"
int + ! 12
int + ~
int + null
int + !!null ""
int - 9223372036854775808
int - 18446744073709551615
int - 18446744073709551616
int - 99999999999999999999
int - 1e19
int - 1e400
int - .inf
int - .nan
int - _1
int - 0x
int - 0b2
int - 0o8
int - -0b-1
int - ._5
int - .
int - 1e
int - 0x1p4
int - 1,000
int - 1:30
int - 2001-01-01
int - true
int - y
int - "1"
int - ""
int - |-\n        1
int - !!str 12
int - !foo 12
int - !!int 1.5
int - !!int foo
int - !!int ""
int - !!float foo
int - !!float ~
int - !!null 12
int - !!bool 1
int - !!binary MTI=
int - !!timestamp 2001-01-01
int - [1]
int - {a: 1}
bool + true
bool + True
bool + FALSE
bool + y
bool + Y
bool + yes
bool + On
bool + OFF
bool + n
bool + "yes"
bool + 'off'
bool + |-\n        no
bool + !!str on
bool + !foo yes
bool + !!bool "true"
bool + !!binary eWVz
bool + ~
bool - "true"
bool - !!str true
bool - !foo true
bool - !!bool yes
bool - tRue
bool - yEs
bool - t
bool - 1
bool - 0
bool - ""
bool - !!binary dHJ1ZQ==
string + 0123
string + 1e3
string + true
string + .nan
string + 2001-12-14
string + <<
string + ~
string + Null
string + "~"
string + !!str
string + !!str ~
string + !foo ~
string + !foo
string + !!int 0x10
string + !!float .inf
string + !!bool true
string + !!binary aGk=
string + !!binary /w==
string + !!binary
string + !!timestamp 2001-1-1
string + !!timestamp 2000-02-29
string + !!timestamp 2001-1-1T1:2:3Z
string + !!timestamp 2001-1-1t1:2:3.5+01:00
string + !!timestamp 2001-1-1T1:2:3,5Z
string + !!timestamp "2001-01-01   10:00:00"
string + !!timestamp 2001-1-1T1:2:3+24:60
string + !!merge x
string + !!seq x
string - !!timestamp 1900-02-29
string - !!timestamp 2001-13-1
string - !!timestamp 2001-1-1T24:00:00Z
string - !!timestamp 2001-1-1T1:2:3
string - !!timestamp 2001-1-1T1:2:3+25:00
string - !!timestamp "2001-01-01 10:00:00Z"
string - !!timestamp 12
string - !!timestamp ""
string - !!int x
string - !!float x
string - !!bool yes
string - !!null x
string - !!binary aGk
string - !!binary "a b="
string - [a]
string - {a: b}
item + ~
item +
item + 12
item + "~"
item + !!binary YQ==
item - [a]
item - {a: b}
need + ~
need +
need - [a]
bytes + "a\0b"
bytes + !!binary AAH/
bytes + |\n          text
bytes + ~
groups + [a, ~, b]
groups + [~, null]
groups + []
groups + ~
groups + [a, 'b', !!str c]
groups + [-a, b#c, d:e]
groups + ["a?b"]
groups + [a:]
groups + [!!str , b]
groups + !foo [a]
groups + !!null [a]
groups + !!binary [a]
groups + &g [a]
groups - [a?b]
groups - [a ? b]
groups - [a,, b]
groups - {a: b}
groups - a
groups - ""
groups - [a, [b]]
X
beside values

# --- keys, merge keys and unknown keys: below a user

cat >keys <<'X'
user + "gecos": x
user + !!str gecos: x
user + ? gecos\n      : x
user + !!binary Z2Vjb3M=: x
user + !foo gecos: x
user + foo: x
user + foo: {a: 1, a: 2}
user + foo: !!int x
user + foo: !!binary x
user + foo: &u [*u]
user + ~: x
user + "": x
user + !!null "": x
user + 1: x\n      0x1: y
user + ~: x\n      null: y
user + !!binary path: x
user + !!int 1: x
user + &k gecos: x\n      foo: *k
user + contents: {a: b}
user + ssh_authorized_keys_local: []
user + <<: {gecos: x}
user + <<: {name: b, gecos: x}
user + <<: [{gecos: x}, {gecos: y, uid: 1}]
user + <<: []
user + <<: {}
user + <<: {<<: {gecos: x, shell: x}, shell: y}
user + <<: {gecos: ~}\n      gecos: x
user + gecos: ~\n      <<: {gecos: x}
user + <<: {foo: 1}
user + <<: {~: 1}
user + !!merge <<: {gecos: x}
user + !!merge "<<": {gecos: x}
user + ! <<: {gecos: x}
user + "<<": {gecos: x}
user + !!str <<: {gecos: x}
user + !foo <<: {gecos: x}
user + <<: !foo {gecos: x}
user + <<: !!null {gecos: x}
user + foo: &u {gecos: x}\n      <<: *u
user + foo: &u {gecos: x}\n      bar: &v {gecos: y, uid: 7}\n      <<: [*v, *u, {shell: z}]
user - : x
user - !!binary name: x
user - name: x
user - "name": x
user - foo: 1\n      foo: 2
user - foo: 1\n      'foo': 2
user - 1: x\n      1: y
user - ~: x\n      ~: y
user - [gecos]: x
user - {gecos: a}: x
user - gecos: x\n      !!binary Z2Vjb3M=: y
user - !!int x: y
user - !!null gecos: x
user - <<: {}\n      <<: {}
user - <<: {}\n      "<<": {}
user - <<: ~
user - <<: ""
user - <<: x
user - <<: [[{gecos: x}]]
user - <<: [~]
user - <<: {gecos: x, gecos: y}
user - <<: {foo: x, foo: y}
user - <<: {[a]: x}
user - <<: {uid: x}
user - foo: &u [{gecos: x}]\n      <<: *u
user - foo: &u ~\n      <<: *u
user - <<: &u {<<: *u}
user - gecos: &u *u
user - gecos: *nowhere
X
beside keys

# --- whole documents: "=+ NAME" accepted, "=- NAME" refused; "!": without our header

cat >documents <<'X'
=+ an alias of a map
x-file: &f {path: /a, mode: 0644, contents: {inline: x}}
storage:
  files:
    - *f
=+ an alias of a list has no warning of its own
x-files: &f [{path: /a}, {path: /b, bogus: 1}]
storage:
  files: *f
=+ the target of an alias is not checked for unknown keys
x-file: &f {path: /a, bogus: 1, contents: {bogus: 1}}
storage:
  files:
    - *f
    - {path: /b, bogus: 1}
=+ scalars by aliases
x: [&p /a, &m 0644, &t hello, &n ~]
storage:
  files:
    - path: *p
      mode: *m
      overwrite: *n
      contents: {inline: *t }
=+ an anchor where it is first used
storage:
  files:
    - &f
      path: /a
      user: &u {name: core}
      contents: &c {inline: x}
    - {path: /b, user: *u , contents: *c }
=+ an anchor given twice: the latest
x: [&p /a, &p /b]
storage:
  files:
    - path: *p
    - path: &p /c
=+ a merge that is overridden
x-file: &f
  path: /a
  mode: 0644
  contents: {inline: x}
storage:
  files:
    - <<: *f
      path: /b
    - path: /c
      <<: *f
      contents: {inline: y}
=+ a merge is not deep
x: &u {contents: {inline: x}, user: {id: 1}}
storage:
  files:
    - path: /a
      contents: {compression: ""}
      <<: *u
=+ several merges, the first wins
a: &a {mode: 1, path: /a}
b: &b {<<: *a, mode: 2, overwrite: false}
c: &c {<<: [*b, {overwrite: true}], path: /c}
storage:
  files:
    - *c
    - {<<: *c, path: /d, mode: 3}
=+ a merge at the top
<<: {passwd: {users: [{name: a}]}, bogus: 1}
=+! a header that is merged
<<: [{variant: flatcar}, {version: 1.1.0, variant: fcos}]
=+! a header by aliases
x: [&v flatcar, &w 1.1.0]
variant: *v
version: *w
=+! other spellings of a version
variant: !!str flatcar
version: 01.1.0+
=-! a version and something
variant: flatcar
version: 1.1.0+x
=-! a version of two
variant: flatcar
version: 1.1
=-! null for a variant
variant: ~
version: 1.1.0
=-! a list for a variant
variant: [flatcar]
version: 1.1.0
=-! a variant with a NUL
variant: "flatcar\0"
version: 1.1.0
=-! nothing
=-! a comment
# nothing
=-! null
~
=-! a list
- variant: flatcar
- version: 1.1.0
=-! a map with the tag !!null
!!null {variant: flatcar, version: 1.1.0, passwd: {}}
=+! a map with the tag !!null that sets nothing
!!str {variant: flatcar, version: 1.1.0, passwd: {}}
=-! the variant twice
variant: flatcar
version: 1.1.0
"variant": flatcar
=+ null items are dropped, later ones move up
storage:
  files:
    - ~
    - {path: /a, bogus: 1}
    - {path: /b, worse: 1, user: {bogus: 1}}
    -
    - {path: /c, user: ~}
  directories: [~, null]
kernel_arguments:
  should_exist: [a, ~, b]
=+ a null item at the end
storage:
  files:
    - {path: /a}
    - ~
=+ unknown keys at the place an item moved to
storage:
  files:
    - ~
    - {path: /a}
    - {path: /b, user: {bogus: 1}, group: ~, append: [{bogus: 1}]}
=+ a key that is a word
x: &n ~
storage:
  files:
    - *n
    - {path: /a, bogus: 1}
=+ null for maps
ignition: ~
storage: {files: [{path: /a, contents: ~, user: null}]}
systemd:
passwd: {users: [{name: a, gecos: ~}]}
=+ null for lists
storage: {files: ~, directories: , links: null}
=+ null for a number in a list
storage:
  disks:
    - device: /dev/sda
      partitions: [{number: ~, label: a}, {label: b, size_mib: ~}]
=+ a map by an alias of null
x: &n ~
storage: *n
=+ a key by an alias
x: &k storage
*k : {files: [{path: /a, bogus: 1}]}
=+ a key by an alias with the name of another key
x: &passwd storage
*passwd : {files: [{path: /a, bogus: 1}], users: 1}
=+ a key of a later version is not checked
=-! a key of its own version is
variant: flatcar
version: 1.2.0-experimental
systemd: {quadlets: [{rootful: x}]}
=+! an older version checks less
variant: flatcar
version: 1.0.0
systemd:
  units:
    - {name: a.service, contents_local: [a], dropins: [{name: b.conf, contents_local: {a: 1, a: 2}}]}
=- an alias in a circle
storage: &s {<<: *s , files: []}
=+ a circle in an unknown key
x: &x {y: [*x, {z: *x}]}
=- an alias of a wrong kind
x: &x [a]
storage: *x
=- an alias before its anchor
storage: *s
x: &s {}
=- a wrong type through an alias
x: &f {path: /a, mode: x}
storage: {files: [*f ]}
=- a wrong type in a merge
x: &f {mode: x}
storage: {files: [{path: /a, <<: *f }]}
=+ a wrong type that is overridden
x: &f {mode: x}
storage: {files: [{path: /a, <<: *f , mode: 1}]}
=- a duplicate key in a merged map
x: &f {a: 1, a: 2}
storage: {files: [{path: /a, <<: *f }]}
=+ a duplicate key in an unknown map
x: {a: 1, a: 2}
storage: {files: [{path: /a, x: {b: 1, b: 2}}]}
=- a list as a key, in a map that is read
storage: {[files]: []}
=+ a list as a key, in one that is not
x: {[a]: b, {c: d}: e}
=+ JSON
=-! JSON with an escaped slash
{"variant": "flatcar", "version": "1.1.0", "storage": {"files": [{"path": "\/a"}]}}
=+! JSON without
{"variant": "flatcar", "version": "1.1.0", "storage": {"files": [{"path": "/a", "mode": 420, "contents": {"inline": "a\u0041\n\u0000"}}]}}
=- the same file twice by an alias
x: &f {path: /a}
storage: {files: [*f , *f ]}
X
beside documents

# --- texts: several documents, directives, escapes

cat >texts <<'X'
behind + ---\nmore: [
behind + ---\n- a\n- b: c: d
behind + --- |\n foo\n---\n@
behind + ...\n# x
behind + ...\n---
behind + ...\n...
behind + ---\n- - - @
behind - ---\n@
behind - --- @
behind - ...\n@
behind + ---\na: b: c
behind + ---\nx: "\q"
behind - ---\n"\q"
behind - ...\n%YAML x
behind - ]
=+! a directive
%YAML 1.1
---
variant: flatcar
version: 1.1.0
=-! a directive of 1.2
%YAML 1.2
---
variant: flatcar
version: 1.1.0
=+! a tag with a handle
%TAG !e! tag:yaml.org,2002:
---
variant: flatcar
version: 1.1.0
ignition: {timeouts: {http_total: !e!int "3"}}
=+! a document start marker
# x

--- # y
variant: flatcar
version: 1.1.0
=+! invalid bytes, far after the document
variant: flatcar
version: 1.1.0
...
---
- FILLER
\xff\x00
=-! invalid bytes, close after the document
variant: flatcar
version: 1.1.0
...
\xff
=-! invalid bytes
variant: flatcar
version: 1.1.0
\x01
=-! a tab for an indent
variant: flatcar
version: 1.1.0
storage:
\x09files: []
=+! other line ends
variant: flatcar\x0d
version: 1.1.0\x0d
=+ quotes in quotes
passwd: {users: [{name: "it\'s", gecos: "\' \a\x07", shell: '\'}]}
=- half a surrogate pair
passwd: {users: [{name: "\ud800"}]}
X
filler=$(printf %0600d 0)
sed -i "s/FILLER/$filler/" texts
beside texts

# --- how far aliases may expand: Butane's own limit, found at once

# lists COUNT ITEMS: COUNT files, each with the same list of ITEMS items
lists() {
	echo 'variant: flatcar'
	echo 'version: 1.1.0'
	echo "x: &l [$(seq -f '{inline: a%.0f}' -s ', ' "$2")]"
	echo 'storage:'
	echo '  files:'
	seq -f '    - {path: /f%.0f, append: *l}' "$1"
}
: >bounds
for size in 1,300 1,500 1,600 3,99 3,400; do
	lists "${size%,*}" "${size#*,}" >doc
	run "$butane" --check doc
	case $status in 0) said=+ ;; *) said=- ;; esac
	{
		echo "=$said! $size"
		cat doc
	} >>bounds
done
like "$(grep '^=' bounds)" '^=[+]' 'some are accepted'
like "$(grep '^=' bounds)" '^=-' 'some are not'
beside bounds

{
	printf 'variant: flatcar\nversion: 1.1.0\nx0: &x0 {path: /a}\n'
	for i in $(seq 60); do
		echo "x$i: &x$i {<<: [*x$((i - 1)), *x$((i - 1))]}"
	done
	echo 'storage: {files: [*x60 ]}'
} >bomb
run ign-gen --lax bomb
status_is 2 'two to the sixtieth'
like "$err" "^ign-gen: bomb:3:5: aliases expand too far: [0-9]{4} values up to here$" '... with the place'
lists 1000 1000 >bomb
run ign-gen --lax bomb
status_is 2 'a million items'
like "$err" "^ign-gen: bomb:3:[0-9]+: aliases expand too far" '... with the place'
{
	printf 'variant: flatcar\nversion: 1.1.0\nx0: &x0 {path: /a}\n'
	for i in $(seq 400); do echo "x$i: &x$i {<<: *x$((i - 1)) }"; done
	echo 'storage: {files: [*x400 ]}'
} >bomb
run ign-gen --lax bomb
status_is 2 'aliases of aliases'
like "$err" 'more than 256 levels deep' '... have a limit'

# --- messages

cat >said.bu <<'X'
variant: flatcar
version: 1.1.0
x: &f {path: /a, a: 1, a: 2}
storage:
  files:
    - *f
    - {path: /b, mode: !!int x}
    - {path: /c, contents: {inline: !!binary x}}
    - <<: [*f , ~]
X
run ign-gen --lax said.bu
status_is 2 'all errors'
for line in "said.bu:3:24: duplicate key 'a', first in line 3" \
	"said.bu:7:24: storage.files.1.mode: 'x' does not match its tag, !!int" \
	"said.bu:8:37: storage.files.2.contents.inline: 'x' does not match its tag, !!binary: it is not base64" \
	"said.bu:9:17: storage.files.3: '<<' requires a map, an alias of a map, or a list of them"; do
	printf '%s\n' "$err" | grep -qxF "ign-gen: $line"
	ok $? "reported: $line"
done
run ign-gen said.bu
is "$status $err" "2 ign-gen: said.bu:3:4: anchors ('&') are not supported: repeat the value instead" 'without --lax only the first'

# a secret is still one where an alias refers to it
cat >secret.bu <<'X'
variant: flatcar
version: 1.1.0
x: &s !!int "@{WORD}"
storage: {files: [{path: /a, mode: *s }]}
X
run env WORD="$secret" ign-gen --lax --env secret.bu
status_is 2 'a secret that is not a number'
unlike "$err" "$secret" '... is not shown'
like "$err" "'[*]{3}' does not match its tag" '... but its error is'

done_testing
