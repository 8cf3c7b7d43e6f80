/* SPDX-License-Identifier: Apache-2.0 */
/* classify.h - what a text is, and all findings about it.  Floor 6.
 *
 * For check/verdict, which has taken the text out of a file or a key. */
#ifndef VS_CHECK_CLASSIFY_H
#define VS_CHECK_CLASSIFY_H

#include "check/verdict.h"

struct vs_classified {
	const struct vs_check_options *o;
	struct vs_tree at; /* the input as a whole; only file is set, its name */
	const char *key;   /* the key that holds the config; NULL: a file */
	bool wrapped;	   /* encoded or in a key: only Ignition is accepted */
	struct vs_report *r;
	const char *note; /* to show beside the findings; a literal, or NULL */
	bool unreadable;  /* not a config, or a broken one */
};

/* Find out what the text is and check it.  Findings go to c->r; note and
 * unreadable are set.  Its encoded size is checked only if it is not wrapped. */
void vs_classify(struct vs_classified *c, const struct vs_buf *text);

/* A finding if n bytes of encoded data are more than guestinfo accepts. */
void vs_classify_size(struct vs_classified *c, size_t n);

#endif
