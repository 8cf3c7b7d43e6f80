/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - one VM a line: what flows through the pipes.  Floor 1. */
#ifndef VS_TEXT_RECORD_H
#define VS_TEXT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct vs_rec_field {
	char *key, *value;
};

/* Owns all it points to.  { 0 } is an empty one. */
struct vs_rec {
	char *path;		     /* "/DC0/vm/worker-1", or a bare name; never NULL once read */
	char *ref;		     /* "VirtualMachine:vm-42", or NULL */
	struct vs_rec_field *fields; /* in the order they came */
	size_t n, cap;
};

/* Read "PATH[TAB REF][TAB KEY=VALUE]...", or a JSON object, into an empty
 * record.  In values a control character or '%' is percent-encoded.
 * VS_ERR_USAGE when it is neither. */
int vs_rec_read(const char *line, size_t n, struct vs_rec *r, struct vs_err *err);

/* The line without its line feed, appended to b. */
void vs_rec_write(const struct vs_rec *r, bool json, struct vs_buf *b);

/* Add or replace; value NULL takes the field out. */
void vs_rec_set(struct vs_rec *r, const char *key, const char *value);
const char *vs_rec_get(const struct vs_rec *r, const char *key); /* or NULL */

/* The last component of the path, as it is written there (encoded). */
const char *vs_rec_name(const struct vs_rec *r);

void vs_rec_free(struct vs_rec *r);

/* Names stand in paths with '%', '/', '\' and control characters as %xx, as
 * vCenter itself keeps '%', '/' and '\' (reference: FindByInventoryPath).
 * Encode leaves what is encoded already alone when vcenter is true. */
void vs_path_encode(const char *name, bool vcenter, struct vs_buf *b);
void vs_path_decode(const char *part, size_t n, struct vs_buf *b);

#endif
