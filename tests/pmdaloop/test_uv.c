/* SPDX-License-Identifier: MIT */
/* The adapter for libuv, stopped at each moment of a session's beginning; and what a
 * callback may do. */
#include "pmdaloop-uv.h"
#include "simple_table.h"
#include "support/cmocka.h"
#include "support/hex.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOMENTS = 6, TURNS_MAX = 1000 };

struct trial {
    struct pmdaloop_uv *uv;
    uv_check_t check;
    int listened_at, at, stop_at;
    bool is_closed;
};

static void
freed(struct pmdaloop_uv *u)
{
    struct trial *t = u->data;

    t->is_closed = true;
    free(u); /* as it may be, from here on */
}

/* Behind the poll, and before handles are closed for good. */
static void
count_turn(uv_check_t *check)
{
    struct trial *t = check->data;
    bool is_accepted = pmdaloop_get_fd(t->uv->pl) != t->listened_at;

    if (is_accepted && t->at++ == t->stop_at) {
        pmdaloop_uv_stop(t->uv, freed);
        uv_check_stop(check);
        uv_close((uv_handle_t *)check, NULL);
    }
}

/* A new agent that listens at a name of ours. */
static struct pmdaloop *
listen_at(struct sockaddr_un *ret_name)
{
    const struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    char where[64];
    struct pmdaloop *pl;

    *ret_name = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(ret_name->sun_path, sizeof(ret_name->sun_path), "/tmp/labwire-uv.%d",
             (int)getpid());
    snprintf(where, sizeof(where), "unix:%.40s", ret_name->sun_path);
    assert_int_equal(pmdaloop_new(&pl, &o), 0);
    assert_int_equal(pmdaloop_connect(pl, where), 0);
    return pl;
}

static int
call(const struct sockaddr_un *name)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)name, sizeof(*name)), 0);
    return fd;
}

static void
run_trial(int stop_at)
{
    struct trial t = {.stop_at = stop_at, .uv = calloc(1, sizeof(*t.uv))};
    struct sockaddr_un at;
    struct pmdaloop *pl = listen_at(&at);
    uv_loop_t loop;

    assert_int_equal(pmdaloop_set_table(pl, &simple_table), 0);
    assert_int_equal(uv_loop_init(&loop), 0);
    t.listened_at = pmdaloop_get_fd(pl);
    t.uv->data = &t;
    assert_int_equal(pmdaloop_uv_start(t.uv, &loop, pl, NULL), 0);
    assert_int_equal(uv_check_init(&loop, &t.check), 0);
    t.check.data = &t;
    assert_int_equal(uv_check_start(&t.check, count_turn), 0);
    int fd = call(&at);
    for (int i = 0; i < TURNS_MAX && !t.is_closed; i++)
        uv_run(&loop, UV_RUN_NOWAIT);
    assert_true(t.is_closed);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    close(fd);
    unlink(at.sun_path);
    pmdaloop_free(pl);
}

static void
may_stop_whenever_it_likes(void **state)
{
    (void)state;
    for (int i = 0; i < MOMENTS; i++)
        run_trial(i);
}

/* ---- what a callback may do ---- */

enum { REQUESTS = 50 };

struct callback {
    struct pmdaloop_uv uv;
    uv_poll_t mine;
    int depth, deepest, answered;
    int listened_at;
    bool is_closed;
};

static void
say(int fd, const char *hex)
{
    struct hex h = unhex(hex);
    assert_int_equal(send(fd, h.bytes, h.len, MSG_NOSIGNAL), (ssize_t)h.len);
    free(h.bytes);
}

/* Answer at once, and then begin a turn, though one is at work. */
static void
answer_and_turn(struct pmdaloop_uv *u, const struct pmdaloop_event *event)
{
    struct callback *c = u->data;

    c->is_closed |= event->kind == PMDALOOP_CLOSED;
    if (event->number == 0)
        return;
    c->depth++;
    c->deepest = c->depth > c->deepest ? c->depth : c->deepest;
    c->answered++;
    assert_int_equal(pmdaloop_reply_error(u->pl, event->number, -1), 0);
    pmdaloop_uv_turn(u);
    c->depth--;
}

static void
a_turn_within_a_turn_goes_no_deeper(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253, .max_requests = 2};
    struct callback c = {.uv = {.data = &c}};
    struct pmdaloop *pl;
    uv_loop_t loop;
    int fds[2];

    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(pmdaloop_new(&pl, &o), 0);
    assert_int_equal(pmdaloop_connect_fd(pl, fds[0], fds[0]), 0);
    assert_int_equal(pmdaloop_uv_start(&c.uv, &loop, pl, answer_and_turn), 0);
    say(fds[1], "00000014 0000700c 00001234 00000001 01020000");
    for (int i = 0; i < REQUESTS; i++)
        say(fds[1], "00000010 00007004 00000000 3f400001");
    shutdown(fds[1], SHUT_WR);
    while (!c.is_closed)
        uv_run(&loop, UV_RUN_ONCE);
    assert_int_equal(c.answered, REQUESTS);
    assert_int_equal(c.deepest, 1);
    pmdaloop_uv_stop(&c.uv, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    pmdaloop_free(pl);
    close(fds[1]);
}

/* The first event, in the turn that has accepted: the number of the descriptor that was
 * listened on is free, and the first to be given away. */
static void
poll_another(struct pmdaloop_uv *u, const struct pmdaloop_event *event)
{
    struct callback *c = u->data;

    c->is_closed |= event->kind == PMDALOOP_CLOSED;
    if (event->kind != PMDALOOP_OPENED)
        return;
    assert_int_equal(socket(AF_UNIX, SOCK_STREAM, 0), c->listened_at);
    assert_int_equal(uv_poll_init(u->loop, &c->mine, c->listened_at), 0);
    uv_close((uv_handle_t *)&c->mine, NULL);
}

static void
the_number_listened_on_is_free(void **state)
{
    (void)state;
    struct callback c = {.uv = {.data = &c}};
    struct sockaddr_un at;
    struct pmdaloop *pl = listen_at(&at);
    uv_loop_t loop;

    assert_int_equal(uv_loop_init(&loop), 0);
    c.listened_at = pmdaloop_get_fd(pl);
    assert_int_equal(pmdaloop_uv_start(&c.uv, &loop, pl, poll_another), 0);
    int fd = call(&at);
    say(fd, "00000014 0000700c 00001234 00000001 01020000");
    shutdown(fd, SHUT_WR);
    while (!c.is_closed)
        uv_run(&loop, UV_RUN_ONCE);
    pmdaloop_uv_stop(&c.uv, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    pmdaloop_free(pl);
    close(c.listened_at);
    close(fd);
    unlink(at.sun_path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(may_stop_whenever_it_likes),
        cmocka_unit_test(a_turn_within_a_turn_goes_no_deeper),
        cmocka_unit_test(the_number_listened_on_is_free),
    };
    return cmocka_run_group_tests_name("pmdaloop/uv", tests, NULL, NULL);
}
