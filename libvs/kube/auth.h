/* SPDX-License-Identifier: Apache-2.0 */
/* auth.h - what says who we are, kept fresh.  Floor 3. */
#ifndef VS_KUBE_AUTH_H
#define VS_KUBE_AUTH_H

#include <stdbool.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "kube/kubeconfig.h"

/* What an exec plugin gave; { 0 } is nothing yet. */
struct vs_kauth {
	const struct vs_kubeconf *conf; /* borrowed */
	char *token;			/* or NULL */
	char *cert, *key;		/* PEM, or NULL */
	time_t expires;			/* 0: not known */
	unsigned generation;		/* counts what was given so far */
};

/* See that there are credentials: runs the plugin when there are none, or
 * when they run out within ten seconds.  Blocks while it runs: 60 s at most, five
 * minutes when somebody may have to type.  VS_ERR_UNREACHABLE. */
int vs_kauth_fetch(struct vs_kauth *a, struct vs_err *err);

/* The server refused them: those of that generation are forgotten.  True: a
 * second try may be luckier (a plugin, or a token file, which kubelets renew). */
bool vs_kauth_refused(struct vs_kauth *a, unsigned generation);

/* "Authorization: ...\n" and whom to impersonate, appended.  A token file is
 * read anew each time: it is small, and rotates.  VS_ERR_UNREACHABLE. */
int vs_kauth_headers(const struct vs_kauth *a, struct vs_buf *b, struct vs_err *err);

void vs_kauth_free(struct vs_kauth *a);

#endif
