/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for partitions, file systems and RAID: coreos/ignition, config/v3_N/types, disk.go,
 * partition.go, filesystem.go and raid.go. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "ign/rules.h"

/* ---- partitions */

void
vs_rule_guid(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	bool good = v->len == sizeof form - 1;

	for (size_t i = 0; good && i < v->len; i++)
		good = form[i] == '-' ? v->text[i] == '-' : isxdigit((unsigned char)v->text[i]);
	if (v->len > 0 && !good)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"'%s' is not a GUID, such as 01234567-89AB-CDEF-EDCB-A98765432101",
			VS_SHOWN(v));
}

void
vs_rule_partition_label(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len > 36)
		vs_report(r, VS_VERDICT_ERROR, v, path, "the label is longer than 36 bytes");
	else if (strchr(v->text, ':'))
		vs_report(r, VS_VERDICT_ERROR, v, path, "a label cannot contain ':'");
}

void
vs_rule_partition(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const others[] = { "label", "start_mib", "size_mib", "guid",
		"type_guid" };
	const struct vs_tree *label = vs_value_given(v, "label");
	long long n = vs_value_int_at(v, "number");

	if (n == 0 && label == NULL)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"a partition needs a 'number' of at least 1, or a 'label'");
	else if (n < 0 || (n == 0 && label->len == 0))
		vs_report(r, VS_VERDICT_STRICT, v, path,
			"a partition needs a 'number' of at least 1, or a 'label'");
	if (vs_value_bool_at(v, "should_exist", true))
		return;
	for (size_t i = 0; i < VS_LEN(others); i++)
		if (i < 3 ? vs_value_given(v, others[i]) != NULL
			  : vs_value_nonempty(vs_value_given(v, others[i]))) {
			vs_report(r, VS_VERDICT_ERROR, v, path,
				"'should_exist: false' cannot be used with '%s'", others[i]);
			return;
		}
}

/* A partition, as far as the rules for its disk need it. */
struct part {
	const struct vs_tree *v;
	size_t i;
	bool placed;	      /* start and size are given */
	long long start, end; /* end: its last MiB */
};

static int
rules_disk_by_start(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static bool
rules_disk_overlap(const struct part *p, const struct part *o)
{
	return (p->start >= o->start && p->start <= o->end)
		|| (p->end >= o->start && p->end <= o->end)
		|| (p->start < o->start && p->end > o->end);
}

/* Report the partition that the first overlapping one overlaps, as Ignition does. */
static void
rules_disk_overlaps(struct vs_report *r, const struct vs_tree *disk, const char *path,
	const struct part *all, size_t n)
{
	char key[40];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			const struct vs_tree *v = disk;

			if (i == k || !all[i].placed || !all[k].placed
				|| !rules_disk_overlap(&all[i], &all[k]))
				continue;
			snprintf(key, sizeof key, "partitions.%zu", k);
			vs_report(r, VS_VERDICT_ERROR, all[k].v, VS_BELOW(key),
				"this partition overlaps the one in line %d", all[i].v->line);
			return;
		}
}

/* Sorted by start, overlapping partitions are neighbours: no need to compare all pairs. */
static bool
rules_disk_any_overlap(const struct part *all, size_t n)
{
	VS_FREE struct part *sorted = vs_alloc(n, sizeof *sorted);
	long long end = 0;
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i].placed)
			sorted[k++] = all[i];
	qsort(sorted, k, sizeof *sorted, rules_disk_by_start);
	for (size_t i = 0; i < k; i++) {
		/* one without, or with a negative, size may overlap any */
		if ((i > 0 && sorted[i].start <= end) || sorted[i].end < sorted[i].start)
			return true;
		end = sorted[i].end > end ? sorted[i].end : end;
	}
	return false;
}

/* Report a second partition with the same number or label; "" is a label. */
static void
rules_disk_twice(struct vs_report *r, const struct vs_tree *disk, const char *path,
	const struct part *all, size_t n, bool label)
{
	VS_MAP_FREE struct vs_map seen = { 0 };
	char number[32], key[40];

	for (size_t i = 0; i < n; i++) {
		const struct vs_tree *v = disk;
		const struct vs_tree *l = vs_value_given(all[i].v, "label");
		const char *name;

		snprintf(number, sizeof number, "%lld", vs_value_int_at(all[i].v, "number"));
		if (label ? l == NULL : strcmp(number, "0") == 0)
			continue;
		name = label ? l->text : number;
		snprintf(key, sizeof key, "partitions.%zu", i);
		if (vs_map_get(&seen, name) == NULL) {
			vs_map_put(&seen, name, (void *)all[i].v);
			continue;
		}
		vs_report(r, VS_VERDICT_ERROR, all[i].v, VS_BELOW(key),
			"two partitions have the %s '%s'", label ? "label" : "number",
			label ? VS_SHOWN(l) : number);
	}
}

static void
rules_disk_removed(struct vs_report *r, const struct vs_tree *v, const char *path,
	const struct part *all, size_t n)
{
	bool gone = false, any = false;

	for (size_t i = 0; i < n; i++) {
		gone |= !vs_value_bool_at(all[i].v, "should_exist", true);
		any |= vs_value_int_at(all[i].v, "number") == 0;
	}
	if (gone && any)
		vs_report(r, VS_VERDICT_ERROR, vs_value_given(v, "partitions"),
			VS_BELOW("partitions"),
			"'should_exist: false' cannot be used with a partition that has no 'number'");
}

void
vs_rule_disk(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *list = vs_value_given(v, "partitions");
	VS_FREE struct part *all = NULL;
	size_t n = 0, cap = 0;

	if (list == NULL || !vs_value_nonempty(vs_value_given(v, "device")))
		return;
	for (const struct vs_tree *p = list->child; p; p = p->next) {
		long long size = vs_value_int_at(p, "size_mib");

		vs_grow(all, n, cap);
		all[n] = (struct part){ .v = p, .i = n, .start = vs_value_int_at(p, "start_mib") };
		all[n].placed = all[n].start != 0 && vs_value_given(p, "size_mib");
		/* wraps if it is too large, as in Ignition */
		all[n].end = (long long)((unsigned long long)all[n].start + (unsigned long long)size
			- (size != 0));
		n++;
	}
	if (n == 0)
		return;
	rules_disk_twice(r, v, path, all, n, false);
	rules_disk_twice(r, v, path, all, n, true);
	rules_disk_removed(r, v, path, all, n);
	if (rules_disk_any_overlap(all, n))
		rules_disk_overlaps(r, v, path, all, n);
}

/* ---- file systems, RAID */

static void
rules_disk_label(struct vs_report *r, const struct vs_tree *v, const char *path, const char *format)
{
	static const struct {
		const char *format;
		size_t max;
	} all[] = { { "ext4", 16 }, { "btrfs", 256 }, { "xfs", 12 }, { "swap", 15 },
		{ "vfat", 11 } };
	const struct vs_tree *label = vs_value_given(v, "label");

	if (!vs_value_nonempty(label))
		return;
	if (*format == '\0')
		vs_report(r, VS_VERDICT_ERROR, label, VS_BELOW("label"), "requires a 'format'");
	for (size_t i = 0; i < VS_LEN(all); i++)
		if (strcmp(format, all[i].format) == 0 && label->len > all[i].max)
			vs_report(r, VS_VERDICT_ERROR, label, VS_BELOW("label"),
				"a label for %s can have %zu bytes at most", format, all[i].max);
}

void
vs_rule_filesystem(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const formats[] = { "ext4", "btrfs", "xfs", "swap", "vfat", "none" };
	static const char *const need[] = { "path", "label", "uuid", "options", "mount_options" };
	const struct vs_tree *format = vs_value_given(v, "format");
	const char *why = NULL;
	bool known = false;

	rules_disk_label(r, v, path, format ? format->text : "");
	if (vs_value_nonempty(format)) {
		for (size_t i = 0; i < VS_LEN(formats) - (r->spec < 3); i++)
			known |= strcmp(format->text, formats[i]) == 0;
		if (!known)
			vs_report(r, VS_VERDICT_ERROR, format, VS_BELOW("format"),
				"unknown file system format '%s': use ext4, btrfs, xfs, vfat, swap or none",
				VS_SHOWN(format));
		return;
	}
	for (size_t i = 0; why == NULL && i < VS_LEN(need); i++)
		if (vs_value_nonempty(vs_value_given(v, need[i])))
			why = need[i];
	if (why == NULL && vs_value_bool_at(v, "wipe_filesystem", false))
		why = "wipe_filesystem";
	if (why)
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW("format"),
			"missing, but required by '%s'", why);
}

void
vs_rule_raid_level(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const levels[] = { "linear", "raid0", "0", "stripe", "raid1", "1",
		"mirror", "raid4", "4", "raid5", "5", "raid6", "6", "raid10", "10" };

	for (size_t i = 0; i < VS_LEN(levels); i++)
		if (strcmp(v->text, levels[i]) == 0)
			return;
	vs_report(r, VS_VERDICT_ERROR, v, path,
		"unknown RAID level '%s': use linear, raid0, raid1, raid4, raid5, raid6 or raid10",
		VS_SHOWN(v));
}

void
vs_rule_raid(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const none[] = { "linear", "raid0", "0", "stripe" };
	const struct vs_tree *level = vs_value_given(v, "level");

	if (!vs_value_nonempty(vs_value_given(v, "devices")))
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW("devices"), "missing");
	for (size_t i = 0; level && i < VS_LEN(none); i++)
		if (strcmp(level->text, none[i]) == 0 && vs_value_int_at(v, "spares") != 0)
			vs_report(r, VS_VERDICT_ERROR, level, VS_BELOW("level"),
				"RAID level '%s' cannot have spares", level->text);
}
