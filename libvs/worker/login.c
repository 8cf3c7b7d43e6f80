/* SPDX-License-Identifier: Apache-2.0 */
/* The SSH public keys of a worker, each once, from files of authorized_keys lines. */
#include <ctype.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "ign/ssh_key.h"
#include "worker/login.h"

static bool
login_has(const struct vs_var *var, const char *value)
{
	for (size_t i = 0; i < var->n; i++)
		if (strcmp(var->v[i], value) == 0)
			return true;
	return false;
}

static int
login_key_line(const char *s, size_t n, struct vs_vars *vars, struct vs_err *err)
{
	VS_SECRET char *line = NULL;
	const char *flaw;

	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;
	line = vs_strndup(s, n);
	if (line[strspn(line, " \t")] == '\0' || line[strspn(line, " \t")] == '#')
		return 0;
	flaw = vs_ssh_key_flaw(line);
	if (flaw)
		return vs_fail(err, VS_ERR_USAGE, "%s", flaw);
	if (!login_has(vs_vars_at(vars, "SSH_KEYS"), line))
		vs_vars_add(vars, "SSH_KEYS", line);
	return 0;
}

static int
login_key_file(const char *path, struct vs_vars *vars, struct vs_err *err)
{
	/* secret: it may be a private key, by mistake */
	VS_BUF_FREE struct vs_buf b = { .s = vs_buf_empty, .max = 1 << 20, .secret = true };
	size_t had = vs_vars_at(vars, "SSH_KEYS")->n;
	int line = 0;

	if (vs_read_file(path, "the SSH key", &b, err) < 0)
		return -1;
	for (const char *s = b.s; *s; s += *s == '\n') {
		size_t n = strcspn(s, "\n");

		line++;
		if (login_key_line(s, n, vars, err) < 0)
			return vs_wrap(err, "%s:%d", path, line);
		s += n;
	}
	if (vs_vars_at(vars, "SSH_KEYS")->n == had && had == 0)
		return vs_fail(err, VS_ERR_USAGE, "'%s' contains no SSH public key", path);
	return 0;
}

int
vs_login_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	vs_vars_add(vars, "SSH_KEYS", NULL);
	for (size_t i = 0; i < w->keys.n; i++)
		if (login_key_file(w->keys.v[i], vars, err) < 0)
			return -1;
	return 0;
}
