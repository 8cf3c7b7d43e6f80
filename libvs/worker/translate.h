/* SPDX-License-Identifier: Apache-2.0 */
/* translate.h - from files and parameters to Ignition.  Floor 5. */
#ifndef VS_WORKER_TRANSLATE_H
#define VS_WORKER_TRANSLATE_H

#include "doc/report.h"
#include "worker/worker.h"

struct vs_translation {
	const struct vs_worker *worker;
	const char *file; /* Butane or Ignition; "-": stdin; NULL: the built-in
			   * worker document */
	const char *text; /* the document itself, then file is its name for
			   * messages; NULL: file is read */
	size_t len;
	struct vs_list adds;	/* Butane files to merge into it */
	struct vs_list defines; /* NAME=VALUE for placeholders */
	const char *files_dir;	/* directory for 'local:'; or NULL */
	bool env;		/* take placeholders from the environment, too */
	bool strict;		/* warnings are errors */
	bool pretty;		/* indent the output */
};

/* Append the Ignition config to json; r->lax is the caller's.  r may have warnings
 * in any case.  -1: err has the error, or, if err->code is VS_ERR_NONE, r has. */
int vs_translate(const struct vs_translation *g, struct vs_report *r, struct vs_buf *json,
	struct vs_err *err);

#endif
