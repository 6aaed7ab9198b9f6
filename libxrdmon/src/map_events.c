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
    if (!u && map->userid.is_valid)
        u = xm_user_make(s, 0, &map->userid);
    xm_file_set_user(f, u);
}

static void
apply_text(struct xm_user *u, enum xm_text_slot slot, struct xrdmon_text text)
{
    if (u && text.at)
        (void)xm_user_set_text(u, slot, text);
}

static struct xm_user *
user_of_pairs(struct xm_server *s, const struct xrdmon_map *map)
{
    struct xrdmon_token_info info; /* Uc is called the same in both */

    xrdmon_token_info(map, &info);
    return xm_user_find(s, info.user_dictid);
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
        apply_text(xm_user_of_text(s, map->userid.raw), XM_APPINFO, map->info);
        break;
    case 'T':
        apply_text(user_of_pairs(s, map), XM_TOKEN, map->info);
        break;
    case 'U':
        apply_text(user_of_pairs(s, map), XM_EXPERIMENT, map->info);
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
        ev->client = client_of(e, xm_user_of_text(s, m->userid.raw));
        break;
    case 'T':
    case 'U':
        ev->type = m->code == 'T' ? XRDMON_EV_TOKEN : XRDMON_EV_EXPERIMENT;
        ev->client = client_of(e, user_of_pairs(s, m));
        break;
    default:
        ev->type = m->code == 'x' ? XRDMON_EV_TRANSFER : XRDMON_EV_PURGE;
        ev->client = stranger(e);
        break;
    }
    return true;
}
