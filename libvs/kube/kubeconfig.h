/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig.h - which cluster, and who we are: kubeconfig.  Floor 3.
 *
 * Found, merged and read as kubectl does (client-go, tools/clientcmd): the
 * file given, else the files of KUBECONFIG, else ~/.kube/config, else the
 * service account of the pod this runs in. */
#ifndef VS_KUBE_KUBECONFIG_H
#define VS_KUBE_KUBECONFIG_H

#include <stdbool.h>

#include "base/err.h"
#include "kube/kubeconfig_file.h"

/* A program that gives credentials (client.authentication.k8s.io). */
struct vs_kexec {
	char *api_version;
	char *command;	    /* a path, or a name to look up in PATH */
	char **args, **env; /* NULL-terminated; "NAME=VALUE" */
	char *install_hint; /* what to say when there is no such program */
	enum { VS_KEXEC_MAYBE, VS_KEXEC_NEVER, VS_KEXEC_ALWAYS } interactive;
	bool cluster_info;
};

/* Owns all it points to; what is not there is NULL. */
struct vs_kubeconf {
	char *from; /* "context 'x' of FILE", for messages */
	/* the cluster */
	char *server;	   /* "https://host:port[/path]", no slash at the end */
	char *ca;	   /* PEM */
	char *server_name; /* to verify, instead of the host */
	char *proxy;	   /* URL: http, https, socks5 */
	bool insecure;
	/* the user */
	char *cert, *key;	  /* PEM */
	char *token, *token_file; /* the file goes before, and is read anew */
	char *username, *password;
	char *headers; /* Impersonate-*: "Name: value\n" lines */
	struct vs_kexec *exec;
};

struct vs_kubeask {
	const char *file;    /* --kubeconfig, or NULL; must exist then */
	const char *context; /* --context, or NULL: the current one */
	const char *account; /* the pod's service account; NULL: where
				 * Kubernetes puts it */
};

/* Reads all but the token file.  VS_ERR_USAGE: broken, or contradicts itself;
 * VS_ERR_NOT_FOUND: no file, no such context, or none at all.  Messages name the
 * file, and the line where there is one. */
int vs_kubeconf_load(const struct vs_kubeask *ask, struct vs_kubeconf *c, struct vs_err *err);
void vs_kubeconf_free(struct vs_kubeconf *c);

/* The two halves of it, of an entry under "clusters" and under "users". */
int vs_kubeconf_cluster(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err);
int vs_kubeconf_user(struct vs_kmap m, struct vs_kubeconf *c, struct vs_err *err);

#endif
