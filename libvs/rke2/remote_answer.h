/* SPDX-License-Identifier: Apache-2.0 */
/* remote_answer.h - the output of a command on a server, between its marks.  Floor 2. */
#ifndef VS_RKE2_REMOTE_ANSWER_H
#define VS_RKE2_REMOTE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Borrowed from the buffer in which it was found.  out may be a secret. */
struct vs_remote_answer {
	const char *out, *why; /* its stdout and stderr; not terminated by NUL */
	size_t out_len, why_len;
	int status;
};

/* The last answer in b: the ones before it are for files that do not exist.  *count: how
 * many there are.  False: none, or one was cut off. */
bool vs_remote_answer_find(const struct vs_buf *b, struct vs_remote_answer *a, size_t *count);

/* Its stderr has these words. */
bool vs_remote_answer_mentions(const struct vs_remote_answer *a, const char *words);

/* The last line of its stderr.  Freed with free(). */
char *vs_remote_answer_line(const struct vs_remote_answer *a);

#endif
