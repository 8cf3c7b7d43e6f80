/* SPDX-License-Identifier: Apache-2.0 */
/* object.c - members of a Kubernetes object, and its times.
 * Reference: k8s.io/apimachinery, pkg/apis/meta/v1 (ObjectMeta, Time). */
#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "kube/object.h"
#include "text/json.h"

enum { MAX_CURSOR = 16 << 10 };

json_t *
vs_kobject_read(const char *s, size_t n, const char *kind, struct vs_err *err)
{
	json_t *j = NULL;
	const char *is;

	if (vs_json_measure(s, n).values > vs_bound(VS_BOUND_VALUES)) {
		vs_fail(err, VS_ERR_FAILED, "the answer has an object with more than %lld values",
			(long long)vs_bound(VS_BOUND_VALUES));
		return NULL;
	}
	j = vs_json_read(s, n, err);
	if (j == NULL) {
		vs_fail(err, VS_ERR_FAILED, "the answer is not a %s: %s", kind, err->msg);
		return NULL;
	}
	is = vs_kobject_str(j, "kind");
	if (json_is_object(j) && (*is == '\0' || strcmp(is, kind) == 0))
		return j;
	if (strcmp(is, "Status") == 0)
		vs_fail(err, VS_ERR_FAILED, "the answer is not a %s, but a Status: %s", kind,
			vs_kobject_str(j, "message"));
	else
		vs_fail(err, VS_ERR_FAILED, "the answer is not a %s%s%s", kind,
			*is ? ", but has the kind " : "", is);
	json_decref(j);
	return NULL;
}

const char *
vs_kobject_str(json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

const char *
vs_kobject_name(json_t *object)
{
	return vs_kobject_str(json_object_get(object, "metadata"), "name");
}

const char *
vs_kobject_version(json_t *object)
{
	return vs_kobject_str(json_object_get(object, "metadata"), "resourceVersion");
}

int
vs_kobject_cursor(json_t *object, const char *key, const char **to, struct vs_err *err)
{
	json_t *v = json_object_get(json_object_get(object, "metadata"), key);
	size_t n = json_string_length(v);

	if (v == NULL || json_is_null(v) || (json_is_string(v) && n == 0))
		return 0;
	*to = json_string_value(v);
	if (!json_is_string(v) || n > MAX_CURSOR)
		return vs_fail(err, VS_ERR_FAILED, "the answer has no valid %s", key);
	for (const char *s = *to; *s; s++)
		if (*s <= ' ' || *s > '~')
			return vs_fail(err, VS_ERR_FAILED, "the answer has no valid %s", key);
	return 1;
}

time_t
vs_kobject_time(const char *s)
{
	struct tm tm = { 0 };
	const char *p = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm);
	char sign;
	int h, m;

	if (p == NULL)
		return 0;
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if (strcmp(p, "Z") == 0)
		return timegm(&tm);
	if (sscanf(p, "%c%2d:%2d", &sign, &h, &m) != 3 || (sign != '+' && sign != '-'))
		return 0;
	return timegm(&tm) - (sign == '+' ? 1 : -1) * (h * 3600 + m * 60);
}
