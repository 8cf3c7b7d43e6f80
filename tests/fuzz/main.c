/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a target without libFuzzer on the files in argv.  Files named *.b64 are decoded
 * first.  Each name is printed before the file is run, so that the last one is the one
 * that crashed. */
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/mem.h"
#include "fuzz.h"
#include "text/base64.h"

static int
unpack(const char *path, const struct vs_buf *file, struct vs_buf *to, struct vs_err *err)
{
	size_t n = strlen(path);

	if (n > 4 && strcmp(path + n - 4, ".b64") == 0)
		return vs_unbase64(file->s, file->len, to, err);
	vs_buf_add(to, file->s, file->len);
	return 0;
}

static int
try(const char *path)
{
	VS_BUF_FREE struct vs_buf file = VS_BUF_INIT, b = VS_BUF_INIT;
	VS_FREE uint8_t *exact = NULL;
	struct vs_err err;

	puts(path);
	fflush(stdout);
	if (vs_read_file(path, "the input", &file, &err) < 0 || unpack(path, &file, &b, &err) < 0) {
		fprintf(stderr, "%s: %s\n", path, err.msg);
		return -1;
	}
	/* an exact copy, so that sanitizers see reads past its end */
	exact = vs_alloc(b.len ? b.len : 1, 1);
	memcpy(exact, b.s, b.len);
	LLVMFuzzerTestOneInput(exact, b.len);
	return 0;
}

int
main(int argc, char **argv)
{
	int bad = argc < 2;

	for (int i = 1; i < argc; i++)
		bad |= try(argv[i]) < 0;
	return bad;
}
