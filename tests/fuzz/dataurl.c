/* SPDX-License-Identifier: Apache-2.0 */
/* Data URLs: the bytes as a URL to decode, and as data to encode. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "text/dataurl.h"
#include "text/gzip.h"

static bool
same(const struct vs_buf *b, const void *p, size_t n)
{
	return b->len == n && memcmp(b->s, p, n) == 0;
}

static void
there_and_back(const void *p, size_t n)
{
	VS_BUF_FREE struct vs_buf plain = VS_BUF_INIT, url = VS_BUF_INIT, back = VS_BUF_INIT,
				  unzipped = VS_BUF_INIT;
	struct vs_err err;
	bool zipped;

	must(!vs_data_url(p, n, false, &plain), "gzipped when it must not be");
	must(strlen(plain.s) == plain.len, "a data URL is text");
	must(vs_undata_url(plain.s, &back, &err) == 0 && same(&back, p, n),
		"decoding gives the same data");
	vs_buf_cut(&back, 0);
	zipped = vs_data_url(p, n, true, &url);
	must(url.len <= plain.len, "a gzipped data URL is no longer than a plain one");
	must(zipped || strcmp(url.s, plain.s) == 0, "without gzip, both URLs are the same");
	must(vs_undata_url(url.s, &back, &err) == 0, "our data URL can be decoded");
	if (zipped)
		must(vs_gunzip(back.s, back.len, &unzipped, &err) == 0 && same(&unzipped, p, n),
			"decoding and gunzipping gives the same data");
	else
		must(same(&back, p, n), "decoding gives the same data, gzip allowed");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	VS_BUF_FREE struct vs_buf to = VS_BUF_INIT;
	VS_FREE char *url = vs_strndup((const char *)data, n);
	struct vs_err err = { 0 };

	there_and_back(data, n);
	if (vs_undata_url(url, &to, &err) == 0)
		there_and_back(to.s, to.len);
	else
		must(err.code == VS_ERR_USAGE && err.msg[0], "an error has a message");
	return 0;
}
