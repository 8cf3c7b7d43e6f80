/* SPDX-License-Identifier: Apache-2.0 */
/* Checks a config against keys, types and rules of the version that it declares. */
#include "doc/spec.h"
#include "doc/types.h"
#include "ign/ignition.h"
#include "ign/validate.h"

int
vs_ignition_check_as(struct vs_tree_doc *d, int spec, struct vs_report *r)
{
	size_t errors = r->errors;
	bool bad;

	r->json = true;
	r->spec = spec;
	if (d->root->kind != VS_TREE_MAP)
		return -1;
	vs_types_check(d->root, NULL, r);
	bad = r->errors > errors;
	vs_validate(d, r);
	return bad ? -1 : 0;
}

int
vs_ignition_check(struct vs_tree_doc *d, const char *file, struct vs_report *r)
{
	const struct vs_tree *v;
	int spec;

	r->json = true;
	r->spec = -1;
	if (!vs_types_is_map(d, file, r))
		return -1;
	v = vs_tree_get(vs_tree_get(d->root, "ignition"), "version");
	if (v == NULL || v->kind != VS_TREE_SCALAR) {
		vs_report(r, VS_VERDICT_ERROR, v ? v : d->root, "ignition.version",
			"missing: this is not an Ignition config");
		return -1;
	}
	spec = vs_spec_of_ignition(v->text);
	if (spec >= 0)
		return vs_ignition_check_as(d, spec, r);
	vs_report(r, VS_VERDICT_ERROR, v, "ignition.version",
		"unsupported Ignition version '%s' (supported: 3.0.0 to 3.6.0, 3.7.0-experimental)",
		VS_SHOWN(v));
	return -1;
}
