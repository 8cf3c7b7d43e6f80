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
 * values of the first form, %xx is decoded.  -1, VS_ERR_USAGE: neither of them, or a path,
 * reference or key that contains a control character (vs_code_control) or is not UTF-8; a
 * reference that is not TYPE:ID; a key that is empty, contains '=', or is "path", "name"
 * or "ref"; more than 1,000 fields.  The message quotes no value. */
int vs_rec_read(const char *line, size_t n, struct vs_rec *r, struct vs_err *err);

/* Append the record as a line, without its line feed.  What vs_rec_read would refuse or
 * take for something else is percent-encoded: in both forms control characters and bytes
 * that are not UTF-8 in paths, references and keys; in the first form these and '%' in
 * values.  In a JSON value bytes that are not UTF-8 become U+FFFD. */
void vs_rec_write(const struct vs_rec *r, bool json, struct vs_buf *b);

/* Add or replace a field; value NULL removes it. */
void vs_rec_set(struct vs_rec *r, const char *key, const char *value);
const char *vs_rec_get(const struct vs_rec *r, const char *key); /* or NULL */

/* The last component of the path, still encoded; borrowed. */
const char *vs_rec_name(const struct vs_rec *r);

void vs_rec_free(struct vs_rec *r);

/* In paths, '%', '/', '\' and control characters of names are written as %xx; vCenter
 * itself encodes '%', '/' and '\' in names (FindByInventoryPath).  If vcenter is true,
 * those three are encoded already.  Both append.  %00 is not decoded. */
void vs_path_encode(const char *name, bool vcenter, struct vs_buf *b);
void vs_path_decode(const char *part, size_t n, struct vs_buf *b);

#endif
