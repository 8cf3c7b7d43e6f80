/* SPDX-License-Identifier: Apache-2.0 */
/* Resources with a data URL: what placeholders and the way back to Butane can edit as
 * text.  Nothing is fetched. */
#include <string.h>

#include "butane/resource.h"
#include "text/dataurl.h"
#include "text/gzip.h"
#include "text/utf8.h"

bool
vs_resource_text(const struct vs_tree *resource, struct vs_buf *text)
{
	VS_BUF_FREE struct vs_buf raw = VS_BUF_SECRET;
	const struct vs_tree *source = vs_tree_get(resource, "source");
	const struct vs_tree *how = vs_tree_get(resource, "compression");
	bool zipped = how && how->kind == VS_TREE_SCALAR && strcmp(how->text, "gzip") == 0;
	struct vs_err err;

	if (source == NULL || source->kind != VS_TREE_SCALAR
		|| vs_undata_url(source->text, zipped ? &raw : text, &err) < 0)
		return false;
	if (zipped && vs_gunzip(raw.s, raw.len, text, &err) < 0)
		return false;
	return vs_utf8(text->s, text->len) && !memchr(text->s, '\0', text->len);
}
