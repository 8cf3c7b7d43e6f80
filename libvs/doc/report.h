/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - findings about a document: every error in it, not only the first.  Floor 2. */
#ifndef VS_DOC_REPORT_H
#define VS_DOC_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/tree.h"

/* How serious a finding is, for us and for the reference: Butane 0.29 with the
 * validation of Ignition 2.26.  A lax report follows the reference. */
enum vs_verdict {
	VS_VERDICT_ERROR,   /* an error, also in the reference */
	VS_VERDICT_WARNING, /* a warning, also in the reference */
	VS_VERDICT_SLIP,    /* an error; a warning in the reference */
	VS_VERDICT_STRICT,  /* an error; accepted silently by the reference */
	VS_VERDICT_HINT,    /* a warning; accepted silently by the reference */
};

struct vs_finding {
	char *path; /* "storage.files.2.mode"; NULL: the document itself */
	char *text; /* one line; both are visible (text/visible.h) */
	bool warning;
	const char *file; /* borrowed from the document */
	int line, col;	  /* from 1 */
	size_t nr;	  /* findings reported before it */
};

/* { 0 } is an empty one; see VS_REPORT_FREE. */
struct vs_report {
	struct vs_finding *v;
	size_t n, cap;
	size_t errors;		   /* findings that are not warnings */
	struct vs_source *sources; /* see vs_report_source */
	bool quote;		   /* keep the sources */
	bool lax;		   /* no stricter than the reference */
	bool json;		   /* the document is Ignition: paths use its JSON names */
	bool partial;		   /* a local tree could not be read, so files and links may
				    * seem incomplete that are not */
	int spec;		   /* minor of the Ignition version: 3 is 3.3.0 */
};

#define VS_REPORT_FREE __attribute__((cleanup(vs_report_free)))

/* Add a finding.  at: its place in the file; path: its place in the document, NULL
 * or "" for the document itself.  Quote values of the document with VS_SHOWN.  A
 * lax report drops VS_VERDICT_STRICT and VS_VERDICT_HINT. */
void vs_report(struct vs_report *r, enum vs_verdict level, const struct vs_tree *at,
	const char *path, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The same about the key of v, a value in a map. */
void vs_report_key(struct vs_report *r, enum vs_verdict level, const struct vs_tree *v,
	const char *path, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The same for a file that could not be parsed: err has the place. */
void vs_report_err(struct vs_report *r, const char *file, const struct vs_err *err);

/* A scalar's text for a message: "***" if it is secret, else its first line, cut
 * to fit into n bytes (at least 8).  Returns the text itself or buf. */
const char *vs_shown(const struct vs_tree *scalar, char *buf, size_t n);

/* The same in a buffer that lives until the end of the block. */
#define VS_SHOWN(v) vs_shown((v), (char[64]){ 0 }, 64)

/* Append "worker.bu:14:9: storage.files.2.mode: TEXT". */
void vs_finding_str(const struct vs_finding *f, struct vs_buf *to);

/* Copy the text of a document, for vs_report_quote.  Does nothing unless
 * r->quote. */
void vs_report_source(struct vs_report *r, const char *file, const char *s, size_t n);

/* Append the line of a finding and, on a second line, a '^' below its column,
 * without a final line feed.  False: the line is not available. */
bool vs_report_quote(const struct vs_report *r, const struct vs_finding *f, struct vs_buf *to);

/* Sort the findings of each file by line and column, and drop duplicates. */
void vs_report_sort(struct vs_report *r);

void vs_report_free(struct vs_report *r); /* r is { 0 } afterwards */

#endif
