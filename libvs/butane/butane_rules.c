/* SPDX-License-Identifier: Apache-2.0 */
/* Butane's own rules, applied before local files are read: coreos/butane,
 * base/v0_N/validate.go.  Ignition's are in ign/rules*.c. */
#include <string.h>

#include "base/assert.h"
#include "butane/butane_rules.h"
#include "butane/quadlet.h"
#include "ign/ignition.h"
#include "ign/rules.h"

/* ---- resources */

static void
butane_rules_resource(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const ways[] = { "local", "inline", "source" };
	const char *last = NULL;
	int n = 0;

	for (size_t i = 0; i < VS_LEN(ways); i++)
		if (vs_value_given(v, ways[i])) {
			last = ways[i];
			n++;
		}
	if (n > 1)
		vs_report(r, VS_VERDICT_ERROR, v, VS_BELOW(last),
			"only one of 'inline', 'local' and 'source' is allowed");
}

/* Butane reports it twice, without and with its path. */
static void
butane_rules_not_config(struct vs_report *r, const struct vs_tree *text, const char *path)
{
	const char *hint = strstr(text->text, "variant:")
		? " but a Butane document: translate it with ign-gen first"
		: "";

	if (r->lax)
		vs_report(r, VS_VERDICT_ERROR, text, NULL, "no Ignition config%s", hint);
	vs_report(r, VS_VERDICT_ERROR, text, path, "this is not an Ignition config%s", hint);
}

/* A semantic version: "1.2.3", "1.2.3-x". */
static bool
butane_rules_semver(const char *s)
{
	for (int i = 0; i < 3; i++) {
		size_t n = strspn(s, "0123456789");

		if (n == 0 || (i < 2 && s[n] != '.'))
			return false;
		s += n + (i < 2);
	}
	if (*s != '-' && *s != '+')
		return *s == '\0';
	return s[1]
		&& s[strspn(s, "-+.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")]
		== '\0';
}

static void
butane_rules_forward(struct vs_report *r, const struct vs_tree *text, const char *path,
	const struct vs_report *own, bool same)
{
	for (size_t i = 0; i < own->n; i++) {
		const struct vs_finding *f = &own->v[i];
		const char *in = f->path ? f->path : "";
		enum vs_verdict level = same ? f->warning ? VS_VERDICT_WARNING : VS_VERDICT_ERROR
			: f->warning	     ? VS_VERDICT_HINT
					     : VS_VERDICT_STRICT;

		/* the finding would quote the secret */
		if (text->secret)
			vs_report(r, level, text, path,
				"the value filled in here is not a valid config");
		else
			vs_report(r, level, text, r->lax ? in : path, "%s: %s", in, f->text);
	}
}

/* An inline config is checked, too: an error in it also stops the boot.  Butane does so
 * only if it has the version that the document makes, or none, and reports paths
 * inside it. */
static void
butane_rules_inline(
	struct vs_report *r, const struct vs_tree *v, const struct vs_tree *text, const char *path)
{
	VS_TREE_FREE struct vs_tree_doc doc = { .lax = r->lax };
	VS_REPORT_FREE struct vs_report own = { .lax = r->lax };
	const struct vs_tree *version;
	bool other;

	if (vs_ignition_read(&doc, text->text, text->len, text->file, &own) < 0) {
		butane_rules_not_config(r, text, VS_BELOW("inline"));
		return;
	}
	if (vs_tree_null(doc.root))
		doc.root->kind = VS_TREE_MAP; /* as Go reads null */
	version = vs_value_given(vs_value_given(doc.root, "ignition"), "version");
	other = version && version->kind == VS_TREE_SCALAR && butane_rules_semver(version->text);
	if (vs_ignition_check(&doc, text->file, &own) < 0 && own.spec >= 0)
		butane_rules_not_config(r, text, VS_BELOW("inline"));
	if (own.spec < 0 && !other && vs_ignition_check_as(&doc, r->spec, &own) < 0)
		butane_rules_not_config(r, text, VS_BELOW("inline"));
	other = own.spec != r->spec;
	if (other)
		vs_report(r, VS_VERDICT_WARNING, text, VS_BELOW("version"),
			"its Ignition version is not the one that this document makes");
	butane_rules_forward(r, text, VS_BELOW("inline"), &own, !other);
}

static void
butane_rules_config(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *text = vs_value_given(v, "inline");

	butane_rules_resource(r, v, path);
	if (text)
		butane_rules_inline(r, v, text, path);
}

/* ---- trees, mount units, units */

static void
butane_rules_tree_path(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	if (v->len > 0 && v->text[0] != '/')
		vs_report(
			r, VS_VERDICT_STRICT, v, path, "'%s' is not an absolute path", VS_SHOWN(v));
}

static void
butane_rules_tree(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *local = vs_tree_get(v, "local");

	if ((local == NULL || !local->bad) && !vs_value_nonempty(vs_value_given(v, "local")))
		vs_report(r, VS_VERDICT_ERROR, v, path, "'local' is missing: the folder to copy");
}

static void
butane_rules_filesystem(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *format = vs_value_given(v, "format");
	const struct vs_tree *at = vs_value_given(v, "with_mount_unit");

	if (!vs_value_bool_at(v, "with_mount_unit", false))
		return;
	if (!vs_value_nonempty(format))
		vs_report(r, VS_VERDICT_ERROR, at, VS_BELOW("format"),
			"missing, but required by 'with_mount_unit'");
	else if (strcmp(format->text, "swap") != 0 && !vs_value_nonempty(vs_value_given(v, "path")))
		vs_report(r, VS_VERDICT_ERROR, at, VS_BELOW("path"),
			"missing, but required by 'with_mount_unit'");
}

/* A line feed would start another line of the mount unit. */
static void
butane_rules_mount_option(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	for (const char *s = v->text; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			vs_report(r, VS_VERDICT_STRICT, v, path, "contains a control character");
			return;
		}
}

/* Units, quadlets and their drop-ins. */
static void
butane_rules_unit(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	const struct vs_tree *local = vs_value_given(v, "contents_local");

	if (local && vs_value_given(v, "contents"))
		vs_report(r, VS_VERDICT_ERROR, local, VS_BELOW("contents_local"),
			"give either 'contents' or 'contents_local', not both");
}

static void
butane_rules_quadlet(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static const char *const kinds[] = { ".container", ".volume", ".network", ".kube", ".image",
		".build", ".pod", ".artifact" };
	static const char *const texts[] = { "contents", "contents_local" };
	const struct vs_tree *name = vs_value_given(v, "name");
	const char *s = name ? name->text : "";
	size_t n = strlen(s);
	bool good = false;

	for (size_t i = 0; i < VS_LEN(kinds); i++)
		good |= n >= strlen(kinds[i]) && strcmp(s + n - strlen(kinds[i]), kinds[i]) == 0;
	if (!good) {
		vs_report(r, VS_VERDICT_ERROR, name ? name : v, VS_BELOW("name"),
			"a quadlet name must end in .container, .volume, .network, .kube, .image, .build, .pod or .artifact");
		return;
	}
	if (strchr(s, '/'))
		vs_report(
			r, VS_VERDICT_STRICT, name, VS_BELOW("name"), "a name cannot contain '/'");
	if (!vs_quadlet_is_instance(s)) {
		butane_rules_unit(r, v, path);
		return;
	}
	for (size_t i = 0; i < VS_LEN(texts); i++)
		if (vs_value_given(v, texts[i]))
			vs_report(r, VS_VERDICT_ERROR, vs_value_given(v, texts[i]),
				VS_BELOW(texts[i]),
				"an instance cannot have its own text: it is a link to its template");
}

/* ---- modes */

/* Is a mode written in octal, "0644" or "0o644"? */
static bool
butane_rules_is_octal(const struct vs_tree *v)
{
	const char *s = v->text;

	if (*s++ != '0')
		return false;
	s += (*s | 0x20) == 'o';
	return strspn(s, "01234567_") == strlen(s);
}

static void
butane_rules_mode(struct vs_report *r, enum vs_verdict verdict, const struct vs_tree *v,
	const char *path, bool dir)
{
	long long mode = 0;

	vs_value_int(v, &mode);
	if (vs_rules_mode_meant(mode, dir) >= 0 && butane_rules_is_octal(v))
		vs_report(r, verdict == VS_VERDICT_SLIP ? VS_VERDICT_WARNING : VS_VERDICT_HINT, v,
			path, "%s is an unusual mode, and %lld in decimal: did you mean 0%llo?",
			VS_SHOWN(v), mode, (unsigned long long)vs_rules_mode_meant(mode, dir));
	else if (vs_rules_mode_meant(mode, dir) >= 0)
		vs_report(r, verdict, v, path,
			"%s is decimal, which is mode 0%llo: did you mean 0%llo?", VS_SHOWN(v),
			(unsigned long long)mode,
			(unsigned long long)vs_rules_mode_meant(mode, dir));
	else if (v->text[0] == '0' && v->len > 1 && !butane_rules_is_octal(v) && mode >= 0
		&& mode <= 07777)
		vs_report(r, VS_VERDICT_STRICT, v, path,
			"%s is not an octal mode: did you mean 0%llo?", VS_SHOWN(v),
			(unsigned long long)mode);
}

static void
butane_rules_file_mode(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	butane_rules_mode(r, VS_VERDICT_SLIP, v, path, false);
}

static void
butane_rules_dir_mode(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	butane_rules_mode(r, VS_VERDICT_SLIP, v, path, true);
}

/* Butane does not check the modes of a tree. */
static void
butane_rules_tree_file_mode(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	butane_rules_mode(r, VS_VERDICT_STRICT, v, path, false);
}

static void
butane_rules_tree_dir_mode(struct vs_report *r, const struct vs_tree *v, const char *path)
{
	butane_rules_mode(r, VS_VERDICT_STRICT, v, path, true);
}

void
vs_butane_rules_apply(
	enum vs_butane_rule id, struct vs_report *r, const struct vs_tree *v, const char *path)
{
	static void (*const apply[VS_BUTANE_RULE_COUNT])(
		struct vs_report *, const struct vs_tree *, const char *) = {
		[VS_BUTANE_RULE_RESOURCE] = butane_rules_resource,
		[VS_BUTANE_RULE_CONFIG] = butane_rules_config,
		[VS_BUTANE_RULE_TREE_PATH] = butane_rules_tree_path,
		[VS_BUTANE_RULE_TREE] = butane_rules_tree,
		[VS_BUTANE_RULE_FILESYSTEM] = butane_rules_filesystem,
		[VS_BUTANE_RULE_MOUNT_OPTION] = butane_rules_mount_option,
		[VS_BUTANE_RULE_UNIT] = butane_rules_unit,
		[VS_BUTANE_RULE_QUADLET] = butane_rules_quadlet,
		[VS_BUTANE_RULE_FILE_MODE] = butane_rules_file_mode,
		[VS_BUTANE_RULE_DIR_MODE] = butane_rules_dir_mode,
		[VS_BUTANE_RULE_TREE_FILE_MODE] = butane_rules_tree_file_mode,
		[VS_BUTANE_RULE_TREE_DIR_MODE] = butane_rules_tree_dir_mode,
	};

	if (id == VS_BUTANE_RULE_NONE)
		return;
	assert(id < VS_BUTANE_RULE_COUNT && apply[id]);
	apply[id](r, v, path);
}
