#include <string.h>

#include "vim/trace.h"

static const char KEY[] = "<key>guestinfo.";

static void
copy_to(struct vs_buf *to, const char **from, const char *until)
{
	vs_buf_add(to, *from, (size_t)(until - *from));
	*from = until;
}

void
vs_trace_reply(const char *s, size_t n, struct vs_buf *to)
{
	const char *end = s + n, *at = s;

	for (;;) {
		const char *key = memmem(at, (size_t)(end - at), KEY, sizeof KEY - 1);
		const char *open, *shut;

		if (key == NULL)
			break;
		open = memmem(key, (size_t)(end - key), "<value", 6);
		open = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
		if (open == NULL)
			break;
		copy_to(to, &at, open + 1);
		shut = memmem(at, (size_t)(end - at), "</value>", 8);
		if (open[-1] == '/')
			continue;
		vs_buf_str(to, "***");
		/* cut off in the middle: the rest is the secret */
		at = shut ? shut : end;
	}
	vs_buf_add(to, at, (size_t)(end - at));
}
