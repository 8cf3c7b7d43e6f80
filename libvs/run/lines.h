/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h - the records of a listing: sorted page by page, aligned on a terminal.  Floor 2.
 *
 * A list may be long: each page is written as soon as it has arrived, sorted by
 * path ("w-2" before "w-10").  On a terminal the fields are in columns instead of
 * separated by tabs. */
#ifndef VS_RUN_LINES_H
#define VS_RUN_LINES_H

#include "net/loop.h"
#include "run/output.h"
#include "text/record.h"

struct vs_lines;

/* output is borrowed.  table: columns instead of records. */
struct vs_lines *vs_lines_new(struct vs_loop *l, struct vs_output *output, bool json, bool table);
/* Takes over what rec owns. */
void vs_lines_add(struct vs_lines *ls, struct vs_rec *rec);
void vs_lines_flush(struct vs_lines *ls);
void vs_lines_free(struct vs_lines *ls); /* NULL is fine; does not flush */

#endif
