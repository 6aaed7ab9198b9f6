/* SPDX-License-Identifier: MIT */
#ifndef POOL_H
#define POOL_H

/* The ports a port manager has to give, and who has which. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <bytekit/queue.h>

/* Names are kept for as long as the port is held; all of them together no longer than
 * this, so that a program which takes every port under a giant name is refused. */
enum {
    POOL_NAMES_LIMIT = 8 << 20,
    /* Quoting doubles a name at most, and so does CR LF; not both. */
    POOL_LIST_LIMIT = 2 * POOL_NAMES_LIMIT + (4 << 20),
};

struct allocation {
    struct allocation *next; /* of the same holder, in the order they were made */
    uint16_t port;
    size_t service_len, user_len, key_len;
    const char *service, *user;
    const char *key; /* the list `user service`: rows are in its order */
    char text[];
};

/* Who holds ports: one connection. All zero at first. */
struct holder {
    struct allocation *first, *last;
};

struct pool {
    uint16_t low, high;
    uint16_t *free_ports; /* a stack: the one released last goes out first */
    size_t free_count, used_count, names_len;
    struct allocation **by_port; /* from low to high, NULL where free */
    uint64_t changes;            /* allocations and releases so far */
    struct queue listing;        /* the answer to LIST, as of listing_changes */
    uint64_t listing_changes;
};

/* 0 or -ENOMEM. The pool runs from low to high, both included; 1 <= low <= high. */
int pool_open(struct pool *p, uint16_t low, uint16_t high);
void pool_close(struct pool *p);

/* 0; -EADDRNOTAVAIL where no port is free; -ENOBUFS past POOL_NAMES_LIMIT; -ENOMEM. */
int pool_take(struct pool *p, struct holder *h, const char *service, size_t service_len,
              const char *user, size_t user_len, uint16_t *ret_port);
/* Gives back all that h holds, in the order it was taken. */
void pool_release(struct pool *p, struct holder *h);

/* The answer to LIST: rows by user, then service; of several allocations of the same
 * two, all but the first (by port, compared as text) get a suffix. CR LF line ends, also
 * in names. It is made once for all who ask between two changes, and valid until the
 * next call. NULL without memory. */
const struct queue *pool_list(struct pool *p);
/* port TAB service TAB user, by port as text; 0 or -ENOMEM. */
int pool_write_usage(const struct pool *p, FILE *f);

#endif
