/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for file modes: Ignition's own range, and decimal modes that were meant to be
 * octal (coreos/butane, base/util/file.go). */
#include "ign/rules.h"

/* A mode that makes sense: group never has more rights than owner, others never more
 * than group, and what can be executed can be read.  As in base/util/file.go. */
static bool
rules_mode_makes_sense(long long mode, bool dir)
{
	bool read = false, write = false, run = false;

	if (mode == 0)
		return true;
	for (int shift = 0; shift <= 6; shift += 3) {
		bool r = mode >> shift & 4, w = mode >> shift & 2, x = mode >> shift & 1;

		if ((!r && read) || (!w && write) || (!x && run) || (x && read && !run)
			|| ((w || x) && !r))
			return false;
		read |= r;
		write |= w;
		run |= x;
	}
	if (!read)
		return false;
	if (dir)
		return run && !(mode & 04000) && (!(mode & 03000) || write);
	return !(mode & 01000) && (!(mode & 06000) || (run && !(mode & 2)));
}

/* The decimal digits of a mode, read as octal; -1: they are not octal digits. */
static long long
rules_mode_as_octal(long long mode)
{
	long long octal = 0;

	if (mode < 0 || mode > 7777)
		return -1;
	for (int d = 1000; d > 0; d /= 10) {
		if (mode / d % 10 > 7)
			return -1;
		octal = octal << 3 | mode / d % 10;
	}
	return octal;
}

long long
vs_rules_mode_meant(long long mode, bool dir)
{
	long long octal = rules_mode_as_octal(mode);

	return octal >= 0 && !rules_mode_makes_sense(mode, dir)
			&& rules_mode_makes_sense(octal, dir)
		? octal
		: -1;
}

static void
rules_mode_check(struct vs_report *r, const struct vs_tree *v, const char *path, bool dir)
{
	long long m = 0;

	vs_value_int(v, &m);
	if (m < 0 || m > 07777)
		vs_report(r, VS_VERDICT_ERROR, v, path, "'%s' is not a file mode: expected %s",
			VS_SHOWN(v), r->json ? "0 to 4095" : "0000 to 07777");
	if (r->json && !r->lax && vs_rules_mode_meant(m, dir) >= 0)
		vs_report(r, VS_VERDICT_HINT, v, path,
			"%s is mode 0%llo: did you mean %lld, which is 0%llo?", VS_SHOWN(v),
			(unsigned long long)m, vs_rules_mode_meant(m, dir),
			(unsigned long long)vs_rules_mode_meant(m, dir));
	else if (m & 07000 && r->spec < 6
		&& (r->lax || (m >= 0 && m <= 07777 && vs_rules_mode_meant(m, dir) < 0)))
		vs_report(r, VS_VERDICT_WARNING, v, path,
			"setuid, setgid and sticky bits have no effect before Ignition 3.6");
}

void
vs_rule_file_mode(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	rules_mode_check(r, v, path, false);
}

void
vs_rule_dir_mode(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	rules_mode_check(r, v, path, true);
}
