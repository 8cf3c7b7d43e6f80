/* SPDX-License-Identifier: Apache-2.0 */
/* proc.h - run another program and read its output.  Floor 0. */
#ifndef VS_BASE_PROC_H
#define VS_BASE_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"

/* The first thing in main, since passwords may be in the environment from exec on: other
 * processes of this user cannot read our memory and environment or attach a debugger,
 * and there is no core.  It ends with exec: programs that we run are as usual.
 * -1, VS_ERR_USAGE: the process has the rights of two users or groups. */
int vs_proc_guard(struct vs_err *err);

struct vs_proc {
	const char *const *argv; /* argv[0] is looked up in PATH */
	const char *const *env;	 /* "K=V" added to ours, or NULL */
	const void *in;		 /* its stdin; NULL: empty */
	size_t in_len;
	bool tty;	     /* without in: it inherits our stdin */
	struct vs_buf *out;  /* its stdout, up to max; killed 1 MiB past it */
	struct vs_buf *errs; /* its stderr, likewise; NULL: ours */
	/* Instead of errs: gets each line of its stderr when it comes. */
	void (*said)(const char *program, const char *line);
	int64_t timeout; /* milliseconds, 0: none */
	int status;	 /* out: exit status, or 128 + signal number */
};

/* Run it to its end.  -1: it could not be started (VS_ERR_FAILED; VS_ERR_NOT_FOUND
 * when there is no such program), it timed out and was killed (VS_ERR_TIMED_OUT), or so
 * because a signal for the loop came (VS_ERR_FAILED).  Its own exit status is in
 * p->status. */
int vs_proc_run(struct vs_proc *p, struct vs_err *err);

/* A said() that shows the line to the user, with the program's name before it. */
void vs_proc_said(const char *program, const char *line);

/* The path of a program: in the folder of this one, as sibling tools are, else in
 * PATH.  Freed with free(); NULL: not found. */
char *vs_proc_find(const char *name);

/* Append the words of "ssh -o X", split at blanks; '..', ".." and \ quote as in sh;
 * nothing is expanded.  -1, VS_ERR_USAGE: a quote is not closed. */
int vs_words(const char *s, struct vs_strings *words, struct vs_err *err);

#endif
