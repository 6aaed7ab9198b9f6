/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "lookup.h"

#include "portmgr.h"

#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>

static void
numeric_needs_no_thread(void **state)
{
    static const struct {
        const char *host;
        int family;
    } rows[] = {{"127.0.0.1", AF_INET}, {"10.99.0.1", AF_INET}, {"::1", AF_INET6}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pt_addresses found;
        assert_int_equal(pt_lookup_now(rows[i].host, 30000, &found), 1);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.at[0].addr.ss_family, rows[i].family);
        free(found.at);
    }
}

static void
localhost_is_both_loopbacks(void **state)
{
    struct pt_addresses found;
    struct sockaddr_in v4;

    (void)state;
    assert_int_equal(pt_lookup_now("LocalHost", 30000, &found), 1);
    assert_int_equal(found.count, 2);
    memcpy(&v4, &found.at[0].addr, sizeof(v4));
    assert_int_equal(v4.sin_family, AF_INET);
    assert_int_equal(ntohs(v4.sin_port), 30000);
    assert_int_equal(ntohl(v4.sin_addr.s_addr), INADDR_LOOPBACK);
    assert_int_equal(found.at[1].addr.ss_family, AF_INET6);
    free(found.at);
}

static void
names_need_a_look_up(void **state)
{
    struct pt_addresses found;

    (void)state;
    assert_int_equal(pt_lookup_now("spdaq20", 30000, &found), 0);
    assert_int_equal(pt_lookup_now("1.2.3.4.5", 30000, &found), 0);
}

static int
wait_for(struct pt_lookup *lookup, struct pt_addresses *found, const char **why)
{
    struct pollfd p = {.fd = pt_lookup_fd(lookup), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 60000), 1);
    return pt_lookup_poll(lookup, found, why);
}

static void
a_thread_looks_up(void **state)
{
    struct pt_lookup *lookup;
    struct pt_addresses found;
    const char *why = NULL;

    (void)state;
    assert_int_equal(pt_lookup_start(&lookup, "localhost", 30000), 0);
    assert_int_equal(wait_for(lookup, &found, &why), 1);
    assert_true(found.count > 0);
    free(found.at);
    pt_lookup_free(lookup);
}

static void
unknown_name(void **state)
{
    struct pt_lookup *lookup;
    struct pt_addresses found;
    const char *why = NULL;

    (void)state;
    assert_int_equal(pt_lookup_start(&lookup, "no-such-host.invalid", 30000), 0);
    assert_int_equal(wait_for(lookup, &found, &why), -PORTMGR_ERESOLVE);
    assert_non_null(why);
    pt_lookup_free(lookup);
}

static int
count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    int n = 0;

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

/* Whoever asked has gone: the thread cleans up. ASan and valgrind watch. */
static void
left_behind(void **state)
{
    struct pt_lookup *lookup;
    int before = 3; /* this thread, and . and .. */

    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(pt_lookup_start(&lookup, "localhost", 30000), 0);
        pt_lookup_free(lookup);
    }
    for (int i = 0; i < 500 && count_threads() > before; i++)
        poll(NULL, 0, 20);
    assert_int_equal(count_threads(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numeric_needs_no_thread),
        cmocka_unit_test(localhost_is_both_loopbacks),
        cmocka_unit_test(names_need_a_look_up),
        cmocka_unit_test(a_thread_looks_up),
        cmocka_unit_test(unknown_name),
        cmocka_unit_test(left_behind),
    };
    return cmocka_run_group_tests_name("portmgr/lookup", tests, NULL, NULL);
}
