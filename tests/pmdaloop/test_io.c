/* SPDX-License-Identifier: MIT */
/* A session over descriptors, and how it ends. */
#include "pmdaloop.h"
#include "simple_table.h"
#include "support/cmocka.h"
#include "support/hex.h"

#include <sys/socket.h>
#include <unistd.h>

enum { MANY = 150, DESC_BYTES = 32, CREDS_BYTES = 20 };

static void
say(int fd, const char *hex)
{
    struct hex h = unhex(hex);
    assert_int_equal(send(fd, h.bytes, h.len, MSG_NOSIGNAL), (ssize_t)h.len);
    free(h.bytes);
}

/* An agent, and pmcd's end of its socket, which has said hello. */
static struct pmdaloop *
agent(const struct pmdaloop_options *o, const struct pmdaloop_table *table, int *ret_fd)
{
    struct pmdaloop *pl;
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(pmdaloop_new(&pl, o), 0);
    assert_int_equal(pmdaloop_set_table(pl, table), 0);
    assert_int_equal(pmdaloop_connect_fd(pl, fds[0], fds[0]), 0);
    say(fds[1], "00000014 0000700c 00001234 00000001 01020000");
    *ret_fd = fds[1];
    return pl;
}

/* More requests than are served at once, and then no more: each has its reply. */
static void
whoever_stops_asking_may_read_on(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    uint8_t bytes[CREDS_BYTES + MANY * DESC_BYTES + 1];
    size_t len = 0;
    ssize_t n;
    int fd;
    struct pmdaloop *pl = agent(&o, &simple_table, &fd);

    struct hex request = unhex("00000010 00007004 00000000 3f400001");
    uint8_t requests[MANY * 16];
    for (size_t i = 0; i < sizeof(requests); i += request.len)
        memcpy(requests + i, request.bytes, request.len);
    free(request.bytes);
    assert_int_equal(send(fd, requests, sizeof(requests), 0), sizeof(requests));
    shutdown(fd, SHUT_WR);
    assert_int_equal(pmdaloop_run(pl), 0);
    pmdaloop_free(pl);
    while ((n = recv(fd, bytes + len, sizeof(bytes) - len, 0)) > 0)
        len += (size_t)n;
    assert_int_equal(len, CREDS_BYTES + MANY * DESC_BYTES);
    close(fd);
}

static int
never(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      struct pmdaloop_value *ret)
{
    (void)pl, (void)m, (void)inst, (void)ret;
    return PMDALOOP_LATER;
}

/* pmcd has been killed while as many requests wait as may: the agent ends, too. */
static void
nobody_is_left_to_answer(void **state)
{
    (void)state;
    static const struct pmdaloop_metric metrics[] = {
        {.type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT}};
    const struct pmdaloop_table table = {
        .size = sizeof(table), .metrics = metrics, .n_metrics = 1, .fetch = never};
    struct pmdaloop_options o = {
        .size = sizeof(o), .domain = 253, .max_requests = 2, .reply_timeout_ms = 20};
    int fd;
    struct pmdaloop *pl = agent(&o, &table, &fd);

    for (int i = 0; i < 3; i++)
        say(fd,
            "00000020 00007003 00000000 00000000 00000000 00000000 00000001 3f400000");
    assert_int_equal(pmdaloop_wait(pl, 0), 0);
    while (pmdaloop_next(pl) != NULL)
        continue; /* they are taken, and wait */
    close(fd);
    assert_int_equal(pmdaloop_run(pl), 0);
    assert_string_equal(pmdaloop_errmsg(pl), "pmcd has ended the session");
    pmdaloop_free(pl);
}

/* Who asks once more after the end is told at once. */
static void
an_end_is_an_end(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    int fd;
    struct pmdaloop *pl = agent(&o, &simple_table, &fd);

    close(fd);
    assert_int_equal(pmdaloop_run(pl), 0);
    assert_int_equal(pmdaloop_wait(pl, -1), -PMDALOOP_ECLOSED);
    assert_int_equal(pmdaloop_run(pl), 0);
    pmdaloop_free(pl);

    pl = agent(&o, &simple_table, &fd);
    say(fd, "00000003");
    assert_int_equal(pmdaloop_run(pl), -PMDALOOP_EPROTO);
    assert_int_equal(pmdaloop_run(pl), -PMDALOOP_EPROTO);
    pmdaloop_free(pl);
    close(fd);
}

/* What a table's function must not do is refused, and neither waits nor harms. */
static int
fetch_that_meddles(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                   struct pmdaloop_value *ret)
{
    (void)m, (void)inst;
    assert_int_equal(pmdaloop_process(pl), -EBUSY);
    assert_int_equal(pmdaloop_wait(pl, -1), -EBUSY);
    assert_int_equal(pmdaloop_run(pl), -EBUSY);
    assert_int_equal(pmdaloop_feed(pl, "x", 1), -EBUSY);
    assert_int_equal(pmdaloop_set_table(pl, NULL), -EBUSY);
    assert_int_equal(pmdaloop_add_instance(pl, 0, 5, "x"), -EBUSY);
    assert_int_equal(pmdaloop_reply_error(pl, 1, -1), -PMDALOOP_ENOREQUEST);
    assert_null(pmdaloop_next(pl));
    pmdaloop_tick(pl, UINT64_MAX);
    ret->as.u32 = 5;
    return PMDALOOP_VALUE;
}

static void
a_table_cannot_meddle(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct pmdaloop_table table = simple_table;
    uint8_t reply[CREDS_BYTES + 44];
    int fd;

    table.fetch = fetch_that_meddles;
    struct pmdaloop *pl = agent(&o, &table, &fd);
    say(fd, "00000020 00007003 00000000 00000000 00000000 00000000 00000001 3f400000");
    shutdown(fd, SHUT_WR);
    assert_int_equal(pmdaloop_run(pl), 0);
    assert_int_equal(recv(fd, reply, sizeof(reply), MSG_WAITALL), sizeof(reply));
    assert_int_equal(reply[sizeof(reply) - 1], 5);
    pmdaloop_free(pl);
    close(fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_stops_asking_may_read_on),
        cmocka_unit_test(nobody_is_left_to_answer),
        cmocka_unit_test(an_end_is_an_end),
        cmocka_unit_test(a_table_cannot_meddle),
    };
    return cmocka_run_group_tests_name("pmdaloop/io", tests, NULL, NULL);
}
