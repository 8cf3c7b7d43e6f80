/* SPDX-License-Identifier: Apache-2.0 */
/* remote_answer.c - finds the answers of rke2/remote's script in what ssh printed. */
#include <string.h>

#include "base/mem.h"
#include "rke2/remote_answer.h"

/* Marks around the output of a command: a login shell may print a greeting. */
static const char BEGIN[] = "\n@vsutils begin\n";
static const char END[] = "\n@vsutils end ";

static const char *
remote_answer_mark(const char *s, const struct vs_buf *b, const char *mark)
{
	return memmem(s, (size_t)(b->s + b->len - s), mark, strlen(mark));
}

bool
vs_remote_answer_find(const struct vs_buf *b, struct vs_remote_answer *a, size_t *count)
{
	const char *s = b->s, *end;

	for (*count = 0; (s = remote_answer_mark(s, b, BEGIN)) != NULL; ++*count) {
		a->out = s + strlen(BEGIN);
		end = remote_answer_mark(a->out, b, END);
		if (end == NULL)
			return false;
		a->out_len = (size_t)(end - a->out);
		s = end + strlen(END);
		if (*s < '0' || *s > '9')
			return false;
		for (a->status = 0; *s >= '0' && *s <= '9' && a->status < 256; s++)
			a->status = a->status * 10 + (*s - '0');
		if (*s != '\n')
			return false;
		a->why = s + 1;
		end = remote_answer_mark(a->why, b, BEGIN);
		a->why_len = (size_t)((end ? end : b->s + b->len) - a->why);
		s = a->why;
	}
	return *count > 0;
}

bool
vs_remote_answer_mentions(const struct vs_remote_answer *a, const char *words)
{
	return memmem(a->why, a->why_len, words, strlen(words)) != NULL;
}

char *
vs_remote_answer_line(const struct vs_remote_answer *a)
{
	size_t n = a->why_len, start;

	while (n > 0 && a->why[n - 1] == '\n')
		n--;
	for (start = n; start > 0 && a->why[start - 1] != '\n';)
		start--;
	return vs_strndup(a->why + start, n - start);
}
