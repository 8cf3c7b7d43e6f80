#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# make install puts files below DESTDIR only, make uninstall takes exactly these away,
# and make help has a line for each target.
. "${0%/*}/lib.sh"
need make
cd "$top" || exit 1
# of the make that runs this
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

D="$T/dest with blanks"
# files: all that lie below DESTDIR
files() { (cd "$D" && find . ! -type d | sort); }
# installs TARGET [VARIABLE=VALUE...]
installs() { run make "$@" -o all "BUILD=${BIN%/bin}" "DESTDIR=$D"; }

for prefix in /usr/local /opt/vs; do
	rm -rf "$D"
	# of other packages, in each folder that is ours, too
	for f in bin/vs-other share/man/man1/vs-other.1 share/man/man7/other.7 share/doc/vsutils/notes \
		share/bash-completion/completions/other share/zsh/site-functions/_other \
		share/fish/vendor_completions.d/other.fish; do
		mkdir -p "$D$prefix/${f%/*}" && echo x >"$D$prefix/$f"
	done
	files >"$T/before"
	installs install "PREFIX=$prefix"
	status_is 0 "make install PREFIX=$prefix"
	files >"$T/with"
	is "$(grep -vc "^\.$prefix/" "$T/with")" 0 '... nothing outside of it'
	for tool in "$top"/cmd/*.c; do
		tool=${tool##*/} tool=${tool%.c}
		for f in "bin/$tool" "share/man/man1/$tool.1" "share/bash-completion/completions/$tool" \
			"share/zsh/site-functions/_$tool" "share/fish/vendor_completions.d/$tool.fish"; do
			grep -qx "\.$prefix/$f" "$T/with" || echo "$f"
		done
	done >"$T/missing"
	is "$(cat "$T/missing")" '' '... each tool, its page and its completions'
	doc=$prefix/share/doc/vsutils
	grep -o '\](\.*[a-z/][a-zA-Z/.-]*)' "$D$doc/guide.md" | tr -d '](\)' | while read -r f; do
		[ -e "$D$doc/$f" ] || echo "$f"
	done >"$T/missing"
	is "$(cat "$T/missing")" '' '... the files that the guide links to'
	[ -s "$D$doc/guide.md" ]
	ok $? '... the guide'
	[ -s "$D$doc/LICENSE" ]
	ok $? '... the license'
	installs uninstall "PREFIX=$prefix"
	status_is 0 '... make uninstall'
	files >"$T/after"
	is "$(diff "$T/before" "$T/after")" '' '... leaves only the files of others'
	[ ! -d "$D$prefix/share/doc/vsutils/examples" ]
	ok $? '... no empty folder of ours'
	installs uninstall "PREFIX=$prefix"
	status_is 0 '... and can be run once more'
done

run make help
status_is 0 'make help'
is "$(echo "$out" | grep -vcE '^make [a-z]+ +[^ ]')" 0 '... a line each'
sed -e :a -e '/\\$/N; s/\\\n//; ta' Makefile | sed -n 's/^\.PHONY: //p' | tr -s '\t ' '\n' |
	grep -vxE 'libraries|units|fuzzers|gcced|tidied|scripts|list-scripts|FORCE' >"$T/targets"
[ "$(wc -l <"$T/targets")" -ge 15 ]
ok $? '... of the targets that a user calls'
while read -r t; do
	echo "$out" | grep -q "^make $t " || echo "$t"
done <"$T/targets" >"$T/missing"
is "$(cat "$T/missing")" '' '... all of them'
done_testing
