/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - reading JSON with jansson.  Floor 1. */
#ifndef VS_TEXT_JSON_H
#define VS_TEXT_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define VS_JSON_FREE __attribute__((cleanup(vs_json_freep)))
void vs_json_freep(json_t **j);

/* Upper bounds for a text, also one that is not JSON. */
struct vs_json_size {
	int64_t values; /* keys count, too */
	int64_t depth;
	int64_t memory; /* of jansson */
};
struct vs_json_size vs_json_measure(const char *s, size_t n);

/* One JSON text; an object with a duplicate key is refused.  The caller owns the
 * result: json_decref() or VS_JSON_FREE.  NULL: VS_ERR_USAGE with line and
 * column; the message quotes nothing of the text, which may hold secrets.
 * Bounds: DEPTH and TREE. */
json_t *vs_json_read(const char *s, size_t n, struct vs_err *err);

#endif
