# SPDX-License-Identifier: Apache-2.0
# Bash completion for all vsutils tools: the tools list their own options.
# shellcheck shell=bash

# _vsutils_argument TOOL OPTION: the name of its argument, "FILE"; "" without one
_vsutils_argument() {
	local line short long
	while IFS= read -r line; do
		short=${line%%$'\t'*} line=${line#*$'\t'}
		long=${line%%$'\t'*} line=${line#*$'\t'}
		[[ $2 == "$short" || $2 == "$long" ]] || continue
		printf '%s\n' "${line%%$'\t'*}"
		return
	done < <("$1" --long-options 2>/dev/null)
}

# _vsutils_options TOOL: the long options, or the short ones where there is no long one
_vsutils_options() {
	local line short long
	while IFS= read -r line; do
		short=${line%%$'\t'*} line=${line#*$'\t'}
		long=${line%%$'\t'*}
		printf '%s\n' "${long:-$short}"
	done < <("$1" --long-options 2>/dev/null)
}

# _vsutils_verbs TOOL: the words that its first operand may be, if there is a list
_vsutils_verbs() {
	local line
	while IFS= read -r line; do
		[[ $line =~ ^usage:\ [^\ ]+\ \[options\]\ ([a-z][a-z-]*(\|[a-z][a-z-]*)+) ]] || continue
		printf '%s\n' "${BASH_REMATCH[1]//|/ }"
		return
	done < <("$1" --help 2>/dev/null)
}

# _vsutils_words WORDS: complete the current word with one of these
_vsutils_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# _vsutils_value ARGUMENT: complete the current word as a value for it
_vsutils_value() {
	case $1 in
	*'|'*)	# a name in capitals is a placeholder
		mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -X '*[[:upper:]]*' -- "$cur")
		;;
	*FILE* | *KEY | *DIR* | *IGN* | *.bu)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	esac
	# offer nothing instead of the files that -o default would offer
	[[ ${#COMPREPLY[@]} -gt 0 ]] || compopt +o default 2>/dev/null
}

# _vsutils_commands VS: what it can run, one per line
_vsutils_commands() {
	"$1" --list 2>/dev/null | while read -r name _; do echo "$name"; done
}

# _vsutils_command: the tool that "vs WORD" runs, in $tool
_vsutils_command() {
	local dir=
	[[ $tool != */* ]] || dir=${tool%/*}/
	if type -P "${dir}vs-$1" >/dev/null; then
		tool=${dir}vs-$1
	else
		tool=$dir$1
	fi
}

_vsutils() {
	local tool=$1 cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} first=1 option='' argument verbs i
	COMPREPLY=()

	if [[ ${tool##*/} == vs && $command != -* ]]; then
		if [[ $COMP_CWORD == 1 ]]; then
			_vsutils_words "help $(_vsutils_commands "$tool")"
			return
		elif [[ $command == help ]]; then
			_vsutils_words "$(_vsutils_commands "$tool")"
			return
		fi
		_vsutils_command "$command"
		first=2
	fi

	# bash splits "--name=value" into three words
	if [[ $cur == = ]]; then
		cur='' option=$prev
	elif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ $option == --* ]]; then
		argument=$(_vsutils_argument "$tool" "$option")
		argument=${argument#[}
		_vsutils_value "${argument%]}"
		return
	fi
	if [[ $prev == -* && $COMP_CWORD -gt $first ]]; then
		argument=$(_vsutils_argument "$tool" "$prev")
		if [[ -n $argument && $argument != '['* ]]; then
			_vsutils_value "$argument"
			return
		fi
	fi
	if [[ $cur == -* ]]; then
		_vsutils_words "$(_vsutils_options "$tool")"
		return
	fi

	verbs=$(_vsutils_verbs "$tool")
	for ((i = first; i < COMP_CWORD; i++)); do
		[[ " $verbs " != *" ${COMP_WORDS[i]} "* ]] || verbs=
	done
	[[ -z $verbs ]] || _vsutils_words "$verbs"
}

# Installed under the name of each tool, or sourced for all of them.
_vsutils_register() {
	local name
	if [[ $1 != vsutils.bash ]]; then
		complete -o default -F _vsutils "$1"
		return
	fi
	complete -o default -F _vsutils vs
	while IFS= read -r name; do
		type -P "vs-$name" >/dev/null && name=vs-$name
		complete -o default -F _vsutils "$name"
	done < <(_vsutils_commands vs)
}
_vsutils_register "${BASH_SOURCE[0]##*/}"
unset -f _vsutils_register
