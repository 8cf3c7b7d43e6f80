/* SPDX-License-Identifier: Apache-2.0 */
/* Running another program with pipes to it and a deadline, without a shell.  It
 * blocks until the program has ended. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"

enum {
	QUIET = 100,	 /* ms after which a line that has not ended is handed on ... */
	LINE = 4096,	 /* ... and bytes */
	FLOOD = 1 << 20, /* bytes of stderr, or past its maximum: it may end by itself before */
};

extern char **environ;

struct pipes {
	int in[2], out[2], errs[2];
	size_t dropped; /* bytes past the maximum of what they are read to */
	size_t said;	/* bytes of stderr that were handed on */
};

int
vs_proc_guard(struct vs_err *err)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* a core file would hold passwords and tokens */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	if (getuid() != geteuid() || getgid() != getegid())
		return vs_fail(err, VS_ERR_USAGE,
			"not made to run setuid or setgid: files, trust and programs would be chosen by the caller's environment");
	return 0;
}

static void
proc_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
proc_close_all(struct pipes *p)
{
	for (int i = 0; i < 2; i++) {
		proc_close(&p->in[i]);
		proc_close(&p->out[i]);
		proc_close(&p->errs[i]);
	}
}

/* Does add set the K of this "K=V"? */
static bool
proc_replaced(const char *entry, const char *const *add)
{
	size_t n = strcspn(entry, "=") + 1;

	for (; add && *add; add++)
		if (strncmp(*add, entry, n) == 0)
			return true;
	return false;
}

static char **
proc_environment(const char *const *add)
{
	size_t n = 0, k = 0;
	char **env;

	while (environ[n])
		n++;
	while (add && add[k])
		k++;
	env = vs_alloc(n + k + 1, sizeof *env);
	for (size_t i = 0; i < k; i++)
		env[i] = (char *)add[i];
	/* of two with the same name, getenv finds the first and a shell the last */
	for (char **e = environ; *e; e++)
		if (!proc_replaced(*e, add))
			env[k++] = *e;
	return env;
}

static int
proc_start(struct vs_proc *p, struct pipes *io, pid_t *pid)
{
	VS_FREE char **env = proc_environment(p->env);
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t none, dfl;
	int e;

	sigemptyset(&none);
	sigemptyset(&dfl);
	sigaddset(&dfl, SIGPIPE);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attr, &dfl);
	posix_spawnattr_setsigmask(&attr, &none);
	if (p->in)
		posix_spawn_file_actions_adddup2(&fa, io->in[0], 0);
	else if (!p->tty)
		posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, io->out[1], 1);
	if (p->errs || p->said)
		posix_spawn_file_actions_adddup2(&fa, io->errs[1], 2);
	e = posix_spawnp(pid, p->argv[0], &fa, &attr, (char **)p->argv, env);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	return e;
}

static void
proc_read(struct pipes *io, int *fd, struct vs_buf *b)
{
	char part[4096];
	ssize_t n = read(*fd, part, sizeof part);

	if (n > 0) {
		vs_buf_add(b, part, (size_t)n);
		io->dropped += b->over ? (size_t)n : 0;
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		proc_close(fd);
	}
	vs_wipe(part, sizeof part);
}

static void
proc_write(struct vs_proc *p, int *fd, size_t *sent)
{
	ssize_t n = write(*fd, (const char *)p->in + *sent, p->in_len - *sent);

	if (n > 0)
		*sent += (size_t)n;
	if (*sent == p->in_len || (n < 0 && errno != EINTR && errno != EAGAIN))
		proc_close(fd);
}

/* Hand on the lines of its stderr, and count their bytes; rest: the beginning of one, too. */
static void
proc_say(struct vs_proc *p, struct vs_buf *said, size_t *bytes, bool rest)
{
	size_t n, from = 0;

	while (from < said->len) {
		char *nl = memchr(said->s + from, '\n', said->len - from);

		if (nl == NULL && !rest)
			break;
		n = nl ? (size_t)(nl - said->s) - from : said->len - from;
		VS_FREE char *line = vs_strndup(said->s + from, n);

		if (n > 0 && line[n - 1] == '\r')
			line[n - 1] = '\0';
		p->said(p->argv[0], line);
		*bytes += n + 1;
		from += n + (nl != NULL);
	}
	vs_buf_shift(said, from);
}

/* A process that it left behind, as ssh does with ControlPersist, may keep its stderr
 * open for hours: after its stdout that ends with the process, too. */
static bool
proc_over(const struct pipes *io, pid_t pid)
{
	siginfo_t info = { 0 };

	return io->out[0] < 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0
		&& info.si_pid == pid;
}

static int
proc_wait_ms(int64_t end, int most)
{
	int64_t left = end == INT64_MAX ? INT_MAX : end - vs_now();

	return most >= 0 && left > most ? most : left > INT_MAX ? INT_MAX : (int)left;
}

/* A signal that is blocked for run/signals has come: whoever waits for this program must
 * come back to the loop.  Others end us as by default. */
static bool
proc_stopped(void)
{
	sigset_t set;

	return sigpending(&set) == 0
		&& (sigismember(&set, SIGINT) || sigismember(&set, SIGTERM)
			|| sigismember(&set, SIGHUP));
}

static bool
proc_floods(const struct pipes *io)
{
	return io->dropped > FLOOD || io->said > FLOOD;
}

/* Until both of its outputs are closed; -1: timed out, stopped, or too much. */
static int
proc_exchange(struct vs_proc *p, struct pipes *io, pid_t pid, int64_t end)
{
	VS_BUF_FREE struct vs_buf said = VS_BUF_INIT;
	struct vs_buf *errs = p->said ? &said : p->errs;
	size_t sent = 0;

	while (io->out[0] >= 0 || io->errs[0] >= 0) {
		struct pollfd fds[3] = {
			{ .fd = io->out[0], .events = POLLIN },
			{ .fd = io->errs[0], .events = POLLIN },
			{ .fd = io->in[1], .events = POLLOUT },
		};
		bool over = p->said && proc_over(io, pid);
		int n;

		if ((end != INT64_MAX && end <= vs_now()) || proc_stopped() || proc_floods(io))
			return -1;
		n = poll(fds, 3, over ? 0 : proc_wait_ms(end, QUIET));
		if (n == 0) {
			/* a question of its may have no line feed */
			proc_say(p, &said, &io->said, true);
			if (over)
				break;
		}
		if (n <= 0)
			continue;
		if (fds[0].revents)
			proc_read(io, &io->out[0], p->out);
		if (fds[1].revents)
			proc_read(io, &io->errs[0], errs);
		if (fds[2].revents)
			proc_write(p, &io->in[1], &sent);
		proc_say(p, &said, &io->said, io->errs[0] < 0 || said.len >= LINE);
	}
	return 0;
}

static int
proc_make_pipes(struct vs_proc *p, struct pipes *io, struct vs_err *err)
{
	if (pipe2(io->out, O_CLOEXEC) < 0 || (p->in && pipe2(io->in, O_CLOEXEC) < 0)
		|| ((p->errs || p->said) && pipe2(io->errs, O_CLOEXEC) < 0))
		return vs_fail(err, VS_ERR_FAILED, "cannot create a pipe: %s", strerror(errno));
	/* a program that does not read must not keep us from reading its output */
	if (p->in)
		fcntl(io->in[1], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Wait for it until then (vs_now(); INT64_MAX: forever), or for a signal; -1: it is still
 * running. */
static int
proc_reap(pid_t pid, int64_t until, int *status)
{
	pid_t got;

	while ((got = waitpid(pid, status, until == INT64_MAX ? 0 : WNOHANG)) == 0
		|| (got < 0 && errno == EINTR)) {
		if (vs_now() >= until || (until != INT64_MAX && proc_stopped()))
			return -1;
		if (got == 0)
			poll(NULL, 0, 5);
	}
	return 0;
}

/* SIGTERM first: ssh restores the terminal and ends its own children. */
static void
proc_kill(pid_t pid, int *status)
{
	kill(pid, SIGTERM);
	for (int64_t until = vs_now() + 500; vs_now() < until; poll(NULL, 0, 5))
		if (waitpid(pid, status, WNOHANG) == pid)
			return;
	kill(pid, SIGKILL);
	proc_reap(pid, INT64_MAX, status);
}

int
vs_proc_run(struct vs_proc *p, struct vs_err *err)
{
	struct pipes io = { { -1, -1 }, { -1, -1 }, { -1, -1 }, 0, 0 };
	int64_t end = p->timeout ? vs_now() + p->timeout : INT64_MAX;
	int e, late, status = 0;
	pid_t pid;

	if (proc_make_pipes(p, &io, err) < 0) {
		proc_close_all(&io);
		return -1;
	}
	e = proc_start(p, &io, &pid);
	proc_close(&io.in[0]);
	proc_close(&io.out[1]);
	proc_close(&io.errs[1]);
	if (e) {
		proc_close_all(&io);
		return vs_fail(err, e == ENOENT ? VS_ERR_NOT_FOUND : VS_ERR_FAILED,
			"cannot run '%s': %s", p->argv[0], strerror(e));
	}
	late = proc_exchange(p, &io, pid, end);
	proc_close_all(&io);
	/* it may close its outputs and keep running */
	if (late || proc_reap(pid, end, &status) < 0) {
		proc_kill(pid, &status);
		if (proc_stopped())
			return vs_fail(err, VS_ERR_FAILED, "'%s' was stopped", p->argv[0]);
		if (io.said > FLOOD)
			return vs_fail(err, VS_ERR_UNREACHABLE,
				"'%s' printed more than %d KiB of messages", p->argv[0],
				FLOOD >> 10);
		if (io.dropped <= FLOOD)
			return vs_fail(
				err, VS_ERR_TIMED_OUT, "'%s' did not end in time", p->argv[0]);
	}
	p->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}

void
vs_proc_said(const char *program, const char *line)
{
	const char *slash = strrchr(program, '/');
	size_t n;

	program = slash ? slash + 1 : program;
	n = strlen(program);
	if (strncmp(line, program, n) == 0 && line[n] == ':')
		vs_said("%s", line);
	else
		vs_said("%s: %s", program, line);
}

static char *
proc_in_folder(const char *dir, size_t n, const char *name)
{
	char *path = vs_printf("%.*s/%s", (int)n, dir, name);
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *
vs_proc_find(const char *name)
{
	char self[4096], *found;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	const char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;
	const char *dirs = getenv("PATH");

	found = slash ? proc_in_folder(self, (size_t)(slash - self), name) : NULL;
	while (found == NULL && dirs && *dirs) {
		size_t k = strcspn(dirs, ":");

		found = proc_in_folder(k ? dirs : ".", k ? k : 1, name);
		dirs += k + (dirs[k] == ':');
	}
	return found;
}

int
vs_words(const char *s, struct vs_strings *words, struct vs_err *err)
{
	while (*(s += strspn(s, " \t\n"))) {
		struct vs_buf w = VS_BUF_INIT;
		char quote = 0;

		for (; *s && (quote || !strchr(" \t\n", *s)); s++) {
			if (quote ? *s == quote : *s == '\'' || *s == '"')
				quote = quote ? 0 : *s;
			else if (*s == '\\' && quote != '\'' && s[1])
				vs_buf_ch(&w, *++s);
			else
				vs_buf_ch(&w, *s);
		}
		vs_strings_take(words, vs_buf_take(&w));
		if (quote)
			return vs_fail(err, VS_ERR_USAGE, "unclosed quote %c", quote);
	}
	return 0;
}
