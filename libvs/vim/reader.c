/* SPDX-License-Identifier: Apache-2.0 */
/* What vs-ls has in common with later tools that only list.  Tools that work on VMs one
 * by one use engine/ instead. */
#include <signal.h>

#include "base/bounds.h"
#include "base/num.h"
#include "vim/reader.h"
#include "vim/vcenter.h"

static void
reader_stop(void *arg)
{
	struct vs_reader *r = arg;

	r->vc->wire.cancelled = true;
}

static void
reader_gone(void *arg)
{
	struct vs_reader *r = arg;

	if (r->vc)
		r->vc->wire.cancelled = true;
}

static void
reader_late(void *arg)
{
	struct vs_reader *r = arg;

	r->late = true;
	r->vc->wire.cancelled = true;
}

static int
reader_open_all(struct vs_reader *r, const struct vs_conn_opts *conn, struct vs_err *err)
{
	struct vs_run *run = r->run;

	if (vs_conn_read(&r->conn, conn, err) < 0)
		return -1;
	r->loop = vs_loop_new(err);
	if (r->loop == NULL)
		return -1;
	r->vc = vs_vc_open(r->loop, &r->conn, run->tool->name, err);
	if (r->vc == NULL)
		return -1;
	r->output = vs_output_open(r->loop, run->out, run->contents, reader_gone, r, err);
	if (r->output == NULL)
		return -1;
	vs_signals_open(&r->signals, r->loop, reader_stop, r);
	if (run->timeout > 0) {
		r->vc->wire.retry_ms = run->timeout;
		vs_timer_set(r->loop, &r->deadline, vs_now() + run->timeout, reader_late, r);
	}
	return vs_vc_wait(r->vc, err);
}

static bool
reader_written(void *arg)
{
	return !vs_output_pending(arg);
}

static bool
reader_left(void *arg)
{
	return !vs_vc_busy(arg);
}

/* Write out what is pending; end the session if it is not kept. */
static void
reader_wind_up(struct vs_reader *r, int result)
{
	if (vs_loop_until(r->loop, reader_written, r->output, &r->vc->wire.cancelled, INT64_MAX))
		vs_output_end(r->output, result < 0 || r->run->status || r->vc->wire.cancelled);
	if (vs_vc_leave(r->vc))
		vs_loop_until(r->loop, reader_left, r->vc, NULL,
			vs_now() + vs_bound(VS_BOUND_CLEANUP_MS));
}

static void
reader_conclude(struct vs_reader *r, int result, struct vs_err *err)
{
	char t[24];

	if (r->signals.sig) {
		r->run->status = 128 + r->signals.sig;
	} else if (r->output && vs_output_gone(r->output)) {
		r->run->status = vs_output_status(r->output);
	} else if (r->late) {
		vs_clock(r->run->timeout, t, sizeof t);
		/* the reader of stdout may be slow, not vCenter */
		if (vs_output_pending(r->output))
			vs_fail(err, VS_ERR_TIMED_OUT, "not done within %s", t);
		else
			vs_fail(err, VS_ERR_TIMED_OUT,
				"not done within %s; no valid response from %s:%d", t, r->conn.host,
				r->conn.port);
		vs_run_fail(r->run, err);
	} else if (result < 0) {
		vs_run_fail(r->run, err);
	}
}

int
vs_reader_run(struct vs_run *run, const struct vs_conn_opts *conn,
	int (*work)(struct vs_reader *, struct vs_err *), void *arg)
{
	struct vs_reader r = { .run = run, .arg = arg };
	struct vs_err err;
	int result = reader_open_all(&r, conn, &err);

	if (result == 0)
		result = work(&r, &err);
	if (r.output)
		reader_wind_up(&r, result);
	reader_conclude(&r, result, &err);
	vs_output_close(r.output);
	vs_vc_close(r.vc);
	if (r.loop) {
		vs_timer_clear(r.loop, &r.deadline);
		vs_signals_close(&r.signals);
		vs_loop_free(r.loop);
	}
	vs_conn_free(&r.conn);
	return vs_run_end(run);
}
