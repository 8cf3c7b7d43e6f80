/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in Butane documents: the .bu files in this folder, unchanged.  The
 * Makefile has the dependency on them. */
#include <string.h>

#include "worker/worker.h"

/* The compiler runs in the top directory, which the path is relative to. */
#define EMBED(name, file) \
	__asm__(".pushsection .rodata\n" \
		".globl vs_worker_text_" #name "\n" \
		".hidden vs_worker_text_" #name "\n" \
		"vs_worker_text_" #name ": .incbin \"libvs/worker/" file "\"\n" \
		".byte 0\n" \
		".popsection\n"); \
	extern const char vs_worker_text_##name[] __attribute__((visibility("hidden")))

EMBED(worker, "worker.bu");
EMBED(updates_off, "updates-off.bu");
EMBED(updates_on, "updates-on.bu");
EMBED(pinned, "pinned.bu");

struct vs_butane_text
vs_worker_document(void)
{
	return (struct vs_butane_text){ "worker.bu", vs_worker_text_worker };
}

struct vs_butane_text
vs_worker_fragment(const struct vs_worker *w, int i)
{
	const char *updates = w->updates ? w->updates : vs_worker_mode(w) ? "none" : NULL;
	struct vs_version v;
	struct vs_err err;

	if (updates && i-- == 0)
		return strcmp(updates, "none") == 0
			? (struct vs_butane_text){ "updates-off.bu", vs_worker_text_updates_off }
			: (struct vs_butane_text){ "updates-on.bu", vs_worker_text_updates_on };
	if (w->rke2 && vs_version_parse(&v, w->rke2, &err) == 0 && v.pinned && i == 0)
		return (struct vs_butane_text){ "pinned.bu", vs_worker_text_pinned };
	return (struct vs_butane_text){ NULL, NULL };
}
