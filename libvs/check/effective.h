/* SPDX-License-Identifier: Apache-2.0 */
/* effective.h - an Ignition config and the configs inside it, as one.  Floor 6.
 *
 * Ignition adds the configs in ignition.config.merge to the outer one, and a
 * config in ignition.config.replace takes its place (coreos/ignition,
 * internal/exec/engine.go).  Here their files, links, units and users are listed
 * together.  Configs that are fetched at boot are unknown. */
#ifndef VS_CHECK_EFFECTIVE_H
#define VS_CHECK_EFFECTIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "doc/report.h"

/* The outer config, or one inside it ("data:..."). */
struct vs_effective_part {
	struct vs_tree_doc doc;	  /* of the outer one: a copy of the caller's */
	const struct vs_tree *at; /* the resource that holds it; NULL: the outer one */
	char *path;		  /* "", or "ignition.config.merge.0." */
};

/* A file, a link, a unit or a user. */
struct vs_effective_item {
	const struct vs_tree *v;
	const struct vs_effective_part *part;
	size_t i;	    /* its index in its list */
	const char *name;   /* its name or path; "" if it has none */
	struct vs_buf text; /* files: the contents, at most 4 MiB */
	bool known;	    /* files: text is complete */
};

struct vs_effective_list {
	struct vs_effective_item *v;
	size_t n, cap;
};

enum { VS_EFFECTIVE_PARTS = 16 }; /* gzip can unpack to configs without end */

struct vs_effective {
	struct vs_report *r; /* for findings; the caller's */
	const char *file;    /* name of the input; borrowed */
	struct vs_effective_part *parts[VS_EFFECTIVE_PARTS];
	size_t n_parts;
	struct vs_effective_list files, links, units, users;
	bool unknown; /* some configs are fetched at boot, or unreadable */
	bool skipped; /* there are more than VS_EFFECTIVE_PARTS */
};

#define VS_EFFECTIVE_FREE __attribute__((cleanup(vs_effective_free)))

/* Fill e, which is { 0 } but for r and file, from d, a config with the names of
 * doc/schema.h, valid or not.  d must outlive e. */
void vs_effective_read(struct vs_effective *e, const struct vs_tree_doc *d);
void vs_effective_free(struct vs_effective *e);

/* The file of that path, or NULL; of several the last, which is the one that a
 * merge leaves. */
const struct vs_effective_item *vs_effective_file(const struct vs_effective *e, const char *path);

/* A finding at a path of the whole config ("systemd.units"). */
void vs_effective_report(struct vs_effective *e, enum vs_verdict level, const char *path,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A finding at a key ("mode"; "": the item itself) of an item in list
 * ("storage.files").  It has a line and column only if e->r->json is set:
 * otherwise the config was translated from something else. */
void vs_effective_report_at(struct vs_effective *e, enum vs_verdict level,
	const struct vs_effective_item *m, const char *list, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* The level of a finding about something that is missing: only a warning if it
 * may be in a config that is not known. */
enum vs_verdict vs_effective_missing(const struct vs_effective *e);

#endif
