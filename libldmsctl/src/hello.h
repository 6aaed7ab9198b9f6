/* SPDX-License-Identifier: MIT */
#ifndef LC_HELLO_H
#define LC_HELLO_H

/* What two LDMS peers tell each other in CONNECT and ACCEPTED. */
#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum {
    LC_HELLO_AUTH_BYTES = 16,   /* a plugin's name, filled up with NUL */
    LC_HELLO_LEGACY_BYTES = 20, /* version and name: all that peers before rails say */
    LC_HELLO_RAIL_BYTES = 64,
    LC_HELLO_IB_BYTES = 51, /* a form of other transports; daemons bear it */
};

struct lc_hello {
    uint8_t version[4];
    char auth[LC_HELLO_AUTH_BYTES + 1];
    bool rail;           /* the rest is there */
    uint32_t kind;       /* 1 for a rail */
    int64_t rate_limit;  /* bytes per second, -1 for no limit */
    int64_t recv_quota;  /* bytes, -1 for no limit */
    uint32_t endpoints;  /* in the rail */
    uint32_t index;      /* of this one */
    uint32_t process_id; /* of who speaks */
    uint64_t rail_no;    /* unique among the live connections of the process */
    uint32_t messages;   /* whether its message service is on */
};

/* The LDMS version we speak; all four bytes are compared. */
extern const uint8_t lc_hello_version[4];

/* 0, or -LDMSCTL_EPROTO for less than a version or for what is neither form. Short
 * forms (a version and a NUL-terminated name) are taken as legacy ones. */
int lc_hello_take(const void *bytes, size_t len, struct lc_hello *ret_hello);

/* The rail form, or where !h->rail the legacy one. */
void lc_hello_put(struct wr *c, const struct lc_hello *h);

/* Whether the peer speaks our version. */
bool lc_hello_is_ours(const struct lc_hello *h);

#endif
