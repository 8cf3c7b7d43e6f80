/* SPDX-License-Identifier: Apache-2.0 */
/* The start and the end of every tool: command line, descriptors, signals, status.
 * What runs in between is run/job's or the tool's own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/file.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/spelling.h"
#include "run/run.h"

static const struct vs_opt common_opts[] = {
	{ 'o', "output", VS_OPT_STR, offsetof(struct vs_run, out), "FILE",
		"write the result to FILE instead of stdout" },
	{ 0, "json", VS_OPT_FLAG, offsetof(struct vs_run, json), NULL,
		"print one JSON object per line" },
	{ 0, "timeout", VS_OPT_DUR, offsetof(struct vs_run, timeout), "DUR",
		"give up after DUR (90s, 15m, 1h); 0: never" },
	{ 'q', "quiet", VS_OPT_FLAG, offsetof(struct vs_run, quiet), NULL,
		"print no warnings and no progress" },
	{ 'v', "verbose", VS_OPT_FLAG, offsetof(struct vs_run, verbose), NULL,
		"print what is being done" },
	{ 'h', "help", VS_OPT_FLAG, offsetof(struct vs_run, help), NULL, "print this help" },
	{ 'V', "version", VS_OPT_FLAG, offsetof(struct vs_run, version), NULL,
		"print the version" },
	{ 0 },
};

static const struct vs_opt record_opts[] = {
	{ 0, "expect", VS_OPT_NUM, offsetof(struct vs_run, expect), "N",
		"fail if there are fewer than N records" },
	{ 0 },
};

/* For the completions; not shown by --help. */
static const struct vs_opt hidden_opts[] = {
	{ 0, "long-options", VS_OPT_FLAG, offsetof(struct vs_run, names), NULL, "" },
	{ 0 },
};

/* The tool's groups, then ours; freed with free(). */
static struct vs_opt_group *
run_groups(struct vs_run *run, void *opts)
{
	const struct vs_tool_opts *t = run->tool->options;
	struct vs_opt_group *groups;
	size_t n = 0;

	while (t && t[n].table)
		n++;
	groups = vs_alloc(n + 4, sizeof *groups);
	for (size_t i = 0; i < n; i++)
		groups[i] = (struct vs_opt_group){ t[i].table, (char *)opts + t[i].at };
	if (run->tool->records)
		groups[n++] = (struct vs_opt_group){ record_opts, run };
	groups[n++] = (struct vs_opt_group){ common_opts, run };
	groups[n] = (struct vs_opt_group){ hidden_opts, run };
	return groups;
}

static int
run_print(struct vs_run *run, const struct vs_buf *b)
{
	struct vs_err err;

	if (vs_write_fd(1, b->s, b->len, &err) < 0 && errno != EPIPE)
		vs_run_fail(run, &err);
	return -1;
}

static int
run_help(struct vs_run *run, const struct vs_opt_group *groups)
{
	const struct vs_tool *t = run->tool;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_fmt(&b, "%s - %s\n\nusage: %s [options] %s\n", t->name, t->does, t->name, t->args);
	for (; groups->table != hidden_opts; groups++) {
		vs_buf_ch(&b, '\n');
		vs_opt_help(groups->table, &b);
	}
	if (t->help)
		t->help(&b);
	vs_buf_fmt(&b, "\nManual: man %s, man vsutils\n", t->name);
	return run_print(run, &b);
}

static int
run_names(struct vs_run *run, const struct vs_opt_group *groups)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	for (; groups->table != hidden_opts; groups++)
		vs_opt_names(groups->table, &b);
	return run_print(run, &b);
}

static int
run_version(struct vs_run *run)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_buf_fmt(&b, "%s (vsutils) " VS_VERSION "\n", run->tool->name);
	return run_print(run, &b);
}

static int
run_usage(struct vs_run *run, struct vs_err *err)
{
	vs_run_fail(run, err);
	vs_say("usage: %s [options] %s ('%s --help' lists the options)", run->tool->name,
		run->tool->args, run->tool->name);
	return -1;
}

static int
run_check(const struct vs_run *run, struct vs_err *err)
{
	const struct vs_tool *t = run->tool;

	/* as for kubectl, whose -o takes a format */
	if (run->out && vs_opt_word("json|yaml|wide|name", run->out))
		return vs_fail(err, VS_ERR_USAGE,
			"-o takes a file, not a format: use --json, or './%s' for a file of that name",
			run->out);
	if (run->n < t->min && run->n > 0)
		return vs_fail(
			err, VS_ERR_USAGE, "missing operand after '%s'", run->operands[run->n - 1]);
	if (run->n < t->min)
		return vs_fail(err, VS_ERR_USAGE, "missing operand");
	if (t->max >= 0 && run->n > t->max)
		return vs_fail(err, VS_ERR_USAGE, "extra operand '%s'", run->operands[t->max]);
	return 0;
}

/* If one of 0 to 2 were closed, the next file or socket opened would get its
 * number, and records or warnings would be written to it.  /dev/null is opened
 * there the wrong way round, so that using it is still an error. */
static void
run_fill_closed(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			/* gets the lowest free number, fd */
			(void)vs_open_null(fd == 0 ? O_WRONLY : O_RDONLY);
}

static void
run_set_up_process(void)
{
	unsigned seed;

	run_fill_closed();
	signal(SIGPIPE, SIG_IGN);
	/* the tools of a pipe must not all try again at the same moment */
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed)
		srandom(seed);
}

/* 0: go on; -1: done. */
static int
run_command_line(struct vs_run *run, const struct vs_opt_group *groups, int argc, char **argv)
{
	struct vs_err err;

	if (vs_opt_parse(groups, argc, argv, &run->n, &err) < 0)
		return run_usage(run, &err);
	run->operands = argv + 1;
	vs_say_start(run->tool->name, run->quiet, run->verbose);
	vs_wait_limit(run->timeout);
	if (run->help)
		return run_help(run, groups);
	if (run->version)
		return run_version(run);
	if (run->names)
		return run_names(run, groups);
	return run_check(run, &err) < 0 ? run_usage(run, &err) : 0;
}

int
vs_run_begin(struct vs_run *run, const struct vs_tool *tool, void *opts, int argc, char **argv)
{
	struct vs_err err;
	int guarded = vs_proc_guard(&err), done;
	VS_FREE struct vs_opt_group *groups = NULL;

	run_set_up_process();
	*run = (struct vs_run){ .tool = tool, .timeout = -1, .expect = -1 };
	vs_say_start(tool->name, false, false);
	if (guarded < 0) {
		vs_run_fail(run, &err);
		return -1;
	}
	groups = run_groups(run, opts);
	done = run_command_line(run, groups, argc, argv);
	if (done < 0)
		vs_opt_free(groups);
	return done;
}

static int
run_find_word(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

/* One of words at another place, "worker-1 on" instead of "on worker-1"; or NULL. */
static const char *
run_misplaced_word(const struct vs_run *run, const char *const *words, size_t n)
{
	for (int k = 1; k < run->n; k++)
		if (run_find_word(run->operands[k], words, n) >= 0)
			return run->operands[k];
	return NULL;
}

int
vs_run_word(struct vs_run *run, const char *const *words, size_t n, const char *also)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *word = run->operands[0], *near, *later;
	int i = run_find_word(word, words, n);

	if (i >= 0)
		return i;
	vs_buf_fmt(&b, "'%s' is not one of ", word);
	for (size_t k = 0; k < n; k++)
		vs_buf_fmt(&b, "%s%s", k ? ", " : "", words[k]);
	if (also)
		vs_buf_fmt(&b, ", %s", also);
	if ((later = run_misplaced_word(run, words, n)) != NULL)
		vs_buf_fmt(&b, ": put '%s' first", later);
	else if ((near = vs_did_you_mean(words, n, word)) != NULL)
		vs_buf_fmt(&b, ": did you mean '%s'", near);
	vs_run_say(run, VS_ERR_USAGE, b.s);
	return -1;
}

void
vs_run_say(struct vs_run *run, enum vs_err_code code, const char *text)
{
	if (run->status == 0)
		run->status = code ? (int)code : VS_ERR_FAILED;
	vs_say("%s", text);
}

void
vs_run_fail(struct vs_run *run, const struct vs_err *err)
{
	vs_run_say(run, err->code, err->msg);
}

int
vs_run_usage(struct vs_run *run, const char *fmt, ...)
{
	struct vs_err err = { .code = VS_ERR_USAGE };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err.msg, sizeof err.msg, fmt, ap);
	va_end(ap);
	vs_run_fail(run, &err);
	return run->status;
}

int
vs_run_result(struct vs_run *run, const void *p, size_t n, mode_t mode)
{
	struct vs_err err;
	int bad;

	if (run->out && strcmp(run->out, "-") != 0) {
		bad = vs_write_file(run->out, p, n, mode, &err);
	} else {
		bad = vs_write_fd(1, p, n, &err);
		if (bad && errno == EPIPE) {
			run->status = 128 + SIGPIPE;
			return -1;
		}
	}
	if (bad)
		vs_run_fail(run, &err);
	return bad;
}

int
vs_run_end(struct vs_run *run)
{
	vs_progress(NULL);
	return run->status;
}
