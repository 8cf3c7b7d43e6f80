# SPDX-License-Identifier: Apache-2.0
# measure.sh - the ways to create workers, and how to measure them.
# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh's variables; the parts'

die() { echo "bench: $*" >&2; exit 1; }

# --- the ways: way NAME... ------------------------------------------------

pool=/DC0/host/DC0_C0/Resources
store=LocalDS_0
data=guestinfo.ignition.config.data

# The newest version that the lab supports; govc's default is newer.
g() { GOVC_VIM_VERSION=8.0.3.0 "$govc" "$@"; }

# The seven commands for a worker in govc's documentation, one worker after another.
govc_way() {
	local vm
	for vm; do
		g vm.clone -vm flatcar-template -on=false -pool $pool -ds $store "$vm" &&
		g vm.change -vm "$vm" -c 4 -m 8192 &&
		g vm.disk.change -vm "$vm" -size 50G &&
		g vm.network.change -vm "$vm" -net workers ethernet-0 &&
		g vm.change -vm "$vm" -e "$data=$(base64 -w0 "$T/worker.ign")" \
			-e "$data.encoding=base64" &&
		g vm.power -on "$vm" &&
		[ -n "$(g vm.ip "$vm")" ] || return 1
	done
}

five_way() {
	vs-clone -c 4 -m 8G -d 50G -n workers -p $pool -s $store flatcar-template "$@" |
		vs-extraconfig -i "$T/worker.ign" | vs-power on | vs-wait ip |
		node-wait --expect $#
}

one_way() {
	vs-clone -c 4 -m 8G -d 50G -n workers -p $pool -s $store -i "$T/worker.ign" --on \
		flatcar-template "$@" >"$T/records" && [ "$(wc -l <"$T/records")" = $# ]
}

one_wait_way() { one_way "$@" && vs-wait ip --expect $# <"$T/records"; }

# the number of lines that the listing prints
lines() { [ "$("${@:2}" | wc -l)" -ge "$1" ]; }
govc_find_way() { lines 10000 g find / -type m; }
govc_ls_way() { lines 10000 g ls -l /DC0/vm; }
govc_info_way() { lines 10000 g vm.info '/DC0/vm/*'; }
vs_ls_way() { lines 10000 vs-ls /DC0/vm/; }
vs_ls_l_way() { lines 10000 vs-ls -l /DC0/vm/; }
vs_ls_all_way() { lines 10000 vs-ls -R -t vm /; }

export -f g lines govc_way five_way one_way one_wait_way govc_find_way govc_ls_way \
	govc_info_way vs_ls_way vs_ls_l_way vs_ls_all_way
export govc pool store data T

# --- measuring ------------------------------------------------------------

# Starts a lab with these times, and creates a worker's Ignition config for it.
lab() {
	printf '\nlab: %s\n' "$*"
	vs_lab "$@"
	ignition || die 'no Ignition config'
}

# once WAY ARGUMENT...: runs it without a session, and appends "seconds cpu kilobytes" to $T/figures
once() {
	rm -rf "$HOME/.govmomi" "${XDG_RUNTIME_DIR:?}" "${XDG_CACHE_HOME:?}"
	mkdir -m 700 "$XDG_RUNTIME_DIR" "$XDG_CACHE_HOME"
	timeout --foreground 600 "$gnu_time" -o "$T/time" -f '%e %U %S %M' \
		bash -c '"$@"' bash "$@" >"$T/out" 2>"$T/err" ||
		die "$1 failed: $(tail -n 3 "$T/err")"
	awk '{ print $1, $2 + $3, $4 }' "$T/time" >>"$T/figures"
}

# median COLUMN: of $T/figures
median() { awk -v c="$1" '{ print $c }' "$T/figures" | middle; }

_names=0
# worker_names N: sets $names to new names
worker_names() {
	local i
	names=()
	_names=$((_names + 1))
	for ((i = 1; i <= $1; i++)); do names+=("b$_names-$i"); done
}

# row LABEL WAY COUNT [RUNS]: measures it with COUNT workers (0: none) and prints it; sets
# $calls and $waits, and the medians $seconds, $cpu and $kb
row() {
	local i
	: >"$T/figures"
	for ((i = 0; i < ${4:-$runs}; i++)); do
		worker_names "$3"
		mark
		once "$2" "${names[@]}"
	done
	calls=$(requests) waits=$(requests WaitForUpdatesEx)
	seconds=$(median 1) cpu=$(median 2) kb=$(median 3)
	printf '  %-34s %6d %6d %6d %8.2f %7.2f %7.1f\n' "$1" "$calls" "$waits" \
		"$(requests Login)" "$seconds" "$cpu" "$(calc "$kb / 1024")"
}

head_line() {
	printf '\n%s\n  %-34s %6s %6s %6s %8s %7s %7s\n' "$1" '' calls waits logins \
		seconds cpu 'MB max'
}

calc() { awk "BEGIN { printf \"%.4g\", $1 }"; }

# figure LABEL FIGURE BOUND NOTE: adds a line to the final table.  A bound of 1/N is a
# fraction of a peer's time; the figure is printed as a fraction, too.
figure() {
	awk -v l="$1" -v f="$2" -v b="$3" -v p="$4" 'BEGIN {
		most = split(b, part, "/") == 2 ? part[1] / part[2] : b
		met = f + 0 <= most + 0 ? "met" : "NOT MET"
		if (part[2])
			f = f > 0 ? sprintf("1/%.1f", 1 / f) : "0"
		printf "  %-62s %8s  <= %-4s  %-7s  %s\n", l, f, b, met, p
	}' >>"$T/table"
	tail -n 1 "$T/table"
}
