// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// wantsMetadata is true if the client asks for an object's metadata alone: an
// API server does not send the rest then.
func wantsMetadata(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "as=PartialObjectMetadata")
}

// secret answers for the Secrets of kube-system in which RKE2 keeps node
// passwords, NODE.node-password.rke2; there are no others.
func (k *kube) secret(w http.ResponseWriter, r *http.Request, name string) {
	node, ok := strings.CutSuffix(name, ".node-password.rke2")
	password, there := k.super.password(node)
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodDelete:
		sendStatus(w, http.StatusMethodNotAllowed, "MethodNotAllowed",
			"the server does not allow this method on the requested resource")
		return
	case !ok || !there:
		sendStatus(w, http.StatusNotFound, "NotFound", "secrets \""+name+"\" not found")
		return
	case r.Method == http.MethodDelete:
		k.super.forget(node)
		sendJSON(w, http.StatusOK, statusObject(http.StatusOK, "", ""))
		return
	}
	head := object{"name": name, "namespace": "kube-system",
		"creationTimestamp": password.made.UTC().Format(time.RFC3339)}
	if wantsMetadata(r) {
		sendJSON(w, http.StatusOK, object{"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": head})
		return
	}
	sendJSON(w, http.StatusOK, object{"kind": "Secret", "apiVersion": "v1", "metadata": head, "type": "Opaque",
		"immutable": true, "data": object{"hash": base64.StdEncoding.EncodeToString(password.hash[:])}})
}
