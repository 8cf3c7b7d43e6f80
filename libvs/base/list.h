/* SPDX-License-Identifier: Apache-2.0 */
/* list.h - lists of strings, borrowed or owned.  Floor 0. */
#ifndef VS_BASE_LIST_H
#define VS_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Borrowed strings.  { 0 } is an empty list. */
struct vs_list {
	const char **v;
	size_t n, cap;
};

#define VS_LIST_FREE __attribute__((cleanup(vs_list_free)))

void vs_list_add(struct vs_list *l, const char *s);
void vs_list_free(struct vs_list *l);

/* Owned strings.  { 0 } is an empty list; v is NULL until something is added. */
struct vs_strings {
	char **v;
	size_t n, cap;
	bool secret; /* they are overwritten before they are freed */
};

#define VS_STRINGS_FREE __attribute__((cleanup(vs_strings_free)))

void vs_strings_add(struct vs_strings *l, const char *s); /* a copy of s */
void vs_strings_take(struct vs_strings *l, char *s);	  /* s itself */
void vs_strings_sort(struct vs_strings *l);		  /* by bytes */
char **vs_strings_array(struct vs_strings *l); /* v, with a NULL at its end; never NULL */
void vs_strings_free(struct vs_strings *l);

#endif
