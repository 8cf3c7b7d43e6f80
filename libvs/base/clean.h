/* SPDX-License-Identifier: Apache-2.0 */
/* clean.h - the shortest form of a path, by its text alone.  Floor 0. */
#ifndef VS_BASE_CLEAN_H
#define VS_BASE_CLEAN_H

#include "base/buf.h"

/* Append "a/c" for "a//b/./../c/", without a '/' at either end; false: a '..' led
 * above the start of the path and was left out. */
bool vs_clean_path(const char *path, struct vs_buf *to);

#endif
