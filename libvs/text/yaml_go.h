/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_go.h - differences between Go's yaml and libyaml.  Floor 1.
 *
 * gopkg.in/yaml.v3 (v3.0.1: readerc.go, scannerc.go, parserc.go) started as a copy of
 * libyaml.  Since then libyaml has changed, and Go's scanner looks two tokens
 * ahead. */
#ifndef VS_TEXT_YAML_GO_H
#define VS_TEXT_YAML_GO_H

#include <stdbool.h>
#include <yaml.h>

#include "base/err.h"

/* A text to be read as Go reads it.  Starts as { .s, .n }; s is borrowed. */
struct vs_yaml_go {
	const char *s;
	size_t n, left;
	size_t room;	    /* libyaml's own buffer */
	size_t byte, chars; /* a place in s, in bytes and as marks count */
	char *mended;	    /* s with replacements, see vs_yaml_go_mend */
	int times;
	char letter, quote; /* replace "'" in "": an escape and its meaning */
	char colon;	    /* replaces ":" in [] and {} */
};

/* Let the parser read from g, which must not move. */
void vs_yaml_go_begin(struct vs_yaml_go *g, yaml_parser_t *p);

/* Go's yaml reads \' in "" as ', and a ':' at the end of a word in [] or {} as part of
 * it.  True: the parser failed at one of them; g now has a text with a replacement
 * for it, and the caller starts again. */
bool vs_yaml_go_mend(struct vs_yaml_go *g, const yaml_parser_t *p);

/* Undo the replacements in the text of a scalar. */
void vs_yaml_go_restore(const struct vs_yaml_go *g, const yaml_event_t *e, char *text, size_t n);

void vs_yaml_go_free(struct vs_yaml_go *g);

/* Why Go's yaml refuses the text of an event, or reads it as something that cannot be
 * meant; NULL: it does not.  Call it for the events in their order; flow: inside []
 * or {}.  The result is a literal. */
const char *vs_yaml_go_refuses(struct vs_yaml_go *g, const yaml_event_t *e, bool flow);

/* After the first document: as in Go, an error in the first tokens after it counts,
 * later ones do not.  -1: there is one, and p has its place. */
int vs_yaml_go_check_rest(const struct vs_yaml_go *g, yaml_parser_t *p, size_t tokens);

#endif
