/* SPDX-License-Identifier: Apache-2.0 */
/* vs - run a vsutils tool by its short name */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/proc.h"
#include "base/spelling.h"
#include "run/run.h"
#include "text/json_write.h"

/* All tools, this one too; made by the Makefile from the "does" of each. */
static const struct member {
	const char *tool, *does;
} family[] = {
#include VS_TOOLS
};

struct vs_opts {
	bool list;
};

static const struct vs_opt opts[] = {
	{ 0, "list", VS_OPT_FLAG, offsetof(struct vs_opts, list), NULL,
		"print the commands and what they do" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = { { opts, 0 }, { 0 } };

static void vs_commands(struct vs_buf *b);

static const struct vs_tool tool = {
	.name = "vs",
	.args = "COMMAND [ARGUMENT...] | help [COMMAND]",
	.does = "run a vsutils tool by its short name",
	.options = tables,
	.min = 0,
	.max = -1,
	.help = vs_commands,
};

/* "vs-clone" is the command "clone", "node-wait" is "node-wait"; NULL for vs itself. */
static const char *
vs_command(const struct member *m)
{
	if (strcmp(m->tool, tool.name) == 0)
		return NULL;
	return strncmp(m->tool, "vs-", 3) == 0 ? m->tool + 3 : m->tool;
}

/* The program that "vs WORD" runs: vs-WORD, or another of our tools by its name.
 * NULL: there is none. */
static char *
vs_program(const char *word)
{
	VS_FREE char *name = vs_printf("vs-%s", word);
	char *found = strchr(word, '/') ? NULL : vs_proc_find(name);

	for (size_t i = 0; found == NULL && i < VS_LEN(family); i++)
		if (vs_command(&family[i]) && strcmp(family[i].tool, word) == 0)
			found = vs_proc_find(word);
	return found;
}

static int
vs_unknown(const char *word, struct vs_err *err)
{
	VS_LIST_FREE struct vs_list commands = { 0 };
	const char *near;

	for (size_t i = 0; i < VS_LEN(family); i++)
		if (vs_command(&family[i]))
			vs_list_add(&commands, vs_command(&family[i]));
	near = vs_did_you_mean(commands.v, commands.n, word);
	if (near)
		return vs_fail(
			err, VS_ERR_USAGE, "unknown command '%s': did you mean '%s'", word, near);
	return vs_fail(
		err, VS_ERR_USAGE, "unknown command '%s': 'vs --list' lists the commands", word);
}

static int
vs_run_tool(char **argv, struct vs_err *err)
{
	VS_FREE char *path = vs_program(argv[1]);

	if (path == NULL)
		return vs_unknown(argv[1], err);
	execv(path, argv + 1);
	return vs_fail(err, VS_ERR_FAILED, "cannot run '%s': %s", path, strerror(errno));
}

/* The manual page, or where there is no man(1) its --help. */
static int
vs_help(int argc, char **argv, struct vs_err *err)
{
	const char *word = argv[2];
	VS_FREE char *path = word ? vs_program(word) : NULL;
	const char *page = path ? strrchr(path, '/') + 1 : "vsutils";

	if (argc > 3)
		return vs_fail(err, VS_ERR_USAGE, "help: extra operand '%s'", argv[3]);
	if (word && path == NULL)
		return vs_unknown(word, err);
	execlp("man", "man", page, (char *)NULL);
	if (path)
		execl(path, page, "--help", (char *)NULL);
	return vs_fail(err, VS_ERR_FAILED, "cannot show the manual: man: %s", strerror(errno));
}

/* Length of the longest command. */
static size_t
vs_list_width(void)
{
	size_t max = 0, n;

	for (size_t i = 0; i < VS_LEN(family); i++)
		if (vs_command(&family[i]) && (n = strlen(vs_command(&family[i]))) > max)
			max = n;
	return max;
}

static void
vs_list_line(const struct member *m, const char *path, bool json, struct vs_buf *b)
{
	struct vs_jw w = { .b = b };

	if (!json) {
		vs_buf_fmt(b, "%-*s  %s\n", (int)vs_list_width(), vs_command(m), m->does);
		return;
	}
	vs_jw_object(&w, NULL);
	vs_jw_str(&w, "command", vs_command(m));
	vs_jw_str(&w, "path", path);
	vs_jw_str(&w, "description", m->does);
	vs_jw_close(&w, true);
	vs_buf_ch(b, '\n');
}

/* Append a line for each tool that is installed. */
static void
vs_list_lines(const char *indent, bool json, struct vs_buf *b)
{
	for (size_t i = 0; i < VS_LEN(family); i++) {
		VS_FREE char *path = NULL;

		if (vs_command(&family[i]) == NULL || (path = vs_proc_find(family[i].tool)) == NULL)
			continue;
		vs_buf_str(b, indent);
		vs_list_line(&family[i], path, json, b);
	}
}

static void
vs_commands(struct vs_buf *b)
{
	vs_buf_str(b, "\nCommands:\n");
	vs_list_lines("  ", false, b);
}

static void
vs_print_list(struct vs_run *run)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	vs_list_lines("", run->json, &b);
	vs_run_result(run, b.s, b.len, 0644);
}

int
main(int argc, char **argv)
{
	struct vs_opts o = { 0 };
	struct vs_run run;
	struct vs_err err = { 0 };
	const char *first = argc > 1 ? argv[1] : NULL;
	bool own = first == NULL || *first == '-';

	/* what is run gets our signals as we got them: no vs_run_begin before */
	if (vs_proc_guard(&err) < 0)
		own = true;
	else if (!own && strcmp(first, "help") != 0)
		vs_run_tool(argv, &err);
	else if (!own)
		vs_help(argc, argv, &err);
	if (vs_run_begin(&run, &tool, &o, own ? argc : 1, argv) < 0)
		return run.status;
	if (own && run.n)
		vs_fail(&err, VS_ERR_USAGE, "options go after the command: 'vs %s %s'",
			run.operands[0], first);
	else if (own && !o.list)
		vs_fail(&err, VS_ERR_USAGE,
			"missing command: 'vs --list' lists the commands, 'vs help COMMAND' shows the manual page of one");
	if (err.code)
		vs_run_fail(&run, &err);
	else
		vs_print_list(&run);
	return vs_run_end(&run);
}
