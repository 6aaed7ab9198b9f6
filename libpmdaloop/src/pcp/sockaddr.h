/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_SOCKADDR_H
#define PL_PCP_SOCKADDR_H

/* An address of any family, which agents only see from outside. */
#include <pcp/libpcp.h>

#include <stdbool.h>
#include <sys/un.h>

struct __pmSockAddr {
    union {
        struct sockaddr any;
        struct sockaddr_in inet;
        struct sockaddr_in6 inet6;
        struct sockaddr_un local;
        struct sockaddr_storage room;
    } u;
};

#endif
