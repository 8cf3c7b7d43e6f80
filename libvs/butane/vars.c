/* SPDX-License-Identifier: Apache-2.0 */
/* Variables: names with one value or a list.  Secret values are overwritten before they
 * are freed. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "butane/vars.h"
#include "text/utf8.h"

struct vs_var *
vs_vars_find(const struct vs_vars *vars, const char *name)
{
	for (size_t i = 0; i < vars->n; i++)
		if (strcmp(vars->v[i].name, name) == 0)
			return &vars->v[i];
	return NULL;
}

struct vs_var *
vs_vars_at(struct vs_vars *vars, const char *name)
{
	struct vs_var *var = vs_vars_find(vars, name);

	if (var)
		return var;
	vs_grow(vars->v, vars->n, vars->cap);
	vars->v[vars->n] = (struct vs_var){ .name = vs_strdup(name) };
	return &vars->v[vars->n++];
}

static void
vars_empty(struct vs_var *var)
{
	for (size_t i = 0; i < var->n; i++)
		if (var->secret)
			vs_free_secret(var->v[i]);
		else
			free(var->v[i]);
	var->n = 0;
}

static void
vars_append(struct vs_var *var, const char *value)
{
	vs_grow(var->v, var->n, var->cap);
	var->v[var->n++] = vs_strdup(value);
}

void
vs_vars_set(struct vs_vars *vars, const char *name, const char *value, bool secret)
{
	struct vs_var *var = vs_vars_at(vars, name);

	vars_empty(var);
	vars_append(var, value);
	var->set = true;
	var->secret = secret;
}

void
vs_vars_add(struct vs_vars *vars, const char *name, const char *value)
{
	struct vs_var *var = vs_vars_at(vars, name);

	var->set = true;
	if (value)
		vars_append(var, value);
}

size_t
vs_vars_name_len(const char *s)
{
	if (*s < 'A' || *s > 'Z')
		return 0;
	return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

int
vs_vars_define(struct vs_vars *vars, const char *definition, struct vs_err *err)
{
	size_t n = vs_vars_name_len(definition);
	VS_FREE char *name = vs_strndup(definition, n);
	const char *value = definition + n + 1;

	/* without '=' it may be a value, even a secret one: do not quote it */
	if (strchr(definition, '=') == NULL)
		return vs_fail(err, VS_ERR_USAGE, "the argument is not NAME=VALUE");
	if (n == 0 || definition[n] != '=')
		return vs_fail(err, VS_ERR_USAGE,
			"'%.*s' is not a placeholder name: use A-Z, 0-9 and '_', starting with a letter",
			(int)strcspn(definition, "="), definition);
	if (vs_vars_at(vars, name)->set)
		return vs_fail(err, VS_ERR_USAGE, "%s already has a value", name);
	if (!vs_utf8(value, strlen(value)))
		return vs_fail(err, VS_ERR_USAGE, "the value of %s is not UTF-8", name);
	vs_vars_set(vars, name, value, false);
	return 0;
}

bool
vs_vars_used(const struct vs_vars *vars, const char *name)
{
	const struct vs_var *var = vs_vars_find(vars, name);

	return var && var->used;
}

void
vs_vars_free(struct vs_vars *vars)
{
	for (size_t i = 0; i < vars->n; i++) {
		vars_empty(&vars->v[i]);
		free(vars->v[i].v);
		free(vars->v[i].name);
	}
	free(vars->v);
	*vars = (struct vs_vars){ 0 };
}
