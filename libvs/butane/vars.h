/* SPDX-License-Identifier: Apache-2.0 */
/* vars.h - names and values for the @{NAME} placeholders of a document.  Floor 4. */
#ifndef VS_BUTANE_VARS_H
#define VS_BUTANE_VARS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct vs_var {
	char *name; /* [A-Z][A-Z0-9_]* */
	char **v;   /* its values: one, or any number for a list */
	size_t n, cap;
	bool set; /* false: only its name and hint are known */
	bool secret;
	bool used;	  /* a placeholder used it */
	const char *hint; /* the option that sets it, "-s URL"; a literal, or NULL */
};

/* { 0 } is an empty list; see VS_VARS_FREE. */
struct vs_vars {
	struct vs_var *v;
	size_t n, cap;
	bool env; /* look in the environment, too; such values are secret */
};

#define VS_VARS_FREE __attribute__((cleanup(vs_vars_free)))

/* The variable with that name, added if it is new.  Valid until the next one is
 * added. */
struct vs_var *vs_vars_at(struct vs_vars *vars, const char *name);

/* The same, but NULL if it is new. */
struct vs_var *vs_vars_find(const struct vs_vars *vars, const char *name);

/* Set a single value; it is copied. */
void vs_vars_set(struct vs_vars *vars, const char *name, const char *value, bool secret);

/* Add a value to a list; it is copied.  NULL: only make it a list, empty so far. */
void vs_vars_add(struct vs_vars *vars, const char *name, const char *value);

/* Set "NAME=VALUE", as -D takes it.  -1: VS_ERR_USAGE: it has another form, or NAME
 * has a value already. */
int vs_vars_define(struct vs_vars *vars, const char *definition, struct vs_err *err);

/* True if a placeholder used the variable. */
bool vs_vars_used(const struct vs_vars *vars, const char *name);

/* The length of the name at s; 0: s does not start with a name. */
size_t vs_vars_name_len(const char *s);

void vs_vars_free(struct vs_vars *vars); /* overwrites secrets first */

#endif
