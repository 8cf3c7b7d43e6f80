/* SPDX-License-Identifier: Apache-2.0 */
/* Records, one per line: fields separated by tabs, or a JSON object; and the encoding
 * of names in paths. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/record.h"

static bool
record_is_control(unsigned char c)
{
	return c < ' ' || c == 127;
}

void
vs_path_encode(const char *name, bool vcenter, struct vs_buf *b)
{
	for (const char *p = name; *p; p++) {
		unsigned char c = (unsigned char)*p;
		bool special = c == '/' || c == '\\' || c == '%';

		/* vCenter encodes these three itself */
		if (record_is_control(c) || (special && !vcenter))
			vs_buf_fmt(b, "%%%02x", c);
		else
			vs_buf_ch(b, (char)c);
	}
}

static int
record_nibble(char c)
{
	return isdigit((unsigned char)c)     ? c - '0'
		: isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
					     : -1;
}

void
vs_path_decode(const char *s, size_t n, struct vs_buf *b)
{
	for (size_t i = 0; i < n; i++) {
		int hi = s[i] == '%' && i + 2 < n ? record_nibble(s[i + 1]) : -1;
		int lo = hi >= 0 ? record_nibble(s[i + 2]) : -1;

		if (lo < 0) {
			vs_buf_ch(b, s[i]);
		} else {
			vs_buf_ch(b, (char)(hi << 4 | lo));
			i += 2;
		}
	}
}

static struct vs_rec_field *
record_find(const struct vs_rec *r, const char *key)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->fields[i].key, key) == 0)
			return &r->fields[i];
	return NULL;
}

void
vs_rec_set(struct vs_rec *r, const char *key, const char *value)
{
	struct vs_rec_field *f = record_find(r, key);

	if (f && value) {
		vs_set(&f->value, value);
	} else if (f) {
		free(f->key);
		free(f->value);
		memmove(f, f + 1, (size_t)(r->fields + --r->n - f) * sizeof *f);
	} else if (value) {
		vs_grow(r->fields, r->n, r->cap);
		r->fields[r->n++] = (struct vs_rec_field){ vs_strdup(key), vs_strdup(value) };
	}
}

const char *
vs_rec_get(const struct vs_rec *r, const char *key)
{
	struct vs_rec_field *f = record_find(r, key);

	return f ? f->value : NULL;
}

const char *
vs_rec_name(const struct vs_rec *r)
{
	const char *slash = strrchr(r->path, '/');

	return slash && slash[1] ? slash + 1 : r->path;
}

void
vs_rec_free(struct vs_rec *r)
{
	free(r->path);
	free(r->ref);
	for (size_t i = 0; i < r->n; i++) {
		free(r->fields[i].key);
		free(r->fields[i].value);
	}
	free(r->fields);
	*r = (struct vs_rec){ 0 };
}

static int
record_take_json(json_t *o, struct vs_rec *r, struct vs_err *err)
{
	const char *key, *path = json_string_value(json_object_get(o, "path"));
	json_t *v;

	if (path == NULL)
		path = json_string_value(json_object_get(o, "name"));
	if (path == NULL || *path == '\0')
		return vs_fail(
			err, VS_ERR_USAGE, "a record needs \"path\" or \"name\" as a string");
	r->path = vs_strdup(path);
	json_object_foreach(o, key, v)
	{
		const char *s = json_string_value(v);

		if (strcmp(key, "path") == 0 || strcmp(key, "name") == 0)
			continue;
		if (s == NULL)
			return vs_fail(err, VS_ERR_USAGE, "\"%s\" is not a string", key);
		if (strcmp(key, "ref") == 0)
			vs_set(&r->ref, s);
		else
			vs_rec_set(r, key, s);
	}
	return 0;
}

static int
record_read_json(const char *s, size_t n, struct vs_rec *r, struct vs_err *err)
{
	json_error_t e;
	VS_JSON_FREE json_t *o = json_loadb(s, n, JSON_REJECT_DUPLICATES, &e);

	if (!json_is_object(o)) {
		/* "... near 'xyz'" may quote a secret field */
		char *near = strstr(e.text, " near ");

		if (near)
			*near = '\0';
		return vs_fail(err, VS_ERR_USAGE, "not a JSON object: %s", e.text);
	}
	return record_take_json(o, r, err);
}

static int
record_take_field(const char *s, size_t n, struct vs_rec *r, struct vs_err *err)
{
	const char *eq = memchr(s, '=', n);
	VS_BUF_FREE struct vs_buf value = VS_BUF_INIT;
	VS_FREE char *key = vs_strndup(s, eq ? (size_t)(eq - s) : n);

	if (eq == NULL || eq == s)
		return vs_fail(err, VS_ERR_USAGE, "'%s' is not a key=value field", key);
	vs_path_decode(eq + 1, n - (size_t)(eq + 1 - s), &value);
	vs_rec_set(r, key, value.s);
	return 0;
}

int
vs_rec_read(const char *s, size_t n, struct vs_rec *r, struct vs_err *err)
{
	const char *end, *tab;
	bool second = true;

	if (n > 0 && s[n - 1] == '\r')
		n--;
	end = s + n;
	if (memchr(s, '\0', n))
		return vs_fail(err, VS_ERR_USAGE, "the record contains NUL");
	if (n > 0 && *s == '{')
		return record_read_json(s, n, r, err);
	tab = memchr(s, '\t', n);
	if (tab == s || n == 0)
		return vs_fail(err, VS_ERR_USAGE, "the record has no path");
	r->path = vs_strndup(s, tab ? (size_t)(tab - s) : n);
	while (tab) {
		const char *part = tab + 1;
		size_t k;

		tab = memchr(part, '\t', (size_t)(end - part));
		k = (size_t)((tab ? tab : end) - part);
		/* the reference "Type:value" comes second and contains no '=' */
		if (second && memchr(part, ':', k) && !memchr(part, '=', k))
			r->ref = vs_strndup(part, k);
		else if (k > 0 && record_take_field(part, k, r, err) < 0)
			return -1;
		second = false;
	}
	return 0;
}

static void
record_write_value(const char *s, struct vs_buf *b)
{
	for (; *s; s++)
		if (record_is_control((unsigned char)*s) || *s == '%')
			vs_buf_fmt(b, "%%%02x", (unsigned char)*s);
		else
			vs_buf_ch(b, *s);
}

static void
record_pair(struct vs_buf *b, const char *key, const char *value)
{
	vs_buf_ch(b, ',');
	vs_json_str(b, key);
	vs_buf_ch(b, ':');
	vs_json_str(b, value);
}

void
vs_rec_write(const struct vs_rec *r, bool json, struct vs_buf *b)
{
	if (!json) {
		vs_buf_str(b, r->path);
		if (r->ref)
			vs_buf_fmt(b, "\t%s", r->ref);
		for (size_t i = 0; i < r->n; i++) {
			vs_buf_fmt(b, "\t%s=", r->fields[i].key);
			record_write_value(r->fields[i].value, b);
		}
		return;
	}
	vs_buf_ch(b, '{');
	vs_json_str(b, "path");
	vs_buf_ch(b, ':');
	vs_json_str(b, r->path);
	if (r->ref)
		record_pair(b, "ref", r->ref);
	record_pair(b, "name", vs_rec_name(r));
	for (size_t i = 0; i < r->n; i++)
		record_pair(b, r->fields[i].key, r->fields[i].value);
	vs_buf_ch(b, '}');
}
