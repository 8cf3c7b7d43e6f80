/* SPDX-License-Identifier: Apache-2.0 */
/* What a step can ask of an event. */
#include <string.h>

#include "engine/engine.h"

struct vs_node *
vs_event_prop(const struct vs_event *ev, const char *path)
{
	if (ev->content)
		return vs_prop_get(ev->content, path);
	for (struct vs_node *n = ev->changes; n; n = vs_node_next(n)) {
		const char *name = vs_node_text(n, "name");

		if (name && strcmp(name, path) == 0)
			return vs_node_at(n, "val");
	}
	return NULL;
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
