/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_WALK_H
#define XRDMON_TOOL_WALK_H

/* Every datagram of every file that the command line names. */
#include "out.h"
#include "settings.h"

/* Gives each datagram to `take`, until that is false. Says what is wrong with a file, and
 * goes on with the next. `out`, or NULL, is flushed whenever an input has to wait. Gives
 * CLI_DONE, or CLI_FAILED where not all could be read, or CLI_MISUSED. */
int walk(const struct settings *s, struct out *out,
         bool (*take)(void *arg, const struct datagram *datagram), void *arg);

#endif
