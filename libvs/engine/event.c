/* SPDX-License-Identifier: Apache-2.0 */
/* event.c - properties of an event: those read, or those that have changed.
 *
 * Source: vSphere Web Services API, PropertyCollector.ObjectContent and
 * ObjectUpdate: a change without a value is a property that is unset now, and
 * missingSet names those that may not be read. */
#include <string.h>

#include "base/assert.h"
#include "engine/event.h"
#include "vim/prop.h"

static struct vs_node *
event_change(const struct vs_event *ev, const char *path)
{
	struct vs_node *n = vs_node_at(ev->update, "changeSet");

	for (; n; n = vs_node_next(n)) {
		const char *name = vs_node_text(n, "name");

		if (name && strcmp(name, path) == 0)
			return n;
	}
	return NULL;
}

struct vs_node *
vs_event_prop(const struct vs_event *ev, const char *path)
{
	if (ev->content)
		return vs_prop_get(ev->content, path);
	return vs_node_at(event_change(ev, path), "val");
}

const char *
vs_event_text(const struct vs_event *ev, const char *path)
{
	struct vs_node *n = vs_event_prop(ev, path);

	return n ? n->text : NULL;
}

bool
vs_event_is(const struct vs_event *ev, const char *path, const char *text)
{
	const char *s = vs_event_text(ev, path);

	return s && strcmp(s, text) == 0;
}

bool
vs_event_readable(const struct vs_event *ev, const char *path)
{
	return vs_prop_missing(ev->content ? ev->content : ev->update, path) == NULL;
}

bool
vs_event_changed(const struct vs_event *ev, const char *path)
{
	const char *kind = vs_node_text(ev->update, "kind");

	if (!vs_event_readable(ev, path))
		return false;
	/* the full state: what it does not have is unset */
	if (ev->content || (kind && strcmp(kind, "enter") == 0))
		return true;
	return event_change(ev, path) != NULL;
}

enum vs_step
vs_event_fail(const struct vs_event *ev, struct vs_err *err)
{
	assert(ev->err != NULL);
	*err = *ev->err;
	return VS_STEP_FAIL;
}
