# SPDX-License-Identifier: Apache-2.0
# polls.awk - the maximum number of WaitForUpdatesEx of a tool within a second while more
# than 8 of its tasks were running; 0 if there were never so many
#
# usage: awk -v tool=vs-clone -v task=CloneVM_Task -f polls.awk TIMES LOG
# (what lab ctl times and lab ctl log print)
function seconds(clock,   p) {
	split(clock, p, ":")
	return p[1] * 3600 + p[2] * 60 + p[3]
}
function waiting(at,   i, n) {
	for (i = 1; i <= tasks; i++)
		n += queued[i] <= at && at < ended[i]
	return n
}
FNR == NR {
	if ($2 == task) {
		queued[++tasks] = seconds($3)
		ended[tasks] = $5 == "-" ? 999999 : seconds($5)
	}
	next
}
$2 == "WaitForUpdatesEx" && index($0, "\t" tool "/") && waiting(seconds($1)) > 8 {
	at[++polls] = seconds($1)
	while ((at[polls] - at[first + 1] + 86400) % 86400 >= 1)
		first++
	if (polls - first > most)
		most = polls - first
}
END { print most + 0 }
