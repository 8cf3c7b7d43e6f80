/* SPDX-License-Identifier: Apache-2.0 */
/* XML of a server: its tree, the tree written again, the fault in it, and its trace. */
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "text/visible.h"
#include "text/xml.h"
#include "text/xml_write.h"
#include "vim/fault.h"
#include "vim/trace.h"

static void
dump(const struct vs_node *n, struct vs_buf *to)
{
	for (; n; n = n->next) {
		vs_buf_fmt(to, "%s|%s|%s|%s(", n->name, n->type ? n->type : "",
			n->ref ? n->ref : "", n->text);
		dump(n->child, to);
		vs_buf_ch(to, ')');
	}
}

/* The tree, or NULL; p is the caller's. */
static struct vs_node *
parse(struct vs_xp *p, const char *s, size_t n, size_t piece, struct vs_err *err)
{
	for (; n > 0; s += piece, n -= piece) {
		piece = piece < n ? piece : n;
		if (vs_xp_feed(p, s, piece, err) < 0)
			return NULL;
	}
	return vs_xp_end(p, err);
}

static void
parts(const char *s, size_t n, size_t piece, const struct vs_buf *whole)
{
	struct vs_xp *p = vs_xp_new(NULL, NULL, NULL);
	VS_BUF_FREE struct vs_buf b = VS_BUF_INIT;
	struct vs_err err;

	dump(parse(p, s, n, piece, &err), &b);
	must(strcmp(b.s, whole->s) == 0, "it does not matter in which pieces it comes");
	vs_xp_free(p);
}

static void
written(struct vs_node *root)
{
	VS_BUF_FREE struct vs_buf before = VS_BUF_INIT, after = VS_BUF_INIT;
	struct vs_node *kept;
	struct vs_xp *p = vs_node_keep(root, &kept);

	dump(root->child, &before);
	dump(kept->child, &after);
	must(strcmp(before.s, after.s) == 0, "what is written is read again");
	vs_xp_free(p);
}

static void
fault(struct vs_node *n, const char *text)
{
	VS_BUF_FREE struct vs_buf line = VS_BUF_INIT;
	struct vs_err err = { 0 };

	vs_fault_err(n, text, &err);
	must(err.code >= VS_ERR_FAILED && err.code <= VS_ERR_UNREACHABLE && err.msg[0],
		"a fault is an error with a message");
	must(strcspn(err.msg, "\r\n\t") == strlen(err.msg), "a fault is one line");
	must(err.fault[0] && strlen(err.msg) < 1200 && strchr(err.msg, '['), "with its type");
	vs_visible_str(&line, err.msg);
	for (const char *s = line.s; *s; s++)
		must((unsigned char)*s >= ' ' && *s != 0x7f, "no control character is shown");
	must(strstr(line.s, "\xc2\x9b") == NULL && strstr(line.s, "\xe2\x80\xae") == NULL,
		"no C1 and bidi character is shown");
	(void)vs_fault_not_authenticated(n);
	(void)vs_fault_in_answer(n);
}

static void
faults(struct vs_node *n)
{
	const char *text;
	struct vs_node *f;

	for (; n; n = n->next) {
		f = vs_fault_of_soap(n, &text);
		if (f || strcmp(n->name, "Fault") == 0)
			fault(f, text);
		fault(n, n->text);
		faults(n->child);
	}
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	while ((s = strstr(s, what)) != NULL) {
		s++;
		n++;
	}
	return n;
}

/* The values of advanced keys, as vCenter writes them: key, value; unless the same text
 * occurs elsewhere, too. */
static void
trace(struct vs_node *n, const char *all, const char *shown)
{
	for (; n; n = n->next) {
		const char *value = vs_node_text(n, "value");

		if (n->child && strcmp(n->child->name, "key") == 0 && n->child->next
			&& n->child->next == vs_node_at(n, "value") && strlen(value) > 5
			&& count(all, value) == 1)
			must(strstr(shown, value) == NULL, "a trace shows no advanced value");
		trace(n->child, all, shown);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct vs_xp *p = vs_xp_new(NULL, NULL, NULL);
	VS_BUF_FREE struct vs_buf whole = VS_BUF_INIT, shown = VS_BUF_INIT;
	VS_FREE char *all = vs_strndup((const char *)data, n);
	struct vs_err err = { 0 };
	struct vs_node *root = parse(p, (const char *)data, n, n, &err);

	dump(root, &whole);
	parts((const char *)data, n, 1 + n % 13, &whole);
	vs_trace_reply((const char *)data, n, &shown);
	if (root) {
		written(root);
		faults(root);
		trace(root, all, shown.s);
	} else {
		must(err.code == VS_ERR_FAILED && err.msg[0], "an error has a message");
	}
	vs_xp_free(p);
	return 0;
}
