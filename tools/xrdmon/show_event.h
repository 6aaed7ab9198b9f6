/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_SHOW_EVENT_H
#define XRDMON_TOOL_SHOW_EVENT_H

/* What the streams give, as JSON. */
#include "show.h"

/* Where an event came from, and when, as far as that is known. */
struct arrival {
    struct origin origin;
    bool has_time;
};

/* One event, an object. */
void show_event(struct out *o, const struct xrdmon_event *event,
                const struct arrival *arrival);

/* A window of events: its begin, each of its events, its end. */
void show_window_begin(struct out *o, const struct xrdmon_event *event,
                       const struct arrival *arrival);
void show_window_event(struct out *o, const struct xrdmon_event *event);
void show_window_end(struct out *o);

/* What most events have, each a member. */
void show_server(struct out *o, const struct xrdmon_server *server);
void show_client(struct out *o, const struct xrdmon_client *client);
void show_window(struct out *o, const struct xrdmon_window *window);
void show_redir_window(struct out *o, const struct xrdmon_window *window);

/* Counters, the members of an object. */
void show_stats(struct out *o, const struct xrdmon_stats *stats);

#endif
