/* SPDX-License-Identifier: Apache-2.0 */
/* returns.h - what an answer must contain before anything is read from it.  Floor 3. */
#ifndef VS_VIM_RETURNS_H
#define VS_VIM_RETURNS_H

#include "base/err.h"
#include "text/xml.h"

/* Check the response element to a call of method.  -1, VS_ERR_FAILED with the method's
 * name: a value that the WSDL requires is missing, empty or of another type, or one of
 * its references is not valid.  For a task err says that it may have been started. */
int vs_returns_check(const char *method, struct vs_node *response, struct vs_err *err);

#endif
