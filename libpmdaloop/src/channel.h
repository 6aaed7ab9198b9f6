/* SPDX-License-Identifier: MIT */
#ifndef PL_CHANNEL_H
#define PL_CHANNEL_H

/* What both ends of a channel need of the system. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

uint64_t pl_now_ms(void);
int pl_make_nonblocking(int fd);
/* A pipe whose reader has gone is an error to tell, not the end of the process. */
void pl_ignore_sigpipe(void);
/* Have a pipe hold n bytes, if it can: they are then written at once, without a wait for
 * the reader half-way. *held, 0 at first, is what is known to fit or was tried; it is left
 * to this function. A descriptor of another kind is left as it is. */
void pl_pipe_hold(int fd, size_t n, size_t *held);

struct pl_address {
    struct sockaddr_storage at;
    socklen_t len;
    const char *path; /* of a unix socket, else NULL */
};

/* "unix:PATH", "inet:PORT", "ipv6:PORT", the latter on the loopback. Static words on what
 * is wrong, or NULL. */
const char *pl_address_parse(const char *where, struct pl_address *ret);

#endif
