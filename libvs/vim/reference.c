/* SPDX-License-Identifier: Apache-2.0 */
/* On the wire a reference is <obj type="Folder">group-v3</obj> (vSphere Web Services
 * SDK: ManagedObjectReference); in records and in this code it is "Folder:group-v3". */
#include <string.h>

#include "base/mem.h"
#include "text/utf8.h"
#include "text/visible.h"
#include "vim/reference.h"

enum { REFERENCE_TYPE = 100, REFERENCE_ID = 1000 }; /* bytes */

/* No control character; all else that is UTF-8 may be in the ID of an ESXi host's network,
 * which has its name. */
static bool
reference_is_plain(const char *s)
{
	size_t len = strlen(s), n;
	uint32_t code;

	for (; len > 0; s += n, len -= n) {
		n = vs_utf8_code(s, len, &code);
		if (n == 0 || vs_code_control(code))
			return false;
	}
	return true;
}

bool
vs_ref_valid(const char *type, const char *id)
{
	size_t n = strspn(type, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

	return n > 0 && n <= REFERENCE_TYPE && type[n] == '\0' && *id && strlen(id) <= REFERENCE_ID
		&& reference_is_plain(id);
}

char *
vs_node_ref(struct vs_node *n)
{
	if (n == NULL || n->ref == NULL || !vs_ref_valid(n->ref, n->text))
		return NULL;
	return vs_printf("%s:%s", n->ref, n->text);
}

bool
vs_ref_is(const char *ref, const char *type)
{
	size_t n = strlen(type);

	return ref && strncmp(ref, type, n) == 0 && ref[n] == ':';
}
