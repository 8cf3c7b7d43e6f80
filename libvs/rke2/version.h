/* SPDX-License-Identifier: Apache-2.0 */
/* version.h - which RKE2: a minor, or one release.  Floor 2. */
#ifndef VS_RKE2_VERSION_H
#define VS_RKE2_VERSION_H

#include <stdbool.h>

#include "base/err.h"

struct vs_version {
	char text[64]; /* "v1.33" or "v1.33.4+rke2r1"; also the channel's
				 * name at update.rke2.io when it is a minor */
	int major, minor;
	int patch, release; /* 4 and 1; -1 when it is a minor */
	bool pinned;	    /* one release, not the newest of a minor */
};

/* "v1.33", "v1.33.4+rke2r1" or a pre-release, "v1.33.4-rc2+rke2r1".
 * VS_ERR_USAGE, with the form that was probably meant. */
int vs_version_parse(struct vs_version *v, const char *s, struct vs_err *err);

/* As a part of an URL: "v1.33.4%2Brke2r1".  Freed with free(). */
char *vs_version_url(const struct vs_version *v);

/* The first release named in a text such as that of `rke2 --version`:
 * "rke2 version v1.33.4+rke2r1 (...)".  VS_ERR_FAILED when there is none. */
int vs_version_find(struct vs_version *v, const char *text, struct vs_err *err);

#endif
