#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a kubeconfig, an exec plugin and an API server can do to node-wait: nothing but
# make it fail, with a message and a status.
# shellcheck disable=SC1091,SC2154,SC2031,SC2030 # lib.sh and its variables
. "${0%/*}/lib.sh"
need openssl
cd "$T" || exit 1

# config CLUSTER USER: writes the file conf, in flow style
config() {
	cat >conf <<-END
	current-context: c
	contexts: [{name: c, context: {cluster: k, user: u}}]
	clusters: [{name: k, cluster: {$1}}]
	users: [{name: u, user: {$2}}]
	END
}

# --- client certificates and keys

# pair NAME: NAME.crt and NAME.key, signed by itself
pair() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-keyout "$1.key" -out "$1.crt" -subj "/CN=$1" ${2:+-addext "subjectAltName=$2"} 2>/dev/null
}
pair me
pair other
openssl pkey -in me.key -aes128 -passout pass:S3CRET -out pkcs8.key
openssl ec -in me.key -aes128 -passout pass:S3CRET -out dek.key 2>/dev/null
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' pkcs8.key && grep -q '^DEK-Info: AES' dek.key
ok $? 'two kinds of encrypted keys'
head -c 100 me.key >half.key
{ echo '-----BEGIN CERTIFICATE-----'; sed 1d dek.key; } >crypt.crt

server='server: "https://127.0.0.1:1"'
# key CERTIFICATE KEY TEXT: refused with that text
key() {
	config "$server" "client-certificate: $1, client-key: $2"
	run node-wait --kubeconfig conf w1
	status_is 2 "$1 with $2: 2"
	err_like "^node-wait: context 'c' of conf: $3" '... and why'
}
key me.crt pkcs8.key 'the client key is encrypted: use a key without a passphrase'
key me.crt dek.key 'the client key is encrypted: use a key without a passphrase'
key me.crt half.key 'the client key is not a PEM private key'
key me.crt other.crt 'the client key is not a PEM private key'
key me.crt other.key 'the client key does not belong to the client certificate'
key me.key me.key 'the client certificate is not a PEM certificate'
key crypt.crt me.key 'the client certificate is not a PEM certificate'
# on a terminal, OpenSSL would ask for a passphrase
config "$server" 'client-certificate: crypt.crt, client-key: dek.key'
run timeout 20 script -qec 'node-wait --kubeconfig conf w1' /dev/null
status_is 2 'on a terminal: 2'
unlike "$out" '[Pp]ass ?phrase:' '... without a question'
config "$server" "client-certificate-data: $(base64 -w0 me.crt), client-key-data: $(base64 -w0 dek.key)"
run node-wait --kubeconfig conf w1
status_is 2 'an encrypted key in the kubeconfig itself: 2'
config "$server, certificate-authority: crypt.crt" ''
run node-wait --kubeconfig conf w1
status_is 2 'a CA that is encrypted: 2'
err_like 'the CA certificate is not a PEM certificate$' '... and why'
config "$server" 'client-certificate: me.crt, client-key: me.key'
run node-wait --kubeconfig conf w1
status_is 5 'a pair that fits is used'

done_testing
