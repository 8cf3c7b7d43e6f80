/* SPDX-License-Identifier: Apache-2.0 */
/* The unit parser of coreos/go-systemd, unit/deserialize.go (lexer), with its quirks.
 * It does not check what a unit means. */
#include <string.h>

#include "ign/unit.h"
#include "text/utf8.h"

/* The parser reads through a buffer of 4096 bytes, and notices a long line only if it is
 * in the buffer.  What it accepts depends on that. */
enum { WINDOW = 4096 };

struct parser {
	const char *s;
	size_t n, at, end; /* end: of the window in s */
	const char *flaw;
	const char *want; /* the section to find, or NULL */
	bool in_it, found;
};

static void
unit_fill(struct parser *p)
{
	p->end = p->n - p->at > WINDOW ? p->at + WINDOW : p->n;
}

/* Move past the next c.  False: c was not found, all was read. */
static bool
unit_skip(struct parser *p, char c)
{
	for (;;) {
		const char *hit = memchr(p->s + p->at, c, p->end - p->at);

		if (hit) {
			p->at = (size_t)(hit - p->s) + 1;
			return true;
		}
		if (p->end == p->n) {
			p->at = p->n;
			return false;
		}
		if (p->end - p->at >= WINDOW)
			p->at = p->end;
		unit_fill(p);
	}
}

/* The length of the character at p->at; 0: the end. */
static size_t
unit_rune(struct parser *p)
{
	size_t n = p->end - p->at;

	if (n == 0 || (n < 4 && vs_utf8_next(p->s + p->at, n) == 0))
		unit_fill(p);
	if (p->at == p->n)
		return 0;
	n = vs_utf8_next(p->s + p->at, p->n - p->at);
	return n ? n : 1;
}

/* White space, as unicode.IsSpace of Go has it. */
static bool
unit_space(const char *s, size_t n)
{
	static const char *const wide[] = { "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8",
		"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80" };

	if (n == 1)
		return *s == ' ' || (*s >= '\t' && *s <= '\r');
	if (n == 3 && memcmp(s, "\xe2\x80", 2) == 0 && (unsigned char)s[2] >= 0x80
		&& (unsigned char)s[2] <= 0x8a)
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strlen(wide[i]) == n && memcmp(s, wide[i], n) == 0)
			return true;
	return false;
}

/* Move past the line; returns its length, without the line feed. */
static size_t
unit_line(struct parser *p, const char **s, bool *last)
{
	size_t from = p->at;

	*last = !unit_skip(p, '\n');
	*s = p->s + from;
	return p->at - from - !*last;
}

static bool
unit_blank(const char *s, size_t n)
{
	for (size_t k; n > 0; s += k, n -= k) {
		k = vs_utf8_next(s, n);
		if (!unit_space(s, k ? k : 1))
			return false;
		k = k ? k : 1;
	}
	return true;
}

static void
unit_comment(struct parser *p)
{
	const char *s;
	size_t n;
	bool last;

	do {
		n = unit_line(p, &s, &last);
		if (n > 0 && s[n - 1] == ' ')
			n--;
	} while (n > 0 && s[n - 1] == '\\' && !last);
}

static bool
unit_too_long(struct parser *p)
{
	if (p->end - p->at < VS_UNIT_LINE)
		return false;
	for (size_t i = 0; i < VS_UNIT_LINE; i++)
		if (p->s[p->at + i] == '\n' || p->s[p->at + i] == '\r')
			return false;
	p->flaw = "a line longer than 2048 bytes";
	return true;
}

/* After "[": a name, "]", and nothing else in that line. */
static void
unit_section(struct parser *p)
{
	size_t from = p->at, n;
	const char *s;
	bool last;

	if (!unit_skip(p, ']')) {
		p->flaw = "a section header without ']'";
		return;
	}
	n = p->at - from - 1;
	p->in_it = p->want && n == strlen(p->want) && memcmp(p->s + from, p->want, n) == 0;
	if (unit_too_long(p))
		return;
	n = unit_line(p, &s, &last);
	if (!unit_blank(s, n))
		p->flaw = "extra characters after a section header";
}

/* "Name=value", with the lines that '\' continues it on. */
static void
unit_option(struct parser *p)
{
	const char *s;
	size_t n;
	bool last;

	for (;;) {
		n = unit_rune(p);
		if (n == 0)
			p->flaw = "it ends in the middle of a 'Name=value' line";
		else if (p->s[p->at] == '\n' || p->s[p->at] == '\r')
			p->flaw = "a line that is not 'Name=value'";
		if (p->flaw)
			return;
		p->at += n;
		if (p->s[p->at - n] == '=')
			break;
	}
	do {
		if (unit_too_long(p))
			return;
		n = unit_line(p, &s, &last);
	} while (!unit_blank(s, n) && s[n - 1] == '\\' && !last);
	p->found |= p->in_it;
}

static void
unit_parse(struct parser *p)
{
	bool inside = false; /* a section */
	size_t n;

	while (p->flaw == NULL && !unit_too_long(p) && (n = unit_rune(p)) > 0) {
		char c = p->s[p->at];

		if (c != '[' && c != '#' && c != ';' && inside && !unit_space(p->s + p->at, n)) {
			if (!unit_too_long(p))
				unit_option(p);
			continue;
		}
		p->at += n;
		if (c == '[') {
			if (!unit_too_long(p))
				unit_section(p);
			inside = true;
		} else if ((c == '#' || c == ';') && !unit_too_long(p)) {
			unit_comment(p);
		}
	}
}

const char *
vs_unit_flaw(const char *s, size_t n)
{
	struct parser p = { .s = s, .n = n };

	unit_parse(&p);
	return p.flaw;
}

bool
vs_unit_has(const char *s, size_t n, const char *name)
{
	struct parser p = { .s = s, .n = n, .want = name };

	unit_parse(&p);
	return p.found && p.flaw == NULL;
}
