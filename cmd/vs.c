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

/* VS_TOOLS: the tools' names, blanks between; the Makefile knows them. */
static const char **tools, **commands;
static size_t n;

struct vs_opts {
	bool list;
};

static const struct vs_opt opts[] = {
	{ 0, "list", VS_OPT_FLAG, offsetof(struct vs_opts, list), NULL,
		"print the commands there are" },
	{ 0 },
};

static const struct vs_tool_opts tables[] = { { opts, 0 }, { 0 } };

static const struct vs_tool tool = {
	.name = "vs",
	.args = "COMMAND [ARGUMENT...] | help [COMMAND]",
	.does = "run a vsutils tool by its short name",
	.options = tables,
	.min = 0,
	.max = -1,
};

/* "vs-clone" is the command "clone", "node-wait" is "node-wait". */
static void
vs_meet_the_family(void)
{
	static char names[] = VS_TOOLS;
	char *rest = names, *s;

	tools = vs_alloc(sizeof names, sizeof *tools);
	commands = vs_alloc(sizeof names, sizeof *commands);
	while ((s = strsep(&rest, " ")) != NULL)
		if (*s && strcmp(s, tool.name) != 0) {
			tools[n] = s;
			commands[n++] = strncmp(s, "vs-", 3) == 0 ? s + 3 : s;
		}
}

/* The program that "vs WORD" runs: vs-WORD, or one of the others by its own
 * name.  NULL: there is none. */
static char *
vs_program(const char *word)
{
	VS_FREE char *name = vs_printf("vs-%s", word);
	char *found = strchr(word, '/') ? NULL : vs_proc_find(name);

	for (size_t i = 0; found == NULL && i < n; i++)
		if (strcmp(tools[i], word) == 0)
			found = vs_proc_find(word);
	return found;
}

static int
vs_unknown(const char *word, struct vs_err *err)
{
	const char *near = vs_did_you_mean(commands, n, word);

	return vs_fail(err, VS_ERR_USAGE, "unknown command '%s': %s%s'%s", word,
		near ? "did you mean '" : "'vs --list", near ? near : "",
		near ? "" : " prints those there are");
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

/* The manual page, or where there is no man(1) what the tool says itself. */
static int
vs_help(int argc, char **argv, struct vs_err *err)
{
	const char *word = argv[2];
	VS_FREE char *path = word ? vs_program(word) : NULL;
	const char *page = path ? strrchr(path, '/') + 1 : "vsutils";

	if (argc > 3)
		return vs_fail(err, VS_ERR_USAGE, "help: '%s' is one command too many", argv[3]);
	if (word && path == NULL)
		return vs_unknown(word, err);
	execlp("man", "man", page, (char *)NULL);
	if (path)
		execl(path, page, "--help", (char *)NULL);
	return vs_fail(err, VS_ERR_FAILED, "cannot show the manual: man: %s", strerror(errno));
}

static void
vs_print_list(struct vs_run *run)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		VS_FREE char *path = vs_proc_find(tools[i]);
		struct vs_jw w = { .b = &b };

		if (path == NULL)
			continue;
		if (run->json) {
			vs_jw_object(&w, NULL);
			vs_jw_str(&w, "command", commands[i]);
			vs_jw_str(&w, "path", path);
			vs_jw_close(&w, true);
		}
		vs_buf_fmt(&b, "%s\n", run->json ? "" : commands[i]);
	}
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

	vs_meet_the_family();
	/* what is run gets our signals as we got them: no vs_run_begin before */
	if (!own && strcmp(first, "help") != 0)
		vs_run_tool(argv, &err);
	else if (!own)
		vs_help(argc, argv, &err);
	if (vs_run_begin(&run, &tool, &o, own ? argc : 1, argv) < 0)
		return run.status;
	if (own && run.n)
		vs_fail(&err, VS_ERR_USAGE, "a command's options go behind it: 'vs %s %s'",
			run.operands[0], first);
	else if (own && !o.list)
		vs_fail(&err, VS_ERR_USAGE,
			"a command is missing: 'vs --list' prints those there are, 'vs help COMMAND' tells about one");
	if (err.code)
		vs_run_fail(&run, &err);
	else
		vs_print_list(&run);
	return vs_run_end(&run);
}
