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
for where in 'man/*' '*.md docs/*.md' 'examples/* completions/*'; do
	# shellcheck disable=SC2086 # patterns
	is "$(found $where)" '' "plain English: $where"
done

# --- and that this can fail

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
x.c:6: '\\bnobody\\b'" "a phrase is found in a comment and in a string that is split, not across two arguments"
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
is "$(found "$T/x.1" | sed 's/: [.].*//; s|.*/||')" "x.1:1: '\\b(is|are|was) of (old|the|another|an?|this|that|its)\\b'
x.1:1: '\\bborne with\\b'
x.1:8: '\\bneed not read\\b'" "... and over the lines of a page"
printf 'A file\nof\nyours\n\nat\nhand\n\nneed not\n\nread\n' >"$T/x.md"
is "$(found "$T/x.md" | sed 's/: [.].*//; s|.*/||')" "x.md:1: '\\bof (yours|mine)\\b'
x.md:4: '\\bat hand\\b'" "... and over those of a paragraph"
done_testing
