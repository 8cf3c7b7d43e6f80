/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that cannot fail, strings, cleanup functions, and arenas. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

void
vs_no_memory(void)
{
	static const char msg[] = "out of memory\n";
	ssize_t n = write(2, msg, sizeof msg - 1);

	(void)n;
	_exit(1);
}

void *
vs_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		vs_no_memory();
	return p;
}

void *
vs_realloc(void *p, size_t n, size_t size)
{
	void *q = reallocarray(p, n ? n : 1, size ? size : 1);

	if (q == NULL)
		vs_no_memory();
	return q;
}

char *
vs_strndup(const char *s, size_t n)
{
	char *p = strndup(s, n);

	if (p == NULL)
		vs_no_memory();
	return p;
}

char *
vs_strdup(const char *s)
{
	return s ? vs_strndup(s, strlen(s)) : NULL;
}

char *
vs_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		vs_no_memory();
	va_end(ap);
	return s;
}

void
vs_set(char **to, const char *s)
{
	char *copy = vs_strdup(s);

	free(*to);
	*to = copy;
}

void
vs_wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}

void
vs_free_secret(char *s)
{
	if (s == NULL)
		return;
	vs_wipe(s, strlen(s));
	free(s);
}

void
vs_freep(void *pp)
{
	free(*(void **)pp);
}

void
vs_fclosep(FILE **fp)
{
	if (*fp)
		fclose(*fp);
}

void
vs_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

void
vs_secretp(char **s)
{
	vs_free_secret(*s);
}

struct vs_arena_block {
	struct vs_arena_block *older;
	size_t size;
	_Alignas(16) char mem[];
};

enum { BLOCK = 32 * 1024 };

static char *
mem_take(struct vs_arena *a, size_t want)
{
	char *p;

	if (a->block == NULL || a->block->size - a->used < want) {
		size_t size = want > BLOCK ? want : BLOCK;
		struct vs_arena_block *b = vs_alloc(1, sizeof *b + size);

		b->older = a->block;
		b->size = size;
		a->block = b;
		a->used = 0;
	}
	p = a->block->mem + a->used;
	a->used += want;
	a->total += want;
	return p;
}

void *
vs_arena_get(struct vs_arena *a, size_t n)
{
	/* bytes lost to strings before it */
	size_t gap = a->block ? -a->used & 15 : 0;

	if (gap > 0 && a->block->size - a->used >= gap)
		mem_take(a, gap);
	return memset(mem_take(a, (n + 15) & ~(size_t)15), 0, n);
}

char *
vs_arena_str(struct vs_arena *a, const char *s, size_t n)
{
	char *p = mem_take(a, n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

static void
mem_free_blocks(struct vs_arena_block *b)
{
	while (b) {
		struct vs_arena_block *older = b->older;

		free(b);
		b = older;
	}
}

void
vs_arena_reset(struct vs_arena *a)
{
	if (a->block == NULL)
		return;
	mem_free_blocks(a->block->older);
	a->block->older = NULL;
	if (a->block->size > BLOCK) {
		free(a->block);
		a->block = NULL;
	}
	a->used = a->total = 0;
}

void
vs_arena_free(struct vs_arena *a)
{
	mem_free_blocks(a->block);
	*a = (struct vs_arena){ 0 };
}
