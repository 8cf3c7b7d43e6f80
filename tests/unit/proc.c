/* SPDX-License-Identifier: Apache-2.0 */
/* Child programs: base/proc. */
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "tap.h"

#define SH(script) ((const char *const[]){ "sh", "-c", (script), NULL })

static struct vs_err err;

static void
outputs(void)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT, errs = VS_BUF_INIT;
	struct vs_proc p = {
		.argv = SH("echo to out; echo to err >&2; exit 7"), .out = &out, .errs = &errs
	};

	ok(vs_proc_run(&p, &err) == 0, "a program that fails is no error of ours");
	ok(p.status == 7, "its exit status");
	is(out.s, "to out\n", "its stdout");
	is(errs.s, "to err\n", "its stderr, apart");

	p = (struct vs_proc){ .argv = SH("kill -KILL $$"), .out = &out };
	ok(vs_proc_run(&p, &err) == 0 && p.status == 128 + SIGKILL, "ended by a signal");

	vs_buf_cut(&out, 0);
	out.max = 10;
	p = (struct vs_proc){ .argv = SH("seq 1 100000"), .out = &out };
	ok(vs_proc_run(&p, &err) == 0 && p.status == 0 && out.over && out.len == 10,
		"more than is wanted: it can end all the same");
	vs_buf_cut(&out, 0);
	out.max = 20;
	p = (struct vs_proc){ .argv = SH("yes; exit 0"), .out = &out, .timeout = 20000 };
	ok(vs_proc_run(&p, &err) == 0 && out.len == 20, "without end: it is ended");
	out.max = 0;
}

static void
inputs(void)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT;
	struct vs_proc p = { .argv = SH("cat"), .out = &out, .in = "x y", .in_len = 3 };
	VS_FREE char *big = vs_alloc(1, 1 << 20);

	ok(vs_proc_run(&p, &err) == 0 && p.status == 0, "with an input");
	is(out.s, "x y", "... which comes back");

	vs_buf_cut(&out, 0);
	memset(big, 'a', 1 << 20);
	p = (struct vs_proc){ .argv = SH("cat"), .out = &out, .in = big, .in_len = 1 << 20 };
	ok(vs_proc_run(&p, &err) == 0 && out.len == 1 << 20 && memcmp(out.s, big, 1 << 20) == 0,
		"more than a pipe holds, both ways at once");

	vs_buf_cut(&out, 0);
	p = (struct vs_proc){
		.argv = SH("exec <&-; echo done"), .out = &out, .in = big, .in_len = 1 << 20
	};
	signal(SIGPIPE, SIG_IGN);
	ok(vs_proc_run(&p, &err) == 0 && p.status == 0, "one that does not read");
	is(out.s, "done\n", "... is heard");

	vs_buf_cut(&out, 0);
	p = (struct vs_proc){ .argv = SH("cat; kill -PIPE $$; echo no"), .out = &out };
	ok(vs_proc_run(&p, &err) == 0, "without an input");
	is(out.s, "", "... its stdin is empty");
	ok(p.status == 128 + SIGPIPE, "... and SIGPIPE is not ignored there");
}

static void
environments(void)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT;
	struct vs_proc p = { .argv = SH("echo $VS_A $VS_B; env | grep -c ^VS_A="),
		.env = (const char *const[]){ "VS_A=new", NULL },
		.out = &out };

	setenv("VS_A", "old", 1);
	setenv("VS_B", "kept", 1);
	ok(vs_proc_run(&p, &err) == 0, "with more in its environment");
	is(out.s, "new kept\n1\n", "... which replaces what is there");
}

/* Memcheck's vfork is a fork: what fails in the child is not known here. */
static void
not_started(void)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT;
	struct vs_proc p = { .argv = (const char *const[]){ "no-such-program", NULL },
		.out = &out };
	const char *under = getenv("UNDER");

	if (under && strcmp(under, "valgrind") == 0)
		return;
	ok(vs_proc_run(&p, &err) == -1 && err.code == VS_ERR_NOT_FOUND, "no such program");
	ok(strstr(err.msg, "'no-such-program'") != NULL, "... is named");
	p.argv = (const char *const[]){ "/dev/null", NULL };
	ok(vs_proc_run(&p, &err) == -1 && err.code == VS_ERR_FAILED, "one that cannot be run");
}

static void
failures(void)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT;
	struct vs_proc p = { 0 };
	int64_t start;

	start = vs_now();
	p = (struct vs_proc){
		.argv = SH("echo before; exec sleep 20"), .out = &out, .timeout = 200
	};
	ok(vs_proc_run(&p, &err) == -1 && err.code == VS_ERR_TIMED_OUT, "out of time");
	is(out.s, "before\n", "... what it said is there");
	ok(vs_now() - start < 5000, "... and it is ended at once");

	start = vs_now();
	p = (struct vs_proc){
		.argv = SH("exec >&- 2>&-; exec sleep 20"), .out = &out, .timeout = 200
	};
	ok(vs_proc_run(&p, &err) == -1 && err.code == VS_ERR_TIMED_OUT && vs_now() - start < 5000,
		"one that closed its stdout, too");

	start = vs_now();
	p = (struct vs_proc){
		.argv = SH("trap '' TERM; sleep 1; sleep 20"), .out = &out, .timeout = 100
	};
	ok(vs_proc_run(&p, &err) == -1 && err.code == VS_ERR_TIMED_OUT && vs_now() - start < 5000,
		"one that will not end is killed");
	p = (struct vs_proc){
		.argv = SH("trap 'echo bye >&2; exit' TERM; while :; do sleep 0.05; done"),
		.out = &out,
		.errs = &out,
		.timeout = 300
	};
	ok(vs_proc_run(&p, &err) == -1, "one that wants to tidy up can");
}

static struct vs_buf heard = VS_BUF_INIT;

static void
hear(const char *program, const char *line)
{
	vs_buf_fmt(&heard, "%s: %s|", program, line);
}

static void
lines(void)
{
	VS_BUF_FREE struct vs_buf out = VS_BUF_INIT;
	int64_t start = vs_now();
	struct vs_proc p = { .argv = SH("echo a >&2; echo out; printf 'b\\r\\n\\nc' >&2"),
		.out = &out,
		.said = hear };

	ok(vs_proc_run(&p, &err) == 0, "its stderr line by line");
	is(heard.s, "sh: a|sh: b|sh: |sh: c|", "... the last one without a line feed, too");
	is(out.s, "out\n", "... and its stdout");

	vs_buf_cut(&heard, 0);
	p.argv = SH("printf 'name: ' >&2; sleep 1; echo x >&2");
	ok(vs_proc_run(&p, &err) == 0, "a line that waits");
	is(heard.s, "sh: name: |sh: x|", "... is shown before it has ended");

	vs_buf_cut(&heard, 0);
	start = vs_now();
	p.argv = SH("sleep 20 >&- & echo left >&2; exit 3");
	p.timeout = 15000;
	ok(vs_proc_run(&p, &err) == 0 && p.status == 3,
		"one that leaves a process with its stderr");
	ok(vs_now() - start < 10000, "... is not waited for longer than it runs");
	is(heard.s, "sh: left|", "... and is heard to its end");

	vs_buf_cut(&heard, 0);
	p.argv = SH("exec yes >&2");
	ok(vs_proc_run(&p, &err) == -1 && strstr(err.msg, "printed more than 1024 KiB of messages"),
		"one that does not stop talking is ended");
	ok(heard.len < 8 << 20, "... soon");
	vs_buf_free(&heard);
}

static void
words(void)
{
	static const struct {
		const char *text;
		const char *words[5];
	} t[] = {
		{ "ssh", { "ssh" } },
		{ "  ssh \t-o  X\n", { "ssh", "-o", "X" } },
		{ "a 'b c' \"d e\"", { "a", "b c", "d e" } },
		{ "a'b 'c\" d\"", { "ab c d" } },
		{ "a\\ b '\\' \"\\\"\"", { "a b", "\\", "\"" } },
		{ "'' \"\"", { "", "" } },
		{ "$HOME ~ * `x`", { "$HOME", "~", "*", "`x`" } },
		{ "", { NULL } },
		{ "end\\", { "end\\" } },
	};
	struct vs_strings w = { 0 };

	for (size_t i = 0; i < VS_LEN(t); i++) {
		bool good = vs_words(t[i].text, &w, &err) == 0;
		size_t k = 0;

		while (k < w.n && t[i].words[k] && strcmp(w.v[k], t[i].words[k]) == 0)
			k++;
		ok(good && k == w.n && t[i].words[k] == NULL, t[i].text);
		vs_strings_free(&w);
	}
	ok(vs_words("a 'b", &w, &err) == -1 && err.code == VS_ERR_USAGE, "an open quote");
	ok(vs_words("a \"b", &w, &err) == -1, "an open double quote");
	vs_strings_free(&w);
}

static void
finding(void)
{
	char dir[] = "/tmp/vsutils-proc-XXXXXX", self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	VS_FREE char *tool = NULL, *folder = NULL, *path = NULL, *found = NULL;
	FILE *f;

	if (!ok(mkdtemp(dir) && n > 0, "a scratch folder"))
		return;
	self[n] = '\0';
	tool = vs_printf("%s/vs-mine", dir);
	folder = vs_printf("%s/vs-folder", dir);
	path = vs_printf("/nowhere:%s", dir);
	f = fopen(tool, "w");
	ok(f && fclose(f) == 0 && mkdir(folder, 0700) == 0, "... with things in it");
	setenv("PATH", path, 1);
	ok(vs_proc_find("vs-mine") == NULL, "a file that cannot be run is none");
	ok(chmod(tool, 0700) == 0, "one that can");
	found = vs_proc_find("vs-mine");
	is(found, tool, "... is found in PATH");
	ok(vs_proc_find("vs-folder") == NULL, "a folder is no program");
	VS_FREE char *me = vs_proc_find(strrchr(self, '/') + 1);
	is(me, self, "what is beside this program needs no PATH");
	unsetenv("PATH");
	ok(vs_proc_find("vs-mine") == NULL, "no PATH");
	ok(unlink(tool) == 0 && rmdir(folder) == 0 && rmdir(dir) == 0, "nothing is left");
}

int
main(void)
{
	outputs();
	inputs();
	environments();
	not_started();
	failures();
	lines();
	words();
	finding();
	return done();
}
