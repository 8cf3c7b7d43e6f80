/* SPDX-License-Identifier: Apache-2.0 */
/* prop.h - read properties of many objects in one call, page by page.  Floor 3.
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

/* A RetrievePropertiesEx to be written: all vs_prop_want, then all vs_prop_of and
 * vs_prop_from (WSDL order).  The caller's until it is sent. */
struct vs_prop *vs_prop_new(struct vs_vc *vc);
/* Read these properties of objects of a type; paths ends with NULL. */
void vs_prop_want(struct vs_prop *p, const char *type, const char *const *paths);
void vs_prop_of(struct vs_prop *p, const char *ref); /* of this object */

/* A TraversalSpec: from objects of a type, follow the references in the property path,
 * then the selections named in next (NULL: none).  Its own name there: recursively. */
struct vs_sel {
	const char *name, *type, *path;
	const char *const *next; /* names, then NULL */
};
/* Of the objects that sels lead to from ref; skip: not of ref itself. */
void vs_prop_from(
	struct vs_prop *p, const char *ref, bool skip, const struct vs_sel *sels, size_t n);

/* object() gets an ObjectContent (obj, propSet*, missingSet*), valid only during the
 * call, once its page is complete.  If a page is lost, the list is read again and
 * objects that were passed on already are skipped.  end() is called once; err NULL: all
 * objects were read.  p is freed after it.  vc must have a session. */
void vs_prop_send(struct vs_prop *p, void (*object)(void *arg, struct vs_node *content),
	void (*end)(void *arg, const struct vs_err *err), void *arg);

/* Abort p, sent or not, without its end(), and free it; NULL is fine. */
void vs_prop_drop(struct vs_prop *p);

/* The same, and turn the loop until it has ended.  -1: why. */
int vs_prop_wait(struct vs_prop *p, void (*object)(void *arg, struct vs_node *content), void *arg,
	struct vs_err *err);

/* The value of a property in an ObjectContent, or NULL; borrowed from it. */
struct vs_node *vs_prop_get(struct vs_node *content, const char *path);
const char *vs_prop_text(struct vs_node *content, const char *path); /* or NULL */
/* otherwise: if it is not set, or not an integer */
int64_t vs_prop_int(struct vs_node *content, const char *path, int64_t otherwise);
bool vs_prop_bool(struct vs_node *content, const char *path); /* absent: false */
/* Why vCenter did not return it (the fault object), or NULL; borrowed. */
struct vs_node *vs_prop_missing(struct vs_node *content, const char *path);

/* Was a property below a VM's config read, set or unset?  content also has
 * config.instanceUuid, which each config sets.  -1, VS_ERR_FAILED "cannot read its WHAT"
 * and why: there is no config (the VM is being created, or is inaccessible), or this
 * user may not read the property.  Both differ from unset. */
int vs_prop_need_config(
	struct vs_node *content, const char *path, const char *what, struct vs_err *err);

#endif
