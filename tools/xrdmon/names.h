/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_NAMES_H
#define XRDMON_TOOL_NAMES_H

/* Who sent a packet, through the library and back. The library keeps an address and a
 * number; where a relay gave a name instead of the address, the number finds it. */
#include "input.h"

#include <xrdmon.h>

struct names;

struct names *names_new(void); /* NULL without memory */
void names_free(struct names *names);

/* The source to feed, which also remembers whether a time of arrival is known. Past 65536
 * names there is room for no more: those come back without one. */
struct xrdmon_source names_take(struct names *names, const struct datagram *datagram);
/* And what an event came from. */
struct origin names_give(const struct names *names, const struct xrdmon_source *source);
bool names_has_time(const struct xrdmon_source *source);

#endif
