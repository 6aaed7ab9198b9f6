/* SPDX-License-Identifier: MIT */
/* Openings of files, from the first word of them to the last. */
#include "engine.h"

#include <stdlib.h>

struct xm_file *
xm_file_make(struct xm_server *s, uint32_t dictid)
{
    struct xm_engine *e = s->engine;

    if (s->is_gone) /* only what it sent before is still told */
        return NULL;
    struct xm_file *f = calloc(1, sizeof(*f));
    if (!f || !xm_table_insert(&s->files, dictid, f)) {
        free(f);
        return NULL;
    }
    f->dictid = dictid;
    f->server = s;
    f->time_ns = e->now_ns;
    f->size_bytes = sizeof(*f) + XM_OVERHEAD_BYTES;
    s->refs++;
    s->last_file = f;
    xm_list_init(&f->of_user);
    xm_list_init(&f->in_queue);
    xm_list_append(&e->files, &f->link);
    e->live_files++;
    e->memory_bytes += f->size_bytes;
    return f;
}

bool
xm_file_set_path(struct xm_file *f, struct xrdmon_text path)
{
    struct xm_engine *e = f->server->engine;

    if (f->path.at && xm_text_equal(f->path, path))
        return true;
    char *copy = malloc(path.len + 1);
    if (!copy)
        return false;
    if (path.len)
        memcpy(copy, path.at, path.len);
    e->memory_bytes += path.len;
    e->memory_bytes -= f->path.len;
    f->size_bytes += path.len;
    f->size_bytes -= f->path.len;
    free((void *)(uintptr_t)f->path.at);
    f->path = xm_text(copy, path.len);
    return true;
}

void
xm_file_set_user(struct xm_file *f, struct xm_user *u)
{
    if (f->user == u)
        return;
    xm_list_remove(&f->of_user);
    if (f->user)
        xm_user_unref(f->server->engine, f->user);
    f->user = u;
    if (!u)
        return;
    u->refs++;
    if (f->f_opened && !f->f_closed && u->server)
        xm_list_append(&u->files, &f->of_user);
}

void
xm_file_tell(struct xm_file *f, enum xrdmon_access_end end)
{
    struct xm_engine *e = f->server->engine;

    if (f->is_told || !e->set.want_access || !(f->f_opened || f->has_totals))
        return;
    f->is_told = true;
    f->end = (uint8_t)end;
    xm_list_append(&e->accesses, &f->in_queue);
}

/* The f-stream, the t-stream or its session says so; the others may still come. */
void
xm_file_end(struct xm_file *f)
{
    struct xm_engine *e = f->server->engine;

    if (f->is_ended || e->set.no_release)
        return;
    f->is_ended = true;
    f->time_ns = xm_after(e->now_ns, e->set.release_ns);
    xm_list_remove(&f->link);
    xm_list_append(&e->ended_files, &f->link);
}

/* Forget it, once what is to be told of it was told. Until then it counts no more, or
 * nothing would be gained by it and a limit would take everything. */
void
xm_file_drop(struct xm_file *f, enum xrdmon_access_end end)
{
    struct xm_server *s = f->server;

    xm_file_tell(f, end);
    xm_table_remove(&s->files, f->dictid);
    if (s->last_file == f)
        s->last_file = NULL;
    xm_list_remove(&f->link);
    xm_list_remove(&f->of_user);
    s->engine->live_files--;
    s->engine->memory_bytes -= f->size_bytes;
    f->is_gone = true;
    if (xm_list_is_empty(&f->in_queue))
        xm_file_free(f);
}

void
xm_file_free(struct xm_file *f)
{
    struct xm_server *s = f->server;

    xm_list_remove(&f->in_queue);
    if (f->user)
        xm_user_unref(s->engine, f->user);
    free((void *)(uintptr_t)f->path.at);
    free(f);
    xm_server_unref(s);
}
