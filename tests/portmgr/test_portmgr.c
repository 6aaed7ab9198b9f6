/* SPDX-License-Identifier: MIT */
/* What the library must do about the state of a handle; the names are those of the
 * protocol's list of requirements, as in test_engine.c. */
#include "client.h"

#include <signal.h>
#include <sys/resource.h>

static void
c05_one_request_at_a_time(void **state)
{
    struct stage s;

    (void)state;
    raise_stage(&s, STEPS(EXPECT("LIST\n"), PAUSE(50), SEND("OK 0\r\n"), HOLD), 0);
    assert_int_equal(portmgr_list_start(s.pm), 0);
    assert_int_equal(portmgr_allocate_start(s.pm, "svc"), -EBUSY);
    assert_int_equal(portmgr_list_start(s.pm), -EBUSY);
    while (portmgr_get_timeout_ms(s.pm) != 0)
        assert_int_equal(portmgr_wait(s.pm, -1), 0);
    assert_int_equal(portmgr_list_start(s.pm),
                     -EBUSY); /* its answer waits to be taken */
    assert_int_equal(portmgr_next(s.pm)->kind, PORTMGR_EVENT_LISTED);
    assert_null(portmgr_next(s.pm));
    strike_stage(&s);
}

static void
refuses(const char *reply, size_t len, enum portmgr_reason reason, const char *words)
{
    const struct peer_step steps[] = {EXPECT("GIMME a fox\n"),
                                      {PEER_SEND, reply, len, 0},
                                      HOLD,
                                      {PEER_DONE, NULL, 0, 0}};
    struct stage s;
    uint16_t port = 7;

    raise_stage(&s, steps, 0);
    assert_int_equal(portmgr_get_reason(s.pm), PORTMGR_REASON_NONE);
    assert_string_equal(portmgr_get_refusal(s.pm), "");
    assert_int_equal(portmgr_allocate(s.pm, "a", &port), -PORTMGR_EREFUSED);
    assert_int_equal(port, 7);
    assert_int_equal(portmgr_get_reason(s.pm), reason);
    assert_string_equal(portmgr_get_refusal(s.pm), words);
    assert_non_null(strstr(portmgr_errmsg(s.pm), words));
    strike_stage(&s);
}

/* Both servers' words, to a program and to a person. */
static void
c14_a_handle_knows_why(void **state)
{
#define REFUSES(reply, reason, words) refuses(reply, sizeof(reply) - 1, reason, words)
    (void)state;
    REFUSES("FAIL {no free ports}\r\n", PORTMGR_REASON_NO_PORTS, "no free ports");
    REFUSES("FAIL - No free ports available\n", PORTMGR_REASON_NO_PORTS,
            "No free ports available");
    REFUSES("FAIL {x (1.2.3.4) : Only local applications get ports}\r\n",
            PORTMGR_REASON_NOT_LOCAL,
            "x (1.2.3.4) : Only local applications get ports");
    REFUSES("FAIL - FAIL can only allocate to local senders\n\n",
            PORTMGR_REASON_NOT_LOCAL, "FAIL can only allocate to local senders");
    REFUSES("FAIL - Duplicate port allocation attempted\n", PORTMGR_REASON_DUPLICATE,
            "Duplicate port allocation attempted");
    REFUSES("FAIL {Invalid request }\r\n", PORTMGR_REASON_INVALID, "Invalid request ");
    REFUSES("FAIL {\x1b[2J}\r\n", PORTMGR_REASON_OTHER, "\\x1b[2J");
    REFUSES("FAIL\n", PORTMGR_REASON_OTHER, "");
#undef REFUSES
}

/* Everything asked of a handle whose connection ended. */
static void
is_dead(struct portmgr *pm, int err)
{
    struct portmgr_list *list;
    uint16_t port;

    assert_int_equal(portmgr_is_held(pm), err);
    assert_int_equal(portmgr_process(pm), err);
    assert_int_equal(portmgr_get_fd(pm), -ENOTCONN);
    assert_int_equal(portmgr_get_events(pm), 0);
    assert_int_equal(portmgr_allocate(pm, "svc", &port), -ENOTCONN);
    assert_int_equal(portmgr_list(pm, &list), -ENOTCONN);
    assert_non_null(strstr(portmgr_errmsg(pm), "not connected any more"));
}

/* The Tcl server would go on after this one. */
static void
c15_any_failure_ends_the_connection(void **state)
{
    struct stage s;
    uint16_t port;

    (void)state;
    raise_stage(&s,
                STEPS(EXPECT("GIMME a fox\n"), SEND("OK 43002\r\n"),
                      EXPECT("GIMME b fox\n"), SEND("FAIL {no free ports}\r\n"), HOLD),
                0);
    assert_int_equal(portmgr_allocate(s.pm, "a", &port), 0);
    assert_int_equal(portmgr_allocate(s.pm, "b", &port), -PORTMGR_EREFUSED);
    is_dead(s.pm, -PORTMGR_EREFUSED);
    strike_stage(&s);
}

static void
c15_connects_again(void **state)
{
    struct stage s;
    struct portmgr_list *list;

    (void)state;
    raise_stage(
        &s, STEPS(EXPECT("LIST\n"), CLOSE, EXPECT("LIST\n"), SEND("OK 0\n"), HOLD), 0);
    assert_int_equal(portmgr_connect(s.pm, NULL, 1), -EISCONN);
    assert_int_equal(portmgr_list(s.pm, &list), -PORTMGR_ECLOSED);
    is_dead(s.pm, -PORTMGR_ECLOSED);
    assert_int_equal(portmgr_connect(s.pm, "127.0.0.1", s.peer.port), 0);
    assert_int_equal(portmgr_list(s.pm, &list), 0);
    assert_int_equal(portmgr_is_held(s.pm), 0);
    portmgr_list_free(list);
    strike_stage(&s);
}

static void
c16_holds_until_freed(void **state)
{
    struct stage s;
    uint16_t a, b;

    (void)state;
    raise_stage(&s,
                STEPS(EXPECT("GIMME a fox\n"), SEND("OK 43010\r\n"),
                      EXPECT("GIMME b fox\n"), SEND("OK 43009\r\n"), HOLD),
                0);
    assert_int_equal(portmgr_is_held(s.pm), 0);
    assert_int_equal(portmgr_allocate(s.pm, "a", &a), 0);
    assert_int_equal(portmgr_allocate(s.pm, "b", &b), 0);
    assert_int_equal(a, 43010);
    assert_int_equal(b, 43009);
    assert_int_equal(portmgr_is_held(s.pm), 1);
    strike_stage(&s); /* joins the peer, which waits for the end of the connection */
}

/* A half-close would make the server answer what was asked first: the socket must be
 * gone, so that what is sent to it comes back as a reset. */
static void
c16_closes_the_whole_connection(void **state)
{
    struct portmgr *pm;
    uint16_t port = 0;
    char got[64];
    int listener = peer_listen(AF_INET, &port);

    (void)state;
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_int_equal(portmgr_connect(pm, "127.0.0.1", port), 0);
    assert_int_equal(portmgr_list_start(pm), 0);
    int server = accept(listener, NULL, NULL);
    assert_int_equal(portmgr_process(pm), 0);
    assert_int_equal(recv(server, got, sizeof(got), 0), 5);
    portmgr_free(pm);
    assert_int_equal(recv(server, got, sizeof(got), 0), 0);
    assert_int_equal(send(server, "OK 0\r\n", 6, MSG_NOSIGNAL), 6);
    struct pollfd reset = {.fd = server};
    assert_int_equal(poll(&reset, 1, PEER_PATIENCE_MS), 1);
    assert_int_equal(send(server, "x", 1, MSG_NOSIGNAL), -1);
    assert_true(errno == EPIPE || errno == ECONNRESET);
    close(server);
    close(listener);
}

/* A lease whose other end is the test's own. */
static struct portmgr *
hold_port(struct peer *server)
{
    struct portmgr_options o = {.size = sizeof(o), .user = "fox"};
    struct portmgr *pm;
    const struct portmgr_event *event;
    char got[64];

    *server = (struct peer){.conn = -1};
    server->listener = peer_listen(AF_INET, &server->port);
    assert_int_equal(portmgr_new(&pm, &o), 0);
    assert_int_equal(portmgr_connect(pm, "127.0.0.1", server->port), 0);
    assert_int_equal(portmgr_allocate_start(pm, "svc"), 0);
    assert_true(peer_accept(server));
    assert_int_equal(portmgr_process(pm), 0);
    assert_int_equal(recv(server->conn, got, sizeof(got), 0), 14);
    assert_int_equal(send(server->conn, "OK 43010\r\n", 10, MSG_NOSIGNAL), 10);
    while (!(event = portmgr_next(pm)))
        assert_int_equal(portmgr_wait(pm, -1), 0);
    assert_int_equal(event->port, 43010);
    assert_int_equal(portmgr_is_held(pm), 1);
    assert_int_equal(portmgr_get_timeout_ms(pm), -1); /* a lease has no deadline */
    return pm;
}

static void
is_lost(struct portmgr *pm, int err)
{
    const struct portmgr_event *event = portmgr_next(pm);

    assert_non_null(event);
    assert_int_equal(event->kind, PORTMGR_EVENT_LOST);
    assert_int_equal(event->err, err);
    assert_null(portmgr_next(pm));
    assert_non_null(strstr(portmgr_errmsg(pm), "lost the connection to 127.0.0.1:"));
    is_dead(pm, err);
    portmgr_free(pm);
}

static void
c17_loss_is_seen_at_once(void **state)
{
    (void)state;
    for (int reset = 0; reset <= 1; reset++) {
        int err = reset ? -ECONNRESET : -PORTMGR_ECLOSED;
        struct peer server;
        struct portmgr *pm = hold_port(&server);

        peer_hang_up(&server, reset);
        int64_t before_ms = peer_now_ms();
        assert_int_equal(portmgr_wait(pm, 20000), err);
        assert_in_range(peer_now_ms() - before_ms, 0, 19000);
        is_lost(pm, err);
        close(server.listener);
    }
}

/* The system takes no descriptors to poll: a holder does not go round for ever. */
static void
c17_a_lease_that_cannot_be_polled_is_lost(void **state)
{
    struct rlimit before, none;
    struct peer server;
    struct portmgr *pm = hold_port(&server);

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    bool is_limited = poll(&(struct pollfd){.fd = -1}, 1, 0) < 0; /* not in valgrind */
    int err = is_limited ? portmgr_wait(pm, 20000) : 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    if (is_limited) {
        assert_int_equal(err, -EINVAL);
        is_lost(pm, err);
    } else {
        portmgr_free(pm);
    }
    peer_hang_up(&server, false);
    close(server.listener);
}

/* A second handle, so that a failing list does not cost the port. */
static void
c18_lists_on_a_second_handle(void **state)
{
    struct stage holder, lister;
    struct portmgr_list *list;
    uint16_t port;

    (void)state;
    raise_stage(&holder, STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 43010\r\n"), HOLD),
                0);
    raise_stage(&lister, STEPS(EXPECT("LIST\n"), SEND("nonsense\r\n"), HOLD), 0);
    assert_int_equal(portmgr_allocate(holder.pm, "svc", &port), 0);
    assert_int_equal(portmgr_list(lister.pm, &list), -PORTMGR_EPROTO);
    assert_int_equal(portmgr_is_held(holder.pm), 1);
    strike_stage(&lister);
    strike_stage(&holder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c05_one_request_at_a_time),
        cmocka_unit_test(c14_a_handle_knows_why),
        cmocka_unit_test(c15_any_failure_ends_the_connection),
        cmocka_unit_test(c15_connects_again),
        cmocka_unit_test(c16_holds_until_freed),
        cmocka_unit_test(c16_closes_the_whole_connection),
        cmocka_unit_test(c17_loss_is_seen_at_once),
        cmocka_unit_test(c17_a_lease_that_cannot_be_polled_is_lost),
        cmocka_unit_test(c18_lists_on_a_second_handle),
    };
    return cmocka_run_group_tests_name("portmgr/portmgr", tests, NULL, NULL);
}
