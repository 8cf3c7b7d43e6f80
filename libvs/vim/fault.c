/* SPDX-License-Identifier: Apache-2.0 */
/* vSphere Web Services SDK: the data objects of these names, LocalizedMethodFault.
 * What to do about a fault is decided by callers, by its type. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "vim/fault.h"

enum {
	FAULT_SHOWN = 1000, /* bytes of a message, so that the type after it fits */
	FAULT_TYPE = 63,    /* bytes of the name of a type */
};

static const struct {
	const char *type;
	enum vs_err_code code;
	const char *says;   /* NULL: vCenter's message is the best */
	const char *fields; /* shown after it, if they are set */
} known[] = {
	{ "InvalidLogin", VS_ERR_UNREACHABLE, "user name or password is wrong", NULL },
	{ "PasswordExpired", VS_ERR_UNREACHABLE, "the password has expired", NULL },
	{ "InvalidLocale", VS_ERR_FAILED, NULL, NULL },
	{ "NotAuthenticated", VS_ERR_UNREACHABLE, "the session is not valid", NULL },
	{ "NoPermission", VS_ERR_FAILED, "permission denied",
		"privilegeId object missingPrivileges/privilegeIds" },
	{ "ManagedObjectNotFound", VS_ERR_NOT_FOUND, "it does not exist, or has been deleted",
		"obj" },
	{ "DuplicateName", VS_ERR_FAILED, "the name is already in use", "name object" },
	{ "InvalidArgument", VS_ERR_FAILED, "vCenter rejects an argument", "invalidProperty" },
	{ "InvalidProperty", VS_ERR_FAILED, NULL, "name" },
	{ "InvalidPowerState", VS_ERR_FAILED, "the power state does not allow it",
		"existingState requestedState" },
	{ "InvalidState", VS_ERR_FAILED, "its state does not allow it", NULL },
	{ "InvalidName", VS_ERR_FAILED, "vCenter rejects the name", "name" },
	{ "TaskInProgress", VS_ERR_FAILED, "another task is working on it", "task" },
	{ "ConcurrentAccess", VS_ERR_FAILED, "it was changed by someone else in the meantime",
		NULL },
	{ "RequestCanceled", VS_ERR_FAILED, "the task was cancelled", NULL },
	{ "ToolsUnavailable", VS_ERR_FAILED, "VMware Tools are not running", NULL },
	{ "MethodDisabled", VS_ERR_FAILED, "vCenter has disabled this operation for now",
		"source" },
	{ "NoDiskSpace", VS_ERR_FAILED, "no space left on the datastore", "datastore file" },
	{ "FileAlreadyExists", VS_ERR_FAILED, "a file with this name exists", "file" },
	{ "CannotAccessNetwork", VS_ERR_FAILED, "the host cannot reach the network",
		"device backing network" },
	{ "InvalidDeviceSpec", VS_ERR_FAILED, "vCenter rejects a device", "deviceIndex property" },
	{ "InvalidDeviceOperation", VS_ERR_FAILED, "vCenter rejects a device change",
		"deviceIndex badOp badFileOp" },
	{ "GenericVmConfigFault", VS_ERR_FAILED, NULL, "reason" },
	{ "PlatformConfigFault", VS_ERR_FAILED, NULL, "text" },
	{ "SystemError", VS_ERR_FAILED, NULL, "reason" },
	{ "InsufficientMemoryResourcesFault", VS_ERR_FAILED, "not enough memory",
		"unreserved requested" },
	{ "InsufficientCpuResourcesFault", VS_ERR_FAILED, "not enough CPU",
		"unreserved requested" },
	{ "RestrictedVersion", VS_ERR_FAILED, "the host's license does not allow it", NULL },
};

static void
fault_add_fields(struct vs_node *node, const char *names, struct vs_buf *b)
{
	const char *sep = " (";

	while (names && *names) {
		size_t n = strcspn(names, " ");
		VS_FREE char *path = vs_strndup(names, n);
		const char *text = vs_node_text(node, path);
		const char *last = strrchr(path, '/');

		if (text && *text) {
			vs_buf_fmt(b, "%s%s %s", sep, last ? last + 1 : path, text);
			sep = ", ";
		}
		names += n + strspn(names + n, " ");
	}
	if (*sep == ',')
		vs_buf_ch(b, ')');
}

/* Under a plain InvalidArgument the reason is often only in here. */
static void
fault_add_messages(struct vs_node *node, struct vs_buf *b)
{
	struct vs_node *m = vs_node_at(node, "faultMessage");
	const char *cause = vs_node_text(node, "faultCause/localizedMessage");

	/* more is not shown; each is compared with all before it */
	for (; m && b->len <= FAULT_SHOWN; m = vs_node_next(m)) {
		const char *text = vs_node_text(m, "message");

		if (text == NULL || *text == '\0')
			text = vs_node_text(m, "key");
		if (text && *text && !strstr(b->s, text))
			vs_buf_fmt(b, "; %s", text);
	}
	if (cause && *cause && !strstr(b->s, cause))
		vs_buf_fmt(b, "; %s", cause);
}

/* Messages are one line; vCenter's may be a page. */
static void
fault_flatten(struct vs_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++) {
		bool blank = strchr(" \n\r\t", b->s[i]) != NULL;

		if (!blank || (n > 0 && b->s[n - 1] != ' '))
			b->s[n++] = blank ? ' ' : b->s[i];
	}
	vs_buf_cut(b, n);
}

/* The name of its type, which ends the message and selects what is done. */
static const char *
fault_type(const struct vs_node *node)
{
	const char *type = node && node->type ? node->type : node ? node->name : "";
	size_t n =
		strspn(type, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

	return n > 0 && n <= FAULT_TYPE && type[n] == '\0' ? type : "SystemError";
}

int
vs_fault_err(struct vs_node *node, const char *localized, struct vs_err *err)
{
	const char *type = fault_type(node);
	enum vs_err_code code = VS_ERR_FAILED;
	const char *says = NULL, *fields = NULL;
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;

	for (size_t i = 0; i < VS_LEN(known); i++)
		if (strcmp(known[i].type, type) == 0) {
			code = known[i].code;
			says = known[i].says;
			fields = known[i].fields;
		}
	if (says == NULL)
		says = localized && *localized ? localized : "vCenter gives no reason";
	else if (localized && *localized)
		localized = strcmp(localized, says) == 0 ? NULL : localized;
	vs_buf_fmt(&b, "%s", says);
	fault_add_fields(node, fields, &b);
	if (localized && !strstr(b.s, localized))
		vs_buf_fmt(&b, ": %s", localized);
	fault_add_messages(node, &b);
	fault_flatten(&b);
	if (b.len > FAULT_SHOWN) {
		vs_buf_cut(&b, FAULT_SHOWN);
		vs_buf_str(&b, " ...");
	}
	vs_buf_fmt(&b, " [%s]", type);
	vs_fail(err, code, "%s", b.s);
	snprintf(err->fault, sizeof err->fault, "%s", type);
	return -1;
}

int
vs_fault_localized(struct vs_node *lmf, struct vs_err *err)
{
	return vs_fault_err(vs_node_at(lmf, "fault"), vs_node_text(lmf, "localizedMessage"), err);
}

struct vs_node *
vs_fault_of_soap(struct vs_node *fault, const char **text)
{
	struct vs_node *detail = vs_node_at(fault, "detail");

	*text = vs_node_text(fault, "faultstring");
	return detail ? detail->child : NULL;
}

bool
vs_fault_not_authenticated(struct vs_node *fault)
{
	return fault && fault->type && strcmp(fault->type, "NotAuthenticated") == 0;
}

bool
vs_fault_in_answer(struct vs_node *n)
{
	static const char *const path[] = { "returnval", "objects", "filterSet", "objectSet",
		"missingSet", "fault" };

	for (; n; n = n->next) {
		if (strcmp(n->name, "fault") == 0 && vs_fault_not_authenticated(n))
			return true;
		/* missingSet/fault is a LocalizedMethodFault: the fault is in it */
		for (size_t i = 0; i < VS_LEN(path); i++)
			if (strcmp(n->name, path[i]) == 0 && vs_fault_in_answer(n->child))
				return true;
	}
	return false;
}
