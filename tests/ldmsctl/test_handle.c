/* SPDX-License-Identifier: MIT */
/* The handle on real sockets: connecting and calling. */
#include "made.h"
#include "peer.h"

#include <netinet/tcp.h>

static void
connects_calls_and_closes(void **state)
{
    struct peer p;
    struct ldmsctl *lc = make(NULL);
    struct ldmsctl_reply reply;

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 2);
    assert_int_equal(ldmsctl_connect(lc, "localhost", p.port), 0);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CONNECTED);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_READY);
    assert_string_equal(ldmsctl_get_host(lc), "localhost");
    assert_int_equal(ldmsctl_get_port(lc), p.port);
    assert_int_equal(ldmsctl_get_max_recv_len(lc), 1048516);
    assert_int_equal(ldmsctl_connect(lc, "localhost", p.port), -EISCONN);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(ldmsctl_version(lc, &reply), 0);
        assert_string_equal(reply.text, "0x604");
    }
    assert_int_equal(ldmsctl_dir_list(lc, &reply), 0);
    assert_int_equal(reply.n_sets, 2);
    assert_int_equal(ldmsctl_reconnect(lc), 0);
    assert_int_equal(ldmsctl_command(lc, "prdcr_start name=a", &reply), 0);
    assert_string_equal(reply.text, "0x102");
    ldmsctl_close(lc);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CLOSED);
    assert_int_equal(ldmsctl_version(lc, NULL), -ENOTCONN);
    assert_int_equal(ldmsctl_get_fd(lc), -ENOTCONN);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
authenticates(void **state)
{
    static const struct lc_auth_config naive = {.kind = LC_AUTH_NAIVE, .name = "naive"};
    struct ldmsctl_options options = {.auth = "naive", .auth_opt = "uid=1 gid=2"};
    struct ldmsctl *lc = make(&options);
    struct peer p;

    (void)state;
    peer_start(&p, PEER_ANSWERS, &naive, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_greeting(lc, "bob", 0, 0, false, NULL, NULL), 0);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
authenticates_by_secret(void **state)
{
    static const struct lc_auth_config ovis = {
        .kind = LC_AUTH_OVIS, .name = "ovis", .secret = "throwaway0secret"};
    char path[] = "/tmp/ldmsctl-handle-XXXXXX";
    struct ldmsctl_options options = {.auth = "ovis", .auth_opt = path};
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    struct peer p;

    (void)state;
    assert_non_null(f);
    fputs("secretword=throwaway0secret\n", f);
    fclose(f);
    peer_start(&p, PEER_ANSWERS, &ovis, 2);
    struct ldmsctl *lc = make(&options);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_version(lc, NULL), 0);
    ldmsctl_free(lc);

    f = fopen(path, "we");
    assert_non_null(f);
    fputs("secretword=another0secret\n", f);
    fclose(f);
    lc = make(&options);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), -LDMSCTL_EAUTH);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_AUTH);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CLOSED);
    ldmsctl_free(lc);
    peer_stop(&p);
    unlink(path);
}

/* Answers go to their requests, in whatever order they come. */
static void
several_are_in_flight(void **state)
{
    static const char *const lines[] = {"version", "daemon_status", "prdcr_stats"};
    static const char *const texts[] = {"0x604", "0x603", "0x60e"};
    struct peer p;
    struct ldmsctl *lc = make(NULL);
    struct ldmsctl_reply reply;
    uint32_t request[9];
    const struct ldmsctl_event *event;

    (void)state;
    peer_start(&p, PEER_ANSWERS_BACKWARDS, NULL, 1);
    assert_int_equal(ldmsctl_connect_start(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CONNECTING);
    for (int i = 0; i < 9; i++) /* also before the connection is there */
        assert_int_equal(ldmsctl_command_start(lc, lines[i % 3], &request[i]), 0);
    assert_int_equal(ldmsctl_finish(lc, request[1], &reply), 0);
    assert_string_equal(reply.text, texts[1]);
    event = ldmsctl_next(lc);
    assert_non_null(event);
    assert_int_equal(event->type, LDMSCTL_EVENT_CONNECTED);
    for (int seen = 1; seen < 9; seen++) {
        while (!(event = ldmsctl_next(lc)))
            assert_int_equal(ldmsctl_wait(lc, -1), 0);
        assert_int_equal(event->type, LDMSCTL_EVENT_REPLY);
        for (int i = 0; i < 9; i++)
            if (event->request == request[i])
                assert_string_equal(event->reply.text, texts[i % 3]);
    }
    assert_null(ldmsctl_next(lc));
    assert_int_equal(ldmsctl_finish(lc, request[0], &reply), -EINVAL);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
too_many_are_not_started(void **state)
{
    struct ldmsctl_options options = {.max_in_flight = 2};
    struct peer p;
    struct ldmsctl *lc = make(&options);
    uint32_t request;

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), -EAGAIN);
    assert_int_equal(ldmsctl_finish(lc, request, NULL), 0);
    assert_int_equal(ldmsctl_next(lc)->err, 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    ldmsctl_free(lc);
    peer_stop(&p);
}

/* What was taken is no longer in flight, though its answer can still be read. */
static void
one_at_a_time_is_enough(void **state)
{
    struct ldmsctl_options options = {.max_in_flight = 1};
    struct peer p;
    struct ldmsctl *lc = make(&options);
    uint32_t request;

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ldmsctl_version(lc, NULL), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &request), -EAGAIN);
    ldmsctl_free(lc);
    peer_stop(&p);
}

/* An OpenLDMS record made by hand: empty, request 0x604. */
static void
sends_records_as_they_are(void **state)
{
    static const uint8_t record[28] = {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0,
                                       0,    3,    0,    0,    0, 9, 0, 0, 6, 4,
                                       0,    0,    0,    28,   0, 0, 0, 0};
    struct peer p;
    struct ldmsctl *lc = make(NULL);
    struct ldmsctl_reply reply;

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_receive_response(lc, &reply), -EINVAL);
    assert_int_equal(ldmsctl_send_command(lc, record, sizeof(record), NULL), 0);
    assert_int_equal(ldmsctl_receive_response(lc, &reply), 0);
    assert_string_equal(reply.text, "0x604");
    assert_int_equal(ldmsctl_send_command(lc, record, 27, NULL), -EINVAL);
    ldmsctl_free(lc);
    peer_stop(&p);
}

static void
says_what_connecting_failed_of(void **state)
{
    struct ldmsctl *lc = make(NULL);
    struct peer p;

    (void)state;
    peer_start(&p, PEER_SILENT, NULL, 0); /* a port that nobody has any more */
    peer_stop(&p);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), -ECONNREFUSED);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_CONNECT);
    assert_non_null(strstr(ldmsctl_errmsg(lc), "cannot connect to 127.0.0.1:"));
    (void)ldmsctl_connect(lc, "::1", 1); /* refused, or there is no IPv6 */
    assert_non_null(strstr(ldmsctl_errmsg(lc), "[::1]:1"));
    assert_int_equal(ldmsctl_connect(lc, "no such host", 1), -LDMSCTL_ERESOLVE);
    assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_RESOLVE);
    assert_int_equal(ldmsctl_connect(lc, "", 1), -EINVAL);
    assert_int_equal(ldmsctl_get_state(lc), LDMSCTL_CLOSED);
    ldmsctl_free(lc);
}

static void
options_are_checked(void **state)
{
    static const struct {
        struct ldmsctl_options options;
        int made, connects;
        const char *says;
    } tries[] = {
        {{.size = 8}, -EINVAL, 0, NULL},
        {{.size = sizeof(struct ldmsctl_options), .max_response_bytes = 1},
         -EINVAL,
         0,
         NULL},
        {{.size = sizeof(struct ldmsctl_options), .xprt = "rdma"},
         0,
         -EPROTONOSUPPORT,
         "librdmacm"},
        {{.size = sizeof(struct ldmsctl_options), .xprt = "pigeon"},
         0,
         -EPROTONOSUPPORT,
         "'pigeon'"},
        {{.size = sizeof(struct ldmsctl_options), .auth = "nosuch"},
         0,
         -EINVAL,
         "'nosuch'"},
        {{.size = sizeof(struct ldmsctl_options), .auth = "ovis", .auth_opt = "conf=x"},
         0,
         -EINVAL,
         "not absolute"},
    };
    struct {
        struct ldmsctl_options options;
        char more;
    } longer = {.options = {.size = sizeof(longer)}};
    struct ldmsctl *lc;

    (void)state;
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        assert_int_equal(ldmsctl_new(&lc, &tries[i].options), tries[i].made);
        if (tries[i].made < 0)
            continue;
        assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", 1), tries[i].connects);
        assert_int_equal(ldmsctl_get_stage(lc), LDMSCTL_STAGE_NONE);
        assert_non_null(strstr(ldmsctl_errmsg(lc), tries[i].says));
        ldmsctl_free(lc);
    }
    assert_int_equal(ldmsctl_new(&lc, &longer.options), 0);
    ldmsctl_free(lc);
    longer.more = 1;
    assert_int_equal(ldmsctl_new(&lc, &longer.options), -E2BIG);
    ldmsctl_free(NULL);
}

/* A taken-over socket, driven by the five calls of an event loop alone. */
static void
works_under_any_loop(void **state)
{
    struct peer p;
    struct ldmsctl *lc = make(NULL);
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), answers = 0, no_delay = 0;
    socklen_t size = sizeof(no_delay);

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    in.sin_port = htons(p.port);
    assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
    assert_int_equal(ldmsctl_connect_fd_start(lc, fd), 0);
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    assert_true(no_delay);
    assert_int_equal(ldmsctl_command_start(lc, "version", NULL), 0);
    assert_int_equal(ldmsctl_call_start(lc, "daemon_status", NULL, 0, NULL), 0);
    while (answers < 2) {
        const struct ldmsctl_event *event;
        struct pollfd poller = {.fd = ldmsctl_get_fd(lc),
                                .events = (short)ldmsctl_get_events(lc)};
        int timeout_ms = ldmsctl_get_timeout_ms(lc);
        assert_true(timeout_ms >= 0 && timeout_ms <= 5000);
        assert_true(poll(&poller, 1, timeout_ms) > 0);
        assert_int_equal(ldmsctl_process(lc), 0);
        while ((event = ldmsctl_next(lc)) != NULL)
            answers += event->type == LDMSCTL_EVENT_REPLY;
    }
    ldmsctl_free(lc);
    peer_stop(&p);
}

/* Answers that wait to be taken hold up others, but not one that is waited for. */
static void
large_answers_are_taken_in_any_order(void **state)
{
    struct ldmsctl_options options = {.max_response_bytes = 7 << 20};
    struct ldmsctl *lc = make(&options);
    struct ldmsctl_reply reply;
    uint32_t first, second;
    struct peer p;

    (void)state;
    peer_start(&p, PEER_HUGE, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &first), 0);
    assert_int_equal(ldmsctl_command_start(lc, "version", &second), 0);
    assert_int_equal(ldmsctl_finish(lc, second, &reply), 0);
    assert_int_equal(reply.text_len, 3000000);
    assert_int_equal(ldmsctl_finish(lc, first, &reply), 0);
    assert_int_equal(reply.text_len, 3000000);
    ldmsctl_free(lc);
    peer_stop(&p);
}

/* More than may wait to be written at a time: the rest waits until that is
 * gone. */
static void
large_requests_wait_for_room(void **state)
{
    enum { REQUESTS = 70, BYTES = 1 << 20 };
    struct ldmsctl_options options = {.reply_timeout_ms = 60000};
    struct ldmsctl *lc = make(&options);
    char *data = malloc(BYTES + 1);
    const struct ldmsctl_arg args[] = {{"name", "s"}, {"data", data}};
    const struct ldmsctl_event *event;
    uint32_t request, answers = 0;
    struct peer p;

    (void)state;
    assert_non_null(data);
    memset(data, 'x', BYTES);
    data[BYTES] = '\0';
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    for (int i = 0; i < REQUESTS; i++)
        assert_int_equal(ldmsctl_call_start(lc, "stream_publish", args, 2, &request),
                         0);
    while (answers < REQUESTS) {
        while (!(event = ldmsctl_next(lc)))
            assert_int_equal(ldmsctl_wait(lc, -1), 0);
        assert_int_equal(event->err, 0);
        assert_int_equal(event->request, request - REQUESTS + ++answers);
    }
    ldmsctl_free(lc);
    peer_stop(&p);
    free(data);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(connects_calls_and_closes),
        cmocka_unit_test(authenticates),
        cmocka_unit_test(authenticates_by_secret),
        cmocka_unit_test(several_are_in_flight),
        cmocka_unit_test(too_many_are_not_started),
        cmocka_unit_test(one_at_a_time_is_enough),
        cmocka_unit_test(sends_records_as_they_are),
        cmocka_unit_test(says_what_connecting_failed_of),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(works_under_any_loop),
        cmocka_unit_test(large_answers_are_taken_in_any_order),
        cmocka_unit_test(large_requests_wait_for_room),
    };
    return cmocka_run_group_tests_name("ldmsctl/handle", tests, NULL, NULL);
}
