/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h - vCenter's faults, as errors with a message.  Floor 3.
 *
 * A fault is the same data object in a SOAP Fault's detail, TaskInfo.error,
 * MissingProperty.fault and HttpNfcLease.error. */
#ifndef VS_VIM_FAULT_H
#define VS_VIM_FAULT_H

#include <stdbool.h>

#include "base/err.h"
#include "text/xml.h"

/* Set err: err->fault is the type ("DuplicateName"), err->code depends on it, err->msg is
 * one line for people.  Returns -1.  node: the fault object (with xsi:type), or NULL;
 * localized: vCenter's message, or NULL. */
int vs_fault_err(struct vs_node *node, const char *localized, struct vs_err *err);

/* The same from a LocalizedMethodFault (children fault, localizedMessage). */
int vs_fault_localized(struct vs_node *lmf, struct vs_err *err);

/* The fault object of a <soapenv:Fault>, or NULL, and its message; borrowed. */
struct vs_node *vs_fault_of_soap(struct vs_node *fault, const char **text);

/* Is it NotAuthenticated?  False for NULL. */
bool vs_fault_not_authenticated(struct vs_node *fault);

/* Does a response with HTTP status 200 have NotAuthenticated in a missingSet?  With
 * RetrievePropertiesEx it is in returnval/objects, with WaitForUpdatesEx in
 * returnval/filterSet/objectSet.  n: the first child of the response element. */
bool vs_fault_in_answer(struct vs_node *n);

#endif
