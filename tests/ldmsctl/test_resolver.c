/* SPDX-License-Identifier: MIT */
/* The handle on a system whose resolver takes its time: this program has its own. */
#include "peer.h"

#include "ldmsctl.h"

#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

enum { LIMIT_MS = 200 };

static atomic_int is_answering; /* the resolver; until then all look-ups wait */
static atomic_int n_waiting;    /* look-ups that have begun */
static atomic_int signals_seen; /* by the threads that look up */
static int threads, files;      /* before the first of them */

/* Every name is the loopback's; all but a numeric one come late. */
int
getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
            struct addrinfo **ret)
{
    struct addrinfo *a = calloc(1, sizeof(*a) + sizeof(struct sockaddr_in));
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                             .sin_port = htons((uint16_t)atoi(service))};
    sigset_t blocked;

    if (!a || (hints->ai_flags & AI_NUMERICHOST)) {
        free(a);
        return a ? EAI_NONAME : EAI_MEMORY;
    }
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    signals_seen += !sigismember(&blocked, SIGTERM) || !sigismember(&blocked, SIGCHLD);
    n_waiting++;
    while (!is_answering)
        poll(NULL, 0, 5);
    n_waiting--;
    if (strcmp(host, "nobody") == 0) {
        free(a);
        return EAI_NONAME;
    }
    memcpy(a + 1, &in, sizeof(in));
    *a = (struct addrinfo){.ai_family = AF_INET,
                           .ai_socktype = SOCK_STREAM,
                           .ai_addr = (struct sockaddr *)(a + 1),
                           .ai_addrlen = sizeof(in)};
    *ret = a;
    return 0;
}

void
freeaddrinfo(struct addrinfo *found)
{
    free(found);
}

static int64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
count_entries(const char *folder)
{
    DIR *dir = opendir(folder);
    int n = 0;

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

/* The look-ups left behind end, and leave neither thread nor descriptor. */
static void
wait_until_gone(void)
{
    is_answering = 1;
    for (int i = 0; i < 500 && (count_entries("/proc/self/task") > threads ||
                                count_entries("/proc/self/fd") > files);
         i++)
        poll(NULL, 0, 20);
    assert_int_equal(count_entries("/proc/self/task"), threads);
    assert_int_equal(count_entries("/proc/self/fd"), files);
}

static struct ldmsctl *
make(uint32_t connect_timeout_ms)
{
    struct ldmsctl_options o = {.size = sizeof(o),
                                .connect_timeout_ms = connect_timeout_ms};
    struct ldmsctl *lc;

    is_answering = 0;
    assert_int_equal(ldmsctl_new(&lc, &o), 0);
    return lc;
}

static void
a_slow_look_up_ends_at_the_deadline(void **state)
{
    struct ldmsctl *lc = make(LIMIT_MS);
    int64_t began_ms = now_ms();

    (void)state;
    assert_int_equal(ldmsctl_connect(lc, "slow", 411), -ETIMEDOUT);
    assert_true(now_ms() - began_ms >= LIMIT_MS - 10);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_RESOLVE);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CLOSED);
    assert_int_equal(ldmsctl_get_fd(lc), -ENOTCONN);
    assert_string_equal(ldmsctl_errmsg(lc), "cannot resolve slow: no answer in time");
    ldmsctl_free(lc);
    wait_until_gone();
}

static void
starting_waits_for_nothing(void **state)
{
    struct ldmsctl *lc = make(60000);
    const struct ldmsctl_event *event;
    int connected = 0, answers = 0;
    uint32_t request;
    struct peer p;

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    assert_int_equal(ldmsctl_connect_start(lc, "slow", p.port), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    assert_int_equal(ldmsctl_process(lc), 0);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_RESOLVE);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CONNECTING);
    assert_int_equal(ldmsctl_connect_start(lc, "slow", p.port), -EISCONN);
    is_answering = 1;
    while (answers == 0) {
        struct pollfd poller = {.fd = ldmsctl_get_fd(lc),
                                .events = (short)ldmsctl_get_events(lc)};
        assert_true(poller.fd >= 0);
        assert_true(poll(&poller, 1, ldmsctl_get_timeout_ms(lc)) >= 0);
        assert_int_equal(ldmsctl_process(lc), 0);
        while ((event = ldmsctl_next(lc)) != NULL) {
            assert_int_equal(event->err, 0);
            connected += event->type == LDMSCTL_EVENT_CONNECTED;
            answers += event->type == LDMSCTL_EVENT_REPLY;
        }
    }
    assert_int_equal(connected, 1);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_READY);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
what_was_started_ends_with_the_look_up(void **state)
{
    struct ldmsctl *lc = make(60000);
    struct ldmsctl_reply reply;
    uint32_t request;

    (void)state;
    assert_int_equal(ldmsctl_connect_start(lc, "nobody", 411), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    is_answering = 1;
    assert_int_equal(ldmsctl_finish(lc, request, &reply), -LDMSCTL_ERESOLVE);
    const struct ldmsctl_event *event = ldmsctl_next(lc);
    assert_non_null(event);
    assert_int_equal(event->type, LDMSCTL_EVENT_CONNECTED);
    assert_int_equal(event->err, -LDMSCTL_ERESOLVE);
    ldmsctl_free(lc);
}

/* A sweep of many takes as long as one. */
static void
look_ups_run_beside_each_other(void **state)
{
    enum { HANDLES = 20 };
    struct ldmsctl *lcs[HANDLES];

    (void)state;
    for (int i = 0; i < HANDLES; i++) {
        lcs[i] = make(60000);
        assert_int_equal(ldmsctl_connect_start(lcs[i], "nobody", 411), 0);
    }
    for (int i = 0; i < 2000 && n_waiting < HANDLES; i++)
        poll(NULL, 0, 5);
    assert_int_equal(n_waiting, HANDLES);
    is_answering = 1;
    for (int i = 0; i < HANDLES; i++) {
        while (ldmsctl_wait(lcs[i], -1) == 0)
            continue;
        assert_int_equal(ldmsctl_next(lcs[i])->err, -LDMSCTL_ERESOLVE);
        ldmsctl_free(lcs[i]);
    }
}

static void
handles_may_go_while_they_look_up(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        struct ldmsctl *lc = make(0);
        assert_int_equal(ldmsctl_connect_start(lc, "slow", 411), 0);
        assert_int_equal(ldmsctl_reconnect_start(lc), 0);
        if (i % 2)
            ldmsctl_close(lc);
        ldmsctl_free(lc);
    }
    wait_until_gone();
    assert_int_equal(signals_seen, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_look_up_ends_at_the_deadline),
        cmocka_unit_test(starting_waits_for_nothing),
        cmocka_unit_test(what_was_started_ends_with_the_look_up),
        cmocka_unit_test(look_ups_run_beside_each_other),
        cmocka_unit_test(handles_may_go_while_they_look_up),
    };
    threads = count_entries("/proc/self/task");
    files = count_entries("/proc/self/fd");
    return cmocka_run_group_tests_name("ldmsctl/resolver", tests, NULL, NULL);
}
