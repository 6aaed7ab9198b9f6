/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_STOP_H
#define XRDMON_TOOL_STOP_H

/* For a command that tells only at its end: between begin and end, an interrupt ends its
 * input and not the command. */
#include <stdbool.h>

void stop_begin(void);
void stop_end(void);

/* Whether an interrupt came. */
bool stop_came(void);
/* Waits until the descriptor can be read; false once an interrupt came. */
bool stop_wait(int fd);

#endif
