/* SPDX-License-Identifier: Apache-2.0 */
/* Builds a tree from libyaml's events: strict, without anchors, aliases and tags; or
 * lax, with everything that Go's yaml.v3 reads (see yaml_go). */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/assert.h"
#include "base/map.h"
#include "text/tree.h"
#include "text/utf8.h"
#include "text/yaml.h"
#include "text/yaml_go.h"

/* An open list or map, and the key of its next value. */
struct level {
	struct vs_tree *node, *last;
	size_t n;
	const char *key;
	struct vs_tree *name; /* lax only */
	int key_line, key_col;
	bool flow; /* in [] or {}; lax only */
};

struct reader {
	struct vs_tree_doc *doc;
	const char *file;
	struct level open[VS_TREE_DEPTH];
	int depth;
	bool over; /* the document has ended */
	/* lax only: */
	struct vs_yaml_go *go;
	struct vs_map anchors; /* name to its latest node */
};

static int
yaml_line_of(yaml_mark_t m)
{
	return (int)m.line + 1;
}

static int
yaml_col_of(yaml_mark_t m)
{
	return (int)m.column + 1;
}

static int
yaml_refuse(const yaml_event_t *e, struct vs_err *err, const char *why)
{
	return vs_fail_at(err, yaml_line_of(e->start_mark), yaml_col_of(e->start_mark), "%s", why);
}

/* libyaml's messages quote no content. */
static int
yaml_not_yaml(const yaml_parser_t *p, struct vs_err *err)
{
	/* common mistakes in plainer words; %d: line of the context */
	static const struct {
		const char *theirs, *context, *ours;
	} plain[] = {
		{ "found character that cannot start any token", NULL,
			"a value cannot start with this character: quote it, or, if it is a tab, indent with spaces" },
		{ "mapping values are not allowed in this context", NULL,
			"a second ': ' in one line, or wrong indentation: quote the value, or correct the indentation" },
		{ "did not find expected '-' indicator", "while parsing a block collection",
			"expected an item ('- ') of the list that starts in line %d: check the indentation" },
		{ "did not find expected key", "while parsing a block mapping",
			"expected a key of the map that starts in line %d: check the indentation" },
		{ "found unexpected end of stream", "while scanning a quoted scalar",
			"the quote that opens in line %d is not closed" },
	};
	const char *what = p->problem ? p->problem : "unreadable";
	yaml_mark_t m = p->problem_mark;

	if (p->error == YAML_READER_ERROR)
		return vs_fail(err, VS_ERR_USAGE, "not valid UTF-8 at byte %zu: %s",
			p->problem_offset + 1, what);
	for (size_t i = 0; i < VS_LEN(plain); i++)
		if (strcmp(what, plain[i].theirs) == 0
			&& (plain[i].context == NULL
				|| (p->context && strcmp(p->context, plain[i].context) == 0)))
			return vs_fail_at(err, yaml_line_of(m), yaml_col_of(m), plain[i].ours,
				yaml_line_of(p->context_mark));
	if (p->context)
		return vs_fail_at(err, yaml_line_of(m), yaml_col_of(m), "%s %s (line %d)", what,
			p->context, yaml_line_of(p->context_mark));
	return vs_fail_at(err, yaml_line_of(m), yaml_col_of(m), "%s", what);
}

static struct level *
yaml_innermost(struct reader *r)
{
	return r->depth ? &r->open[r->depth - 1] : NULL;
}

static bool
yaml_wants_key(struct reader *r)
{
	const struct level *l = yaml_innermost(r);

	return l && l->node->kind == VS_TREE_MAP && l->key == NULL;
}

static void
yaml_set_key(struct level *l, const char *text, struct vs_tree *name, int line, int col)
{
	l->key = text;
	l->name = name;
	l->key_line = line;
	l->key_col = col;
}

/* Append a node to the innermost open list or map. */
static void
yaml_attach(struct reader *r, struct vs_tree *n)
{
	struct level *l = yaml_innermost(r);

	if (l == NULL) {
		r->doc->root = n;
		return;
	}
	n->key = l->key;
	n->name = l->name;
	n->key_line = l->key_line;
	n->key_col = l->key_col;
	l->key = NULL;
	if (l->last)
		l->last->next = n;
	else
		l->node->child = n;
	l->last = n;
	l->n++;
}

static struct vs_tree *
yaml_node(struct reader *r, const yaml_event_t *e, enum vs_tree_kind kind)
{
	struct vs_tree *n = vs_arena_get(&r->doc->arena, sizeof *n);

	n->kind = kind;
	n->file = r->file;
	n->line = yaml_line_of(e->start_mark);
	n->col = yaml_col_of(e->start_mark);
	return n;
}

/* In a lax document any node can be a key. */
static void
yaml_put(struct reader *r, struct vs_tree *n)
{
	if (yaml_wants_key(r))
		yaml_set_key(yaml_innermost(r), n->text ? n->text : "", n, n->line, n->col);
	else
		yaml_attach(r, n);
}

static int
yaml_nest(struct reader *r, const yaml_event_t *e, struct vs_tree *n, bool flow, struct vs_err *err)
{
	if (yaml_wants_key(r) && !r->doc->lax)
		return yaml_refuse(e, err, "a key must be a string, not a list or a map");
	if (r->depth == VS_TREE_DEPTH)
		return yaml_refuse(e, err, "nested too deeply: more than 64 levels");
	yaml_put(r, n);
	r->open[r->depth++] = (struct level){ .node = n, .flow = flow };
	return 0;
}

static enum vs_tree_style
yaml_style_of(const yaml_event_t *e)
{
	switch (e->data.scalar.style) {
	case YAML_LITERAL_SCALAR_STYLE:
		return VS_TREE_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return VS_TREE_FOLDED;
	case YAML_PLAIN_SCALAR_STYLE:
		return VS_TREE_PLAIN;
	default:
		return VS_TREE_QUOTED;
	}
}

static struct vs_tree *
yaml_scalar_node(struct reader *r, const yaml_event_t *e)
{
	struct vs_tree *n = yaml_node(r, e, VS_TREE_SCALAR);

	n->style = yaml_style_of(e);
	n->len = e->data.scalar.length;
	n->text = vs_arena_str(&r->doc->arena, (const char *)e->data.scalar.value, n->len);
	vs_yaml_go_restore(r->go, e, n->text, n->len);
	return n;
}

static int
yaml_key(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	const char *text = (const char *)e->data.scalar.value;

	if (strcmp(text, "<<") == 0 && e->data.scalar.tag == NULL
		&& yaml_style_of(e) == VS_TREE_PLAIN)
		return yaml_refuse(
			e, err, "merge keys ('<<') are not supported: repeat the keys instead");
	yaml_set_key(yaml_innermost(r), vs_arena_str(&r->doc->arena, text, e->data.scalar.length),
		NULL, yaml_line_of(e->start_mark), yaml_col_of(e->start_mark));
	return 0;
}

static int
yaml_scalar(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	struct vs_tree *n;

	if (memchr(e->data.scalar.value, '\0', e->data.scalar.length))
		return yaml_refuse(e, err, "a value cannot contain NUL");
	if (yaml_wants_key(r))
		return yaml_key(r, e, err);
	n = yaml_scalar_node(r, e);
	if (e->data.scalar.tag) /* "!!str 12" is a string */
		n->style = VS_TREE_QUOTED;
	yaml_attach(r, n);
	return 0;
}

/* Refuse anchors and tags, which any node can have. */
static int
yaml_refuse_decoration(const yaml_event_t *e, const yaml_char_t *anchor, const yaml_char_t *tag,
	bool is_scalar, struct vs_err *err)
{
	if (anchor)
		return yaml_refuse(
			e, err, "anchors ('&') are not supported: repeat the value instead");
	if (tag && !(is_scalar && strcmp((const char *)tag, YAML_STR_TAG) == 0))
		return yaml_refuse(e, err, "tags ('!') other than !!str are not supported");
	return 0;
}

static int
yaml_document(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	if (r->over)
		return yaml_refuse(
			e, err, "a second document ('---') starts here: use one file per document");
	return 0;
}

static int
yaml_take(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return yaml_document(r, e, err);
	case YAML_DOCUMENT_END_EVENT:
		r->over = true;
		return 0;
	case YAML_ALIAS_EVENT:
		return yaml_refuse(e, err,
			"aliases ('*') are not supported: repeat the value instead, or quote the '*'");
	case YAML_SCALAR_EVENT:
		if (yaml_refuse_decoration(e, e->data.scalar.anchor, e->data.scalar.tag, true, err)
			< 0)
			return -1;
		return yaml_scalar(r, e, err);
	case YAML_SEQUENCE_START_EVENT:
		if (yaml_refuse_decoration(e, e->data.sequence_start.anchor,
			    e->data.sequence_start.tag, false, err)
			< 0)
			return -1;
		return yaml_nest(r, e, yaml_node(r, e, VS_TREE_LIST), false, err);
	case YAML_MAPPING_START_EVENT:
		if (yaml_refuse_decoration(
			    e, e->data.mapping_start.anchor, e->data.mapping_start.tag, false, err)
			< 0)
			return -1;
		return yaml_nest(r, e, yaml_node(r, e, VS_TREE_MAP), false, err);
	case YAML_MAPPING_END_EVENT:
		assert(r->depth > 0);
		if (vs_tree_check_keys(yaml_innermost(r)->node, yaml_innermost(r)->n, err) < 0)
			return -1;
		r->depth--;
		return 0;
	case YAML_SEQUENCE_END_EVENT:
		r->depth--;
		return 0;
	default:
		return 0;
	}
}

/* Set tag and anchor of a node; its anchor is known from here on, also inside it. */
static struct vs_tree *
yaml_decorate(
	struct reader *r, struct vs_tree *n, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (tag && strcmp((const char *)tag, "!") != 0)
		n->tag = vs_arena_str(&r->doc->arena, (const char *)tag, strlen((const char *)tag));
	if (anchor)
		vs_map_put(&r->anchors, (const char *)anchor, n);
	return n;
}

static int
yaml_alias(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	const char *name = (const char *)e->data.alias.anchor;
	struct vs_tree *n = yaml_node(r, e, VS_TREE_ALIAS);

	n->len = strlen(name);
	n->text = vs_arena_str(&r->doc->arena, name, n->len);
	n->origin = vs_map_get(&r->anchors, name);
	if (n->origin == NULL)
		return vs_fail_at(err, n->line, n->col,
			"unknown anchor '&%.60s': it must precede the alias", name);
	yaml_put(r, n);
	return 0;
}

static int
yaml_take_lax(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	switch (e->type) {
	case YAML_DOCUMENT_END_EVENT:
		r->over = true;
		return 0;
	case YAML_ALIAS_EVENT:
		return yaml_alias(r, e, err);
	case YAML_SCALAR_EVENT:
		yaml_put(r,
			yaml_decorate(r, yaml_scalar_node(r, e), e->data.scalar.anchor,
				e->data.scalar.tag));
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		return yaml_nest(r, e,
			yaml_decorate(r, yaml_node(r, e, VS_TREE_LIST),
				e->data.sequence_start.anchor, e->data.sequence_start.tag),
			e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, err);
	case YAML_MAPPING_START_EVENT:
		return yaml_nest(r, e,
			yaml_decorate(r, yaml_node(r, e, VS_TREE_MAP), e->data.mapping_start.anchor,
				e->data.mapping_start.tag),
			e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, err);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		r->depth--;
		return 0;
	default:
		return 0;
	}
}

static int
yaml_not_utf8(const char *s, size_t n, struct vs_err *err)
{
	int line = 1, col = 1;

	for (size_t k; n > 0 && (k = vs_utf8_next(s, n)) > 0; s += k, n -= k) {
		col = *s == '\n' ? 1 : col + 1;
		line += *s == '\n';
	}
	return vs_fail_at(err, line, col, "not valid UTF-8 from here on");
}

static int
yaml_read_strict(struct reader *r, const char *s, size_t n, yaml_parser_t *p, struct vs_err *err)
{
	yaml_event_t e;
	bool more = true;
	int bad = 0;

	if (!vs_utf8(s, n))
		return yaml_not_utf8(s, n, err);
	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
		s += 3; /* a byte order mark */
		n -= 3;
	}
	yaml_parser_set_encoding(p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(p, (const unsigned char *)s, n);
	while (more && bad == 0) {
		if (!yaml_parser_parse(p, &e))
			return yaml_not_yaml(p, err);
		more = e.type != YAML_STREAM_END_EVENT;
		bad = yaml_take(r, &e, err);
		yaml_event_delete(&e);
	}
	return bad;
}

/* After the first document of several. */
static int
yaml_check_rest(const struct reader *r, size_t tokens, struct vs_err *err)
{
	yaml_parser_t p;
	int bad = 0;

	if (!yaml_parser_initialize(&p))
		return vs_fail(err, VS_ERR_FAILED, "cannot start libyaml");
	if (vs_yaml_go_check_rest(r->go, &p, tokens) < 0)
		bad = yaml_not_yaml(&p, err);
	yaml_parser_delete(&p);
	return bad;
}

/* One event of the first document. */
static int
yaml_event(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	const struct level *l = yaml_innermost(r);
	const char *why = vs_yaml_go_refuses(r->go, e, l && l->flow);

	return why ? yaml_refuse(e, err, why) : yaml_take_lax(r, e, err);
}

static int
yaml_read_lax(struct reader *r, yaml_parser_t *p, struct vs_err *err)
{
	size_t tokens = 0;
	bool more = true;
	yaml_event_t e;
	int bad = 0;

	vs_yaml_go_begin(r->go, p);
	while (more && bad == 0) {
		if (!yaml_parser_parse(p, &e))
			return r->over ? yaml_check_rest(r, tokens, err) : yaml_not_yaml(p, err);
		more = e.type != YAML_STREAM_END_EVENT && !r->over;
		if (more)
			bad = yaml_event(r, &e, err);
		if (more && r->over) /* implicit: the document end "..." is missing */
			tokens = p->tokens_parsed + (e.data.document_end.implicit ? 3 : 2);
		if (!more && e.type != YAML_STREAM_END_EVENT)
			bad = yaml_check_rest(r, tokens, err);
		yaml_event_delete(&e);
	}
	return bad;
}

/* again: another attempt may succeed. */
static int
yaml_read_once(struct vs_tree_doc *d, struct vs_yaml_go *go, const char *file, bool *again,
	struct vs_err *err)
{
	struct reader r = { .doc = d, .file = file, .go = go };
	yaml_parser_t p;
	int bad;

	if (!yaml_parser_initialize(&p))
		return vs_fail(err, VS_ERR_FAILED, "cannot start libyaml");
	bad = d->lax ? yaml_read_lax(&r, &p, err) : yaml_read_strict(&r, go->s, go->n, &p, err);
	*again = bad && d->lax && vs_yaml_go_mend(go, &p);
	yaml_parser_delete(&p);
	vs_map_free(&r.anchors);
	if (bad)
		vs_tree_free(d);
	return bad;
}

int
vs_yaml_read(struct vs_tree_doc *d, const char *s, size_t n, const char *file, struct vs_err *err)
{
	struct vs_yaml_go go = { .s = s, .n = n };
	bool again = false;
	struct vs_err own;
	int bad;

	do {
		bad = yaml_read_once(d, &go, file, &again, &own);
	} while (again);
	vs_yaml_go_free(&go);
	if (bad)
		*err = own;
	return bad;
}
