/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds libxml2's SAX parser in small pieces and builds a tree in an arena.  Loads no
 * entities, refuses every DOCTYPE and what exceeds a bound of base/bounds.h: libxml2
 * collects a whole tag before it parses it, in time quadratic in its attributes. */
#include <errno.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bounds.h"
#include "base/num.h"
#include "text/xml.h"

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

enum {
	NAMES = 256 << 10, /* bytes of all different names together: libxml2 looks them up
			   * in 16,384 lists.  vSphere's API has 200 KiB of them */
	SPACES = 1000,	   /* namespaces declared by the open elements: each prefix is
			    * looked up among all of them */
	SLICE = 4 << 10,   /* fed to libxml2 at once */
	KEEP = 64 << 10,   /* of the text buffer, between items */
};

struct xml_level {
	struct vs_node *node, *last; /* and its last child */
	size_t text;		     /* where its text begins */
	int spaces;		     /* its namespaces */
};

struct vs_xp {
	xmlParserCtxt *ctxt; /* its dictionary holds names and types */
	const char *item;
	int (*each)(struct vs_node *, void *, struct vs_err *);
	void *arg;
	struct vs_arena tree, tree_texts;   /* everything outside items */
	struct vs_arena items, items_texts; /* the open item */
	struct vs_node *root;
	struct vs_node *open;	 /* the open item, or NULL */
	struct vs_buf text;	 /* of all open elements, outermost first */
	struct xml_level *stack; /* all open elements */
	size_t depth, cap, deepest;
	int spaces;
	size_t quiet; /* bytes since libxml2 has passed something on */
	size_t tag, max;
	bool failed, exceeded;
	struct vs_err err;
};

static void
xml_stop(struct vs_xp *p)
{
	p->failed = true;
	xmlStopParser(p->ctxt);
}

#define xml_fail(p, ...) \
	do { \
		vs_fail(&(p)->err, VS_ERR_FAILED, __VA_ARGS__); \
		xml_stop(p); \
	} while (0)

#define xml_exceed(p, ...) \
	do { \
		(p)->exceeded = true; \
		xml_fail(p, __VA_ARGS__); \
	} while (0)

static void
xml_check_size(struct vs_xp *p)
{
	char max[VS_BYTES];

	p->quiet = 0;
	if (p->tree.total + p->tree_texts.total + p->items.total + p->items_texts.total
			+ p->text.cap
		> p->max)
		xml_exceed(p, "the XML is too large: it needs more than %s of memory",
			vs_bytes((int64_t)p->max, max));
}

static const char *
xml_intern(struct vs_xp *p, const xmlChar *s, const xmlChar *end)
{
	const xmlChar *d = xmlDictLookup(p->ctxt->dict, s, (int)(end - s));

	if (d == NULL)
		xml_exceed(p, "the XML has too many different names");
	return (const char *)d;
}

/* libxml2 passes five pointers per attribute: name, prefix, namespace, start and end of
 * the value. */
static void
xml_take_attrs(struct vs_xp *p, struct vs_node *n, int count, const xmlChar **a)
{
	for (; count > 0; count--, a += 5) {
		const xmlChar *v = a[3], *colon;

		/* libxml2 leaves an '&' in it as "&#38;"; the name of a type has none */
		if (strcmp((const char *)a[0], "type") != 0 || memchr(v, '&', (size_t)(a[4] - v)))
			continue;
		if (a[1] == NULL && a[2] == NULL) {
			n->ref = xml_intern(p, v, a[4]);
		} else if (a[2] && strcmp((const char *)a[2], XSI) == 0) {
			colon = memrchr(v, ':', (size_t)(a[4] - v));
			n->type = xml_intern(p, colon ? colon + 1 : v, a[4]);
		}
	}
}

static void
xml_push(struct vs_xp *p, struct vs_node *n, bool item, int spaces)
{
	struct xml_level *up = p->depth > 0 ? &p->stack[p->depth - 1] : NULL;

	if (item)
		p->open = n; /* not linked: it is released when it ends */
	else if (up == NULL)
		p->root = n;
	else if (up->last)
		up->last->next = n;
	else
		up->node->child = n;
	if (up && !item)
		up->last = n;
	vs_grow(p->stack, p->depth, p->cap);
	assert(p->stack != NULL);
	p->stack[p->depth++] =
		(struct xml_level){ .node = n, .text = p->text.len, .spaces = spaces };
	p->spaces += spaces;
}

static void
xml_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
	const xmlChar **ns, int n_attrs, int n_default, const xmlChar **attrs)
{
	struct vs_xp *p = arg;
	struct vs_node *n;
	bool item;

	(void)prefix, (void)uri, (void)ns, (void)n_default;
	if (p->failed)
		return;
	if (p->depth == p->deepest) {
		xml_exceed(p, "the XML is nested too deeply: more than %zu elements", p->deepest);
		return;
	}
	if (p->spaces + n_ns > SPACES) {
		xml_exceed(p, "the XML declares too many namespaces: more than %d", SPACES);
		return;
	}
	item = p->item && p->depth > 0 && p->open == NULL
		&& strcmp((const char *)name, p->item) == 0;
	n = vs_arena_get(item || p->open ? &p->items : &p->tree, sizeof *n);
	n->name = (const char *)name;
	n->text = "";
	xml_take_attrs(p, n, n_attrs, attrs);
	xml_push(p, n, item, n_ns);
	xml_check_size(p);
}

static void
xml_end_item(struct vs_xp *p, struct vs_node *n)
{
	p->open = NULL;
	if (p->each(n, p->arg, &p->err) < 0)
		xml_stop(p);
	vs_arena_reset(&p->items);
	vs_arena_reset(&p->items_texts);
	if (p->text.len == 0 && p->text.cap > KEEP)
		vs_buf_free(&p->text);
}

static void
xml_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct vs_xp *p = arg;
	struct xml_level *level;
	struct vs_node *n;
	const char *text;

	(void)name, (void)prefix, (void)uri;
	if (p->failed)
		return;
	assert(p->depth > 0);
	level = &p->stack[--p->depth];
	n = level->node;
	text = p->text.s + level->text;
	/* white space between elements is only layout */
	if (*text && (n->child == NULL || text[strspn(text, " \t\r\n")]))
		n->text = vs_arena_str(p->open ? &p->items_texts : &p->tree_texts, text,
			p->text.len - level->text);
	vs_buf_cut(&p->text, level->text);
	p->spaces -= level->spaces;
	xml_check_size(p);
	if (n == p->open && !p->failed)
		xml_end_item(p, n);
}

static void
xml_text(void *arg, const xmlChar *s, int n)
{
	struct vs_xp *p = arg;

	if (p->failed)
		return;
	vs_buf_add(&p->text, s, (size_t)n);
	xml_check_size(p);
}

/* Comments and processing instructions count as something passed on. */
static void
xml_comment(void *arg, const xmlChar *s)
{
	struct vs_xp *p = arg;

	(void)s;
	p->quiet = 0;
}

static void
xml_instruction(void *arg, const xmlChar *target, const xmlChar *s)
{
	(void)target;
	xml_comment(arg, s);
}

static void
xml_doctype(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
	struct vs_xp *p = arg;

	(void)name, (void)id, (void)uri;
	if (!p->failed)
		xml_fail(p, "the XML has a DOCTYPE, which is not accepted");
}

/* libxml2's error handler, so that it does not print. */
static void
xml_complain(void *arg, xmlErrorPtr e)
{
	struct vs_xp *p = arg;

	if (p->failed || e->level < XML_ERR_FATAL || e->message == NULL)
		return;
	p->failed = true;
	if (e->code == XML_ERR_NO_MEMORY) { /* so it reports the limit of its dictionary */
		xml_exceed(p, "the XML has too many different names");
		return;
	}
	vs_fail(&p->err, VS_ERR_FAILED, "invalid XML in line %d: %.*s", e->line,
		(int)strcspn(e->message, "\n"), e->message);
}

struct vs_xp *
vs_xp_new(const char *item, int (*each)(struct vs_node *, void *, struct vs_err *), void *arg)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = xml_start,
		.endElementNs = xml_end,
		.characters = xml_text,
		.ignorableWhitespace = xml_text,
		.cdataBlock = xml_text,
		.comment = xml_comment,
		.processingInstruction = xml_instruction,
		.internalSubset = xml_doctype,
		.serror = xml_complain,
	};
	struct vs_xp *p = vs_alloc(1, sizeof *p);

	p->item = item;
	p->each = each;
	p->arg = arg;
	p->max = (size_t)vs_bound(VS_BOUND_TREE);
	p->tag = (size_t)vs_bound(VS_BOUND_TAG);
	p->deepest = (size_t)vs_bound(VS_BOUND_DEPTH);
	p->text = (struct vs_buf)VS_BUF_INIT;
	p->ctxt = xmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL);
	if (p->ctxt == NULL) {
		p->failed = true;
		vs_fail(&p->err, VS_ERR_FAILED, "cannot start libxml2");
		return p;
	}
	/* HUGE removes libxml2's limit of 10 MB for a text: our own limits are above.  No
	 * option here lets it load or substitute an entity. */
	xmlCtxtUseOptions(p->ctxt, XML_PARSE_NONET | XML_PARSE_HUGE);
	xmlDictSetLimit(p->ctxt->dict, NAMES);
	return p;
}

void
vs_xp_limit(struct vs_xp *p, size_t max)
{
	p->max = max;
}

static int
xml_feed(struct vs_xp *p, const char *s, size_t n, bool last)
{
	char max[VS_BYTES];

	p->quiet += n;
	xmlParseChunk(p->ctxt, s, (int)n, last);
	if (!p->failed && p->quiet > p->tag)
		xml_exceed(p, "the XML has a tag, comment or CDATA section larger than %s",
			vs_bytes((int64_t)p->tag, max));
	if (!p->failed && !p->ctxt->wellFormed)
		xml_fail(p, "invalid XML in line %d", p->ctxt->input ? p->ctxt->input->line : 0);
	return p->failed ? -1 : 0;
}

int
vs_xp_feed(struct vs_xp *p, const char *s, size_t n, struct vs_err *err)
{
	while (!p->failed && n > 0) {
		size_t slice = n < SLICE ? n : SLICE;

		xml_feed(p, s, slice, false);
		s += slice;
		n -= slice;
	}
	if (!p->failed)
		return 0;
	*err = p->err;
	return -1;
}

bool
vs_xp_exceeded(const struct vs_xp *p)
{
	return p->exceeded;
}

struct vs_node *
vs_xp_end(struct vs_xp *p, struct vs_err *err)
{
	if (!p->failed && (p->root == NULL || p->depth > 0))
		xml_fail(p, "the XML is truncated");
	if (!p->failed)
		xml_feed(p, "", 0, true);
	if (!p->failed)
		return p->root;
	*err = p->err;
	return NULL;
}

void
vs_xp_free(struct vs_xp *p)
{
	if (p == NULL)
		return;
	xmlFreeParserCtxt(p->ctxt);
	vs_arena_free(&p->tree);
	vs_arena_free(&p->tree_texts);
	vs_arena_free(&p->items);
	vs_arena_free(&p->items_texts);
	free(p->stack);
	vs_buf_free(&p->text);
	free(p);
}

struct vs_node *
vs_node_at(struct vs_node *n, const char *path)
{
	while (n && *path) {
		size_t len = strcspn(path, "/");

		for (n = n->child; n; n = n->next)
			if (strncmp(n->name, path, len) == 0 && n->name[len] == '\0')
				break;
		path += len + (path[len] == '/');
	}
	return n;
}

const char *
vs_node_text(struct vs_node *n, const char *path)
{
	n = vs_node_at(n, path);
	return n ? n->text : NULL;
}

int64_t
vs_node_int(struct vs_node *n, const char *path, int64_t otherwise)
{
	const char *s = vs_node_text(n, path);
	long long v;
	char *stop;

	if (s == NULL)
		return otherwise;
	errno = 0;
	v = strtoll(s, &stop, 10);
	return stop == s || errno || stop[strspn(stop, " \t\r\n")] ? otherwise : v;
}

bool
vs_node_bool(struct vs_node *n, const char *path)
{
	const char *s = vs_node_text(n, path);

	return s && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0);
}

struct vs_node *
vs_node_next(struct vs_node *n)
{
	for (const char *name = n->name; (n = n->next) != NULL;)
		if (strcmp(n->name, name) == 0)
			break;
	return n;
}
