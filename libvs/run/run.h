/* SPDX-License-Identifier: Apache-2.0 */
/* run.h - one run of a tool: options, operands, output, status.  Floor 2.
 *
 * Knows no protocol.  With cmd/ it is the only one that prints. */
#ifndef VS_RUN_RUN_H
#define VS_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"
#include "run/say.h"

#define VS_VERSION "0.1.0"

/* A table, and where the struct it fills is in the tool's own. */
struct vs_tool_opts {
	const struct vs_opt *table;
	size_t at;
};

/* What a tool is; read by --help, completions and tests/docs.t. */
struct vs_tool {
	const char *name;		    /* "vs-power" */
	const char *args;		    /* operands: "on|off|... [VM...]" */
	const char *does;		    /* one line; .Nd of the manual page */
	const struct vs_tool_opts *options; /* by group; { 0 } at the end */
	int min, max;			    /* operands; max < 0: any number */
	bool records;			    /* reads VM records: has --expect */
	void (*help)(struct vs_buf *b);	    /* appends to --help; or NULL */
};

struct vs_run {
	const struct vs_tool *tool;
	bool quiet, verbose, json;
	const char *out; /* -o FILE, NULL or "-": stdout */
	int64_t timeout; /* milliseconds; -1: not given */
	int64_t expect;	 /* records at the end; -1: not given */
	bool contents;	 /* the result is one piece: -o FILE is written by rename, with mode 0600 */
	int status;	 /* exit status so far */
	char **operands; /* argv without the options */
	int n;
	/* vs_run_begin's own */
	bool help, version, names;
};

/* Parse the command line into run and into opts, the tool's own struct with its
 * defaults, that the tables of tool->options fill.  0: go on; -1: done (--help,
 * --version, or a usage error that is printed): return run->status from main; the
 * lists in opts are freed.
 * Calls vs_proc_guard, opens /dev/null for those of 0 to 2 that are closed, ignores
 * SIGPIPE, and becomes the sink of base/log. */
int vs_run_begin(struct vs_run *run, const struct vs_tool *tool, void *opts, int argc, char **argv);

/* The index of the first operand in words; -1: it is not one of them, which is
 * printed with a suggestion.  also: what else it may be, "KEY=VALUE", or NULL. */
int vs_run_word(struct vs_run *run, const char *const *words, size_t n, const char *also);

/* Print "TOOL: message"; the code of the first message becomes the status. */
void vs_run_fail(struct vs_run *run, const struct vs_err *err);
void vs_run_say(struct vs_run *run, enum vs_err_code code, const char *message);

/* The same with VS_ERR_USAGE; returns the status, for main. */
int vs_run_usage(struct vs_run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* For tools with one result: write it to -o FILE (with that mode, by rename) or to
 * stdout; 0 or -1 (reported). */
int vs_run_result(struct vs_run *run, const void *p, size_t n, mode_t mode);

/* The exit status; erases the progress line. */
int vs_run_end(struct vs_run *run);

#endif
