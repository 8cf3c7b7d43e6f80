/* SPDX-License-Identifier: Apache-2.0 */
/* version.h - an RKE2 version: a minor version, or one release.  Floor 2. */
#ifndef VS_RKE2_VERSION_H
#define VS_RKE2_VERSION_H

#include <stdbool.h>

#include "base/err.h"

struct vs_version {
	char text[64]; /* "v1.33" or "v1.33.4+rke2r1"; a minor version is also the
			     * name of its channel at update.rke2.io */
	int major, minor;
	int patch, release; /* 4 and 1; -1 in a minor version */
	bool pinned;	    /* one release, not the newest of a minor version */
};

/* "v1.33", "v1.33.4+rke2r1" or a pre-release, "v1.33.4-rc2+rke2r1".  VS_ERR_USAGE, with
 * the form that was probably meant; *v is undefined then. */
int vs_version_parse(struct vs_version *v, const char *s, struct vs_err *err);

/* The text as a part of a URL: "v1.33.4%2Brke2r1".  Freed with free(). */
char *vs_version_url(const struct vs_version *v);

/* The first release in a text such as the output of `rke2 --version`, "rke2 version
 * v1.33.4+rke2r1 (...)".  VS_ERR_FAILED: no release in it. */
int vs_version_find(struct vs_version *v, const char *text, struct vs_err *err);

#endif
