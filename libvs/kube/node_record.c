/* SPDX-License-Identifier: Apache-2.0 */
/* node_record.c - a record's node name, and whether a Node is the record's VM.
 * Reference: k8s.io/apimachinery, pkg/util/validation (IsDNS1123Subdomain);
 * DMTF DSP0134, 7.2.1 (byte order of a UUID). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "kube/node_record.h"

enum { NODE_NAME_MAX = 253 };

char *
vs_knode_record_name(const struct vs_rec *rec, struct vs_err *err)
{
	const char *from = vs_rec_get(rec, "node");
	char *name = vs_strdup(from ? from : vs_rec_name(rec));
	bool part = false; /* the character before is a letter or digit */
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		char c = name[i] = (char)tolower((unsigned char)name[i]);

		if (isalnum((unsigned char)c) || (c == '-' && i > 0 && name[i - 1] != '.'))
			part = c != '-';
		else if (c == '.' && part)
			part = false;
		else
			break;
		if (i + 1 == n && part && n <= NODE_NAME_MAX)
			return name;
	}
	vs_fail(err, VS_ERR_USAGE,
		"'%s' is not a node name: use up to %d letters, digits, '-' and '.', with a letter or digit at both ends",
		name, NODE_NAME_MAX);
	free(name);
	return NULL;
}

bool
vs_knode_record_same(const struct vs_rec *rec, const struct vs_knode *node)
{
	const char *uuid = vs_rec_get(rec, "uuid");

	return uuid == NULL || node->uuid == NULL || vs_kuuid_same(node->uuid, uuid);
}

/* The 32 digits in lower case; false: not a UUID. */
static bool
node_record_digits(const char *s, char to[33])
{
	size_t n = 0;

	for (; *s; s++) {
		if (*s == '-')
			continue;
		if (!isxdigit((unsigned char)*s) || n == 32)
			return false;
		to[n++] = (char)tolower((unsigned char)*s);
	}
	to[n] = '\0';
	return n == 32;
}

bool
vs_kuuid_same(const char *system_uuid, const char *vm_uuid)
{
	/* where each byte of the first three groups goes */
	static const unsigned char other[8] = { 3, 2, 1, 0, 5, 4, 7, 6 };
	char a[33], b[33], swapped[33];

	if (!node_record_digits(system_uuid, a) || !node_record_digits(vm_uuid, b))
		return strcasecmp(system_uuid, vm_uuid) == 0;
	memcpy(swapped, b, sizeof swapped);
	for (size_t i = 0; i < VS_LEN(other); i++)
		memcpy(swapped + 2 * i, b + 2 * other[i], 2);
	return strcmp(a, b) == 0 || strcmp(a, swapped) == 0;
}
