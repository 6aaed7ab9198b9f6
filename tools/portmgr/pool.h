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
enum { POOL_NAMES_LIMIT = 8 << 20 };

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
 * two, all but the first (by port, compared as text) get a suffix. LF line ends.
 * 0, -ENOBUFS or -ENOMEM; then out may hold a part. */
int pool_list(const struct pool *p, struct queue *out);
/* port TAB service TAB user, by port as text; 0 or -ENOMEM. */
int pool_write_usage(const struct pool *p, FILE *f);

#endif
