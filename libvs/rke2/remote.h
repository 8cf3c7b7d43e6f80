/* SPDX-License-Identifier: Apache-2.0 */
/* remote.h - read the token and the version of an RKE2 server over ssh.  Floor 2.
 *
 * Each call is one connection with the system's ssh.  A small sh script goes to the
 * stdin of `sh -s` on the host, so that nothing has to be quoted for the user's login
 * shell and no secret is in an argument list on either side.  What the login shell
 * prints is ignored. */
#ifndef VS_RKE2_REMOTE_H
#define VS_RKE2_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Borrowed strings. */
struct vs_remote {
	const char *host; /* [USER@]HOST, as ssh takes it */
	const char *ssh;  /* the command, with options: "ssh -J bastion" */
	const char *key;  /* its -i, or NULL */
	const char *port; /* its -p, or NULL */
	int64_t timeout;  /* of the whole call, in ms; 0: none; -1: 60 s, or none if ssh
			   * can ask somebody at a terminal */
};

/* Both block, append the output to out, and fail with
 *   VS_ERR_UNREACHABLE  no connection, or the login was refused; ssh printed why
 *   VS_ERR_TIMED_OUT    after r->timeout
 *   VS_ERR_NOT_FOUND    none of the files exists, or no rke2 program
 *   VS_ERR_USAGE        host, port or the ssh command is malformed
 *   VS_ERR_FAILED       sudo requires a password, or the command failed */

/* The content of a token file below data_dir, read as root: directly, or with
 * `sudo -n cat` by another user.  from: "agent" is server/agent-token, "server" is
 * server/node-token, NULL the first of them that exists. */
int vs_remote_token(const struct vs_remote *r, const char *data_dir, const char *from,
	struct vs_buf *out, struct vs_err *err);

/* Run `rke2 ARGS`, as root or as the user; args are words for sh.  The program is looked
 * up in PATH and where RKE2 is installed by default. */
int vs_remote_rke2(const struct vs_remote *r, bool root, const char *args, struct vs_buf *out,
	struct vs_err *err);

#endif
