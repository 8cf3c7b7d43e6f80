#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "ign/schema.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

static const struct vs_yaml *
given(const struct vs_yaml *map, const char *key)
{
	const struct vs_yaml *v = vs_yaml_get(map, key);

	return v && !vs_yaml_null(v) ? v : NULL;
}

static bool
nonempty(const struct vs_yaml *v)
{
	return v && (v->kind == VS_YAML_LIST ? v->child != NULL : v->len > 0);
}

static long long
number(const struct vs_yaml *map, const char *key)
{
	const struct vs_yaml *v = given(map, key);
	long long n = 0;

	return v && vs_value_int(v, &n) ? n : 0;
}

static bool
is_false(const struct vs_yaml *v)
{
	bool b = true;

	return v && vs_value_bool(v, &b) && !b;
}

/* ---- partitions */

void
vs_rule_guid(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	bool good = v->len == sizeof form - 1;

	for (size_t i = 0; good && i < v->len; i++)
		good = form[i] == '-' ? v->text[i] == '-'
			: isxdigit((unsigned char)v->text[i]);
	if (v->len > 0 && !good)
		vs_report_error(r, v, path, "'%s' is no GUID such as "
			"01234567-89AB-CDEF-EDCB-A98765432101", SHOWN(v));
}

void
vs_rule_partition(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	static const char *const others[] = { "label", "start_mib", "size_mib",
		"guid", "type_guid" };
	const struct vs_yaml *label = given(v, "label");
	long long n = number(v, "number");

	if (n < 0 || (n == 0 && !nonempty(label)))
		vs_report_error(r, v, path,
			"a partition needs a 'number' of at least 1, or a 'label'");
	if (nonempty(label) && label->len > 36)
		vs_report_error(r, label, path, "a label has at most 36 bytes");
	if (nonempty(label) && strchr(label->text, ':'))
		vs_report_error(r, label, path, "a label cannot hold a ':'");
	for (size_t i = 0; is_false(given(v, "should_exist"))
	     && i < VS_LEN(others); i++)
		if (given(v, others[i]))
			vs_report_error(r, v, path, "'should_exist: false' does not go "
				"with '%s'", others[i]);
}

/* Both ends of what two partitions take, where both are known. */
static bool
overlap(const struct vs_yaml *a, const struct vs_yaml *b)
{
	long long as = number(a, "start_mib"), an = number(a, "size_mib");
	long long bs = number(b, "start_mib"), bn = number(b, "size_mib");

	return as > 0 && an > 0 && bs > 0 && bn > 0 && as < bs + bn && bs < as + an;
}

static int
by_start(const void *a, const void *b)
{
	long long x = number(*(struct vs_yaml *const *)a, "start_mib");
	long long y = number(*(struct vs_yaml *const *)b, "start_mib");

	return x < y ? -1 : x > y;
}

/* Numbers, labels and places, each sorted: what is equal stands together. */
static int
by_number(const void *a, const void *b)
{
	long long x = number(*(struct vs_yaml *const *)a, "number");
	long long y = number(*(struct vs_yaml *const *)b, "number");

	return x < y ? -1 : x > y;
}

static const char *
label_of(const struct vs_yaml *v)
{
	const struct vs_yaml *label = given(v, "label");

	return nonempty(label) ? label->text : "";
}

static int
by_label(const void *a, const void *b)
{
	return strcmp(label_of(*(struct vs_yaml *const *)a),
		label_of(*(struct vs_yaml *const *)b));
}

void
vs_rule_disk(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *list = given(v, "partitions");
	VS_FREE const struct vs_yaml **all = NULL;
	size_t n = 0, cap = 0;

	for (const struct vs_yaml *p = list ? list->child : NULL; p; p = p->next) {
		vs_grow(all, n, cap);
		all[n++] = p;
	}
	if (n < 2)
		return;
	qsort(all, n, sizeof *all, by_number);
	for (size_t i = 1; i < n; i++)
		if (number(all[i], "number") > 0 && by_number(&all[i - 1], &all[i]) == 0)
			vs_report_error(r, all[i], path, "two partitions have the number "
				"%lld", number(all[i], "number"));
	qsort(all, n, sizeof *all, by_label);
	for (size_t i = 1; i < n; i++)
		if (*label_of(all[i]) && by_label(&all[i - 1], &all[i]) == 0)
			vs_report_error(r, all[i], path, "two partitions have the label "
				"'%.36s'", label_of(all[i]));
	qsort(all, n, sizeof *all, by_start);
	for (size_t i = 1; i < n; i++)
		if (overlap(all[i - 1], all[i]))
			vs_report_error(r, all[i], path, "this partition overlaps the one "
				"in line %d", all[i - 1]->line);
}

/* ---- file systems, LUKS, RAID */

void
vs_rule_filesystem(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	static const struct {
		const char *format;
		size_t max;
	} labels[] = { { "ext4", 16 }, { "btrfs", 256 }, { "xfs", 12 },
		{ "swap", 15 }, { "vfat", 11 } };
	static const char *const need[] = { "path", "label", "uuid",
		"wipe_filesystem", "options", "mount_options" };
	const struct vs_yaml *format = given(v, "format");
	const struct vs_yaml *label = given(v, "label");
	const struct vs_yaml *at = given(v, "with_mount_unit");
	bool mounted = false;

	if (at && vs_value_bool(at, &mounted) && mounted && !nonempty(format))
		vs_report_error(r, at, path, "'with_mount_unit' needs a 'format'");
	else if (mounted && strcmp(format->text, "swap") != 0
		 && !nonempty(given(v, "path")))
		vs_report_error(r, at, path, "'with_mount_unit' needs a 'path'");
	for (size_t i = 0; !nonempty(format) && i < VS_LEN(need); i++) {
		at = given(v, need[i]);
		if (at && (at->kind == VS_YAML_LIST ? at->child != NULL
				: at->len > 0 && !is_false(at)))
			vs_report_error(r, at, path, "'%s' needs a 'format'", need[i]);
	}
	for (size_t i = 0; format && label && i < VS_LEN(labels); i++)
		if (strcmp(format->text, labels[i].format) == 0
		    && label->len > labels[i].max)
			vs_report_error(r, label, path, "a label of %s has at most %zu "
				"bytes", labels[i].format, labels[i].max);
}

void
vs_rule_luks(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *name = given(v, "name");
	const struct vs_yaml *label = given(v, "label");

	if (strchr(name->text, '/'))
		vs_report_error(r, name, path, "a name of a device cannot hold a '/'");
	if (given(v, "device") == NULL)
		vs_report_error(r, v, path, "'device' is missing");
	if (label && label->len > 47)
		vs_report_error(r, label, path, "a label has at most 47 bytes");
}

void
vs_rule_raid(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const char *level = given(v, "level")->text;

	if (!nonempty(given(v, "devices")))
		vs_report_error(r, v, path, "'devices' are missing");
	if (number(v, "spares") != 0 && (strcmp(level, "linear") == 0
			|| strcmp(level, "raid0") == 0 || strcmp(level, "0") == 0
			|| strcmp(level, "stripe") == 0))
		vs_report_error(r, v, path, "'%s' has no spares", level);
}
