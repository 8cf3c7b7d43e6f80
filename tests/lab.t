#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# What `lab ctl` can do is written down: each verb and each fault is in its help.
. "${0%/*}/lib.sh"
lab_start
run "$LAB" ctl help
status_is 0 'lab ctl help'
is "$(echo "$out" | awk 'length > 92')" '' '... fits on a terminal'
printf '%s\n' "$out" >"$T/help"

# undocumented <WORDS: those that the help does not have
undocumented() {
	while read -r _w; do grep -qE -- "(^|[ ,])$_w([ ,=[]|\$)" "$T/help" || echo "$_w"; done
}
cd "$top/tests/lab" || exit 1
sed -n '/^var verbs = /,/^}/s/^	"\([a-z-]*\)":.*/\1/p' control/control.go >"$T/verbs"
run "$LAB" ctl nosuch
isnt "$status" 0 'an unknown verb'
echo "$err" | sed -n "s/.*unknown verb 'nosuch': verbs are //p" | tr ' ' '\n' >>"$T/verbs"
[ "$(wc -l <"$T/verbs")" -ge 35 ]
ok $? "the verbs: $(wc -l <"$T/verbs")"
is "$(undocumented <"$T/verbs")" '' '... are all in the help'
sed -n '/^var actions = /,/}/p' vcenter/faults.go | grep -oE '"[a-z-]+"' | tr -d '"' >"$T/actions"
[ "$(wc -l <"$T/actions")" -ge 14 ]
ok $? "the faults: $(wc -l <"$T/actions")"
is "$(undocumented <"$T/actions")" '' '... too'
sed -n '/) Set(key/,/^}/s/^	case \(.*\):/\1/p' vcenter/dump.go | grep -oE '"[a-z-]+"' | tr -d '"' >"$T/keys"
[ "$(wc -l <"$T/keys")" -ge 8 ]
ok $? "what can be set: $(wc -l <"$T/keys")"
is "$(undocumented <"$T/keys")" '' '... too'
is "$(echo nosuch | undocumented)" nosuch 'found: a verb that is not in the help'
done_testing
