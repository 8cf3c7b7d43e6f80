/* SPDX-License-Identifier: Apache-2.0 */
/* job.c - jobs from the input to their record: slots, deadlines, signals, status.
 *
 * What is done for a job, and with which protocol, is the mover's alone. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bounds.h"
#include "base/mem.h"
#include "base/num.h"
#include "run/input.h"
#include "run/job_parts.h"
#include "run/job_show.h"
#include "run/output.h"

static void
job_append(struct vs_job_list *l, struct vs_job *j)
{
	j->next = NULL;
	j->prev = l->last;
	*(l->last ? &l->last->next : &l->first) = j;
	l->last = j;
	l->n++;
}

static void
job_take_out(struct vs_job_list *l, struct vs_job *j)
{
	/* or a freed job would stay the first one */
	assert((j->prev == NULL) == (l->first == j) && (j->next == NULL) == (l->last == j));
	*(j->prev ? &j->prev->next : &l->first) = j->next;
	*(j->next ? &j->next->prev : &l->last) = j->prev;
	assert(l->n > 0);
	l->n--;
}

static void
job_free(struct vs_jobs *js, struct vs_job *j)
{
	if (js->mover->free)
		js->mover->free(js->mover->arg, j);
	vs_rec_free(&j->rec);
	free(j->state);
	free(j);
}

bool
vs_jobs_stopping(const struct vs_jobs *js)
{
	return js->signals.sig != 0 || vs_output_gone(js->output);
}

const char *
vs_job_name(const struct vs_job *j)
{
	return vs_rec_name(&j->rec);
}

void
vs_job_phase(struct vs_job *j, const char *phase, int percent)
{
	j->phase = phase;
	j->percent = percent;
}

static void
job_end(struct vs_job *j)
{
	struct vs_jobs *js = j->jobs;

	assert(!j->over);
	vs_confirm_drop(js->confirm, &j->question);
	job_take_out(j->active ? &js->active : &js->queued, j);
	j->over = true;
	job_append(&js->over, j);
}

void
vs_job_done(struct vs_job *j)
{
	struct vs_jobs *js = j->jobs;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	if (j->over)
		return;
	job_end(j);
	js->done++;
	if (js->conf->dry_run)
		return;
	if (vs_output_gone(js->output)) {
		vs_say("%s: done, but the output is closed", vs_job_name(j));
		return;
	}
	vs_rec_write(&j->rec, js->run->json, &b);
	vs_output_line(js->output, &b);
}

static void
job_failed(struct vs_jobs *js, size_t index, const struct vs_err *err)
{
	js->failed++;
	if (index < js->worst) {
		js->worst = index;
		js->run->status = err->code ? (int)err->code : VS_ERR_FAILED;
	}
}

void
vs_job_fail(struct vs_job *j, const struct vs_err *err)
{
	if (j->over)
		return;
	job_end(j);
	job_failed(j->jobs, j->index, err);
	vs_say("%s: %s", vs_job_name(j), err->msg);
}

void
vs_job_drop(struct vs_job *j, enum vs_err_code code)
{
	const struct vs_err err = { .code = code };

	if (j->over)
		return;
	job_end(j);
	job_failed(j->jobs, j->index, &err);
}

/* ---- time, and the person at the terminal */

void
vs_job_hold(struct vs_job *j, bool hold)
{
	if (hold && j->held < 0 && j->deadline != INT64_MAX) {
		j->held = j->deadline > vs_now() ? j->deadline - vs_now() : 0;
		j->deadline = INT64_MAX;
	} else if (!hold && j->held >= 0) {
		j->deadline = vs_now() + j->held;
		j->held = -1;
	}
}

static void
job_answered(void *arg, enum vs_answer answer)
{
	struct vs_job *j = arg;
	const struct vs_mover *m = j->jobs->mover;
	struct vs_err err;

	vs_job_hold(j, false);
	if (answer == VS_ANSWER_NONE) {
		vs_fail(&err, VS_ERR_FAILED, "stopped: end of input");
		vs_job_fail(j, &err);
	} else {
		m->answer(m->arg, j, answer == VS_ANSWER_YES);
	}
}

void
vs_job_ask(struct vs_job *j, const char *fmt, ...)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	va_list ap;

	assert(j->jobs->mover->answer != NULL);
	va_start(ap, fmt);
	vs_buf_vfmt(&b, fmt, ap);
	va_end(ap);
	j->question.order = j->index;
	j->question.answered = job_answered;
	j->question.arg = j;
	vs_confirm_ask(j->jobs->confirm, &j->question, b.s);
	vs_job_hold(j, true);
}

void
vs_job_unask(struct vs_job *j)
{
	vs_confirm_drop(j->jobs->confirm, &j->question);
	vs_job_hold(j, false);
}

/* ---- what comes in */

static void
job_record(void *arg, struct vs_rec *rec)
{
	struct vs_jobs *js = arg;
	struct vs_job *j = vs_alloc(1, sizeof *j);

	*j = (struct vs_job){ .jobs = js,
		.rec = *rec,
		.index = js->taken++,
		.percent = -1,
		.deadline = INT64_MAX,
		.held = -1 };
	job_append(&js->queued, j);
}

static void
job_bad(void *arg, const struct vs_err *err)
{
	struct vs_jobs *js = arg;

	job_failed(js, js->taken++, err);
	vs_say("%s", err->msg);
}

static void
job_input_end(void *arg)
{
	struct vs_jobs *js = arg;

	js->input_over = true;
	if (js->mover->input_end)
		js->mover->input_end(js->mover->arg);
}

/* ---- what runs */

static void job_expire(void *arg);

static void
job_start(struct vs_jobs *js)
{
	const struct vs_mover *m = js->mover;

	while (js->queued.first && !vs_jobs_stopping(js)
		&& (m->reads || (int64_t)js->active.n < js->conf->slots)) {
		struct vs_job *j = js->queued.first;

		job_take_out(&js->queued, j);
		j->active = true;
		job_append(&js->active, j);
		j->started = vs_now();
		if (js->conf->timeout > 0)
			j->deadline = j->started + js->conf->timeout;
		/* start may turn the loop, but not longer than that */
		if (j->deadline != INT64_MAX && !js->deadline.set)
			vs_timer_set(js->conf->loop, &js->deadline, j->deadline, job_expire, js);
		m->start(m->arg, j);
	}
}

static void
job_expire(void *arg)
{
	struct vs_jobs *js = arg;
	struct vs_job *j, *next;
	int64_t t_now = vs_now();
	struct vs_err err;
	char t[24];

	for (j = js->active.first; j; j = next) {
		next = j->next;
		if (j->deadline > t_now)
			continue;
		j->deadline = INT64_MAX;
		if (js->mover->expire) {
			js->mover->expire(js->mover->arg, j);
		} else {
			vs_fail(&err, VS_ERR_TIMED_OUT, "not done within %s",
				vs_clock(js->conf->timeout, t, sizeof t));
			vs_job_fail(j, &err);
		}
	}
}

static void
job_grace_over(void *arg)
{
	struct vs_jobs *js = arg;
	struct vs_err err;

	js->impatient = true;
	while (js->active.first) {
		struct vs_job *j = js->active.first;

		vs_fail(&err, VS_ERR_FAILED, "still %s when the grace period ended",
			j->phase ? j->phase : "running");
		vs_job_fail(j, &err);
	}
}

/* No job starts any more; those that run are stopped, and get some time to end. */
static void
job_stop(void *arg)
{
	struct vs_jobs *js = arg;
	struct vs_job *j, *next;
	size_t left = js->queued.n;

	vs_confirm_stop(js->confirm);
	while ((j = js->queued.first) != NULL)
		job_end(j);
	if (left)
		vs_say("stopped: %zu not started", left);
	vs_timer_set(js->conf->loop, &js->grace, vs_now() + vs_bound(VS_BOUND_GRACE_MS),
		job_grace_over, js);
	for (j = js->active.first; j; j = next) {
		next = j->next;
		j->stopped = true;
		if (js->mover->stop)
			js->mover->stop(js->mover->arg, j);
		else
			job_end(j);
	}
}

/* The output is closed, and the job has changed nothing yet.  The last one stops what
 * the mover looks up for all of them. */
static void
job_give_up(struct vs_jobs *js, struct vs_job *j)
{
	j->stopped = true;
	job_end(j);
	if (js->active.n == 0 && js->mover->stop)
		js->mover->stop(js->mover->arg, j);
}

static void
job_reader_gone(void *arg)
{
	struct vs_jobs *js = arg;
	struct vs_job *j, *next;

	while ((j = js->queued.first) != NULL)
		job_end(j);
	if (js->mover->reads) {
		while (js->active.first)
			job_end(js->active.first);
		return;
	}
	for (j = js->active.first; j; j = next) {
		next = j->next;
		if (j->sent)
			vs_say("%s: still %s; the output is closed; waiting for it anyway",
				vs_job_name(j), j->phase ? j->phase : "running");
		else
			job_give_up(js, j);
	}
}

/* ---- a run */

static void
job_round_over(struct vs_jobs *js)
{
	struct vs_job *j;

	while ((j = js->over.first) != NULL) {
		job_take_out(&js->over, j);
		job_free(js, j);
	}
}

static bool
job_finished(struct vs_jobs *js)
{
	if (js->active.first)
		return false;
	if (vs_output_pending(js->output) && !js->impatient)
		return false;
	return vs_jobs_stopping(js) || (js->input_over && !js->queued.first);
}

static void
job_turn(struct vs_jobs *js, int64_t until)
{
	int64_t nearest = INT64_MAX;

	for (struct vs_job *j = js->active.first; j; j = j->next)
		if (j->deadline < nearest)
			nearest = j->deadline;
	if (nearest != INT64_MAX)
		vs_timer_set(js->conf->loop, &js->deadline, nearest, job_expire, js);
	else
		vs_timer_clear(js->conf->loop, &js->deadline);
	vs_loop_turn(js->conf->loop, vs_ms_until(until));
	job_round_over(js);
}

/* Fewer records than --expect requires. */
static bool
job_too_few(const struct vs_jobs *js)
{
	return js->run->expect >= 0 && (int64_t)js->done < js->run->expect;
}

static void
job_work(struct vs_jobs *js)
{
	const struct vs_mover *m = js->mover;
	int64_t end_at;

	for (;;) {
		job_start(js);
		if (m->turn)
			m->turn(m->arg);
		if (!vs_jobs_stopping(js))
			vs_confirm_turn(js->confirm);
		job_round_over(js);
		if (job_finished(js))
			break;
		job_turn(js, INT64_MAX);
	}
	if (vs_output_pending(js->output))
		vs_say("the reader of stdout stopped reading: some records were not written");
	vs_output_end(js->output,
		js->run->status || vs_jobs_stopping(js) || job_too_few(js) || js->conf->dry_run);
	if (m->close)
		m->close(m->arg);
	end_at = vs_now() + vs_bound(VS_BOUND_CLEANUP_MS);
	while (m->busy && m->busy(m->arg) && vs_now() < end_at)
		job_turn(js, end_at);
}

static void
job_conclude(struct vs_jobs *js)
{
	struct vs_run *run = js->run;

	vs_progress(NULL);
	if (js->signals.sig)
		run->status = 128 + js->signals.sig;
	else if (vs_output_gone(js->output))
		run->status = vs_output_status(js->output);
	else if (job_too_few(js) && !js->conf->dry_run) {
		vs_say("%zu records, expected %lld", js->done, (long long)run->expect);
		if (run->status == 0)
			run->status = VS_ERR_FAILED;
	}
}

/* The word for one job: "VM" of "on|off|... [VM...]". */
static void
job_operand(const char *args, char *word, size_t size)
{
	const char *last = strrchr(args, '[');

	last = last ? last + 1 : args;
	snprintf(word, size, "%.*s", (int)strcspn(last, ".]"), last);
}

void
vs_jobs_run(struct vs_run *run, const struct vs_jobs_conf *conf)
{
	struct vs_jobs js = {
		.run = run, .conf = conf, .mover = conf->mover, .worst = SIZE_MAX, .begun = vs_now()
	};
	const struct vs_input_to to = { &js, job_record, job_bad, job_input_end };
	const char *const *names = conf->names;
	char operand[16];
	struct vs_err err;

	if (names == NULL && run->n > 0)
		names = (const char *const *)run->operands;
	if (names == NULL && isatty(0)) {
		job_operand(run->tool->args, operand, sizeof operand);
		vs_run_usage(run, "missing %s: give it as an operand, or pipe records to stdin",
			operand);
		return;
	}
	js.output = vs_output_open(conf->loop, run->out, run->contents, job_reader_gone, &js, &err);
	if (js.output == NULL) {
		vs_run_fail(run, &err);
		return;
	}
	if (names == NULL && vs_output_is_stdin(js.output)) {
		vs_fail(&err, VS_ERR_USAGE, "'%s' is also stdin: write to another file", run->out);
		vs_run_fail(run, &err);
		vs_output_close(js.output);
		return;
	}
	js.confirm = vs_confirm_new(conf->loop);
	vs_signals_open(&js.signals, conf->loop, job_stop, &js);
	js.input = vs_input_open(conf->loop, names, &to);
	if (vs_progress_shown())
		vs_jobs_show(&js);
	job_work(&js);
	job_conclude(&js);
	vs_input_close(js.input);
	/* read in the last round, when nothing was started any more */
	while (js.queued.first)
		job_end(js.queued.first);
	job_round_over(&js);
	vs_output_close(js.output);
	vs_confirm_free(js.confirm);
	vs_signals_close(&js.signals);
	vs_timer_clear(conf->loop, &js.deadline);
	vs_timer_clear(conf->loop, &js.grace);
	vs_timer_clear(conf->loop, &js.redraw);
}
