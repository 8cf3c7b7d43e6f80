/* SPDX-License-Identifier: Apache-2.0 */
/* goyaml_scalar.h - scalars as Go's yaml resolves them.  Floor 4. */
#ifndef VS_BUTANE_GOYAML_SCALAR_H
#define VS_BUTANE_GOYAML_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "text/tree.h"

enum vs_goyaml_kind {
	VS_GOYAML_BAD, /* it does not fit its tag */
	VS_GOYAML_NULL,
	VS_GOYAML_BOOL,
	VS_GOYAML_INT,
	VS_GOYAML_UINT, /* too large for VS_GOYAML_INT */
	VS_GOYAML_FLOAT,
	VS_GOYAML_TIME,
	VS_GOYAML_STRING,
	VS_GOYAML_BINARY, /* a string in base64 */
};

struct vs_goyaml {
	enum vs_goyaml_kind kind;
	bool truth;  /* of VS_GOYAML_BOOL */
	long long n; /* of VS_GOYAML_INT */
	double x;    /* of VS_GOYAML_FLOAT */
};

/* What a scalar is by its tag, style and text. */
struct vs_goyaml vs_goyaml_resolve(const struct vs_tree *scalar);

/* Convert it to an int of 64 bits, or to a boolean (text: the scalar's).  False: Go
 * refuses to. */
bool vs_goyaml_int(const struct vs_goyaml *g, long long *to);
bool vs_goyaml_bool(const struct vs_goyaml *g, const char *text, bool *to);

/* "!!int" for "tag:yaml.org,2002:int", in buf; another tag itself. */
const char *vs_goyaml_tag(const char *tag, char *buf, size_t n);

/* The same in a buffer that lives until the end of the block. */
#define VS_GOYAML_TAG(tag) vs_goyaml_tag((tag), (char[64]){ 0 }, 64)

#endif
