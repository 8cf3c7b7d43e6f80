/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_go.h - where Go's yaml reads otherwise than libyaml.  Floor 1.
 *
 * gopkg.in/yaml.v3 (v3.0.1: readerc.go, scannerc.go, parserc.go) began as a copy
 * of libyaml; since then libyaml has learned some syntax, and Go's scanner looks
 * two tokens ahead. */
#ifndef VS_TEXT_YAML_GO_H
#define VS_TEXT_YAML_GO_H

#include <stdbool.h>
#include <yaml.h>

#include "base/err.h"

/* A text that is read as Go reads it: { .s, .n } at first, s is borrowed. */
struct vs_yaml_go {
	const char *s;
	size_t n, left;
	size_t room;	    /* libyaml's own buffer */
	size_t byte, chars; /* a place in s, once by bytes, once as marks count */
	char *mended;	    /* what s became, see vs_yaml_go_mend */
	int times;
	char letter, quote; /* for "'" in "": an escape, and what that means */
	char colon;	    /* for ":" in [] and {} */
};

/* The parser gets its text from g, which stays where it is. */
void vs_yaml_go_begin(struct vs_yaml_go *g, yaml_parser_t *p);

/* Go's yaml takes \' in "" for a ', and in [] and {} a ':' at the end of a word
 * for a part of it.  True: that is what the parser failed at, and g has a text
 * now in which something else stands for it; begin anew. */
bool vs_yaml_go_mend(struct vs_yaml_go *g, const yaml_parser_t *p);

/* The text of a scalar, as it was before it was mended. */
void vs_yaml_go_mended(const struct vs_yaml_go *g, const yaml_event_t *e, char *text, size_t n);

void vs_yaml_go_free(struct vs_yaml_go *g);

/* Why Go's yaml refuses what an event came from, or reads it as something that
 * nobody can mean; NULL: it does not.  In the order of the events; flow: it is
 * in [] or {}. */
const char *vs_yaml_go_refuses(struct vs_yaml_go *g, const yaml_event_t *e, bool flow);

/* After the first document: what is wrong with the first tokens behind it is an
 * error there, the rest is not looked at.  -1: bad, and p knows the place. */
int vs_yaml_go_behind(const struct vs_yaml_go *g, yaml_parser_t *p, size_t tokens);

#endif
