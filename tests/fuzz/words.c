/* SPDX-License-Identifier: Apache-2.0 */
/* Words that users give: numbers, sizes, durations, versions, labels, taints, thumbprints;
 * and any text as a person sees it. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "fuzz.h"
#include "rke2/label.h"
#include "rke2/version.h"
#include "text/utf8.h"
#include "text/visible.h"

static void
refused(const struct vs_err *err)
{
	must(err->code == VS_ERR_USAGE && err->msg[0], "a word is refused with a message");
}

static void
numbers(const char *s)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err err = { 0 };
	int64_t n, again;

	if (vs_num(s, -5000000000, 5000000000, &n, &err) == 0) {
		must(n >= -5000000000 && n <= 5000000000, "a number is in its range");
		vs_buf_fmt(&b, "%" PRId64, n);
		must(vs_num(b.s, n, n, &again, &err) == 0 && n == again, "and is written again");
	} else {
		refused(&err);
	}
}

static void
sizes(const char *s)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err err = { 0 };
	int64_t n, again;

	if (vs_size(s, &n, &err) == 0) {
		must(n > 0, "a size is positive");
		vs_buf_fmt(&b, "%" PRId64 "K", n >> 10);
		must(n < 1024 || (vs_size(b.s, &again, &err) == 0 && again == (n & ~1023LL)),
			"and is written again");
	} else {
		refused(&err);
	}
}

static void
durations(const char *s)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err err = { 0 };
	int64_t n, again;
	char clock[24];

	if (vs_duration(s, &n, &err) == 0) {
		must(n >= 0, "a duration is not negative");
		vs_buf_fmt(&b, "%" PRId64 "ms", n);
		must(n == 0 || (vs_duration(b.s, &again, &err) == 0 && n == again),
			"and is written again");
		must(strlen(vs_clock(n, clock, sizeof clock)) < sizeof clock - 1, "a clock fits");
	} else {
		refused(&err);
	}
}

static void
versions(const char *s)
{
	struct vs_version v, again;
	struct vs_err err = { 0 };
	VS_FREE char *url = NULL;

	if (vs_version_parse(&v, s, &err) == 0) {
		must(strcmp(v.text, s) == 0 && v.pinned == (v.release >= 0), "a version is kept");
		url = vs_version_url(&v);
		must(strspn(url, "abcdefghijklmnopqrstuvwxyz0123456789.-%B") == strlen(url),
			"and is a part of a URL");
	} else {
		refused(&err);
	}
	err = (struct vs_err){ 0 };
	if (vs_version_find(&v, s, &err) == 0)
		must(strstr(s, v.text) && vs_version_parse(&again, v.text, &err) == 0
				&& again.pinned,
			"a version that is found is a release");
	else
		must(err.code == VS_ERR_FAILED && err.msg[0], "or there is a message");
}

static void
labels(const char *s)
{
	VS_LABEL_FREE struct vs_label l = { 0 }, l2 = { 0 };
	VS_TAINT_FREE struct vs_taint t = { 0 }, t2 = { 0 };
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err err = { 0 };

	if (vs_label_parse(&l, s, &err) == 0) {
		vs_buf_fmt(&b, "%s=%s", l.key, l.value);
		must(vs_label_parse(&l2, b.s, &err) == 0 && strcmp(l.key, l2.key) == 0
				&& strcmp(l.value, l2.value) == 0,
			"a label is written again");
		(void)vs_label_kubelet(&l, &err);
		(void)vs_label_admin(&l, &err);
	} else {
		refused(&err);
		must(l.key == NULL && l.value == NULL, "and nothing is left");
	}
	vs_buf_cut(&b, 0);
	if (vs_taint_parse(&t, s, &err) == 0) {
		vs_buf_fmt(&b, "%s=%s:%s", t.key, t.value, t.effect);
		must(vs_taint_parse(&t2, b.s, &err) == 0 && strcmp(t.key, t2.key) == 0
				&& strcmp(t.value, t2.value) == 0
				&& strcmp(t.effect, t2.effect) == 0,
			"a taint is written again");
	} else {
		refused(&err);
		must(t.key == NULL && t.value == NULL && t.effect == NULL, "and nothing is left");
	}
}

/* The code point at s, which is valid. */
static uint32_t
code(const char *s, size_t n)
{
	uint32_t c = (unsigned char)*s;

	c = n == 1 ? c : c & (0x7fU >> n);
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

static void
visible(const char *s, size_t n)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT, twice = VS_BUF_INIT;
	size_t len;

	vs_visible(&b, s, n);
	must(strlen(b.s) == b.len && vs_utf8(b.s, b.len), "what is shown is text");
	for (size_t i = 0; i < b.len; i += len) {
		len = vs_utf8_next(b.s + i, b.len - i);
		must(!vs_code_control(code(b.s + i, len)) && !vs_code_hidden(code(b.s + i, len)),
			"and no part of it is hidden, or acts on a terminal");
	}
	vs_visible(&twice, b.s, b.len);
	must(strcmp(b.s, twice.s) == 0, "what can be shown is shown as it is");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_FREE char *s = vs_strndup((const char *)data, n);
	VS_FREE char *exact = vs_alloc(n ? n : 1, 1);

	memcpy(exact, data, n);
	numbers(s);
	sizes(s);
	durations(s);
	versions(s);
	labels(s);
	visible(exact, n);
	return 0;
}
