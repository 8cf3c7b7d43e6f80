/* SPDX-License-Identifier: Apache-2.0 */
/* On the wire a reference is <obj type="Folder">group-v3</obj> (vSphere Web Services
 * SDK: ManagedObjectReference); in records and in this code it is "Folder:group-v3". */
#include <string.h>

#include "base/mem.h"
#include "text/utf8.h"
#include "vim/reference.h"

enum { REFERENCE_TYPE = 100, REFERENCE_ID = 1000 }; /* bytes */

/* C0, DEL, C1, and the separators of lines and paragraphs; all else that is UTF-8 may be in
 * the ID of an ESXi host's network, which has its name. */
static bool
reference_is_plain(const char *s)
{
	size_t len = strlen(s), n;

	for (; *s; s += n, len -= n) {
		const unsigned char *c = (const unsigned char *)s;

		n = vs_utf8_next(s, len);
		if (n == 0 || *c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0)
			|| strncmp(s, "\xe2\x80\xa8", 3) == 0 || strncmp(s, "\xe2\x80\xa9", 3) == 0)
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
