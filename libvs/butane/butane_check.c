/* SPDX-License-Identifier: Apache-2.0 */
/* Checks variant and version of a Butane document, then its keys, types and Butane's own
 * rules, as coreos/butane, config/config.go does. */
#include <string.h>

#include "butane/butane.h"
#include "butane/butane_rules.h"
#include "doc/spec.h"
#include "doc/types.h"

static int
butane_check_version(const struct vs_tree *root, struct vs_report *r)
{
	const struct vs_tree *v = vs_tree_get(root, "version");
	int spec;

	if (v == NULL || v->kind != VS_TREE_SCALAR) {
		vs_report(r, VS_VERDICT_ERROR, v ? v : root, "version",
			"missing: use 1.1.0, or 1.0.0 for Flatcar before 3602");
		return -1;
	}
	spec = vs_spec_of_flatcar(v->text);
	if (spec < 0)
		vs_report(r, VS_VERDICT_ERROR, v, "version",
			"unsupported version '%s' of the flatcar variant: use 1.1.0, or 1.0.0 for Flatcar before 3602",
			VS_SHOWN(v));
	else if (spec == VS_SPEC_NEWEST)
		vs_report(r, VS_VERDICT_HINT, v, "version",
			"it makes Ignition 3.7.0-experimental, which may be rejected by the next Ignition release: use 1.1.0 if you can");
	return spec;
}

static int
butane_check_header(const struct vs_tree *root, struct vs_report *r)
{
	const struct vs_tree *v = vs_tree_get(root, "variant");

	if (v == NULL && vs_tree_get(vs_tree_get(root, "ignition"), "version")) {
		vs_report(r, VS_VERDICT_ERROR, root, NULL,
			"this is already an Ignition config, not a Butane document");
		return -1;
	}
	if (v == NULL || v->kind != VS_TREE_SCALAR) {
		vs_report(r, VS_VERDICT_ERROR, v ? v : root, "variant",
			"a Butane document begins with 'variant: flatcar' and 'version: 1.1.0'");
		return -1;
	}
	if (strcmp(v->text, "flatcar") != 0) {
		vs_report(r, VS_VERDICT_ERROR, v, "variant",
			"unsupported variant '%s' (supported: flatcar)", VS_SHOWN(v));
		return -1;
	}
	return butane_check_version(root, r);
}

int
vs_butane_check(struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	int spec;

	if (!vs_types_is_map(d, file, r))
		return -1;
	spec = butane_check_header(d->root, r);
	if (spec < 0)
		return -1;
	r->spec = spec;
	r->json = false;
	vs_types_check(d->root, vs_butane_rules_apply, r);
	return 0;
}
