/* SPDX-License-Identifier: Apache-2.0 */
/* ignition.h - reads, checks and writes Ignition configs.  Floor 3.
 *
 * A config is the same kind of tree as a Butane document, with Butane's names for
 * keys, so that one schema serves both. */
#ifndef VS_IGN_IGNITION_H
#define VS_IGN_IGNITION_H

#include "base/buf.h"
#include "doc/report.h"

/* Read JSON (n bytes) into d, and rename its keys as vs_ignition_rename does.  file
 * is borrowed, for messages.  -1: it is not JSON, d is empty. */
int vs_ignition_read(
	struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_report *r);

/* Give the keys of a tree of JSON (text/json_tree.h) Butane's names, as Ignition
 * would understand them.  Findings use the names in the JSON: an unknown key is
 * reported (as unknown says) and removed; a key in the wrong case is a warning;
 * one that is there in two spellings is an error, and with r->lax the last one
 * counts, as in Go. */
void vs_ignition_rename(struct vs_tree_doc *d, enum vs_verdict unknown, struct vs_report *r);

/* Check keys, types and rules of a config that was read.  -1: Ignition cannot even
 * parse it; r->spec is -1 if the version is not supported, and then nothing else was
 * checked. */
int vs_ignition_check(struct vs_tree_doc *d, const char *file, struct vs_report *r);

/* The same for version 3.spec, whatever version it declares. */
int vs_ignition_check_as(struct vs_tree_doc *d, int spec, struct vs_report *r);

/* Append the config of a document that has no errors, as version 3.spec, with a line
 * feed at the end.  The same document gives the same bytes. */
void vs_ignition_write(const struct vs_tree_doc *d, int spec, bool pretty, struct vs_buf *json);

#endif
