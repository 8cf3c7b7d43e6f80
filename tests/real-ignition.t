#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC1091,SC2154 # lib.sh and its variables
# The worker's Ignition on a scratch root: applied by the real Ignition, its
# units looked at by systemd, their own scripts run.
. "${0%/*}/lib.sh"
. "$top/tests/lib-root.sh"
need ssh-keygen tar sha256sum curl
root_make

# --- an RKE2 release, and a mirror of it

version=v1.33.4+rke2r1
mkdir -p "$T/rke2/bin" "$T/mirror/$version" "$T/mirror/channels"
cat >"$T/rke2/bin/rke2" <<'X'
#!/bin/sh
echo "rke2 of the test: $*"
X
chmod 755 "$T/rke2/bin/rke2"
tar -czf "$T/mirror/$version/rke2.linux-amd64.tar.gz" -C "$T/rke2" bin
(cd "$T/mirror/$version" && sha256sum rke2.linux-amd64.tar.gz >sha256sum-amd64.txt)
echo "$version" >"$T/mirror/channels/v1.33"
spawn perl "$top/tests/serve" "$T/mirror" >"$T/url" 2>"$T/requests"
wait_for 10 [ -s "$T/url" ]
url=$(cat "$T/url")

# --- parameters

secret=S3CRETpassword
printf 'K10%064d::node:%s\n' 7 $secret >"$T/token"
ssh-keygen -q -t ed25519 -N '' -C me -f "$T/key"
worker() {
	run ign-gen -s https://cp.example:9345 -t "$T/token" -a "$T/key.pub" \
		--label node.kubernetes.io/pool=workers --taint dedicated=batch:NoSchedule \
		--rke2-url "$url" -o "$T/w.ign" "$@"
	status_is 0 "ign-gen $*"
}

mode() { stat -c '%a %u %g' "$R$1"; }

# vmtoolsd ANSWER: what there is to hear in the VM; WHERE it lies below $R
vmtoolsd() {
	mkdir -p "$R${1%/*}"
	cat >"$R$1" <<-X
	#!/bin/sh
	[ "\$1 \$2" = '--cmd info-get guestinfo.hostname' ] || exit 2
	$2
	X
	chmod 755 "$R$1"
}

# --- the newest of a minor, resolved on first boot

worker --rke2 v1.33
root_apply "$T/w.ign"
is "$_ignition" 0 'Ignition applies it'
is "$err" '' 'without a word of complaint'
for unit in vsutils-hostname rke2-install rke2-agent; do
	is "$(root_state $unit.service)" enabled "$unit is enabled"
done
is "$(root_state update-engine.service)" masked 'update-engine is masked'
is "$(root_state locksmithd.service)" masked 'locksmithd is masked'
is "$(mode /etc/rancher/rke2/config.yaml)" '600 0 0' 'the token is for root only'
is "$(mode /opt/vsutils/bin/rke2-install)" '755 0 0' 'the scripts can run'
is "$(cat "$R/home/core/.ssh/authorized_keys.d/ignition" 2>/dev/null || cat "$R/home/core/.ssh/authorized_keys")" \
	"$(cat "$T/key.pub")" 'core has the key'

want="server: \"https://cp.example:9345\"
token: \"$(cat "$T/token")\"
node-label:
  - \"node.kubernetes.io/pool=workers\"
node-taint:
  - \"dedicated=batch:NoSchedule\""
is "$(cat "$R/etc/rancher/rke2/config.yaml")" "$want" 'config.yaml'
# rke2-docs, docs/reference/linux_agent_config.md
known=' server token token-file node-name with-node-id node-label node-taint node-ip
 node-external-ip kubelet-arg kube-proxy-arg profile private-registry data-dir debug '
keys=$(sed -n 's/^\([a-z+-]*\):.*/\1/p' "$R/etc/rancher/rke2/config.yaml")
for key in $keys; do
	case $known in
	*" $key "*) pass "an agent knows '$key'" ;;
	*) fail "an agent knows '$key'" ;;
	esac
done

# what the units start must be there when systemd looks
ln -sf /bin/true "$R/usr/sbin/modprobe"
mkdir -p "$R/opt/rke2/bin" && : >"$R/opt/rke2/bin/rke2" && chmod 755 "$R/opt/rke2/bin/rke2"
cp /bin/sh "$R/usr/bin/sh"
is "$(root_verify vsutils-hostname.service rke2-install.service rke2-agent.service)" '' \
	'systemd finds nothing wrong with the units'
rm -rf "$R/opt/rke2" "$R/usr/bin/sh" "$R/usr/sbin/modprobe"
for unit in vsutils-hostname rke2-install; do
	like "$(grep '^After=' "$R/etc/systemd/system/rke2-agent.service")" "$unit.service" \
		"rke2-agent waits for $unit"
	like "$(grep '^Wants=' "$R/etc/systemd/system/rke2-agent.service")" "$unit.service" \
		"and wants it"
done

# --- the name: from guestinfo, wherever vmtoolsd is

# setting the host name is seen in the scratch root's own namespace only
name_from() {
	rm -f "$R/etc/hostname"
	run root_run /bin/sh -c "hostname '$1'; /opt/vsutils/bin/set-hostname ${2:-1} 0; s=\$?
		/opt/vsutils/bin/node-ready 2>&1; echo \"ready: \$?, name: \$(uname -n)\"; exit \$s"
}
name_from localhost
status_is 1 'no vmtoolsd, no name: the unit fails'
like "$out" '^ready: 1, name: localhost$' 'and rke2-agent is held back'
like "$out" 'node-ready: no host name yet' 'which says why'
like "$err" 'no host name: set guestinfo.hostname' 'and the unit says what to do'
no_file() { [ ! -e "$R$1" ]; ok $? "no $1"; }
no_file /etc/hostname

for where in /oem/bin /usr/share/oem/bin /usr/local/bin /opt/bin; do
	vmtoolsd $where/vmtoolsd 'echo Flatcar-Worker-1'
	name_from localhost
	status_is 0 "vmtoolsd in $where"
	is "$(cat "$R/etc/hostname")" flatcar-worker-1 '/etc/hostname, in lower case'
	like "$out" 'name: flatcar-worker-1$' 'and the name of the machine'
	rm "$R$where/vmtoolsd"
done
is "$(mode /etc/hostname)" '644 0 0' '/etc/hostname is for everyone'

where=/oem/bin/vmtoolsd
vmtoolsd $where 'echo "No value found" >&2; exit 1'
name_from localhost
status_is 1 'the key is not set'
name_from dhcp-17
status_is 0 'not set, but DHCP gave a name'
like "$out" "no guestinfo.hostname: keeping 'dhcp-17'" 'which stays'
no_file /etc/hostname
name_from DHCP-17
status_is 0 'one in upper case will do as well'
vmtoolsd $where 'echo "No value found"'
name_from localhost
status_is 1 'an invalid answer is not a name'
for bad in 'a b' '-a' 'a_b' 'localhost' 'a..b' 'a.'; do
	vmtoolsd $where "echo '$bad'"
	name_from dhcp-17
	status_is 1 "'$bad' is no name, and is not passed over"
	like "$out" "is '$bad', which is not a host name" 'but named'
done
# shellcheck disable=SC2016 # for the vmtoolsd
vmtoolsd $where 'n=$(cat /tmp/n 2>/dev/null); echo x$n >/tmp/n; [ "$n" = x ] && echo late-1; exit 0'
name_from localhost 3
status_is 0 'a name that comes late is waited for'
like "$out" 'name: late-1$' 'and taken'

# --- RKE2: fetched, checked, unpacked

install() { run root_run /opt/vsutils/bin/rke2-install; }
run root_run /bin/sh -c 'hostname w1; /opt/vsutils/bin/node-ready'
status_is 1 'before RKE2 is there the agent is held back'
like "$err" 'RKE2 is not installed yet' 'which says why'
root_start rke2-install.service
ok $? 'the unit installs RKE2'
is "$(root_run /opt/rke2/bin/rke2 agent)" 'rke2 of the test: agent' '/opt/rke2/bin/rke2 runs'
no_file /opt/rke2.tmp
like "$(cat "$T/requests")" '^GET /channels/v1.33 200$' 'it requested the newest release of that minor version'
like "$(cat "$T/requests")" '^GET /v1.33.4%2Brke2r1/sha256sum-amd64.txt 200$' 'it fetched the sums, + as %2B'
run root_run /bin/sh -c 'hostname w1; /opt/vsutils/bin/node-ready'
status_is 0 'now the agent may start'

# the channel server redirects to the release instead
rm -rf "$R/opt/rke2"
rm "$T/mirror/channels/v1.33"
mkdir -p "$T/mirror/tag"
echo page >"$T/mirror/tag/$version"
echo "$url/tag/v1.33.4%2Brke2r1" >"$T/mirror/channels/v1.33.location"
install
status_is 0 'a channel that redirects'
[ -x "$R/opt/rke2/bin/rke2" ]; ok $? 'leads to the same release'

for wrong in v1.34.1+rke2r1 'v1.33.4+rke2r1;reboot' '<html>' v1.33; do
	rm -rf "$R/opt/rke2" "$T/mirror/channels/v1.33.location"
	echo "$wrong" >"$T/mirror/channels/v1.33"
	install
	status_is 1 "a channel that says '$wrong'"
	like "$err" 'names no release of v1.33' 'is not believed'
	no_file /opt/rke2
done
echo "$version" >"$T/mirror/channels/v1.33"
printf '%064d  rke2.linux-amd64.tar.gz\n' 0 >"$T/mirror/$version/sha256sum-amd64.txt"
install
status_is 1 'a tarball with another checksum'
like "$err" 'does not match its SHA-256: nothing was installed' 'says so'
no_file /opt/rke2
echo 'nothing of use' >"$T/mirror/$version/sha256sum-amd64.txt"
install
status_is 1 'sums without the tarball'
like "$err" 'has no checksum for rke2.linux-amd64.tar.gz' 'are said'
no_file /opt/rke2
rm "$T/mirror/$version/sha256sum-amd64.txt"
install
isnt "$status" 0 'no sums at all: nothing is installed'
no_file /opt/rke2

# --- one release, fetched and checked by Ignition

sum=$(sha256sum "$T/mirror/$version/rke2.linux-amd64.tar.gz" | cut -c 1-64)
rm -rf "$_root"
root_make
worker --rke2 $version --rke2-sha256 "$sum" --updates kured --group stable
root_apply "$T/w.ign"
is "$_ignition" 0 'Ignition applies it'
[ -f "$R/opt/rke2-$version.tar.gz" ]; ok $? 'and has fetched the release'
is "$(cat "$R/etc/flatcar/update.conf")" 'GROUP=stable
REBOOT_STRATEGY=off' 'update.conf for kured'
isnt "$(root_state update-engine.service)" masked 'update-engine is not masked'
: >"$T/requests"
install
status_is 0 'RKE2 is installed from it'
is "$(cat "$T/requests")" '' 'without asking anybody'
is "$(root_run /opt/rke2/bin/rke2 agent)" 'rke2 of the test: agent' '/opt/rke2/bin/rke2 runs'
rm -rf "$R/opt/rke2"
echo more >>"$R/opt/rke2-$version.tar.gz"
install
status_is 1 'a damaged file is not unpacked'
no_file /opt/rke2

rm -rf "$_root"
root_make
worker --rke2 $version --rke2-sha256 "$(printf %064d 0)"
root_apply "$T/w.ign"
is "$_ignition" 1 'Ignition refuses a release of another sum'
done_testing
