/* SPDX-License-Identifier: Apache-2.0 */
/* json_write.h - writing JSON.  Floor 1.
 *
 * Keys keep the order in which they are written, and the same input gives the
 * same bytes.  Bytes that are not UTF-8 become U+FFFD; hidden characters (text/visible)
 * are written as \u and four hex digits, so that JSON is safe on a terminal. */
#ifndef VS_TEXT_JSON_WRITE_H
#define VS_TEXT_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The string in double quotes, appended. */
void vs_json_str(struct vs_buf *b, const char *s);
void vs_json_strn(struct vs_buf *b, const char *s, size_t n);

enum { VS_JW_DEPTH = 40 };

struct vs_jw {
	struct vs_buf *b; /* the caller's */
	bool pretty;	  /* indent by two spaces; otherwise no white space */
	int depth;
	struct {
		size_t start; /* b->len before it was opened */
		bool before;  /* its parent had entries already */
		char end;
	} open[VS_JW_DEPTH];
	bool any; /* the innermost open value has entries */
};

/* key: NULL in an array and for the outermost value. */
void vs_jw_object(struct vs_jw *w, const char *key);
void vs_jw_array(struct vs_jw *w, const char *key);
/* Close the innermost object or array.  If it is empty and keep is false, it is
 * removed again, with its key. */
void vs_jw_close(struct vs_jw *w, bool keep);
void vs_jw_str(struct vs_jw *w, const char *key, const char *s); /* NULL: null */
void vs_jw_strn(struct vs_jw *w, const char *key, const char *s, size_t n);
void vs_jw_int(struct vs_jw *w, const char *key, int64_t n);
void vs_jw_bool(struct vs_jw *w, const char *key, bool v);

#endif
