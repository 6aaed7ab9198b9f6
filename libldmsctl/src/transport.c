/* SPDX-License-Identifier: MIT */
/* Sockets, and the names of the transports that are not here. */
#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static void
set(int fd, int level, int option, int value)
{
    (void)setsockopt(fd, level, option, &value, sizeof(value));
}

static int
sock_open(const struct sockaddr *to, socklen_t len)
{
    int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -errno;
    if (connect(fd, to, len) == 0 || errno == EINPROGRESS)
        return fd;
    int err = -errno;
    close(fd);
    return err;
}

/* From now on a read may wait; those that must not say so. A socket that we did not make
 * needs all of this, too. */
static int
sock_opened(int fd)
{
    int err = 0;
    socklen_t size = sizeof(err);

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) != 0)
        return -errno;
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1); /* a dead host shows after 16 s */
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 2);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    int flags = fcntl(fd, F_GETFL);
    if (err == 0 && flags >= 0)
        (void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return -err;
}

/* Daemons have Nagle's algorithm on: the second of several answers waits until the first
 * is acknowledged, which the kernel delays unless it is told not to, each time. */
static ssize_t
sock_read(int fd, void *bytes, size_t size, bool many, bool wait)
{
    if (many)
        set(fd, IPPROTO_TCP, TCP_QUICKACK, 1);
    ssize_t n = recv(fd, bytes, size, wait ? 0 : MSG_DONTWAIT);
    if (n >= 0)
        return n;
    /* After a signal the kernel would wait for the whole time again, and after the next
     * one again: the caller knows how much of it is left. */
    return errno == EWOULDBLOCK || errno == EINTR ? -EAGAIN : -errno;
}

static ssize_t
sock_write(int fd, const void *bytes, size_t len)
{
    ssize_t n;

    do
        n = send(fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    if (errno == EPIPE)
        return -ECONNRESET; /* the same, seen a moment later */
    return errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

static void
sock_wait_ms(int fd, int ms)
{
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
}

static void
sock_close(int fd)
{
    close(fd);
}

static const struct lc_transport transports[] = {
    {.name = "sock",
     .open = sock_open,
     .opened = sock_opened,
     .read = sock_read,
     .write = sock_write,
     .wait_ms = sock_wait_ms,
     .close = sock_close},
    {.name = "rdma", .lacks = "it needs librdmacm and an RDMA adapter"},
    {.name = "ugni", .lacks = "it needs the uGNI library of Cray systems"},
    {.name = "fabric", .lacks = "it needs libfabric"},
};

const struct lc_transport *
lc_transport_find(const char *name)
{
    for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++)
        if (strcmp(transports[i].name, name) == 0)
            return &transports[i];
    return NULL;
}
