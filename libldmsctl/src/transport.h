/* SPDX-License-Identifier: MIT */
#ifndef LC_TRANSPORT_H
#define LC_TRANSPORT_H

/* What carries a connection's bytes. Another transport of LDMS would be another of these
 * structs: whatever it is made of, it has a descriptor to poll, and moves bytes. */
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

struct lc_transport {
    const char *name;
    const char *lacks; /* what it would take to have it; NULL for one that is here */
    /* Begin to connect: a descriptor that turns writable when it is done, or -errno. */
    int (*open)(const struct sockaddr *to, socklen_t len);
    /* Whether it came about: 0 or -errno. */
    int (*opened)(int fd);
    /* Bytes, or 0 at the end of them, or -errno; -EAGAIN where it would have to wait.
     * many: several answers are on their way. wait: for as long as wait_ms() said, or
     * until a signal. */
    ssize_t (*read)(int fd, void *bytes, size_t size, bool many, bool wait);
    ssize_t (*write)(int fd, const void *bytes, size_t len);
    void (*wait_ms)(int fd, int ms);
    void (*close)(int fd);
};

/* NULL if nobody ever heard of it. */
const struct lc_transport *lc_transport_find(const char *name);

#endif
