/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
/* Descriptors, addresses and the clock, for both ends of a channel. */
#include "channel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>

uint64_t
pl_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int
pl_make_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

void
pl_ignore_sigpipe(void)
{
    struct sigaction act;

    if (sigaction(SIGPIPE, NULL, &act) == 0 && !(act.sa_flags & SA_SIGINFO) &&
        act.sa_handler == SIG_DFL) {
        act.sa_handler = SIG_IGN;
        (void)sigaction(SIGPIPE, &act, NULL);
    }
}

void
pl_pipe_hold(int fd, size_t n, size_t *held)
{
    if (n <= *held)
        return;
    *held = n;
#ifdef F_SETPIPE_SZ
    enum { MOST_BYTES = 1 << 20 }; /* what the system allows to all */
    int has = fcntl(fd, F_GETPIPE_SZ);
    if (has < 0)
        *held = SIZE_MAX; /* no pipe */
    else if ((size_t)has >= n)
        *held = (size_t)has;
    else
        (void)fcntl(fd, F_SETPIPE_SZ, (int)(n < MOST_BYTES ? n : MOST_BYTES));
#endif
}

static const char *
parse_unix(const char *path, struct pl_address *ret)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};

    if (!*path || strlen(path) >= sizeof(un.sun_path))
        return "its path is empty or too long";
    memcpy(un.sun_path, path, strlen(path) + 1);
    memcpy(&ret->at, &un, sizeof(un));
    ret->len = sizeof(un);
    ret->path = path;
    return NULL;
}

static const char *
parse_port(const char *text, bool v6, struct pl_address *ret)
{
    char *end;
    long port = strtol(text, &end, 10);
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

    if (*end || end == text || port < 1 || port > 65535)
        return "not a port from 1 to 65535";
    in.sin_port = in6.sin6_port = htons((uint16_t)port);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in6.sin6_addr = in6addr_loopback;
    ret->len = v6 ? sizeof(in6) : sizeof(in);
    memcpy(&ret->at, v6 ? (const void *)&in6 : (const void *)&in, ret->len);
    return NULL;
}

const char *
pl_address_parse(const char *where, struct pl_address *ret)
{
    *ret = (struct pl_address){0};
    if (strncmp(where, "unix:", 5) == 0)
        return parse_unix(where + 5, ret);
    if (strncmp(where, "inet:", 5) == 0)
        return parse_port(where + 5, false, ret);
    if (strncmp(where, "ipv6:", 5) == 0)
        return parse_port(where + 5, true, ret);
    return "not pipe, unix:PATH, inet:PORT or ipv6:PORT";
}
