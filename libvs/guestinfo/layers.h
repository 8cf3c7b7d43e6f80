/* SPDX-License-Identifier: Apache-2.0 */
/* layers.h - layers of base64 and gzip, taken off as far as there are any.  Floor 4.
 *
 * For ign/wrap, which says what is wrong with them. */
#ifndef VS_GUESTINFO_LAYERS_H
#define VS_GUESTINFO_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum vs_layer { VS_LAYER_BASE64, VS_LAYER_GZIP };

enum { VS_LAYER_MAX = 4 }; /* at most; nobody encodes more often by mistake */

/* What is odd about base64; places count from 1, 0: none. */
struct vs_base64_flaws {
	bool lines, url, unpadded, overpadded, cut;
	size_t blank, other, early;
};

struct vs_layers {
	enum vs_layer v[VS_LAYER_MAX];
	size_t n;
	struct vs_base64_flaws flaws; /* of the outermost layer */
	struct vs_err gzip;	      /* what is wrong with the gzip; code VS_ERR_NONE: nothing */
	bool lost;		      /* so much that it cannot be undone */
	struct vs_buf text;	      /* what is within; vs_buf_free */
};

/* Layers are known by what they hold, a text or gzip: so base64 is found that
 * somebody has damaged.  p is { 0 } but for text, which is empty. */
void vs_layers_take_off(struct vs_layers *p, const char *s, size_t n);

/* Text as a config is, whatever it says; cut off anywhere. */
bool vs_is_text(const char *s, size_t n);
bool vs_is_gzip(const char *s, size_t n);
bool vs_is_base64(const char *s, size_t n); /* clean or not, of one of these */
bool vs_is_white(char c);		    /* blank, tab, line end */

#endif
