/* SPDX-License-Identifier: Apache-2.0 */
/* Records, one per line: fields separated by tabs, or a JSON object; and the encoding
 * of names in paths.  Nothing that is read or set can make a second record or field. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/record.h"
#include "text/utf8.h"
#include "text/visible.h"

enum { RECORD_FIELDS = 1000 }; /* of one that is read */

/* Length of the character at s; 0: control character or not UTF-8. */
static size_t
record_plain(const char *s, size_t n)
{
	uint32_t code;
	size_t k = vs_utf8_code(s, n, &code);

	return k > 0 && !vs_code_control(code) ? k : 0;
}

static void
record_percent(struct vs_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vs_buf_fmt(b, "%%%02x", (unsigned char)s[i]);
}

/* Append s; the characters in also, control characters and what is not UTF-8 as %xx. */
static void
record_encode(struct vs_buf *b, const char *s, const char *also)
{
	size_t n = strlen(s), run = 0; /* bytes to copy unchanged */

	while (run < n) {
		size_t k = record_plain(s + run, n - run);

		if (k > 0 && strchr(also, s[run]) == NULL) {
			run += k;
			continue;
		}
		vs_buf_add(b, s, run);
		k = vs_utf8_next(s + run, n - run);
		k = k ? k : 1;
		record_percent(b, s + run, k);
		s += run + k;
		n -= run + k;
		run = 0;
	}
	vs_buf_add(b, s, run);
}

void
vs_path_encode(const char *name, bool vcenter, struct vs_buf *b)
{
	/* vCenter encodes these three itself */
	record_encode(b, name, vcenter ? "" : "/\\%");
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

		/* no name or value holds NUL: %00 stays as it is */
		if (lo < 0 || (hi | lo) == 0) {
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

/* ---- reading */

/* Refuse what would act on a terminal or split a line. */
static int
record_check_text(const char *what, const char *s, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf as = VS_BUF_INIT;
	size_t n = strlen(s), k;

	for (; n > 0; s += k, n -= k) {
		k = record_plain(s, n);
		if (k > 0)
			continue;
		k = vs_utf8_next(s, n);
		if (k == 0)
			return vs_fail(err, VS_ERR_USAGE, "the %s is not UTF-8", what);
		record_percent(&as, s, k);
		return vs_fail(err, VS_ERR_USAGE,
			"the %s contains a control character: it is written as '%s'", what, as.s);
	}
	return 0;
}

/* "Type:value" */
static int
record_check_ref(const char *ref, struct vs_err *err)
{
	size_t n = 0;

	while (isalnum((unsigned char)ref[n]))
		n++;
	if (record_check_text("reference", ref, err) < 0)
		return -1;
	if (n == 0 || ref[n] != ':' || ref[n + 1] == '\0' || strchr(ref, '='))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not a reference: expected TYPE:ID, as VirtualMachine:vm-42", ref);
	return 0;
}

/* Members that every JSON record may have, beside its fields. */
static bool
record_is_reserved(const char *key)
{
	return strcmp(key, "path") == 0 || strcmp(key, "name") == 0 || strcmp(key, "ref") == 0;
}

static int
record_check_key(const struct vs_rec *r, const char *key, struct vs_err *err)
{
	if (*key == '\0')
		return vs_fail(err, VS_ERR_USAGE, "a field has no key");
	/* each key is compared with all before it */
	if (r->n >= RECORD_FIELDS)
		return vs_fail(
			err, VS_ERR_USAGE, "the record has more than %d fields", RECORD_FIELDS);
	if (record_check_text("key of a field", key, err) < 0)
		return -1;
	if (strchr(key, '='))
		return vs_fail(
			err, VS_ERR_USAGE, "'%s' is not the key of a field: it contains '='", key);
	if (record_is_reserved(key))
		return vs_fail(err, VS_ERR_USAGE,
			"'%s' is not the key of a field: JSON records use it", key);
	return 0;
}

static int
record_take_path(const char *path, size_t n, struct vs_rec *r, struct vs_err *err)
{
	r->path = vs_strndup(path, n);
	return record_check_text("path", r->path, err);
}

static int
record_take_member(struct vs_rec *r, const char *key, const char *s, struct vs_err *err)
{
	if (strcmp(key, "ref") == 0) {
		vs_set(&r->ref, s);
		return record_check_ref(s, err);
	}
	if (record_is_reserved(key))
		return 0;
	if (record_check_key(r, key, err) < 0)
		return -1;
	vs_rec_set(r, key, s);
	return 0;
}

static int
record_take_json(json_t *o, struct vs_rec *r, struct vs_err *err)
{
	json_t *path = json_object_get(o, "path"), *v;
	const char *key, *s;

	s = json_string_value(path ? path : json_object_get(o, "name"));
	if (s == NULL || *s == '\0')
		return vs_fail(
			err, VS_ERR_USAGE, "a record needs \"path\" or \"name\" as a string");
	if (record_take_path(s, strlen(s), r, err) < 0)
		return -1;
	json_object_foreach(o, key, v)
	{
		s = json_string_value(v);
		if (s == NULL)
			return vs_fail(err, VS_ERR_USAGE, "\"%s\" is not a string", key);
		if (record_take_member(r, key, s, err) < 0)
			return -1;
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
	if (record_check_key(r, key, err) < 0)
		return -1;
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
	if (record_take_path(s, tab ? (size_t)(tab - s) : n, r, err) < 0)
		return -1;
	while (tab) {
		const char *part = tab + 1;
		size_t k;

		tab = memchr(part, '\t', (size_t)(end - part));
		k = (size_t)((tab ? tab : end) - part);
		/* the reference "Type:value" comes second and contains no '=' */
		if (second && memchr(part, ':', k) && !memchr(part, '=', k)) {
			r->ref = vs_strndup(part, k);
			if (record_check_ref(r->ref, err) < 0)
				return -1;
		} else if (k > 0 && record_take_field(part, k, r, err) < 0) {
			return -1;
		}
		second = false;
	}
	return 0;
}

/* ---- writing */

/* Keys, references and paths are the same text in both forms of a record.  A '%' in them
 * is the beginning of an encoded character already. */
static void
record_key(struct vs_buf *b, const char *key)
{
	if (record_is_reserved(key))
		record_percent(b, key++, 1);
	record_encode(b, key, "=");
}

static void
record_path(struct vs_buf *b, const char *path)
{
	/* a line that begins with '{' is JSON */
	if (*path == '{')
		record_percent(b, path++, 1);
	record_encode(b, path, "");
}

/* An empty one, of a server, would be an empty column. */
static bool
record_has_ref(const struct vs_rec *r)
{
	return r->ref && *r->ref;
}

static void
record_member(struct vs_buf *b, const char *key, const char *value)
{
	if (b->s[b->len - 1] != '{')
		vs_buf_ch(b, ',');
	vs_json_str(b, key);
	vs_buf_ch(b, ':');
	vs_json_str(b, value);
}

static void
record_write_json(const struct vs_rec *r, struct vs_buf *b)
{
	VS_BUF_FREE struct vs_buf s = VS_BUF_INIT;

	vs_buf_ch(b, '{');
	record_path(&s, r->path);
	record_member(b, "path", s.s);
	if (record_has_ref(r)) {
		vs_buf_cut(&s, 0);
		record_encode(&s, r->ref, "=");
		record_member(b, "ref", s.s);
	}
	vs_buf_cut(&s, 0);
	record_path(&s, vs_rec_name(r));
	record_member(b, "name", s.s);
	for (size_t i = 0; i < r->n; i++) {
		vs_buf_cut(&s, 0);
		record_key(&s, r->fields[i].key);
		record_member(b, s.s, r->fields[i].value);
	}
	vs_buf_ch(b, '}');
}

void
vs_rec_write(const struct vs_rec *r, bool json, struct vs_buf *b)
{
	if (json) {
		record_write_json(r, b);
		return;
	}
	record_path(b, r->path);
	if (record_has_ref(r)) {
		vs_buf_ch(b, '\t');
		record_encode(b, r->ref, "=");
	}
	for (size_t i = 0; i < r->n; i++) {
		vs_buf_ch(b, '\t');
		record_key(b, r->fields[i].key);
		vs_buf_ch(b, '=');
		record_encode(b, r->fields[i].value, "%");
	}
}
