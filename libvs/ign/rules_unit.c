#include <string.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "ign/schema.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

void
vs_rule_unit_name(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	static const char *const kinds[] = { "service", "socket", "device",
		"mount", "automount", "swap", "target", "path", "timer", "snapshot",
		"slice", "scope" };
	const char *dot = strrchr(v->text, '.');

	if (strchr(v->text, '/')) {
		vs_report_error(r, v, path, "'%s' is no unit name: it has a '/'",
			SHOWN(v));
		return;
	}
	for (size_t i = 0; dot && i < VS_LEN(kinds); i++)
		if (strcmp(dot + 1, kinds[i]) == 0)
			return;
	vs_report_error(r, v, path, "'%s' is no unit name: it needs an ending "
		"such as .service", SHOWN(v));
}

void
vs_rule_dropin_name(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	if (strchr(v->text, '/') || v->len < 6
	    || strcmp(v->text + v->len - 5, ".conf") != 0)
		vs_report_error(r, v, path, "'%s' is no drop-in: its name must end in "
			".conf", SHOWN(v));
}

/* One logical line: comment, [Section] or Key=value. */
static const char *
line_flaw(const char *s, size_t n)
{
	while (n > 0 && (*s == ' ' || *s == '\t'))
		s++, n--;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		n--;
	if (n == 0 || *s == '#' || *s == ';')
		return NULL;
	if (*s == '[')
		return s[n - 1] == ']' ? NULL : "a section without its ']'";
	return memchr(s, '=', n) ? NULL : "a line that is no 'Name=value'";
}

/* A long line is refused by the library that Ignition reads units with
 * (go-systemd, unit/deserialize.go). */
enum { LINE_MAX_BYTES = 2048 };

void
vs_rule_unit_text(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	bool goes_on = false;
	int line = 1;

	for (const char *s = v->text; *s; line++) {
		size_t n = strcspn(s, "\n");
		const char *flaw = goes_on ? NULL : line_flaw(s, n);

		if (n > LINE_MAX_BYTES)
			flaw = "a line of more than 2048 bytes";
		if (flaw) {
			vs_report_error(r, v, path, "line %d of the unit: %s", line, flaw);
			return;
		}
		goes_on = n > 0 && s[n - 1] == '\\';
		s += n + (s[n] == '\n');
	}
}

static bool
has_install(const char *text)
{
	for (const char *s = text; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		s += strspn(s, " \t");
		if (strncmp(s, "[Install]", 9) == 0)
			return true;
	}
	return false;
}

void
vs_rule_unit(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *enabled = vs_yaml_get(v, "enabled");
	const struct vs_yaml *text = vs_yaml_get(v, "contents");
	const struct vs_yaml *name = vs_yaml_get(v, "name");
	bool on = false;

	if (text && vs_yaml_get(v, "contents_local"))
		vs_report_error(r, v, path, "either 'contents' or 'contents_local'");
	if (enabled == NULL || !vs_value_bool(enabled, &on) || !on)
		return;
	if (text && text->kind == VS_YAML_SCALAR && text->len > 0
	    && !has_install(text->text))
		vs_report_warn(r, enabled, path, "unit '%s' is enabled, but has no "
			"[Install] section: that does nothing",
			name && name->text ? SHOWN(name) : "");
}
