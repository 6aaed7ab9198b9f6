/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_SHOW_H
#define XRDMON_TOOL_SHOW_H

/* Packets as JSON, and pieces that events have too. The keys are the interface of the
 * tool: see xrdmon(1). */
#include "input.h"
#include "out.h"

#include <xrdmon.h>

/* One packet, an object. */
void show_packet(struct out *o, const struct datagram *datagram);

/* Pieces that both have. */
void show_text(struct out *o, struct xrdmon_text text); /* a string, or null */
void show_hex(struct out *o, const uint8_t *bytes, size_t len);
void show_pairs(struct out *o,
                const struct xrdmon_map *map); /* the first of each key */
void show_auth(struct out *o, const struct xrdmon_auth_info *auth);
void show_totals(struct out *o, const struct xrdmon_fstat_totals *totals);
void show_fstat_ops(struct out *o, const struct xrdmon_fstat_close *close);
void show_redir_op(struct out *o, uint8_t op);
void show_origin(struct out *o, const struct origin *origin);

#endif
