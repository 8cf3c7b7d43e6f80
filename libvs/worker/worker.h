/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - the parameters of an RKE2 worker.  Floor 5.
 *
 * They become values for the placeholders of a Butane document: the built-in one,
 * or the user's. */
#ifndef VS_WORKER_WORKER_H
#define VS_WORKER_WORKER_H

#include <stdbool.h>

#include "base/opt.h"
#include "butane/vars.h"
#include "rke2/version.h"

/* As given on the command line; borrowed.  NULL: not given. */
struct vs_worker {
	const char *server;  /* "https://cp.example:9345" */
	const char *token;   /* a file, "-": stdin */
	bool allow_unpinned; /* accept a token without a CA hash */
	struct vs_list keys; /* files with SSH public keys, "-": stdin */
	struct vs_list labels, taints;
	const char *rke2;    /* "v1.33", "v1.33.4+rke2r1" */
	const char *channel; /* instead of rke2: "stable" */
	const char *sha256;  /* checksum of the release: 64 hex digits ... */
	const char *sums;    /* ... or the file sha256sum-amd64.txt */
	const char *mirror;  /* instead of GitHub and update.rke2.io */
	const char *updates; /* "none", "kured", "reboot", "etcd-lock" */
	const char *group;   /* Flatcar channel: "stable" */
	const char *window;  /* "Thu 04:00/1h" */
};

/* Check the parameters and set the placeholders:
 *   SERVER TOKEN NODE_LABELS NODE_TAINTS RKE2_CONFIG
 *   RKE2_VERSION RKE2_ENV RKE2_TARBALL RKE2_TARBALL_URL RKE2_SHA256
 *   SSH_KEYS UPDATE_CONF
 * Those of parameters that are not given get no value, only a hint at the option.
 * Warns about values that are probably wrong.  -1: VS_ERR_USAGE, or the code of
 * vs_read_file; the message never quotes the token. */
int vs_worker_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err);

/* Are parameters given that only a worker has?  Then updates default to "none". */
bool vs_worker_mode(const struct vs_worker *w);

/* Is any parameter given? */
bool vs_worker_any(const struct vs_worker *w);

/* After filling in: -1, VS_ERR_USAGE if a parameter has no placeholder in the
 * document. */
int vs_worker_used(const struct vs_worker *w, const struct vs_vars *vars, struct vs_err *err);

/* A text, and its name for messages; both are literals. */
struct vs_butane_text {
	const char *name, *text;
};

/* The built-in document. */
struct vs_butane_text vs_worker_document(void);

/* The i-th fragment that these parameters merge into a document; text is NULL
 * after the last. */
struct vs_butane_text vs_worker_fragment(const struct vs_worker *w, int i);

#endif
