/* SPDX-License-Identifier: MIT */
/* A system whose resolver takes its time: it is this program's own. */
#include "support/cmocka.h"
#include "support/peer.h"

#include "portmgr.h"

#include <dirent.h>
#include <netdb.h>

#include <stdatomic.h>

enum { TIMEOUT_MS = 200 };

static atomic_int is_answering; /* the resolver; until then all look-ups wait */
static struct addrinfo *answer; /* or NULL: there is no such name */

int
getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
            struct addrinfo **ret)
{
    (void)host;
    (void)service;
    *ret = NULL;
    if (hints->ai_flags & AI_NUMERICHOST)
        return EAI_NONAME;
    while (!is_answering)
        peer_sleep_ms(5);
    *ret = answer;
    return answer ? 0 : EAI_NONAME;
}

void
freeaddrinfo(struct addrinfo *found)
{
    (void)found;
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

/* Those left behind come to their end, and leave no thread. */
static void
end_look_ups(int threads)
{
    is_answering = 1;
    for (int i = 0; i < 500 && count_threads() > threads; i++)
        peer_sleep_ms(20);
    assert_int_equal(count_threads(), threads);
    is_answering = 0;
}

/* The handle is gone long before the thread, which cleans up after both. */
static void
c02_the_look_up_has_the_same_deadline(void **state)
{
    struct portmgr_options o = {.size = sizeof(o), .timeout_ms = TIMEOUT_MS};
    struct portmgr *pm;
    struct portmgr_list *list;
    int before = count_threads();

    (void)state;
    assert_int_equal(portmgr_new(&pm, &o), 0);
    int64_t before_ms = peer_now_ms();
    assert_int_equal(portmgr_connect(pm, "slow", 1), 0);
    assert_int_equal(portmgr_list(pm, &list), -ETIMEDOUT);
    assert_true(peer_now_ms() - before_ms >= TIMEOUT_MS - 10);
    assert_string_equal(
        portmgr_errmsg(pm),
        "cannot connect to slow:1: the look-up of its name takes too long");
    portmgr_free(pm);
    assert_int_equal(count_threads(), before + 1);
    end_look_ups(before);
}

/* Nobody waits for a look-up that nobody asked for any more. */
static void
c02_a_handle_is_freed_while_it_looks_up(void **state)
{
    struct portmgr *pm;
    int before = count_threads();

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(portmgr_new(&pm, NULL), 0);
        assert_int_equal(portmgr_connect(pm, "slow", 1), 0);
        portmgr_free(pm);
    }
    end_look_ups(before);
}

/* One address that refuses, and one of a family that this computer does not have, in
 * either order: the server is not there, and that is what is said. */
static void
c01_what_a_server_says_counts(void **state)
{
    enum { NO_FAMILY = 200 };
    struct sockaddr_in v4 = {.sin_family = AF_INET}, none = {.sin_family = NO_FAMILY};
    socklen_t len = sizeof(v4);
    struct addrinfo found[2];
    int reserved =
        socket(AF_INET, SOCK_STREAM, 0); /* it is bound, and not listened on */
    struct portmgr *pm;
    struct portmgr_list *list;
    int before = count_threads();

    (void)state;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(reserved, (struct sockaddr *)&v4, len), 0);
    assert_int_equal(getsockname(reserved, (struct sockaddr *)&v4, &len), 0);
    for (int first = 0; first < 2; first++) {
        found[first] =
            (struct addrinfo){.ai_addr = (struct sockaddr *)&v4, .ai_addrlen = len};
        found[!first] =
            (struct addrinfo){.ai_addr = (struct sockaddr *)&none, .ai_addrlen = len};
        found[0].ai_next = &found[1];
        found[1].ai_next = NULL;
        answer = found;
        is_answering = 1;
        assert_int_equal(portmgr_new(&pm, NULL), 0);
        assert_int_equal(portmgr_connect(pm, "two", 1), 0);
        assert_int_equal(portmgr_list(pm, &list), -ECONNREFUSED);
        assert_string_equal(portmgr_errmsg(pm),
                            "cannot connect to two:1: connection refused");
        portmgr_free(pm);
    }
    end_look_ups(before);
    answer = NULL;
    close(reserved);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c01_what_a_server_says_counts),
        cmocka_unit_test(c02_the_look_up_has_the_same_deadline),
        cmocka_unit_test(c02_a_handle_is_freed_while_it_looks_up),
    };
    return cmocka_run_group_tests_name("portmgr/resolver", tests, NULL, NULL);
}
