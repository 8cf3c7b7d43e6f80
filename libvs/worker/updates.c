/* SPDX-License-Identifier: Apache-2.0 */
/* Flatcar's own updates of a worker: /etc/flatcar/update.conf, as update_engine and
 * locksmithd read it (github.com/flatcar/locksmith, README.md). */
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "worker/updates.h"

/* "HH:MM"? */
static bool
updates_hour(const char *s)
{
	static const char digits[] = "0123456789";

	return s[0] >= '0' && s[0] <= '2' && s[1] && strchr(digits, s[1])
		&& (s[0] < '2' || s[1] < '4') && s[2] == ':' && s[3] >= '0' && s[3] <= '5' && s[4]
		&& strchr(digits, s[4]);
}

/* "[DAY ]HH:MM", the start of a reboot window? */
static bool
updates_start(const char *s, size_t n)
{
	static const char days[] = "Sun Mon Tue Wed Thu Fri Sat ";

	if (n == 9) {
		char day[5] = { s[0], s[1], s[2], s[3], '\0' };
		const char *at = strstr(days, day);

		return at && (at - days) % 4 == 0 && updates_hour(s + 4);
	}
	return n == 5 && updates_hour(s);
}

static int
updates_window(const char *s, struct vs_buf *conf, struct vs_err *err)
{
	const char *slash = strchr(s, '/');
	int64_t ms;

	if (slash == NULL || !updates_start(s, (size_t)(slash - s))
		|| vs_duration(slash + 1, &ms, err) < 0 || ms < 60000)
		return vs_fail(err, VS_ERR_USAGE,
			"--reboot-window: '%s' is not [DAY ]HH:MM/LENGTH (such as '04:00/1h' or 'Thu 23:30/90m')",
			s);
	vs_buf_fmt(conf, "LOCKSMITHD_REBOOT_WINDOW_START=\"%.*s\"\n", (int)(slash - s), s);
	vs_buf_fmt(conf, "LOCKSMITHD_REBOOT_WINDOW_LENGTH=%s\n", slash + 1);
	return 0;
}

int
vs_updates_vars(const struct vs_worker *w, struct vs_vars *vars, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	const char *how = w->updates ? w->updates : "none";
	bool reboots = strcmp(how, "reboot") == 0 || strcmp(how, "etcd-lock") == 0;

	if (w->window && !reboots)
		return vs_fail(err, VS_ERR_USAGE,
			"--reboot-window requires --updates reboot or etcd-lock");
	if (strcmp(how, "none") == 0) {
		if (w->group)
			return vs_fail(err, VS_ERR_USAGE,
				"--group requires --updates kured, reboot or etcd-lock");
		return 0;
	}
	if (w->group
		&& (*w->group == '\0'
			|| strspn(w->group, "abcdefghijklmnopqrstuvwxyz0123456789.-")
				!= strlen(w->group)))
		return vs_fail(err, VS_ERR_USAGE,
			"--group: '%s' is not a Flatcar channel (such as stable, beta, alpha, lts, lts-2024)",
			w->group);
	if (strcmp(how, "etcd-lock") == 0)
		vs_warn("--updates etcd-lock needs an etcd with the old v2 API at 127.0.0.1:2379, which RKE2 does not have: --updates kured works without one");
	if (w->group)
		vs_buf_fmt(&b, "GROUP=%s\n", w->group);
	vs_buf_fmt(&b, "REBOOT_STRATEGY=%s\n", reboots ? how : "off");
	if (w->window && updates_window(w->window, &b, err) < 0)
		return -1;
	vs_vars_set(vars, "UPDATE_CONF", b.s, false);
	return 0;
}
