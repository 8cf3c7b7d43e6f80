/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.h - is a machine going to boot with this config.  Floor 6.
 *
 * All that is known here about one config, wherever it stands and however it is
 * wrapped: encoding, size, which Flatcar reads it, Ignition's own rules, and
 * what an RKE2 worker needs. */
#ifndef VS_CHECK_VERDICT_H
#define VS_CHECK_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/kv.h"
#include "doc/report.h"

struct vs_boot_verdict {
	bool lax;	       /* no stricter than Butane and Ignition */
	bool worker;	       /* it is to become an RKE2 worker */
	int flatcar;	       /* for this major version; 0: not said */
	const char *files_dir; /* of Butane's 'local'; or NULL */
};

/* A file's bytes: a config, plain or encoded, or lines "guestinfo.KEY=VALUE".
 * name is for findings and borrowed by them.  VS_ERR_NONE; VS_ERR_FAILED: a finding stops
 * the boot; VS_ERR_USAGE: it cannot be read as any config.  *note: what to say of
 * it beside the findings, a literal; NULL: nothing. */
enum vs_err_code vs_verdict_file(const struct vs_boot_verdict *b, const char *name, const char *s,
	size_t n, struct vs_report *r, const char **note);

/* The same for the keys of a VM, of which name is the path. */
enum vs_err_code vs_verdict_keys(const struct vs_boot_verdict *b, const char *name,
	const struct vs_kvs *keys, struct vs_report *r, const char **note);

/* One finding a line, appended: "[INPUT: ]PATH: SEVERITY: TEXT", where
 * "[INPUT:]LINE:COL: SEVERITY: TEXT" is one of a text without a path; or a JSON
 * object.  input may be NULL, but not for JSON. */
void vs_verdict_write(const struct vs_report *r, const char *input, bool json, struct vs_buf *to);

#endif
