/* SPDX-License-Identifier: Apache-2.0 */
/* login.h - who can log in to a worker.  Floor 5. */
#ifndef VS_WORKER_LOGIN_H
#define VS_WORKER_LOGIN_H

#include "worker/worker.h"

/* Set SSH_KEYS, a list.  Fails as vs_worker_vars does. */
int vs_login_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err);

#endif
