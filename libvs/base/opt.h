/* SPDX-License-Identifier: Apache-2.0 */
/* opt.h - tables of options, each of which fills a struct.  Floor 0. */
#ifndef VS_BASE_OPT_H
#define VS_BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"

enum vs_opt_kind {
	VS_OPT_FLAG,  /* bool */
	VS_OPT_STR,   /* const char * */
	VS_OPT_LIST,  /* struct vs_list: may be repeated */
	VS_OPT_NUM,   /* int64_t, >= 0 */
	VS_OPT_POS,   /* int64_t, >= 1 */
	VS_OPT_SIZE,  /* int64_t, bytes */
	VS_OPT_DUR,   /* int64_t, milliseconds */
	VS_OPT_WORD,  /* const char *, one of the words in arg: "on|off" */
	VS_OPT_MAYBE, /* const char *; --name or --name=ARG; "" when bare */
	VS_OPT_NOT,   /* no field: refused with help as the hint; not listed */
};

/* A row of a table; { 0 } ends the table. */
struct vs_opt {
	int ch;		  /* short option, or 0 */
	const char *name; /* long option, or NULL */
	enum vs_opt_kind kind;
	size_t at;	  /* offset of its field, of the type that kind names */
	const char *arg;  /* name of the argument in --help: "SIZE" */
	const char *help; /* lower case, no full stop; short */
};

/* A table and the struct it fills; an array of these ends with { 0 }. */
struct vs_opt_group {
	const struct vs_opt *table;
	void *to;
};

/* Parse argv by the tables of groups; options and operands may be mixed, "--"
 * ends the options.  Operands are moved to the front: argv[1] .. argv[*n], NULL
 * after them.  The field of an option that is not given is not changed.
 * VS_ERR_USAGE on error. */
int vs_opt_parse(
	const struct vs_opt_group *groups, int argc, char **argv, int *n, struct vs_err *err);

/* Free the lists that vs_opt_parse has filled. */
void vs_opt_free(const struct vs_opt_group *groups);

/* The options as --help shows them, in 79 columns; and as completions read them:
 * "-c", "--cpus", "CPUS" and the help, separated by tabs, any of them may be
 * empty; an optional argument is "[FILE]". */
void vs_opt_help(const struct vs_opt *table, struct vs_buf *b);
void vs_opt_names(const struct vs_opt *table, struct vs_buf *b);

/* True when s is one of "a|b|c". */
bool vs_opt_word(const char *words, const char *s);

#endif
