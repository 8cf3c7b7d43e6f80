/* SPDX-License-Identifier: Apache-2.0 */
/* flatcar.h - which Flatcar supports which version of Ignition.  Floor 3. */
#ifndef VS_IGN_FLATCAR_H
#define VS_IGN_FLATCAR_H

#include "base/err.h"
#include "doc/report.h"
#include "doc/spec.h"

/* The major number of a Flatcar release ("4081", "4593.2.5", "4799.0.0+nightly...")
 * or of the current one of a channel ("stable", "lts-2024").  -1: VS_ERR_USAGE, it is
 * neither. */
int vs_flatcar_parse(const char *version, struct vs_err *err);

/* Report whether Flatcar supports a config of version s.  v, path: where the version
 * is.  major: the Flatcar to check, 0: any.  An error if that one does not support it;
 * else a hint if a Flatcar in use does not, or if the version is experimental (not for
 * Butane, where vs_butane_check reports that). */
void vs_flatcar_check(struct vs_report *r, const struct vs_tree *v, const char *path,
	const struct vs_spec *s, int major);

#endif
