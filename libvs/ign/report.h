/* report.h - what is wrong with a document: all of it, not the first only.  Floor 3. */
#ifndef VS_IGN_REPORT_H
#define VS_IGN_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/yaml.h"

/* "worker.bu:14:9: storage.files.2.mode: ..."; one line, no line feed. */
struct vs_finding {
	char *text;
	bool warning;
	const char *file;	/* borrowed from the document */
	int line, col;
	size_t nr;		/* as they were found */
};

struct vs_report {
	struct vs_finding *v;
	size_t n, cap;
	size_t errors;
	int minor;	/* of the document that is being checked, for its rules */
};

#define VS_REPORT_FREE __attribute__((cleanup(vs_report_free)))

/* at: where; path: what of it ("storage.files.2.mode"), NULL or "": none.
 * Give values of the document by vs_shown(). */
void vs_report_error(struct vs_report *r, const struct vs_yaml *at,
	const char *path, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void vs_report_warn(struct vs_report *r, const struct vs_yaml *at,
	const char *path, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for a key of a map; v is its value. */
void vs_report_key(struct vs_report *r, const struct vs_yaml *v,
	const char *path, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The text of a scalar as it may stand in a message: "***" when it is secret,
 * cut when it is long. */
const char *vs_shown(const struct vs_yaml *scalar, char *buf, size_t n);

/* Into the order of the text, file by file. */
void vs_report_sort(struct vs_report *r);

void vs_report_free(struct vs_report *r);

#endif
