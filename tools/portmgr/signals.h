/* SPDX-License-Identifier: MIT */
#ifndef SIGNALS_H
#define SIGNALS_H

/* Signals as something to poll for. One set a process. */
#include <signal.h>
#include <stdbool.h>

struct caught {
    int number;
    bool from_terminal; /* the whole foreground group has had it already */
};

/* From now on these signals wake the poll instead of doing what they do. `numbers`
 * ends with 0. The descriptor to poll, or -errno. */
int signals_open(const int *numbers);
/* The oldest one; false where there is none. */
bool signals_take(struct caught *ret_signal);
/* In a child, before exec: as it was. */
void signals_undo(void);

#endif
