/* SPDX-License-Identifier: Apache-2.0 */
/* worker_parts.h - the parameters of a worker, one by one.  Floor 5. */
#ifndef VS_WORKER_WORKER_PARTS_H
#define VS_WORKER_WORKER_PARTS_H

#include "worker/worker.h"

/* Each gives its values to vars, or fails: see vs_worker_vars. */
int vs_worker_release(const struct vs_worker *w, struct vs_vars *vars,
	struct vs_err *err); /* RKE2_VERSION, RKE2_ENV, RKE2_TARBALL... */
int vs_worker_keys(
	const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err); /* SSH_KEYS */
int vs_worker_updates(
	const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err); /* UPDATE_CONF */

#endif
