/* SPDX-License-Identifier: Apache-2.0 */
/* On the wire a reference is <obj type="Folder">group-v3</obj> (vSphere Web Services
 * SDK: ManagedObjectReference); in records and in this code it is "Folder:group-v3". */
#include <string.h>

#include "base/mem.h"
#include "vim/reference.h"

char *
vs_node_ref(struct vs_node *n)
{
	if (n == NULL || n->ref == NULL || *n->text == '\0')
		return NULL;
	return vs_printf("%s:%s", n->ref, n->text);
}

bool
vs_ref_is(const char *ref, const char *type)
{
	size_t n = strlen(type);

	return ref && strncmp(ref, type, n) == 0 && ref[n] == ':';
}
