# SPDX-License-Identifier: Apache-2.0
# clones.sh - 40 clones that take 1 to 3 s, 8 at a time: the time compared with that of
# eight workers with the same durations, first in, first out.
# shellcheck shell=bash disable=SC2154

# makespan: the time of the clones since the mark, and the sum of their durations
makespan() {
	spans | awk '$2 == "CloneVM_Task" {
		least = 1
		for (i = 2; i <= 8; i++)
			if (hand[i] + 0 < hand[least] + 0)
				least = i
		hand[least] += $6
		sum += $6
		n++
	}
	END {
		for (i = 1; i <= 8; i++)
			if (hand[i] > most)
				most = hand[i]
		print n, most, sum
	}'
}

# eight LABEL WAY: runs once
eight() {
	row "$1" "$2" 40 1
	read -r n ideal sum < <(makespan)
	[ "$n" = 40 ] || die "$n clones instead of 40"
	printf '    the same times on 8 hands: %s s; one after another: %s s\n' "$ideal" "$sum"
	figure "40 clones, 8 at a time, to the makespan: $1" "$(calc "$seconds / $ideal")" 1.15 \
		"$seconds s to $ideal s; one by one $(calc "$sum / $ideal")"
}
one_j8_way() {
	vs-clone -j 8 -c 4 -m 8G -d 50G -n workers -p "$pool" -s "$store" -i "$T/worker.ign" --on \
		flatcar-template "$@" >"$T/records" && [ "$(wc -l <"$T/records")" = $# ]
}
export -f one_j8_way

lab -clone-time 2s -clone-jitter 50 -per-host 8 -power-time 0s -boot-time 0s
head_line '40 clones of 2 s +- 50 %'
eight 'vCenter queues' one_way
ctl set per-host 0
eight 'vs-clone -j 8' one_j8_way
lab_stop
