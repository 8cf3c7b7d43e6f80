/* SPDX-License-Identifier: Apache-2.0 */
/* conn.h - options and environment: which vCenter, user and trust.  Floor 3.
 *
 * The environment of a govc user works unchanged (govc: cli/flags/client.go);
 * options take precedence. */
#ifndef VS_VIM_CONN_H
#define VS_VIM_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"
#include "net/tls.h"
#include "run/run.h"

/* Filled by the tables below; borrowed, NULL: not given. */
struct vs_conn_opts {
	const char *url;
	bool insecure, dry_run;
	int64_t slots;	   /* -j; 0: not given */
	const char *trace; /* "": to stderr */
	const char *datacenter;
};

extern const struct vs_opt vs_conn_table[];   /* -u -k --trace --datacenter */
extern const struct vs_opt vs_change_table[]; /* -j --dry-run, of tools that change */

/* The result of options and environment.  Owns its strings. */
struct vs_conn {
	char *url; /* https://HOST[:PORT]/sdk */
	char *host;
	int port;
	char *user, *password; /* password is wiped */
	bool insecure;
	char *ca_files;
	char *pins; /* of GOVC_TLS_KNOWN_HOSTS, or NULL: struct vs_trust */
	int64_t connect_ms;
	bool persist;	    /* keep and share the session */
	char *api_version;  /* GOVC_VIM_VERSION, or NULL */
	char *operation_id; /* GOVC_OPERATION_ID, or NULL */
	char *datacenter;   /* or NULL */
};

/* -1, VS_ERR_USAGE: no URL, user or password, a password in -u, or an invalid value.
 * Nothing is sent.  The caller frees c in any case. */
int vs_conn_read(struct vs_conn *c, const struct vs_conn_opts *o, struct vs_err *err);
void vs_conn_free(struct vs_conn *c);

/* Is it a version of the API, such as 8.0.1.0?  It goes into an HTTP header. */
bool vs_api_version_valid(const char *s);

/* $NAME; NULL if it is unset or empty.  True for "1" and "true". */
const char *vs_env(const char *name);
bool vs_env_true(const char *name, bool otherwise);

#endif
