/* SPDX-License-Identifier: Apache-2.0 */
/* One wording for all messages that list what a name may have meant. */
#include <stdarg.h>

#include "base/candidates.h"

enum { CANDIDATES_LISTED = 8 };

void
vs_candidates_add(struct vs_candidates *c, const char *fmt, ...)
{
	va_list ap;

	if (c->n++ >= CANDIDATES_LISTED)
		return;
	if (c->n > 1)
		vs_buf_str(&c->text, ", ");
	va_start(ap, fmt);
	vs_buf_vfmt(&c->text, fmt, ap);
	va_end(ap);
}

const char *
vs_candidates_text(struct vs_candidates *c)
{
	if (c->n > CANDIDATES_LISTED) {
		vs_buf_fmt(&c->text, " and %zu more", c->n - CANDIDATES_LISTED);
		c->n = CANDIDATES_LISTED;
	}
	return c->text.s;
}

void
vs_candidates_free(struct vs_candidates *c)
{
	vs_buf_free(&c->text);
	c->n = 0;
}
