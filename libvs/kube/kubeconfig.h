/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig.h - which cluster, and with which credentials.  Floor 3.
 *
 * Found, merged and read as kubectl does (client-go, tools/clientcmd): the given
 * file, or the files of KUBECONFIG, or ~/.kube/config, or else the service account
 * of the pod that this runs in. */
#ifndef VS_KUBE_KUBECONFIG_H
#define VS_KUBE_KUBECONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/list.h"
#include "kube/kubeconfig_file.h"

/* A program that prints credentials (client.authentication.k8s.io). */
struct vs_kexec {
	char *api_version;
	char *command;		     /* a path, or a name to look up in PATH */
	struct vs_strings args, env; /* secret; env: "NAME=VALUE" */
	char *install_hint;	     /* shown if there is no such program; or NULL */
	enum { VS_KEXEC_MAYBE, VS_KEXEC_NEVER, VS_KEXEC_ALWAYS } interactive;
	bool cluster_info;
};

/* Owns all it points to; members that are not set are NULL. */
struct vs_kubeconf {
	char *from; /* "context 'x' of FILE", for messages */
	/* the cluster */
	char *server;	   /* "https://host:port[/path]", no slash at the end */
	char *ca;	   /* PEM */
	char *server_name; /* to verify instead of the host */
	char *proxy;	   /* URL: http, https, socks5 */
	bool insecure;
	/* the user */
	char *cert, *key;	  /* PEM */
	char *token, *token_file; /* the file takes precedence, and is read each time */
	char *username, *password;
	char *headers; /* Impersonate-*: "Name: value\n" lines */
	struct vs_kexec *exec;
	int64_t exec_ms; /* the caller's limit for its run; 0: none */
};

struct vs_kubeask {
	const char *file;    /* --kubeconfig, or NULL; must exist then */
	const char *context; /* --context; NULL: the current one */
	const char *account; /* folder of the pod's service account; NULL: where
			      * Kubernetes mounts it */
};

/* Reads all but the token file; *c is freed with vs_kubeconf_free.  -1, *c is empty:
 * VS_ERR_USAGE: invalid or contradictory; VS_ERR_NOT_FOUND: no file, or no such
 * context.  Messages name the file, and the line where there is one. */
int vs_kubeconf_load(const struct vs_kubeask *ask, struct vs_kubeconf *c, struct vs_err *err);
void vs_kubeconf_free(struct vs_kubeconf *c); /* *c is { 0 } after */

/* Its two halves: an entry of "clusters", and one of "users", added to *c.
 * VS_ERR_USAGE. */
int vs_kubeconf_cluster(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err);
int vs_kubeconf_user(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err);

#endif
