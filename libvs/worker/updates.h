/* SPDX-License-Identifier: Apache-2.0 */
/* updates.h - how a worker's Flatcar is updated.  Floor 5. */
#ifndef VS_WORKER_UPDATES_H
#define VS_WORKER_UPDATES_H

#include "worker/worker.h"

/* Set UPDATE_CONF, unless updates are off.  Fails as vs_worker_vars does. */
int vs_updates_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err);

#endif
