/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that opens files (tests/floors.t).  Links of an output are resolved here
 * and not by the kernel, so that the owner of each is known, and cannot change between
 * a look at it and its use. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"

enum {
	FILE_COMMON = O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	FILE_LINKS = 40,     /* as many as the kernel follows */
	FILE_RETRY_MS = 20,  /* until the reader of a FIFO is looked for again */
	FILE_RACES = 100,    /* what changes so often while it is opened is refused */
	FILE_NOBODY = 65534, /* so a user namespace shows the host's root */
};

static int64_t file_limit; /* vs_now(); 0: none */

void
vs_wait_limit(int64_t ms)
{
	file_limit = ms > 0 ? vs_now() + ms : 0;
}

int
vs_wait_fd(int fd, short events, int ms, struct vs_err *err)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t end = ms < 0 ? INT64_MAX : vs_now() + ms, left;
	struct timespec t;
	sigset_t set;

	if (err && file_limit && file_limit < end)
		end = file_limit;
	sigprocmask(SIG_BLOCK, NULL, &set);
	sigdelset(&set, SIGINT);
	sigdelset(&set, SIGTERM);
	sigdelset(&set, SIGHUP);
	left = end - vs_now();
	if (left < 0)
		left = 0;
	t = (struct timespec){ .tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000 };
	if (ppoll(&p, fd >= 0, end == INT64_MAX ? NULL : &t, &set) != 0 || end != file_limit
		|| vs_now() < end)
		return 0;
	return vs_fail(err, VS_ERR_TIMED_OUT, "%s",
		fd < 0 ? "it has no reader within --timeout" : "nothing came within --timeout");
}

/* The number of one of our descriptors that is named so; -1: it is not. */
static int
file_given(const char *path)
{
	static const char *const std[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };
	static const char *const dirs[] = { "/dev/fd/", "/proc/self/fd/" };
	struct vs_err err;
	int64_t fd = -1;

	for (size_t i = 0; i < VS_LEN(std); i++)
		if (strcmp(path, std[i]) == 0)
			fd = (int)i;
	for (size_t i = 0; i < VS_LEN(dirs); i++) {
		size_t n = strlen(dirs[i]);

		if (strncmp(path, dirs[i], n) == 0 && vs_num(path + n, 0, INT32_MAX, &fd, &err) < 0)
			fd = -1;
	}
	return fd >= 0 && fcntl((int)fd, F_GETFD) >= 0 ? (int)fd : -1;
}

/* ---- state */

int
vs_open_state(const char *path, int flags, const char **why)
{
	int fd = open(path, flags | FILE_COMMON | O_NOFOLLOW, 0600);
	struct stat st;

	if (fd < 0) {
		*why = errno == ENOENT	 ? ""
			: errno == ELOOP ? "it is a symbolic link"
			: errno == ENXIO ? "it is not a regular file"
					 : strerror(errno);
		return -1;
	}
	if (fstat(fd, &st) < 0)
		*why = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		*why = "it is not a regular file";
	else if (st.st_uid != geteuid())
		*why = "it belongs to another user";
	else if (st.st_mode & 077)
		*why = "its mode is not 0600";
	else if (st.st_nlink > 1)
		*why = "it has another name";
	else
		return fd;
	close(fd);
	return -1;
}

int
vs_open_temporary(const char *path, char **tmp)
{
	*tmp = vs_printf("%s.XXXXXX", path);
	return mkostemp(*tmp, O_CLOEXEC);
}

/* ---- inputs */

int
vs_open_input(const char *path, struct vs_err *err)
{
	int given = file_given(path), fd;
	struct stat st;

	/* the pipe of another user, or a socket, cannot be opened once more */
	if (given >= 0 && fstat(given, &st) == 0 && !S_ISREG(st.st_mode))
		fd = fcntl(given, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | FILE_COMMON);
	if (fd < 0)
		return vs_fail(err, errno == ENOENT ? VS_ERR_NOT_FOUND : VS_ERR_USAGE, "%s",
			errno == ENXIO ? "it is a socket" : strerror(errno));
	return fd;
}

int
vs_open_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | FILE_COMMON);
}

int
vs_open_entry(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | FILE_COMMON | O_NOFOLLOW);
}

/* Open component by component, following no link at all: for kernels and sandboxes
 * without openat2. */
static int
file_open_step(int dir, const char *path)
{
	int at = fcntl(dir, F_DUPFD_CLOEXEC, 3);

	while (at >= 0) {
		size_t n = strcspn(path, "/");
		VS_FREE char *name = vs_strndup(path, n);
		bool last = path[n] == '\0';
		int next = -1;

		if (*name == '\0' || strcmp(name, "..") == 0)
			errno = *name ? EXDEV : ENOENT;
		else
			next = openat(at, name,
				O_RDONLY | FILE_COMMON | O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
		close(at);
		if (next < 0 && errno == ELOOP)
			errno = EXDEV;
		at = next;
		path += n + !last;
		if (last)
			break;
	}
	return at;
}

int
vs_open_below(int dir, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | FILE_COMMON,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return file_open_step(dir, path);
	return fd;
}

/* ---- outputs */

static int
file_fail(const char *path, int error, struct vs_err *err)
{
	return vs_fail(err, VS_ERR_FAILED, "cannot write '%s': %s", path, strerror(error));
}

static const char *
file_kind(mode_t mode)
{
	return S_ISLNK(mode)			 ? "symbolic link"
		: S_ISFIFO(mode)		 ? "FIFO"
		: S_ISCHR(mode) || S_ISBLK(mode) ? "device"
		: S_ISSOCK(mode)		 ? "socket"
		: S_ISDIR(mode)			 ? "folder"
						 : "file";
}

/* Devices and links of root are those of the system: /dev/null, /dev/stdout.  Only root
 * can create a device. */
static bool
file_is_of_system(const struct stat *st)
{
	bool device = S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);

	return (st->st_uid == 0 && (device || S_ISLNK(st->st_mode)))
		|| (st->st_uid == FILE_NOBODY && device);
}

static int
file_check_owner(const char *path, const struct stat *st, struct vs_err *err)
{
	const struct passwd *pw;
	char uid[24];

	if (S_ISSOCK(st->st_mode))
		return vs_fail(err, VS_ERR_USAGE, "cannot write '%s': it is a socket", path);
	if (S_ISDIR(st->st_mode))
		return file_fail(path, EISDIR, err);
	if (st->st_uid == geteuid() || file_is_of_system(st))
		return 0;
	snprintf(uid, sizeof uid, "%lu", (unsigned long)st->st_uid);
	pw = getpwuid(st->st_uid);
	return vs_fail(err, VS_ERR_USAGE,
		"cannot write '%s': the %s belongs to user '%s': give another name, or remove it",
		path, file_kind(st->st_mode), pw ? pw->pw_name : uid);
}

/* The path that a link contains, which begins in the link's folder. */
static char *
file_read_link(int fd, const char *path)
{
	char target[4096];
	ssize_t n = readlinkat(fd, "", target, sizeof target);
	const char *slash = strrchr(path, '/');

	if (n < 0 || n == sizeof target) {
		errno = n < 0 ? errno : ENAMETOOLONG;
		return NULL;
	}
	if (*target == '/' || slash == NULL)
		return vs_strndup(target, (size_t)n);
	return vs_printf("%.*s%.*s", (int)(slash + 1 - path), path, (int)n, target);
}

/* Where an output is. */
struct target {
	char *path;	/* behind all links */
	struct stat st; /* of it; st_mode 0: it does not exist */
	int given;	/* one of our descriptors, or -1 */
	bool magic;	/* a link of /proc, which only the kernel can follow */
};

/* Follow the link that fd is, one step.  1: it is a link of /proc; path is kept. */
static int
file_follow(struct target *t, int fd, const char *path, struct vs_err *err)
{
	struct statfs fs;
	char *next;

	if (file_check_owner(path, &t->st, err) < 0)
		return -1;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC) {
		t->magic = true;
		return stat(t->path, &t->st) < 0 ? file_fail(path, errno, err) : 1;
	}
	if ((next = file_read_link(fd, t->path)) == NULL)
		return file_fail(path, errno, err);
	free(t->path);
	t->path = next;
	return 0;
}

static int
file_resolve(struct target *t, const char *path, struct vs_err *err)
{
	free(t->path);
	*t = (struct target){ .path = vs_strdup(path) };
	for (int i = 0; i < FILE_LINKS; i++) {
		VS_CLOSEFD int fd = -1;
		int got;

		if ((t->given = file_given(t->path)) >= 0)
			return 0;
		fd = open(t->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT && *t->path)
			return 0;
		if (fd < 0 || fstat(fd, &t->st) < 0)
			return file_fail(path, errno, err);
		if (!S_ISLNK(t->st.st_mode))
			return file_check_owner(path, &t->st, err);
		if ((got = file_follow(t, fd, path, err)) != 0)
			return got < 0 ? -1 : file_check_owner(path, &t->st, err);
		t->st.st_mode = 0;
	}
	return file_fail(path, ELOOP, err);
}

/* Open what was resolved.  -2: it has changed, or a FIFO has no reader yet. */
static int
file_open_target(struct target *t, const char *path, mode_t mode, struct vs_err *err)
{
	int flags = O_WRONLY | FILE_COMMON | (t->magic ? 0 : O_NOFOLLOW), fd;
	struct stat st;

	if (t->given >= 0)
		fd = fcntl(t->given, F_DUPFD_CLOEXEC, 3);
	else if (t->st.st_mode == 0)
		fd = open(t->path, flags | O_CREAT | O_EXCL, mode);
	else
		fd = open(t->path, flags);
	if (fd < 0
		&& (errno == EEXIST || (errno == ENOENT && t->st.st_mode) || errno == ELOOP
			|| (errno == ENXIO && S_ISFIFO(t->st.st_mode))))
		return -2;
	if (fd < 0)
		return file_fail(path, errno, err);
	if (t->given >= 0)
		return fd;
	if (fstat(fd, &st) < 0 || file_check_owner(path, &st, err) < 0) {
		close(fd);
		return -1;
	}
	t->st = st;
	return fd;
}

int
vs_open_stream(const char *path, mode_t mode, bool *whole, struct vs_err *err)
{
	struct target t = { 0 };
	int fd = -2;

	for (int i = 0; fd == -2; i += !S_ISFIFO(t.st.st_mode)) {
		fd = i == FILE_RACES ? file_fail(path, EBUSY, err) : file_resolve(&t, path, err);
		if (fd == 0)
			fd = file_open_target(&t, path, mode, err);
		if (fd == -2 && S_ISFIFO(t.st.st_mode) && vs_wait_fd(-1, 0, FILE_RETRY_MS, err) < 0)
			fd = vs_wrap(err, "cannot write '%s'", path);
	}
	*whole = fd >= 0 && t.given < 0 && S_ISREG(t.st.st_mode);
	free(t.path);
	return fd;
}

int
vs_open_contents(const char *path, int *fd, struct vs_err *err)
{
	struct target t = { 0 };
	int got = file_resolve(&t, path, err);
	bool file = got == 0 && t.given < 0 && (t.st.st_mode == 0 || S_ISREG(t.st.st_mode)), whole;

	free(t.path);
	if (got < 0 || file)
		return got;
	if ((*fd = vs_open_stream(path, 0600, &whole, err)) < 0)
		return -1;
	if (!whole)
		return 1;
	/* a FIFO before, a file now */
	close(*fd);
	*fd = -1;
	return file_fail(path, EBUSY, err);
}

/* ---- what belongs to the process */

int
vs_open_terminal(void)
{
	return open("/dev/tty", O_RDWR | FILE_COMMON);
}

int
vs_open_null(int flags)
{
	return open("/dev/null", flags);
}
