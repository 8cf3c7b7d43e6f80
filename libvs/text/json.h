/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - JSON in by jansson, out by hand.  Floor 1. */
#ifndef VS_TEXT_JSON_H
#define VS_TEXT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* ---- reading */

#define VS_JSON_FREE __attribute__((cleanup(vs_json_freep)))
void vs_json_freep(json_t **j);

/* One JSON text; a key that stands twice in an object is refused.  NULL:
 * VS_ERR_USAGE with line and column; the message quotes nothing of the text,
 * which may be a secret.  The caller's: json_decref, or VS_JSON_FREE. */
json_t *vs_json_read(const char *s, size_t n, struct vs_err *err);

/* ---- writing: keys stay in the order they are written, the same input gives
 * the same bytes.  What is not UTF-8 becomes U+FFFD. */

/* The string in quotes, appended. */
void vs_json_str(struct vs_buf *b, const char *s);
void vs_json_strn(struct vs_buf *b, const char *s, size_t n);

enum { VS_JW_DEPTH = 40 };

struct vs_jw {
	struct vs_buf *b; /* the caller's */
	bool pretty;	  /* two blanks a level, otherwise no white space */
	int depth;
	struct {
		size_t start; /* b->len before it was opened */
		bool before;  /* something stood before it on its level */
		char end;
	} open[VS_JW_DEPTH];
	bool any; /* something stands on this level */
};

/* key: NULL inside of an array, and for the outermost value. */
void vs_jw_object(struct vs_jw *w, const char *key);
void vs_jw_array(struct vs_jw *w, const char *key);
/* keep: write it even when nothing is in it; otherwise it is as if it had
 * never been opened. */
void vs_jw_close(struct vs_jw *w, bool keep);
void vs_jw_str(struct vs_jw *w, const char *key, const char *s); /* NULL: null */
void vs_jw_strn(struct vs_jw *w, const char *key, const char *s, size_t n);
void vs_jw_int(struct vs_jw *w, const char *key, int64_t n);
void vs_jw_bool(struct vs_jw *w, const char *key, bool v);

#endif
