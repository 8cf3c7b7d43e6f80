/* SPDX-License-Identifier: Apache-2.0 */
/* label.h - labels and taints of a Node, and who may set which.  Floor 2. */
#ifndef VS_RKE2_LABEL_H
#define VS_RKE2_LABEL_H

#include "base/err.h"

/* Own all they point to; { 0 } is empty. */
struct vs_label {
	char *key, *value; /* the value may be "" */
};

struct vs_taint {
	char *key, *value; /* the value may be "" */
	char *effect;	   /* "NoSchedule", "PreferNoSchedule", "NoExecute" */
};

#define VS_LABEL_FREE __attribute__((cleanup(vs_label_free)))
#define VS_TAINT_FREE __attribute__((cleanup(vs_taint_free)))

/* "KEY=VALUE" and "KEY[=VALUE]:EFFECT" in the grammar of the API server: KEY is
 * [PREFIX/]NAME, PREFIX a DNS name of at most 253, NAME and VALUE at most 63 of
 * [A-Za-z0-9._-] with a letter or digit at both ends (k8s.io/apimachinery,
 * pkg/util/validation).  VS_ERR_USAGE: *l or *t is empty. */
int vs_label_parse(struct vs_label *l, const char *s, struct vs_err *err);
int vs_taint_parse(struct vs_taint *t, const char *s, struct vs_err *err);

/* 0: a kubelet may set this label on its own Node, and it stays.  VS_ERR_USAGE, with the
 * reason and what to use instead: outside the allowed prefixes the kubelet exits at
 * once (kubernetes, cmd/kubelet/app/options; k8s.io/kubelet/pkg/apis/
 * well_known_labels.go); kubernetes.io/os and /hostname pass that check, but the kubelet
 * or the scheduler needs their own values.  A kubelet may set any taint when its Node
 * registers. */
int vs_label_kubelet(const struct vs_label *l, struct vs_err *err);

/* 0: an administrator may set this label on a Node, and it stays.  VS_ERR_USAGE: the
 * kubelet restores its own value. */
int vs_label_admin(const struct vs_label *l, struct vs_err *err);

void vs_label_free(struct vs_label *l); /* *l is empty after */
void vs_taint_free(struct vs_taint *t);

#endif
