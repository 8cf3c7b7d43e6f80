/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.h - does a machine boot with this config.  Floor 6.
 *
 * All checks of one config, in a file or in a VM, encoded or not: its encoding and
 * size, which Flatcar reads it, Ignition's own rules, and what an RKE2 worker
 * needs. */
#ifndef VS_CHECK_VERDICT_H
#define VS_CHECK_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/kv.h"
#include "doc/report.h"

struct vs_check_options {
	bool lax;	       /* no stricter than Butane and Ignition */
	bool worker;	       /* does it become an RKE2 worker, too? */
	int flatcar;	       /* major version that will read it; 0: any */
	const char *files_dir; /* for Butane's 'local'; or NULL */
};

/* Check the n bytes of a file: a config, plain or encoded, or lines
 * "guestinfo.KEY=VALUE".  name is for findings and borrowed by them.  Returns
 * VS_ERR_NONE; VS_ERR_FAILED: an error among the findings; VS_ERR_USAGE: not
 * readable as a config, which is among the findings, too.  *note: something to
 * show beside the findings, a literal; or NULL. */
enum vs_err_code vs_verdict_file(const struct vs_check_options *o, const char *name, const char *s,
	size_t n, struct vs_report *r, const char **note);

/* The same for the keys of the VM with the path name. */
enum vs_err_code vs_verdict_keys(const struct vs_check_options *o, const char *name,
	const struct vs_kvs *keys, struct vs_report *r, const char **note);

/* Append one line per finding: "[INPUT: ]PATH: SEVERITY: TEXT", for a finding
 * without a path "[INPUT:]LINE:COL: SEVERITY: TEXT"; or a JSON object.  input may
 * be NULL, except for JSON. */
void vs_verdict_write(const struct vs_report *r, const char *input, bool json, struct vs_buf *to);

#endif
