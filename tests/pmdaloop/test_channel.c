/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* F_GETPIPE_SZ */
/* A pipe is made as wide as a reply needs, and nothing else is touched. */
#include "support/cmocka.h"

#include "channel.h"

#include <fcntl.h>
#include <unistd.h>

#ifdef F_GETPIPE_SZ
static void
a_pipe_holds_a_long_reply(void **state)
{
    static char reply[200000];
    size_t held = 0;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(pl_make_nonblocking(fds[1]), 0);
    pl_pipe_hold(fds[1], 20, &held);
    int narrow = fcntl(fds[1], F_GETPIPE_SZ);
    assert_int_equal(held, narrow); /* as it was */
    pl_pipe_hold(fds[1], sizeof(reply), &held);
    assert_int_equal(held, sizeof(reply));
    /* a user's pipes may have all the pages they are allowed */
    if (fcntl(fds[1], F_GETPIPE_SZ) > narrow)
        assert_int_equal(write(fds[1], reply, sizeof(reply)), sizeof(reply));
    else
        assert_int_equal(write(fds[1], reply, sizeof(reply)), narrow);
    close(fds[0]);
    close(fds[1]);
}

static void
a_wide_pipe_stays_wide(void **state)
{
    size_t held = 0;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    (void)fcntl(fds[1], F_SETPIPE_SZ, 1 << 19);
    int wide = fcntl(fds[1], F_GETPIPE_SZ);
    pl_pipe_hold(fds[1], (size_t)wide / 2, &held);
    assert_int_equal(held, wide);
    assert_int_equal(fcntl(fds[1], F_GETPIPE_SZ), wide);
    close(fds[0]);
    close(fds[1]);
}
#endif

static void
a_socket_is_left_alone(void **state)
{
    size_t held = 0;
    int fds[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    pl_pipe_hold(fds[1], 1000000, &held);
    assert_true(held >= 1000000); /* it is not asked again */
    assert_int_equal(write(fds[1], "x", 1), 1);
    close(fds[0]);
    close(fds[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef F_GETPIPE_SZ
        cmocka_unit_test(a_pipe_holds_a_long_reply),
        cmocka_unit_test(a_wide_pipe_stays_wide),
#endif
        cmocka_unit_test(a_socket_is_left_alone),
    };
    return cmocka_run_group_tests_name("pmdaloop/channel", tests, NULL, NULL);
}
