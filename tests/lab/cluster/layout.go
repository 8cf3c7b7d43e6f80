// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The version that the control plane reports.
const rke2Version = "v1.33.4+rke2r1"

// layOut writes dir/cp: the part of a control plane's disk that is visible over
// ssh.
func (c *Cluster) layOut() error {
	server := filepath.Join(c.dataDir(), "server")
	if err := os.MkdirAll(filepath.Join(server, "tls"), 0o700); err != nil {
		return err
	}
	for _, f := range []struct {
		path, text string
		mode       os.FileMode
	}{
		{"token", c.super.serverToken() + "\n", 0o600},
		{"agent-token", c.super.agentToken() + "\n", 0o600},
		{"tls/server-ca.crt", string(c.servers.pem), 0o644},
		{"tls/client-ca.crt", string(c.clients.pem), 0o644},
	} {
		if err := os.WriteFile(filepath.Join(server, f.path), []byte(f.text), f.mode); err != nil {
			return err
		}
	}
	// The historical name, which most instructions use.
	if err := os.Symlink("token", filepath.Join(server, "node-token")); err != nil {
		return err
	}
	bin := filepath.Join(c.dir, "cp", "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	program := fmt.Sprintf(rke2Script, rke2Version, quote(c.controlURL), quote(self))
	if err := os.WriteFile(filepath.Join(bin, "rke2"), []byte(program), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bin, "sudo"), []byte(sudoScript), 0o755)
}

// dataDir is the control plane's --data-dir.
func (c *Cluster) dataDir() string {
	return filepath.Join(c.dir, "cp", "var", "lib", "rancher", "rke2")
}

// quote quotes s as one word for sh.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// rke2Script stands in for the rke2 program of the control plane: its version,
// and new bootstrap tokens, which the running lab creates.
const rke2Script = `#!/bin/sh
# What the lab has of rke2: --version, and token create.
usage() {
	echo "Incorrect Usage: $1" >&2
	exit 1
}
[ $# -gt 0 ] || usage 'no command'
if [ "$1" = --version ] || [ "$1" = -v ]; then
	echo 'rke2 version %s (0f1c33cd6a3cc3b01f19b1e2b4e0b7e9d2a3a2d7)'
	echo 'go version go1.24.5 X:boringcrypto'
	exit 0
fi
[ "$1" = token ] && [ "$2" = create ] || usage "unknown command '$*'"
shift 2
ttl=24h
while [ $# -gt 0 ]; do
	case $1 in
	--ttl=* | -ttl=*) ttl=${1#*=} ;;
	--ttl | -ttl) ttl=$2; shift ;;
	--data-dir | -d | --description | --usages | --groups | --kubeconfig) shift ;;
	--data-dir=* | -d=* | --description=* | --usages=* | --groups=* | --kubeconfig=*) ;;
	*) usage "flag provided but not defined: $1" ;;
	esac
	shift
done
LAB_CTL=%s exec %s ctl bootstrap-token "$ttl"
`

// sudoScript runs its arguments: the ssh user is an administrator with
// passwordless sudo, and owns these files.
const sudoScript = `#!/bin/sh
while [ $# -gt 0 ]; do
	case $1 in
	-n | -E | -H | -S | --non-interactive) shift ;;
	-u) shift 2 ;;
	--) shift; break ;;
	*) break ;;
	esac
done
exec "$@"
`
