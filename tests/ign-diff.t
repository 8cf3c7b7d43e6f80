#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# Compares ign-gen with Butane, and ign-check with Ignition, on thousands of documents
# (tests/oracles/butane/diff): the same verdict at the same paths, and the same config.
user_home=${HOME:-}
. "${0%/*}/lib.sh"

oracle ignition-validate
validate=$oracle
oracle butane-diff

# Where Go keeps the sources of Butane and Ignition, from which the oracles were built:
# the documents in their manuals and tests are used, too.
go=$(HOME=$user_home "$top/tests/setup" go)
module() {
	(cd "$top/tests/oracles/butane" && HOME=$user_home GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=mod \
		"$go" list -mod=readonly -m -f '{{.Dir}}' "github.com/coreos/$1")
}
butane=$(module butane) ignition=$(module ignition/v2)
if ! [ -d "$butane/docs" ] || ! [ -d "$ignition/config" ]; then
	skip_all 'the sources of Butane and Ignition are missing (run go mod download in tests/oracles/butane)'
fi

# Only a sample where each document takes a second (memcheck) or a tenth of that.
amount='' least=5000 limit=30s
if under_memcheck; then
	amount='-n 60' least=60 limit=120s
elif grep -q __asan_init "$BIN/ign-gen"; then
	amount='-n 1500' least=1500 limit=120s
fi

# beside MODE: each line of TAP of the program becomes one of ours.  Its counts are shown
# by prove -v, its differences always.
beside() {
	documents=
	# shellcheck disable=SC2086 # $amount is words
	TMPDIR=$T "$oracle" -bin "$BIN" -butane "$butane" -ignition "$ignition" -validate "$validate" \
		-limit $limit $amount "$1" >"$T/$1.tap" 2>&1
	status=$?
	while IFS= read -r _line; do
		case $_line in
		'ok '*) pass "$1: ${_line#ok * - }" ;;
		'not ok '*) fail "$1: ${_line#not ok * - }" ;;
		'# '[0-9]*' documents, '* | '# '[0-9]*' configs') documents=${_line#'# '} documents=${documents%% *} ;;
		esac
		case $_line in '# '*) printf '%s\n' "$_line" ;; esac
	done <"$T/$1.tap"
	is "$status" 0 "$1: and it succeeds" || sed -n '/differences in/,$p; /^butane-diff/p; /^panic/,$p' "$T/$1.tap" >&2
	[ "${documents:-0}" -ge $least ]
	ok $? "$1: at least $least documents" || diag "${documents:-none}"
	# Agreed differences are documented, by number.
	sed -n 's/^# agreed, \([0-9]*\): .*/\1/p' "$T/$1.tap" >"$T/agreed"
	while read -r _id; do
		grep -q "Butane $_id:" "$top/QUIRKS.md"
		ok $? "$1: QUIRKS.md lists the agreed difference, Butane $_id"
	done <"$T/agreed"
}

beside run
beside check
done_testing
