/* SPDX-License-Identifier: Apache-2.0 */
/* Makes libyaml read a text as Go's yaml.v3 does: feeds it in the same portions,
 * replaces characters that libyaml refuses, and finds what only Go refuses. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/yaml_go.h"

enum {
	PORTION = 512, /* bytes: invalid text after a document is an error only if it
			* came in the same portion */
	MENDED = 100,  /* replacements at most: the text is read again after each */
};

/* libyaml keeps an incomplete character for the next portion. */
static int
yaml_go_portion(void *data, unsigned char *to, size_t room, size_t *n)
{
	struct vs_yaml_go *g = data;

	if (g->room == 0)
		g->room = room;
	*n = PORTION - (g->room - room);
	if (*n > g->left)
		*n = g->left;
	memcpy(to, g->s + (g->n - g->left), *n);
	g->left -= *n;
	return 1;
}

static void
yaml_go_rewind_to_start(struct vs_yaml_go *g)
{
	g->chars = 0;
	g->byte = g->n >= 3 && memcmp(g->s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

void
vs_yaml_go_begin(struct vs_yaml_go *g, yaml_parser_t *p)
{
	g->left = g->n;
	g->room = 0;
	yaml_go_rewind_to_start(g);
	yaml_parser_set_input(p, yaml_go_portion, g);
}

/* The text between two marks, which must follow those of the last call.  *n is 0 for
 * UTF-16, where the cases that use this do not occur. */
static const char *
yaml_go_source(struct vs_yaml_go *g, yaml_mark_t from, yaml_mark_t to, size_t *n)
{
	size_t start = 0;

	*n = 0;
	if (g->n >= 2 && (memcmp(g->s, "\xff\xfe", 2) == 0 || memcmp(g->s, "\xfe\xff", 2) == 0))
		return g->s;
	for (;; g->byte++) {
		if (g->byte < g->n && ((unsigned char)g->s[g->byte] & 0xc0) == 0x80)
			continue;
		if (g->chars == from.index)
			start = g->byte;
		if (g->chars >= to.index || g->byte >= g->n)
			break;
		g->chars++;
	}
	*n = g->byte - start;
	return g->s + start;
}

/* Does an escape anywhere in the text produce that character? */
static bool
yaml_go_makes(const struct vs_yaml_go *g, char letter, char c)
{
	for (size_t i = 0; i + 1 < g->n; i++) {
		size_t digits = g->s[i + 1] == 'x' ? 2
			: g->s[i + 1] == 'u'	   ? 4
			: g->s[i + 1] == 'U'	   ? 8
						   : 0;
		char hex[9] = { 0 };

		if (g->s[i] != '\\')
			continue;
		if (g->s[i + 1] == letter)
			return true;
		if (digits == 0 || i + 2 + digits > g->n)
			continue;
		memcpy(hex, g->s + i + 2, digits);
		if (strtoul(hex, NULL, 16) == (unsigned long)c)
			return true;
	}
	return false;
}

/* Choose a character that only an escape can produce, and none in the text does. */
static bool
yaml_go_quote_for(struct vs_yaml_go *g)
{
	static const char all[][2] = { { 'a', '\a' }, { 'v', '\v' }, { 'f', '\f' }, { 'b', '\b' },
		{ 'e', '\033' } };

	for (size_t i = 0; i < VS_LEN(all) && g->letter == 0; i++)
		if (!yaml_go_makes(g, all[i][0], all[i][1])) {
			g->letter = all[i][0];
			g->quote = all[i][1];
		}
	return g->letter != 0;
}

/* Choose one that is not in the text and has no meaning in YAML. */
static bool
yaml_go_colon_for(struct vs_yaml_go *g)
{
	for (const char *c = "^;$=~+_/(<QXJKZ"; *c && g->colon == 0; c++)
		if (memchr(g->s, *c, g->n) == NULL)
			g->colon = *c;
	return g->colon != 0;
}

static void
yaml_go_own_text(struct vs_yaml_go *g)
{
	if (g->mended)
		return;
	g->mended = vs_alloc(g->n + 1, 1);
	memcpy(g->mended, g->s, g->n);
	g->s = g->mended;
}

static bool
yaml_go_mend_quotes(struct vs_yaml_go *g, size_t at)
{
	if (!yaml_go_quote_for(g))
		return false;
	yaml_go_own_text(g);
	/* all of them in this string */
	for (; at + 1 < g->n && g->s[at] != '"'; at++)
		if (g->s[at] == '\\' && g->s[++at] == '\'')
			g->mended[at] = g->letter;
	return true;
}

static bool
yaml_go_mend_colon(struct vs_yaml_go *g, size_t at)
{
	if (!yaml_go_colon_for(g))
		return false;
	yaml_go_own_text(g);
	g->mended[at] = g->colon;
	return true;
}

bool
vs_yaml_go_mend(struct vs_yaml_go *g, const yaml_parser_t *p)
{
	size_t at, n;

	if (p->error != YAML_SCANNER_ERROR || g->times++ == MENDED)
		return false;
	yaml_go_rewind_to_start(g);
	at = (size_t)(yaml_go_source(g, p->problem_mark, p->problem_mark, &n) - g->s);
	if (at + 1 < g->n && g->s[at] == '\\' && g->s[at + 1] == '\'')
		return yaml_go_mend_quotes(g, at);
	return at < g->n && g->s[at] == ':' && strcmp(p->problem, "found unexpected ':'") == 0
		&& yaml_go_mend_colon(g, at);
}

void
vs_yaml_go_restore(const struct vs_yaml_go *g, const yaml_event_t *e, char *text, size_t n)
{
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	char from = plain ? g->colon : g->quote;

	for (size_t i = 0; i < n && from; i++)
		if (text[i] == from)
			text[i] = plain ? ':' : '\'';
}

void
vs_yaml_go_free(struct vs_yaml_go *g)
{
	if (g->mended)
		vs_wipe(g->mended, g->n);
	free(g->mended);
	g->mended = NULL;
}

static bool
yaml_go_slash(const char *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (s[i] == '\\' && s[++i] == '/')
			return true;
	return false;
}

static const char *
yaml_go_scalar(struct vs_yaml_go *g, const yaml_event_t *e, bool flow)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length, n;
	const char *s;

	if (e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
		s = yaml_go_source(g, e->start_mark, e->end_mark, &n);
		return yaml_go_slash(s, n) ? "Go's yaml does not accept '\\/': remove the backslash"
					   : NULL;
	}
	if (!flow || e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return NULL;
	if (memchr(text, '?', len))
		return "Go's yaml ends a word in [] or {} at '?': quote it";
	if (e->data.scalar.tag == NULL || len)
		return NULL;
	s = yaml_go_source(g, e->start_mark, e->end_mark, &n);
	return n && s + n < g->s + g->n && s[n] == ','
		? "Go's yaml reads the ',' as part of the tag before it: put a space between them"
		: NULL;
}

const char *
vs_yaml_go_refuses(struct vs_yaml_go *g, const yaml_event_t *e, bool flow)
{
	const yaml_version_directive_t *v;

	if (e->type == YAML_SCALAR_EVENT)
		return yaml_go_scalar(g, e, flow);
	if (e->type != YAML_DOCUMENT_START_EVENT)
		return NULL;
	v = e->data.document_start.version_directive;
	return v && (v->major != 1 || v->minor != 1)
		? "Go's yaml accepts only %YAML 1.1: remove the line"
		: NULL;
}

int
vs_yaml_go_check_rest(const struct vs_yaml_go *g, yaml_parser_t *p, size_t tokens)
{
	struct vs_yaml_go again = *g;
	yaml_token_t t;
	bool more = true;

	vs_yaml_go_begin(&again, p);
	/* those in the queue have been scanned already */
	while (more && p->tokens_parsed + (size_t)(p->tokens.tail - p->tokens.head) < tokens) {
		if (!yaml_parser_scan(p, &t))
			/* only libyaml checks whether the last one is a key */
			return p->tokens_parsed + 1 == tokens
					&& strcmp(p->problem, "could not find expected ':'") == 0
				? 0
				: -1;
		more = t.type != YAML_STREAM_END_TOKEN;
		yaml_token_delete(&t);
	}
	return 0;
}
