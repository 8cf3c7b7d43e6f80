/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds libxml2's SAX parser and builds a tree in an arena.  Loads no entities and
 * refuses every DOCTYPE. */
#include <errno.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "text/xml.h"

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

enum {
	DEPTH = 256,
	TREE = 256 << 20, /* bytes of tree and text at one time */
	QUIET = 16 << 20, /* bytes without an element or text: libxml2 keeps a whole tag
			   * or comment in memory */
	NAMES = 16 << 20, /* bytes of all different names together */
	PIECE = 32 << 10, /* fed to libxml2 at once, which copies it */
	KEEP = 64 << 10,  /* of the text buffer, between items */
};

struct vs_xp {
	xmlParserCtxt *ctxt; /* its dictionary holds names and types */
	const char *item;
	int (*each)(struct vs_node *, void *, struct vs_err *);
	void *arg;
	struct vs_arena tree;  /* everything outside items */
	struct vs_arena items; /* the open item */
	struct vs_node *root, *at;
	struct vs_node *open; /* the open item, or NULL */
	struct vs_buf text;   /* of all open elements, outermost first ... */
	size_t from[DEPTH];   /* ... and where each one's begins */
	int depth;
	size_t quiet, max;
	bool failed;
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

static void
xml_check_size(struct vs_xp *p)
{
	p->quiet = 0;
	if (p->tree.total + p->items.total + p->text.len > p->max)
		xml_fail(p, "the XML is too large: more than %zu MiB", p->max >> 20);
}

static const char *
xml_intern(struct vs_xp *p, const xmlChar *s, const xmlChar *end)
{
	const xmlChar *d = xmlDictLookup(p->ctxt->dict, s, (int)(end - s));

	if (d == NULL)
		xml_fail(p, "the XML has too many different names");
	return (const char *)d;
}

/* libxml2 passes five pointers per attribute: name, prefix, namespace, start and end of
 * the value. */
static void
xml_take_attrs(struct vs_xp *p, struct vs_node *n, int count, const xmlChar **a)
{
	for (; count > 0; count--, a += 5) {
		const xmlChar *v = a[3], *colon;

		if (strcmp((const char *)a[0], "type") != 0)
			continue;
		if (a[1] == NULL && a[2] == NULL) {
			n->ref = xml_intern(p, v, a[4]);
		} else if (a[2] && strcmp((const char *)a[2], XSI) == 0) {
			colon = memchr(v, ':', (size_t)(a[4] - v));
			n->type = xml_intern(p, colon ? colon + 1 : v, a[4]);
		}
	}
}

static void
xml_link_child(struct vs_node *parent, struct vs_node *n)
{
	if (parent->last)
		parent->last->next = n;
	else
		parent->child = n;
	parent->last = n;
}

static void
xml_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
	const xmlChar **ns, int n_attrs, int n_default, const xmlChar **attrs)
{
	struct vs_xp *p = arg;
	struct vs_node *n;
	bool item;

	(void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
	if (p->failed)
		return;
	if (p->depth == DEPTH) {
		xml_fail(p, "the XML is nested too deeply: more than %d elements", DEPTH);
		return;
	}
	item = p->item && p->at && p->open == NULL && strcmp((const char *)name, p->item) == 0;
	n = vs_arena_get(item || p->open ? &p->items : &p->tree, sizeof *n);
	n->name = (const char *)name;
	n->text = "";
	n->parent = p->at;
	if (item)
		p->open = n; /* not linked: it is released when it ends */
	else if (p->at)
		xml_link_child(p->at, n);
	else
		p->root = n;
	xml_take_attrs(p, n, n_attrs, attrs);
	p->at = n;
	p->from[p->depth++] = p->text.len;
	xml_check_size(p);
}

static void
xml_end_item(struct vs_xp *p, struct vs_node *n)
{
	p->open = NULL;
	if (p->each(n, p->arg, &p->err) < 0)
		xml_stop(p);
	vs_arena_reset(&p->items);
	if (p->text.len == 0 && p->text.cap > KEEP)
		vs_buf_free(&p->text);
}

static void
xml_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct vs_xp *p = arg;
	struct vs_node *n = p->at;
	const char *text;
	size_t from;

	(void)name, (void)prefix, (void)uri;
	if (p->failed)
		return;
	assert(n && p->depth > 0);
	from = p->from[--p->depth];
	text = p->text.s + from;
	/* white space between elements is only layout */
	if (*text && (n->child == NULL || text[strspn(text, " \t\r\n")]))
		n->text = vs_arena_str(p->open ? &p->items : &p->tree, text, p->text.len - from);
	vs_buf_cut(&p->text, from);
	p->at = n->parent;
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
		.internalSubset = xml_doctype,
		.serror = xml_complain,
	};
	struct vs_xp *p = vs_alloc(1, sizeof *p);

	p->item = item;
	p->each = each;
	p->arg = arg;
	p->max = TREE;
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
	p->quiet += n;
	xmlParseChunk(p->ctxt, s, (int)n, last);
	if (!p->failed && p->quiet > QUIET)
		xml_fail(p, "the XML is too large: more than %d MiB in one tag", QUIET >> 20);
	if (!p->failed && !p->ctxt->wellFormed)
		xml_fail(p, "invalid XML in line %d", p->ctxt->input ? p->ctxt->input->line : 0);
	return p->failed ? -1 : 0;
}

int
vs_xp_feed(struct vs_xp *p, const char *s, size_t n, struct vs_err *err)
{
	while (!p->failed && n > 0) {
		size_t piece = n < PIECE ? n : PIECE;

		xml_feed(p, s, piece, false);
		s += piece;
		n -= piece;
	}
	if (!p->failed)
		return 0;
	*err = p->err;
	return -1;
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
	vs_arena_free(&p->items);
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
