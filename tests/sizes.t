#!/bin/sh
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# Tools stay small: on disk, in what they link, and in memory.
. "${0%/*}/lib.sh"
. "${0%/*}/lib-vs.sh"
need strip readelf
CC=${CC:-cc}

# needed TOOL: the libraries it asks for, one a line
needed() { readelf -d "$BIN/$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# what looks for errors in them takes room of its own
if [ -n "${UNDER:-}" ] || needed vs-clone | grep -qE 'lib(a|ub|t)san'; then
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
	[ "$size" -lt 200000 ]
	ok $? "$name is under 200 kB" || diag "$size bytes stripped"
done
[ $n -ge 9 ]
ok $? "that was all of them: $n"

# ---- what they link

for tool in ign-gen rke2-token vs; do
	is "$(needed $tool | grep -E 'curl|xml2|crypto|ssl')" "" \
		"$tool links no libcurl, libxml2, libcrypto"
done
is "$(needed node-wait | grep xml2)" "" "node-wait links no libxml2"
is "$(needed vs-power | grep -E 'yaml|libz|archive')" "" "vs-power links no libyaml, zlib, libarchive"

# ---- in memory: five runs each, in turn

for prog in $CC /usr/bin/time; do
	command -v "$prog" >"$T/which" || {
		skip "no $prog (tests/setup check)" "peak memory of vs-clone"
		done_testing
	}
done
vs_lab
# the same libraries, used or not
# shellcheck disable=SC2046 # one option each
$CC -O2 -fPIE -pie -Wl,--no-as-needed -o "$T/bare-get" "$top/tests/bench/bare-get.c" \
	$(needed vs-clone | sed '/^libc\.so/d; s/^/-l:/') 2>"$T/cc"
ok $? "a program that links what vs-clone links" || diag "$(cat "$T/cc")"
is "$(readelf -d "$T/bare-get" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort)" \
	"$(needed vs-clone | sort)" "... exactly that"
for i in 1 2 3 4 5; do
	"$T/bare-get" "$GOVC_URL/vimServiceVersions.xml" "$GOVC_TLS_CA_CERTS" >>"$T/bare" \
		2>>"$T/bare.err" || break
	cold
	/usr/bin/time -f %M -o "$T/time" vs-clone -c 4 -m 8G -d 50G -n workers --on \
		flatcar-template "w-$i" >>"$T/records" 2>>"$T/clone.err"
	cat "$T/time" >>"$T/clone"
done
is "$(wc -l <"$T/bare") $(wc -l <"$T/records")" "5 5" "five runs of each" ||
	diag "$(cat "$T/bare.err" "$T/clone.err")"
median() { sort -n "$1" | sed -n 3p; }
bare=$(median "$T/bare") clone=$(median "$T/clone")
[ -n "$bare" ] && [ "$bare" -gt 0 ] && [ $((clone - bare)) -le 4096 ]
ok $? "vs-clone needs at most 4 MiB more: $clone KiB against $bare KiB"
done_testing
