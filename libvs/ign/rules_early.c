#include <string.h>

#include "base/map.h"
#include "ign/butane.h"
#include "ign/ignition.h"
#include "ign/rules.h"

#define SHOWN(v) vs_shown(v, (char[64]){ 0 }, 64)

/* ---- resources */

void
vs_early_resource(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	static const char *const ways[] = { "local", "inline", "source" };
	const char *last = NULL;
	int n = 0;

	for (size_t i = 0; i < VS_LEN(ways); i++)
		if (vs_given(v, ways[i])) {
			last = ways[i];
			n++;
		}
	if (n > 1)
		vs_report(r, VS_ERROR, v, VS_BELOW(last),
			"only one of 'inline', 'local' and 'source' can be given");
}

static void
no_config(struct vs_report *r, const struct vs_yaml *text, const char *path)
{
	vs_report(r, VS_ERROR, text, path, "this is no Ignition config%s",
		strstr(text->text, "variant:") ? " but a Butane document: make Ignition "
		"of it first" : "");
}

/* A config inside of this one: what is wrong in it stops the boot as well.
 * Butane looks at those of its own version only, and gives the paths in there. */
static void
inner(struct vs_report *r, const struct vs_yaml *v, const struct vs_yaml *text,
	const char *path)
{
	VS_YAML_FREE struct vs_yaml_doc doc = { 0 };
	VS_REPORT_FREE struct vs_report own = { .lax = r->lax };
	bool same;

	if (vs_ignition_read(&doc, text->text, text->len, text->file, &own) < 0) {
		no_config(r, text, VS_BELOW("inline"));
		return;
	}
	if (vs_ignition_check(&doc, text->file, &own) < 0 && own.spec >= 0)
		no_config(r, text, VS_BELOW("inline"));
	same = own.spec == r->spec;
	if (!same)
		vs_report(r, VS_WARNING, text, VS_BELOW("version"), "another Ignition "
			"version than this document makes");
	for (size_t i = 0; i < own.n; i++) {
		const struct vs_finding *f = &own.v[i];
		const char *in = f->path ? f->path : "";

		vs_report(r, same ? f->warning ? VS_WARNING : VS_ERROR
			: f->warning ? VS_HINT : VS_STRICT, text,
			r->lax ? in : VS_BELOW("inline"), "%s: %s", in, f->text);
	}
}

void
vs_early_config(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *text = vs_given(v, "inline");
	const struct vs_yaml *how = vs_given(v, "compression");

	vs_early_resource(r, v, path);
	if (text && !vs_nonempty(how))
		inner(r, v, text, path);
}

/* ---- modes */

/* Somebody may mean it: nobody may do more than whom he is less than, and what
 * may be run may be read.  As base/util/file.go decides. */
static bool
typical(long long mode, bool dir)
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
	return !(mode & 01000)
		&& (!(mode & 06000) || (run && !(mode & 2)));
}

/* Its decimal digits, taken for octal ones; -1: they are none. */
static long long
as_octal(long long mode)
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

static void
slip(struct vs_report *r, enum vs_verdict level, const struct vs_yaml *v,
	const char *path, bool dir)
{
	long long mode = 0, meant;

	vs_value_int(v, &mode);
	meant = as_octal(mode);
	if (meant >= 0 && !typical(mode, dir) && typical(meant, dir))
		vs_report(r, level, v, path, "%s is decimal, that is mode 0%llo: did "
			"you mean 0%llo?", SHOWN(v), (unsigned long long)mode,
			(unsigned long long)meant);
	else if (v->text[0] == '0' && (v->text[1] | 0x20) != 'o'
		 && strspn(v->text, "01234567_") != v->len && mode >= 0
		 && mode <= 07777)
		vs_report(r, VS_STRICT, v, path, "%s is not an octal mode: did you "
			"mean 0%llo?", SHOWN(v), (unsigned long long)mode);
}

void
vs_early_file_mode(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	slip(r, VS_SLIP, v, path, false);
}

void
vs_early_dir_mode(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	slip(r, VS_SLIP, v, path, true);
}

/* Butane does not look at those of a tree. */
void
vs_early_tree_mode(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	slip(r, VS_STRICT, v, path, false);
}

void
vs_early_tree_dir_mode(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	slip(r, VS_STRICT, v, path, true);
}

/* ---- what becomes something else */

void
vs_early_tree_path(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	if (v->len > 0 && v->text[0] != '/')
		vs_report(r, VS_STRICT, v, path, "'%s' is no absolute path", SHOWN(v));
}

void
vs_early_tree(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *local = vs_yaml_get(v, "local");

	if ((local == NULL || !local->bad) && !vs_nonempty(vs_given(v, "local")))
		vs_report(r, VS_ERROR, v, path, "'local' is missing: the folder that "
			"goes there");
}

void
vs_early_filesystem(struct vs_report *r, const struct vs_yaml *v,
	const char *path)
{
	const struct vs_yaml *format = vs_given(v, "format");
	const struct vs_yaml *at = vs_given(v, "with_mount_unit");

	if (!vs_truth_of(v, "with_mount_unit", false))
		return;
	if (!vs_nonempty(format))
		vs_report(r, VS_ERROR, at, VS_BELOW("format"), "'with_mount_unit' "
			"needs it");
	else if (strcmp(format->text, "swap") != 0
		 && !vs_nonempty(vs_given(v, "path")))
		vs_report(r, VS_ERROR, at, VS_BELOW("path"), "'with_mount_unit' needs "
			"it");
}

/* What goes into a line of a mount unit must not become two. */
void
vs_early_line(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	for (const char *s = v->text; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			vs_report(r, VS_STRICT, v, path, "a control character");
			return;
		}
}

/* Units, quadlets, and their drop-ins. */
void
vs_early_unit(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	const struct vs_yaml *local = vs_given(v, "contents_local");

	if (local && vs_given(v, "contents"))
		vs_report(r, VS_ERROR, local, VS_BELOW("contents_local"),
			"either 'contents' or 'contents_local'");
}

void
vs_early_quadlet(struct vs_report *r, const struct vs_yaml *v, const char *path)
{
	static const char *const kinds[] = { ".container", ".volume", ".network",
		".kube", ".image", ".build", ".pod", ".artifact" };
	static const char *const texts[] = { "contents", "contents_local" };
	const struct vs_yaml *name = vs_given(v, "name");
	const char *s = name ? name->text : "";
	size_t n = strlen(s);
	bool good = false;

	for (size_t i = 0; i < VS_LEN(kinds); i++)
		good |= n >= strlen(kinds[i])
			&& strcmp(s + n - strlen(kinds[i]), kinds[i]) == 0;
	if (!good) {
		vs_report(r, VS_ERROR, name ? name : v, VS_BELOW("name"), "a quadlet's "
			"name ends in .container, .volume, .network, .kube, .image, "
			".build, .pod or .artifact");
		return;
	}
	if (strchr(s, '/'))
		vs_report(r, VS_STRICT, name, VS_BELOW("name"), "a name cannot hold a "
			"'/'");
	if (!vs_quadlet_instance(s)) {
		vs_early_unit(r, v, path);
		return;
	}
	for (size_t i = 0; i < VS_LEN(texts); i++)
		if (vs_given(v, texts[i]))
			vs_report(r, VS_ERROR, vs_given(v, texts[i]), VS_BELOW(texts[i]),
				"an instance has no text of its own: it is a link to the "
				"template");
}
