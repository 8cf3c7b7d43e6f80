/* SPDX-License-Identifier: Apache-2.0 */
/* label.h - labels and taints, and those a kubelet may set.  Floor 2. */
#ifndef VS_RKE2_LABEL_H
#define VS_RKE2_LABEL_H

#include "base/err.h"

/* Own what they point to. */
struct vs_label {
	char *key, *value; /* the value may be "" */
};

struct vs_taint {
	char *key, *value; /* the value is "" when there is none */
	char *effect;	   /* "NoSchedule", "PreferNoSchedule", "NoExecute" */
};

#define VS_LABEL_FREE __attribute__((cleanup(vs_label_free)))
#define VS_TAINT_FREE __attribute__((cleanup(vs_taint_free)))

/* "KEY=VALUE" and "KEY[=VALUE]:EFFECT", by the grammar of the API server:
 * KEY is [PREFIX/]NAME, PREFIX a DNS name of at most 253, NAME and VALUE at
 * most 63 of [A-Za-z0-9._-] with a letter or digit at both ends
 * (k8s.io/apimachinery, pkg/util/validation).  VS_ERR_USAGE; empty after an error. */
int vs_label_parse(struct vs_label *l, const char *s, struct vs_err *err);
int vs_taint_parse(struct vs_taint *t, const char *s, struct vs_err *err);

/* May a kubelet set this label on its own Node, and will it stay?  VS_ERR_USAGE
 * with the reason and what to use instead: outside of its allowed prefixes
 * the kubelet ends at once (kubernetes, cmd/kubelet/app/options and
 * k8s.io/kubelet/pkg/apis/well_known_labels.go); kubernetes.io/os and
 * /hostname are accepted but the kubelet, or the scheduler, needs their own
 * value.  Any taint may be set by a kubelet when its Node registers. */
int vs_label_kubelet(const struct vs_label *l, struct vs_err *err);

/* May an administrator set it on a Node, and will it stay?  VS_ERR_USAGE for those
 * that the kubelet itself keeps: it puts its own value back. */
int vs_label_admin(const struct vs_label *l, struct vs_err *err);

void vs_label_free(struct vs_label *l);
void vs_taint_free(struct vs_taint *t);

#endif
