/* SPDX-License-Identifier: Apache-2.0 */
/* vSphere Web Services SDK: ServiceContent and AboutInfo.  An ESXi host has the
 * same object with apiType "HostAgent" and without some of the singletons. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vim/content.h"
#include "vim/reference.h"

/* The reference in a child of v, or NULL: it is missing, or of another type. */
static char *
content_ref(struct vs_node *v, const char *child, const char *type)
{
	char *ref = vs_node_ref(vs_node_at(v, child));

	if (ref && !vs_ref_is(ref, type))
		vs_set(&ref, NULL);
	return ref;
}

int
vs_content_read(struct vs_content *c, struct vs_node *response, const struct vs_conn *conn,
	struct vs_err *err)
{
	struct vs_node *v = vs_node_at(response, "returnval");
	const char *type = vs_node_text(v, "about/apiType");

	vs_content_free(c);
	c->root_folder = content_ref(v, "rootFolder", "Folder");
	c->property_collector = content_ref(v, "propertyCollector", "PropertyCollector");
	c->view_manager = content_ref(v, "viewManager", "ViewManager");
	c->session_manager = content_ref(v, "sessionManager", "SessionManager");
	c->search_index = content_ref(v, "searchIndex", "SearchIndex");
	c->storage_resource_manager =
		content_ref(v, "storageResourceManager", "StorageResourceManager");
	c->api_version = vs_strdup(vs_node_text(v, "about/apiVersion"));
	c->instance_uuid = vs_strdup(vs_node_text(v, "about/instanceUuid"));
	if (!c->root_folder || !c->property_collector || !c->session_manager || !c->view_manager
		|| !c->search_index || !c->api_version || !vs_api_version_valid(c->api_version))
		return vs_fail(err, VS_ERR_UNREACHABLE,
			"RetrieveServiceContent: %s:%d is not a vCenter", conn->host, conn->port);
	if (type && strcmp(type, "VirtualCenter") != 0)
		return vs_fail(err, VS_ERR_UNREACHABLE,
			"%s:%d is not a vCenter, its API type is '%s'", conn->host, conn->port,
			type);
	return 0;
}

void
vs_content_copy(struct vs_content *to, const struct vs_content *from)
{
	*to = (struct vs_content){
		.root_folder = vs_strdup(from->root_folder),
		.property_collector = vs_strdup(from->property_collector),
		.view_manager = vs_strdup(from->view_manager),
		.session_manager = vs_strdup(from->session_manager),
		.search_index = vs_strdup(from->search_index),
		.storage_resource_manager = vs_strdup(from->storage_resource_manager),
		.api_version = vs_strdup(from->api_version),
		.instance_uuid = vs_strdup(from->instance_uuid),
	};
}

void
vs_content_free(struct vs_content *c)
{
	free(c->root_folder);
	free(c->property_collector);
	free(c->view_manager);
	free(c->session_manager);
	free(c->search_index);
	free(c->storage_resource_manager);
	free(c->api_version);
	free(c->instance_uuid);
	*c = (struct vs_content){ 0 };
}
