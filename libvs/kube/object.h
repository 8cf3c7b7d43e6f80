/* SPDX-License-Identifier: Apache-2.0 */
/* object.h - what all Kubernetes objects have in common.  Floor 3.
 *
 * Strings are borrowed from the object. */
#ifndef VS_KUBE_OBJECT_H
#define VS_KUBE_OBJECT_H

#include <jansson.h>
#include <time.h>

#include "base/buf.h"

/* The string under key; "" if it is missing or not a string. */
const char *vs_kobject_str(json_t *object, const char *key);

/* metadata.name and metadata.resourceVersion; "" if missing. */
const char *vs_kobject_name(json_t *object);
const char *vs_kobject_version(json_t *object);

/* A time as Kubernetes writes it (RFC 3339), in seconds since 1970; 0: not a time. */
time_t vs_kobject_time(const char *s);

/* Append text from the server as one line that is safe on a terminal: a blank
 * replaces each control character. */
void vs_kobject_line(const char *s, struct vs_buf *to);

#endif
