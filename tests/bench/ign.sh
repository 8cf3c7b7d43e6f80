# SPDX-License-Identifier: Apache-2.0
# ign.sh - ign-gen compared with butane, on generated documents.
# shellcheck shell=bash disable=SC2154

butane=$top/build/oracles/butane
[ -x "$butane" ] || die 'no butane (tests/setup bench)'

# documents FILES LINKS UNITS: prints a Butane document with so many of each
documents() {
	awk -v files="$1" -v links="$2" -v units="$3" 'BEGIN {
		print "variant: flatcar\nversion: 1.1.0\nstorage:"
		if (files) print "  files:"
		for (i = 0; i < files; i++) {
			print "    - path: /n/" i "\n      mode: 0644\n      contents:\n        inline: |"
			for (k = 0; k < 5; k++)
				print "          key" (i * 7 + k) % 13 " = value " i % 17 ", and " k * i % 11 " more of the same"
		}
		if (links) print "  links:"
		for (i = 0; i < links; i++) print "    - {path: /l/" i ", target: /n/" i "}"
		if (units) print "systemd:\n  units:"
		for (i = 0; i < units; i++) {
			print "    - name: u" i ".service\n      enabled: true\n      contents: |"
			print "        [Service]\n        ExecStart=/bin/x " i
			print "        [Install]\n        WantedBy=multi-user.target\n      dropins:"
			print "        - {name: 10-a.conf, contents: \"[Service]\\nRestart=always\\n\"}"
			print "        - {name: 20-b.conf, contents: \"[Service]\\nRestartSec=3\\n\"}"
		}
	}'
}

# tree N: creates a folder with N files in 100 folders
tree() {
	awk -v n="$1" -v d="$T/t$1" 'BEGIN { for (i = 0; i < n; i++) print d "/" i % 100 "/" i }' >"$T/names"
	sed 's,/[^/]*$,,' "$T/names" | sort -u | xargs mkdir -p
	xargs -a "$T/names" -n 1000 tee <"$T/line" >"$T/out"
}

# timed FILE COMMAND...: runs it, and appends its seconds to FILE
timed() {
	local file=$1 from=$EPOCHREALTIME
	shift
	"$@" >"$T/out" || die "$1 failed"
	calc "$EPOCHREALTIME - $from" >>"$file"
	echo >>"$file"
}

# memory COMMAND...: runs it, and sets $kib to its peak
memory() {
	: >"$T/kib"
	peak "$T/kib" "$@" >"$T/out" || die "$1 failed"
	kib=$(<"$T/kib")
}

# took N COMMAND...: runs it N times, and sets $seconds and $kib to the medians
took() {
	local n=$1 i
	shift
	: >"$T/seconds"
	for ((i = 0; i < n; i++)); do timed "$T/seconds" "$@"; done
	seconds=$(middle "$T/seconds")
	memory "$@"
}

# quick N COMMAND...: the same for a process of milliseconds: without the fork of this
# shell, which takes as long
quick() {
	local n=$1
	shift
	hyperfine -N --style none --warmup 5 --runs "$n" --export-csv "$T/csv" \
		"$(printf '%q ' "$@")" 2>"$T/err" || die "$1 failed: $(tail -n 3 "$T/err")"
	seconds=$(awk -F, 'NR == 2 { print $4 }' "$T/csv")
	memory "$@"
}

echo x >"$T/line"
documents 12 0 0 >"$T/12.bu"
documents 10000 0 0 >"$T/10000.bu"
echo
echo "ign-gen beside butane (median of $runs; 12 files: of 200; growth: of $((5 * runs)))"
quick 200 ign-gen "$T/12.bu"
ours=$(calc "$seconds * 1000") small=$kib
quick 50 "$butane" "$T/12.bu"
theirs=$(calc "$seconds * 1000")
printf '  %-30s %8s ms %8s MB   butane %8s ms %8s MB\n' '12 files' "$ours" \
	"$(calc "$small / 1024")" "$theirs" "$(calc "$kib / 1024")"
took "$runs" ign-gen "$T/10000.bu"
big=$kib big_s=$seconds
took 1 "$butane" "$T/10000.bu"
printf '  %-30s %8s s  %8s MB   butane %8s s  %8s MB\n' '10,000 files, 3 MB' "$big_s" \
	"$(calc "$big / 1024")" "$seconds" "$(calc "$kib / 1024")"
big_of=$(calc "$big_s / $seconds")

# grows NAME N COMMAND...: sets $growth to the time for 2 N divided by that for N, with
# alternating runs; {} is the number
grows() {
	local name=$1 n=$2 i one two
	shift 2
	: >"$T/one"
	: >"$T/two"
	for ((i = 0; i < 5 * runs; i++)); do
		timed "$T/one" "${@//\{\}/$n}"
		timed "$T/two" "${@//\{\}/$((2 * n))}"
	done
	one=$(middle "$T/one") two=$(middle "$T/two")
	growth=$(calc "$two / $one")
	printf '  %-30s %8s s  %8s s   for twice as much\n' "$name" "$one" "$two"
}
for n in 10000 20000; do
	documents 0 $n 0 >"$T/links$n.bu"
	documents 0 0 $((n / 2)) >"$T/units$((n / 2)).bu"
	tree $n
	printf 'variant: flatcar\nversion: 1.1.0\nstorage:\n  trees: [{local: t%s}]\n' $n >"$T/tree$n.bu"
done
grows '10,000 links' 10000 ign-gen "$T/links{}.bu"
links=$growth
grows '5,000 units with drop-ins' 5000 ign-gen "$T/units{}.bu"
units=$growth
for n in 10000 20000; do
	awk -v n=$n 'BEGIN {
		printf "{\"ignition\":{\"version\":\"3.4.0\"},\"systemd\":{\"units\":["
		for (i = 0; i < n; i++) printf "%s{\"name\":\"u%d.service\",\"enabled\":true}", i ? "," : "", i
		print "]}}"
	}' >"$T/enabled$n.ign"
done
# without an agent, so its status is 1
agentless() { ign-check --worker "$1" || [ $? = 1 ]; }
grows 'ign-check, 10,000 enabled units' 10000 agentless "$T/enabled{}.ign"
enabled=$growth
grows 'a tree of 10,000 files' 10000 ign-gen -d "$T" "$T/tree{}.bu"
tree=$growth

echo
figure 'ign-gen, 12 files: ms' "$ours" 2.5 "butane $theirs"
figure '... MB' "$(calc "$small / 1024")" 6 ''
figure 'ign-gen, 10,000 files: of the time of butane' "$big_of" 1/20 "$big_s s"
figure '... MB' "$(calc "$big / 1024")" 40 ''
figure 'ign-gen, 20,000 links for 10,000: times' "$links" 2.3 ''
figure '... 10,000 units for 5,000' "$units" 2.3 ''
figure 'ign-check, 20,000 enabled units for 10,000: times' "$enabled" 2.3 ''
figure 'ign-gen, a tree of 20,000 files for 10,000' "$tree" 2.3 ''
