/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for systemd units: coreos/ignition, config/v3_N/types/unit.go and
 * config/shared/validations.  Those for lines that systemd cannot parse are ours. */
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "ign/rules.h"
#include "ign/unit.h"

void
vs_rule_unit_name(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const kinds[] = { "service", "socket", "device", "mount", "automount",
		"swap", "target", "path", "timer", "snapshot", "slice", "scope" };
	const char *dot = memrchr(v->text, '.', v->len);

	for (size_t i = 0; dot && i < VS_LEN(kinds); i++)
		if (strcmp(dot + 1, kinds[i]) == 0) {
			if (memchr(v->text, '/', v->len))
				vs_report(r, VS_VERDICT_STRICT, v, path,
					"'%s' is not a unit name: it contains '/'", VS_SHOWN(v));
			return;
		}
	vs_report(r, VS_VERDICT_ERROR, v, path,
		"'%s' is not a unit name: it needs a suffix such as .service", VS_SHOWN(v));
}

void
vs_rule_dropin_name(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *dot = memrchr(v->text, '.', v->len);

	if (dot == NULL || strcmp(dot, ".conf") != 0)
		vs_report(r, VS_VERDICT_ERROR, v, path,
			"'%s' is not a drop-in name: it must end in .conf", VS_SHOWN(v));
	else if (strchr(v->text, '/') || v->len < 6)
		vs_report(r, VS_VERDICT_STRICT, v, path, "'%s' is not a drop-in name", VS_SHOWN(v));
}

/* Why a logical line is not a comment, [Section] or Name=value; or NULL. */
static const char *
rules_unit_line_flaw(const char *s, size_t n)
{
	while (n > 0 && (*s == ' ' || *s == '\t'))
		s++, n--;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		n--;
	if (n == 0 || *s == '#' || *s == ';')
		return NULL;
	if (*s == '[')
		return s[n - 1] == ']' ? NULL : "a section header without ']'";
	return memchr(s, '=', n) ? NULL : "a line that is not 'Name=value'";
}

/* Why systemd cannot parse a text, and the number of the line; or NULL. */
static const char *
rules_unit_text_flaw(const char *s, int *line)
{
	bool goes_on = false;

	for (*line = 1; *s; ++*line) {
		size_t n = strcspn(s, "\n");
		const char *flaw = goes_on ? NULL : rules_unit_line_flaw(s, n);

		if (n > VS_UNIT_LINE)
			flaw = "a line longer than 2048 bytes";
		if (flaw)
			return flaw;
		goes_on = n > 0 && s[n - 1] == '\\';
		s += n + (s[n] == '\n');
	}
	return NULL;
}

void
vs_rule_unit_text(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const char *why = vs_unit_flaw(v->text, v->len);
	int line = 0;
	const char *flaw = rules_unit_text_flaw(v->text, &line);

	if (flaw)
		vs_report(r, why ? VS_VERDICT_ERROR : VS_VERDICT_STRICT, v, path,
			"line %d of the unit: %s", line, flaw);
	else if (why)
		vs_report(r, VS_VERDICT_ERROR, v, path, "Ignition cannot parse this unit: %s", why);
}

/* A unit that Ignition can parse, without anything in an [Install] section. */
static bool
rules_unit_installs_nothing(const struct vs_tree *text)
{
	return vs_value_nonempty(text) && vs_unit_flaw(text->text, text->len) == NULL
		&& !vs_unit_has(text->text, text->len, "Install");
}

void
vs_rule_unit(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *text = vs_value_given(v, "contents");
	const struct vs_tree *name = vs_value_given(v, "name");

	if (vs_value_bool_at(v, "enabled", false) && rules_unit_installs_nothing(text))
		vs_report(r, VS_VERDICT_WARNING, vs_value_given(v, "enabled"), VS_BELOW("contents"),
			"unit '%s' is enabled, but its [Install] section is missing or empty: enabling it has no effect",
			name ? VS_SHOWN(name) : "");
}

/* The template of "d@x.service", "d@.service"; NULL: it is not an instance. */
static char *
rules_unit_template(const char *name)
{
	const char *at = strchr(name + (*name != '\0'), '@'), *dot;
	size_t n = strlen(name);

	if (at == NULL || n < 8 || strcmp(name + n - 8, ".service") != 0)
		return NULL;
	dot = name + n - 8;
	if (dot <= at + 1)
		return NULL;
	return vs_printf("%.*s@.service", (int)(at - name), name);
}

void
vs_rule_systemd(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *units = vs_value_given(v, "units");
	VS_MAP_FREE struct vs_map texts = { 0 };
	char key[64];
	size_t i = 0;

	for (struct vs_tree *u = units ? units->child : NULL; u; u = u->next)
		if (vs_value_given(u, "name"))
			vs_map_put(&texts, vs_value_given(u, "name")->text, u);
	for (struct vs_tree *u = units ? units->child : NULL; u; u = u->next, i++) {
		const struct vs_tree *name = vs_value_given(u, "name"), *text;
		VS_FREE char *from = name ? rules_unit_template(name->text) : NULL;

		if (from == NULL || !vs_value_bool_at(u, "enabled", false))
			continue;
		text = vs_value_given(vs_map_get(&texts, from), "contents");
		snprintf(key, sizeof key, "units.%zu.contents", i);
		if (rules_unit_installs_nothing(text))
			vs_report(r, VS_VERDICT_WARNING, name, VS_BELOW(key),
				"'%s' is enabled, but the [Install] section of its template is missing or empty: enabling it has no effect",
				VS_SHOWN(name));
	}
}
