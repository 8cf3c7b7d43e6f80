/* SPDX-License-Identifier: Apache-2.0 */
/* worker.h - an RKE2 worker, from parameters.  Floor 5.
 *
 * The parameters become values for the placeholders of a Butane document: the
 * built-in one, or one of the user's. */
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
	bool allow_unpinned; /* a token without a CA hash will do */
	struct vs_list keys; /* files with SSH public keys, "-": stdin */
	struct vs_list labels, taints;
	const char *rke2;	   /* "v1.33", "v1.33.4+rke2r1" */
	const char *channel;	   /* instead of rke2: "stable" */
	const char *sha256, *sums; /* of a release: hex digits, or a file */
	const char *mirror;	   /* instead of GitHub and update.rke2.io */
	const char *updates;	   /* "none", "kured", "reboot", "etcd-lock" */
	const char *group;	   /* Flatcar's channel: "stable" */
	const char *window;	   /* "Thu 04:00/1h" */
};

/* Check what is given and give it to the placeholders:
 *   SERVER TOKEN NODE_LABELS NODE_TAINTS RKE2_CONFIG
 *   RKE2_VERSION RKE2_ENV RKE2_TARBALL RKE2_TARBALL_URL RKE2_SHA256
 *   SSH_KEYS UPDATE_CONF
 * What is not given stays without a value, with a hint at its option.
 * VS_ERR_USAGE (or what reading a file gives), never quoting the token; what is
 * doubtful is said by vs_warn. */
int vs_worker_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err);

/* True when what is given is meant for a worker: then updates count as "none"
 * where nothing is said. */
bool vs_worker_mode(const struct vs_worker *w);

/* True when anything of it is given. */
bool vs_worker_any(const struct vs_worker *w);

/* After filling: what is given must have found its placeholder, or VS_ERR_USAGE. */
int vs_worker_used(const struct vs_worker *w, const struct vs_vars *vars, struct vs_err *err);

/* The built-in document, and the fragments that these parameters merge into a
 * document; name is for messages.  NULL text: no (more) fragment. */
struct vs_butane_text {
	const char *name, *text;
};
struct vs_butane_text vs_worker_document(void);
struct vs_butane_text vs_worker_fragment(const struct vs_worker *w, int i);

#endif
