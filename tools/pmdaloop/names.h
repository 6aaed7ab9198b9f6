/* SPDX-License-Identifier: MIT */
#ifndef NAMES_H
#define NAMES_H

/* Which metrics an agent has, by what the agent itself or a PMNS file says. */
#include "pmns.h"
#include "session.h"

/* The metrics that the options ask for, or all. CLI_DONE, or the exit code after a
 * sentence on stderr. The caller frees: pmns_free(). */
int names_find(struct session *s, const struct options *o, struct pmns *ret_names);

#endif
