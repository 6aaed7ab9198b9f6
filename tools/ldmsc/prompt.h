/* SPDX-License-Identifier: MIT */
#ifndef PROMPT_H
#define PROMPT_H

/* Lines from a person, with libedit's editing, history and completion on a terminal; or
 * from a pipe, without a prompt. */

void prompt_begin(void);
/* The next line, which the caller frees; NULL at the end. */
char *prompt_take(const char *prompt);
/* Into the history, which outlives the shell: ~/.ldmsc_history, or $LDMSC_HISTORY. */
void prompt_remember(const char *line);

#endif
