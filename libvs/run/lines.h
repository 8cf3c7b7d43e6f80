/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h - a list's records: by the page, sorted, aligned for a reader.  Floor 2.
 *
 * A list may be long: what has come is written as soon as the loop has nothing
 * more of it, sorted by path within that page ("w-2" before "w-10").  On a
 * terminal the fields stand in columns instead of between tabs. */
#ifndef VS_RUN_LINES_H
#define VS_RUN_LINES_H

#include "net/loop.h"
#include "run/output.h"
#include "text/record.h"

struct vs_lines;

/* output is the caller's.  table: columns, not records. */
struct vs_lines *vs_lines_new(struct vs_loop *l, struct vs_output *output, bool json, bool table);
/* Takes what rec owns. */
void vs_lines_add(struct vs_lines *ls, struct vs_rec *rec);
void vs_lines_flush(struct vs_lines *ls);
void vs_lines_free(struct vs_lines *ls); /* NULL is fine; does not flush */

#endif
