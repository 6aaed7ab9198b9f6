/* SPDX-License-Identifier: MIT */
#ifndef LC_AUTH_H
#define LC_AUTH_H

/* Authentication of one connection, either side: payloads of AUTH_MSG in and out. */
#include "ovis.h"
#include "secret.h"

enum lc_auth_kind { LC_AUTH_NONE, LC_AUTH_NAIVE, LC_AUTH_OVIS, LC_AUTH_MUNGE };

enum { LC_AUTH_ADDRESS_BYTES = 28, LC_AUTH_OUT_BYTES = 4096, LC_AUTH_OUT_MAX = 2 };

/* What a side of a connection authenticates with. */
struct lc_auth_config {
    enum lc_auth_kind kind;
    const char *name;
    uint32_t uid, gid;              /* naive */
    char secret[LC_SECRET_MAX + 1]; /* ovis */
    char munge_socket[108];         /* munge; "" for the usual one */
};

struct lc_auth {
    const struct lc_auth_config *config;
    bool daemon; /* the side that was connected to */
    bool done;
    bool asked;         /* ovis: our challenge is out */
    bool listed;        /* ovis: it is among those of this process */
    bool big_endian;    /* ovis: the order of our own machine, or of the peer's */
    uint64_t challenge; /* ovis: ours, to be random */
    uint8_t address[LC_AUTH_ADDRESS_BYTES]; /* munge: our end of the socket, raw */
    size_t address_len;
    uint32_t peer_uid, peer_gid; /* whom we talk to, once done */
    char why[200];               /* of the last failure */
};

/* The payloads to send now, in this order. */
struct lc_auth_out {
    uint8_t bytes[LC_AUTH_OUT_BYTES];
    size_t len[LC_AUTH_OUT_MAX]; /* of each; they lie one after the other */
    size_t n;
};

/* Read options ("conf=/x", "uid=0 gid=0", "socket=/y") for the plugin of that name:
 * 0, -EINVAL, or what reading the secret came to; ret_why then says so. */
int lc_auth_configure(struct lc_auth_config *ret_config, const char *name,
                      const char *options, char *ret_why, size_t why_size);

void lc_auth_init(struct lc_auth *a, const struct lc_auth_config *config, bool daemon,
                  uint64_t random);
/* Once the connection is up, and with each payload that comes: 1 when authentication
 * has ended well, 0 when more must come, -LDMSCTL_EAUTH with a->why. */
int lc_auth_begin(struct lc_auth *a, struct lc_auth_out *out);
int lc_auth_take(struct lc_auth *a, const void *payload, size_t len,
                 struct lc_auth_out *out);
/* Whether it ended or not. */
void lc_auth_end(struct lc_auth *a);

#endif
