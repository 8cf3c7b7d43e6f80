#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh and its variables
# What goes through the pipes: cut, much, odd, mixed, or meant for another vCenter.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need perl
vs_lab
ignition || fail "a worker's Ignition config"
run vs-clone flatcar-template p-1 p-2 p-3 p-4 p-5
status_is 0 "five VMs"
echo "$out" | sort | sed "s/${tab}power=off//" >"$T/five"
ctl node-add p-1 && ctl node-add p-2
at() { sed -n "${1}p" "$T/five"; }

# ---- how many are expected

for row in $(rows idle); do
	row "$row"
	takes --expect || continue
	tool=$row_words
	# of two nodes that are no VM's
	if [ "$row_vm" = node ]; then
		printf '%s\n' p-1 p-2 >"$T/two"
	else
		head -n 2 "$T/five" >"$T/two"
	fi
	# shellcheck disable=SC2086 # a tool and its words
	run $tool --expect 2 <"$T/two"
	status_is 0 "${tool%% *} --expect 2, and two there are"
	case $tool in *dry-run*) continue ;; esac	# it has no records, and expects none
	# shellcheck disable=SC2086
	run $tool --expect 3 <"$T/two"
	status_is 1 "... --expect 3"
	err_is "${tool%% *}: 2 records, expected 3" "... says how many"
	used_as silent || is "$(echo "$out" | wc -l)" 2 "... and prints them"
done

# ---- a reader that goes away after the first record

# leaves WHAT COMMAND...: p-2 is slower than p-1, and still at it when the reader goes
leaves() {
	_what=$1
	shift
	{ timeout 60 "$@" 2>"$T/left.err"; echo $? >"$T/left"; } | head -n 1 >"$T/o"
	is "$(cat "$T/left") $(wc -l <"$T/o")" "141 1" "$_what | head -n 1" || diag "$(cat "$T/left.err")"
}
ctl fault ReconfigVM_Task "match=$(vm p-2 ref)<" delay=2s
leaves vs-extraconfig vs-extraconfig -e b=2 p-1 p-2
is "$(vm p-1 extra.b) $(vm p-2 extra.b)" "2 2" "... the other change is waited for"
like "$(cat "$T/left.err")" "^vs-extraconfig: p-2: " "... and is named"
ctl fault clear
ctl fault CloneVM_Task 'match=>late<' delay=2s
leaves vs-clone vs-clone flatcar-template early late
is "$(vms '/(early|late)	')" 2 "... the other clone is waited for"
like "$(cat "$T/left.err")" "^vs-clone: late: " "... and is named"
ctl fault clear
ctl fault Destroy_Task "match=$(vm late ref)<" delay=2s
leaves vs-destroy vs-destroy -y early late
is "$(vms '/(early|late)	')" 0 "... the other one is gone, too"
like "$(cat "$T/left.err")" "^vs-destroy: late: " "... and is named"
ctl fault clear
leaves node-wait node-wait --timeout 50s p-1 nosuch
is "$(cat "$T/left.err")" "" "... immediately, without a message"

# ---- a writer that dies in the middle of a record

# Its last line is the beginning of a name that another VM has: p-1 of p-10.
cat >"$T/writer" <<'END'
$| = 1;
print "$ARGV[0]\n$ARGV[1]";
open my $f, '>', $ARGV[2];
close $f;
sleep 60;
END
for row in $(rows work); do
	row "$row"
	takes --expect || continue
	tool=$row_words
	ctl node-delete p-3 >"$T/o" 2>&1
	ctl node-add p-3
	vs-power off p-3 p-4 >"$T/o"
	requests_reset
	rm -f "$T/wrote" "$T/fifo"
	mkfifo "$T/fifo"
	perl "$T/writer" p-3 p-4 "$T/wrote" >"$T/fifo" &
	writer=$!
	# shellcheck disable=SC2086 # a tool and its words
	{ timeout 60 $tool <"$T/fifo" >"$T/o" 2>"$T/o.err"; echo $? >"$T/status"; } &
	reader=$!
	wait_for 20 test -e "$T/wrote"
	kill -KILL "$writer"
	wait "$writer" 2>"$T/x"
	wait "$reader"
	used_as silent && echo 'no record' >"$T/o"
	is "$(cat "$T/status") $(wc -l <"$T/o")" "2 1" "${tool%% *}: its writer is killed in mid-record" ||
		diag "$(cat "$T/o.err")"
	is "$(cat "$T/o.err")" "${tool%% *}: stdin:2: 'p-4' does not end with a line feed: it may be cut off and is ignored" \
		"... only the complete record is used"
	[ -n "$(vm p-3 ref 2>"$T/x")" ] || vs-clone flatcar-template p-3 >"$T/o"
done
run vs-power off p-1 p-2 p-3 p-4 p-5	# p-3 is a new one
echo "$out" | sort | sed "s/${tab}power=off//" >"$T/five"
is "$(vms '/p-4	') $(vm p-4 power)$(vm p-4 extra.my.key)" "1 poweredOff" "p-4 is as it was"
{ at 1; printf '{"path": "/DC0/vm/p-2", "guestinfo.x": "S3cret'; } >"$T/cut"
run vs-power off <"$T/cut"
status_is 2 "a JSON record that is cut"
unlike "$err" S3cret "... its fields are not quoted"
printf '/DC0/vm/p-2\tx=S3cret' >"$T/cut"
run vs-power off <"$T/cut"
status_is 2 "another one"
unlike "$err" S3cret "... nor here"

# ---- what a line may be

at 1 | sed 's/$/\r/' >"$T/odd"
run vs-power off <"$T/odd"
status_is 0 "CR LF at the end"
out_is "$(at 1)${tab}power=off" "... is an end as any other"
{
	at 1 | sed "s/\$/${tab}${tab}note=a%09b c${tab}/"	# fields with nothing in them
	printf '\n'
	printf '%s\n' '{"name": "p-2", "note": "a\tb \"c\" \u00fc"}'
	printf '{"path": "/DC0/vm/p-3", "ref": "%s"}\r\n' "$(ref p-3)"
	echo p-4
} >"$T/odd"
run vs-power off <"$T/odd"
status_is 0 "records, JSON, and bare names in one input"
out_like "^/DC0/vm/p-1$tab$(ref p-1)${tab}note=a%09b c${tab}power=off\$" "... a TAB in a value"
out_like "^/DC0/vm/p-2$tab$(ref p-2)${tab}note=a%09b \"c\" ü${tab}power=off\$" "... from JSON, too"
is "$(echo "$out" | wc -l)" 4 "... all of them"
printf "%s\n" "$out" >"$T/back"
run vs-power --json off <"$T/back"
is "$(printf '%s\n' "$out" | grep -c '"note": *"a\\tb ')" 2 "... and back to JSON"
for line in "${tab}x=1" "/DC0/vm/p-1${tab}nokey" '{"path": 7}' '[1]' '{"ref": "VirtualMachine:vm-1"}' '{' "p-1${tab}=x"; do
	printf '%s\n%s\n' "$line" "$(at 5)" >"$T/odd"
	run vs-power off <"$T/odd"
	case $line in
	'[1]') status_is 3 "a name as odd as '[1]'" ;;
	*) status_is 2 "no record: '$line'"; err_like "^vs-power: stdin:1: " "... says so" ;;
	esac
	is "$(echo "$out" | cut -f 1)" /DC0/vm/p-5 "... the next one is done"
done
long=$(head -c 200000 /dev/zero | tr '\0' x)
{ at 1 | sed "s/\$/${tab}note=/" | tr -d '\n'; echo "$long"; } >"$T/odd"
run vs-power off -o "$T/back" <"$T/odd"
is "$status $(awk '{ print length }' "$T/back")" "0 $(($(awk '{ print length }' "$T/odd") + 10))" "a line of 200 KB"
{ at 2; head -c 1200000 /dev/zero | tr '\0' x; echo; at 3; } >"$T/odd"
run vs-power off <"$T/odd"
status_is 2 "a line over 1 MiB"
err_is "vs-power: stdin:2: the line is longer than 1 MiB" "... says so, and does not show it"
out_like "^/DC0/vm/p-2$tab" "... what came before is done"

# ---- 10,000 records

# The same five again and again: what one VM needs is read for all that are at
# work, so each read serves four.
perl -e 'my @five = <STDIN>; print @five for 1 .. 2000' <"$T/five" >"$T/many"
for row in $(rows idle); do
	row "$row"
	if ! takes --expect || ! takes --url || used_as silent || used_as makes; then continue; fi
	tool=$row_words
	takes --jobs && tool="$tool -j 4"
	[ "${UNDER:-}" != valgrind ] || head -n 1000 "$T/five" >"$T/many"
	n=$(wc -l <"$T/many")
	requests_reset
	rm -f "$T/fifo"
	mkfifo "$T/fifo"
	# shellcheck disable=SC2086 # a tool and its words
	timeout 300 $tool <"$T/fifo" >"$T/back" 2>"$T/o.err" &
	reader=$!
	exec 9>"$T/fifo"
	cat "$T/many" >&9
	all_back() { [ "$(wc -l <"$T/back")" -ge "$n" ]; }
	wait_for 120 all_back
	tool_pid=$(pgrep -P "$reader")
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$tool_pid/status")
	exec 9>&-
	wait "$reader"
	is "$? $(wc -l <"$T/back")" "0 $n" "${tool%% *}: $n records, all of them done" ||
		diag "$(head -n 5 "$T/o.err") $(ctl requests)"
	is "$(cut -f 2 "$T/back" | sort | uniq -c | awk '{ print $1 }' | sort -u)" $((n / 5)) \
		"... each as often as it came"
	[ "$(requests)" -le $((n / 4 + 20)) ]
	ok $? "... at most a request for four of them" || diag "$(ctl requests)"
	# Not under a sanitizer or memcheck, which use memory themselves.
	if [ -z "${UNDER:-}" ] && ! grep -q __asan_init "$BIN/vs-power"; then
		[ "$peak" -le 65536 ]
		ok $? "... in at most 64 MiB" || diag "$peak KiB"
	fi
	is "$(changed)" 0 "... and nothing is changed"
done

# ---- odd names, all the way

printf '%s\n' 'a b' "it's \"so\"" 'x%2fy' 'Über' '&<>' >"$T/odd"
sort "$T/odd" >"$T/odd.sorted"
cat >"$T/pipe" <<'END'
vs-clone -f prod flatcar-template | vs-extraconfig -e "k=<&\"'> %2f" | vs-power on | vs-wait on
END
run sh "$T/pipe" <"$T/odd"
status_is 0 "odd names through four tools"
is "$(printf '%s\n' "$out" | cut -f 1 | sed 's,^/DC0/vm/prod/,,' | sort)" "$(cat "$T/odd.sorted")" \
	"... the same names come out"
is "$(vms '/DC0/vm/prod/.*poweredOn')" 5 "... all on"
is "$(vm '/DC0/vm/prod/x%2fy' extra.k)" "<&\"'> %2f" "... with their key"
cat >"$T/pipe" <<END
vs-clone -q -f prod -n workers -o "$T/o" flatcar-template '50%25 & "Ü"' &&
	vs-extraconfig --hostname odd-1 -i "$T/worker.ign" '/DC0/vm/prod/50%25 & "Ü"' |
	vs-power on | vs-wait ip | node-wait --expect 1
END
run sh "$T/pipe"
status_is 0 "one through all five, whose node has another name"
out_like "^/DC0/vm/prod/50%25 & \"Ü\"$tab.*${tab}node=odd-1${tab}.*state=ready\$" "... its name, and its node's"
run sh -c 'vs-ls /DC0/vm/prod/ | vs-destroy -y --off --expect 6'
status_is 0 "... and back by vs-ls | vs-destroy"
is "$(vms '/DC0/vm/prod/')" 0 "... all are gone"

# ---- one name in two folders, and references of another vCenter

for folder in prod dev; do
	vs-clone -f $folder flatcar-template same
done >"$T/same"
for row in $(rows work); do
	row "$row"
	if ! takes --expect || ! takes --url || used_as makes || used_as stdin; then continue; fi
	tool=$row_words
	requests_reset
	# shellcheck disable=SC2086 # a tool and its words
	run $tool same
	status_is 3 "${tool%% *}: a name that is in two folders"
	err_like "/DC0/vm/(prod|dev)/same.*/DC0/vm/(dev|prod)/same" "... names both"
	printf '/DC0/vm/other\t%s\n' "$(cut -f 2 "$T/same" | head -n 1)" >"$T/other"
	if [ "$row_write" != - ]; then
		# shellcheck disable=SC2086
		run $tool <"$T/other"
		status_is 3 "... a reference that means another VM here"
		err_like "^${tool%% *}: other: .*same" "... names both"
	fi
	is "$(changed)" 0 "... nothing is done"
done
tail -n 1 "$T/same" | vs-extraconfig -e d=4 | vs-power on >"$T/o"
is "$(vm /DC0/vm/dev/same extra.d)$(vm /DC0/vm/dev/same power) $(vm /DC0/vm/prod/same extra.d)$(vm /DC0/vm/prod/same power)" \
	"4poweredOn poweredOff" "a record means the one of its folder"
done_testing
