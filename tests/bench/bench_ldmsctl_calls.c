/* SPDX-License-Identifier: MIT */
/* Calls against what the same bytes cost bare: a thread on a loopback TCP socket reads a
 * request of known size and writes an answer of known size, and knows no protocol. The
 * floor is a plain client of that thread; the value is libldmsctl as its client. Given
 * LDMSC, the same of `ldmsc serve`, a whole daemon in a process of its own. */
#include "bench.h"
#include "pin.h"

#include "attr.h"
#include "auth.h"
#include "envelope.h"
#include "frame.h"
#include "hello.h"
#include "message.h"

#include <ldmsctl.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 9, CALLS = 4000, CONNECTS = 300, DEPTH = 50, BIG_CALLS = 60 };
enum { BUF_BYTES = 2 << 20 };

struct server {
    int listener;
    uint16_t port;
    pthread_t thread;
    size_t request_bytes, answer_bytes; /* of the bare kind; 0 for a daemon's */
    size_t text_bytes;
    const struct lc_auth_config *auth;
};

static bool
read_all(int fd, uint8_t *to, size_t len)
{
    while (len) {
        ssize_t n = recv(fd, to, len, 0);
        if (n <= 0)
            return false;
        to += n;
        len -= (size_t)n;
    }
    return true;
}

static bool
write_all(int fd, const uint8_t *from, size_t len)
{
    while (len) {
        ssize_t n = send(fd, from, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
    }
    return true;
}

static void
no_delay(int fd)
{
    int one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void
serve_bare(const struct server *s, int fd, uint8_t *buf)
{
    while (read_all(fd, buf, s->request_bytes))
        if (!write_all(fd, buf, s->answer_bytes))
            break;
}

/* Puts an answer together once; then only its number changes. */
static size_t
make_answer(uint8_t *to, size_t text_bytes)
{
    size_t attrs_len = LC_ATTR_HEAD_BYTES + text_bytes;
    struct queue out = queue_make(BUF_BYTES);
    uint8_t *attrs = calloc(1, attrs_len);
    struct wr c = wr_over(attrs, attrs_len);
    struct lc_record head = {.type = LC_RECORD_RESPONSE};
    uint32_t xid = 0;
    size_t len;

    wr_u32(&c, 1);
    wr_u32(&c, LC_ATTR_STRING);
    wr_u32(&c, (uint32_t)text_bytes);
    memset(attrs + LC_ATTR_HEAD_BYTES, 'x', text_bytes - 1);
    (void)lc_message_put(&out, &xid, &head, attrs, attrs_len, LC_RECORD_MAX_BYTES);
    len = out.len;
    memcpy(to, queue_at(&out), len);
    queue_free(&out);
    free(attrs);
    return len;
}

static void
send_auth(int fd, const struct lc_auth_out *out)
{
    const uint8_t *at = out->bytes;
    uint8_t buf[512];
    struct wr c = wr_over(buf, sizeof(buf));

    for (size_t i = 0; i < out->n; at += out->len[i++])
        lc_envelope_put(&c, 1, 0, LC_AUTH_MSG, at, out->len[i]);
    (void)write_all(fd, buf, wr_len(&c));
}

/* The next message, in buf. */
static bool
read_frame(int fd, uint8_t *buf, struct lc_frame *ret_frame)
{
    if (!read_all(fd, buf, 8))
        return false;
    size_t size = lc_frame_size(buf, 8);
    if (size > BUF_BYTES || size < 8 || !read_all(fd, buf + 8, size - 8))
        return false;
    struct rd stream = rd_over(buf, size);
    return lc_frame_take(&stream, ret_frame) == 1;
}

static void
serve_daemon(const struct server *s, int fd, uint8_t *buf, uint8_t *answer)
{
    size_t answer_len = make_answer(answer, s->text_bytes);
    struct lc_frame frame;
    struct lc_auth auth;
    struct lc_auth_out out = {.n = 0};
    uint8_t accepted[128];
    struct wr c = wr_over(accepted, sizeof(accepted));

    if (!read_frame(fd, buf, &frame))
        return;
    lc_frame_put(&c, LC_ZAP_ACCEPTED, 1, frame.data, frame.len);
    if (!write_all(fd, accepted, wr_len(&c)) || !read_frame(fd, buf, &frame))
        return;
    lc_auth_init(&auth, s->auth, true, 0x1234);
    int end = lc_auth_begin(&auth, &out);
    send_auth(fd, &out);
    while (end == 0) {
        struct lc_envelope e;
        out.n = 0;
        if (!read_frame(fd, buf, &frame) ||
            lc_envelope_take(frame.data, frame.len, &e) < 0)
            return;
        end = lc_auth_take(&auth, e.body, e.len, &out);
        send_auth(fd, &out);
    }
    /* Read what is there, answer all of it at once. */
    size_t have = 0, room = BUF_BYTES / answer_len, n_answers = 0;

    for (size_t i = 1; i < room && i < DEPTH; i++)
        memcpy(answer + i * answer_len, answer, answer_len);
    for (;;) {
        ssize_t n = recv(fd, buf + have, BUF_BYTES / 2 - have, 0);
        if (n <= 0)
            return;
        have += (size_t)n;
        struct rd stream = rd_over(buf, have);
        while (rd_left(&stream) && lc_frame_take(&stream, &frame) == 1) {
            /* the number of the message */
            memcpy(answer + n_answers++ * answer_len + 56, frame.data + 32, 4);
            if (n_answers == DEPTH || n_answers == room) {
                if (!write_all(fd, answer, n_answers * answer_len))
                    return;
                n_answers = 0;
            }
        }
        if (!write_all(fd, answer, n_answers * answer_len))
            return;
        n_answers = 0;
        have = rd_left(&stream);
        memmove(buf, stream.at, have);
    }
}

static void *
serve(void *arg)
{
    const struct server *s = arg;
    uint8_t *buf = malloc(BUF_BYTES), *answer = malloc(BUF_BYTES);
    int fd;

    while ((fd = accept(s->listener, NULL, NULL)) >= 0) {
        no_delay(fd);
        if (s->request_bytes)
            serve_bare(s, fd, buf);
        else
            serve_daemon(s, fd, buf, answer);
        close(fd);
    }
    free(buf);
    free(answer);
    return NULL;
}

static void
start_server(struct server *s)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(in);

    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(s->listener, (struct sockaddr *)&in, sizeof(in)) != 0 ||
        listen(s->listener, 64) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&in, &len) != 0 ||
        pthread_create(&s->thread, NULL, serve, s) != 0)
        exit(1);
    s->port = ntohs(in.sin_port);
}

static void
stop_server(struct server *s)
{
    shutdown(s->listener, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->listener);
}

static int
connect_bare(uint16_t port)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                             .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    no_delay(fd);
    if (connect(fd, (struct sockaddr *)&in, sizeof(in)) != 0)
        exit(1);
    return fd;
}

static void
check(struct ldmsctl *lc, int err)
{
    if (err < 0) {
        fprintf(stderr, "bench: %s\n", ldmsctl_errmsg(lc));
        exit(1);
    }
}

static struct ldmsctl *
make_client(const char *auth, const char *auth_opt)
{
    struct ldmsctl_options o = {.size = sizeof(o), .auth = auth, .auth_opt = auth_opt};
    struct ldmsctl *lc;

    if (ldmsctl_new(&lc, &o) < 0)
        exit(1);
    return lc;
}

/* Each returns seconds for one of what it does. */
static double
bare_calls(uint16_t port, size_t request, size_t answer, int n)
{
    static uint8_t buf[BUF_BYTES];
    int fd = connect_bare(port);
    double began = bench_now_s();

    for (int i = 0; i < n; i++)
        if (!write_all(fd, buf, request) || !read_all(fd, buf, answer))
            exit(1);
    double took = bench_now_s() - began;
    close(fd);
    return took / n;
}

static double
bare_connects(uint16_t port, size_t request, size_t answer, int n)
{
    static uint8_t buf[BUF_BYTES];
    double began = bench_now_s();

    for (int i = 0; i < n; i++) {
        int fd = connect_bare(port);
        if (!write_all(fd, buf, request) || !read_all(fd, buf, answer))
            exit(1);
        close(fd);
    }
    return (bench_now_s() - began) / n;
}

static double
our_calls(uint16_t port, int n)
{
    struct ldmsctl *lc = make_client(NULL, NULL);

    check(lc, ldmsctl_connect(lc, "127.0.0.1", port));
    check(lc, ldmsctl_version(lc, NULL));
    double began = bench_now_s();
    for (int i = 0; i < n; i++)
        check(lc, ldmsctl_version(lc, NULL));
    double took = bench_now_s() - began;
    ldmsctl_free(lc);
    return took / n;
}

static double
our_pipeline(uint16_t port, int n)
{
    struct ldmsctl *lc = make_client(NULL, NULL);
    const struct ldmsctl_event *event;
    int started = 0, ended = 0;
    uint32_t request;

    check(lc, ldmsctl_connect(lc, "127.0.0.1", port));
    check(lc, ldmsctl_version(lc, NULL));
    double began = bench_now_s();
    while (ended < n) {
        while (started < n && started - ended < DEPTH) {
            check(lc, ldmsctl_call_start(lc, "version", NULL, 0, &request));
            started++;
        }
        check(lc, ldmsctl_wait(lc, -1));
        while ((event = ldmsctl_next(lc)) != NULL) {
            check(lc, event->err);
            ended++;
        }
    }
    double took = bench_now_s() - began;
    ldmsctl_free(lc);
    return took / n;
}

static double
our_connects(uint16_t port, const char *auth, const char *auth_opt, int n)
{
    double began = bench_now_s();

    for (int i = 0; i < n; i++) {
        struct ldmsctl *lc = make_client(auth, auth_opt);
        check(lc, ldmsctl_connect(lc, "127.0.0.1", port));
        check(lc, ldmsctl_version(lc, NULL));
        ldmsctl_free(lc);
    }
    return (bench_now_s() - began) / n;
}

static void
bench_connects(const char *name, const struct lc_auth_config *auth, const char *opt,
               size_t request, size_t answer, double goal)
{
    struct server bare = {.request_bytes = request, .answer_bytes = answer};
    struct server daemon = {.text_bytes = 20, .auth = auth};
    double floor_s[ROUNDS], ours_s[ROUNDS];

    start_server(&bare);
    start_server(&daemon);
    for (int i = 0; i < ROUNDS; i++) {
        floor_s[i] = bare_connects(bare.port, request, answer, CONNECTS);
        ours_s[i] = our_connects(daemon.port, auth->name, opt, CONNECTS);
    }
    bench_print(name, "us", bench_median(ours_s, ROUNDS) * 1e6,
                "TCP connect and one ping-pong of the same bytes",
                bench_median(floor_s, ROUNDS) * 1e6, goal, 1);
    stop_server(&bare);
    stop_server(&daemon);
}

/* A stand-in on a port that the kernel picked, which it tells. */
static pid_t
start_stand_in(const char *tool, uint16_t *ret_port)
{
    char line[128] = "";
    int ends[2];

    if (pipe(ends) < 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execl(tool, tool, "serve", "--listen", "0", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *told = fdopen(ends[0], "r");
    const char *port =
        told && fgets(line, sizeof(line), told) ? strrchr(line, ':') : NULL;
    if (child < 0 || !port) {
        fprintf(stderr, "bench: %s serve does not listen\n", tool);
        exit(1);
    }
    *ret_port = (uint16_t)atoi(port + 1);
    (void)fclose(told);
    return child;
}

/* The length of what it answers, for the bare server to answer as much. */
static size_t
answer_bytes(uint16_t port)
{
    struct ldmsctl *lc = make_client(NULL, NULL);
    struct ldmsctl_reply reply;

    check(lc, ldmsctl_connect(lc, "127.0.0.1", port));
    check(lc, ldmsctl_version(lc, &reply));
    size_t len = reply.text_len;
    ldmsctl_free(lc);
    return 44 + 24 + 12 + len + 1 + 4;
}

/* What the stand-in itself takes: its connection once made, the same bytes each time. */
static double
stand_in_calls(uint16_t port, size_t answer, int n)
{
    enum { VERSION = 0x604 };
    static uint8_t buf[BUF_BYTES];
    struct lc_record head = {.type = LC_RECORD_REQUEST, .msg_no = 1, .code = VERSION};
    struct queue out = queue_make(BUF_BYTES);
    struct ldmsctl *lc = make_client(NULL, NULL);
    uint32_t xid = 0;

    check(lc, ldmsctl_connect(lc, "127.0.0.1", port));
    check(lc, ldmsctl_version(lc, NULL));
    (void)lc_message_put(&out, &xid, &head, NULL, 0, LC_RECORD_MAX_BYTES);
    int fd = ldmsctl_get_fd(lc);
    double began = bench_now_s();
    for (int i = 0; i < n; i++)
        if (!write_all(fd, queue_at(&out), out.len) || !read_all(fd, buf, answer))
            exit(1);
    double took = bench_now_s() - began;
    ldmsctl_free(lc);
    queue_free(&out);
    return took / n;
}

static void
bench_stand_in(const char *tool, size_t request)
{
    double bare_s[ROUNDS], raw_s[ROUNDS], ours_s[ROUNDS], deep_s[ROUNDS];
    double bare_connect_s[ROUNDS], connect_s[ROUNDS];
    uint16_t port;
    pid_t stand_in = start_stand_in(tool, &port);
    struct server bare = {.request_bytes = request, .answer_bytes = answer_bytes(port)};

    start_server(&bare);
    for (int i = 0; i < ROUNDS; i++) {
        bare_s[i] = 1 / bare_calls(bare.port, request, bare.answer_bytes, CALLS);
        raw_s[i] = 1 / stand_in_calls(port, bare.answer_bytes, CALLS);
        ours_s[i] = 1 / our_calls(port, CALLS);
        deep_s[i] = 1 / our_pipeline(port, CALLS);
        bare_connect_s[i] =
            bare_connects(bare.port, request, bare.answer_bytes, CONNECTS);
        connect_s[i] = our_connects(port, "none", NULL, CONNECTS);
    }
    kill(stand_in, SIGTERM);
    (void)waitpid(stand_in, NULL, 0);
    stop_server(&bare);

    double sequential = bench_median(ours_s, ROUNDS);
    bench_print("ldmsctl/serve-connect-none", "us",
                bench_median(connect_s, ROUNDS) * 1e6,
                "TCP connect and one ping-pong of the call's bytes",
                bench_median(bare_connect_s, ROUNDS) * 1e6, 3, 1);
    bench_print("ldmsctl/serve-sequential", "calls/s", sequential,
                "a bare client of the same stand-in", bench_median(raw_s, ROUNDS), 0.85,
                0);
    /* The stand-in works for its answer, the bare server does not: half is plenty. */
    bench_print("ldmsctl/serve-sequential beside a bare server", "calls/s", sequential,
                "TCP ping-pong of the same bytes", bench_median(bare_s, ROUNDS), 0.5,
                0);
    bench_print("ldmsctl/serve-50-in-flight", "calls/s", bench_median(deep_s, ROUNDS),
                "one after the other", sequential, 3, 0);
}

int
main(int argc, char **argv)
{
    static const struct lc_auth_config none = {.kind = LC_AUTH_NONE, .name = "none"};
    static const struct lc_auth_config ovis = {
        .kind = LC_AUTH_OVIS, .name = "ovis", .secret = "throwaway0secret"};
    enum {
        REQUEST = 72,
        TEXT = 150,
        ANSWER = 44 + 24 + 12 + TEXT + 4,
        BIG_TEXT = 1000000
    };
    enum { BIG_ANSWER = 44 + 24 + 12 + BIG_TEXT + 4 };
    double floor_s[ROUNDS], ours_s[ROUNDS], deep_s[ROUNDS];
    char path[] = "/tmp/ldmsctl-bench-XXXXXX";
    int fd = mkstemp(path);

    if (fd < 0 || write(fd, "secretword=throwaway0secret\n", 28) != 28)
        return 1;
    close(fd);
    bench_pin_to_one_cpu();

    struct server bare = {.request_bytes = REQUEST, .answer_bytes = ANSWER};
    struct server daemon = {.text_bytes = TEXT, .auth = &none};
    start_server(&bare);
    start_server(&daemon);
    for (int i = 0; i < ROUNDS; i++) {
        floor_s[i] = 1 / bare_calls(bare.port, REQUEST, ANSWER, CALLS);
        ours_s[i] = 1 / our_calls(daemon.port, CALLS);
        deep_s[i] = 1 / our_pipeline(daemon.port, CALLS);
    }
    double sequential = bench_median(ours_s, ROUNDS);
    bench_print("ldmsctl/sequential", "calls/s", sequential,
                "TCP ping-pong of the same bytes", bench_median(floor_s, ROUNDS), 0.85,
                0);
    bench_print("ldmsctl/50-in-flight", "calls/s", bench_median(deep_s, ROUNDS),
                "one after the other", sequential, 3, 0);
    stop_server(&bare);
    stop_server(&daemon);

    bare = (struct server){.request_bytes = REQUEST, .answer_bytes = BIG_ANSWER};
    daemon = (struct server){.text_bytes = BIG_TEXT, .auth = &none};
    start_server(&bare);
    start_server(&daemon);
    for (int i = 0; i < ROUNDS; i++) {
        floor_s[i] = 1 / bare_calls(bare.port, REQUEST, BIG_ANSWER, BIG_CALLS);
        ours_s[i] = 1 / our_calls(daemon.port, BIG_CALLS);
    }
    bench_print("ldmsctl/1MB-answers", "calls/s", bench_median(ours_s, ROUNDS),
                "TCP ping-pong of the same bytes", bench_median(floor_s, ROUNDS), 0.5,
                0);
    stop_server(&bare);
    stop_server(&daemon);

    bench_connects("ldmsctl/connect-none", &none, NULL, 100 + 24 + 72, 88 + 104, 3);
    bench_connects("ldmsctl/connect-ovis", &ovis, path, 100 + 24 + 56 + 105 + 72,
                   88 + 56 + 105 + 104, 5);
    unlink(path);
    if (argc > 1)
        bench_stand_in(argv[1], REQUEST);
    return 0;
}
