/* SPDX-License-Identifier: Apache-2.0 */
/* Included before each source by `make analyze`.  An analyzer sees one file at a time: it
 * must be told what it cannot see, or it follows paths that do not exist. */
#ifndef ANALYZE_H
#define ANALYZE_H

#include "base/assert.h"
#include "base/err.h"

/* They return -1: what is set only on success is not used after them. */
#define vs_fail(...)	(vs_fail(__VA_ARGS__), -1)
#define vs_fail_at(...) (vs_fail_at(__VA_ARGS__), -1)
#define vs_wrap(...)	(vs_wrap(__VA_ARGS__), -1)

#endif
