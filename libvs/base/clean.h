/* SPDX-License-Identifier: Apache-2.0 */
/* clean.h - the simplest form of a path, by its letters alone.  Floor 0. */
#ifndef VS_BASE_CLEAN_H
#define VS_BASE_CLEAN_H

#include "base/buf.h"

/* "a//b/./../c/" is "a/c", appended without a '/' at either end; false: some
 * '..' led above where it begins, and was left out. */
bool vs_clean_path(const char *path, struct vs_buf *to);

#endif
