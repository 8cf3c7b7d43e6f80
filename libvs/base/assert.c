/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a process in which an assert failed. */
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

void
vs_assert_failed(const char *file, int line)
{
	fprintf(stderr, "internal error at %s:%d: please report it\n", file, line);
	abort();
}
