#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154,SC2016 # lib.sh, its variables, and scripts in quotes
# bash, zsh and fish offer what the tools say of themselves.
. "${0%/*}/lib.sh"
plain_tools
need bash

# Two of the family with few options, and the real vs beside them.
mkdir "$T/bin" "$T/work"
cp "$BIN/vs" "$T/bin/vs"
cat >"$T/bin/vs-power" <<'X'
#!/bin/sh
case $1 in
--long-options) printf '%s\t%s\t%s\t%s\n' \
	-c --cpus CPUS 'how many [CPUs]: at most' \
	-i --ignition FILE 'a file' \
	-k '' '' 'a letter alone' \
	'' --mode 'thin|thick' 'one of two' \
	'' --trace '[FILE]' 'with a file or without' ;;
--help) printf '%s\n' 'vs-power - x' '' 'usage: vs-power [options] on|off|then-off [VM...]' ;;
esac
X
cat >"$T/bin/rke2-token" <<'X'
#!/bin/sh
case $1 in
--long-options) printf '%s\t%s\t%s\t%s\n' '' --from 'agent|server|NAME=VALUE' 'which' ;;
--help) printf '%s\n' 'usage: rke2-token [options] [USER@]HOST' ;;
esac
X
chmod +x "$T/bin/vs-power" "$T/bin/rke2-token"
PATH=$T/bin:/usr/bin:/bin
cd "$T/work" || exit 1
touch config.ign other.txt

# offers SHELL NAME WANT WORDS...: what is offered for the last word, sorted,
# on one line; $load says what is loaded
offers() {
	shell=$1 name=$2 want=$3
	shift 3
	got=$("ask_$shell" "$@" 2>"$T/err" | sort | tr '\n' ' ')
	is "${got% }" "$want" "$shell: $name" || diag "$(cat "$T/err")"
}

# --- bash: the words as readline splits them

ask_bash() {
	bash --norc --noprofile -c '
		. "$1" || exit
		shift
		set -f
		spec=$(complete -p "${1##*/}") || exit
		case $spec in *" -F _vsutils "*) ;; *) exit ;; esac
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_vsutils "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
		[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' bash "$load" "$@"
}
# --- fish: a line

ask_fish() {
	_words="$*"
	fish --no-config -c '
		for f in $argv[2..-1]; source $f; end
		complete -C $argv[1]' "$_words" "$T/fish/vs-power.fish" \
		"$T/fish/rke2-token.fish" "$T/fish/vs.fish" | sed 's/	.*//'
}

for t in vs vs-power rke2-token; do
	mkdir -p "$T/bash" "$T/zsh" "$T/fish"
	cp "$top/completions/vsutils.bash" "$T/bash/$t"
	sed "s/@TOOL@/$t/g" "$top/completions/vsutils.zsh" >"$T/zsh/_$t"
	sed "s/@TOOL@/$t/g" "$top/completions/vsutils.fish" >"$T/fish/$t.fish"
done

all='--cpus --ignition --mode --trace -k'
for load in "$T/bash/vs-power" "$top/completions/vsutils.bash"; do
	offers bash 'options' "$all" vs-power -
	offers bash '... that begin so' '--cpus' vs-power --c
	offers bash '... by its path' '--cpus' "$T/bin/vs-power" --c
	[ "$load" = "$T/bash/vs-power" ] || offers bash '... all tools at once' '--from' rke2-token --
	offers bash 'a word of an argument' 'thick thin' vs-power --mode ''
	offers bash '... behind a =' 'thick thin' vs-power --mode =
	offers bash '... begun' 'thick' vs-power --mode = thic
	offers bash 'files' 'config.ign' vs-power --ignition c
	offers bash '... by the letter' 'config.ign other.txt' vs-power -i ''
	offers bash '... behind a =' 'config.ign' vs-power --trace = c
	offers bash 'no files for a number' '' vs-power --cpus ''
	offers bash 'an argument that may be left out is not the next word' 'on' vs-power --trace on
	offers bash 'the words an operand may be' 'off on then-off' vs-power ''
	offers bash '... once' '' vs-power off ''
	offers bash '... behind options' 'off on then-off' vs-power -k ''
done
run env -i PATH="$PATH" bash --norc --noprofile -c '. "$1"; complete -p' bash "$top/completions/vsutils.bash"
like "$out" ' vs-power$' "bash: all the tools that are there"
unlike "$out" ' (power|ls)$' "bash: ... and no command of somebody else's"

load=$T/bash/vs
offers bash 'commands of vs' 'help power rke2-token' vs ''
offers bash '... begun' 'power' vs po
offers bash '... help' 'power rke2-token' vs help ''
offers bash '... options of a command' "--mode" vs power --m
offers bash '... operands of a command' 'off' vs power of
offers bash '... a command of another name' 'agent' vs rke2-token --from a
offers bash '... and no word that stands for any' 'agent server' vs rke2-token --from ''
offers bash '... by the path of vs' '--mode' "$T/bin/vs" power --m

run bash -n "$top/completions/vsutils.bash"
status_is 0 "bash: the syntax"

# --- fish

if command -v fish >/dev/null; then
	XDG_CONFIG_HOME=$T/fishrc XDG_DATA_HOME=$T/fishdata
	export XDG_CONFIG_HOME XDG_DATA_HOME
	offers fish 'options' "--cpus --ignition --mode --trace" vs-power --
	offers fish '... that begin so' '--cpus' vs-power --cp
	offers fish 'a word of an argument' 'thick thin' vs-power --mode ''
	offers fish '... behind a =' '--mode=thick --mode=thin' vs-power --mode=
	offers fish 'files' 'config.ign' vs-power --ignition c
	offers fish 'no files for a number' '' vs-power --cpus ''
	offers fish 'the words an operand may be' 'off on' vs-power o
	offers fish '... once' '' vs-power off 'then'
	offers fish 'another tool' '--from' rke2-token --f
	offers fish 'commands of vs' 'power' vs po
	offers fish '... help' 'power' vs help po
	offers fish '... options of a command' '--mode' vs power --m
	offers fish '... a command of another name' 'agent' vs rke2-token --from a
	offers fish '... and no word that stands for any' 'agent server' rke2-token --from ''
else
	skip 'no fish' 'fish'
fi

# --- zsh: a terminal of its own, as its completion works only in one

ask_zsh() {
	_words="$*"
	timeout 20 zsh -f "$T/capture.zsh" "$T/zsh" "$T/inner.zsh" "$_words"
}
cat >"$T/inner.zsh" <<'X'
PS1='' PS2=''
unset zle_bracketed_paste
autoload -Uz compinit && compinit -D -u
# what is offered is printed, and nothing is put on the line
compadd() {
	local -a hits
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	(( $#hits )) && print -rl -- "HIT "${^hits}
	return $(( $#hits == 0 ))
}
bindkey '^I' complete-word
finished() { print FINISHED; zle -U exit$'\n' }
zle -N finished
bindkey '^X' finished
print READY
X
cat >"$T/capture.zsh" <<'X'
zmodload zsh/zpty || exit
zpty z "zsh -f -i"
zpty -w z "stty -echo; fpath=(${(q)1} \$fpath); . ${(q)2}"
until zpty -r z line '*READY'$'\r' ; do :; done
zpty -w -n z "$3"$'\t\C-X'
zpty -r z line '*FINISHED'
print -r -- $line | tr -d '\r' | sed -n 's/.*HIT //p'
zpty -d z
X
if command -v zsh >/dev/null; then
	offers zsh 'options' "--cpus --ignition --mode --trace -c -i -k" vs-power -
	offers zsh 'a word of an argument' 'thick thin' vs-power --mode ''
	offers zsh '... behind a =' 'thick thin' vs-power --mode=
	offers zsh 'files' 'config.ign' vs-power --ignition c
	offers zsh 'no files for a number' '' vs-power --cpus ''
	offers zsh 'the words an operand may be' 'off on then-off' vs-power ''
	offers zsh 'commands of vs' 'help power rke2-token' vs ''
	offers zsh '... options of a command' '--mode' vs power --m
	offers zsh '... operands of a command' 'off on then-off' vs power ''
	offers zsh '... a command of another name' 'agent' vs rke2-token --from a
	offers zsh '... and no word that stands for any' 'agent server' vs rke2-token --from ''
else
	skip 'no zsh' 'zsh'
fi

done_testing
