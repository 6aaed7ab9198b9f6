/* SPDX-License-Identifier: MIT */
/* The handle: options, lifetime, and the public calls on the engine and the table. */
#include "handle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
pl_fail(struct pmdaloop *pl, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(pl->why, sizeof(pl->why), format, args);
    va_end(args);
    return err;
}

/* The caller's options as this version knows them. */
static int
take_options(struct pmdaloop_options *o, const struct pmdaloop_options *given)
{
    *o = (struct pmdaloop_options){.size = sizeof(*o)};
    if (!given)
        return 0;
    if (given->size < sizeof(*o))
        return -EINVAL;
    const uint8_t *p = (const uint8_t *)given;
    for (size_t i = sizeof(*o); i < given->size; i++)
        if (p[i])
            return -E2BIG;
    *o = *given;
    return o->domain > 510 ? -EINVAL : 0;
}

int
pmdaloop_new(struct pmdaloop **ret_pl, const struct pmdaloop_options *options)
{
    struct pmdaloop_options o;
    int err = take_options(&o, options);
    if (err < 0)
        return err;
    struct pmdaloop *pl = calloc(1, sizeof(*pl));
    const char *name = o.name ? o.name : "pmda";
    if (!pl)
        return -ENOMEM;
    pl->in_fd = pl->out_fd = pl->listen_fd = -1;
    pl->name = malloc(strlen(name) + 1);
    err = pl->name ? pl_engine_init(&pl->engine, &o) : -ENOMEM;
    if (err < 0) {
        free(pl->name);
        free(pl);
        return err;
    }
    memcpy(pl->name, name, strlen(name) + 1);
    *ret_pl = pl;
    return 0;
}

void
pmdaloop_free(struct pmdaloop *pl)
{
    if (!pl)
        return;
    pl_io_close(pl);
    pl_engine_free(&pl->engine);
    pl_table_free(pl->table);
    free(pl->name);
    free(pl);
}

void
pmdaloop_set_user(struct pmdaloop *pl, void *user)
{
    pl->user = user;
}

void *
pmdaloop_get_user(const struct pmdaloop *pl)
{
    return pl->user;
}

uint32_t
pmdaloop_get_domain(const struct pmdaloop *pl)
{
    return pl->engine.domain;
}

const char *
pmdaloop_errmsg(const struct pmdaloop *pl)
{
    return pl->why;
}

/* ---- bytes ---- */

int
pmdaloop_start(struct pmdaloop *pl)
{
    return pl_engine_start(&pl->engine, (int32_t)getpid());
}

int
pmdaloop_feed(struct pmdaloop *pl, const void *bytes, size_t n)
{
    if (pl->is_busy)
        return -EBUSY;
    if (n > 0)
        return pl_engine_feed(&pl->engine, bytes, n);
    pl_engine_eof(&pl->engine);
    return 0;
}

size_t
pmdaloop_get_out(struct pmdaloop *pl, const void **ret_bytes)
{
    return pl_engine_out(&pl->engine, ret_bytes);
}

void
pmdaloop_sent(struct pmdaloop *pl, size_t n)
{
    pl_engine_sent(&pl->engine, n);
}

void
pmdaloop_tick(struct pmdaloop *pl, uint64_t now_ms)
{
    if (!pl->is_busy)
        pl_engine_tick(&pl->engine, now_ms);
}

/* ---- events ---- */

static void
serve(struct pmdaloop *pl, struct pl_slot *s)
{
    pl->is_busy = true;
    pl_table_serve(pl->table, pl, &pl->engine, s);
    pl->is_busy = false;
}

/* What the table has put off, where it is asked for again or its time is up. */
static void
serve_later_ones(struct pmdaloop *pl)
{
    bool is_retry = pl->is_retry;

    pl->is_retry = false; /* the table may ask once more while it answers */
    for (struct pl_slot *s = pl->engine.first; s; s = s->next)
        if (s->for_table && s->state != PL_ANSWERED && (is_retry || s->is_late))
            serve(pl, s);
}

/* Say in words how the session has ended. */
static void
explain(struct pmdaloop *pl, const struct pmdaloop_event *event)
{
    if (event->kind == PMDALOOP_CLOSED && event->err == -PMDALOOP_EPROTO)
        (void)pl_fail(pl, event->err, "pmcd has sent what is no PDU, or half of one");
    else if (event->kind == PMDALOOP_CLOSED && event->err < 0 && !pl->why[0])
        (void)pl_fail(pl, event->err, "lost pmcd: %s", pmdaloop_strerror(event->err));
    else if (event->kind == PMDALOOP_CLOSED && event->err == 0)
        (void)pl_fail(pl, 0, "pmcd has ended the session");
}

const struct pmdaloop_event *
pmdaloop_next(struct pmdaloop *pl)
{
    const struct pmdaloop_event *event;

    if (pl->is_busy)
        return NULL;
    if (pl->table)
        serve_later_ones(pl);
    while ((event = pl_engine_next(&pl->engine)) != NULL) {
        struct pl_slot *s = pl_engine_slot(&pl->engine, event->number);
        if (!pl->table || !s)
            break;
        serve(pl, s);
    }
    if (event)
        explain(pl, event);
    return event;
}

int
pmdaloop_is_wanted(const struct pmdaloop *pl, uint32_t indom, int32_t inst)
{
    return pl_wanted_has(&pl->engine.wanted, indom, inst);
}

int
pmdaloop_get_counts(const struct pmdaloop *pl, struct pmdaloop_counts *ret_counts)
{
    *ret_counts = pl->engine.counts;
    return 0;
}

/* Unsolicited READY only where pmcd has been told the opposite: else it would be at
 * odds with us. */
int
pmdaloop_set_ready(struct pmdaloop *pl, int is_ready)
{
    struct pl_engine *e = &pl->engine;

    if (is_ready && !e->is_ready && e->told_not_ready) {
        int err = pl_engine_say(e, PMDALOOP_PM_READY);
        if (err < 0)
            return err;
        e->told_not_ready = false;
    }
    e->is_ready = is_ready != 0;
    return 0;
}

int
pmdaloop_announce(struct pmdaloop *pl, int changes)
{
    if (changes & ~(PMDALOOP_LABELS_CHANGED | PMDALOOP_NAMES_CHANGED))
        return -EINVAL;
    pl->engine.changes |= (uint32_t)changes;
    return 0;
}

/* ---- replies ---- */

/* The request of this number; 0, or why it can't be answered in this way. */
static int
find(struct pmdaloop *pl, uint32_t number, unsigned kinds, struct pl_slot **ret_slot)
{
    struct pl_slot *s = pl_engine_slot(&pl->engine, number);

    if (!s || s->for_table || pl->is_busy)
        return -PMDALOOP_ENOREQUEST;
    if (!(kinds >> s->event.kind & 1))
        return -EINVAL;
    *ret_slot = s;
    return 0;
}

enum {
    LISTS_OF_NAMES =
        1 << PMDALOOP_NAMES_OF | 1 << PMDALOOP_CHILDREN | 1 << PMDALOOP_TRAVERSE,
    LISTS = LISTS_OF_NAMES | 1 << PMDALOOP_FETCH | 1 << PMDALOOP_INSTANCE |
            1 << PMDALOOP_LABELS,
};

int
pmdaloop_reply_error(struct pmdaloop *pl, uint32_t number, int code)
{
    struct pl_slot *s;
    int err = find(pl, number, ~0U, &s);

    if (err < 0)
        return err;
    if (code >= 0 && s->event.kind != PMDALOOP_STORE)
        return -EINVAL; /* pmcd would take it for a reply of another kind */
    pl_reply_error(s, code);
    return 0;
}

int
pmdaloop_reply_done(struct pmdaloop *pl, uint32_t number)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_STORE, &s);

    if (err == 0)
        pl_reply_error(s, 0);
    return err;
}

int
pmdaloop_reply_desc(struct pmdaloop *pl, uint32_t number,
                    const struct pmdaloop_desc *desc)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_DESC, &s);

    if (err == 0)
        pl_reply_desc(s, desc);
    return err;
}

int
pmdaloop_reply_text(struct pmdaloop *pl, uint32_t number, const char *text)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_TEXT, &s);

    if (err == 0)
        pl_reply_text(s, text, strlen(text));
    return err;
}

int
pmdaloop_reply_pmid(struct pmdaloop *pl, uint32_t number, uint32_t pmid)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_PMID_OF, &s);

    if (err == 0)
        pl_reply_pmid(s, pmid);
    return err;
}

int
pmdaloop_reply_metric(struct pmdaloop *pl, uint32_t number, int status)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_FETCH, &s);

    return err < 0 ? err : pl_reply_metric(&pl->engine, s, status);
}

int
pmdaloop_reply_value(struct pmdaloop *pl, uint32_t number, int32_t inst,
                     const struct pmdaloop_value *value)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_FETCH, &s);

    return err < 0 ? err : pl_reply_value(&pl->engine, s, inst, value);
}

int
pmdaloop_reply_instance(struct pmdaloop *pl, uint32_t number, int32_t inst,
                        const char *name)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_INSTANCE, &s);

    return err < 0 ? err : pl_reply_instance(&pl->engine, s, inst, name, strlen(name));
}

int
pmdaloop_reply_name(struct pmdaloop *pl, uint32_t number, const char *name, int is_leaf)
{
    struct pl_slot *s;
    int err = find(pl, number, LISTS_OF_NAMES, &s);

    return err < 0 ? err
                   : pl_reply_name(&pl->engine, s, name, strlen(name), is_leaf != 0);
}

int
pmdaloop_reply_labels(struct pmdaloop *pl, uint32_t number, int32_t inst,
                      const char *json)
{
    struct pl_slot *s;
    int err = find(pl, number, 1U << PMDALOOP_LABELS, &s);

    return err < 0 ? err : pl_reply_labels(&pl->engine, s, inst, json, strlen(json));
}

int
pmdaloop_reply_end(struct pmdaloop *pl, uint32_t number)
{
    struct pl_slot *s;
    int err = find(pl, number, LISTS, &s);

    return err < 0 ? err : pl_reply_end(&pl->engine, s);
}

/* ---- the table ---- */

int
pmdaloop_set_table(struct pmdaloop *pl, const struct pmdaloop_table *table)
{
    struct pl_table *made = NULL;
    char why[200] = "not enough memory for the table";

    if (pl->is_busy)
        return -EBUSY;
    int err = table ? pl_table_new(&made, table, pl->engine.domain, pl->name, why,
                                   sizeof(why))
                    : 0;
    if (err < 0)
        return pl_fail(pl, err, "table of %s: %s", pl->name, why);
    /* A fetch that waits is for the new table to answer; without one, for the caller. */
    for (struct pl_slot *s = pl->engine.first; s && !made; s = s->next)
        if (s->for_table)
            pl_reply_error(s, PMDALOOP_PM_AGAIN);
    pl_table_free(pl->table);
    pl->table = made;
    return 0;
}

/* An instance domain that may be changed now. */
static int
open_domain(struct pmdaloop *pl, uint32_t serial, struct pl_domain **ret_domain)
{
    if (!pl->table)
        return -ENOENT;
    if (pl->table->in_callback)
        return -EBUSY;
    *ret_domain = pl_table_domain(pl->table, serial);
    return *ret_domain ? 0 : -ENOENT;
}

int
pmdaloop_add_instance(struct pmdaloop *pl, uint32_t serial, int32_t inst,
                      const char *name)
{
    struct pl_domain *d;
    int err = open_domain(pl, serial, &d);

    return err < 0 ? err : pl_domain_add(d, inst, name, true);
}

int
pmdaloop_remove_instance(struct pmdaloop *pl, uint32_t serial, int32_t inst)
{
    struct pl_domain *d;
    int err = open_domain(pl, serial, &d);

    return err < 0 ? err : pl_domain_remove(d, inst);
}

int
pmdaloop_find_instance(const struct pmdaloop *pl, uint32_t serial, const char *name)
{
    const struct pl_domain *d = pl->table ? pl_table_domain(pl->table, serial) : NULL;
    const struct pl_inst *i = d ? pl_domain_find_name(d, name, strlen(name)) : NULL;

    return i ? i->inst : -ENOENT;
}

int
pmdaloop_retry(struct pmdaloop *pl)
{
    pl->is_retry = true;
    return 0;
}
