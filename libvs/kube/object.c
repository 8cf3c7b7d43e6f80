/* SPDX-License-Identifier: Apache-2.0 */
/* object.c - members of a Kubernetes object, and its times.
 * Reference: k8s.io/apimachinery, pkg/apis/meta/v1 (ObjectMeta, Time). */
#include <stdio.h>
#include <string.h>

#include "kube/object.h"

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

void
vs_kobject_line(const char *s, struct vs_buf *to)
{
	for (; *s; s++) {
		/* U+0080 to U+009F are C2 80 to C2 9F */
		if ((unsigned char)*s == 0xc2 && s[1] && (unsigned char)s[1] < 0xa0) {
			vs_buf_ch(to, ' ');
			s++;
		} else {
			vs_buf_ch(to, (unsigned char)*s < ' ' || *s == 127 ? ' ' : *s);
		}
	}
}
