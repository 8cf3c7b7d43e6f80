/* SPDX-License-Identifier: Apache-2.0 */
/* json_stream.h - cut a JSON stream into its objects as it arrives.  Floor 3.
 *
 * A list of 5,000 nodes is 50 MB, and a watch never ends: neither may be held
 * whole.  The cuts are found by counting brackets outside strings; whether a
 * piece is valid JSON is for its reader to check.  Chunks may end anywhere. */
#ifndef VS_KUBE_JSON_STREAM_H
#define VS_KUBE_JSON_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum vs_json_stream_kind {
	VS_JSON_STREAM_EVENTS, /* one object after the other: a watch */
	VS_JSON_STREAM_LIST,   /* one object, whose "items" are handed on */
};

struct vs_json_stream {
	enum vs_json_stream_kind kind;
	int (*each)(void *arg, const char *s, size_t n, struct vs_err *err);
	void *arg;
	const char *const *skip;
	struct vs_buf rest; /* of a list: the document without its items */
	/* private */
	struct vs_buf one; /* the object that is open */
	int open;	   /* brackets open in it; 0: no object is open */
	int depth;	   /* brackets open around it */
	int deepest;	   /* of these, at any time */
	int64_t size;	   /* bytes of the open object, skipped ones too */
	bool in_string, escaped, in_items;
	char word[16]; /* the last string, if short */
	size_t word_len;
	int skipping; /* the value of a member at this depth; 0: none */
};

/* each() gets one whole object; s is borrowed for the call and ends with NUL.  -1
 * ends the stream, and is what vs_json_stream_feed returns.
 * skip: names of at most 15 letters, NULL-terminated, or NULL; members of these
 * names become null, at any depth, so that they need not be parsed.  Borrowed. */
void vs_json_stream_init(struct vs_json_stream *s, enum vs_json_stream_kind kind,
	int (*each)(void *arg, const char *s, size_t n, struct vs_err *err), void *arg,
	const char *const *skip);

/* -1, VS_ERR_FAILED: this is not such a stream, an object in it is beyond the bounds
 * OBJECT or DEPTH, or there is more than 1 MiB around the items; or the error of each(). */
int vs_json_stream_feed(struct vs_json_stream *s, const char *p, size_t n, struct vs_err *err);
void vs_json_stream_free(struct vs_json_stream *s);

#endif
