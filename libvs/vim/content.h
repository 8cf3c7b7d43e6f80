/* SPDX-License-Identifier: Apache-2.0 */
/* content.h - ServiceContent: which vCenter this is, and its singletons.  Floor 3. */
#ifndef VS_VIM_CONTENT_H
#define VS_VIM_CONTENT_H

#include "base/err.h"
#include "text/xml.h"
#include "vim/conn.h"

/* Owned strings; { 0 } is an empty one. */
struct vs_content {
	char *root_folder, *property_collector, *view_manager, *session_manager,
		*search_index;		/* references of their types; not NULL after
					 * vs_content_read */
	char *storage_resource_manager; /* or NULL */
	char *api_version;		/* "8.0.3.0" */
	char *instance_uuid;		/* of the vCenter, or NULL */
};

/* From the response to RetrieveServiceContent.  -1, VS_ERR_UNREACHABLE: the server of
 * conn is not a vCenter. */
int vs_content_read(struct vs_content *c, struct vs_node *response, const struct vs_conn *conn,
	struct vs_err *err);
void vs_content_copy(struct vs_content *to, const struct vs_content *from); /* to is empty before */
void vs_content_free(struct vs_content *c);				    /* empty after */

#endif
