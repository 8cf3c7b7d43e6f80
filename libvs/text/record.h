/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - records, the lines that tools pass on through pipes.  Floor 1. */
#ifndef VS_TEXT_RECORD_H
#define VS_TEXT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct vs_rec_field {
	char *key, *value;
};

/* Owns everything that it points to.  { 0 } is an empty record. */
struct vs_rec {
	char *path;		     /* "/DC0/vm/worker-1", or a bare name; not NULL once read */
	char *ref;		     /* "VirtualMachine:vm-42", or NULL */
	struct vs_rec_field *fields; /* in their order */
	size_t n, cap;
};

/* Read "PATH[TAB REF][TAB KEY=VALUE]..." or a JSON object into an empty record.  In
 * values, control characters and '%' are percent-encoded.  -1, VS_ERR_USAGE: neither
 * of them. */
int vs_rec_read(const char *line, size_t n, struct vs_rec *r, struct vs_err *err);

/* Append the record as a line, without its line feed. */
void vs_rec_write(const struct vs_rec *r, bool json, struct vs_buf *b);

/* Add or replace a field; value NULL removes it. */
void vs_rec_set(struct vs_rec *r, const char *key, const char *value);
const char *vs_rec_get(const struct vs_rec *r, const char *key); /* or NULL */

/* The last component of the path, still encoded; borrowed. */
const char *vs_rec_name(const struct vs_rec *r);

void vs_rec_free(struct vs_rec *r);

/* In paths, '%', '/', '\' and control characters of names are written as %xx; vCenter
 * itself encodes '%', '/' and '\' in names (FindByInventoryPath).  If vcenter is true,
 * those three are encoded already.  Both append. */
void vs_path_encode(const char *name, bool vcenter, struct vs_buf *b);
void vs_path_decode(const char *part, size_t n, struct vs_buf *b);

#endif
