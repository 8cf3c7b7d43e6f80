#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# kube-says.pl FOLDER CODE - a Kubernetes API that says whatever CODE does, over plain HTTP.
#
# Writes its port to FOLDER/port, and a line "METHOD URL" for each request to FOLDER/log.
# CODE is Perl, run for each request: $method, $url, $n (such requests before this one,
# whatever their query), $watch.  It calls reply(STATUS, BODY), or begin() and then
# part(TEXT) as often as it likes.  node(NAME[, MORE]) is a ready Node, list(NODES[, META]) a
# list, event(TYPE, OBJECT) an event.  What begins is ended after CODE.
use strict;
use warnings;
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

my ($dir, $code) = @ARGV;
our ($to, $method, $url, $watch, $n, $begun, $rv);

sub reply {
	my ($status, $body) = @_;
	print $to "HTTP/1.1 $status X\r\nContent-Type: application/json\r\nContent-Length: "
		. length($body) . "\r\n\r\n$body";
}

sub begin {
	my $status = shift // 200;
	print $to "HTTP/1.1 $status X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
	$begun = 1;
}

sub part {
	printf $to "%x\r\n%s\r\n", length $_[0], $_[0] or exit;
	$to->flush or exit;
}

sub node {
	my ($name, $more) = @_;
	return qq({"metadata":{"name":"$name","uid":"u-$name","resourceVersion":"5"},"status":{"conditions":)
		. qq([{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.34.4"}})
		. ($more // '') . '}';
}

sub list {
	my ($nodes, $meta) = @_;
	return qq({"kind":"NodeList","metadata":{"resourceVersion":"10") . ($meta // '') . qq(},"items":[$nodes]});
}

sub event { return qq({"type":"$_[0]","object":$_[1]}\n) }

# idle: a watch that brings nothing, until the client leaves
sub idle {
	begin();
	$to->flush;
	sysread $to, my $rest, 1;
	exit;
}

my $run = eval "sub { $code }" or die $@;
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(Listen => 8, LocalAddr => '127.0.0.1') or die "no port: $!\n";
open my $port, '>', "$dir/port.new" or die;
print $port $server->sockport, "\n";
close $port;
rename "$dir/port.new", "$dir/port";
$SIG{ALRM} = sub { exit 1 };
alarm 120;
while ($to = $server->accept) {
	next if fork;
	alarm 120;
	while (defined(my $line = <$to>)) {
		($method, $url) = $line =~ /^(\S+) (\S+)/ or last;
		my $length = 0;
		while (defined(my $header = <$to>)) {
			$length = $1 if $header =~ /^Content-Length: (\d+)/i;
			last if $header =~ /^\r?$/;
		}
		read $to, my $body, $length if $length;
		$watch = $url =~ /watch=1/;
		my ($path) = "$method $url" =~ /^([^?]*)/;
		$n = 0;
		open my $log, '+>>', "$dir/log" or die;
		seek $log, 0, 0;
		while (<$log>) {
			$n++ if /^\Q$path\E(\?|$)/ && !/watch=1/ == !$watch;
		}
		print $log "$method $url\n";
		print $log "body $body\n" if $length;
		close $log;
		$begun = 0;
		$run->();
		print $to "0\r\n\r\n" if $begun;
		$to->flush;
	}
	exit;
}
