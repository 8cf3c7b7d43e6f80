#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# Plain English: no phrase of english.txt is in a message, a comment, a manual page, a
# Markdown file, an example or a completion.  `tests/english.t FILE...`: only in these.
. "${0%/*}/lib.sh"
need perl

# found FILE...: FILE:LINE: PHRASE: TEXT for each one that is there.  A text is what one
# reads as one: C string literals and comments that follow one another, a paragraph.
cat >"$T/find" <<'PERL'
use strict; use warnings;
my @phrases;
open my $list, '<', shift or die $!;
while (<$list>) {
	chomp;
	next if /^#|^$/;
	push @phrases, [$_, qr/$_/i];
}
my $all = join '|', map { "(?:$_->[1])" } @phrases;
$all = qr/$all/i;

sub look {
	my ($file, $line, $text) = @_;
	$text =~ tr/\n\t / /s;
	return unless $text =~ $all;
	for my $p (@phrases) {
		print "$file:$line: '$p->[0]': ..." . substr($text, $-[0] > 30 ? $-[0] - 30 : 0, 90) . "\n" if $text =~ $p->[1];
	}
}

# Strings and comments; a macro between two strings, such as PRIu64, stands for a value.
sub c {
	my ($file, $s) = @_;
	my ($text, $at, $kind, $line) = ('', 0, '', 1);
	my $end = sub { look($file, $at, $text) if $kind ne ''; ($text, $kind) = ('', '') };
	while ($s =~ m{\G(?:(\s+)|/\*(.*?)\*/|//([^\n]*)|"((?:[^"\\]|\\.)*)"|('(?:[^'\\]|\\.)+')|([A-Za-z_]\w*)|(.))}gs) {
		my ($space, $comment, $rest, $string, $word) = ($1, $2 // $3, $3, $4, $6);
		my $lines = () = $& =~ /\n/g;
		if (defined $string) {
			$end->() unless $kind eq 'string';
			$at = $line unless $kind;
			$kind = 'string';
			$string =~ s/\\[nt]/ /g;
			$string =~ s/\\\n//g;
			$string =~ s/\\(.)/$1/g;
			$text .= $string;
		} elsif (defined $comment) {
			$end->() unless $kind eq 'comment';
			$at = $line unless $kind;
			$kind = 'comment';
			$comment =~ s/^\s*\*+//mg;
			$text .= " $comment";
		} elsif (defined $word && $kind eq 'string' && $word =~ /^[A-Z]/) {
			$text .= '%';
		} elsif (!defined $space) {
			$end->();
		}
		$line += $lines;
	}
	$end->();
}

# Paragraphs; macros of mdoc and the signs of comments and lists go.
sub prose {
	my ($file, $s) = @_;
	my ($text, $at, $line) = ('', 1, 0);
	for (split /\n/, $s) {
		$line++;
		if (/^\s*(?:#\s*)?$/ || /^\.(?:Pp|Sh|Ss|It|Bl|El|Bd|Ed)\b/ || /^\s*- /) {
			look($file, $at, $text);
			($text, $at) = ('', $line);
		}
		s/^\.\\".*//;
		s/\b(?:Fl|Ar|Ql|Xr|Nm|Pa|Ev|Cm|Op|Oo|Oc|Ns|Po|Pc|Pq|Sy|Li|Sx|No|It|Dl|Em|Lk)\b//g if s/^\.//;
		s/^\s*#\s?//;
		$text .= "$_\n";
	}
	look($file, $at, $text);
}

for my $file (@ARGV) {
	open my $f, '<', $file or die "$file: $!";
	local $/;
	my $s = <$f>;
	$file =~ /\.[ch]$/ ? c($file, $s) : prose($file, $s);
}
PERL
found() { perl "$T/find" "$top/tests/english.txt" "$@" || echo "perl: status $?"; }

if [ $# -gt 0 ]; then
	found "$@"
	exit
fi

cd "$top" || exit 1
n=$(grep -cv '^#' tests/english.txt)
[ "$n" -ge 40 ]
ok $? "english.txt: $n phrases"
for where in 'cmd/*.c' 'libvs/*/*.[ch]' 'man/*' '*.md docs/*.md' 'examples/* completions/*'; do
	# shellcheck disable=SC2086 # patterns
	is "$(found $where)" '' "plain English: $where"
done

# --- and that this can fail

# What the list was begun with: each line is found.
cat >"$T/forty" <<'X'
which the next Ignition need not read
is of old: each Flatcar still reads it, but of what is in it nothing is checked here, but that it is JSON
of Ignition %d.x it is not looked at whether it makes a worker
make JSON of it by ign-gen
it is of another config than the one that is there
nobody wipes it after the first boot: what is secret in it stays
among lines KEY=VALUE this is none
is none that is read here
%s is wanted here, not %s
is no whole number; is no host; is none of
a NUL can only stand in a text
to take a header of that name away
aliases make too much of this document
stands inside of what it stands for
is a file of yours: say by --files-dir
CPU count is 4, asked for is 8
this command has not made it
it waits for an answer itself
VMware Tools are running and tell no address
it has no address before it is powered on
who reads the records does not take them
nobody reads the result, but it is waited for
when the time for that was over
%s was sent, but no good answer came
refused a moment ago to another tool with this password
does not answer as a vCenter does
an event that is none came by the watch
not heard of
something is missing after; is one operand too many
options go behind it
nobody may do more than whom he is less than
its leaving would be waited for for ever
nobody knows any more how it stands
a power-on made up for
with any word one that is there is put right
One that is in it already is done
Better than here it is set by
are borne with
the used token leaves the VMs, and in the end they go
is told to nobody; keep records and slots back
X
is "$(while read -r line; do
	echo "$line" >"$T/x.md"
	[ -n "$(found "$T/x.md")" ] || echo "$line"
done <"$T/forty")" "" "each of the first $(grep -c . "$T/forty") phrases is found"
cat >"$T/x.c" <<'C'
/* The limit is waited
 * for ever. */
vs_fail(err, VS_USAGE, "CPU count is %d, "
	"for ever, for " PRIu64 ", is of "
	PRIx "old", "need", "not read");
char a = '"', *b = "a \"quoted\" no\
body";
C
is "$(found "$T/x.c" | sed 's/: [.].*//; s|.*/||')" "x.c:1: '\\bfor ever\\b'
x.c:3: '\\bfor ever\\b'
x.c:6: '\\bnobody\\b(?! can log in)'" "a phrase is found in a comment and in a string that is split, not across two arguments"
cat >"$T/x.1" <<'M'
.Nm
.Ar VM
is
.Em of
old.
A broken connection is borne
.Em with .
.It Fl x
need not
.Ql read
it
M
is "$(found "$T/x.1" | sed 's/: [.].*//; s|.*/||')" "x.1:1: '\\b(is|are|was) of (old|another|the (old|other|wrong))\\b'
x.1:1: '\\bborne with\\b'
x.1:8: '\\bneed not read\\b'" "... and over the lines of a page"
printf 'A file\nof\nyours\n\nat\nhand\n\nneed not\n\nread\n' >"$T/x.md"
is "$(found "$T/x.md" | sed 's/: [.].*//; s|.*/||')" "x.md:1: '\\bof (yours|mine)\\b'
x.md:4: '\\bat hand\\b'" "... and over those of a paragraph"
done_testing
