/* SPDX-License-Identifier: Apache-2.0 */
/* layers.h - decoding layers of base64 and gzip, also damaged ones.  Floor 4.
 *
 * For guestinfo/encoding, which reports what is wrong with them. */
#ifndef VS_GUESTINFO_LAYERS_H
#define VS_GUESTINFO_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum vs_layer { VS_LAYER_BASE64, VS_LAYER_GZIP };

enum { VS_LAYER_MAX = 4 }; /* more than two are an error anyway */

/* What is wrong with base64.  Offsets count from 1; 0: none. */
struct vs_layers_flaws {
	bool lines;	 /* it has line breaks */
	bool url;	 /* it uses the URL-safe alphabet */
	bool unpadded;	 /* '=' is missing at the end */
	bool overpadded; /* there are too many '=' */
	bool cut;	 /* it is truncated */
	size_t blank;	 /* first space or tab */
	size_t other;	 /* first byte that is not in the alphabet */
	size_t early;	 /* first byte after padding */
};

struct vs_layers {
	enum vs_layer v[VS_LAYER_MAX]; /* from the outermost */
	size_t n;
	struct vs_layers_flaws flaws; /* of the outermost layer */
	struct vs_err gzip;	      /* the error of gzip; code VS_ERR_NONE: none */
	bool lost;		      /* the contents cannot be recovered */
	struct vs_buf text;	      /* the contents */
};

#define VS_LAYERS_FREE __attribute__((cleanup(vs_layers_free)))

/* Decode all layers of the n bytes.  A layer is recognized by what it contains,
 * text or gzip, so that damaged base64 is found as well.  p is { 0 } except for
 * text, which is an empty buffer. */
void vs_layers_decode(struct vs_layers *p, const char *s, size_t n);
void vs_layers_free(struct vs_layers *p);

/* Does it look like text (the end may be cut off), like gzip, like base64 of one
 * of these, damaged or not? */
bool vs_layers_is_text(const char *s, size_t n);
bool vs_layers_is_gzip(const char *s, size_t n);
bool vs_layers_is_base64(const char *s, size_t n);
bool vs_layers_is_space(char c); /* space, tab, CR, LF */

#endif
