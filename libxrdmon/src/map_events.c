/* SPDX-License-Identifier: MIT */
/* Maps: what they make known, at once, and the event that tells of it, in turn. */
#include "engine.h"

static void
apply_user(struct xm_server *s, const struct xrdmon_map *map)
{
    struct xm_user *u = map->dictid ? xm_table_find(&s->users, map->dictid) : NULL;

    if (u && !xm_text_equal(u->client.userid.raw, map->userid.raw)) {
        xm_user_drop(u); /* no server gives an id twice: the newer one is as good */
        u = NULL;
    }
    if (!u) {
        /* a path may have named it before */
        u = xm_user_of_text(s, map->userid.raw);
        if (!u || u->has_id || !map->dictid || !xm_user_set_id(u, map->dictid))
            u = xm_user_make(s, map->dictid, &map->userid);
    }
    if (u && map->info.at)
        (void)xm_user_set_text(u, XM_AUTH, map->info);
}

/* A session of which the userid alone is known, until its 'u' comes. */
static struct xm_user *
make_nameless(struct xm_server *s, const struct xrdmon_map *map)
{
    return map->userid.is_valid ? xm_user_make(s, 0, &map->userid) : NULL;
}

static void
apply_path(struct xm_server *s, const struct xrdmon_map *map)
{
    struct xm_file *f = xm_file_find(s, map->dictid);

    if (!f)
        f = xm_file_make(s, map->dictid);
    if (!f)
        return;
    if (map->path.at)
        (void)xm_file_set_path(f, map->path);
    if (f->user)
        return;
    struct xm_user *u = xm_user_of_text(s, map->userid.raw);
    xm_file_set_user(f, u ? u : make_nameless(s, map));
}

/* Whom i, T and U speak of: T and U by a dictid, and while its 'u' has not come by the
 * userid, but no other session that has the same. */
static struct xm_user *
user_of_map(struct xm_server *s, const struct xrdmon_map *map)
{
    struct xm_user *by_text = xm_user_of_text(s, map->userid.raw), *u;
    struct xrdmon_token_info info; /* Uc is called the same in both */

    if (map->code == 'i')
        return by_text;
    xrdmon_token_info(map, &info);
    u = xm_user_find(s, info.user_dictid);
    return u ? u : by_text && !by_text->has_id ? by_text : NULL;
}

static void
apply_text(struct xm_server *s, const struct xrdmon_map *map, enum xm_text_slot slot)
{
    struct xm_user *u = map->info.at ? user_of_map(s, map) : NULL;

    if (!u && map->info.at)
        u = make_nameless(s, map);
    if (u)
        (void)xm_user_set_text(u, slot, map->info);
}

void
xm_apply_map(struct xm_server *s, const struct xrdmon_map *map)
{
    switch (map->code) {
    case 'u':
        apply_user(s, map);
        break;
    case 'd':
        apply_path(s, map);
        break;
    case 'i':
        apply_text(s, map, XM_APPINFO);
        break;
    case 'T':
        apply_text(s, map, XM_TOKEN);
        break;
    case 'U':
        apply_text(s, map, XM_EXPERIMENT);
        break;
    default: /* p and x are events of their own */
        break;
    }
}

/* Of one that is in no table, by the userid in hand. */
static const struct xrdmon_client *
stranger(struct xm_engine *e)
{
    if (!e->map.userid.is_valid)
        return NULL;
    e->stranger = (struct xrdmon_client){.userid = e->map.userid};
    return &e->stranger;
}

static const struct xrdmon_client *
client_of(struct xm_engine *e, const struct xm_user *u)
{
    return u ? &u->client : stranger(e);
}

bool
xm_tell_map(struct xm_engine *e)
{
    struct xrdmon_event *ev = &e->event;
    struct xm_server *s = e->item->server;
    struct xrdmon_map *m = &e->map;

    if (e->is_told || xrdmon_map_parse(&e->item->packet, m) < 0)
        return false;
    e->is_told = true;
    ev->map = m;
    ev->id = m->dictid;
    ev->path = m->path;
    switch (m->code) {
    case '=':
        ev->type = XRDMON_EV_SERVER;
        break;
    case 'u':
        ev->type = XRDMON_EV_USER;
        ev->client = client_of(e, xm_user_find(s, m->dictid));
        break;
    case 'd': {
        const struct xm_file *f = xm_file_find(s, m->dictid);
        ev->type = XRDMON_EV_PATH;
        ev->client = client_of(e, f ? f->user : NULL);
        break;
    }
    case 'i':
        ev->type = XRDMON_EV_APPINFO;
        ev->client = client_of(e, user_of_map(s, m));
        break;
    case 'T':
    case 'U':
        ev->type = m->code == 'T' ? XRDMON_EV_TOKEN : XRDMON_EV_EXPERIMENT;
        ev->client = client_of(e, user_of_map(s, m));
        break;
    default:
        ev->type = m->code == 'x' ? XRDMON_EV_TRANSFER : XRDMON_EV_PURGE;
        ev->client = stranger(e);
        break;
    }
    return true;
}
