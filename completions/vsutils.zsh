#compdef @TOOL@
# SPDX-License-Identifier: Apache-2.0
# Zsh completion for @TOOL@ of vsutils: the tool lists its own options.

# _vsutils_action ARGUMENT: set reply to the action that completes it
_vsutils_action() {
	case $1 in
	*'|'*) reply="(${(@)${(@s:|:)1}:#*[[:upper:]]*})" ;;	# without names in capitals
	*FILE*|*KEY|*DIR*|*IGN*|*.bu) reply=_files ;;
	*) reply=' ' ;;
	esac
}

# _vsutils_tool COMMAND-LINE-WORD...: options and operands of the tool
_vsutils_tool() {
	local line short long arg help reply name verbs
	local -a f specs

	for line in "${(@f)$(_call_program options ${(q)1} --long-options 2>/dev/null)}"; do
		f=("${(@ps:\t:)line}")
		short=$f[1] long=$f[2] arg=$f[3] help=${${f[4]//\[/(}//\]/)}
		[[ -n $short$long ]] || continue
		_vsutils_action ${${arg#\[}%\]}
		for name in $short $long; do
			# "-c 4" and "-c4", "--cpus 4" and "--cpus=4"
			[[ $name == --* ]] && name+== || name+=+
			case $arg in
			'') specs+=("*${name%?}"'['$help']') ;;
			\[*) # only after "="
				if [[ $name == --* ]]; then
					specs+=("*$name-"'['$help']'"::${${arg#\[}%\]}:$reply")
				else
					specs+=("*${name%+}"'['$help']')
				fi ;;
			*) specs+=("*$name"'['$help']'":${arg//:/ }:$reply") ;;
			esac
		done
	done
	verbs=$(_call_program verbs ${(q)1} --help 2>/dev/null |
		sed -n 's/^usage: [^ ]* \[options\] \([a-z][a-z-]*|[a-z|-]*\).*/\1/p')
	[[ -z $verbs ]] || specs+=("1:operand:(${verbs//|/ })")
	_arguments -s -S : $specs '*:operand:_files'
}

_vsutils() {
	local tool=$words[1]

	if [[ ${tool:t} != vs || $words[2] == -* ]]; then
		_vsutils_tool $tool
		return
	fi
	if (( CURRENT == 2 )) || [[ $words[2] == help ]]; then
		local -a commands
		commands=("${(@f)$(_call_program commands ${(q)tool} --list 2>/dev/null | sed 's/  */:/')}")
		(( CURRENT > 2 )) || commands+=(help)
		_describe command commands
		return
	fi
	[[ $tool == */* ]] && tool=${tool:h}/ || tool=
	if whence -p ${tool}vs-$words[2] >/dev/null; then
		tool+=vs-$words[2]
	else
		tool+=$words[2]
	fi
	shift words
	(( CURRENT-- ))
	words[1]=$tool
	_vsutils_tool $tool
}

_vsutils "$@"
