/* SPDX-License-Identifier: MIT */
#ifndef PL_CHANNEL_H
#define PL_CHANNEL_H

/* What both ends of a channel need of the system. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

uint64_t pl_now_ms(void);
int pl_make_nonblocking(int fd);
/* A pipe whose reader has gone is an error to tell, not the end of the process. */
void pl_ignore_sigpipe(void);

struct pl_address {
    struct sockaddr_storage at;
    socklen_t len;
    const char *path; /* of a unix socket, else NULL */
};

/* "unix:PATH", "inet:PORT", "ipv6:PORT", the latter on the loopback. Static words on what
 * is wrong, or NULL. */
const char *pl_address_parse(const char *where, struct pl_address *ret);

#endif
