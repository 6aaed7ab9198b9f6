/* SPDX-License-Identifier: MIT */
/* The collector's end: how long it waits, and what it makes of an agent that says nothing. */
#include "pmdaloop-probe.h"

#include <errno.h>
#include <stdlib.h>
#include <support/cmocka.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LIMIT_MS = 50 };

static const struct pmdaloop_probe_options impatient = {.size = sizeof(impatient),
                                                        .reply_timeout_ms = LIMIT_MS};

static struct pmdaloop_probe *
make(void)
{
    struct pmdaloop_probe *p = NULL;

    assert_int_equal(pmdaloop_probe_new(&p, &impatient), 0);
    return p;
}

/* Without a limit of its own the wait would last for ever. */
static void
awaits_no_version_for_ever(void **state)
{
    struct pmdaloop_probe *p = make();
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(pmdaloop_probe_connect_fd(p, pair[0], pair[0]), 0);
    assert_in_range(pmdaloop_probe_get_timeout_ms(p), 0, LIMIT_MS);
    assert_int_equal(pmdaloop_probe_await(p, 0, NULL), -ETIMEDOUT);
    assert_string_equal(pmdaloop_probe_errmsg(p),
                        "no version from the agent within 50 ms");
    pmdaloop_probe_free(p);
    close(pair[1]);
}

/* Whatever else it says, without a pause: its reply is late. */
static void
awaits_no_reply_from_a_chatterer(void **state)
{
    static const uint8_t hello[] = {0, 0, 0, 20, 0, 0, 0x70, 0x0c, 0, 0,
                                    0, 1, 0, 0,  0, 1, 1,    2,    0, 0};
    static const uint8_t ready[] = {0, 0, 0, 16, 0,    0,    0x70, 0,
                                    0, 0, 0, 0,  0xff, 0xff, 0xcb, 0xaf};
    /* Patient enough for its greeting on a busy machine. */
    static const struct pmdaloop_probe_options patient = {.size = sizeof(patient),
                                                          .reply_timeout_ms = 300};
    const struct pmdaloop_probe_event *event = NULL;
    struct pmdaloop_probe *p = NULL;
    int pair[2];

    (void)state;
    assert_int_equal(pmdaloop_probe_new(&p, &patient), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(pmdaloop_probe_connect_fd(p, pair[0], pair[0]), 0);
    assert_int_equal(write(pair[1], hello, sizeof(hello)), sizeof(hello));
    assert_int_equal(pmdaloop_probe_await(p, 0, NULL), 0);
    assert_true(pmdaloop_probe_desc_start(p, 1) > 0);
    while (!event || event->kind != PMDALOOP_PROBE_CLOSED) {
        assert_int_equal(write(pair[1], ready, sizeof(ready)), sizeof(ready));
        (void)pmdaloop_probe_wait(p, 0);
        event = pmdaloop_probe_next(p);
    }
    assert_int_equal(event->err, -ETIMEDOUT);
    pmdaloop_probe_free(p);
    close(pair[1]);
}

static void
the_version_is_late_by_the_clock_given(void **state)
{
    struct pmdaloop_probe *p = make();
    const struct pmdaloop_probe_event *event;

    (void)state;
    pmdaloop_probe_tick(p, 1000);
    pmdaloop_probe_tick(p, 1000 + LIMIT_MS - 1);
    assert_null(pmdaloop_probe_next(p));
    pmdaloop_probe_tick(p, 1000 + LIMIT_MS);
    event = pmdaloop_probe_next(p);
    assert_non_null(event);
    assert_int_equal(event->kind, PMDALOOP_PROBE_CLOSED);
    assert_int_equal(event->err, -ETIMEDOUT);
    pmdaloop_probe_free(p);
}

/* Who listens, but accepts nobody: the connection does not wait for ever either. */
static void
connects_within_its_limit(void **state)
{
    char folder[] = "/tmp/test-probe-XXXXXX", where[64];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct pmdaloop_probe *p[16] = {NULL};
    int err = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(at.sun_path, sizeof(at.sun_path), "%s/socket", folder);
    snprintf(where, sizeof(where), "unix:%s/socket", folder);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (size_t i = 0; i < 16 && err == 0; i++) {
        p[i] = make();
        err = pmdaloop_probe_connect(p[i], where);
    }
    assert_true(err == -EAGAIN || err == -ETIMEDOUT);
    for (size_t i = 0; i < 16; i++)
        pmdaloop_probe_free(p[i]);
    close(listener);
    unlink(at.sun_path);
    rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(awaits_no_version_for_ever),
        cmocka_unit_test(awaits_no_reply_from_a_chatterer),
        cmocka_unit_test(the_version_is_late_by_the_clock_given),
        cmocka_unit_test(connects_within_its_limit),
    };
    return cmocka_run_group_tests_name("pmdaloop/probe", tests, NULL, NULL);
}
