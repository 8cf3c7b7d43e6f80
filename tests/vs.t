#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2016 # lib.sh, its variables, and scripts in quotes
# vs runs the tool that was meant, and nothing else.
. "${0%/*}/lib.sh"

# A folder with vs and stand-ins for its family.
mkdir "$T/bin" "$T/more" "$T/man"
cp "$BIN/vs" "$T/bin/vs"
vs=$T/bin/vs
if under_memcheck; then	# what is $BIN/vs there runs another one
	real=$(sed -n 's/.* \([^ ]*\) "\$@"$/\1/p' "$BIN/vs")
	sed "s| $real | $vs |" "$BIN/vs" >"$T/vs" && chmod +x "$T/vs"
	cp "$real" "$vs" && vs=$T/vs
fi
for t in vs-power rke2-token; do
	printf '%s\n' '#!/bin/sh' 'echo "${0##*/}:$#:$*"; exit 7' >"$T/bin/$t"
done
printf '%s\n' '#!/bin/sh' 'echo "mine:$*"' >"$T/more/vs-mine"
printf '%s\n' '#!/bin/sh' 'echo "another"' >"$T/more/vs-power"
printf '%s\n' '#!/bin/sh' 'echo "man:$*"' >"$T/man/man"
chmod +x "$T"/bin/* "$T"/more/* "$T"/man/*
base=${PATH#"$BIN":}	# without the real ones
PATH=$T/more:$base

run "$vs" power -c 4 'a b' --help ''
status_is 7 "vs power: the tool's status"
out_is "vs-power:5:-c 4 a b --help " "... its arguments as they are, that beside vs first"
run "$vs" rke2-token x
out_is "rke2-token:1:x" "a tool whose name does not begin with vs-"
run "$vs" vs-power x
out_is "vs-power:1:x" "a tool by its full name"
run "$vs" mine y
out_is "mine:y" "a vs-NAME in PATH"
PATH=:$T/man:$base
cd "$T/more" || exit 1
run "$vs" mine y
out_is "mine:y" "... an empty part of it is this folder"
cd "$top" || exit 1

# Nothing but the family: not what happens to stand in the same folder.
printf '#!/bin/sh\necho ran\n' >"$T/bin/other"
chmod +x "$T/bin/other"
run "$vs" other
status_is 2 "another program in the folder is not a command"
err_is "vs: unknown command 'other': 'vs --list' lists the commands" "... says so"
run "$vs" ../bin/other
status_is 2 "a path is not a command"
run "$vs" sh
status_is 2 "nor is a program in PATH"
run "$vs" powre
status_is 2 "a slip"
err_is "vs: unknown command 'powre': did you mean 'power'" "... is understood"
run "$vs" vs
status_is 2 "vs itself is not one"
run "$vs" ''
status_is 2 "nor is nothing"
run "$vs"
status_is 2 "no command"
err_is "vs: missing command: 'vs --list' lists the commands, 'vs help COMMAND' shows the manual page of one" "... says so"
run "$vs" -v power x
status_is 2 "an option before the command"
err_is "vs: options go after the command: 'vs power -v'" "... says so"

PATH=$T/man:$base
run "$vs" help power
out_is "man:vs-power" "vs help power"
run "$vs" help rke2-token
out_is "man:rke2-token" "vs help rke2-token"
run "$vs" help
out_is "man:vsutils" "vs help"
run "$vs" help nonsense
status_is 2 "vs help nonsense"
run "$vs" help power x
status_is 2 "vs help with too much"
run env PATH="$T/none" "$vs" help power
out_is "vs-power:1:--help" "no man(1): the tool's own words"
run env PATH="$T/none" "$vs" help
status_is 1 "... and none for the whole config"
err_like "cannot show the manual: man: No such file" "... says so"

run "$vs" --list
status_is 0 "vs --list"
is "$(echo "$out" | cut -d ' ' -f 1)" "rke2-token
power" "... those that are there, as one types them"
like "$out" '^power +turn virtual machines on and off$' "... with a line each"
run "$vs" -h
out_like '^  power +turn virtual machines on and off$' "vs -h: the same"
is "$(echo "$out" | grep -c '^  [a-z]')" 2 "... and no command that is not there"
run "$vs" --list --json
out_like "^\{\"command\":\"power\",\"path\":\"$T/bin/vs-power\",\"description\":\"turn .* off\"\}$" "... as JSON"

# Each tool of the sources, and each that was built.
for c in "$top"/cmd/*.c; do
	t=$(basename "$c" .c)
	[ "$t" != vs ] || continue
	printf '#!/bin/sh\n' >"$T/bin/$t"
	chmod +x "$T/bin/$t"
done
run "$vs" --list
for c in "$top"/cmd/*.c; do
	t=$(basename "$c" .c)
	[ "$t" = vs ] || is "$(echo "$out" | sed -n "s/^${t#vs-}  *//p")" \
		"$("$BIN/$t" --help | sed -n "1s/^$t - //p")" "vs knows $t, and what it does"
done

# What runs has its signals as they were.
printf '%s\n' '#!/bin/sh' 'kill -PIPE $$; echo not ended' >"$T/bin/vs-power"
run "$vs" power
status_is 141 "SIGPIPE is not ignored in what vs runs"

done_testing
