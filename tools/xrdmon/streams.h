/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_STREAMS_H
#define XRDMON_TOOL_STREAMS_H

/* The streams layer over all files: datagrams in, events out. */
#include "names.h"
#include "out.h"
#include "settings.h"

struct streams {
    const struct settings *settings;
    struct xrdmon *xm; /* made for the first datagram */
    struct names *names;
    bool has_failed;
    uint64_t now_ns;        /* the latest arrival: time never runs backwards */
    uint32_t seen_unix_s;   /* the latest time in a packet: a clock for packets files */
    uint32_t latest_unix_s; /* what cannot be later */
    bool (*take)(void *arg, const struct xrdmon_event *event); /* false: stop */
    void *arg;
};

/* Give every event of every file to `take`, the ones held back at the end included.
 * Until streams_close() the counters are to be had. The exit code. */
int streams_run(struct streams *st, const struct settings *settings, struct out *out,
                bool (*take)(void *arg, const struct xrdmon_event *event), void *arg);
/* Says what was amiss, or all counters where they are wanted, on stderr. */
void streams_say_counts(const struct streams *st);
void streams_close(struct streams *st);

#endif
