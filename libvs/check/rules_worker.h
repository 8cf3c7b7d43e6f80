/* SPDX-License-Identifier: Apache-2.0 */
/* rules_worker.h - what only an RKE2 worker needs of a config.  Floor 6.
 *
 * A config without any of it boots well, and never becomes a node.  What it
 * fetches at boot cannot be looked at: then what may be in there is not missed. */
#ifndef VS_CHECK_RULES_WORKER_H
#define VS_CHECK_RULES_WORKER_H

#include <stdbool.h>

#include "base/buf.h"
#include "doc/report.h"

/* d: an Ignition config by the names of doc/schema.h, whatever is wrong with
 * it.  Findings have its places when r->json is set; else the text was made of
 * something else, and they have none.  No token is quoted. */
void vs_rules_worker_check(const struct vs_tree_doc *d, const char *file, struct vs_report *r);

/* ---- between rules_worker.c, which gathers, rules_rke2.c and rules_agent.c */

/* A config, or one that it has within, "data:...": a part of the whole. */
struct vs_part {
	struct vs_tree_doc doc;	  /* of one within */
	const struct vs_tree *at; /* of one within: where it stands; else NULL */
	char *path;		  /* "" or "ignition.config.merge.0." */
};

/* A file, a link, a unit, a user. */
struct vs_made {
	const struct vs_tree *v;
	const struct vs_part *part;
	size_t i;	    /* its place in its list */
	const char *name;   /* or path; "" when it has none */
	struct vs_buf text; /* of a file: what will be in it */
	bool known;	    /* of a file: all of it is in text */
};

struct vs_mades {
	struct vs_made *v;
	size_t n, cap;
};

struct vs_wchecker {
	struct vs_report *r;
	const char *file;
	struct vs_part *parts[16];
	size_t n_parts;
	struct vs_mades files, links, units, users;
	bool elsewhere; /* it fetches configs */
};

/* A finding: at path ("systemd.units") of the whole, or at what ("mode") of one
 * of them, list being where it stands ("storage.files"). */
void vs_rules_worker_say(struct vs_wchecker *w, enum vs_verdict level, const char *path,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void vs_rules_worker_say_at(struct vs_wchecker *w, enum vs_verdict level, const struct vs_made *m,
	const char *list, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* The level of what is missing: a config that is fetched may have it. */
enum vs_verdict vs_rules_worker_missing(const struct vs_wchecker *w);

/* The file of that path, or NULL. */
const struct vs_made *vs_rules_worker_file(const struct vs_wchecker *w, const char *path);

/* The text of a scalar of a map, or NULL. */
const char *vs_rules_worker_text(const struct vs_tree *map, const char *key);

/* rules_rke2.c: what the agent is told, and who may read it */
void vs_rules_worker_rke2(struct vs_wchecker *w);

/* rules_agent.c: units, and what starts the agent */
void vs_rules_worker_units(struct vs_wchecker *w);

#endif
