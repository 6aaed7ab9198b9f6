/* SPDX-License-Identifier: MIT */
/* Packets as they come: what they are and whose. A map is applied the moment it comes,
 * since dictids are never used twice; then each goes to its sequence. */
#include "engine.h"

#include <stdlib.h>

/* ---------------------------------------------------------------- items */

static uint32_t
hash_of(const uint8_t *bytes, size_t len)
{
    uint64_t h = len;

    for (; len >= 8; bytes += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    for (; len; bytes++, len--)
        h = (h ^ *bytes) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 32);
}

static struct xm_item *
new_item(struct xm_engine *e, const void *bytes, size_t len)
{
    struct xm_item *item = e->spare;

    if (item && item->room >= len) {
        e->spare = NULL;
    } else {
        item = malloc(sizeof(*item) + len);
        if (!item)
            return NULL;
        item->room = len;
    }
    size_t room = item->room;
    memset(item, 0, sizeof(*item));
    item->room = room;
    item->len = len;
    if (len)
        memcpy(item->bytes, bytes, len);
    e->queued_bytes += sizeof(*item) + len;
    return item;
}

void
xm_item_free(struct xm_engine *e, struct xm_item *item)
{
    e->queued_bytes -= sizeof(*item) + item->len;
    if (item->server)
        xm_server_unref(item->server);
    if (!item->is_seen && (!e->spare || e->spare->room < item->room)) {
        free(e->spare);
        e->spare = item;
    } else {
        free(item);
    }
}

/* ----------------------------------------------------------------- feed */

static size_t
code_index(const struct xrdmon_packet *p)
{
    static const char codes[] = "=dfgiprtTuUx";

    if (p->kind >= XRDMON_JSON)
        return sizeof(codes) - 1 + (size_t)(p->kind - XRDMON_JSON);
    const char *at = p->kind ? strchr(codes, p->header.code) : NULL;
    return at ? (size_t)(at - codes) : XM_CODES - 1;
}

/* Whether the packet names its server, by an id that is in every binary form. */
static bool
sid_of(const struct xrdmon_packet *p, const struct xrdmon_map *map, uint64_t *ret_sid)
{
    struct xrdmon_cursor c = xrdmon_cursor_over(p);
    struct xrdmon_fstat_record f;
    struct xrdmon_trace_record t;
    struct xrdmon_gstream g;
    uint8_t type;

    switch (p->kind) {
    case XRDMON_MAP:
        *ret_sid = map->userid.sid;
        return map->userid.is_valid;
    case XRDMON_FSTAT:
        if (xrdmon_fstat_next(&c, &f) <= 0 || f.type != XRDMON_FSTAT_TIME)
            return false;
        *ret_sid = f.u.time.sid;
        return f.u.time.has_sid;
    case XRDMON_TRACE:
        if (xrdmon_trace_next(&c, &t) <= 0 || t.type != XRDMON_TRACE_WINDOW)
            return false;
        *ret_sid = t.u.window.sid;
        return true;
    case XRDMON_REDIR:
        return xrdmon_redir_sid(p, ret_sid, &type) == 0;
    case XRDMON_GSTREAM:
        if (xrdmon_gstream_parse(p, &g) < 0)
            return false;
        *ret_sid = g.sid;
        return true;
    default:
        return false;
    }
}

/* Its server, or NULL where it is of none. False without memory for a new one. */
static bool
server_of(struct xm_engine *e, struct xrdmon_source source,
          const struct xrdmon_packet *p, const struct xrdmon_map *map,
          struct xm_server **ret_server)
{
    uint64_t sid = 0;
    bool has_sid = sid_of(p, map, &sid);
    uint32_t stod = p->header.stod_unix_s;

    if (e->set.ignore_address)
        memset(source.address, 0, sizeof(source.address));
    struct xm_server *s = xm_server_find(e, &source, stod, has_sid ? &sid : NULL);
    *ret_server = s;
    if (s || (e->set.is_strict && p->header.code != '='))
        return true;
    *ret_server = xm_server_make(e, &source, stod, sid);
    return *ret_server != NULL;
}

/* The same of a text form, which names its server in its head, if it has one. */
static bool
server_of_text(struct xm_engine *e, struct xm_item *item, struct xm_server **ret_server)
{
    struct xrdmon_source source = item->source;
    struct xrdmon_gtext text;

    *ret_server = NULL;
    if (e->set.is_strict || item->packet.kind == XRDMON_SUMMARY ||
        xrdmon_gtext_parse(&item->packet, &text) < 0 || text.sid == 0)
        return true;
    item->pseq = (uint16_t)(text.pseq % 1000);
    item->code = text.code;
    item->provider = text.provider;
    if (e->set.ignore_address)
        memset(source.address, 0, sizeof(source.address));
    struct xm_server *s = xm_server_find(e, &source, text.stod_unix_s, &text.sid);
    if (!s)
        s = xm_server_make(e, &source, text.stod_unix_s, text.sid);
    if (s && text.code == '=')
        xm_server_introduce_text(s, &text);
    *ret_server = s;
    return s != NULL;
}

/* What xrootdlib does not take: codes it does not know or dies of, and all of a server
 * that has not announced itself. */
static bool
is_refused(const struct xm_engine *e, const struct xm_server *s,
           const struct xrdmon_packet *p)
{
    if (!e->set.is_strict)
        return false;
    if (p->kind >= XRDMON_JSON)
        return true;
    return p->kind == XRDMON_MAP ? !strchr("=ud", p->header.code) || !s
                                 : p->kind != XRDMON_GSTREAM && !s;
}

static void
count_packet(struct xm_counts *c, const struct xrdmon_packet *p, size_t len)
{
    c->packets++;
    c->bytes += len;
    c->by_code[code_index(p)]++;
    c->trailing_bytes += p->trailing;
}

/* Applied at once; its event comes in its turn. */
static void
take_map(struct xm_engine *e, struct xm_item *item, const struct xrdmon_map *map)
{
    struct xm_server *s = item->server;

    if (map->code == '=')
        xm_server_introduce(s, map);
    else
        xm_apply_map(s, map);
    xm_limits_hold(e);
}

int
xm_engine_feed(struct xm_engine *e, const struct xrdmon_source *source,
               const void *bytes, size_t len, uint64_t now_ns)
{
    static const struct xrdmon_source nobody;
    struct xrdmon_map map = {.code = 0};

    /* an event that waits behind its window's mark speaks of what a limit may take away */
    if (e->queued_bytes > XM_QUEUE_BYTES || e->is_stashed)
        return -EAGAIN;
    xm_engine_tick(e, now_ns);

    struct xm_item *item = new_item(e, bytes, len);
    if (!item)
        return -ENOMEM;
    item->time_ns = now_ns;
    item->source = source ? *source : nobody;
    struct xrdmon_packet *p = &item->packet;
    *p = (struct xrdmon_packet){.bytes = item->bytes, .len = len};
    item->err = xrdmon_packet_parse(item->bytes, len, p);
    if (item->err == 0 && p->kind == XRDMON_MAP)
        item->err = xrdmon_map_parse(p, &map);

    struct xm_server *s = NULL;
    item->pseq = p->header.pseq;
    if (item->err == 0 &&
        !(p->kind < XRDMON_JSON ? server_of(e, item->source, p, &map, &s)
                                : server_of_text(e, item, &s))) {
        xm_item_free(e, item);
        return -ENOMEM;
    }
    item->number = e->packets++;
    count_packet(xm_counts_of(e, s), p, len);
    if (item->err == 0 && is_refused(e, s, p)) {
        xm_counts_of(e, s)->dropped++;
        xm_item_free(e, item);
        return 0;
    }
    if (!s) {
        xm_ready(e, item);
        return 0;
    }
    item->server = s;
    s->refs++;
    xm_server_seen(s);
    if (p->kind == XRDMON_MAP)
        take_map(e, item, &map);
    s->counts.unannounced += p->kind < XRDMON_JSON && !s->known.is_known;
    if (!e->set.no_deduplicate)
        item->hash = hash_of(item->bytes, len);
    xm_order_take(e, item);
    return 0;
}

/* Time must not take away what events in the making speak of. */
void
xm_engine_tick(struct xm_engine *e, uint64_t now_ns)
{
    if (now_ns > e->now_ns)
        e->now_ns = now_ns;
    xm_order_tick(e);
    if (!e->item && !e->ready)
        xm_limits_release(e);
}

void
xm_engine_flush(struct xm_engine *e)
{
    xm_order_flush(e);
    for (struct xm_link *list = &e->ended_files; list;
         list = list == &e->ended_files ? &e->files : NULL)
        for (struct xm_link *l = list->next; l != list; l = l->next)
            xm_file_tell(XM_MEMBER(l, struct xm_file, link), XRDMON_END_FLUSH);
}
