/* SPDX-License-Identifier: Apache-2.0 */
/* say.h - messages on stderr, and the progress line below them.  Floor 2.
 *
 * Every text is shown as vs_visible has it (text/visible.h): give it as it is. */
#ifndef VS_RUN_SAY_H
#define VS_RUN_SAY_H

#include <stdbool.h>

#include "base/err.h"

/* Print "TOOL: text" and a line feed in one write; the progress line is erased
 * before that, and drawn again by its owner.  A line feed in the text is data and shown
 * as "\n": several lines are several calls. */
void vs_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Print lines below a message, without "TOOL: ": a quote from a document. */
void vs_say_below(const char *lines);

/* Set the tool's name and what of base/log is shown, and become its sink. */
void vs_say_start(const char *tool, bool quiet, bool verbose);

const char *vs_say_name(void); /* of the tool */

/* Where --trace goes: a file name, or "" for stderr. */
int vs_say_trace(const char *path, struct vs_err *err);

/* A question at the end of the terminal fd; borrowed until it is over.  Meanwhile no
 * progress line is drawn, and the question is printed again below other output. */
void vs_say_ask(int fd, const char *question);
void vs_say_asked(bool answered); /* over; false: without an answer and its line feed */
void vs_say_again(void);	  /* something else was written to the terminal */

/* Draw text as the progress line; NULL: erase it, and what another tool of the same
 * pipe has drawn there (behind a question: begin a new line).  Only on a terminal. */
void vs_progress(const char *text);
bool vs_progress_shown(void); /* stderr is a terminal, and not -q */

#endif
