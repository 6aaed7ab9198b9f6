/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_SYNTH_SERVER_H
#define XRDMON_TOOL_SYNTH_SERVER_H

/* A server that does not exist: which packets it sends when, and how it numbers them. */
#include "synth.h"

#include <xrdmon.h>

#define SYNTH_PACKET_BYTES 16384

/* Where the packets of all servers go. */
struct synth_outlet {
    synth_sink *sink;
    void *arg;
    bool is_done; /* it has had enough */
};

/* A packet that grows until it is sent. */
struct synth_growing {
    struct xrdmon_writer writer;
    uint8_t bytes[SYNTH_PACKET_BYTES];
    uint32_t began, mark; /* its first second; of the window it is in */
    uint64_t records;
};

struct synth_server {
    struct synth_outlet *outlet;
    uint32_t number, stod, now, identified;
    uint64_t sid; /* even; that of the staging daemon beside it is the next */
    uint32_t next_dictid, sessions;
    uint8_t main_pseq, fstat_pseq, tpc_pseq, cache_pseq, daemon_pseq;
    struct synth_growing trace, fstat;
};

/* Begin, or begin again: a new start time, and numbers from the first. */
void synth_start(struct synth_server *sv);
void synth_identify(struct synth_server *sv);

/* A packet at once. */
void synth_map(struct synth_server *sv, char code, uint8_t pseq, uint32_t dictid,
               const char *userid, const char *payload);
void synth_redirect(struct synth_server *sv, uint32_t user_dictid);
void synth_gstream(struct synth_server *sv, char provider, uint8_t pseq,
                   const char *line);

/* A record, which is sent with others. */
void synth_trace(struct synth_server *sv, const struct xrdmon_trace_record *r);
void synth_fstat(struct synth_server *sv, const struct xrdmon_fstat_record *r);
void synth_send_rest(struct synth_server *sv);

#endif
