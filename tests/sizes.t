#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# Tools stay small: on disk, in what they link, and in memory.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need strip readelf

if instrumented vs-clone; then
	echo '1..0 # SKIP not the tools as they are installed'
	exit 0
fi

# ---- on disk

n=0
for tool in "$BIN"/*; do
	name=${tool##*/}
	readelf -h "$tool" >"$T/elf" 2>&1 || continue
	n=$((n + 1))
	strip -o "$T/stripped" "$tool"
	size=$(stat -c %s "$T/stripped")
	# ign-check is two: it reads VMs, and what ign-gen reads
	most=200000
	[ "$name" != ign-check ] || most=340000
	[ "$size" -lt $most ]
	ok $? "$name is under $((most / 1000)) kB" || diag "$size bytes stripped"
done
[ $n -ge 9 ]
ok $? "that was all of them: $n"

# ---- what they link

for tool in ign-gen rke2-token vs; do
	is "$(needed "$BIN/$tool" | grep -E 'curl|xml2|crypto|ssl')" "" \
		"$tool links no libcurl, libxml2, libcrypto"
done
is "$(needed "$BIN/node-wait" | grep xml2)" "" "node-wait links no libxml2"
is "$(needed "$BIN/vs-power" | grep -E 'yaml|archive')" "" "vs-power links no libyaml, libarchive"

# ---- in memory: five runs each, in turn

weighs "peak memory of vs-clone"
vs_lab
bare_get vs-clone
ok $? "a program that links what vs-clone links" || diag "$(cat "$T/cc")"
is "$(needed "$T/bare-get" | sort)" "$(needed "$BIN/vs-clone" | sort)" "... exactly that"
for i in 1 2 3 4 5; do
	bare >>"$T/bare" 2>>"$T/bare.err" || break
	cold
	peak "$T/clone" vs-clone -c 4 -m 8G -d 50G -n workers --on flatcar-template "w-$i" \
		>>"$T/records" 2>>"$T/clone.err"
done
is "$(wc -l <"$T/bare") $(wc -l <"$T/records")" "5 5" "five runs of each" ||
	diag "$(cat "$T/bare.err" "$T/clone.err")"
bare=$(middle "$T/bare") clone=$(middle "$T/clone")
[ -n "$bare" ] && [ "$bare" -gt 0 ] && [ $((clone - bare)) -le 4096 ]
ok $? "vs-clone needs at most 4 MiB more: $clone KiB against $bare KiB"
done_testing
