/* SPDX-License-Identifier: Apache-2.0 */
/* assert.h - what must hold in our own code; if it does not, the process ends.  Floor 0.
 *
 * As <assert.h>, but a failure prints only file and line: the texts of 80 asserts
 * were 2 % of a tool.  Never for what a server, a file or a user sends. */
#ifndef VS_BASE_ASSERT_H
#define VS_BASE_ASSERT_H

#ifdef NDEBUG
#error "NDEBUG is not supported: the asserts are part of the code"
#endif

#define assert(x) ((x) ? (void)0 : vs_assert_failed(__FILE__, __LINE__))

_Noreturn void vs_assert_failed(const char *file, int line);

#endif
