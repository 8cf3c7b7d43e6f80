# SPDX-License-Identifier: Apache-2.0
# lib-root.sh - a scratch root that the real Ignition configures, as on a first
# boot, and in which the units' own commands can be run.
#
# After lib.sh: . "$top/tests/lib-root.sh".  Ignition changes owners, so this
# needs root.  Commands in the scratch root see the machine's programs and loopback
# network, but have their own mounts and host name, and cannot write below /proc/sys.
# shellcheck shell=sh disable=SC2154,SC2034 # variables pass between this, lib.sh and the tests

# root_make: creates $R, as empty as Flatcar's root before Ignition; its /usr has
# update-engine, locksmithd and the units that worker configs name.
root_make() {
	[ "$(id -u)" = 0 ] || skip_all 'Ignition changes owners: this needs root'
	need systemctl systemd-analyze unshare chroot
	oracle ignition
	unshare --uts true 2>/dev/null || skip_all 'no namespaces here'
	# Not in $T: Ignition writes as the user core, who cannot enter it.
	_root=$(mktemp -d "${TMPDIR:-/tmp}/vsutils-root.XXXXXX") || skip_all 'no temporary folder'
	at_exit "rm -rf '$_root'"
	chmod 755 "$_root"
	R=$_root/root
	_units=$R/usr/lib/systemd/system
	mkdir -p "$R/etc/systemd/system" "$R/home/core" "$R/opt" "$R/root" "$R/run" "$R/tmp" \
		"$R/proc" "$R/dev" "$R/sys" "$R/var/lib" "$R/usr/bin" "$R/usr/sbin" "$R/usr/lib64" \
		"$R/usr/libexec" "$R/usr/local/bin" "$R/usr/share/oem/bin" "$_units"
	for _d in bin sbin lib lib64; do ln -s usr/$_d "$R/$_d"; done
	chmod 1777 "$R/tmp"
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'core:x:500:500:Flatcar Admin:/home/core:/bin/sh' \
		>"$R/etc/passwd"
	printf '%s\n' 'root:x:0:' 'core:x:500:' 'docker:x:233:' 'sudo:x:150:' >"$R/etc/group"
	printf '%s\n' 'root:*:15887:0:::::' 'core:*:15887:0:::::' >"$R/etc/shadow"
	printf '%s\n' 'root:*::' 'core:!::' 'docker:!::' 'sudo:!::' >"$R/etc/gshadow"
	chown -R 500:500 "$R/home/core"
	printf 'ID=flatcar\nVERSION_ID=4593.2.5\n' >"$R/usr/lib/os-release"
	ln -s ../usr/lib/os-release "$R/etc/os-release"
	for _u in /usr/lib/systemd/system/*.*; do
		[ ! -f "$_u" ] || [ -L "$_u" ] || cp "$_u" "$_units"
	done
	mkdir "$R/usr/lib/systemd/system-preset"
	echo 'disable *' >"$R/usr/lib/systemd/system-preset/99-default.preset"
	for _u in update-engine locksmithd ensure-sysext vmtoolsd coreos-metadata sshkeys; do
		printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/bin/true\n' $_u >"$_units/$_u.service"
	done
	mkdir "$_units/multi-user.target.wants" 2>/dev/null
	ln -s ../update-engine.service ../locksmithd.service "$_units/multi-user.target.wants"
}

# root_apply FILE: runs Ignition's stages fetch and files; $err has its messages
root_apply() {
	rm -rf "$T/ignition"
	mkdir "$T/ignition"
	_ignition=0
	: >"$T/ignition/log"
	for _stage in fetch files; do
		env IGNITION_CONFIG_FILE="$1" timeout 120 "$top/build/oracles/ignition" -platform file -stage $_stage \
			-root "$R" -config-cache "$T/ignition/cache" -state-file "$T/ignition/state" \
			-neednet "$T/ignition/neednet" -log-to-stdout >>"$T/ignition/log" 2>&1 ||
			{ _ignition=1; break; }
	done
	err=$(grep -iE 'crit|error|fail|warn' "$T/ignition/log")
	# systemd does this on the first boot, from the presets that Ignition wrote.
	[ $_ignition = 0 ] && systemctl --root="$R" preset-all >>"$T/ignition/log" 2>&1
}

# root_state UNIT: enabled, masked, static ...
root_state() { systemctl --root="$R" is-enabled "$1" 2>/dev/null; }

# root_verify UNIT...: prints what systemd finds wrong with these units
root_verify() {
	for _u; do
		systemd-analyze verify --root="$R" --man=no "/etc/systemd/system/$_u" 2>&1 |
			grep -F "$_u"
	done
}

# A new mount namespace needs a root that is a mount point.  In a chroot it is not; then
# the mounts are visible outside, and are unmounted afterwards.
root_namespaces() {
	if unshare --mount --propagation private true 2>/dev/null; then
		echo --mount --uts --propagation private
	else
		echo --uts
	fi
}

root_unmount() {
	awk -v r="$R/" 'index($2, r) == 1 { print $2 }' /proc/mounts | sort -r |
		while read -r _m; do umount -l "$_m"; done
}

# root_run COMMAND...: runs it in the root, with this machine's programs and, like a
# service, systemd's default PATH
root_run() {
	# shellcheck disable=SC2016,SC2046 # for the shell in there; words
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin R="$R" \
		timeout -k 5 120 unshare $(root_namespaces) /bin/sh -c '
		for d in bin sbin lib lib64 libexec; do
			[ ! -d /usr/$d ] || mount --bind -o ro /usr/$d "$R/usr/$d" || exit 125
		done
		mount --bind /proc "$R/proc" && mount --bind /proc/sys "$R/proc/sys" &&
		mount -o remount,bind,ro "$R/proc/sys" && mount --rbind /dev "$R/dev" || exit 125
		exec chroot "$R" "$@"' sh "$@"
	_ran=$?
	root_unmount
	return $_ran
}

# root_start UNIT: runs its Environment, ExecStartPre and ExecStart as systemd
# would, for units whose lines a shell can read
root_start() {
	cat "$R/etc/systemd/system/$1" "$R/etc/systemd/system/$1.d"/*.conf 2>/dev/null | sed -e :a -e '/\\$/N; s/\\\n//; ta' |
		sed -nE 's/^(Environment|ExecCondition|ExecStartPre|ExecStart)=/\1 /p' >"$T/ignition/lines"
	[ -s "$T/ignition/lines" ] || return 1
	_env=
	while read -r _key _line; do
		_line=$(printf '%s\n' "$_line" | sed 's/%%/%/g; s/\$\$/$/g')
		case $_key,$_line in
		Environment,*) _env="$_env $_line"; continue ;;
		*,-*) _must=; _line=${_line#-} ;;
		*) _must=1 ;;
		esac
		root_run /bin/sh -c "${_env:+export $_env; }${_line#[@:+!]}" || [ -z "$_must" ] || return 1
	done <"$T/ignition/lines"
}
