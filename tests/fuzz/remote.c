/* SPDX-License-Identifier: Apache-2.0 */
/* What ssh printed: the bytes as its output, with the answers of commands in it; and what
 * is an answer, as a token and as a version. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "rke2/remote_answer.h"
#include "rke2/token.h"
#include "rke2/version.h"

static bool
within(const struct vs_buf *b, const char *s, size_t n)
{
	return s >= b->s && s + n <= b->s + b->len;
}

static void
read_as(const struct vs_remote_answer *a)
{
	VS_TOKEN_FREE struct vs_token t = { 0 };
	VS_FREE char *text = vs_strndup(a->out, a->out_len);
	struct vs_version v;
	struct vs_err err = { 0 };

	if (vs_token_parse(&t, a->out, a->out_len, &err) == 0)
		must(strlen(t.text) <= a->out_len, "a token is a part of the answer");
	if (vs_version_find(&v, text, &err) == 0)
		must(strstr(text, v.text) && v.pinned, "a version is a word of the answer");
	else
		must(err.code == VS_ERR_FAILED && err.msg[0], "no version: a message");
}

/* The answer again, after another one for a file that does not exist. */
static void
again(const struct vs_remote_answer *a)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_remote_answer c;
	size_t count;

	vs_buf_str(&b, "Welcome\n\n@vsutils begin\n\n@vsutils end 1\nNo such file\n");
	vs_buf_str(&b, "\n@vsutils begin\n");
	vs_buf_add(&b, a->out, a->out_len);
	vs_buf_fmt(&b, "\n@vsutils end %d\n", a->status);
	vs_buf_add(&b, a->why, a->why_len);
	must(vs_remote_answer_find(&b, &c, &count) && count == 2, "it is found again");
	must(c.status == a->status && c.out_len == a->out_len && c.why_len == a->why_len
			&& memcmp(c.out, a->out, a->out_len) == 0
			&& memcmp(c.why, a->why, a->why_len) == 0,
		"and is the same");
	/* cut off in its status line */
	b.len = (size_t)(c.why - b.s) - 1;
	b.s[b.len] = '\0';
	must(!vs_remote_answer_find(&b, &c, &count), "an answer that is cut off is not found");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_remote_answer a;
	size_t count;

	vs_buf_add(&b, data, n);
	if (vs_remote_answer_find(&b, &a, &count)) {
		VS_FREE char *line = vs_remote_answer_line(&a);

		must(count > 0 && a.status >= 0 && a.status < 2560, "a status");
		must(within(&b, a.out, a.out_len) && within(&b, a.why, a.why_len),
			"an answer is a part of the output");
		must(strchr(line, '\n') == NULL && strlen(line) <= a.why_len, "the line is one");
		must(vs_remote_answer_mentions(&a, line), "and is mentioned");
		read_as(&a);
		again(&a);
	}
	return 0;
}
