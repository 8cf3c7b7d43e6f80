#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# many-nodes.pl N FOLDER [RATE] - a Kubernetes API of N nodes of 10 KB, over plain
# HTTP.
#
# Writes its port to FOLDER/port.  Lists have pages of the requested size; the first
# third page fails with 410.  A watch reports a change of every node, in chunks that end
# anywhere; then it creates FOLDER/sent, and waits for FOLDER/go before the last node
# becomes ready.  All others are ready from the start.  With RATE the watch reports so
# many changes per second instead, until FOLDER/go exists.
use strict;
use warnings;
use IO::Socket::INET;
use Time::HiRes qw(time);

my ($n, $dir, $rate) = @ARGV;
my $filler = join ',', map {
	sprintf '{"names":["registry.example/image-%03d@sha256:%s","registry.example/image-%03d:v1.%d"],"sizeBytes":%d}',
		$_, 'ab' x 32, $_, $_, $_ * 1000003
} 1 .. 50;

sub node {
	my ($i, $version, $ready) = @_;
	return sprintf '{"kind":"Node","apiVersion":"v1","metadata":{"name":"node-%d","uid":"u%d",'
		. '"resourceVersion":"%d","labels":{"pool":"all"},"annotations":{"odd":"}{][\\"\\\\"}},'
		. '"spec":{"podCIDR":"10.0.0.0/24"},"status":{"conditions":[{"type":"Ready",'
		. '"status":"%s","message":"m"}],"nodeInfo":{"kubeletVersion":"v1.34.4",'
		. '"systemUUID":"00000000-0000-0000-0000-%012d"},"images":[%s]}}',
		$i, $i, $version, $ready ? 'True' : 'False', $i, $filler;
}

sub answer {
	my ($to, $status, $body) = @_;
	print $to "HTTP/1.1 $status\r\nContent-Type: application/json\r\nContent-Length: "
		. length($body) . "\r\n\r\n$body";
}

my $complained;
sub list {
	my ($to, $query) = @_;
	my ($limit) = $query =~ /limit=(\d+)/;
	my ($from) = $query =~ /continue=(\d+)/;
	$from ||= 1;
	if ($from == 2 * $limit + 1 && !$complained++) {
		answer($to, '410 Gone', '{"kind":"Status","code":410,"reason":"Expired","message":"too old"}');
		return;
	}
	my $last = $from + $limit - 1;
	$last = $n if $last > $n;
	my $next = $last < $n ? ',"continue":"' . ($last + 1) . '"' : '';
	answer($to, '200 OK', '{"kind":"NodeList","metadata":{"resourceVersion":"1000"' . $next . '},"items":['
		. join(',', map { node($_, 1, $_ != $n) } $from .. $last) . ']}');
}

sub chunk {
	my ($to, $data) = @_;
	printf $to "%x\r\n%s\r\n", length $data, $data;
	$to->flush;
}

# slowly: RATE changes per second, each sent at once
sub slowly {
	my ($to) = @_;
	my $begun = time;
	open my $sent, '>', "$dir/sent";
	for my $i (0 .. 200 * $rate) {
		return if -e "$dir/go";
		chunk($to, '{"type":"MODIFIED","object":' . node($i % ($n - 1) + 1, 1001 + $i, 1) . "}\n");
		my $due = $begun + ($i + 1) / $rate - time;
		select undef, undef, undef, $due if $due > 0;
	}
}

sub watch {
	my ($to) = @_;
	my $kept = '';
	print $to "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
	if ($rate) {
		slowly($to);
		chunk($to, '{"type":"MODIFIED","object":' . node($n, 99999, 1) . "}\n");
		sleep 60;
		return;
	}
	for my $i (1 .. $n) {
		$kept .= '{"type":"MODIFIED","object":' . node($i, 1000 + $i, $i != $n) . "}\n";
		while (length $kept > 7919) {
			chunk($to, substr $kept, 0, 7919, '');
		}
	}
	chunk($to, $kept . '{"type":"BOOKMARK","object":{"kind":"Node","metadata":{"resourceVersion":"9000"}}}' . "\n");
	open my $sent, '>', "$dir/sent";
	for (1 .. 600) {
		last if -e "$dir/go";
		select undef, undef, undef, 0.1;
	}
	chunk($to, '{"type":"MODIFIED","object":' . node($n, 9999, 1) . "}\n");
	sleep 60;
}

$SIG{CHLD} = 'IGNORE';
my $server = IO::Socket::INET->new(Listen => 8, LocalAddr => '127.0.0.1') or die "no port: $!\n";
open my $port, '>', "$dir/port.new" or die;
print $port $server->sockport, "\n";
close $port;
rename "$dir/port.new", "$dir/port";
$SIG{ALRM} = sub { exit 1 };
alarm 300;
while (my $to = $server->accept) {
	next if fork;
	alarm 300;
	while (defined(my $line = <$to>)) {
		my ($query) = $line =~ /^GET \S+\?(\S*)/ or last;
		while (defined(my $header = <$to>)) {
			last if $header =~ /^\r?$/;
		}
		$query =~ /watch=1/ ? watch($to) : list($to, $query);
		$to->flush;
	}
	exit;
}
