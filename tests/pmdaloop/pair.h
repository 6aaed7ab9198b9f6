/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PAIR_H
#define PMDALOOP_PAIR_H

/* An agent and its collector, face to face: what one says the other hears, at once. */
#include "pmdaloop-probe.h"
#include "pmdaloop.h"
#include "support/cmocka.h"

struct pair {
    struct pmdaloop *pl;
    struct pmdaloop_probe *probe;
};

/* Carry bytes both ways until both are silent. Events of the agent's go to take. */
static inline void
pair_talk(struct pair *p,
          void (*take)(struct pair *p, const struct pmdaloop_event *event))
{
    const struct pmdaloop_event *event;
    const void *bytes;
    size_t n;

    for (bool moved = true; moved;) {
        moved = false;
        while ((n = pmdaloop_probe_get_out(p->probe, &bytes)) > 0) {
            assert_int_equal(pmdaloop_feed(p->pl, bytes, n), 0);
            pmdaloop_probe_sent(p->probe, n);
            moved = true;
        }
        while ((event = pmdaloop_next(p->pl)) != NULL)
            if (take)
                take(p, event);
        while ((n = pmdaloop_get_out(p->pl, &bytes)) > 0) {
            assert_int_equal(pmdaloop_probe_feed(p->probe, bytes, n), 0);
            pmdaloop_sent(p->pl, n);
            moved = true;
        }
    }
}

static inline struct pair
pair_make(const struct pmdaloop_options *options, const struct pmdaloop_table *table)
{
    struct pair p;
    const struct pmdaloop_probe_event *hello;

    assert_int_equal(pmdaloop_new(&p.pl, options), 0);
    if (table && pmdaloop_set_table(p.pl, table) < 0)
        fail_msg("%s", pmdaloop_errmsg(p.pl));
    assert_int_equal(pmdaloop_probe_new(&p.probe, NULL), 0);
    assert_int_equal(pmdaloop_start(p.pl), 0);
    pair_talk(&p, NULL);
    hello = pmdaloop_probe_next(p.probe);
    assert_non_null(hello);
    assert_int_equal(hello->kind, PMDALOOP_PROBE_OPENED);
    pair_talk(&p, NULL);
    return p;
}

static inline void
pair_free(struct pair *p)
{
    pmdaloop_free(p->pl);
    pmdaloop_probe_free(p->probe);
}

/* The reply to a question just asked. */
static inline const struct pmdaloop_probe_event *
pair_reply(struct pair *p, int number)
{
    const struct pmdaloop_probe_event *reply;

    assert_true(number > 0);
    pair_talk(p, NULL);
    reply = pmdaloop_probe_next(p->probe);
    assert_non_null(reply);
    assert_int_equal(reply->kind, PMDALOOP_PROBE_REPLY);
    assert_int_equal(reply->number, number);
    return reply;
}

#endif
