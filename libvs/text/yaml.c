#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "text/enc.h"
#include "text/yaml.h"

enum { DEPTH = 64 };

/* A list or map that is still open, and what is known of its next value. */
struct level {
	struct vs_yaml *node, *last;
	size_t n;
	const char *key;
	int key_line, key_col;
};

struct reader {
	struct vs_yaml_doc *doc;
	const char *file;
	struct level open[DEPTH];
	int depth;
	bool over;		/* the document has ended */
};

static int
line_of(yaml_mark_t m)
{
	return (int)m.line + 1;
}

static int
col_of(yaml_mark_t m)
{
	return (int)m.column + 1;
}

static int
refuse(const yaml_event_t *e, struct vs_err *err, const char *why)
{
	return vs_fail_at(err, line_of(e->start_mark), col_of(e->start_mark),
		"%s", why);
}

/* libyaml's texts name no content. */
static int
not_yaml(const yaml_parser_t *p, struct vs_err *err)
{
	const char *what = p->problem ? p->problem : "unreadable";
	yaml_mark_t m = p->problem_mark;

	if (p->error == YAML_READER_ERROR)
		return vs_fail(err, VS_USAGE, "not UTF-8 text, at byte %zu: %s",
			p->problem_offset + 1, what);
	if (strcmp(what, "found character that cannot start any token") == 0)
		what = "no value can start with this character: quote it, or "
			"indent with blanks if it is a tab";
	if (p->context)
		return vs_fail_at(err, line_of(m), col_of(m), "%s %s (line %d)", what,
			p->context, line_of(p->context_mark));
	return vs_fail_at(err, line_of(m), col_of(m), "%s", what);
}

static int
by_key(const void *a, const void *b)
{
	const struct vs_yaml *x = *(struct vs_yaml *const *)a;
	const struct vs_yaml *y = *(struct vs_yaml *const *)b;
	int d = strcmp(x->key, y->key);

	/* the later one of two equal keys is the one to complain about */
	if (d == 0)
		d = x->key_line != y->key_line ? x->key_line - y->key_line
			: x->key_col - y->key_col;
	return d;
}

/* At the end of a map: a sort finds what stands twice. */
static int
no_doubles(const struct level *l, struct vs_err *err)
{
	VS_FREE struct vs_yaml **all = NULL;
	size_t n = 0;

	if (l->n < 2)
		return 0;
	all = vs_alloc(l->n, sizeof *all);
	for (struct vs_yaml *v = l->node->child; v; v = v->next)
		all[n++] = v;
	qsort(all, n, sizeof *all, by_key);
	for (size_t i = 1; i < n; i++)
		if (strcmp(all[i - 1]->key, all[i]->key) == 0)
			return vs_fail_at(err, all[i]->key_line, all[i]->key_col,
				"the key '%.60s' stands here twice, first in line %d",
				all[i]->key, all[i - 1]->key_line);
	return 0;
}

/* Put a node where it belongs: into the innermost open list or map. */
static void
attach(struct reader *r, struct vs_yaml *n)
{
	struct level *l;

	if (r->depth == 0) {
		r->doc->root = n;
		return;
	}
	l = &r->open[r->depth - 1];
	n->key = l->key;
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

static struct vs_yaml *
node(struct reader *r, const yaml_event_t *e, enum vs_yaml_kind kind)
{
	struct vs_yaml *n = vs_arena_get(&r->doc->arena, sizeof *n);

	n->kind = kind;
	n->file = r->file;
	n->line = line_of(e->start_mark);
	n->col = col_of(e->start_mark);
	return n;
}

static bool
wants_key(const struct reader *r)
{
	const struct level *l;

	if (r->depth == 0)
		return false;
	l = &r->open[r->depth - 1];
	return l->node->kind == VS_YAML_MAP && l->key == NULL;
}

static int
nest(struct reader *r, const yaml_event_t *e, enum vs_yaml_kind kind,
	struct vs_err *err)
{
	struct vs_yaml *n;

	if (wants_key(r))
		return refuse(e, err, "a key must be a word, not a list or a map");
	if (r->depth == DEPTH)
		return refuse(e, err, "nested too deeply: more than 64 levels");
	n = node(r, e, kind);
	attach(r, n);
	r->open[r->depth++] = (struct level){ .node = n };
	return 0;
}

static enum vs_yaml_style
style_of(const yaml_event_t *e)
{
	/* "!!str 12" is the string, as if it stood in quotes */
	if (e->data.scalar.tag)
		return VS_YAML_QUOTED;
	switch (e->data.scalar.style) {
	case YAML_LITERAL_SCALAR_STYLE:
		return VS_YAML_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return VS_YAML_FOLDED;
	case YAML_PLAIN_SCALAR_STYLE:
		return VS_YAML_PLAIN;
	default:
		return VS_YAML_QUOTED;
	}
}

static int
scalar(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	char *copy;

	if (memchr(text, '\0', len))
		return refuse(e, err, "a NUL character cannot be part of a value");
	copy = vs_arena_str(&r->doc->arena, text, len);
	if (wants_key(r)) {
		struct level *l = &r->open[r->depth - 1];

		if (strcmp(copy, "<<") == 0 && style_of(e) == VS_YAML_PLAIN)
			return refuse(e, err, "merge keys ('<<') are not supported: "
				"write out what is meant");
		l->key = copy;
		l->key_line = line_of(e->start_mark);
		l->key_col = col_of(e->start_mark);
		return 0;
	}
	struct vs_yaml *n = node(r, e, VS_YAML_SCALAR);

	n->style = style_of(e);
	n->text = copy;
	n->len = len;
	attach(r, n);
	return 0;
}

/* Anchors and tags may stand at any node. */
static int
decoration(const yaml_event_t *e, const yaml_char_t *anchor,
	const yaml_char_t *tag, bool is_scalar, struct vs_err *err)
{
	if (anchor)
		return refuse(e, err, "anchors ('&') are not supported: write out "
			"what is meant");
	if (tag && !(is_scalar && strcmp((const char *)tag, YAML_STR_TAG) == 0))
		return refuse(e, err, "tags ('!') other than !!str are not "
			"supported");
	return 0;
}

static int
document(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	if (r->over)
		return refuse(e, err, "a second document ('---') starts here: give "
			"one document a file");
	return 0;
}

static int
take(struct reader *r, const yaml_event_t *e, struct vs_err *err)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return document(r, e, err);
	case YAML_DOCUMENT_END_EVENT:
		r->over = true;
		return 0;
	case YAML_ALIAS_EVENT:
		return refuse(e, err, "aliases ('*') are not supported: write out "
			"what is meant, or quote a '*'");
	case YAML_SCALAR_EVENT:
		if (decoration(e, e->data.scalar.anchor, e->data.scalar.tag, true,
				err) < 0)
			return -1;
		return scalar(r, e, err);
	case YAML_SEQUENCE_START_EVENT:
		if (decoration(e, e->data.sequence_start.anchor,
				e->data.sequence_start.tag, false, err) < 0)
			return -1;
		return nest(r, e, VS_YAML_LIST, err);
	case YAML_MAPPING_START_EVENT:
		if (decoration(e, e->data.mapping_start.anchor,
				e->data.mapping_start.tag, false, err) < 0)
			return -1;
		return nest(r, e, VS_YAML_MAP, err);
	case YAML_MAPPING_END_EVENT:
		if (no_doubles(&r->open[r->depth - 1], err) < 0)
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

int
vs_yaml_read(struct vs_yaml_doc *d, const char *s, size_t n, const char *file,
	struct vs_err *err)
{
	struct reader r = { .doc = d, .file = file };
	yaml_parser_t p;
	yaml_event_t e;
	int bad = 0;

	if (!vs_utf8(s, n))
		return vs_fail(err, VS_USAGE, "not UTF-8 text");
	if (!yaml_parser_initialize(&p))
		return vs_fail(err, VS_FAIL, "libyaml does not start");
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)s, n);
	for (bool more = true; more && bad == 0;) {
		if (!yaml_parser_parse(&p, &e)) {
			bad = not_yaml(&p, err);
			break;
		}
		more = e.type != YAML_STREAM_END_EVENT;
		bad = take(&r, &e, err);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&p);
	if (bad)
		vs_yaml_free(d);
	return bad;
}

void
vs_yaml_free(struct vs_yaml_doc *d)
{
	vs_arena_free(&d->arena);
	d->root = NULL;
}

struct vs_yaml *
vs_yaml_get(const struct vs_yaml *n, const char *key)
{
	if (n == NULL || n->kind != VS_YAML_MAP)
		return NULL;
	for (struct vs_yaml *v = n->child; v; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v;
	return NULL;
}

struct vs_yaml *
vs_yaml_new(struct vs_yaml_doc *d, const struct vs_yaml *at, const char *key,
	enum vs_yaml_kind kind, const char *text, size_t n)
{
	struct vs_yaml *v = vs_arena_get(&d->arena, sizeof *v);

	*v = (struct vs_yaml){ .kind = kind, .file = at->file, .line = at->line,
		.col = at->col, .from = at->from, .key = key, .key_line = at->line,
		.key_col = at->col };
	if (text) {
		v->text = vs_arena_str(&d->arena, text, n);
		v->len = n;
	}
	return v;
}

struct vs_yaml *
vs_yaml_put(struct vs_yaml_doc *d, struct vs_yaml *map, const char *key,
	enum vs_yaml_kind kind)
{
	struct vs_yaml *v = vs_yaml_get(map, key), **end;

	if (v) {
		if (v->kind != kind)
			v->child = NULL;
		v->kind = kind;
		return v;
	}
	for (end = &map->child; *end; end = &(*end)->next)
		;
	*end = vs_yaml_new(d, map, key, kind, NULL, 0);
	return *end;
}

bool
vs_yaml_null(const struct vs_yaml *n)
{
	return n->kind == VS_YAML_SCALAR && n->style == VS_YAML_PLAIN
		&& (n->len == 0 || strcmp(n->text, "~") == 0
		|| strcmp(n->text, "null") == 0 || strcmp(n->text, "Null") == 0
		|| strcmp(n->text, "NULL") == 0);
}

const char *
vs_yaml_what(const struct vs_yaml *n)
{
	if (n->kind == VS_YAML_LIST)
		return "a list";
	if (n->kind == VS_YAML_MAP)
		return "a map";
	if (vs_yaml_null(n))
		return "nothing";
	return n->style == VS_YAML_PLAIN ? "a word" : "a string";
}

/* Characters of more than one byte that a reader of YAML 1.1 would take for a
 * line break, or not take at all: their code, else 0. */
static unsigned
special(const char *s, size_t n)
{
	const unsigned char *c = (const unsigned char *)s;
	unsigned code = 0;

	if (n == 2)
		code = (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
	else if (n == 3)
		code = (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
	return (code >= 0x80 && code < 0xa0) || code == 0x2028 || code == 0x2029
		|| code == 0xfeff || code >= 0xfffe ? code : 0;
}

void
vs_yaml_str(struct vs_buf *b, const char *s)
{
	size_t left = strlen(s), n;

	vs_buf_ch(b, '"');
	for (; left > 0; s += n, left -= n) {
		unsigned char c = (unsigned char)*s;
		unsigned code;

		n = vs_utf8_next(s, left);
		n = n ? n : 1;
		code = special(s, n);
		if (c == '"' || c == '\\')
			vs_buf_fmt(b, "\\%c", c);
		else if (c == '\n')
			vs_buf_str(b, "\\n");
		else if (c < ' ' || c == 0x7f)
			vs_buf_fmt(b, "\\x%02x", c);
		else if (code)
			vs_buf_fmt(b, "\\u%04x", code);
		else
			vs_buf_add(b, s, n);
	}
	vs_buf_ch(b, '"');
}
