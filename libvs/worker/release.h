/* SPDX-License-Identifier: Apache-2.0 */
/* release.h - the RKE2 release of a worker.  Floor 5. */
#ifndef VS_WORKER_RELEASE_H
#define VS_WORKER_RELEASE_H

#include "worker/worker.h"

/* Set RKE2_VERSION, RKE2_ENV and, for a pinned release, RKE2_TARBALL,
 * RKE2_TARBALL_URL and RKE2_SHA256.  Fails as vs_worker_vars does. */
int vs_release_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err);

#endif
