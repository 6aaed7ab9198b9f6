/* SPDX-License-Identifier: MIT */
/* How a connection ends: by silence, loss, signals, the system or the caller, and always in
 * time. */
#include "made.h"
#include "peer.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

static double
now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct row {
    const char *name;
    enum peer_mode mode;
    int connect, call;
    const char *says;
} rows[] = {
    {"bytewise", PEER_ANSWERS_BYTEWISE, 0, 0, NULL},
    {"3 MB in records", PEER_HUGE, 0, 0, NULL},
    {"silent from the start", PEER_SILENT, -ETIMEDOUT, 0,
     "did not answer within 300 ms"},
    {"silent later", PEER_SILENT_LATER, 0, -ETIMEDOUT, "did not answer version within"},
    {"drips", PEER_DRIPS, 0, -ETIMEDOUT, "did not answer version within"},
    {"closes before it accepts", PEER_CLOSES_AT_ONCE, -ECONNRESET, 0,
     "closed the connection before it accepted"},
    {"closes at a request", PEER_CLOSES, 0, -ECONNRESET, "closed the connection"},
    {"closes within an answer", PEER_CLOSES_WITHIN, 0, -ECONNRESET, "within a message"},
};

static void
ends_in_time(void **state)
{
    const struct row *row = *state;
    /* Short where it is to pass, and nowhere else: other programs may be busy. */
    struct ldmsctl_options options = {
        .connect_timeout_ms = row->connect == -ETIMEDOUT ? 300 : 20000,
        .reply_timeout_ms = row->call == -ETIMEDOUT ? 300 : 20000};
    struct peer p;
    struct ldmsctl *lc = make(&options);
    double began = now_s();

    peer_start(&p, row->mode, NULL, 1);
    int err = ldmsctl_connect(lc, "127.0.0.1", p.port);
    assert_int_equal(err, row->connect);
    if (err == 0)
        assert_int_equal(ldmsctl_version(lc, NULL), row->call);
    if (row->says && !strstr(ldmsctl_errmsg(lc), row->says))
        fail_msg("'%s' does not say '%s'", ldmsctl_errmsg(lc), row->says);
    assert_int_equal(ldmsctl_get_state(lc),
                     row->connect || row->call ? LDMSCTL_CLOSED : LDMSCTL_CONNECTED);
    assert_true(now_s() - began < 20);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
a_peer_may_go_while_it_authenticates(void **state)
{
    struct ldmsctl_options options = {.auth = "naive"};
    struct ldmsctl *lc = make(&options);
    struct peer p;

    (void)state;
    peer_start(&p, PEER_CLOSES_AUTH, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), -LDMSCTL_EAUTH);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_AUTH);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
what_was_started_ends_when_closed(void **state)
{
    struct peer p;
    struct ldmsctl *lc = make(NULL);
    uint32_t request;

    (void)state;
    peer_start(&p, PEER_SILENT_LATER, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    ldmsctl_close(lc);
    const struct ldmsctl_event *event = ldmsctl_next(lc);
    assert_int_equal(event->request, request);
    assert_int_equal(event->err, -ECANCELED);
    assert_null(ldmsctl_next(lc));
    ldmsctl_free(lc);
    peer_stop(&p);
}

/* What a daemon said before it went is taken, also when the next write fails. */
static void
last_words_are_heard(void **state)
{
    struct ldmsctl *lc = make(NULL);
    struct ldmsctl_reply reply;
    struct lc_hello hello = {.rail = true, .kind = 1, .endpoints = 1, .auth = "none"};
    uint8_t hello_bytes[LC_HELLO_RAIL_BYTES], bytes[128];
    struct wr h = wr_over(hello_bytes, sizeof(hello_bytes));
    struct wr c = wr_over(bytes, sizeof(bytes));
    struct peer p = {.mode = PEER_ANSWERS};
    uint32_t first, second;
    int fds[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    p.fd = fds[1];
    assert_int_equal(ldmsctl_connect_fd_start(lc, fds[0]), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &first), 0);
    memcpy(hello.version, lc_hello_version, sizeof(hello.version));
    lc_hello_put(&h, &hello);
    lc_frame_put(&c, LC_ZAP_ACCEPTED, 1, hello_bytes, wr_len(&h));
    peer_write(&p, bytes, wr_len(&c));
    assert_int_equal(ldmsctl_process(lc), 0);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CONNECTED);
    peer_answer(&p, first, 0x604);
    close(p.fd); /* and does not read the request: writing to it fails from now on */
    assert_int_equal(ldmsctl_command_start(lc, "daemon_status", &second), 0);
    assert_int_equal(ldmsctl_finish(lc, first, &reply), 0);
    assert_string_equal(reply.text, "0x604");
    assert_int_equal(ldmsctl_finish(lc, second, &reply), -ECONNRESET);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CLOSED);
    ldmsctl_free(lc);
}

/* The system takes no descriptors to poll: then there is nothing to wait for. */
static void
ends_when_it_cannot_wait(void **state)
{
    struct ldmsctl_options options = {.connect_timeout_ms = 500};
    struct ldmsctl *lc = make(&options);
    struct rlimit before, none;
    struct peer p;

    (void)state;
    peer_start(&p, PEER_SILENT, NULL, 1);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    assert_int_equal(ldmsctl_connect_start(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    while (ldmsctl_get_state(lc) == LDMSCTL_CONNECTING)
        assert_true(ldmsctl_wait(lc, -1) == 0 ||
                    ldmsctl_get_state(lc) == LDMSCTL_CLOSED);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    const struct ldmsctl_event *event = ldmsctl_next(lc);
    assert_non_null(event);
    assert_int_equal(event->type, LDMSCTL_EVENT_CONNECTED);
    assert_true(event->err < 0);
    ldmsctl_free(lc);
    peer_stop(&p);
}

/* The limit is that of the request, also when an earlier one has more time. */
static void
time_limits_can_change(void **state)
{
    struct peer p;
    struct ldmsctl *lc = make(NULL);
    uint32_t patient, hasty;

    (void)state;
    assert_int_equal(ldmsctl_set_timeouts(lc, 0, 0), 0);
    assert_int_equal(ldmsctl_set_timeouts(lc, UINT32_MAX, 0), -EINVAL);
    assert_int_equal(ldmsctl_set_timeouts(lc, 60000, 60000), 0);
    peer_start(&p, PEER_SILENT_LATER, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &patient), 0);
    assert_true(ldmsctl_get_timeout_ms(lc) > 50000);
    assert_int_equal(ldmsctl_set_timeouts(lc, 0, 20), 0);
    assert_int_equal(ldmsctl_command_start(lc, "daemon_status", &hasty), 0);
    assert_true(ldmsctl_get_timeout_ms(lc) <= 20);
    assert_int_equal(ldmsctl_finish(lc, hasty, NULL), -ETIMEDOUT);
    assert_non_null(
        strstr(ldmsctl_errmsg(lc), "did not answer daemon_status within 20 ms"));
    peer_stop(&p);

    peer_start(&p, PEER_SILENT, NULL, 1);
    assert_int_equal(ldmsctl_set_timeouts(lc, 20, 0), 0);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), -ETIMEDOUT);
    assert_int_equal(ldmsctl_reconnect(lc), -ETIMEDOUT);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static volatile sig_atomic_t alarms;

static void
count_alarm(int number)
{
    (void)number;
    if (++alarms == 2000) /* of 10 ms each: it waits for ever */
        _exit(1);
}

/* A program's timer ends the wait again and again, and does not begin it anew. */
static void
signals_do_not_put_off_the_end(void **state)
{
    static const struct itimerval often = {{0, 10000}, {0, 10000}}, never;
    struct ldmsctl_options options = {.reply_timeout_ms = 300};
    struct sigaction counting = {.sa_handler = count_alarm}, before;
    struct ldmsctl *lc = make(&options);
    struct peer p;
    sigset_t alarm;

    (void)state;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    assert_int_equal(sigaction(SIGALRM, &counting, &before), 0);
    pthread_sigmask(SIG_BLOCK, &alarm, NULL); /* not for the peer's thread */
    peer_start(&p, PEER_SILENT_LATER, NULL, 1);
    pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(ldmsctl_version(lc, NULL), -ETIMEDOUT);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
    assert_true(alarms > 0);
    ldmsctl_free(lc);
    peer_stop(&p);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(a_peer_may_go_while_it_authenticates),
        cmocka_unit_test(what_was_started_ends_when_closed),
        cmocka_unit_test(last_words_are_heard),
        cmocka_unit_test(ends_when_it_cannot_wait),
        cmocka_unit_test(time_limits_can_change),
        cmocka_unit_test(signals_do_not_put_off_the_end),
    };
    enum { MORE = sizeof(more) / sizeof(more[0]) };
    struct CMUnitTest tests[ROWS + MORE];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(ends_in_time, &rows[i]);
        tests[i].name = rows[i].name;
    }
    memcpy(tests + ROWS, more, sizeof(more));
    return cmocka_run_group_tests_name("ldmsctl/endings", tests, NULL, NULL);
}
