/* SPDX-License-Identifier: MIT */
#ifndef LC_DIR_H
#define LC_DIR_H

/* The directory of metric sets: requests, replies, and what the replies' JSON says. */
#include "ldmsctl.h"

#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum { LC_DIR_ONCE = 0, LC_DIR_NOTIFY = 1 }; /* flags */
enum { LC_DIR_LIST = 0, LC_DIR_DELETED = 1, LC_DIR_ADDED = 2, LC_DIR_UPDATED = 3 };

/* The body of a DIR_REPLY or DIR_UPDATE. */
struct lc_dir_reply {
    uint32_t rc;   /* not 0: there is no JSON */
    uint32_t type; /* LC_DIR_LIST for what was asked for */
    bool more;     /* another reply with the same xid follows */
    const uint8_t *json;
    size_t len;
};

/* 0 or -LDMSCTL_EPROTO. */
int lc_dir_reply_take(const void *bytes, size_t len, struct lc_dir_reply *ret_reply);
void lc_dir_reply_put(struct wr *c, const struct lc_dir_reply *reply);

/* The replies' documents, one after the other, each { "directory": [ sets ] }. */
struct lc_dir {
    struct ldmsctl_set *sets; /* free() */
    size_t n_sets;
    char *text; /* free(); the sets as one JSON list */
    size_t text_len;
    char *strings; /* free(); what the sets point to */
};

/* Read documents of the lengths given into sets of max_bytes at most, of which a peer
 * could else have any number for three bytes each: 0, -LDMSCTL_EPROTO and where,
 * -LDMSCTL_ETOOBIG, -ENOMEM. */
int lc_dir_read(const char *json, const size_t *lens, size_t n, size_t max_bytes,
                struct lc_dir *ret_dir, size_t *ret_fault);
void lc_dir_free(struct lc_dir *dir);

#endif
