/* SPDX-License-Identifier: Apache-2.0 */
/* vim.wsdl and vim-types.xsd of the vSphere Web Services SDK.  Methods that are not in the
 * table have a result that may be absent, or none. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "vim/reference.h"
#include "vim/returns.h"

enum returns_what {
	RETURNS_OBJECT, /* it is there */
	RETURNS_TEXT,	/* it is there, and not empty */
	RETURNS_REF,	/* it is a reference to an object of a type */
};

static const struct returns_rule {
	const char *method; /* "_Task": all whose name ends so */
	const char *in;	    /* checked only in an answer that has this; NULL: in all */
	const char *path;
	enum returns_what what;
	const char *type; /* NULL: any */
} rules[] = {
	{ "RetrieveServiceContent", NULL, "returnval", RETURNS_OBJECT, NULL },
	{ "Login", NULL, "returnval", RETURNS_OBJECT, NULL },
	{ "CreatePropertyCollector", NULL, "returnval", RETURNS_REF, "PropertyCollector" },
	{ "CreateListView", NULL, "returnval", RETURNS_REF, "ListView" },
	{ "CreateFilter", NULL, "returnval", RETURNS_REF, "PropertyFilter" },
	{ "RecommendDatastores", NULL, "returnval", RETURNS_OBJECT, NULL },
	{ "_Task", NULL, "returnval", RETURNS_REF, "Task" },
	{ "WaitForUpdatesEx", "returnval", "returnval/version", RETURNS_TEXT, NULL },
	{ "RetrievePropertiesEx", "returnval/token", "returnval/token", RETURNS_TEXT, NULL },
	{ "ContinueRetrievePropertiesEx", "returnval/token", "returnval/token", RETURNS_TEXT,
		NULL },
	{ "FindByInventoryPath", "returnval", "returnval", RETURNS_REF, NULL },
	{ "FindChild", "returnval", "returnval", RETURNS_REF, NULL },
};

static bool
returns_is_task(const char *method)
{
	size_t n = strlen(method), k = strlen("_Task");

	return n > k && strcmp(method + n - k, "_Task") == 0;
}

static bool
returns_is_for(const struct returns_rule *r, const char *method)
{
	return *r->method == '_' ? returns_is_task(method) : strcmp(r->method, method) == 0;
}

/* Its message. */
static int
returns_bad(const char *method, struct vs_err *err, const char *fmt, const char *arg)
{
	const char *task = returns_is_task(method) ? "; its task may have been started" : "";
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_fmt(&b, fmt, arg);
	return vs_fail(err, VS_ERR_FAILED, "%s: %s%s", method, b.s, task);
}

static int
returns_keep(const struct returns_rule *r, const char *method, struct vs_node *response,
	struct vs_err *err)
{
	struct vs_node *n = vs_node_at(response, r->path);
	const char *last = strrchr(r->path, '/') ? strrchr(r->path, '/') + 1 : r->path;

	if (r->in && vs_node_at(response, r->in) == NULL)
		return 0;
	if (n == NULL)
		return returns_bad(method, err, "the answer has no %s", last);
	if (r->what == RETURNS_TEXT && *n->text == '\0')
		return returns_bad(method, err, "the %s of the answer is empty", last);
	if (r->what != RETURNS_REF)
		return 0;
	if (n->ref == NULL || *n->text == '\0')
		return returns_bad(method, err, "the %s of the answer is not a reference", last);
	if (r->type && strcmp(n->ref, r->type) != 0)
		return returns_bad(method, err, "the returnval of the answer is not a %s", r->type);
	return 0;
}

/* The first of n and its siblings, or below them, that is not valid; or NULL.  How deep a
 * tree can be is bounded. */
static const struct vs_node *
returns_odd_ref(const struct vs_node *n)
{
	for (; n; n = n->next) {
		const struct vs_node *odd;

		if (n->ref && *n->text && !vs_ref_valid(n->ref, n->text))
			return n;
		if ((odd = returns_odd_ref(n->child)) != NULL)
			return odd;
	}
	return NULL;
}

int
vs_returns_check(const char *method, struct vs_node *response, struct vs_err *err)
{
	size_t n = strlen(method);
	const struct vs_node *odd;

	if (strncmp(response->name, method, n) != 0 || strcmp(response->name + n, "Response") != 0)
		return returns_bad(
			method, err, "the answer is for another method: '%s'", response->name);
	for (size_t i = 0; i < VS_LEN(rules); i++)
		if (returns_is_for(&rules[i], method)
			&& returns_keep(&rules[i], method, response, err) < 0)
			return -1;
	odd = returns_odd_ref(response->child);
	if (odd)
		return returns_bad(method, err,
			"the answer has a reference that is not valid, in '%s'", odd->name);
	return 0;
}
