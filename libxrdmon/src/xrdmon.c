/* SPDX-License-Identifier: MIT */
/* The handle: its options, its counts, and the calls on it. */
#include "engine.h"

#include <stdlib.h>

struct xrdmon {
    struct xm_engine engine;
    char errmsg[160];
};

static uint64_t
or_default(uint64_t value, uint64_t otherwise)
{
    return value ? value : otherwise;
}

static int
read_options(struct xrdmon_options *o, const struct xrdmon_options *given)
{
    *o = (struct xrdmon_options){.size = sizeof(*o)};
    if (!given)
        return 0;
    if (given->size < sizeof(*o))
        return -EINVAL;
    for (size_t i = sizeof(*o); i < given->size; i++)
        if (((const char *)given)[i])
            return -E2BIG; /* it asks for what we do not know */
    *o = *given;
    return o->reorder_packets > 127 ? -EINVAL : 0;
}

int
xrdmon_new(struct xrdmon **ret_xm, const struct xrdmon_options *options)
{
    struct xrdmon_options o;
    int err = read_options(&o, options);
    if (err < 0)
        return err;

    struct xrdmon *xm = calloc(1, sizeof(*xm));
    if (!xm)
        return -ENOMEM;
    xm->engine.set = (struct xm_settings){
        .reorder_packets = o.no_order ? 0 : (uint32_t)or_default(o.reorder_packets, 8),
        .reorder_ns = or_default(o.reorder_ms, 500) * 1000000,
        .release_ns = or_default(o.release_ms, 30000) * 1000000,
        .idle_ns = or_default(o.idle_s, 86400) * 1000000000,
        .max_memory_bytes =
            (size_t)or_default(o.max_memory_bytes, (size_t)64 * 1024 * 1024),
        .max_servers = (uint32_t)or_default(o.max_servers, 4096),
        .is_strict = o.is_strict,
        .no_deduplicate = o.no_deduplicate,
        .no_release = o.no_release,
        .ignore_address = o.ignore_address,
        .want_windows = o.want_windows,
        .want_access = o.want_access,
    };
    xm_engine_init(&xm->engine);
    *ret_xm = xm;
    return 0;
}

void
xrdmon_free(struct xrdmon *xm)
{
    if (!xm)
        return;
    xm_engine_free(&xm->engine);
    free(xm);
}

int
xrdmon_feed(struct xrdmon *xm, const struct xrdmon_source *source, const void *bytes,
            size_t len, uint64_t now_ns)
{
    int err = xm_engine_feed(&xm->engine, source, bytes, len, now_ns);

    if (err < 0)
        snprintf(xm->errmsg, sizeof(xm->errmsg),
                 err == -EAGAIN
                     ? "cannot take a packet of %zu bytes: %zu bytes wait to "
                       "be told"
                     : "cannot take a packet of %zu bytes: out of memory, "
                       "with %zu bytes waiting",
                 len, xm->engine.queued_bytes);
    return err;
}

const struct xrdmon_event *
xrdmon_next(struct xrdmon *xm)
{
    return xm_engine_next(&xm->engine);
}

void
xrdmon_tick(struct xrdmon *xm, uint64_t now_ns)
{
    xm_engine_tick(&xm->engine, now_ns);
}

void
xrdmon_flush(struct xrdmon *xm)
{
    xm_engine_flush(&xm->engine);
}

const char *
xrdmon_errmsg(const struct xrdmon *xm)
{
    return xm->errmsg;
}

/* --------------------------------------------------------------- counts */

void
xm_counts_add(struct xm_counts *to, const struct xm_counts *from)
{
    /* counters and nothing else */
    uint64_t *a = (uint64_t *)(void *)to;
    const uint64_t *b = (const uint64_t *)(const void *)from;

    for (size_t i = 0; i < sizeof(*to) / sizeof(*a); i++)
        a[i] += b[i];
}

static void
tell_counts(const struct xm_counts *c, struct xrdmon_stats *s)
{
    static const char codes[] = "=dfgiprtTuUx{c<";

    *s = (struct xrdmon_stats){
        .packets = c->packets,
        .bytes = c->bytes,
        .bad_truncated = c->truncated,
        .bad_malformed = c->malformed,
        .bad_unknown = c->unknown,
        .trailing_bytes = c->trailing_bytes,
        .lost = c->lost,
        .late = c->late,
        .duplicates = c->duplicates,
        .reordered = c->reordered,
        .unresolved_users = c->unresolved_users,
        .unresolved_paths = c->unresolved_paths,
        .dropped_records = c->dropped,
        .forged_windows = c->forged,
        .unknown_servers = c->unannounced,
    };
    for (size_t i = 0; i < sizeof(codes) - 1; i++)
        s->packets_by_code[(uint8_t)codes[i]] = c->by_code[i];
    s->packets_by_code[0] = c->by_code[XM_CODES - 1];
    for (size_t i = 0; i <= XRDMON_EV_BAD; i++) {
        s->events_by_type[i] = c->by_type[i];
        s->events += c->by_type[i];
    }
}

void
xrdmon_get_stats(const struct xrdmon *xm, struct xrdmon_stats *ret_stats)
{
    const struct xm_engine *e = &xm->engine;
    struct xm_counts sum = e->counts;
    const struct xm_link *lists[] = {&e->servers, &e->ended_servers};

    for (size_t i = 0; i < 2; i++)
        for (struct xm_link *l = lists[i]->next; l != lists[i]; l = l->next)
            xm_counts_add(&sum, &XM_MEMBER(l, struct xm_server, link)->counts);
    tell_counts(&sum, ret_stats);
    ret_stats->restarts = e->restarts;
    ret_stats->evicted_users = e->evicted_users;
    ret_stats->evicted_files = e->evicted_files;
    ret_stats->evicted_servers = e->evicted_servers;
    ret_stats->released_users = e->released_users;
    ret_stats->released_files = e->released_files;
    ret_stats->live_servers = e->live_servers;
    ret_stats->live_users = e->live_users;
    ret_stats->live_files = e->live_files;
    ret_stats->memory_bytes = e->memory_bytes;
}

static const struct xm_server *
behind(const struct xrdmon_server *known)
{
    return (const struct xm_server *)(const void *)known;
}

bool
xrdmon_server_next(const struct xrdmon *xm, const struct xrdmon_server **server)
{
    const struct xm_engine *e = &xm->engine;
    struct xm_link *l = *server ? behind(*server)->link.next : e->servers.next;

    if (l == &e->servers)
        l = e->ended_servers.next;
    if (l == &e->ended_servers)
        return false;
    *server = &XM_MEMBER(l, struct xm_server, link)->known;
    return true;
}

void
xrdmon_server_get_stats(const struct xrdmon_server *server,
                        struct xrdmon_stats *ret_stats)
{
    const struct xm_server *s = behind(server);

    tell_counts(&s->counts, ret_stats);
    ret_stats->live_servers = 1;
    ret_stats->live_users = s->userid_used;
    ret_stats->live_files = s->files.used;
}
