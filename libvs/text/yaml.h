/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h - YAML in as a tree that knows its lines, out safely.  Floor 1.
 *
 * libyaml's events become nodes.  A scalar keeps its text: what it means
 * (number, truth, string) is for whoever knows what belongs there.  JSON is
 * read as well, being YAML. */
#ifndef VS_TEXT_YAML_H
#define VS_TEXT_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

enum vs_yaml_kind {
	VS_YAML_SCALAR, VS_YAML_LIST, VS_YAML_MAP,
	VS_YAML_ALIAS,		/* "*name": stands for another node; lax only */
};

enum vs_yaml_style {
	VS_YAML_PLAIN,		/* may mean a number, a truth or null */
	VS_YAML_QUOTED,		/* '..' or "..": always a string */
	VS_YAML_LITERAL,	/* | and >: always a string */
	VS_YAML_FOLDED,
	VS_YAML_FILLED,		/* not of the file: a value put in later, which may
				 * mean a number or a truth, but never null */
};

/* All of it lives in the arena of its document. */
struct vs_yaml {
	enum vs_yaml_kind kind;
	enum vs_yaml_style style;
	bool secret;		/* the text is not for messages */
	bool bad;		/* not what is wanted here, and that was said */
	int line, col;		/* of its first character, from 1 */
	const char *file;	/* of its document */
	const char *from;	/* made by something else in the document: that
				 * one's path, for messages; else NULL */
	const char *key;	/* in a map: the key before it */
	int key_line, key_col;
	char *text;		/* of a scalar; no NUL in it, unless lax */
	size_t len;
	struct vs_yaml *child, *next;	/* items, or values with their keys */
	size_t nr;		/* of an item that was moved: its place in the
				 * document, from 1; else 0 */
	/* What only a lax document has: */
	const char *tag;	/* as given, "!!int" in full; NULL: none */
	struct vs_yaml *name;	/* in a map: the key before it, as a node */
	struct vs_yaml *origin;	/* of an alias: what it stands for */
	struct vs_yaml *was;	/* what stood here before it, by another key: it
				 * counts for nothing, but is of the right type */
};

struct vs_yaml_doc {
	struct vs_arena arena;
	struct vs_yaml *root;	/* NULL: nothing but white space and comments */
	bool lax;		/* set by the caller, before it is read */
};

#define VS_YAML_FREE __attribute__((cleanup(vs_yaml_free)))

/* One document of UTF-8, at most 64 levels deep; file is for messages and
 * borrowed.  VS_USAGE with line and column: not YAML, a key twice in a map,
 * a second document, an anchor, alias, merge key ("<<") or tag other than
 * !!str, a key that is no plain scalar, a NUL.  So nothing in a document
 * stands for more than itself, and what is read is no larger than what was
 * written.  d is empty ({ 0 }) before, and after an error.
 *
 * With d->lax all is read that Go's gopkg.in/yaml.v3 reads, of which libyaml is
 * the model: UTF-16 too (with a byte order mark), and of several documents the
 * first; what stands behind it is not looked at.  Nothing is resolved: an alias
 * is a node of its own that knows what it stands for (which may have it inside,
 * as a circle), "<<" is a key like others, a key stands where it was
 * written even if it is there twice; what a key is beside its text is in name,
 * and the text is that of a scalar, the name of an alias, or "" (a list, a map).
 * A quoted scalar, and key, may hold a NUL.  VS_USAGE: not YAML, an alias
 * without its anchor, more than 64 levels.  butane/goyaml.h makes plain what was read
 * so. */
int vs_yaml_read(struct vs_yaml_doc *d, const char *s, size_t n,
	const char *file, struct vs_err *err);
void vs_yaml_free(struct vs_yaml_doc *d);

/* The value of a key; NULL: no such key, or n is NULL or no map. */
struct vs_yaml *vs_yaml_get(const struct vs_yaml *n, const char *key);

/* A new node that stands where at stands; text (n bytes) is copied, NULL: none. */
struct vs_yaml *vs_yaml_new(struct vs_yaml_doc *d, const struct vs_yaml *at,
	const char *key, enum vs_yaml_kind kind, const char *text, size_t n);

/* The value of a key of a map; put behind the others when there is none, or
 * none of that kind. */
struct vs_yaml *vs_yaml_put(struct vs_yaml_doc *d, struct vs_yaml *map,
	const char *key, enum vs_yaml_kind kind);

/* True for a plain scalar that says nothing: "", "~", "null". */
bool vs_yaml_null(const struct vs_yaml *n);

/* What to call it in a message: "a list", "a map", "a string"... */
const char *vs_yaml_what(const struct vs_yaml *n);

/* Write a string (UTF-8) so that every YAML reader takes it for that string:
 * always in double quotes. */
void vs_yaml_str(struct vs_buf *b, const char *s);

#endif
