/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_PROGRESS_H
#define XRDMON_TOOL_PROGRESS_H

/* One line on a terminal's stderr that tells how far a long input is. */
#include "input.h"

struct progress {
    bool wanted, shown;
    uint64_t started_ms, drawn_ms, calls;
};

/* Only where stderr is a terminal and standard output is none, or else quiet. */
void progress_start(struct progress *p, bool is_quiet);
/* Call it as often as you like. */
void progress_at(struct progress *p, const struct input *in, const char *path);
/* Take the line away, before anything else is said. */
void progress_clear(struct progress *p);

#endif
