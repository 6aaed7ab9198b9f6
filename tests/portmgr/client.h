/* SPDX-License-Identifier: MIT */
#ifndef TEST_CLIENT_H
#define TEST_CLIENT_H

/* What tests of the handle against a scripted server share. */
#include "support/cmocka.h"
#include "support/peer.h"

#include "portmgr.h"

/* A server with this script, and a handle on its way to it. */
struct stage {
    struct peer peer;
    struct portmgr *pm;
};

static inline struct stage *
raise_stage(struct stage *s, const struct peer_step *steps, uint32_t timeout_ms)
{
    struct portmgr_options o = {
        .size = sizeof(o), .user = "fox", .timeout_ms = timeout_ms};

    peer_start(&s->peer, steps);
    assert_int_equal(portmgr_new(&s->pm, &o), 0);
    assert_int_equal(portmgr_connect(s->pm, "127.0.0.1", s->peer.port), 0);
    return s;
}

static inline void
strike_stage(struct stage *s)
{
    portmgr_free(s->pm);
    assert_true(peer_stop(&s->peer));
}

static inline void
row_is(const struct portmgr_list *list, size_t i, uint16_t port, const char *service,
       const char *user)
{
    assert_true(i < list->count);
    assert_int_equal(list->rows[i].port, port);
    assert_int_equal(list->rows[i].service_len, strlen(service));
    assert_string_equal(list->rows[i].service, service);
    assert_int_equal(list->rows[i].user_len, strlen(user));
    assert_string_equal(list->rows[i].user, user);
}

#define STEPS(...) ((const struct peer_step[]){__VA_ARGS__, {PEER_DONE, NULL, 0, 0}})

#endif
