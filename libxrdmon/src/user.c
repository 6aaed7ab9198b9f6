/* SPDX-License-Identifier: MIT */
/* Sessions: found by their dictid and by the text of their userid. A path may name a
 * userid whose 'u' is late or lost; then the session exists without a dictid, and the 'u'
 * with the same text becomes it. */
#include "engine.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

/* Where the server lies in memory goes into it, so that nobody can choose userids that
 * collide. */
static uint32_t
hash_of(const struct xm_server *s, struct xrdmon_text text)
{
    uint32_t h = 2166136261U ^ (uint32_t)((uintptr_t)s >> 4);

    for (size_t i = 0; i < text.len; i++)
        h = (h ^ (uint8_t)text.at[i]) * 16777619U;
    return h ^ h >> 16;
}

static void
link_user(struct xm_user **chain, struct xm_user *u)
{
    u->next = *chain;
    u->at = chain;
    if (u->next)
        u->next->at = &u->next;
    *chain = u;
}

/* What has the same userid stays in one chain, in its order. */
static bool
resize(struct xm_server *s, size_t room)
{
    struct xm_user **chains = calloc(room, sizeof(struct xm_user *));

    if (!chains)
        return false;
    for (size_t i = 0; i < s->userid_room; i++) {
        /* from the back, since the newest must stay in front */
        struct xm_user *reversed = NULL;
        while (s->userids[i]) {
            struct xm_user *u = s->userids[i];
            s->userids[i] = u->next;
            u->next = reversed;
            reversed = u;
        }
        while (reversed) {
            struct xm_user *u = reversed, **to = &chains[u->hash & (room - 1)];
            reversed = u->next;
            link_user(to, u);
        }
    }
    free(s->userids);
    s->userids = chains;
    s->userid_room = room;
    return true;
}

struct xm_user *
xm_user_of_text(struct xm_server *s, struct xrdmon_text text)
{
    if (s->userid_used == 0)
        return NULL;

    uint32_t hash = hash_of(s, text);
    struct xm_user *u = s->userids[hash & (s->userid_room - 1)];
    while (u && (u->hash != hash || !xm_text_equal(u->client.userid.raw, text)))
        u = u->next;
    return u;
}

/* With a dictid of 0 it is known by its userid alone. */
struct xm_user *
xm_user_make(struct xm_server *s, uint32_t dictid, const struct xrdmon_userid *userid)
{
    struct xm_engine *e = s->engine;
    size_t size = sizeof(struct xm_user) + userid->raw.len;

    if (s->is_gone)
        return NULL;
    if (s->userid_used >= s->userid_room &&
        !resize(s, s->userid_room ? s->userid_room * 2 : FIRST_ROOM) &&
        s->userid_room == 0)
        return NULL;
    struct xm_user *u = calloc(1, size + 1);
    if (!u)
        return NULL;
    if (dictid && !xm_table_insert(&s->users, dictid, u)) {
        free(u);
        return NULL;
    }
    if (userid->raw.len)
        memcpy(u->userid, userid->raw.at, userid->raw.len);
    xrdmon_userid_parse(xm_text(u->userid, userid->raw.len), &u->client.userid);
    u->client.dictid = dictid;
    u->has_id = dictid != 0;
    u->server = s;
    u->time_ns = e->now_ns;
    u->size_bytes = size + XM_OVERHEAD_BYTES;
    u->hash = hash_of(s, u->client.userid.raw);
    link_user(&s->userids[u->hash & (s->userid_room - 1)], u);
    s->userid_used++;
    xm_list_init(&u->files);
    xm_list_append(&e->users, &u->link);
    e->live_users++;
    e->memory_bytes += u->size_bytes;
    return u;
}

/* Its 'u' has come after all. */
bool
xm_user_set_id(struct xm_user *u, uint32_t dictid)
{
    if (!xm_table_insert(&u->server->users, dictid, u))
        return false;
    u->client.dictid = dictid;
    u->has_id = true;
    return true;
}

/* The pairs in text, seen as those of a message. */
static struct xrdmon_map
pairs_of(char code, struct xrdmon_text text)
{
    return (struct xrdmon_map){.code = code, .info = text};
}

bool
xm_user_set_text(struct xm_user *u, enum xm_text_slot slot, struct xrdmon_text text)
{
    struct xm_engine *e = u->server->engine;
    struct xrdmon_client *c = &u->client;
    struct xrdmon_text *kept[XM_TEXTS] = {&c->auth_text, &c->appinfo, &c->token_text,
                                          &c->experiment_text};

    if (kept[slot]->at && xm_text_equal(*kept[slot], text))
        return true; /* as before: it was sent to two destinations */
    char *copy = malloc(text.len + 1);
    if (!copy)
        return false;
    if (text.len)
        memcpy(copy, text.at, text.len);
    u->size_bytes += text.len;
    u->size_bytes -= kept[slot]->len;
    e->memory_bytes += text.len;
    e->memory_bytes -= kept[slot]->len;
    free(u->texts[slot]);
    u->texts[slot] = copy;
    *kept[slot] = xm_text(copy, text.len);

    struct xrdmon_map map = pairs_of('u', c->auth_text);
    if (slot == XM_AUTH) {
        c->has_auth = true;
        xrdmon_auth_info(&map, &c->auth);
    } else if (slot == XM_TOKEN) {
        map = pairs_of('T', c->token_text);
        xrdmon_token_info(&map, &c->token);
    } else if (slot == XM_EXPERIMENT) {
        map = pairs_of('U', c->experiment_text);
        xrdmon_experiment_info(&map, &c->experiment);
    }
    return true;
}

/* The f-stream tells of a disconnect after all closes of its user: what is still open
 * will not be closed any more. */
void
xm_user_end_accesses(struct xm_user *u)
{
    while (!xm_list_is_empty(&u->files)) {
        struct xm_file *f = XM_MEMBER(u->files.next, struct xm_file, of_user);
        xm_list_remove(&f->of_user);
        xm_file_tell(f, XRDMON_END_DISCONNECT);
        xm_file_end(f);
    }
}

/* It has disconnected. What its server sends late resolves for a while; among it may be
 * the closes, since the t-stream does not wait for the f-stream. */
void
xm_user_end(struct xm_user *u)
{
    struct xm_engine *e = u->server->engine;

    if (u->is_ended || e->set.no_release)
        return;
    for (struct xm_link *l = u->files.next; l != &u->files; l = l->next)
        xm_file_end(XM_MEMBER(l, struct xm_file, of_user));
    u->is_ended = true;
    u->time_ns = xm_after(e->now_ns, e->set.release_ns);
    xm_list_remove(&u->link);
    xm_list_append(&e->ended_users, &u->link);
}

static void
free_user(struct xm_engine *e, struct xm_user *u)
{
    e->memory_bytes -= u->size_bytes;
    for (int i = 0; i < XM_TEXTS; i++)
        free(u->texts[i]);
    free(u);
}

/* Forget it: but its files may still say whose they were. */
void
xm_user_drop(struct xm_user *u)
{
    struct xm_server *s = u->server;

    *u->at = u->next;
    if (u->next)
        u->next->at = u->at;
    s->userid_used--;
    if (u->has_id)
        xm_table_remove(&s->users, u->client.dictid);
    xm_list_remove(&u->link);
    s->engine->live_users--;
    u->server = NULL;
    if (u->refs == 0)
        free_user(s->engine, u);
    if (!s->is_gone && s->userid_room > FIRST_ROOM &&
        s->userid_used < s->userid_room / 8)
        (void)resize(s, s->userid_room / 4); /* or it stays large */
}

void
xm_user_unref(struct xm_engine *e, struct xm_user *u)
{
    if (--u->refs == 0 && !u->server)
        free_user(e, u);
}
