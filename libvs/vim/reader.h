/* SPDX-License-Identifier: Apache-2.0 */
/* reader.h - the run of a tool that only reads, without jobs.  Floor 3.
 *
 * Connection, session, output, signals and --timeout, and their clean-up. */
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
	void *arg;		  /* of vs_reader_run */
	/* private */
	struct vs_conn conn;
	struct vs_signals signals;
	bool late;
	struct vs_timer deadline;
};

/* Everything after vs_run_begin; returns the exit status.  work() may turn the loop;
 * its waits end early (vc->wire.cancelled) after a signal, on --timeout, or when
 * the reader of the output is gone.  It returns 0, or -1 with err; failures of single
 * objects it reports by vs_run_fail. */
int vs_reader_run(struct vs_run *run, const struct vs_conn_opts *conn,
	int (*work)(struct vs_reader *r, struct vs_err *err), void *arg);

#endif
