# SPDX-License-Identifier: Apache-2.0
# requests.sh - how many requests each way needs, including clean-up and Login, and how
# often each tool polls.
# shellcheck shell=bash disable=SC2154

# allowed N: the allowed polls of a tool with N VMs, for the duration of the last run
allowed() { calc "6 + 4 * $1 + int(2 * $(median 1) / 60)"; }

# worst N TOOL...: sets $worst to the tool that came nearest to the allowed number
worst() {
	local n=$1 tool got most=-1
	shift
	for tool; do
		got=$(polls "$tool")
		printf '    %-16s %4d WaitForUpdatesEx, allowed %s\n' "$tool" "$got" "$(allowed "$n")"
		[ "$got" -le "$most" ] || { most=$got worst="$tool, $n VM(s)"; }
	done
	figure "WaitForUpdatesEx, $worst$spread" "$most" "$(allowed "$n")" ''
}

# rate TOOL TASK: polls per second while more than 8 of its tasks are running
rate() {
	spans >"$T/times"
	log >"$T/log"
	figure "WaitForUpdatesEx a second, $1, > 8 in flight$spread" \
		"$(awk -v tool="$1" -v task="$2" -f "$top/tests/bench/polls.awk" "$T/times" "$T/log")" 10 ''
}

spread=
lab
head_line 'requests (waits: WaitForUpdatesEx)'
row 'govc, 1 worker' govc_way 1 1
govc_calls=$calls
row 'five tools, 1 worker' five_way 1 1
five_1=$calls
worst 1 vs-clone vs-extraconfig vs-power vs-wait
row 'five tools, 3 workers' five_way 3 1
five_3=$calls
worst 3 vs-clone vs-extraconfig vs-power vs-wait
row 'five tools, 20 workers' five_way 20 1
five_20=$calls
worst 20 vs-clone vs-extraconfig vs-power vs-wait
row 'vs-clone -i --on, 1 worker' one_way 1 1
one_1=$calls
row 'vs-clone -i --on, 100 workers' one_way 100 1
one_100=$calls
worst 100 vs-clone
rate vs-clone CloneVM_Task
lab_stop

# If clones end one by one, little can be gathered: then each VM costs its CloneVM_Task
# and a read of the new VM, each VM that got one of the 64 slots later a ModifyListView,
# and the run 13.
spread=', 2 s +- 50 %'
lab -clone-time 2s -clone-jitter 50
head_line 'the same, clones of 2 s +- 50 %'
row 'five tools, 20 workers' five_way 20 1
spread_20=$calls
worst 20 vs-clone vs-extraconfig vs-power vs-wait
row 'vs-clone -i --on, 100 workers' one_way 100 1
spread_100=$calls
worst 100 vs-clone
rate vs-clone CloneVM_Task
lab_stop

echo
figure 'requests, five tools, 1 worker' "$five_1" 36 "govc $govc_calls"
figure '... 3 workers' "$five_3" 60 "govc $((3 * govc_calls))"
figure '... 20 workers' "$five_20" 250 "govc $((20 * govc_calls))"
figure '... 20 workers, clones of 2 s +- 50 %' "$spread_20" 250 ''
figure 'requests, vs-clone -i --on, 1 worker' "$one_1" 17 ''
figure '... 100 workers' "$one_100" 170 "govc $((100 * govc_calls))"
figure '... 100 workers, clones of 2 s +- 50 %' "$spread_100" 170 \
	'each ends alone: 13 + 2 * 100 + 36 = 249'
