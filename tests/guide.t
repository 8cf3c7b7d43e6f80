#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2034,SC2154 # lib.sh, its variables
# docs/guide.md and README.md: each block of commands is run, in order, against the
# lab, and where output is shown, it is what comes out.
. "${0%/*}/lib.sh"
plain_tools
. "${0%/*}/lib-vs.sh"
need bash jq ssh curl
oracle govc
govc=$oracle
oracle kubectl
kubectl=$oracle
ssh=$(command -v ssh)
curl=$(command -v curl)
RUN_TIMEOUT=180

# --- what is read

# blocks FILE: each fenced block as $T/blocks/NNN.KIND; NNN is its line
blocks() {
	rm -rf "$T/blocks"
	mkdir "$T/blocks"
	awk -v dir="$T/blocks" '
		/^```/ && !on { on = 1; to = sprintf("%s/%03d.%s", dir, NR, substr($0, 4)); printf "" >to; next }
		/^```/ { on = 0; close(to); next }
		on { print >to }
		END { exit on }' "$1"
}

# commands FILE: of a console block what follows a prompt
commands() {
	case $1 in
	*.console) sed -n 's/^[$] //p; s/^> //p' "$1" ;;
	*) cat "$1" ;;
	esac
}
# shown FILE: the rest of a console block
shown() { grep -v '^[$>] ' "$1"; }

# here: the names on the page become those of the lab
here() {
	sed -e "s|GOVC_URL=vc.example|GOVC_URL=$GOVC_URL|; s|GOVC_USERNAME=deploy|GOVC_USERNAME=$GOVC_USERNAME|" \
		-e "s|/run/secrets/vc|$T/password|; s|GOVC_CLUSTER=C0|GOVC_CLUSTER=DC0_C0|" \
		-e "s|https://rke2-cp.example:9345|$LAB_SERVER|g; s|[a-z]*@rke2-cp.example|rke2-cp|" \
		-e 's|-H host-1|-H DC0_C0_H0|'
}
# alike: what differs between runs, and the order of records, does not count; nor
# does the warning about the port of the lab's server
alike() {
	grep -vE "^$|not at ${LAB_SERVER##*:}$" |
		sed -E 's/vm-[0-9]+/vm-N/; s/[0-9a-f]{8}-[0-9a-f-]{27}/UUID/; s/ip=[0-9.]+/ip=IP/' | sort
}

# try FILE SHELL: run its blocks; a variable that one exports is set in the next
try() {
	rm -rf "$T/work"
	mkdir -p "$T/work/files"
	cd "$T/work" || exit 1
	printf 'variant: flatcar\nversion: 1.0.0\n' >machine.bu
	blocks "$1"
	ok $? "${1##*/}: each block ends"
	: >"$T/env"
	for b in "$T/blocks"/*; do
		at="${1##*/}:$(basename "$b" | sed 's/^0*//; s/[.].*//')"
		case $b in
		*.sh | *.console)
			commands "$b" | here >"$T/block"
			# shellcheck disable=SC2016 # for the inner shell
			run "$2" -ec '. "$1"; . "$2"
				export -p | grep -v " PWD=\| OLDPWD=\| SHLVL=" >"$1"' - "$T/env" "$T/block"
			# an error that is shown is what the block is about
			want=0
			! shown "$b" | grep -qE '^[a-z0-9-]+: ' || want=$status
			status_is "$want" "$at: $(commands "$b" | head -n 1)"
			[ "$b" = "${b%.console}" ] || [ -z "$(shown "$b")" ] || is "$(printf '%s\n' "$out" "$err" | alike)" "$(shown "$b" | alike)" "... prints the same"
			;;
		*.yaml)
			grep -q '^variant:' "$b" || continue
			run ign-gen --strict "$b"
			status_is 0 "$at: valid Butane"
			;;
		*.hcl) ;;
		*) fail "$at: unknown kind of block (known: sh, console, yaml, hcl)" ;;
		esac
	done
	cd "$T" || exit 1
}

# --- what stands in for the world

# world: a new lab, with the user's files where a page has them
world() {
	vs_lab
	cold
	cp "$LAB_AUTHORIZED_KEY" "$HOME/.ssh/id_ed25519.pub"
	cp "$KUBECONFIG" "$HOME/.kube/config"
	(umask 077 && printf '%s\n' "$GOVC_PASSWORD" >"$T/password")
	stand_in rke2-token <<-X
		exec "$BIN/rke2-token" --ssh "$ssh -F $LAB_SSH_CONFIG" --data-dir "$LAB_CP_DATA_DIR" "\$@"
	X
}
mkdir -p "$HOME/.ssh" "$HOME/.kube" "$T/bin"
PATH=$T/bin:$PATH

# stand_in NAME: a script of that name from stdin, before all others in PATH
stand_in() {
	{
		echo '#!/bin/sh'
		echo "echo $1 \"\$@\" >>'$T/foreign'"
		cat
	} >"$T/bin/$1"
	chmod +x "$T/bin/$1"
}
# Flatcar's release server; the real one asks the lab's servers
stand_in curl <<X
for a; do case \$a in
	-o) next=1 ;;
	https:*) url=\$a ;;
	*) [ -z "\$next" ] || to=\$a; next= ;;
esac; done
case \$url in
https://stable.release.flatcar-linux.net/*/current/version.txt) echo FLATCAR_VERSION=4593.2.5 ;;
https://stable.release.flatcar-linux.net/amd64-usr/4593.2.5/flatcar_production_vmware_ova.ova*) echo ova >"\$to" ;;
https://www.flatcar.org/security/image-signing-key/*) echo key ;;
https://127.*) exec "$curl" "\$@" ;;
*) echo "curl: \$url: not found" >&2; exit 22 ;;
esac
X
echo cat | stand_in gpg
stand_in gpgv <<X
[ "\$1" = --keyring ] && [ -s "\$2" ] && [ -s "\$3" ] && [ -s "\$4" ]
X
echo : | stand_in ssh
echo "exec '$kubectl' \"\$@\"" | stand_in kubectl
# The lab cannot import an OVA or pass a device through: only the options are checked.
stand_in govc <<X
export GOVC_VIM_VERSION=8.0.3.0
case \$1 in
device.pci.add) [ "\$2" = -vm ] && [ \$# = 4 ] ;;
import.ova)
	for a; do case \$a in
	-*) "$govc" import.ova -h | grep -q "^  \$a=" || { echo "govc: no \$a" >&2; exit 1; } ;;
	esac; done
	jq -e '.MarkAsTemplate and (.PowerOn | not)' <import.json >"$T/o"
	;;
*) exec "$govc" "\$@" ;;
esac
X
echo : | stand_in make

# --- the pages

world
try "$top/README.md" bash
is "$(vms /worker-) $(grep -c ^make "$T/foreign")" "3 2" "README: three workers stay"
lab_stop
: >"$T/foreign"

world
ctl make-vm /DC0/vm/ubuntu-2404 /DC0/vm/flatcar-template
ctl node-add gpu-worker-1
try "$top/docs/guide.md" sh
is "$("$kubectl" get nodes --no-headers | awk '/^worker-/ && $2 == "Ready"' | wc -l)" 4 "the guide: four workers are Ready"
is "$(for w in 1 2; do vm worker-$w extra.guestinfo.ignition.config.data; done)" "" "... the token is cleared where it says so"
is "$(vm gpu-worker-1 extra.guestinfo.userdata)" "" "... and in the GPU worker"
is "$(cut -d' ' -f1 "$T/foreign" | sort -u | tr '\n' ' ')" "curl govc gpg gpgv kubectl rke2-token ssh " "... all the stand-ins were used"

# --- and that these checks can fail

cat >"$T/x.md" <<'X'
```sh
export A=b
```
```console
$ echo "$A" |
>     sed s/b/c/
c
```
X
blocks "$T/x.md"
is "$(cd "$T/blocks" && echo *)" "001.sh 004.console" "blocks are read from a page"
# shellcheck disable=SC2016 # as it stands
is "$(commands "$T/blocks/004.console")" 'echo "$A" |
    sed s/b/c/' "... their commands"
is "$(shown "$T/blocks/004.console")" c "... and what they print"
try "$T/x.md" sh
(
	exec 2>"$T/o"
	# shellcheck disable=SC2016 # as it stands
	printf '```sh\nfalse\n```\n```console\n$ echo a\nb\n```\n```text\n```\n```sh\n' >"$T/x.md"
	try "$T/x.md" sh
) >"$T/tried"
is "$(grep -c '^not ok' "$T/tried")" 4 "a failing command, other output, an unknown kind and an open block are found"
done_testing
