# list.sh - an inventory of 10,000 VMs.
# shellcheck shell=bash disable=SC2154

# Linked with what vs-ls is linked with, used or not.
needed() { readelf -d "$BIN/vs-ls" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }
# shellcheck disable=SC2046 # one option each
"${CC:-cc}" -O2 -fPIE -pie -Wl,--no-as-needed -o "$T/bare-get" "$top/tests/bench/bare-get.c" \
	$(needed | sed '/^libc\.so/d; s/^/-l:/') || die 'cannot build bare-get'

# peak COMMAND...: in KiB, the median of five runs
peak() {
	local i
	for ((i = 0; i < 5; i++)); do
		"$gnu_time" -f %M -o "$T/peak.$i" "$@" >"$T/out" || die "$1 failed"
	done
	sort -n "$T"/peak.? | sed -n 3p
}

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
bare=$(peak "$T/bare-get" "$GOVC_URL/vimServiceVersions.xml" "$GOVC_TLS_CA_CERTS")
ours=$(peak vs-ls -R -t vm /)
lab_stop

echo
figure 'vs-ls -R of 10,000 VMs: requests' "$ls_calls" 16 ''
figure '... CPU, of govc find / -type m' "$(calc "$ls_cpu / $find_cpu")" 1/15 \
	"$ls_cpu s, govc $find_cpu s"
figure '... CPU, of govc ls -l' "$(calc "$ls_cpu / $govc_ls_cpu")" 1 "govc $govc_ls_cpu s"
figure '... peak MB above the bare GET' "$(calc "($ours - $bare) / 1024")" 8 \
	"$(calc "$ours / 1024") MB, bare $(calc "$bare / 1024") MB"
