#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2016,SC2154 # lib.sh and its variables; dollars for another shell
# What may stand where a tool reads or writes a file: links, FIFOs, devices and sockets,
# ours and another user's.  The rules are those of base/file.h.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need perl setpriv bash
umask 022
vs_lab
export RUN_TIMEOUT=20
cd "$T" || exit 1
printf 'variant: flatcar\nversion: 1.1.0\n' >doc.bu
ign='{"ignition":{"version":"3.4.0"}}'

# begun COMMAND...: in the background, hearing SIGHUP also below nohup; $begun
begun() {
	env --default-signal=HUP "$@" >o 2>e &
	begun=$!
}
# ended SIGNAL NAME: it still runs, and SIGNAL ends it at once
ended() {
	sleep 0.5
	kill -0 "$begun" 2>/dev/null && kill "-$1" "$begun"
	ok $? "$2: waits"
	_from=$(date +%s%N)
	wait_for 5 _over "$begun" || kill -KILL "$begun"
	wait "$begun" 2>/dev/null
	_status=$?
	case $1 in HUP) _want=129 ;; *) _want=143 ;; esac
	is "$_status" $_want "... until SIG$1"
	[ $((($(date +%s%N) - _from) / 1000000)) -lt 2000 ]
	ok $? "... which is heard at once"
}

# ---- what we were given

run ign-gen -o /dev/stdout doc.bu
is "$status $out" "0 $ign" "-o /dev/stdout, a file"
run sh -c 'ign-gen -o /dev/stdout doc.bu | cat'
is "$status $out" "0 $ign" "... a pipe"
run sh -c 'ign-gen -o /dev/fd/3 doc.bu 3>three; cat three'
is "$status $out" "0 $ign" "-o /dev/fd/3"
echo before >log
run sh -c 'ign-gen -o /dev/stdout doc.bu >>log; vs-ls -o /dev/stdout worker-1 >>log; cat log'
is "$out" "before
$ign" "... what is in it already stays"
run bash -c 'ign-gen -o >(cat) doc.bu; wait $!; sleep 0.2'
is "$out" "$ign" "-o >(COMMAND)"
run bash -c 'ign-gen <(cat doc.bu)'
is "$status $out" "0 $ign" "an input <(COMMAND)"
run sh -c 'cat doc.bu | ign-gen /dev/stdin'
is "$status $out" "0 $ign" "... /dev/stdin"
perl -MIO::Socket::UNIX -MSocket -e '
	socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or die;
	open(my $f, "<", "doc.bu"); print $a $_ while <$f>; close $a;
	open(STDIN, "<&", $b); exec "ign-gen", "/dev/stdin"' >o
is "$(cat o)" "$ign" "... a socket"
run ign-gen -o /dev/null doc.bu
is "$status$out" 0 "/dev/null"
run ign-gen -o /dev/full doc.bu
status_is 1 "/dev/full"

# ---- outputs of our own

echo old >f && chmod 644 f && ln f hard
run ign-gen -o f doc.bu
is "$(cat f hard; stat -c %a f)" "$ign
old
600" "contents replace a file, with a new inode and mode 0600"
ln -s f link
run ign-gen -o link doc.bu
is "$status $(stat -c %F link)" "0 regular file" "... and a link of ours to a file"
ln -s nowhere dangling
run ign-gen -o dangling doc.bu
is "$status $(stat -c %F dangling)" "0 regular file" "... or to none"
ln -s loop loop
run ign-gen -o loop doc.bu
status_is 1 "a link to itself"
mkfifo fifo && ln -s fifo to-fifo
for f in fifo to-fifo; do
	begun ign-gen -o $f doc.bu
	is "$(cat fifo)" "$ign" "$f of ours"
	wait "$begun"
	is "$?" 0 "... status"
	begun ign-gen -o $f doc.bu
	ended TERM "$f without a reader"
	begun ign-gen -o $f doc.bu
	ended HUP "$f without a reader"
done
run ign-gen --timeout 500ms -o fifo doc.bu
is "$status $err" "4 ign-gen: cannot write 'fifo': it has no reader within --timeout" "... or until --timeout"
run ign-gen -o . doc.bu
is "$status $err" "1 ign-gen: cannot write '.': Is a directory" "a folder"
run ign-gen -o no/x doc.bu
is "$status $err" "1 ign-gen: cannot write 'no/x': No such file or directory" "in no folder"
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
run ign-gen -o socket doc.bu
is "$status $err" "2 ign-gen: cannot write 'socket': it is a socket" "a socket"

# ---- inputs: anybody's, by links and FIFOs

begun ign-gen fifo
cat doc.bu >fifo
wait "$begun"
is "$? $(cat o)" "0 $ign" "an input that is a FIFO"
begun ign-gen to-fifo
ended TERM "... without a writer"
run ign-gen --timeout 500ms fifo
is "$status $err" "4 ign-gen: cannot read the document 'fifo': nothing came within --timeout" "... until --timeout"
ln -sf doc.bu ..data && ln -sf ..data mounted
run ign-gen mounted
is "$status $out" "0 $ign" "a link to a link, as Kubernetes mounts them"
run ign-gen socket
is "$status $err" "2 ign-gen: cannot read the document 'socket': it is a socket" "a socket"
run ign-gen .
is "$status $err" "2 ign-gen: cannot read the document '.': Is a directory" "a folder"

# Each file that a tool reads: NAME, a file that is good, and the command with FILE for it.
cat >inputs <<'END2'
document	doc.bu	ign-gen FILE
config	ign	ign-check FILE
token	token	ign-gen -s https://cp:9345 -t FILE -a key.pub --rke2 v1.33
key	key.pub	ign-gen -s https://cp:9345 -t token -a FILE --rke2 v1.33
value	doc.bu	vs-extraconfig -E my.key=FILE worker-1
ignition	ign	vs-extraconfig -i FILE worker-1
CAs	ca	env GOVC_TLS_CA_CERTS=FILE vs-power off worker-1
hosts	hosts	env GOVC_TLS_KNOWN_HOSTS=FILE vs-power off worker-1
kubeconfig	kube	node-wait --kubeconfig FILE none
END2
echo "$ign" >ign
cp "$GOVC_TLS_CA_CERTS" ca
cp "$LAB_AGENT_TOKEN_FILE" token
cp "$LAB_AUTHORIZED_KEY" key.pub
echo 'other.example 00:00' >hosts
printf '{"apiVersion": "v1", "kind": "Config", "current-context": "a",
	"contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
	"users": [{"name": "a", "user": {"token": "x"}}],
	"clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}]}' >kube
run vs-clone flatcar-template worker-1
status_is 0 "a VM"
with() { # FILE: sets the command's words
	words=$(printf '%s' "$command" | sed "s|FILE|$1|")
}
while IFS='	' read -r name good command; do
	with "$good"
	# shellcheck disable=SC2086 # words
	run $words
	want=$status
	case $name,$status in kubeconfig,5 | key,0 | [!k]*,0) pass "$name: a file" ;; *) fail "$name: a file" || diag "$err" ;; esac
	ln -sf "$good" a-link
	with a-link
	# shellcheck disable=SC2086 # words
	run $words
	is "$status" "$want" "... by a link"
	with fifo
	# shellcheck disable=SC2086 # words
	begun $words
	cat "$good" >fifo
	wait "$begun"
	is "$?" "$want" "... from a FIFO" || diag "$(cat e)"
	# shellcheck disable=SC2086 # words
	begun $words
	ended TERM "... that no one writes"
	# shellcheck disable=SC2086 # words
	run $words --timeout 300ms
	is "$status" 4 "... or until --timeout" || diag "$err"
	for bad in socket . /dev/zero; do
		with $bad
		# shellcheck disable=SC2086 # words
		run $words
		is "$status" 2 "... $bad is refused" || diag "$err"
		like "$err" "(it is a socket|Is a directory|larger than|not|no )" "... with a reason"
	done
done <inputs
# read inside the loop, where signals are blocked
sed "s|\"token\": \"x\"|\"tokenFile\": \"$T/fifo\"|" kube >kube-file
begun node-wait --kubeconfig kube-file none
ended TERM "a tokenFile that no one writes"

# ---- streams

echo old >f
run vs-ls -o f /DC0/vm/none
is "$(cat f)" old "records: a run that fails keeps the file"
chmod 644 hard
ln -f hard same
run vs-ls -o hard .
is "$status $(wc -l <same | grep -c '^[1-9]')" "0 1" "... else it is the same file, and keeps its links"
begun vs-ls -o fifo .
cat fifo >got
wait "$begun"
is "$? $(cmp got hard)" "0 " "... a FIFO of ours"
begun vs-ls -o fifo .
ended TERM "... without a reader"
run vs-ls --trace=fifo --timeout 500ms .
is "$status $err" "4 vs-ls: cannot write 'fifo': it has no reader within --timeout" "--trace=FIFO without a reader"

# ---- what belongs to another user

if [ "$(id -u)" = 0 ]; then
	mkdir shared && chmod 1777 shared && chmod 711 "$T"
	other() { setpriv --reuid 4711 --regid 4711 --clear-groups "$@"; }
	other sh -c 'cd shared && umask 0 && mkfifo fifo && ln -s fifo link && ln -s nowhere dangling &&
		echo theirs >file && ln -s /dev/null null && ln -s "$0/f" ours' "$T"
	# someone waits for what comes
	spawn setpriv --reuid 4711 --regid 4711 --clear-groups sh -c 'exec cat shared/fifo >shared/got'
	ln -s shared/fifo my-fifo
	ln -s shared/file my-file
	rm -f my-trace
	for f in fifo link dangling file null ours my-fifo my-file; do
		case $f in
		my-*) at=$f kind=${f#my-} ;;
		*) at=shared/$f kind=$f ;;
		esac
		case $kind in fifo) kind=FIFO ;; file) ;; *) kind='symbolic link' ;; esac
		cp f before
		for tool in "ign-gen -o $at doc.bu" "vs-ls -o $at ." "vs-ls --trace=$at ." \
			"vs-extraconfig -g my.key -o $at worker-1"; do
			# shellcheck disable=SC2086 # words
			run $tool
			is "$status $err" "2 ${tool%% *}: cannot write '$at': the $kind belongs to user '4711': give another name, or remove it" "$tool"
		done
		cmp -s f before
		ok $? "... and ours is as before"
	done
	is "$(cat shared/file)$(ls shared/nowhere 2>/dev/null)" theirs "nothing was written or created"
	[ ! -s shared/got ]
	ok $? "... or read from their FIFO"
	chmod 666 doc.bu
	run ign-gen -o shared/new doc.bu
	is "$status $(stat -c %U:%a shared/new)" "0 root:600" "a new file in a folder of all"
	chown 4711 doc.bu
	run ign-gen doc.bu
	is "$status $out" "0 $ign" "an input may be theirs"
	chown 0 doc.bu
	# as that user: what root has put there
	mkdir theirs && chown 4711 theirs && cp "$BIN/ign-gen" . && chmod 755 ign-gen
	mkfifo shared/roots && chmod 666 shared/roots
	run other ./ign-gen -o shared/roots doc.bu
	like "$status $err" "^2 .* the FIFO belongs to user 'root'" "another user, and root's FIFO"
	run other sh -c './ign-gen -o /dev/stdout doc.bu | cat'
	is "$status $out" "0 $ign" "another user: -o /dev/stdout"
	run other bash -c './ign-gen -o >(cat) <(cat doc.bu); sleep 0.2'
	is "$status $out" "0 $ign" "... -o >(COMMAND) <(COMMAND)"
	if other unshare -Ur true 2>/dev/null; then
		# as in a container of a user: the host's root is nobody there
		run other unshare -Ur ./ign-gen -o /dev/null doc.bu
		is "$status $err" "0 " "... -o /dev/null in a user namespace"
	else
		skip 'no user namespaces here' "... -o /dev/null in a user namespace"
	fi
	run other sh -c './ign-gen -o /dev/fd/3 /dev/fd/4 4<doc.bu 3>theirs/x; cat theirs/x'
	is "$status $out" "0 $ign" "... -o /dev/fd/3 /dev/fd/4"
	./ign-gen doc.bu | other sh -c 'cat | ./ign-gen -o /dev/stdout doc.bu' >o
	is "$(cat o)" "$ign" "... into a descriptor of another user"
	run sh -c 'cat doc.bu | setpriv --reuid 4711 --regid 4711 --clear-groups ./ign-gen /dev/stdin'
	is "$status $out" "0 $ign" "... and from one"
else
	skip 'this needs root' "what belongs to another user"
fi
done_testing
