/* SPDX-License-Identifier: MIT */
/* Incarnations of servers: found by address, start time and id; a new start time of the
 * same server ends the old incarnation. */
#include "engine.h"

#include <stdlib.h>

/* One more part of a hash. It begins with where the engine lies in memory, so that nobody
 * can choose servers that collide. */
static uint64_t
mix(uint64_t h, uint64_t part)
{
    h = (h ^ part) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

static uint64_t
address_hash(const struct xm_engine *e, const struct xrdmon_source *source)
{
    uint64_t high, low;

    memcpy(&high, source->address, 8);
    memcpy(&low, source->address + 8, 8);
    return mix(mix((uintptr_t)e, high), low);
}

static struct xm_link *
chain_by_start(struct xm_engine *e, const struct xrdmon_source *source, uint32_t stod)
{
    uint64_t h = mix(address_hash(e, source), stod);
    return &e->by_start[h % XM_SERVER_CHAINS];
}

static struct xm_link *
chain_by_all(struct xm_engine *e, const struct xrdmon_source *source, uint32_t stod,
             uint64_t sid)
{
    uint64_t h = mix(mix(address_hash(e, source), stod), sid);
    return &e->by_all[h % XM_SERVER_CHAINS];
}

static struct xm_link *
chain_by_sid(struct xm_engine *e, const struct xrdmon_source *source, uint64_t sid)
{
    uint64_t h = mix(address_hash(e, source), sid);
    return &e->by_sid[h % XM_SERVER_CHAINS];
}

void
xm_server_init_chains(struct xm_engine *e)
{
    for (size_t i = 0; i < XM_SERVER_CHAINS; i++) {
        xm_list_init(&e->by_all[i]);
        xm_list_init(&e->by_start[i]);
        xm_list_init(&e->by_sid[i]);
    }
}

static bool
has_address(const struct xm_server *s, const struct xrdmon_source *source)
{
    return memcmp(s->known.source.address, source->address, 16) == 0;
}

static bool
is_it(const struct xm_server *s, const struct xrdmon_source *source, uint32_t stod,
      const uint64_t *sid)
{
    return s->known.stod_unix_s == stod && (!sid || s->known.sid == *sid) &&
           has_address(s, source);
}

/* Without a sid, the newest that has the address and the start time. */
static struct xm_server *
look_up(struct xm_engine *e, const struct xrdmon_source *source, uint32_t stod,
        const uint64_t *sid)
{
    const struct xm_link *chain =
        sid ? chain_by_all(e, source, stod, *sid) : chain_by_start(e, source, stod);

    for (struct xm_link *l = chain->prev; l != chain; l = l->prev) {
        struct xm_server *s = sid ? XM_MEMBER(l, struct xm_server, by_all)
                                  : XM_MEMBER(l, struct xm_server, by_start);
        if (is_it(s, source, stod, sid))
            return s;
    }
    return NULL;
}

struct xm_server *
xm_server_find(struct xm_engine *e, const struct xrdmon_source *source, uint32_t stod,
               const uint64_t *sid)
{
    struct xm_server *s = e->last_server;

    if (!s || !sid || !is_it(s, source, stod, sid))
        s = look_up(e, source, stod, sid);
    if (s)
        e->last_server = s;
    return s;
}

/* Its next incarnation has begun; what is still on its way resolves for a while. Senders
 * that give no id may be many at one address: they are not taken for each other. */
static void
end_older(struct xm_engine *e, struct xm_server *newer)
{
    struct xm_link *chain = chain_by_sid(e, &newer->known.source, newer->known.sid);
    struct xm_link *link = chain->next;

    if (newer->known.sid == 0)
        return;
    while (link != chain) {
        struct xm_server *s = XM_MEMBER(link, struct xm_server, by_sid);
        link = link->next;
        if (s->known.sid != newer->known.sid || !has_address(s, &newer->known.source))
            continue;
        e->restarts++;
        s->is_ended = true;
        s->time_ns = xm_after(e->now_ns, e->set.release_ns);
        xm_list_remove(&s->by_sid);
        xm_list_remove(&s->link);
        xm_list_append(&e->ended_servers, &s->link);
    }
    xm_list_append(chain, &newer->by_sid);
}

static void
make_room(struct xm_engine *e)
{
    while (e->live_servers >= e->set.max_servers) {
        struct xm_link *oldest = !xm_list_is_empty(&e->ended_servers)
                                     ? e->ended_servers.next
                                     : e->servers.next;
        e->evicted_servers++;
        xm_server_drop(XM_MEMBER(oldest, struct xm_server, link), XRDMON_END_EVICTED);
    }
}

struct xm_server *
xm_server_make(struct xm_engine *e, const struct xrdmon_source *source, uint32_t stod,
               uint64_t sid)
{
    make_room(e);

    struct xm_server *s = calloc(1, sizeof(*s));
    if (!s)
        return NULL;
    s->known.source = *source;
    s->known.stod_unix_s = stod;
    s->known.sid = sid;
    s->engine = e;
    s->time_ns = e->now_ns;
    xm_list_append(chain_by_all(e, source, stod, sid), &s->by_all);
    xm_list_append(chain_by_start(e, source, stod), &s->by_start);
    xm_list_init(&s->by_sid);
    xm_list_append(&e->servers, &s->link);
    e->live_servers++;
    end_older(e, s);
    e->last_server = s;
    return s;
}

/* Last in the line of those that may have to go. One that has ended, and goes on all the
 * same, was ended by a packet that was late or forged: it is kept as long as it speaks. */
void
xm_server_seen(struct xm_server *s)
{
    struct xm_engine *e = s->engine;
    struct xm_link *list = s->is_ended ? &e->ended_servers : &e->servers;

    s->time_ns = s->is_ended ? xm_after(e->now_ns, e->set.release_ns) : e->now_ns;
    if (list->prev != &s->link) {
        xm_list_remove(&s->link);
        xm_list_append(list, &s->link);
    }
}

/* Copy text to where *at is, and move on. */
static struct xrdmon_text
keep(char **at, struct xrdmon_text text)
{
    if (!text.at)
        return text;
    if (text.len)
        memcpy(*at, text.at, text.len);
    struct xrdmon_text kept = xm_text(*at, text.len);
    *at += text.len;
    return kept;
}

/* Its '=' has come: again and again, and usually the same. */
void
xm_server_introduce(struct xm_server *s, const struct xrdmon_map *map)
{
    struct xrdmon_server_info info;
    struct xrdmon_server *known = &s->known;

    xrdmon_server_info(map, &info);
    size_t len = map->userid.raw.len + info.site.len + info.inst.len + info.pgm.len +
                 info.ver.len;
    char *text = malloc(len + 1), *at = text;
    if (!text)
        return;
    xrdmon_userid_parse(keep(&at, map->userid.raw), &known->userid);
    known->site = keep(&at, info.site);
    known->inst = keep(&at, info.inst);
    known->pgm = keep(&at, info.pgm);
    known->ver = keep(&at, info.ver);
    known->port = info.port;
    known->is_known = true;
    free(s->info);
    s->info = text;
}

void
xm_server_introduce_text(struct xm_server *s, const struct xrdmon_gtext *text)
{
    struct xrdmon_server *known = &s->known;
    uint64_t port;

    if (known->is_known)
        return;
    char *kept = malloc(text->head.len + 1), *at = kept;
    if (!kept)
        return;
    known->userid = (struct xrdmon_userid){.host = keep(&at, text->host)};
    known->site = keep(&at, text->site);
    known->inst = keep(&at, text->inst);
    known->pgm = keep(&at, text->pgm);
    known->ver = keep(&at, text->ver);
    known->port = xm_text_u64(text->port, UINT16_MAX, &port) ? (uint16_t)port : 0;
    known->is_known = true;
    s->info = kept;
}

static void
unchain(struct xm_server *s)
{
    xm_list_remove(&s->by_all);
    xm_list_remove(&s->by_start);
    xm_list_remove(&s->by_sid);
    xm_list_remove(&s->link);
    if (s->engine->last_server == s)
        s->engine->last_server = NULL;
}

void
xm_server_drop(struct xm_server *s, enum xrdmon_access_end end)
{
    struct xm_engine *e = s->engine;

    unchain(s);
    xm_order_drop(s);
    s->refs++; /* until all is done */
    s->is_gone = true;
    struct xm_table files =
        s->files; /* walked in peace, since each goes from its own */
    s->files = (struct xm_table){.slots = NULL};
    for (size_t i = 0; i < files.room; i++)
        if (files.slots[i].value)
            xm_file_drop(files.slots[i].value, end);
    xm_table_clear(&files);
    for (size_t i = 0; i < s->userid_room; i++)
        while (s->userids[i])
            xm_user_drop(s->userids[i]);
    xm_table_clear(&s->users);
    e->live_servers--;
    xm_counts_add(&e->counts, &s->counts);
    memset(&s->counts, 0, sizeof(s->counts));
    xm_server_unref(s);
}

void
xm_server_unref(struct xm_server *s)
{
    if (--s->refs == 0 && s->is_gone) {
        xm_counts_add(&s->engine->counts, &s->counts);
        free(s->userids);
        free(s->info);
        free(s);
    }
}
