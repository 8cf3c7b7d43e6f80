/* SPDX-License-Identifier: Apache-2.0 */
/* mem.h - allocation that does not fail, strings, and arenas.  Floor 0. */
#ifndef VS_BASE_MEM_H
#define VS_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Zeroed, never NULL: out of memory ends the program with a message and status 1.
 * Freed with free(). */
void *vs_alloc(size_t n, size_t size);
void *vs_realloc(void *p, size_t n, size_t size);
void vs_no_memory(void) __attribute__((noreturn));
char *vs_strdup(const char *s); /* NULL gives NULL */
char *vs_strndup(const char *s, size_t n);
char *vs_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vs_set(char **to, const char *s); /* free *to, *to = copy of s */

/* Make room for one more element in a growing array: vs_grow(a, n, cap). */
#define vs_grow(a, n, cap) \
	((n) < (cap) ? (void)0 \
		     : (void)((a) = vs_realloc((a), (cap) = (cap) ? (cap)*2 : 8, sizeof *(a))))

/* Overwrite memory; overwrite and free: for secrets. */
void vs_wipe(void *p, size_t n);
void vs_free_secret(char *s);

/* VS_FREE char *s = ...: freed when the scope ends. */
void vs_freep(void *pp);
void vs_fclosep(FILE **fp);
void vs_closep(int *fd);
void vs_secretp(char **s);
#define VS_FREE	   __attribute__((cleanup(vs_freep)))
#define VS_FCLOSE  __attribute__((cleanup(vs_fclosep)))
#define VS_CLOSEFD __attribute__((cleanup(vs_closep)))
#define VS_SECRET  __attribute__((cleanup(vs_secretp)))

/* Take the value out of a VS_FREE variable. */
#define vs_steal(p) \
	({ \
		__typeof__(p) p_ = (p); \
		(p) = NULL; \
		p_; \
	})

#define VS_LEN(a) (sizeof(a) / sizeof *(a))

/* Memory that is freed all at once.  { 0 } is an empty arena. */
struct vs_arena {
	struct vs_arena_block *block;
	size_t used;  /* of the newest block */
	size_t total; /* bytes handed out since the last reset */
};

void *vs_arena_get(struct vs_arena *a, size_t n); /* zeroed, aligned */
char *vs_arena_str(struct vs_arena *a, const char *s, size_t n);
void vs_arena_reset(struct vs_arena *a); /* keeps one block */
void vs_arena_free(struct vs_arena *a);

#endif
