/* SPDX-License-Identifier: Apache-2.0 */
/* auth.h - the credentials of a kubeconfig, kept fresh.  Floor 3. */
#ifndef VS_KUBE_AUTH_H
#define VS_KUBE_AUTH_H

#include <stdbool.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "kube/kubeconfig.h"

/* What an exec plugin returned; { 0 } is nothing yet. */
struct vs_kauth {
	const struct vs_kubeconf *conf; /* borrowed */
	char *token;			/* or NULL */
	char *cert, *key;		/* PEM; both or neither */
	time_t expires;			/* 0: unknown */
	unsigned generation;		/* counts the plugin's successful runs */
};

/* Runs the exec plugin, if there is one and its credentials are missing or expire
 * within ten seconds.  Blocks while it runs, until a signal comes: for at most 60 s, or
 * five minutes if somebody may have to type, or conf->exec_ms.  VS_ERR_UNREACHABLE. */
int vs_kauth_fetch(struct vs_kauth *a, struct vs_err *err);

/* Its second half: what the plugin printed.  *a is empty before; freed with
 * vs_kauth_free, also if it fails.  VS_ERR_UNREACHABLE; the message quotes none of it. */
int vs_kauth_take(struct vs_kauth *a, const struct vs_buf *out, struct vs_err *err);

/* The server refused the credentials of that generation: forgets them.  True: new ones
 * may be had (from a plugin, or a token file, which kubelets renew). */
bool vs_kauth_refused(struct vs_kauth *a, unsigned generation);

/* Append "Authorization: ...\n" and Impersonate headers.  A token file is read each
 * time: it is small, and it rotates.  VS_ERR_UNREACHABLE: it cannot be read. */
int vs_kauth_headers(const struct vs_kauth *a, struct vs_buf *b, struct vs_err *err);

void vs_kauth_free(struct vs_kauth *a);

#endif
