/* SPDX-License-Identifier: MIT */
/* From packets to events: of the packet whose turn it is, one event is made whenever one is
 * asked for. */
#include "engine.h"

#include <stdlib.h>

void
xm_engine_init(struct xm_engine *e)
{
    xm_list_init(&e->servers);
    xm_list_init(&e->ended_servers);
    xm_list_init(&e->users);
    xm_list_init(&e->ended_users);
    xm_list_init(&e->files);
    xm_list_init(&e->ended_files);
    xm_list_init(&e->accesses);
    xm_list_init(&e->held);
    xm_list_init(&e->domains);
    xm_server_init_chains(e);
    e->ready_end = &e->ready;
    e->seen_room = 16;
    while (e->seen_room < 2 * e->set.reorder_packets)
        e->seen_room *= 2;
}

void
xm_engine_free(struct xm_engine *e)
{
    e->set.want_access = false;
    xm_order_flush(e);
    while (e->ready) {
        struct xm_item *item = e->ready;
        e->ready = item->next;
        xm_item_free(e, item);
    }
    if (e->item)
        xm_item_free(e, e->item);
    while (!xm_list_is_empty(&e->accesses)) {
        struct xm_file *f = XM_MEMBER(e->accesses.next, struct xm_file, in_queue);
        xm_list_remove(&f->in_queue);
        if (f->is_gone)
            xm_file_free(f);
    }
    if (e->told_file)
        xm_file_free(e->told_file);
    if (e->window_server)
        xm_server_unref(e->window_server);
    while (!xm_list_is_empty(&e->servers))
        xm_server_drop(XM_MEMBER(e->servers.next, struct xm_server, link), 0);
    while (!xm_list_is_empty(&e->ended_servers))
        xm_server_drop(XM_MEMBER(e->ended_servers.next, struct xm_server, link), 0);
    free(e->spare);
}

bool
xm_tell_bad(struct xm_engine *e, int err, size_t offset, const char *why)
{
    struct xm_counts *c = xm_counts_of(e, e->item->server);

    c->truncated += err == -XRDMON_ETRUNCATED;
    c->malformed += err == -XRDMON_EMALFORMED;
    c->unknown += err == -XRDMON_EUNKNOWN;
    e->event.type = XRDMON_EV_BAD;
    e->event.id = 0; /* nothing is left of the event before */
    e->event.client = NULL;
    e->event.path = e->event.line = (struct xrdmon_text){NULL, 0};
    e->event.bad = (struct xrdmon_bad){.err = err, .offset = offset, .why = why};
    return true;
}

/* A packet that is bad from its start. */
static bool
tell_refused(struct xm_engine *e)
{
    const struct xm_item *item = e->item;
    const char *why = "no packet starts like this";
    size_t offset = 0;

    if (e->is_told)
        return false;
    e->is_told = true;
    if (item->err == -XRDMON_ETRUNCATED) {
        why = "the packet is shorter than it says";
        offset = item->len;
        if (item->len < XM_HEADER_BYTES)
            why = "the packet is shorter than a header";
    } else if (item->err == -XRDMON_EMALFORMED) {
        why = item->packet.kind ? "a map without a number"
                                : "the packet says it is shorter than its header";
        offset = 2;
    }
    return xm_tell_bad(e, item->err, offset, why);
}

bool
xm_tell_summary(struct xm_engine *e)
{
    e->event.type = XRDMON_EV_SUMMARY;
    return !e->is_told && (e->is_told = true);
}

/* Begin to tell the next packet. */
static bool
begin_item(struct xm_engine *e)
{
    static bool (*const tellers[])(struct xm_engine *) = {
        [XRDMON_MAP] = xm_tell_map,         [XRDMON_FSTAT] = xm_tell_fstat,
        [XRDMON_TRACE] = xm_tell_trace,     [XRDMON_REDIR] = xm_tell_redir,
        [XRDMON_GSTREAM] = xm_tell_gstream, [XRDMON_JSON] = xm_tell_gtext,
        [XRDMON_CGI] = xm_tell_gtext,       [XRDMON_SUMMARY] = xm_tell_summary};
    struct xm_item *item = e->ready;

    if (!item)
        return false;
    e->ready = item->next;
    if (!e->ready)
        e->ready_end = &e->ready;
    e->item = item;
    e->event =
        (struct xrdmon_event){.packet_number = item->number,
                              .time_ns = item->time_ns,
                              .source = item->source,
                              .packet = &item->packet,
                              .server = item->server ? &item->server->known : NULL};
    e->is_told = false;
    e->window_sid = UINT64_MAX;
    e->window_number++;
    e->cursor = xrdmon_cursor_over(&item->packet);
    e->tell = item->err ? tell_refused : tellers[item->packet.kind];
    return true;
}

/* The oldest access that has ended and was not told. */
static bool
tell_access(struct xm_engine *e)
{
    if (xm_list_is_empty(&e->accesses))
        return false;

    struct xm_file *f = XM_MEMBER(e->accesses.next, struct xm_file, in_queue);
    struct xm_item *item = e->item;
    bool is_at_hand = item && f->end == XRDMON_END_CLOSE && e->fstat.id == f->dictid;

    xm_list_remove(&f->in_queue);
    if (f->is_gone)
        e->told_file = f;
    e->access = (struct xrdmon_access){
        .end = f->end,
        .has_open = f->f_opened,
        .has_totals = f->has_totals,
        .is_rw = f->is_rw,
        .is_forced = f->is_forced,
        .file_bytes = f->file_bytes,
        .open_begin_unix_s = f->open_begin_unix_s,
        .open_end_unix_s = f->open_end_unix_s,
        .close_begin_unix_s = f->last_begin_unix_s,
        .close_end_unix_s = f->last_end_unix_s,
        .totals = f->totals,
        .close = is_at_hand ? &e->fstat.u.close : NULL,
    };
    e->mark = (struct xrdmon_event){
        .type = XRDMON_EV_ACCESS,
        .packet_number = e->event.packet_number,
        .time_ns = e->now_ns,
        .source = f->server->known.source,
        .packet = item ? &item->packet : NULL,
        .server = &f->server->known,
        .client = f->user ? &f->user->client : NULL,
        .id = f->dictid,
        .path = f->path,
        .window = {f->last_begin_unix_s, f->last_end_unix_s, 0, 0},
        .access = &e->access,
    };
    if (is_at_hand)
        e->mark.source = item->source;
    f->server->counts.by_type[XRDMON_EV_ACCESS]++;
    return true;
}

/* A mark of the window that is open, or opens. */
static const struct xrdmon_event *
tell_window(struct xm_engine *e, enum xrdmon_event_type type)
{
    if (type == XRDMON_EV_WINDOW_BEGIN) {
        e->mark = (struct xrdmon_event){.packet_number = e->event.packet_number,
                                        .time_ns = e->event.time_ns,
                                        .source = e->event.source,
                                        .packet = e->event.packet,
                                        .server = e->event.server,
                                        .window = e->event.window};
        e->window_mark = e->mark;
        e->window_server = e->item->server; /* until its end is told */
        e->window_server->refs++;
    }
    e->mark = e->window_mark;
    e->mark.type = type;
    if (type == XRDMON_EV_WINDOW_END)
        e->mark.packet = NULL; /* it may be gone */
    return &e->mark;
}

static bool
make_event(struct xm_engine *e)
{
    do {
        if (e->item && e->tell(e)) {
            xm_counts_of(e, e->item->server)->by_type[e->event.type]++;
            return true;
        }
        if (e->item)
            xm_item_free(e, e->item);
        e->item = NULL;
    } while (begin_item(e));
    return false;
}

/* With windows wanted, an event may have to wait for the mark before it. */
static const struct xrdmon_event *
next_with_windows(struct xm_engine *e)
{
    if (!e->is_stashed) {
        e->is_stashed = make_event(e);
        if (!e->is_stashed && !e->open_window)
            return NULL;
    }
    bool has_window = e->is_stashed && (e->event.type == XRDMON_EV_FSTAT ||
                                        e->event.type == XRDMON_EV_TRACE ||
                                        e->event.type == XRDMON_EV_REDIR);
    uint64_t number = has_window ? e->window_number : 0;
    if (e->open_window && e->open_window != number) {
        e->open_window = 0;
        return tell_window(e, XRDMON_EV_WINDOW_END);
    }
    if (number && !e->open_window) {
        e->open_window = number;
        return tell_window(e, XRDMON_EV_WINDOW_BEGIN);
    }
    e->is_stashed = false;
    return &e->event;
}

const struct xrdmon_event *
xm_engine_next(struct xm_engine *e)
{
    if (e->told_file) {
        xm_file_free(e->told_file);
        e->told_file = NULL;
    }
    if (e->window_server && !e->open_window) {
        xm_server_unref(e->window_server);
        e->window_server = NULL;
    }
    if (!e->is_stashed && tell_access(e))
        return &e->mark;
    if (e->set.want_windows)
        return next_with_windows(e);
    return make_event(e) ? &e->event : NULL;
}
