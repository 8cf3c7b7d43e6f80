/* SPDX-License-Identifier: Apache-2.0 */
/* xml_write.h - writing XML element by element.  Floor 1.
 *
 * Names are literals; values are escaped here and nowhere else.  A value that
 * XML 1.0 cannot represent (control characters, invalid UTF-8) sets bad. */
#ifndef VS_TEXT_XML_WRITE_H
#define VS_TEXT_XML_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "text/xml.h"

enum { VS_XW_DEPTH = 40 };

struct vs_xw {
	struct vs_buf b;	       /* secret: wiped when freed */
	const char *open[VS_XW_DEPTH]; /* names of the open elements */
	int depth;
	const char *bad; /* name of the element whose value could not be written */
	/* byte ranges [from, to) of secret values, which a trace hides */
	struct {
		size_t from, to;
	} * secrets;
	size_t n_secrets, cap_secrets;
};
#define VS_XW_INIT \
	{ \
		.b = VS_BUF_SECRET \
	}
#define VS_XW_FREE __attribute__((cleanup(vs_xw_free)))

void vs_xw_open(struct vs_xw *w, const char *name);
void vs_xw_open_type(struct vs_xw *w, const char *name, const char *xsi_type);
void vs_xw_attr(
	struct vs_xw *w, const char *name, const char *value); /* of the element just opened */
void vs_xw_close(struct vs_xw *w);
void vs_xw_text(struct vs_xw *w, const char *name, const char *text); /* NULL: left out */
/* <name type="Type">id</name>, from a managed object reference "Type:id". */
void vs_xw_ref(struct vs_xw *w, const char *name, const char *ref); /* NULL: left out */
void vs_xw_int(struct vs_xw *w, const char *name, int64_t n);
void vs_xw_bool(struct vs_xw *w, const char *name, bool v);
void vs_xw_secret(struct vs_xw *w, const char *name, const char *text); /* *** in a trace */
void vs_xw_typed(
	struct vs_xw *w, const char *name, const char *xsi_type, const char *text, bool secret);
void vs_xw_raw(struct vs_xw *w, const char *xml, size_t n); /* well-formed XML, as it is */
void vs_xw_free(struct vs_xw *w);
/* The document with secrets as ***, appended to to. */
void vs_xw_trace(const struct vs_xw *w, struct vs_buf *to);

/* Write the children of n as XML again (to echo a device): types and references
 * are kept; types of XML Schema itself get the prefix xsd.  The document must
 * bind the prefixes xsd and xsi. */
void vs_node_echo(struct vs_node *n, struct vs_xw *w);

/* Copy the children of n, so that they outlive the tree they are in: *root gets
 * their new parent, valid until the returned parser is freed. */
struct vs_xp *vs_node_keep(struct vs_node *n, struct vs_node **root);

#endif
