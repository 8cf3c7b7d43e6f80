/* SPDX-License-Identifier: Apache-2.0 */
/* err.h - why something failed, for the caller to report.  Floor 0. */
#ifndef VS_BASE_ERR_H
#define VS_BASE_ERR_H

/* The value is also the exit status of a tool: EXIT STATUS in vsutils(7). */
enum vs_err_code {
	VS_ERR_NONE = 0,
	VS_ERR_FAILED = 1,	/* the operation failed, and none of the following */
	VS_ERR_USAGE = 2,	/* the command line or an input file is wrong */
	VS_ERR_NOT_FOUND = 3,	/* no such object, or more than one */
	VS_ERR_TIMED_OUT = 4,	/* not done in time */
	VS_ERR_UNREACHABLE = 5, /* no connection, no trust (TLS), login refused */
};

/* Owned by the caller; a function that succeeds does not change it. */
struct vs_err {
	enum vs_err_code code;
	int line, col;	/* of an input file, from 1; 0: unknown */
	char fault[64]; /* vSphere fault type, or "" */
	char msg[1400];
};

/* Both return -1, so that "return vs_fail(err, ...)" is one line. */
int vs_fail(struct vs_err *err, enum vs_err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Put "fmt: " before the message; the code stays. */
int vs_wrap(struct vs_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* As vs_fail, with a place in an input file. */
int vs_fail_at(struct vs_err *err, int line, int col, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
