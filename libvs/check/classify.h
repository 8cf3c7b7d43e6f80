/* SPDX-License-Identifier: Apache-2.0 */
/* classify.h - one config, taken out of what it was wrapped in.  Floor 6.
 *
 * For ign/boot, which knows where it stands. */
#ifndef VS_CHECK_CLASSIFY_H
#define VS_CHECK_CLASSIFY_H

#include "check/verdict.h"

struct vs_classified {
	const struct vs_boot_verdict *b;
	const char *name; /* of the input; findings borrow it */
	const char *key;  /* where the config stands; NULL: in a file */
	bool wrapped;	  /* encoded, or in a key: nothing but Ignition will do */
	struct vs_report *r;
	const char *note; /* what to say beside findings; a literal */
	bool unreadable;  /* it is no config, or a broken one */
};

/* What it is, and all that can be said about that.  The size only of a config
 * that is not wrapped yet: as it would be packed. */
void vs_classify(struct vs_classified *l, const struct vs_buf *text);

/* Findings when n bytes of encoded data are more than guestinfo takes. */
void vs_classify_size(struct vs_classified *l, size_t n);

#endif
