/* SPDX-License-Identifier: MIT */
/* What the library must do about connections and time; the names are those of the
 * protocol's list of requirements, as in test_engine.c. */
#include "client.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>

/* A port of the IPv4 loopback on which nobody listens, nor can while it is ours. */
static int
reserve_port(uint16_t *ret_port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET};
    socklen_t len = sizeof(addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    *ret_port = ntohs(addr.sin_port);
    return fd;
}

static void
lists_nothing_at(const char *host, int family)
{
    struct peer peer = {.conn = -1,
                        .steps = STEPS(EXPECT("LIST\n"), SEND("OK 0\r\n"), HOLD)};
    struct portmgr *pm;
    struct portmgr_list *list;

    peer.listener = peer_listen(family, &peer.port);
    if (peer.listener < 0 && family == AF_INET6)
        return; /* this computer has no IPv6 */
    assert_int_equal(pthread_create(&peer.thread, NULL, peer_main, &peer), 0);
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_int_equal(portmgr_connect(pm, host, peer.port), 0);
    assert_int_equal(portmgr_list(pm, &list), 0);
    assert_int_equal(list->count, 0);
    portmgr_list_free(list);
    portmgr_free(pm);
    assert_true(peer_stop(&peer));
}

/* "localhost" has an IPv4 address, tried first, and an IPv6 one. */
static void
c01_host_is_a_name_or_an_address(void **state)
{
    (void)state;
    lists_nothing_at("127.0.0.1", AF_INET);
    lists_nothing_at("::1", AF_INET6);
    lists_nothing_at("localhost", AF_INET);
    lists_nothing_at("localhost", AF_INET6);
    lists_nothing_at(NULL, AF_INET);
}

/* Each address has its share of the time, so a silent one leaves some to the next. */
static void
c01_all_addresses_are_tried(void **state)
{
    struct portmgr_options o = {.size = sizeof(o), .timeout_ms = 4000};
    struct silent_port silent;
    struct peer peer;
    struct portmgr *pm;
    struct portmgr_list *list;

    (void)state;
    fall_silent(&silent);
    const struct peer_step *steps = STEPS(EXPECT("LIST\n"), SEND("OK 0\n"), HOLD);
    if (!start_v6_peer(&peer, silent.port, steps))
        skip();
    assert_int_equal(portmgr_new(&pm, &o), 0);
    assert_int_equal(portmgr_connect(pm, "localhost", silent.port), 0);
    int64_t before_ms = peer_now_ms();
    assert_int_equal(portmgr_list(pm, &list), 0);
    assert_in_range(peer_now_ms() - before_ms, 1900, 20000);
    portmgr_list_free(list);
    portmgr_free(pm);
    assert_true(peer_stop(&peer));
    end_silence(&silent);
}

/* Whoever polls the descriptor could take the next one for it, if they had one number. */
static void
c01_each_address_has_its_own_descriptor(void **state)
{
    struct peer peer;
    struct portmgr *pm;
    struct portmgr_list *list;
    uint16_t port;
    int reserved = reserve_port(&port);

    (void)state;
    const struct peer_step *steps = STEPS(EXPECT("LIST\n"), SEND("OK 0\n"), HOLD);
    if (!start_v6_peer(&peer, port, steps))
        skip();
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_int_equal(portmgr_connect(pm, "localhost", peer.port), 0);
    int first = portmgr_get_fd(pm);
    assert_int_equal(portmgr_list(pm, &list), 0);
    assert_int_not_equal(portmgr_get_fd(pm), first);
    portmgr_list_free(list);
    portmgr_free(pm);
    assert_true(peer_stop(&peer));
    close(reserved);
}

static void
c01_unknown_host(void **state)
{
    struct portmgr *pm;
    struct portmgr_list *list;

    (void)state;
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_int_equal(portmgr_connect(pm, "no-such-host.invalid", 1), 0);
    assert_int_equal(portmgr_list(pm, &list), -PORTMGR_ERESOLVE);
    assert_non_null(
        strstr(portmgr_errmsg(pm), "cannot connect to no-such-host.invalid:1: "));
    assert_int_equal(portmgr_connect(pm, "", 1), -EINVAL);
    portmgr_free(pm);
}

static void
connects_to(const char *file_content, const char *host, const char *want)
{
    char path[] = "/tmp/portmgr-test-XXXXXX";
    struct portmgr_options o = {
        .size = sizeof(o), .port_file = path, .timeout_ms = 1000};
    struct portmgr *pm;
    uint16_t port;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, file_content, strlen(file_content)),
                     strlen(file_content));
    close(fd);
    assert_int_equal(portmgr_new(&pm, &o), 0);
    portmgr_connect(pm, host, 0);
    portmgr_allocate(pm, "x", &port); /* refused, unless a manager really runs here */
    if (portmgr_errmsg(pm)[0])
        assert_non_null(strstr(portmgr_errmsg(pm), want));
    portmgr_free(pm);
    unlink(path);
}

static void
c01_default_port_and_port_file(void **state)
{
    char file[16], want[32];
    uint16_t port;
    int reserved = reserve_port(&port);

    (void)state;
    snprintf(file, sizeof(file), "%u\n", port);
    snprintf(want, sizeof(want), "localhost:%u: ", port);
    connects_to(file, NULL, want);
    connects_to(file, "127.0.0.1", "127.0.0.1:30000"); /* only where it is "local" */
    connects_to("70000\n", NULL, "localhost:30000");
    connects_to("12x\n", NULL, "localhost:30000");
    connects_to("", NULL, "localhost:30000");
    close(reserved);
}

/* A byte now and then must not keep anybody waiting. */
static void
c02_one_deadline_for_the_whole(void **state)
{
    struct stage s;
    struct portmgr_list *list;
    int64_t before_ms = peer_now_ms();

    (void)state;
    raise_stage(&s, STEPS(EXPECT("LIST\n"), SEND("OK 3\r\n"), DRIP("1")), 300);
    assert_int_equal(portmgr_list(s.pm, &list), -ETIMEDOUT);
    assert_in_range(peer_now_ms() - before_ms, 290, 20000);
    assert_non_null(strstr(portmgr_errmsg(s.pm), "within 300 ms"));
    strike_stage(&s);
}

static void
on_alarm(int number)
{
    (void)number;
}

/* Signals wake whoever waits, but neither end the wait nor make it longer. */
static void
c02_signals_do_not_move_the_deadline(void **state)
{
    const struct itimerval often = {.it_interval = {.tv_usec = 7000},
                                    .it_value = {.tv_usec = 7000}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    struct sigaction action = {.sa_handler = on_alarm}, before;
    struct stage s;
    struct portmgr_list *list;
    int64_t before_ms = peer_now_ms();
    sigset_t alarms;

    (void)state;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarms, NULL); /* the peer's thread is spared */
    raise_stage(&s, STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n"), HOLD), 300);
    pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    setitimer(ITIMER_REAL, &often, NULL);
    int err = portmgr_list(s.pm, &list);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    assert_int_equal(err, -ETIMEDOUT);
    assert_in_range(peer_now_ms() - before_ms, 290, 20000);
    strike_stage(&s);
}

/* A full accept queue: connecting itself never ends. */
static void
c02_connecting_has_the_same_deadline(void **state)
{
    struct portmgr_options o = {.size = sizeof(o), .timeout_ms = 300};
    struct silent_port silent;
    struct portmgr *pm;
    struct portmgr_list *list;
    int64_t before_ms;

    (void)state;
    fall_silent(&silent);
    assert_int_equal(portmgr_new(&pm, &o), 0);
    before_ms = peer_now_ms();
    assert_int_equal(portmgr_connect(pm, "127.0.0.1", silent.port), 0);
    assert_int_equal(portmgr_list(pm, &list), -ETIMEDOUT);
    assert_in_range(peer_now_ms() - before_ms, 290, 20000);
    assert_non_null(strstr(portmgr_errmsg(pm), "cannot connect"));
    portmgr_free(pm);
    end_silence(&silent);
}

/* One packet, as one read of it shows; no signal when the peer is gone. */
static void
c03_one_send_without_sigpipe(void **state)
{
    struct portmgr *pm;
    uint16_t port;
    char got[64];
    int pair[2], flags;

    (void)state;
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(
        portmgr_new(&pm,
                    &(struct portmgr_options){.size = sizeof(struct portmgr_options),
                                              .user = "fox"}),
        0);
    assert_int_equal(portmgr_connect_fd(pm, pair[0]), 0);
    flags = fcntl(pair[0], F_GETFD);
    assert_true(flags & FD_CLOEXEC);
    assert_int_equal(portmgr_allocate_start(pm, "a b"), 0);
    assert_int_equal(recv(pair[1], got, sizeof(got), MSG_DONTWAIT), 19);
    assert_memory_equal(got, "GIMME a\\u0020b fox\n", 19);
    portmgr_free(pm);
    close(pair[1]);

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_int_equal(portmgr_connect_fd(pm, pair[0]), 0);
    close(pair[1]);
    assert_true(portmgr_allocate(pm, "svc", &port) < 0);
    portmgr_free(pm);
}

static void
c04_keepalive_and_quickack(void **state)
{
    struct stage s;
    uint16_t port;
    int on = 0;
    socklen_t len = sizeof(on);

    (void)state;
    raise_stage(&s, STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 43010\r\n"), HOLD), 0);
    assert_int_equal(portmgr_allocate(s.pm, "svc", &port), 0);
    assert_int_equal(
        getsockopt(portmgr_get_fd(s.pm), SOL_SOCKET, SO_KEEPALIVE, &on, &len), 0);
    assert_int_equal(on, 1);
    strike_stage(&s);
}

/* The end of each list comes as a packet of its own, which Nagle's algorithm holds back
 * until we acknowledge. The kernel does that at once for the first few packets of a
 * connection, then after 40 ms. */
static void
c04_quickack_for_lists(void **state)
{
    enum { LISTS = 250, WANTED = 60, QUICK_MS = 20 };
    struct peer_step steps[3 * LISTS + 2] = {0};
    struct stage s;
    struct portmgr_list *list;
    int quick = 0;

    (void)state;
    for (int i = 0; i < LISTS; i++) {
        steps[3 * i] = (struct peer_step)EXPECT("LIST\n");
        steps[3 * i + 1] = (struct peer_step)SEND("OK 1\r\n43010 svc fox");
        steps[3 * i + 2] = (struct peer_step)SEND("\r\n");
    }
    steps[(size_t)3 * LISTS] = (struct peer_step)HOLD;
    raise_stage(&s, steps, 0);
    for (int i = 0; i < LISTS; i++) {
        int64_t before_ms = peer_now_ms();
        assert_int_equal(portmgr_list(s.pm, &list), 0);
        portmgr_list_free(list);
        quick += peer_now_ms() - before_ms < QUICK_MS; /* not all, on a busy machine */
    }
    assert_in_range(quick, WANTED, LISTS);
    strike_stage(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c01_host_is_a_name_or_an_address),
        cmocka_unit_test(c01_all_addresses_are_tried),
        cmocka_unit_test(c01_each_address_has_its_own_descriptor),
        cmocka_unit_test(c01_unknown_host),
        cmocka_unit_test(c01_default_port_and_port_file),
        cmocka_unit_test(c02_one_deadline_for_the_whole),
        cmocka_unit_test(c02_signals_do_not_move_the_deadline),
        cmocka_unit_test(c02_connecting_has_the_same_deadline),
        cmocka_unit_test(c03_one_send_without_sigpipe),
        cmocka_unit_test(c04_keepalive_and_quickack),
        cmocka_unit_test(c04_quickack_for_lists),
    };
    return cmocka_run_group_tests_name("portmgr/io", tests, NULL, NULL);
}
