/* SPDX-License-Identifier: Apache-2.0 */
/* gzip with zlib: the same output for the same input, and a limit for what is
 * unpacked. */
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "text/gzip.h"

enum { UNZIP_MAX = 64 << 20 };

/* The smallest b from low to high with n <= 2^b, or high. */
static int
gzip_bits_for(size_t n, int low, int high)
{
	while (low < high && n > (size_t)1 << low)
		low++;
	return low;
}

void
vs_gzip(const void *p, size_t n, struct vs_buf *to)
{
	/* A window no larger than the input (zlib.h, "Advanced functions"): clearing
	 * the 256 KiB of a full one takes longer than deflating a small file.  The
	 * last match starts 262 bytes before the end of the window. */
	int window = gzip_bits_for(n + 262, 9, 15), memory = gzip_bits_for(n, 7, 14) - 6;
	/* as Go: no time stamp, no name, unknown operating system */
	gz_header head = { .os = 255 };
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n };
	unsigned char part[16 << 10];
	int r;

	if (deflateInit2(&z, 9, Z_DEFLATED, window + 16, memory, Z_DEFAULT_STRATEGY) != Z_OK)
		vs_no_memory(); /* the only reason */
	deflateSetHeader(&z, &head);
	do {
		z.next_out = part;
		z.avail_out = sizeof part;
		r = deflate(&z, Z_FINISH);
		vs_buf_add(to, part, sizeof part - z.avail_out);
	} while (r == Z_OK);
	deflateEnd(&z);
	if (to->secret)
		vs_wipe(part, sizeof part);
}

/* One member; 0, or zlib's error. */
static int
gzip_inflate_one(z_stream *z, struct vs_buf *to, size_t max)
{
	unsigned char part[16 << 10];
	int r;

	do {
		z->next_out = part;
		z->avail_out = sizeof part;
		r = inflate(z, Z_NO_FLUSH);
		if (r != Z_OK && r != Z_STREAM_END)
			break;
		if (sizeof part - z->avail_out > max - to->len) {
			to->over = true;
			break;
		}
		vs_buf_add(to, part, sizeof part - z->avail_out);
	} while (r == Z_OK);
	if (to->secret)
		vs_wipe(part, sizeof part);
	return r == Z_STREAM_END ? 0 : r == Z_OK ? Z_BUF_ERROR : r;
}

int
vs_gunzip(const void *p, size_t n, struct vs_buf *to, struct vs_err *err)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n };
	size_t max = to->max ? to->max : to->len + UNZIP_MAX;
	int members = 0, r;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return vs_fail(err, VS_ERR_FAILED, "gzip: cannot start zlib");
	do
		r = gzip_inflate_one(&z, to, max);
	while (r == 0 && !to->over && ++members && z.avail_in > 0 && inflateReset(&z) == Z_OK);
	inflateEnd(&z);
	if (to->over)
		return vs_fail(
			err, VS_ERR_USAGE, "gzip: more than %zu KiB when unpacked", max >> 10);
	if (r != 0)
		return vs_fail(err, VS_ERR_USAGE,
			members			   ? VS_GZIP_TRAILING
				: r == Z_BUF_ERROR ? "gzip: truncated"
				: z.total_out == 0 ? "not gzip"
						   : "gzip: corrupt");
	return 0;
}
