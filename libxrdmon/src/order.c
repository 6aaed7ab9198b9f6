/* SPDX-License-Identifier: MIT */
/* Packets in the order of their sequence numbers. A server counts in several sequences at
 * once: its maps, t and r packets for each destination (so for each of its ports), its f
 * packets, the g packets of each plug-in, and likewise what it sends as text. Only within
 * one of them is there an order. */
#include "engine.h"

#include <stdlib.h>

enum { LATE_RUN = 8 };

/* Which of its server's sequences a packet belongs to. */
struct key {
    char code, provider;
    bool is_text;
    uint16_t port;
};

static struct key
key_of(const struct xm_item *item)
{
    const struct xrdmon_packet *p = &item->packet;

    switch (p->kind) {
    case XRDMON_FSTAT:
        return (struct key){.code = 'f'};
    case XRDMON_GSTREAM:
        return (struct key){.code = 'g',
                            .provider = p->len > 16 ? (char)p->bytes[16] : (char)0};
    case XRDMON_JSON:
    case XRDMON_CGI:
        return (struct key){.code = item->code,
                            .provider = item->provider,
                            .is_text = true,
                            .port = item->code == 'g' ? 0 : item->source.port};
    default:
        return (struct key){.port = item->source.port};
    }
}

static void drop_domain(struct xm_engine *e, struct xm_domain **at);

static size_t
size_of_domain(const struct xm_engine *e)
{
    return sizeof(struct xm_domain) + e->seen_room * sizeof(struct xm_seen);
}

/* Of all servers together, too: the longest silent goes. */
static void
make_room(struct xm_engine *e)
{
    while (e->domain_bytes > XM_DOMAINS_BYTES) {
        struct xm_domain *d = XM_MEMBER(e->domains.next, struct xm_domain, link);
        struct xm_domain **at = &d->server->domains;
        while (*at != d)
            at = &(*at)->next;
        drop_domain(e, at);
    }
}

/* The sequence that item belongs to; it moves to the front. A forger of ports can make
 * the ones in use forgotten, but not our memory grow. */
static struct xm_domain *
domain_of(struct xm_engine *e, const struct xm_item *item)
{
    struct xm_server *s = item->server;
    struct key key = key_of(item);
    struct xm_domain **at = &s->domains, *d;

    for (; (d = *at) != NULL; at = &d->next) {
        if (d->code == key.code && d->provider == key.provider &&
            d->is_text == key.is_text && d->port == key.port) {
            *at = d->next;
            d->next = s->domains;
            s->domains = d;
            xm_list_remove(&d->link);
            xm_list_append(&e->domains, &d->link);
            return d;
        }
        if (!d->next && s->domain_count >= XM_DOMAINS_MAX) {
            drop_domain(e, at);
            break;
        }
    }
    d = calloc(1, size_of_domain(e));
    if (!d)
        return NULL;
    d->code = key.code;
    d->provider = key.provider;
    d->is_text = key.is_text;
    d->port = key.port;
    d->server = s;
    d->next = s->domains;
    s->domains = d;
    s->domain_count++;
    xm_list_append(&e->domains, &d->link);
    e->domain_bytes += size_of_domain(e);
    make_room(e);
    return d;
}

static int
range_of(const struct xm_domain *d)
{
    return d->is_text ? 1000 : 256;
}

static uint16_t
after(const struct xm_domain *d, uint16_t pseq)
{
    return (uint16_t)((pseq + 1) % range_of(d));
}

/* How far pseq is from the one that stands next; of two ways the shorter. */
static int
distance(const struct xm_domain *d, uint16_t pseq)
{
    int range = range_of(d), ahead = (pseq - d->expected + range) % range;
    return ahead < range / 2 ? ahead : ahead - range;
}

void
xm_ready(struct xm_engine *e, struct xm_item *item)
{
    if (item->is_seen) { /* its event was told when it came */
        xm_item_free(e, item);
        return;
    }
    item->next = NULL;
    *e->ready_end = item;
    e->ready_end = &item->next;
}

/* What stands next in the sequence goes on. */
static void
release_run(struct xm_engine *e, struct xm_domain *d)
{
    int dist;

    /* behind the one that stands next may be another with the same number */
    while (d->held && (dist = distance(d, d->held->pseq)) <= 0) {
        struct xm_item *item = d->held;
        d->held = item->next;
        d->held_packets--;
        xm_list_remove(&item->held);
        if (dist == 0)
            d->expected = after(d, d->expected);
        d->server->counts.reordered += !item->is_seen;
        xm_ready(e, item);
    }
}

/* Give up on what is missing before the first that is held. */
static void
skip_gap(struct xm_engine *e, struct xm_domain *d)
{
    uint16_t pseq = d->held->pseq;
    int dist = distance(d, pseq);

    if (dist > 0) {
        d->server->counts.lost += (uint64_t)dist;
        d->expected = pseq;
    }
    release_run(e, d);
}

static void
drop_domain(struct xm_engine *e, struct xm_domain **at)
{
    struct xm_domain *d = *at;

    while (d->held)
        skip_gap(e, d);
    *at = d->next;
    xm_list_remove(&d->link);
    d->server->domain_count--;
    e->domain_bytes -= size_of_domain(e);
    free(d);
}

static void
remember(const struct xm_engine *e, struct xm_domain *d, const struct xm_item *item)
{
    d->seen[item->pseq & (e->seen_room - 1)] =
        (struct xm_seen){.hash = item->hash, .pseq = item->pseq, .is_set = true};
}

static bool
was_seen(const struct xm_engine *e, const struct xm_domain *d,
         const struct xm_item *item)
{
    const struct xm_seen *seen = &d->seen[item->pseq & (e->seen_room - 1)];
    return seen->is_set && seen->pseq == item->pseq && seen->hash == item->hash;
}

/* Its turn has passed. Several in a row are no stragglers: the sequence went on by more
 * than half its range while nothing came. */
static void
take_late(struct xm_domain *d, uint16_t pseq, int dist)
{
    struct xm_counts *counts = &d->server->counts;

    if (d->late_run && pseq == after(d, d->last_late)) {
        d->late_run++;
    } else {
        d->late_run = 1;
        d->late_distance = dist;
        d->late_found = 0;
    }
    d->last_late = pseq;
    counts->late++;
    if (counts->lost > 0) {
        counts->lost--;
        d->late_found++;
    }
    if (d->late_run < LATE_RUN)
        return;
    counts->late -= d->late_run;
    counts->lost += (uint64_t)(range_of(d) + d->late_distance) + d->late_found;
    d->expected = after(d, pseq);
    d->late_run = 0;
}

/* Keep it until what is before it has come. Of a map, which was applied and told at once,
 * only its place. */
static void
hold(struct xm_engine *e, struct xm_domain *d, struct xm_item *item, int dist)
{
    struct xm_item **at = &d->held;

    if (item->packet.kind == XRDMON_MAP) {
        struct xm_item *place = calloc(1, sizeof(*place));
        if (place) {
            place->pseq = item->pseq;
            place->is_seen = true;
            place->server = item->server;
            place->server->refs++;
            e->queued_bytes += sizeof(*place);
        }
        xm_ready(e, item);
        if (!place)
            return;
        item = place;
    }
    while (*at && distance(d, (*at)->pseq) <= dist)
        at = &(*at)->next;
    item->next = *at;
    item->held_since_ns = e->now_ns;
    *at = item;
    item->domain = d;
    xm_list_append(&e->held, &item->held);
    d->held_packets++;
}

/* The staging daemons send the '=' they built first for ever, with the number it had: it
 * has no place in their sequence. */
static bool
is_stale_ident(struct xm_domain *d, uint16_t pseq, int dist)
{
    bool is_stale = dist != 0 && d->has_ident && d->last_ident == pseq;

    d->has_ident = true;
    d->last_ident = (uint8_t)pseq;
    return is_stale;
}

void
xm_order_take(struct xm_engine *e, struct xm_item *item)
{
    struct xm_domain *d = domain_of(e, item);
    uint16_t pseq = item->pseq;

    if (!d) { /* no memory: then no order */
        xm_ready(e, item);
        return;
    }
    if (!d->is_started) {
        d->is_started = true;
        d->expected = pseq;
    }
    int dist = distance(d, pseq);
    if (item->packet.header.code == '=' && is_stale_ident(d, pseq, dist)) {
        xm_ready(e, item);
        return;
    }
    if (dist != 0 && !e->set.no_deduplicate && was_seen(e, d, item)) {
        item->server->counts.duplicates++;
        xm_item_free(e, item);
        return;
    }
    remember(e, d, item);
    if (dist < 0) {
        take_late(d, pseq, dist);
        xm_ready(e, item);
        return;
    }
    d->late_run = 0;
    if (dist > 0 && e->set.reorder_packets && e->queued_bytes < XM_QUEUE_BYTES / 2) {
        hold(e, d, item, dist);
        while (d->held_packets > e->set.reorder_packets)
            skip_gap(e, d);
        return;
    }
    if (dist > 0) {
        while (d->held && distance(d, d->held->pseq) < dist)
            skip_gap(e, d);
        item->server->counts.lost += (uint64_t)distance(d, pseq);
    }
    d->expected = after(d, pseq);
    xm_ready(e, item);
    release_run(e, d);
}

void
xm_order_tick(struct xm_engine *e)
{
    while (!xm_list_is_empty(&e->held)) {
        struct xm_item *oldest = XM_MEMBER(e->held.next, struct xm_item, held);
        if (xm_after(oldest->held_since_ns, e->set.reorder_ns) > e->now_ns)
            break;
        skip_gap(e, oldest->domain);
    }
}

void
xm_order_flush(struct xm_engine *e)
{
    while (!xm_list_is_empty(&e->held))
        skip_gap(e, XM_MEMBER(e->held.next, struct xm_item, held)->domain);
}

/* The server goes; what it sent is still told. */
void
xm_order_drop(struct xm_server *s)
{
    while (s->domains)
        drop_domain(s->engine, &s->domains);
}
