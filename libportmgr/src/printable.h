/* SPDX-License-Identifier: MIT */
#ifndef PT_PRINTABLE_H
#define PT_PRINTABLE_H

/* Foreign text, made fit for a terminal. */
#include <stddef.h>

/* Writes text as UTF-8 without control characters, at most `most` of its characters
 * and as many as fit into buf with a NUL; "..." follows what was cut. */
void pt_printable(const char *text, size_t len, size_t most, char *buf, size_t room);

#endif
