/* SPDX-License-Identifier: Apache-2.0 */
/* object.h - what all Kubernetes objects have in common.  Floor 3.
 *
 * Strings are borrowed from the object. */
#ifndef VS_KUBE_OBJECT_H
#define VS_KUBE_OBJECT_H

#include <jansson.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"

/* The n bytes at s as an object of that kind; the items of a list have none.  The
 * caller's: json_decref() or VS_JSON_FREE.  NULL, VS_ERR_FAILED: not JSON, beyond the
 * bounds VALUES or DEPTH, or of another kind; the message is what it has instead of
 * kind, and of a Status its message. */
json_t *vs_kobject_read(const char *s, size_t n, const char *kind, struct vs_err *err);

/* The string under key; "" if it is missing or not a string. */
const char *vs_kobject_str(json_t *object, const char *key);

/* metadata.name and metadata.resourceVersion; "" if missing. */
const char *vs_kobject_name(json_t *object);
const char *vs_kobject_version(json_t *object);

/* metadata.resourceVersion, or metadata.continue, as a part of the next request.
 * 1: *to is set, borrowed; 0: missing, null or ""; -1, VS_ERR_FAILED: not a string of
 * printable ASCII of at most 16 KiB. */
int vs_kobject_cursor(json_t *object, const char *key, const char **to, struct vs_err *err);

/* A time as Kubernetes writes it (RFC 3339), in seconds since 1970; 0: not a time. */
time_t vs_kobject_time(const char *s);

#endif
