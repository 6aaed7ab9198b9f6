/* SPDX-License-Identifier: MIT */
#ifndef LC_TEXT_H
#define LC_TEXT_H

/* Foreign text for a person's eyes. */
#include <stddef.h>

/* Copy at most max bytes of text, control characters escaped, so that a terminal does
 * nothing but show them; "..." where it was cut. out always ends in NUL. */
void lc_text_escape(char *out, size_t size, const char *text, size_t len, size_t max);

/* The same in place, for what may have been escaped before: each byte of a control
 * character becomes a question mark. */
void lc_text_tame(char *text);

#endif
