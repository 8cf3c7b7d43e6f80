/* SPDX-License-Identifier: Apache-2.0 */
/* placeholders.h - values into the @{NAME} placeholders of a document.  Floor 4.
 *
 * After parsing, scalar by scalar: whatever a value holds, it stays inside
 * the scalar that named it. */
#ifndef VS_BUTANE_PLACEHOLDERS_H
#define VS_BUTANE_PLACEHOLDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "doc/report.h"

struct vs_var {
	char *name; /* [A-Z][A-Z0-9_]* */
	char **v;   /* its values: one, or any number of a list's */
	size_t n, cap;
	bool set; /* false: known by name only, for its hint */
	bool secret;
	bool used;	  /* some placeholder named it */
	const char *hint; /* where a value comes from: "-s URL"; literal, or NULL */
};

struct vs_vars {
	struct vs_var *v;
	size_t n, cap;
	bool env; /* what has no value here may have one in the environment,
			 * which then is taken for a secret */
};

#define VS_VARS_FREE __attribute__((cleanup(vs_vars_free)))

/* The variable of that name; a new one when there is none. */
struct vs_var *vs_vars_at(struct vs_vars *vars, const char *name);

/* One value, instead of what it had; it is copied. */
void vs_vars_set(struct vs_vars *vars, const char *name, const char *value, bool secret);

/* One value more of a list; NULL: a list that may stay empty. */
void vs_vars_add(struct vs_vars *vars, const char *name, const char *value);

/* "NAME=VALUE", as -D takes it: VS_ERR_USAGE when it is not, or NAME has a value. */
int vs_vars_define(struct vs_vars *vars, const char *definition, struct vs_err *err);

/* Did a placeholder of this name stand in a document? */
bool vs_vars_used(const struct vs_vars *vars, const char *name);

void vs_vars_free(struct vs_vars *vars); /* overwrites what is secret */

/* "@{NAME}" at s: its length, and the name's in *n; 0: none is here. */
size_t vs_placeholders_is_one(const char *s, size_t *n);

/* Fill in a whole document; 0, or -1 with findings: no value for a name, or
 * not exactly one where there is room for one.  A list item that is nothing
 * but a placeholder becomes as many items as there are values.  "@@{NAME}"
 * stands for "@{NAME}" itself. */
int vs_placeholders_fill(struct vs_tree_doc *d, struct vs_vars *vars, struct vs_report *r);

/* The same for a tree of Ignition, whose texts are in data URLs, gzipped even. */
int vs_placeholders_fill_ignition(struct vs_tree_doc *d, struct vs_vars *vars, struct vs_report *r);

#endif
