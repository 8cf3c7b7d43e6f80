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
	VS_TREE_ALIAS, /* "*name", stands for another node; lax only */
};

enum vs_tree_style {
	VS_TREE_PLAIN,	 /* may be a number, a boolean or null */
	VS_TREE_QUOTED,	 /* '..' or "..": always a string */
	VS_TREE_LITERAL, /* | and >: always a string */
	VS_TREE_FOLDED,
	VS_TREE_FILLED, /* the value of a placeholder: may be a number or a boolean, but
			 * not null */
};

/* All nodes live in the arena of their document. */
struct vs_tree {
	enum vs_tree_kind kind;
	enum vs_tree_style style;
	bool secret;	  /* the text must not be in messages */
	bool bad;	  /* of a wrong type, and reported as such */
	int line, col;	  /* of its first character, from 1 */
	const char *file; /* name of its document */
	const char *from; /* path of the node that it was made from, for messages;
			   * or NULL */
	const char *key;  /* in a map: its key */
	int key_line, key_col;
	char *text; /* of a scalar; contains no NUL, unless lax */
	size_t len;
	struct vs_tree *child, *next; /* the first item or value; the next one */
	size_t nr;		      /* of an item that was moved: its number in the
				       * document, from 1; else 0 */
	/* Only in a lax document: */
	const char *tag;	/* "!!int" in its long form; or NULL */
	struct vs_tree *name;	/* in a map: its key as a node */
	struct vs_tree *origin; /* of an alias: the node that it stands for */
	struct vs_tree *was;	/* an earlier value of the same key: not used, but its
				 * type is checked */
};

enum { VS_TREE_DEPTH = 64 }; /* levels of lists and maps, at most */

struct vs_tree_doc {
	struct vs_arena arena;
	struct vs_tree *root; /* NULL: only white space and comments */
	bool lax;	      /* set by the caller before it is read */
};

#define VS_TREE_FREE __attribute__((cleanup(vs_tree_free)))
void vs_tree_free(struct vs_tree_doc *d);

/* The value of a key; NULL: there is none, or n is NULL or not a map. */
struct vs_tree *vs_tree_get(const struct vs_tree *n, const char *key);

/* The text of a key's value; NULL: there is none, or it is null or not a scalar. */
const char *vs_tree_text(const struct vs_tree *map, const char *key);

/* A new node with the place of at; text (n bytes) is copied, or NULL.  It is not
 * linked to another node. */
struct vs_tree *vs_tree_new(struct vs_tree_doc *d, const struct vs_tree *at, const char *key,
	enum vs_tree_kind kind, const char *text, size_t n);

/* The value of a key of a map.  If there is none, a node of that kind is added as
 * the last; one of another kind is emptied and changed to it. */
struct vs_tree *vs_tree_put(
	struct vs_tree_doc *d, struct vs_tree *map, const char *key, enum vs_tree_kind kind);

/* Is it a plain scalar that means null: "", "~", "null"? */
bool vs_tree_null(const struct vs_tree *n);

/* What to call it in a message: "a list", "a map", "a string"... */
const char *vs_tree_what(const struct vs_tree *n);

/* -1, VS_ERR_USAGE with the place of the second: a map that was just read has a
 * duplicate key.  n: number of its keys. */
int vs_tree_check_keys(const struct vs_tree *map, size_t n, struct vs_err *err);

#endif
