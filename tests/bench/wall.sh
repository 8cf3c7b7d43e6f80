# SPDX-License-Identifier: Apache-2.0
# wall.sh - how long a user waits if each call takes 20 ms, and nothing else any time.
# shellcheck shell=bash disable=SC2154

lab -latency 20ms -clone-time 0s -power-time 0s -boot-time 0s -join-time 0s
for count in 1 3; do
	head_line "$count worker(s), 20 ms a call (median of $runs)"
	row 'govc, 7 commands a worker' govc_way $count
	govc_s=$seconds
	row 'five tools, template to Ready' five_way $count
	five_s=$seconds
	row 'vs-clone -i --on' one_way $count
	one_s=$seconds
	row 'vs-clone -i --on | vs-wait ip' one_wait_way $count
done
head_line 'many workers, 20 ms a call'
row 'govc, 5 workers' govc_way 5 2
many_s=$(calc "$seconds * 20")
# It does not wait for the guests, so they must not use CPU time meanwhile.
ctl set boot-time 10m
row 'vs-clone -i --on, 100 workers' one_way 100
hundred_s=$seconds
lab_stop

echo
figure "3 workers, 20 ms a call: five tools, of govc's time" \
	"$(calc "$five_s / $govc_s")" 1/6 "$five_s s, govc $govc_s s"
figure '... one tool' "$(calc "$one_s / $govc_s")" 1/15 "$one_s s"
figure "100 workers, one tool, of govc's time (scaled from 5)" \
	"$(calc "$hundred_s / $many_s")" 1/60 "$hundred_s s, govc $many_s s"
