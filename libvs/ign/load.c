#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "ign/butane.h"
#include "ign/load.h"
#include "ign/rules.h"
#include "ign/schema.h"
#include "text/enc.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

/* Component by component, through no link at all: for kernels and sandboxes
 * without openat2. */
static int
walk_down(int dir, const char *path)
{
	int at = dup(dir);

	while (at >= 0) {
		size_t n = strcspn(path, "/");
		VS_FREE char *name = vs_strndup(path, n);
		bool last = path[n] == '\0';
		int next = -1;

		if (*name == '\0' || strcmp(name, "..") == 0)
			errno = *name ? EXDEV : ENOENT;
		else
			next = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOCTTY
				| O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
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

/* Open a file below the folder.  The kernel sees to it that neither '..' nor
 * a link leads out of it. */
static int
open_below(int dir, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);

	if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
		if (*path != '/')
			return walk_down(dir, path);
		errno = EXDEV;
	}
	return fd;
}

static bool
ready(struct vs_local *l, const struct vs_yaml *v)
{
	if (l->fd >= 0)
		return true;
	if (l->dir == NULL) {
		vs_report_error(l->r, v, NULL, "'%s' is a file of yours: say by "
			"--files-dir DIR which folder it is in", SHOWN(v));
		return false;
	}
	if (!l->complained)
		l->fd = open(l->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->fd < 0 && !l->complained)
		vs_report_error(l->r, v, NULL, "cannot open the folder '%s': %s",
			l->dir, strerror(errno));
	l->complained = true;
	return l->fd >= 0;
}

int
vs_local_open(struct vs_local *l, const struct vs_yaml *v)
{
	int fd;

	if (!ready(l, v))
		return -1;
	fd = open_below(l->fd, v->text);
	if (fd < 0)
		vs_report_error(l->r, v, NULL, "cannot read '%s' in '%s': %s", SHOWN(v),
			l->dir, errno == EXDEV ? "it leads out of that folder"
			: strerror(errno));
	return fd;
}

/* The file that v names, into b. */
static bool
read_local(struct vs_local *l, const struct vs_yaml *v, struct vs_buf *b)
{
	VS_CLOSEFD int fd = vs_local_open(l, v);
	struct stat st;
	struct vs_err err;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		vs_report_error(l->r, v, NULL, "'%s' in '%s' is no regular file",
			SHOWN(v), l->dir);
	else if (vs_read_fd(fd, b, &err) < 0)
		vs_report_error(l->r, v, NULL, "cannot read '%s' in '%s': %s", SHOWN(v),
			l->dir, err.msg);
	else
		return true;
	return false;
}

static struct vs_yaml *
take(struct vs_local *l, struct vs_yaml *v, const char *key, const char *s,
	size_t n)
{
	v->key = key;
	v->kind = VS_YAML_SCALAR;
	v->style = VS_YAML_QUOTED;
	v->text = vs_arena_str(&l->doc->arena, s, n);
	v->len = n;
	return v;
}

/* 'local: FILE' becomes 'inline: what is in it'; any bytes will do. */
static void
load_contents(struct vs_local *l, struct vs_yaml *v)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = true };

	if (read_local(l, v, &b))
		take(l, v, "inline", b.s, b.len);
}

/* 'contents_local: FILE' becomes 'contents: what is in it'; text only. */
static void
load_text(struct vs_local *l, struct vs_yaml *v,
	const struct vs_field *contents)
{
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .secret = true };

	if (!read_local(l, v, &b))
		return;
	if (!vs_utf8(b.s, b.len) || memchr(b.s, '\0', b.len)) {
		vs_report_error(l->r, v, NULL, "'%s' is no text in UTF-8", SHOWN(v));
		return;
	}
	take(l, v, contents->yaml, b.s, b.len);
	if (contents->check)
		contents->check(l->r, v, contents->yaml);
}

/* Each line of the files becomes a key behind those given in the document. */
static void
load_keys(struct vs_local *l, struct vs_yaml *user, struct vs_yaml *files)
{
	struct vs_yaml *keys = vs_yaml_get(user, "ssh_authorized_keys"), **at;

	if (keys == NULL || keys->kind != VS_YAML_LIST) {
		keys = vs_arena_get(&l->doc->arena, sizeof *keys);
		*keys = (struct vs_yaml){ .kind = VS_YAML_LIST, .file = files->file,
			.line = files->line, .col = files->col,
			.key = "ssh_authorized_keys", .next = user->child };
		user->child = keys;
	}
	for (at = &keys->child; *at; at = &(*at)->next)
		;
	for (struct vs_yaml *v = files->child; v; v = v->next) {
		VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

		if (!read_local(l, v, &b))
			continue;
		for (size_t i = 0, n; i < b.len; i += n + 1) {
			n = strcspn(b.s + i, "\n");
			size_t end = n > 0 && b.s[i + n - 1] == '\r' ? n - 1 : n;

			if (end == 0)
				continue;
			*at = vs_arena_get(&l->doc->arena, sizeof **at);
			**at = *v;
			take(l, *at, NULL, b.s + i, end)->next = NULL;
			at = &(*at)->next;
		}
	}
}

static void
walk(struct vs_local *l, const struct vs_field *table, struct vs_yaml *map)
{
	for (struct vs_yaml *v = map->child; v; v = v->next) {
		const struct vs_field *f = vs_field_find(table, v->key);

		if (f == NULL || vs_yaml_null(v))
			continue;
		if (f->local && f->type == VS_F_OBJECTS)
			continue;	/* trees: see below */
		if (f->local && f->type == VS_F_STRINGS)
			load_keys(l, map, v);
		else if (f->local && strcmp(f->yaml, "local") == 0)
			load_contents(l, v);
		else if (f->local && f->type == VS_F_STRING)
			load_text(l, v, vs_field_find(table, "contents"));
		else if (f->sub && v->kind == VS_YAML_MAP)
			walk(l, f->sub, v);
		else if (f->sub && v->kind == VS_YAML_LIST)
			for (struct vs_yaml *i = v->child; i; i = i->next)
				walk(l, f->sub, i);
	}
}

int
vs_butane_load(struct vs_yaml_doc *d, const char *dir, struct vs_report *r)
{
	struct vs_local l = { .doc = d, .r = r, .dir = dir, .fd = -1 };
	size_t errors = r->errors;

	struct vs_yaml *storage = vs_yaml_get(d->root, "storage"), *trees;

	if (d->root && d->root->kind == VS_YAML_MAP)
		walk(&l, vs_butane, d->root);
	trees = vs_yaml_get(storage, "trees");
	if (trees && trees->kind == VS_YAML_LIST && r->errors == errors) {
		vs_load_trees(&l, storage);
		if (r->errors == errors)
			vs_rule_storage(r, storage, "storage");
	}
	if (l.fd >= 0)
		close(l.fd);
	return r->errors == errors ? 0 : -1;
}
