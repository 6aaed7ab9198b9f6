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

/* An IPv4 port of the loopback that never answers: its accept queue is full. */
struct silent_port {
    int listener, callers[8];
    uint16_t port;
};

static inline void
fall_silent(struct silent_port *s)
{
    struct sockaddr_in addr = {.sin_family = AF_INET};

    s->port = 0;
    s->listener = peer_listen(AF_INET, &s->port);
    assert_true(s->listener >= 0);
    assert_int_equal(listen(s->listener, 0), 0);
    addr.sin_port = htons(s->port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 8; i++) {
        s->callers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        assert_true(s->callers[i] >= 0);
        (void)connect(s->callers[i], (struct sockaddr *)&addr, sizeof(addr));
    }
    struct pollfd let_in = {.fd = s->callers[0], .events = POLLOUT};
    assert_int_equal(poll(&let_in, 1, PEER_PATIENCE_MS), 1);
}

static inline void
end_silence(struct silent_port *s)
{
    for (int i = 0; i < 8; i++)
        close(s->callers[i]);
    close(s->listener);
}

/* A server on the IPv6 loopback, at a port that is given. False without IPv6. */
static inline bool
start_v6_peer(struct peer *p, uint16_t port, const struct peer_step *steps)
{
    struct sockaddr_in6 addr = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};

    memset(p, 0, sizeof(*p));
    p->conn = -1;
    p->steps = steps;
    p->port = port;
    addr.sin6_port = htons(port);
    p->listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->listener < 0 ||
        bind(p->listener, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
        listen(p->listener, 16) < 0 ||
        pthread_create(&p->thread, NULL, peer_main, p) != 0) {
        close(p->listener);
        return false;
    }
    return true;
}

#define STEPS(...) ((const struct peer_step[]){__VA_ARGS__, {PEER_DONE, NULL, 0, 0}})

#endif
