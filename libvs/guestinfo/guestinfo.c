/* SPDX-License-Identifier: Apache-2.0 */
/* Packs an Ignition config for guestinfo, and finds the facts in one that are not
 * secret.  Does not validate it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "guestinfo/guestinfo.h"
#include "text/base64.h"
#include "text/dataurl.h"
#include "text/gzip.h"
#include "text/json.h"
#include "text/yaml.h"

#define CONFIG_YAML "/etc/rancher/rke2/config.yaml"

static bool
guestinfo_begins(const char *s, size_t n, const char *with)
{
	size_t k = strlen(with);

	return n >= k && memcmp(s, with, k) == 0;
}

/* Does a line start with "variant:"? */
static bool
guestinfo_looks_butane(const char *s, size_t n)
{
	for (const char *end = s + n; s; s = memchr(s, '\n', (size_t)(end - s))) {
		if (*s == '\n')
			s++;
		if (guestinfo_begins(s, (size_t)(end - s), "variant:"))
			return true;
		if (s == end)
			break;
	}
	return false;
}

static json_t *
guestinfo_read_config(const char *json, size_t n, struct vs_err *err)
{
	json_t *j;

	if (n > 0 && guestinfo_looks_butane(json, n)) {
		vs_fail(err, VS_ERR_USAGE,
			"this is a Butane document: translate it with ign-gen first");
		return NULL;
	}
	if (guestinfo_begins(json, n, "#cloud-config")) {
		vs_fail(err, VS_ERR_USAGE, "this is a cloud-config, not Ignition");
		return NULL;
	}
	j = vs_json_read(json, n, err);
	if (j == NULL && n > 0)
		vs_wrap(err, "not an Ignition config");
	return j;
}

/* ignition.version, or NULL. */
static const char *
guestinfo_version_of(const json_t *j, struct vs_err *err)
{
	const char *v =
		json_string_value(json_object_get(json_object_get(j, "ignition"), "version"));

	if (v == NULL)
		vs_fail(err, VS_ERR_USAGE, "not an Ignition config: it has no ignition.version");
	else if (!guestinfo_begins(v, strlen(v), "3.") && !guestinfo_begins(v, strlen(v), "2."))
		vs_fail(err, VS_ERR_USAGE,
			"unsupported Ignition version '%.20s' (Flatcar reads 2.x and 3.x)", v);
	else
		return v;
	return NULL;
}

enum vs_guestinfo_size
vs_guestinfo_size(size_t n, char words[VS_GUESTINFO_WORDS])
{
	enum vs_guestinfo_size size = n > VS_GUESTINFO_MAX ? VS_GUESTINFO_SIZE_TOO_LARGE
		: n > VS_GUESTINFO_WARN			   ? VS_GUESTINFO_SIZE_LARGE
							   : VS_GUESTINFO_SIZE_OK;

	*words = '\0';
	if (size != VS_GUESTINFO_SIZE_OK)
		snprintf(words, VS_GUESTINFO_WORDS,
			"%zu KiB when encoded, but %s at most %d KiB: put large files on a server and let the config fetch them",
			n >> 10,
			size == VS_GUESTINFO_SIZE_LARGE ? "some ESXi hosts pass on"
							: "a VM accepts",
			(size == VS_GUESTINFO_SIZE_LARGE ? VS_GUESTINFO_WARN : VS_GUESTINFO_MAX)
				>> 10);
	return size;
}

int
vs_guestinfo_pack(const char *json, size_t n, struct vs_buf *data, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf zip = VS_BUF_SECRET;
	VS_JSON_FREE json_t *j = guestinfo_read_config(json, n, err);

	if (j == NULL || guestinfo_version_of(j, err) == NULL)
		return -1;
	vs_gzip(json, n, &zip);
	vs_base64(zip.s, zip.len, data);
	return 0;
}

/* The contents of a storage.files entry, decoded. */
static int
guestinfo_contents(const json_t *file, struct vs_buf *to, struct vs_err *err)
{
	VS_BUF_FREE struct vs_buf raw = VS_BUF_SECRET;
	const json_t *c = json_object_get(file, "contents");
	const char *source = json_string_value(json_object_get(c, "source"));
	const char *how = json_string_value(json_object_get(c, "compression"));

	if (source == NULL)
		return vs_fail(err, VS_ERR_USAGE, "no source");
	if (vs_undata_url(source, &raw, err) < 0)
		return -1;
	if (how && strcmp(how, "gzip") == 0)
		return vs_gunzip(raw.s, raw.len, to, err);
	vs_buf_add(to, raw.s, raw.len);
	return 0;
}

static char *
guestinfo_server_of(const json_t *file)
{
	VS_BUF_FREE struct vs_buf text = VS_BUF_SECRET;
	VS_TREE_FREE struct vs_tree_doc doc = { 0 };
	struct vs_err err;
	const struct vs_tree *server;

	if (guestinfo_contents(file, &text, &err) < 0
		|| vs_yaml_read(&doc, text.s, text.len, "", &err) < 0)
		return NULL;
	server = vs_tree_get(doc.root, "server");
	if (server == NULL || server->kind != VS_TREE_SCALAR)
		return NULL;
	return vs_strdup(server->text);
}

int
vs_guestinfo_facts(const char *json, size_t n, struct vs_guestinfo_facts *f, struct vs_err *err)
{
	VS_JSON_FREE json_t *j = guestinfo_read_config(json, n, err);
	const char *version = j ? guestinfo_version_of(j, err) : NULL;
	json_t *files, *file;
	size_t i;

	if (version == NULL)
		return -1;
	f->version = vs_strdup(version);
	files = json_object_get(json_object_get(j, "storage"), "files");
	json_array_foreach(files, i, file)
	{
		const char *path = json_string_value(json_object_get(file, "path"));

		if (path && strcmp(path, CONFIG_YAML) == 0 && f->server == NULL)
			f->server = guestinfo_server_of(file);
	}
	return 0;
}

void
vs_guestinfo_facts_free(struct vs_guestinfo_facts *f)
{
	free(f->version);
	free(f->server);
	*f = (struct vs_guestinfo_facts){ 0 };
}
