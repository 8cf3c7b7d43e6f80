# SPDX-License-Identifier: Apache-2.0
# growth.sh - CPU time for twice as much, for each parser: rows are in growth.c.
# shellcheck shell=bash disable=SC2154

# the flags are lists
# shellcheck disable=SC2046
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Os -I"$top/libvs" $(pkg-config --cflags libxml-2.0 jansson) \
	-o "$T/growth" "$top/tests/bench/growth.c" "${BIN%/bin}/libvs.a" $(pkg-config --libs \
	libcurl libxml-2.0 libcrypto libssl jansson yaml-0.1 zlib) 2>"$T/cc" ||
	die "cannot build growth: $(cat "$T/cc")"
printf '\ngrowth: time for 2n, of that for n\n'
"$T/growth" >"$T/grown" || die 'growth failed'
while IFS="$tab" read -r name n ms ratio longest; do
	if [ "${ms%.*}" -ge 25 ]; then
		figure "2n of n, $name" "$ratio" 2.3 "n = $n: $ms ms"
	else # a bound ends it sooner
		figure "$name: ms up to the bound" "$(calc "$ms * $ratio")" 50 "n = $((2 * n))"
	fi
	awk "BEGIN { exit !($longest > 0) }" &&
		figure '... ms of the longest call for 16 KiB' "$longest" 50 ''
done <"$T/grown"
