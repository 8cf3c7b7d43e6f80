# SPDX-License-Identifier: Apache-2.0
# lib-soak.pl - functions of tests/soak: the lab, what it sees, and runs of tools.
#
# HOME and the XDG folders are in $T, GOVC_* are the lab's: the soak uses nothing of the
# user's and leaves nothing behind.  Failures are reported with difference() of tests/soak.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use HTTP::Tiny;
use List::Util qw(max);
use POSIX qw(:signal_h :sys_wait_h);
use Time::HiRes qw(sleep time);

our $T = tempdir('vsutils-soak.XXXXXX', TMPDIR => 1);
our %base;	# the VMs of a new lab, as lines of "ctl vms"
our @said;	# the commands of the round
our %total;
my $top = abs_path(dirname(abs_path(__FILE__)) . '/..');
my $bin = $ENV{BIN} // "$top/build/bin";
my $lab = $ENV{LAB} // "$top/build/lab";
my $owner = $$;
my $http = HTTP::Tiny->new(timeout => 30, proxy => undef, http_proxy => undef);
my ($lab_pid, $labs);

delete @ENV{grep { /^(GOVC_|KUBECONFIG$|.*_proxy$)/i } keys %ENV};
@ENV{qw(PATH HOME XDG_RUNTIME_DIR XDG_CACHE_HOME LC_ALL TZ)} =
	("$bin:$ENV{PATH}", "$T/home", "$T/run", "$T/cache", 'C.UTF-8', 'UTC');
mkdir $ENV{$_}, 0700 for qw(HOME XDG_RUNTIME_DIR XDG_CACHE_HOME);
open STDIN, '<', '/dev/null' or die;

# ---- at the end

sub lab_stop {
	return unless $lab_pid;
	kill 'TERM', $lab_pid;
	for (1 .. 100) {
		last if waitpid($lab_pid, WNOHANG) != 0;
		sleep 0.05;
	}
	kill 'KILL', $lab_pid;
	undef $lab_pid;
}

END {
	if ($$ == $owner) {
		my $status = $?;
		lab_stop();
		remove_tree($T);
		$? = $status;
	}
}
$SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);

# ---- files

sub slurp {
	open my $f, '<', $_[0] or return '';
	local $/;
	return <$f> // '';
}

sub spill {
	open my $f, '>', $_[0] or die "$_[0]: $!\n";
	print $f $_[1];
	close $f or die "$_[0]: $!\n";
}

# ---- the table of tools

our %row;	# tools.tab: name => { vm, write, use => {...}, words }
my %read;	# the calls that change nothing
for (split /\n/, slurp($ENV{TOOLS_TAB} // "$top/tests/tools.tab")) {
	next if /^#|^$/;
	my ($name, $vm, $write, @rest) = split ' ', $_, 9;
	if ($name eq 'reads') {
		$read{$_} = 1 for $vm, $write, split ' ', join ' ', @rest;
		next;
	}
	$row{$name} = { vm => $vm, write => $write, words => [split ' ', $rest[5]],
		use => { map { $_ => 1 } split /,/, $rest[4] } };
}

# The calls since the last -reset that may have changed something.
sub changes {
	return grep { my ($call, $n) = split; $n && $call ne 'total' && !$read{$call} }
		split /\n/, ctl('requests');
}

# ---- the lab

sub ctl {
	my ($verb, @args) = @_;
	# GET, since headers and body in two writes would wait for an ACK
	my $r = $http->get("$ENV{LAB_CTL}/$verb?"
		. $http->www_form_urlencode([map { (arg => $_) } @args]));
	die "lab ctl $verb @args: $r->{content}\n" unless $r->{success};
	return $r->{content};
}

sub lab_start {
	lab_stop();
	my $dir = "$T/lab" . ++$labs;
	remove_tree("$T/run/vsutils", "$T/lab" . ($labs - 1));
	$lab_pid = fork // die;
	if (!$lab_pid) {
		open STDOUT, '>', "$dir.out" or die;
		open STDERR, '>', "$dir.err" or die;
		exec $lab, '-dir', $dir or POSIX::_exit(127);
	}
	for (1 .. 1200) {
		last if -s "$dir.out";
		die "soak: the lab does not start: ", slurp("$dir.err") if waitpid($lab_pid, WNOHANG);
		sleep 0.05;
	}
	delete @ENV{grep { /^(GOVC_|LAB_)/ && $_ ne 'LAB' } keys %ENV};
	%ENV = (%ENV, slurp("$dir/env") =~ /^export (\w+)='(.*)'$/mg);
	$ENV{GOVC_CLUSTER} = 'DC0_C0';
	%base = map { $_ => 1 } split /\n/, ctl('vms');
}

# The VMs that were created since the lab started: path => {...}
sub look {
	my %seen;
	for (split /\n/, ctl('vms')) {
		next if $base{$_};
		my ($path, $ref, $state) = split /\t/;
		difference("two VMs at $path") if $seen{$path};
		$seen{$path} = { ref => $ref, state => $state };
	}
	return \%seen;
}

# details VM: adds what "ctl vm" prints; returns nothing if the VM no longer exists
sub details {
	my ($vm) = @_;
	my $told = eval { ctl('vm', $vm->{ref}) };
	die $@ unless defined $told || $@ =~ /no VM/;
	return unless defined $told;
	my %is = $told =~ /^([^=\n]+)=(.*)$/mg;
	$vm->{$_} //= $is{$_} for keys %is;
	return $vm;
}

# Waits for everything that a killed run has started.
sub settle {
	my $until = time + 60;
	while (time < $until) {
		return if ctl('tasks') !~ /^\S+ \S+ \S+ (queued|running) /m
			&& !grep { /\t\.\.\.\t/ && !/\tWaitForUpdatesEx\t/ } split /\n/, ctl('log');
		sleep 0.05;
	}
	difference('the lab does not become idle');
}

# ---- runs

# Starts a run: the stages of a pipe, each with its arguments.  Its output is that of the
# last stage.
sub start {
	my ($id, $in, @stages) = @_;
	my $run = { id => $id, began => time, out => "$T/r.$id.out", stages => [] };
	my $from;
	open $from, '<', $in or die "$in: $!\n";
	for my $i (0 .. $#stages) {
		my ($read, $write);
		if ($i < $#stages) {
			pipe $read, $write or die;
		} else {
			open $write, '>', $run->{out} or die;
		}
		my $err = "$T/r.$id.$i.err";
		# a signal before exec must not run our handlers
		my $held = POSIX::SigSet->new(SIGINT, SIGTERM, SIGHUP);
		sigprocmask(SIG_BLOCK, $held);
		my $pid = fork // die;
		if (!$pid) {
			$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
			sigprocmask(SIG_UNBLOCK, $held);
			close $read if $read;
			POSIX::dup2(fileno $from, 0);
			POSIX::dup2(fileno $write, 1);
			open STDERR, '>', $err or POSIX::_exit(127);
			exec { $stages[$i][0] } @{$stages[$i]} or POSIX::_exit(127);
		}
		sigprocmask(SIG_UNBLOCK, $held);
		close $write;
		$from = $read;
		push @{$run->{stages}}, { pid => $pid, err => $err, words => $stages[$i],
			name => $stages[$i][0] };
	}
	push @said, join ' | ', map { join ' ', @$_ } @stages;
	$total{runs}++;
	return $run;
}

# finish LIMIT EVENTS RUNS...: waits until all have ended.  EVENTS are [SECONDS, CODE], in
# this order.
sub finish {
	my ($limit, $events, @runs) = @_;
	my $t0 = time;
	my @live = map { @{$_->{stages}} } @runs;
	while (@live) {
		while (@$events && time - $t0 >= $events->[0][0]) {
			(shift @$events)->[1]->();
		}
		@live = grep {
			my $over = waitpid($_->{pid}, WNOHANG) == $_->{pid};
			@$_{qw(over status)} = (1, $?) if $over;
			!$over;
		} @live;
		if (@live && time - $t0 > $limit) {
			kill 'KILL', map { $_->{pid} } @live;
			waitpid $_->{pid}, 0 for @live;
			difference("$live[0]{name} still runs after " . int($limit) . ' s');
		}
		sleep 0.004;
	}
	for my $run (@runs) {
		my $out = slurp($run->{out});
		$out =~ s/[^\n]*\z//;	# an incomplete line of a killed tool is not a record
		$run->{records} = [map { [split /\t/] } split /\n/, $out];
		$run->{status} = max(map { $_->{status} } @{$run->{stages}});
		$total{failed}++ if $run->{status};
		$_->{said} = slurp($_->{err}) for @{$run->{stages}};
	}
}

1;
