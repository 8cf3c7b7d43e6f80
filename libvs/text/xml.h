/* SPDX-License-Identifier: Apache-2.0 */
/* xml.h - reading XML into a small tree.  Floor 1.
 *
 * libxml2's SAX push parser fills an arena.  Its DOM is not used: its nodes are
 * six times as large, and here a list can be passed on item by item while the
 * rest is still arriving. */
#ifndef VS_TEXT_XML_H
#define VS_TEXT_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* Nodes live in the arena of their parser. */
struct vs_node {
	const char *name; /* local name */
	const char *type; /* local part of xsi:type, or NULL */
	const char *ref;  /* the type attribute without namespace, or NULL */
	const char *text; /* its own character data, "" if none; white space around
			   * children is dropped */
	struct vs_node *child, *next;
};

struct vs_xp; /* a parser being fed */

/* item: local name of an element that is passed to each() when it ends, and
 * whose memory is released afterwards; NULL: the whole tree is kept.
 * each() returns 0, or -1 with its err set to stop parsing.  The caller owns
 * the parser: vs_xp_free(). */
struct vs_xp *vs_xp_new(
	const char *item, int (*each)(struct vs_node *, void *arg, struct vs_err *err), void *arg);
/* -1, VS_ERR_FAILED: not well-formed (with the line), a DOCTYPE, or more than a bound
 * of base/bounds.h (DEPTH, TAG, TREE); or the error of each().  After -1, every further
 * call fails.  Give it a bounded piece at a time: it works on all of it. */
int vs_xp_feed(struct vs_xp *p, const char *s, size_t n, struct vs_err *err);
/* The end of the document: its root, or NULL if it was incomplete.  The tree
 * lives until vs_xp_free; items are not in it. */
struct vs_node *vs_xp_end(struct vs_xp *p, struct vs_err *err);
/* Bytes of tree, without the items that have ended; default: the bound TREE. */
void vs_xp_limit(struct vs_xp *p, size_t max);
/* True: it failed because of a bound, and would do so again. */
bool vs_xp_exceeded(const struct vs_xp *p);
void vs_xp_free(struct vs_xp *p);

/* By path "info/error/fault"; NULL if there is no such node, or n is NULL. */
struct vs_node *vs_node_at(struct vs_node *n, const char *path);
const char *vs_node_text(struct vs_node *n, const char *path); /* or NULL */
int64_t vs_node_int(struct vs_node *n, const char *path, int64_t otherwise);
bool vs_node_bool(struct vs_node *n, const char *path); /* absent: false */
struct vs_node *vs_node_next(struct vs_node *n);	/* next sibling of the same name */

#endif
