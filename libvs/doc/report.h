/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - what is wrong with a document: all of it, not the first only.  Floor 2. */
#ifndef VS_DOC_REPORT_H
#define VS_DOC_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "text/tree.h"

/* What Butane 0.29 with the validation of Ignition 2.26 says of the same thing
 * decides: with lax it is what we say, too. */
enum vs_verdict {
	VS_VERDICT_ERROR,   /* an error there */
	VS_VERDICT_WARNING, /* a warning there */
	VS_VERDICT_SLIP,    /* an error of ours, a warning there */
	VS_VERDICT_STRICT,  /* an error of ours, nothing there */
	VS_VERDICT_HINT,    /* a warning of ours, nothing there */
};

struct vs_finding {
	char *path; /* "storage.files.2.mode"; NULL: of the document itself */
	char *text; /* one line, no line feed */
	bool warning;
	const char *file; /* borrowed from the document */
	int line, col;
	size_t nr; /* as they were found */
};

struct vs_report {
	struct vs_finding *v;
	size_t n, cap;
	size_t errors;
	struct vs_source *sources; /* see vs_report_source */
	bool quote;		   /* keep them */
	bool lax;		   /* no stricter than Butane */
	bool json;		   /* the document is Ignition: its names in paths */
	bool partial;		   /* a tree could not be read: what files and links still
			 * need may be in there */
	int spec;		   /* minor of the Ignition version: 3 is 3.3.0 */
};

#define VS_REPORT_FREE __attribute__((cleanup(vs_report_free)))

/* at: where; path: what of it, NULL or "": none.  Give values of the document
 * by vs_shown(). */
void vs_report(struct vs_report *r, enum vs_verdict level, const struct vs_tree *at,
	const char *path, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The same at a key of a map; v is its value. */
void vs_report_key(struct vs_report *r, enum vs_verdict level, const struct vs_tree *v,
	const char *path, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The text of a scalar as it may stand in a message: "***" when it is secret,
 * cut when it is long, in one line. */
const char *vs_shown(const struct vs_tree *scalar, char *buf, size_t n);

/* "worker.bu:14:9: storage.files.2.mode: ...", appended. */
void vs_finding_str(const struct vs_finding *f, struct vs_buf *to);

/* The text of a document, of which lines are shown: copied when r->quote. */
void vs_report_source(struct vs_report *r, const char *file, const char *s, size_t n);

/* Its line, and one below it with a '^' under what is meant, appended, without
 * a line feed at the end; false: there is none to show. */
bool vs_report_quote(const struct vs_report *r, const struct vs_finding *f, struct vs_buf *to);

/* Into the order of the text, file by file; what was said twice once. */
void vs_report_sort(struct vs_report *r);

void vs_report_free(struct vs_report *r);

#endif
