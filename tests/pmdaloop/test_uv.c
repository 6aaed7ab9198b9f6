/* SPDX-License-Identifier: MIT */
/* The adapter for libuv, stopped at each moment of a session's beginning. */
#include "pmdaloop-uv.h"
#include "simple_table.h"
#include "support/cmocka.h"

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

static void
run_trial(int stop_at)
{
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct trial t = {.stop_at = stop_at, .uv = calloc(1, sizeof(*t.uv))};
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char where[64];
    struct pmdaloop *pl;
    uv_loop_t loop;

    snprintf(at.sun_path, sizeof(at.sun_path), "/tmp/labwire-uv.%d", (int)getpid());
    snprintf(where, sizeof(where), "unix:%.40s", at.sun_path);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(pmdaloop_new(&pl, &o), 0);
    assert_int_equal(pmdaloop_set_table(pl, &simple_table), 0);
    assert_int_equal(pmdaloop_connect(pl, where), 0);
    t.listened_at = pmdaloop_get_fd(pl);
    t.uv->data = &t;
    assert_int_equal(pmdaloop_uv_start(t.uv, &loop, pl, NULL), 0);
    assert_int_equal(uv_check_init(&loop, &t.check), 0);
    t.check.data = &t;
    assert_int_equal(uv_check_start(&t.check, count_turn), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(may_stop_whenever_it_likes)};
    return cmocka_run_group_tests_name("pmdaloop/uv", tests, NULL, NULL);
}
