/* SPDX-License-Identifier: Apache-2.0 */
/* The body of an answer on its way to data(): unpacked, counted, and in bounded pieces.
 * libcurl would unpack all that it has received in one callback, a thousand times as
 * much; here a round of the loop gets the bound PIECE, then the transfer is paused. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/http_parts.h"

struct vs_http_unzip {
	z_stream z;
	bool ended;	  /* at the end of a member */
	bool more;	  /* zlib has output without further input */
	size_t from, len; /* of out: not yet passed on */
	char out[8 << 10];
};

/* The answer cannot be used, and the transfer ends; -1. */
static int
http_body_refuse(struct vs_http_req *r, const char *why)
{
	r->bad = true;
	vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: %s", r->where.host, r->where.port, why);
	return -1;
}

void
vs_http_body_exceed(struct vs_http_req *r, const char *what, enum vs_bound which)
{
	char max[VS_BYTES];

	r->bad = r->exceeded = true;
	vs_fail(&r->err, VS_ERR_UNREACHABLE, "%s:%d: %s is larger than %s", r->where.host,
		r->where.port, what, vs_bytes(vs_bound(which), max));
}

/* So many bytes, decoded or as received. */
static int
http_body_check_size(struct vs_http_req *r, size_t n)
{
	enum vs_bound which = r->status >= 400 ? VS_BOUND_REFUSAL : VS_BOUND_ANSWER;
	char what[64];

	if (r->file || r->limit_ms < 0 || n <= (size_t)vs_bound(which))
		return 0;
	snprintf(what, sizeof what, "the answer with HTTP status %d", r->status);
	vs_http_body_exceed(r, r->status >= 400 ? what : "the answer", which);
	return -1;
}

static int
http_body_pass(struct vs_http_req *r, const char *p, size_t n)
{
	int got;

	if (http_body_check_size(r, r->got + n) < 0)
		return -1;
	got = r->data ? r->data(r, p, n) : 0;
	if (got == 0) {
		r->got += n;
		r->left -= n;
	}
	return got;
}

static void
http_body_begin_unzip(struct vs_http_req *r)
{
	r->unzip = vs_alloc(1, sizeof *r->unzip);
	if (inflateInit2(&r->unzip->z, 15 + 16) != Z_OK)
		vs_no_memory();
}

/* Some bytes of p to some of out. */
static int
http_body_inflate(struct vs_http_req *r, const char *p, size_t n)
{
	struct vs_http_unzip *u = r->unzip;
	int got;

	if (u->ended && inflateReset(&u->z) != Z_OK) /* a further member */
		vs_no_memory();
	u->z.next_in = (Bytef *)(uintptr_t)p;
	u->z.avail_in = (uInt)n;
	u->z.next_out = (Bytef *)u->out;
	u->z.avail_out = sizeof u->out;
	got = inflate(&u->z, Z_NO_FLUSH);
	if (got != Z_OK && got != Z_STREAM_END && got != Z_BUF_ERROR)
		return http_body_refuse(r, "the answer is not valid gzip");
	u->ended = got == Z_STREAM_END;
	u->more = !u->ended && u->z.avail_out == 0;
	u->from = 0;
	u->len = sizeof u->out - u->z.avail_out;
	r->taken += n - u->z.avail_in;
	return 0;
}

static int
http_body_step(struct vs_http_req *r, const char *p, size_t n)
{
	struct vs_http_unzip *u;
	int got;

	if (!r->gzip) {
		n = n < r->left ? n : r->left;
		got = http_body_pass(r, p, n);
		r->taken += got == 0 ? n : 0;
		return got;
	}
	if (r->unzip == NULL)
		http_body_begin_unzip(r);
	u = r->unzip;
	if (u->len == 0)
		return http_body_inflate(r, p, n);
	n = u->len < r->left ? u->len : r->left;
	got = http_body_pass(r, u->out + u->from, n);
	if (got == 0) {
		u->from += n;
		u->len -= n;
	}
	return got;
}

/* The same bytes come again after a pause; r->taken of them have been used. */
size_t
vs_http_body_take(struct vs_http_req *r, const char *p, size_t n)
{
	int got = http_body_check_size(r, r->raw + n);

	while (got == 0 && (r->taken < n || (r->unzip && (r->unzip->len || r->unzip->more)))) {
		if (r->left == 0) {
			r->held = true;
			return CURL_WRITEFUNC_PAUSE;
		}
		got = http_body_step(r, p + r->taken, n - r->taken);
	}
	if (got == VS_HTTP_PAUSE) {
		r->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	if (got < 0) {
		r->stop = !r->bad;
		return CURL_WRITEFUNC_ERROR;
	}
	r->taken = 0;
	r->raw += n;
	r->moved += n;
	return n;
}

int
vs_http_body_encoding(struct vs_http_req *r, const char *s, size_t n)
{
	r->gzip = (n == 4 && strncasecmp(s, "gzip", n) == 0)
		|| (n == 6 && strncasecmp(s, "x-gzip", n) == 0);
	if (r->gzip || n == 0 || (n == 8 && strncasecmp(s, "identity", n) == 0))
		return 0;
	return http_body_refuse(r, "the answer has an encoding that was not requested");
}

int
vs_http_body_end(struct vs_http_req *r)
{
	if (r->unzip == NULL || r->unzip->ended)
		return 0;
	return http_body_refuse(r, "the answer ends in the middle of its gzip data");
}

void
vs_http_body_free(struct vs_http_req *r)
{
	if (r->unzip)
		inflateEnd(&r->unzip->z);
	free(r->unzip);
	r->unzip = NULL;
}
