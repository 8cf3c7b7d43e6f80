/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h - what vCenter says went wrong, for people and for code.  Floor 3.
 *
 * A fault comes as SOAP Fault detail, TaskInfo.error, MissingProperty.fault
 * or HttpNfcLease.error: the same data object each time. */
#ifndef VS_VIM_FAULT_H
#define VS_VIM_FAULT_H

#include <stdbool.h>

#include <stdbool.h>

#include "base/err.h"
#include "text/xml.h"

/* Fill err: err->fault is the type ("DuplicateName"), err->msg what a person
 * needs, err->code by the type.  Returns -1.
 * node: the fault object itself (with xsi:type); localized: vCenter's own
 * sentence, or NULL. */
int vs_fault_err(struct vs_node *node, const char *localized, struct vs_err *err);

/* The same from a LocalizedMethodFault (children fault, localizedMessage). */
int vs_fault_localized(struct vs_node *lmf, struct vs_err *err);

/* The fault object of a <soapenv:Fault>, and its sentence. */
struct vs_node *vs_fault_of_soap(struct vs_node *fault, const char **text);

/* NotAuthenticated, directly or as the fault of a missing property. */
int vs_fault_not_authenticated(struct vs_node *fault);

/* Does an answer with HTTP 200 hold NotAuthenticated in a missingSet?  Of
 * RetrievePropertiesEx it is in returnval/objects, of WaitForUpdatesEx in
 * returnval/filterSet/objectSet.  n: the first child of the response element. */
bool vs_fault_in_answer(struct vs_node *n);

#endif
