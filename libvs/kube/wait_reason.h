/* SPDX-License-Identifier: Apache-2.0 */
/* wait_reason.h - why a node is not in the awaited state.  Floor 3. */
#ifndef VS_KUBE_WAIT_REASON_H
#define VS_KUBE_WAIT_REASON_H

#include "base/buf.h"
#include "kube/wait_mover.h"

/* Append the reason, and what helps.  password_since: when the RKE2 server got a
 * node password for that name, as the API writes it; NULL: none is known. */
void vs_kwait_reason(const struct vs_kwait *w, const struct vs_kwait_job *k,
	const char *password_since, struct vs_buf *b);

/* True if the job has a name, and a full list of the nodes does not have it. */
bool vs_kwait_missing(const struct vs_kwait *w, const struct vs_kwait_job *k);

#endif
