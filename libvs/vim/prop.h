/* SPDX-License-Identifier: Apache-2.0 */
/* prop.h - properties of many objects in one call, page by page.  Floor 3.
 *
 *	struct vs_prop *p = vs_prop_new(vc);
 *	vs_prop_want(p, "VirtualMachine", paths);
 *	vs_prop_of(p, ref);
 *	vs_prop_send(p, object, end, arg);	or	vs_prop_wait(p, object, arg, err)
 */
#ifndef VS_VIM_PROP_H
#define VS_VIM_PROP_H

#include "vim/vcenter.h"

struct vs_prop;

/* A RetrievePropertiesEx being written; want() before of(): WSDL order. */
struct vs_prop *vs_prop_new(struct vs_vc *vc);
void vs_prop_want(struct vs_prop *p, const char *type, const char *const *paths);
void vs_prop_of(struct vs_prop *p, const char *ref);

/* What is reached from ref: path (a property of type that holds references,
 * "childEntity") is followed, and further into the selections named in next
 * (NULL: none), which may be its own name: all the way down. */
struct vs_sel {
	const char *name, *type, *path;
	const char *const *next; /* names, NULL at the end */
};
void vs_prop_from(
	struct vs_prop *p, const char *ref, bool skip, const struct vs_sel *sels, size_t n);

/* object(): one ObjectContent (obj, propSet*, missingSet*), handed on when its
 * page has come in well; valid only during the call.  When a page is lost the
 * list is read again, and nothing is handed on twice.
 * end(): err NULL: all is there.  p is freed after it. */
void vs_prop_send(struct vs_prop *p, void (*object)(void *arg, struct vs_node *content),
	void (*end)(void *arg, const struct vs_err *err), void *arg);

/* Give up one that has not ended, sent or not, without its end(); NULL is fine. */
void vs_prop_drop(struct vs_prop *p);

/* The same, turning the loop until it is over; -1 with the error. */
int vs_prop_wait(struct vs_prop *p, void (*object)(void *arg, struct vs_node *content), void *arg,
	struct vs_err *err);

/* Of an ObjectContent: the value of a property, or NULL. */
struct vs_node *vs_prop_get(struct vs_node *content, const char *path);
const char *vs_prop_text(struct vs_node *content, const char *path); /* or NULL */
int64_t vs_prop_int(struct vs_node *content, const char *path, int64_t otherwise);
bool vs_prop_bool(struct vs_node *content, const char *path); /* absent: false */
/* Why it is not there (a fault's object), or NULL. */
struct vs_node *vs_prop_missing(struct vs_node *content, const char *path);

#endif
