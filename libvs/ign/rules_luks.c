/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for encrypted devices: coreos/ignition, config/v3_N/types, luks.go, clevis.go,
 * custom.go and tang.go. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ign/rules.h"
#include "text/json_tree.h"

void
vs_rule_luks_name(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (strchr(v->text, '/'))
		vs_report(r, VS_VERDICT_ERROR, v, path, "a device name cannot contain '/'");
	else if (v->len == 0)
		vs_report(r, VS_VERDICT_STRICT, v, path, "must not be empty");
}

void
vs_rule_luks_label(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len > 47)
		vs_report(r, VS_VERDICT_ERROR, v, path, "the label is longer than 47 bytes");
}

void
vs_rule_key_file(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	vs_rule_resource(r, v, path);
}

/* Does clevis have a built-in way to unlock it? */
static bool
rules_luks_has_pin(const struct vs_tree *clevis)
{
	return vs_value_nonempty(vs_value_given(clevis, "tang"))
		|| vs_value_bool_at(clevis, "tpm2", false)
		|| vs_value_int_at(clevis, "threshold") != 0;
}

void
vs_rule_luks(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *clevis = vs_value_given(v, "clevis");
	const struct vs_tree *key = vs_value_given(v, "key_file");
	const struct vs_tree *source = vs_value_given(key, "source");
	bool custom = vs_value_nonempty(vs_value_given(vs_value_given(clevis, "custom"), "pin"));

	if (r->spec == 2) /* there, an empty one counts, too */
		custom = vs_value_given(clevis, "custom") != NULL;
	if (custom && rules_luks_has_pin(clevis))
		vs_report(r, VS_VERDICT_ERROR, clevis, VS_BELOW("clevis"),
			"'custom' cannot be used with 'tang', 'tpm2' or 'threshold'");
	if (source && vs_rules_source_flaw(r, source))
		vs_report(r, VS_VERDICT_ERROR, key, VS_BELOW("keys"),
			"the key file cannot be fetched");
	if (!vs_value_bool_at(vs_value_given(v, "cex"), "enabled", false))
		return;
	if (custom || rules_luks_has_pin(clevis))
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW("cex"), "cannot be used with 'clevis'");
	if (vs_value_nonempty(source) || vs_value_given(key, "inline"))
		vs_report(
			r, VS_VERDICT_ERROR, v, VS_BELOW("cex"), "cannot be used with 'key_file'");
}

void
vs_rule_clevis_custom(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const pins[] = { "tpm2", "tang", "sss" };
	const struct vs_tree *pin = vs_value_given(v, "pin");
	bool config = vs_value_nonempty(vs_value_given(v, "config")), known = r->spec >= 6;

	if (!vs_value_nonempty(pin) && !config && !vs_value_bool_at(v, "needs_network", false)
		&& r->spec > 2)
		return;
	if (!vs_value_nonempty(pin))
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW("pin"), "missing");
	for (size_t i = 0; pin && i < VS_LEN(pins); i++)
		known |= strcmp(pin->text, pins[i]) == 0;
	if (vs_value_nonempty(pin) && !known)
		vs_report(r, VS_VERDICT_ERROR, pin, VS_BELOW("pin"),
			"unknown pin '%s': use tpm2, tang or sss", VS_SHOWN(pin));
	if (!config)
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW("config"), "missing");
}

/* Does each number fit into a double, as which Go reads it? */
static bool
rules_luks_numbers_fit(const struct vs_tree *v)
{
	if (v->kind == VS_TREE_SCALAR)
		return v->style != VS_TREE_PLAIN || isfinite(strtod(v->text, NULL));
	for (v = v->child; v; v = v->next)
		if (!rules_luks_numbers_fit(v))
			return false;
	return true;
}

void
vs_rule_advertisement(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	VS_TREE_FREE struct vs_tree_doc json = { .lax = r->lax };
	struct vs_err err;

	if (v->len > 0
		&& (vs_json_tree_read(&json, v->text, v->len, v->file, &err) < 0
			|| !rules_luks_numbers_fit(json.root)))
		vs_report(r, VS_VERDICT_ERROR, v, path, "the advertisement is not JSON");
}
