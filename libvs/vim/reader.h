/* SPDX-License-Identifier: Apache-2.0 */
/* reader.h - one run of a tool that only reads, in one go.  Floor 3.
 *
 * For tools without jobs: connection, session, output, signals and --timeout
 * are here, and a way out that leaves nothing behind. */
#ifndef VS_VIM_READER_H
#define VS_VIM_READER_H

#include "run/output.h"
#include "run/run.h"
#include "run/signals.h"
#include "vim/conn.h"
#include "vim/vcenter.h"

struct vs_reader {
	struct vs_run *run;
	struct vs_loop *loop;
	struct vs_vc *vc;	  /* the session is open */
	struct vs_output *output; /* -o FILE or stdout */
	void *arg;
	/* private */
	struct vs_conn conn;
	struct vs_signals signals;
	bool late;
	struct vs_timer deadline;
};

/* From vs_run_begin on to the exit status.  work() may wait by turning the
 * loop: it is told to end (by vc->wire.cancelled, so that waits give up) when a
 * signal comes, --timeout is over, or nobody reads the output any more.  What
 * it reports by vs_run_fail itself stands beside its own -1. */
int vs_reader_run(struct vs_run *run, const struct vs_conn_opts *conn,
	int (*work)(struct vs_reader *r, struct vs_err *err), void *arg);

#endif
