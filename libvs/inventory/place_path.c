/* SPDX-License-Identifier: Apache-2.0 */
/* Names are encoded as vCenter does it: '%', '/' and '\' as %25, %2f and %5c, and as
 * in records also control characters (text/record).  Patterns: fnmatch(3). */
#include <fnmatch.h>
#include <string.h>

#include "base/mem.h"
#include "inventory/place_path.h"
#include "text/record.h"

void
vs_path_normal_part(const char *s, size_t n, struct vs_buf *b)
{
	VS_BUF_FREE struct vs_buf plain = VS_BUF_INIT;
	VS_FREE char *part = vs_strndup(s, n);

	vs_path_decode(part, n, &plain);
	/* a "%00" is not decoded: no name has a NUL */
	vs_path_encode(strlen(plain.s) == plain.len ? plain.s : part, false, b);
}

void
vs_path_normal(const char *path, struct vs_buf *b)
{
	bool slash = *path == '/';

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n > 0 && !(n == 1 && *path == '.')) {
			if (slash)
				vs_buf_ch(b, '/');
			vs_path_normal_part(path, n, b);
			slash = true;
		}
		path += n;
		path += *path == '/';
	}
}

bool
vs_is_pattern(const char *given)
{
	return strpbrk(given, "*?[") != NULL;
}

bool
vs_path_matches(const char *pattern, const char *path)
{
	/* a backslash of a name is encoded: it does not escape */
	return fnmatch(pattern, path, FNM_PATHNAME | FNM_NOESCAPE) == 0
		|| strcmp(pattern, path) == 0;
}
