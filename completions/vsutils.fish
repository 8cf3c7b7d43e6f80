# SPDX-License-Identifier: Apache-2.0
# Fish completion for @TOOL@ of vsutils: the tool lists its own options.

# Defined once, when the file of the first tool is loaded.
if not functions -q __vsutils_complete
    # __vsutils_complete TOOL [COMPLETE-OPTION...]
    function __vsutils_complete
        set -l tool $argv[1]
        set -l to $argv[2..-1]
        $tool --long-options 2>/dev/null | while read -l -d \t short long arg help
            set -l spec
            test -n "$short"; and set -a spec -s (string sub -s 2 -- $short)
            test -n "$long"; and set -a spec -l (string sub -s 3 -- $long)
            switch $arg
                case '' '[*'
                case '*|*'
                    set -a spec -x -a (string split '|' -- $arg | string match -v -r '[A-Z]' | string join ' ')
                case '*FILE*' '*KEY' '*DIR*' '*IGN*' '*.bu'
                    set -a spec -r -F
                case '*'
                    set -a spec -x
            end
            complete $to $spec -d "$help"
        end
        set -l verbs ($tool --help 2>/dev/null | string match -r '^usage: \S+ \[options\] ([a-z][a-z-]*(?:\|[a-z-]+)+)')
        if set -q verbs[2]
            set verbs (string split '|' -- $verbs[2])
            complete $to -n "not __fish_seen_subcommand_from $verbs" -f -a "$verbs"
        end
    end
end

__vsutils_complete @TOOL@ -c @TOOL@

if test @TOOL@ = vs
    set -l commands (vs --list 2>/dev/null | string replace -r ' .*' '')
    set -l described "(vs --list 2>/dev/null | string replace -r ' +' \\t)"
    complete -c vs -n "not __fish_seen_subcommand_from help $commands" -f -a "help $described"
    complete -c vs -n '__fish_seen_subcommand_from help' -f -a "$described"
    for command in $commands
        set -l tool $command
        type -q vs-$command; and set tool vs-$command
        complete -c vs -n "__fish_seen_subcommand_from $command; and not __fish_seen_subcommand_from help" -w $tool
    end
end
