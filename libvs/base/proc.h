/* SPDX-License-Identifier: Apache-2.0 */
/* proc.h - run another program and hear what it says.  Floor 0. */
#ifndef VS_BASE_PROC_H
#define VS_BASE_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct vs_proc {
	const char *const *argv; /* argv[0] is looked up in PATH */
	const char *const *env;	 /* "K=V" added to ours, or NULL */
	const void *in;		 /* its stdin; NULL: nothing to read */
	size_t in_len;
	bool tty;	     /* leave it our stdin, when nothing is given */
	struct vs_buf *out;  /* its stdout; max bounds it */
	struct vs_buf *errs; /* its stderr; NULL: ours */
	int64_t timeout;     /* milliseconds, 0: none */
	int status;	     /* out: exit status, or 128 + signal number */
};

/* Run it to its end.  -1: it could not be started (VS_ERR_FAILED; VS_ERR_NOT_FOUND when
 * there is no such program), or it ran out of time and was killed
 * (VS_ERR_TIMED_OUT).  Its own failure is p->status, not -1. */
int vs_proc_run(struct vs_proc *p, struct vs_err *err);

/* Where a program is: beside this one, as the tools of a family are, else in
 * PATH.  Freed with free(); NULL: nowhere. */
char *vs_proc_find(const char *name);

/* "ssh -o X" to words: split at blanks; quotes '..' and ".." and \ hold words
 * together as in sh; nothing is expanded.  NULL-terminated; VS_ERR_USAGE when a
 * quote is open.  Freed with vs_words_free. */
char **vs_words(const char *s, size_t *n, struct vs_err *err);
void vs_words_free(char **words);

#endif
