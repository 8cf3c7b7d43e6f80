/* SPDX-License-Identifier: Apache-2.0 */
/* ssh_key.h - is a line an SSH public key.  Floor 3. */
#ifndef VS_IGN_SSH_KEY_H
#define VS_IGN_SSH_KEY_H

/* NULL if sshd accepts the line of authorized_keys (options are allowed); else a
 * message that says why not, a literal. */
const char *vs_ssh_key_flaw(const char *line);

#endif
