# SPDX-License-Identifier: Apache-2.0
# list.sh - an inventory of 10,000 VMs.
# shellcheck shell=bash disable=SC2154

bare_get vs-ls || die "cannot build bare-get: $(cat "$T/cc")"

lab -vms 10000
head_line "10,000 VMs, all of them, from the root (median of $runs)"
row 'vs-ls -R -t vm /' vs_ls_all_way 0
ls_calls=$calls ls_cpu=$cpu
row 'govc ls -l (one folder)' govc_ls_way 0
govc_ls_cpu=$cpu
row 'govc find / -type m (once)' govc_find_way 0 1
find_cpu=$cpu
head_line '10,000 VMs of one folder, with what each is and does (once)'
row 'vs-ls (names only)' vs_ls_way 0 1
row 'vs-ls -l' vs_ls_l_way 0 1
row 'govc vm.info' govc_info_way 0 1
for _ in 1 2 3 4 5; do
	bare >>"$T/bare" || die 'bare-get failed'
	peak "$T/ours" vs-ls -R -t vm / >"$T/out" || die 'vs-ls failed'
done
bare=$(middle "$T/bare") ours=$(middle "$T/ours")
lab_stop

echo
figure 'vs-ls -R of 10,000 VMs: requests' "$ls_calls" 16 ''
figure '... CPU, of govc find / -type m' "$(calc "$ls_cpu / $find_cpu")" 1/15 \
	"$ls_cpu s, govc $find_cpu s"
figure '... CPU, of govc ls -l' "$(calc "$ls_cpu / $govc_ls_cpu")" 1 "govc $govc_ls_cpu s"
figure '... peak MB above the bare GET' "$(calc "($ours - $bare) / 1024")" 8 \
	"$(calc "$ours / 1024") MB, bare $(calc "$bare / 1024") MB"
