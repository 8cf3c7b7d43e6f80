/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 defines it. */
#include "text/utf8.h"
#include "base/assert.h"

size_t
vs_utf8_code(const char *text, size_t n, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c;
	size_t k = s[0] < 0x80		      ? 1
		: s[0] >= 0xc2 && s[0] < 0xe0 ? 2
		: (s[0] & 0xf0) == 0xe0	      ? 3
		: s[0] >= 0xf0 && s[0] < 0xf5 ? 4
					      : 0;

	assert(n > 0);
	*code = s[0];
	if (k <= 1 || k > n)
		return k == 1;
	c = s[0] & (0xffu >> (k + 1));
	for (size_t i = 1; i < k; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((k == 3 && c < 0x800) || (k == 4 && (c < 0x10000 || c > 0x10ffff))
		|| (c >= 0xd800 && c < 0xe000))
		return 0;
	*code = c;
	return k;
}

size_t
vs_utf8_next(const char *s, size_t n)
{
	uint32_t code;

	return vs_utf8_code(s, n, &code);
}

bool
vs_utf8(const char *s, size_t n)
{
	while (n > 0) {
		size_t k = vs_utf8_next(s, n);

		if (k == 0)
			return false;
		s += k;
		n -= k;
	}
	return true;
}
