/* SPDX-License-Identifier: MIT */
/* What is forgotten: in due time, after a long silence, or because a limit is reached. */
#include "engine.h"

static struct xm_file *
first_file(struct xm_link *list)
{
    return xm_list_is_empty(list) ? NULL : XM_MEMBER(list->next, struct xm_file, link);
}

static struct xm_user *
first_user(struct xm_link *list)
{
    return xm_list_is_empty(list) ? NULL : XM_MEMBER(list->next, struct xm_user, link);
}

/* Those whose time has come stand in front. */
static void
release_due(struct xm_engine *e)
{
    struct xm_file *f;
    struct xm_user *u;

    while ((f = first_file(&e->ended_files)) && f->time_ns <= e->now_ns) {
        e->released_files++;
        xm_file_drop(f, XRDMON_END_TIMEOUT);
    }
    while ((u = first_user(&e->ended_users)) && u->time_ns <= e->now_ns) {
        e->released_users++;
        xm_user_drop(u);
    }
    while (!xm_list_is_empty(&e->ended_servers)) {
        struct xm_server *s = XM_MEMBER(e->ended_servers.next, struct xm_server, link);
        if (s->time_ns > e->now_ns)
            break;
        xm_server_drop(s, XRDMON_END_RESTART);
    }
}

static bool
is_idle(const struct xm_engine *e, uint64_t seen_ns)
{
    return e->now_ns - seen_ns >= e->set.idle_ns;
}

/* Of the live ones the longest silent stand in front. */
static void
release_idle(struct xm_engine *e)
{
    struct xm_file *f;
    struct xm_user *u;

    while ((f = first_file(&e->files)) && is_idle(e, f->time_ns)) {
        e->released_files++;
        xm_file_drop(f, XRDMON_END_TIMEOUT);
    }
    while ((u = first_user(&e->users)) && is_idle(e, u->time_ns)) {
        if (u->refs) { /* its files are signs of life, until they have gone as above */
            u->time_ns = e->now_ns;
            xm_list_remove(&u->link);
            xm_list_append(&e->users, &u->link);
            continue;
        }
        e->released_users++;
        xm_user_drop(u);
    }
    while (!xm_list_is_empty(&e->servers)) {
        struct xm_server *s = XM_MEMBER(e->servers.next, struct xm_server, link);
        if (!is_idle(e, s->time_ns))
            break;
        xm_server_drop(s, XRDMON_END_TIMEOUT);
    }
}

void
xm_limits_release(struct xm_engine *e)
{
    if (e->set.no_release)
        return;
    release_due(e);
    release_idle(e);
}

/* The ended go first, then the oldest. */
static bool
evict_one(struct xm_engine *e)
{
    struct xm_file *f = first_file(&e->ended_files);
    struct xm_user *u = f ? NULL : first_user(&e->ended_users);

    if (!f && !u) {
        f = first_file(&e->files);
        u = first_user(&e->users);
        if (f && u && f->time_ns > u->time_ns)
            f = NULL;
    }
    if (f) {
        e->evicted_files++;
        xm_file_drop(f, XRDMON_END_EVICTED);
    } else if (u) {
        e->evicted_users++;
        xm_user_drop(u);
    }
    return f || u;
}

void
xm_limits_hold(struct xm_engine *e)
{
    while (e->memory_bytes > e->set.max_memory_bytes && evict_one(e))
        continue;
}
