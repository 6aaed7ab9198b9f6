/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "lookup.h"

#include "ldmsctl.h"

#include <netinet/in.h>
#include <poll.h>

static void
numeric_addresses_need_no_look_up(void **state)
{
    static const struct {
        const char *host;
        int is_numeric, family;
    } rows[] = {
        {"127.0.0.1", 1, AF_INET}, {"10.99.0.1", 1, AF_INET},
        {"::1", 1, AF_INET6},      {"node17", 0, 0},
        {"1.2.3.4.5", 0, 0},       {"localhost.example", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct addrinfo *found = NULL;
        assert_int_equal(lc_lookup_now(rows[i].host, 411, &found), rows[i].is_numeric);
        if (!rows[i].is_numeric)
            continue;
        assert_int_equal(found->ai_family, rows[i].family);
        assert_null(found->ai_next);
        freeaddrinfo(found);
    }
}

static bool
is_loopback(const struct addrinfo *a)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (a->ai_family == AF_INET6) {
        memcpy(&v6, a->ai_addr, sizeof(v6));
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    memcpy(&v4, a->ai_addr, sizeof(v4));
    return v4.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
}

/* Whatever /etc/hosts says, and if it is not there. */
static void
localhost_needs_no_look_up(void **state)
{
    static const char *const names[] = {"localhost", "LocalHost"};
    struct sockaddr_in v4;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct addrinfo *found = NULL;
        int n_v4 = 0;
        assert_int_equal(lc_lookup_now(names[i], 411, &found), 1);
        for (struct addrinfo *a = found; a; a = a->ai_next) {
            memcpy(&v4, a->ai_addr,
                   sizeof(v4)); /* the port's place is the same in both */
            assert_int_equal(ntohs(v4.sin_port), 411);
            assert_int_equal(a->ai_socktype, SOCK_STREAM);
            assert_true(is_loopback(a));
            n_v4 += a->ai_family == AF_INET;
        }
        assert_int_equal(n_v4, 1);
        freeaddrinfo(found);
    }
}

static int
wait_for(struct lc_lookup *lookup, struct addrinfo **ret_found, const char **ret_why)
{
    struct pollfd p = {.fd = lc_lookup_fd(lookup), .events = POLLIN};

    assert_int_equal(poll(&p, 1, 60000), 1);
    return lc_lookup_take(lookup, ret_found, ret_why);
}

static void
a_name_has_addresses(void **state)
{
    struct lc_lookup *lookup;
    struct addrinfo *found;
    const char *why = NULL;
    struct sockaddr_in v4;

    (void)state;
    /* An address is a name, too, and the one that every system knows. */
    assert_int_equal(lc_lookup_start(&lookup, "127.0.0.1", 411), 0);
    assert_string_equal(lc_lookup_host(lookup), "127.0.0.1");
    assert_int_equal(wait_for(lookup, &found, &why), 1);
    assert_null(why);
    lc_lookup_free(lookup); /* the addresses stay */
    for (struct addrinfo *a = found; a; a = a->ai_next) {
        memcpy(&v4, a->ai_addr, sizeof(v4));
        assert_int_equal(ntohs(v4.sin_port), 411);
    }
    freeaddrinfo(found);
}

static void
a_name_may_have_none(void **state)
{
    struct lc_lookup *lookup;
    struct addrinfo *found;
    const char *why = NULL;

    (void)state;
    assert_int_equal(lc_lookup_start(&lookup, "no such host", 411), 0);
    assert_int_equal(wait_for(lookup, &found, &why), -LDMSCTL_ERESOLVE);
    assert_non_null(why);
    lc_lookup_free(lookup);
    lc_lookup_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numeric_addresses_need_no_look_up),
        cmocka_unit_test(localhost_needs_no_look_up),
        cmocka_unit_test(a_name_has_addresses),
        cmocka_unit_test(a_name_may_have_none),
    };
    return cmocka_run_group_tests_name("ldmsctl/lookup", tests, NULL, NULL);
}
