/* SPDX-License-Identifier: Apache-2.0 */
/* translate.h - the whole way from parameters and files to Ignition.  Floor 5. */
#ifndef VS_WORKER_TRANSLATE_H
#define VS_WORKER_TRANSLATE_H

#include "doc/report.h"
#include "worker/worker.h"

struct vs_translation {
	const struct vs_worker *worker;
	const char *file; /* Butane, or Ignition; "-": stdin; NULL: the
					 * built-in worker */
	const char *text; /* the document itself, with file as its name
					 * for messages; NULL: it is read */
	size_t len;
	struct vs_list adds;	/* Butane files to merge on top */
	struct vs_list defines; /* NAME=VALUE for placeholders */
	const char *files_dir;	/* what 'local:' is below; or NULL */
	bool env;		/* placeholders from the environment, too */
	bool strict;		/* a warning is enough to refuse it */
	bool pretty;
};

/* The Ignition config, appended to json; r->lax as the caller set it.  -1:
 * err->code is not VS_ERR_NONE when it says what is wrong; otherwise the report does.
 * Warnings may be in the report either way. */
int vs_translate(const struct vs_translation *g, struct vs_report *r, struct vs_buf *json,
	struct vs_err *err);

#endif
