/* SPDX-License-Identifier: Apache-2.0 */
/* remote.h - a look into an RKE2 server, by the system's ssh.  Floor 2.
 *
 * Each call is one connection: a small sh script goes to `sh -s` on the host
 * by stdin, so that nothing of it has to be quoted for whatever login shell
 * the user has, and nothing secret is in an argument list on either side.
 * What a login shell prints by itself is not taken for an answer. */
#ifndef VS_RKE2_REMOTE_H
#define VS_RKE2_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct vs_remote {
	const char *host; /* [USER@]HOST, as ssh takes it */
	const char *ssh;  /* the command, with options: "ssh -J bastion" */
	const char *key;  /* its -i, or NULL */
	const char *port; /* its -p, or NULL */
	int64_t timeout;  /* of the whole, ms; -1: 60 s, or none when ssh can
				 * ask somebody at a terminal; 0: none */
};

/* All append what was printed to out, and fail with
 *   VS_ERR_UNREACHABLE   no connection, or no login; ssh said why on stderr
 *   VS_ERR_TIMED_OUT   r->timeout is over
 *   VS_ERR_NOT_FOUND  none of the files, no rke2 program
 *   VS_ERR_USAGE     host, port or the ssh command is malformed
 *   VS_ERR_FAILED      sudo wants a password, or else */

/* What a token file below data_dir holds, read as root: directly, or by
 * `sudo -n cat` when the user is another.  from: "agent" is
 * server/agent-token, "server" server/node-token, NULL the first of them that
 * is there. */
int vs_remote_token(const struct vs_remote *r, const char *data_dir, const char *from,
	struct vs_buf *out, struct vs_err *err);

/* `rke2 ARGS`, as root or as the user; args are words for sh.  The program is
 * looked for in PATH and where RKE2 is installed by default. */
int vs_remote_rke2(const struct vs_remote *r, bool root, const char *args, struct vs_buf *out,
	struct vs_err *err);

#endif
