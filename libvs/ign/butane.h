/* butane.h - Butane, the flatcar variant, to Ignition.  Floor 3.
 *
 * The road: vs_yaml_read, then vs_fill (placeholders), vs_merge (fragments),
 * vs_butane_check, vs_butane_load, vs_butane_mounts,
 * vs_butane_write.  What the same document
 * becomes is what Butane 0.29 makes of it, once data URLs are decoded. */
#ifndef VS_IGN_BUTANE_H
#define VS_IGN_BUTANE_H

#include <stdbool.h>

#include "base/buf.h"
#include "ign/report.h"

/* Everything that can be known without reading files: keys, types, values.
 * The minor of the flatcar variant (0: 1.0.0, Ignition 3.3.0; 1: 1.1.0,
 * Ignition 3.4.0), or -1 when there are errors.  d->root may be NULL.  file:
 * what to call an empty document. */
int vs_butane_check(const struct vs_yaml_doc *d, const char *file,
	struct vs_report *r);

/* Read what 'local', 'contents_local' and 'ssh_authorized_keys_local' name,
 * below dir (NULL: none was given), into the document; 0 or -1. */
int vs_butane_load(struct vs_yaml_doc *d, const char *dir, struct vs_report *r);

/* Add the units that 'with_mount_unit' asks for, to a document that was
 * checked; findings when two are the same. */
void vs_butane_mounts(struct vs_yaml_doc *d, struct vs_report *r);

/* The Ignition config of a document that was checked and loaded, with a line
 * feed at its end; the same document gives the same bytes. */
void vs_butane_write(const struct vs_yaml_doc *d, int minor, bool pretty,
	struct vs_buf *json);

#endif
