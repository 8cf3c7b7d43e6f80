/* SPDX-License-Identifier: Apache-2.0 */
/* xml.h - write a request element by element, read a reply by path.  Floor 1.
 *
 * Reading is libxml2's SAX push parser into a small tree in an arena: no DOM
 * (its nodes are six times as large), and a list can be handed on item by item
 * while the rest is still arriving. */
#ifndef VS_TEXT_XML_H
#define VS_TEXT_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* ---- writing: names are literals; values are escaped here and nowhere else.
 * What XML 1.0 cannot carry (control characters, invalid UTF-8) sets bad. */
struct vs_xw {
	struct vs_buf b;      /* secret: wiped when freed */
	const char *open[40]; /* names of the open elements */
	int depth;
	const char *bad; /* name of the element whose value could not be written */
	/* byte ranges [from, to) of secret values, for a trace to blank */
	struct {
		size_t from, to;
	} * secrets;
	size_t n_secrets, cap_secrets;
};
#define VS_XW_INIT \
	{ \
		.b = {.s = vs_buf_empty, .secret = true } \
	}

void vs_xw_open(struct vs_xw *w, const char *name); /* at most 40 deep */
void vs_xw_open_type(struct vs_xw *w, const char *name, const char *xsi_type);
void vs_xw_attr(
	struct vs_xw *w, const char *name, const char *value); /* of the element just opened */
void vs_xw_close(struct vs_xw *w);
void vs_xw_text(struct vs_xw *w, const char *name, const char *text); /* NULL: left out */
/* <name type="Type">id</name>, from a managed object reference "Type:id". */
void vs_xw_ref(struct vs_xw *w, const char *name, const char *ref); /* NULL: left out */
void vs_xw_int(struct vs_xw *w, const char *name, int64_t n);
void vs_xw_bool(struct vs_xw *w, const char *name, bool v);
void vs_xw_secret(struct vs_xw *w, const char *name, const char *text); /* *** in a trace */
void vs_xw_typed(
	struct vs_xw *w, const char *name, const char *xsi_type, const char *text, bool secret);
void vs_xw_raw(struct vs_xw *w, const char *xml, size_t n); /* echoes well-formed XML */
void vs_xw_free(struct vs_xw *w);
/* The document with secrets as ***, for a trace. */
void vs_xw_trace(const struct vs_xw *w, struct vs_buf *to);

/* ---- reading: nodes live in the arena of their parser */
struct vs_node {
	const char *name; /* local name */
	const char *type; /* local part of xsi:type, or NULL */
	const char *ref;  /* the type attribute without namespace, or NULL */
	const char *text; /* all character data of its own, "" when none; blanks
				 * around children are dropped */
	struct vs_node *child, *next, *parent;
	struct vs_node *last; /* child, while it grows */
};

struct vs_xp; /* a parser being fed */

/* item: the local name of an element that is handed to each() when it ends,
 * and whose memory is given back after; NULL: the whole tree is kept.
 * each() returns 0, or -1 to end the parse (err is its own). */
struct vs_xp *vs_xp_new(
	const char *item, int (*each)(struct vs_node *, void *arg, struct vs_err *err), void *arg);
/* VS_ERR_FAILED: not well-formed (line and what), DOCTYPE, too deep (256), or too
 * large (in all without items, else per item: see vs_xp_limit).  What each()
 * put into its err comes out here.  After -1 it is -1 for ever. */
int vs_xp_feed(struct vs_xp *p, const char *s, size_t n, struct vs_err *err);
/* The end of the document: its root, or NULL when it was not complete.  The
 * tree lives until vs_xp_free; items are not in it. */
struct vs_node *vs_xp_end(struct vs_xp *p, struct vs_err *err);
void vs_xp_limit(struct vs_xp *p, size_t max); /* bytes of tree; 256 MiB */
void vs_xp_free(struct vs_xp *p);

/* By path "info/error/fault"; NULL when there is none, or n is NULL. */
struct vs_node *vs_node_at(struct vs_node *n, const char *path);
const char *vs_node_text(struct vs_node *n, const char *path); /* or NULL */
int64_t vs_node_int(struct vs_node *n, const char *path, int64_t otherwise);
bool vs_node_bool(struct vs_node *n, const char *path); /* absent: false */
struct vs_node *vs_node_next(struct vs_node *n);	/* next sibling of the same name */
/* Write the children of n as XML again (to echo a device): types and refs are
 * kept, XML Schema's types as xsd:.. (the prefixes xsd and xsi must be bound). */
void vs_node_echo(struct vs_node *n, struct vs_xw *w);

/* A copy of n's children that outlives the tree they are in: *root's children,
 * until the parser that is returned is freed. */
struct vs_xp *vs_node_keep(struct vs_node *n, struct vs_node **root);

#endif
