/* SPDX-License-Identifier: Apache-2.0 */
/* Cleans a path by its text alone, as Go's path.Clean does; symbolic links are not
 * followed. */
#include <string.h>

#include "base/clean.h"

bool
vs_clean_path(const char *path, struct vs_buf *to)
{
	size_t start = to->len, n;
	bool below = true;

	for (; *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 0 || (n == 1 && *path == '.'))
			continue;
		if (n != 2 || strncmp(path, "..", 2) != 0) {
			if (to->len > start)
				vs_buf_ch(to, '/');
			vs_buf_add(to, path, n);
			continue;
		}
		below &= to->len > start;
		while (to->len > start && to->s[to->len - 1] != '/')
			vs_buf_cut(to, to->len - 1);
		if (to->len > start)
			vs_buf_cut(to, to->len - 1);
	}
	return below;
}
