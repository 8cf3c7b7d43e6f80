/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h - a document as a tree that knows its lines.  Floor 1.
 *
 * YAML, JSON and Ignition configs all become this tree.  A scalar keeps its text:
 * what it means (number, boolean, string) is decided where its type is known. */
#ifndef VS_TEXT_TREE_H
#define VS_TEXT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

enum vs_tree_kind {
	VS_TREE_SCALAR,
	VS_TREE_LIST,
	VS_TREE_MAP,
	VS_TREE_ALIAS, /* "*name": stands for another node; lax only */
};

enum vs_tree_style {
	VS_TREE_PLAIN,	 /* may mean a number, a truth or null */
	VS_TREE_QUOTED,	 /* '..' or "..": always a string */
	VS_TREE_LITERAL, /* | and >: always a string */
	VS_TREE_FOLDED,
	VS_TREE_FILLED, /* not of the file: a value put in later, which may
				 * mean a number or a truth, but never null */
};

/* All of it lives in the arena of its document. */
struct vs_tree {
	enum vs_tree_kind kind;
	enum vs_tree_style style;
	bool secret;	  /* the text is not for messages */
	bool bad;	  /* not what is wanted here, and that was said */
	int line, col;	  /* of its first character, from 1 */
	const char *file; /* of its document */
	const char *from; /* made by something else in the document: that
				 * one's path, for messages; else NULL */
	const char *key;  /* in a map: the key before it */
	int key_line, key_col;
	char *text; /* of a scalar; no NUL in it, unless lax */
	size_t len;
	struct vs_tree *child, *next; /* items, or values with their keys */
	size_t nr;		      /* of an item that was moved: its place in the
				 * document, from 1; else 0 */
	/* What only a lax document has: */
	const char *tag;	/* as given, "!!int" in full; NULL: none */
	struct vs_tree *name;	/* in a map: the key before it, as a node */
	struct vs_tree *origin; /* of an alias: what it stands for */
	struct vs_tree *was;	/* what stood here before it, by another key: it
				 * counts for nothing, but is of the right type */
};

enum { VS_TREE_DEPTH = 64 }; /* lists and maps in one another */

struct vs_tree_doc {
	struct vs_arena arena;
	struct vs_tree *root; /* NULL: nothing but white space and comments */
	bool lax;	      /* set by the caller, before it is read */
};

#define VS_TREE_FREE __attribute__((cleanup(vs_tree_free)))
void vs_tree_free(struct vs_tree_doc *d);

/* The value of a key; NULL: no such key, or n is NULL or no map. */
struct vs_tree *vs_tree_get(const struct vs_tree *n, const char *key);

/* The text of a key's value; NULL: no such key, null, or not a scalar. */
const char *vs_tree_text(const struct vs_tree *map, const char *key);

/* A new node that stands where at stands; text (n bytes) is copied, NULL: none. */
struct vs_tree *vs_tree_new(struct vs_tree_doc *d, const struct vs_tree *at, const char *key,
	enum vs_tree_kind kind, const char *text, size_t n);

/* The value of a key of a map; put behind the others when there is none, or
 * none of that kind. */
struct vs_tree *vs_tree_put(
	struct vs_tree_doc *d, struct vs_tree *map, const char *key, enum vs_tree_kind kind);

/* True for a plain scalar that says nothing: "", "~", "null". */
bool vs_tree_null(const struct vs_tree *n);

/* What to call it in a message: "a list", "a map", "a string"... */
const char *vs_tree_what(const struct vs_tree *n);

/* A map that has been read: VS_ERR_USAGE, with the place of the second, when a key
 * stands in it twice.  n: how many keys it has. */
int vs_tree_doubles(const struct vs_tree *map, size_t n, struct vs_err *err);

#endif
