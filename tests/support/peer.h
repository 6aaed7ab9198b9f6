/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_PEER_H
#define SUPPORT_PEER_H

/* A server on 127.0.0.1 that follows a script, in a thread of its own. It leaves when
 * its client does, or when the script or its patience is over. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum peer_act {
    PEER_DONE,
    PEER_EXPECT, /* wait for these bytes; anything else is a failure */
    PEER_SEND,   /* all of them in one piece */
    PEER_PAUSE,  /* ms */
    PEER_DRIP,   /* one byte after another, ms between, again and again */
    PEER_FLOOD,  /* again and again, as fast as the client reads */
    PEER_HOLD,   /* say nothing until the client leaves */
    PEER_CLOSE,  /* ... what follows is for the next client */
    PEER_RESET,
};

struct peer_step {
    enum peer_act act;
    const char *bytes;
    size_t len;
    int ms;
};

#define EXPECT(text)                                                                   \
    {                                                                                  \
        PEER_EXPECT, text, sizeof(text) - 1, 0                                         \
    }
#define SEND(text)                                                                     \
    {                                                                                  \
        PEER_SEND, text, sizeof(text) - 1, 0                                           \
    }
#define PAUSE(ms)                                                                      \
    {                                                                                  \
        PEER_PAUSE, NULL, 0, ms                                                        \
    }
#define DRIP(text)                                                                     \
    {                                                                                  \
        PEER_DRIP, text, sizeof(text) - 1, 20                                          \
    }
#define FLOOD(text)                                                                    \
    {                                                                                  \
        PEER_FLOOD, text, sizeof(text) - 1, 0                                          \
    }
#define HOLD                                                                           \
    {                                                                                  \
        PEER_HOLD, NULL, 0, 0                                                          \
    }
#define CLOSE                                                                          \
    {                                                                                  \
        PEER_CLOSE, NULL, 0, 0                                                         \
    }
#define RESET                                                                          \
    {                                                                                  \
        PEER_RESET, NULL, 0, 0                                                         \
    }

enum { PEER_PATIENCE_MS = 20000 };

struct peer {
    int listener, conn;
    uint16_t port;
    const struct peer_step *steps; /* up to PEER_DONE */
    pthread_t thread;
    char fault[256]; /* what went wrong, or empty */
};

static inline int64_t
peer_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline void
peer_sleep_ms(int ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

/* False at the end of the connection. */
static inline bool
peer_expect(struct peer *p, const char *bytes, size_t len)
{
    char got[8192];
    size_t n = 0;

    while (n < len) {
        struct pollfd wait = {.fd = p->conn, .events = POLLIN};
        ssize_t more = -1;
        if (poll(&wait, 1, PEER_PATIENCE_MS) > 0)
            more = recv(p->conn, got + n, len - n, 0);
        if (more <= 0)
            break;
        n += (size_t)more;
    }
    if (n == len && memcmp(got, bytes, len) == 0)
        return true;
    snprintf(p->fault, sizeof(p->fault), "wanted '%.80s', got '%.*s'", bytes,
             (int)(n < 80 ? n : 80), got);
    return false;
}

/* For ever, which ends when the client is gone. */
static inline void
peer_repeat(struct peer *p, const struct peer_step *step)
{
    int64_t end_ms = peer_now_ms() + PEER_PATIENCE_MS;

    for (size_t i = 0; peer_now_ms() < end_ms; i++) {
        const char *at = step->ms ? step->bytes + i % step->len : step->bytes;
        if (send(p->conn, at, step->ms ? 1 : step->len, MSG_NOSIGNAL) < 0)
            return;
        if (step->ms)
            peer_sleep_ms(step->ms);
    }
}

static inline void
peer_hold(struct peer *p)
{
    char bytes[512];
    struct pollfd wait = {.fd = p->conn, .events = POLLIN};

    while (poll(&wait, 1, PEER_PATIENCE_MS) > 0 &&
           recv(p->conn, bytes, sizeof(bytes), 0) > 0)
        continue;
}

static inline void
peer_hang_up(struct peer *p, bool reset)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    if (reset)
        setsockopt(p->conn, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(p->conn);
    p->conn = -1;
}

static inline bool
peer_accept(struct peer *p)
{
    struct pollfd wait = {.fd = p->listener, .events = POLLIN};

    if (p->conn < 0 && poll(&wait, 1, PEER_PATIENCE_MS) > 0)
        p->conn = accept(p->listener, NULL, NULL);
    if (p->conn < 0)
        snprintf(p->fault, sizeof(p->fault), "nobody called");
    return p->conn >= 0;
}

static inline void *
peer_main(void *arg)
{
    struct peer *p = (struct peer *)arg;

    for (const struct peer_step *s = p->steps; s->act != PEER_DONE; s++) {
        if (!peer_accept(p))
            break;
        if (s->act == PEER_EXPECT && !peer_expect(p, s->bytes, s->len))
            break;
        if (s->act == PEER_SEND && send(p->conn, s->bytes, s->len, MSG_NOSIGNAL) < 0)
            break;
        if (s->act == PEER_PAUSE)
            peer_sleep_ms(s->ms);
        if (s->act == PEER_DRIP || s->act == PEER_FLOOD)
            peer_repeat(p, s);
        if (s->act == PEER_HOLD)
            peer_hold(p);
        if (s->act == PEER_CLOSE || s->act == PEER_RESET)
            peer_hang_up(p, s->act == PEER_RESET);
    }
    if (p->conn >= 0)
        peer_hang_up(p, false);
    return NULL;
}

/* A socket that listens on a loopback port which the kernel picks. */
static inline int
peer_listen(int family, uint16_t *ret_port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    bool is_v4 = family == AF_INET;
    struct sockaddr *addr =
        is_v4 ? (struct sockaddr *)(void *)&v4 : (struct sockaddr *)(void *)&v6;
    socklen_t len = is_v4 ? sizeof(v4) : sizeof(v6);
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, addr, len) < 0 || listen(fd, 16) < 0 ||
        getsockname(fd, addr, &len) < 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *ret_port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    return fd;
}

static inline void
peer_start(struct peer *p, const struct peer_step *steps)
{
    memset(p, 0, sizeof(*p));
    p->conn = -1;
    p->steps = steps;
    p->listener = peer_listen(AF_INET, &p->port);
    if (p->listener < 0 || pthread_create(&p->thread, NULL, peer_main, p) != 0) {
        perror("peer");
        abort();
    }
}

/* Call it when the client has left. True if all went as the script has it. */
static inline bool
peer_stop(struct peer *p)
{
    pthread_join(p->thread, NULL);
    close(p->listener);
    if (p->fault[0])
        fprintf(stderr, "peer: %s\n", p->fault);
    return !p->fault[0];
}

#endif
