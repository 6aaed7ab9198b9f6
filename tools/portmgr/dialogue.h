/* SPDX-License-Identifier: MIT */
#ifndef DIALOGUE_H
#define DIALOGUE_H

/* One client's requests, and the answers to them: bytes in, bytes out, no socket. */
#include "pool.h"

#include <stdbool.h>

enum {
    DIALOGUE_LINE_LIMIT = 64 << 10,         /* longest request */
    DIALOGUE_FEED_LIMIT = 64 << 10,         /* most bytes in one feed */
    DIALOGUE_REPLY_LIMIT = POOL_LIST_LIMIT, /* longest answer */
};

enum dialogue_request { DIALOGUE_OTHER, DIALOGUE_GIMME, DIALOGUE_LIST };

struct dialogue {
    struct queue in;               /* what has come and is not answered */
    size_t scanned;                /* of these, known to hold no line end */
    bool after_cr;                 /* a line ended in CR: an LF now belongs to it */
    bool local;                    /* may allocate */
    bool over;                     /* nothing more is read or answered: close */
    enum dialogue_request request; /* the one answered last */
    char address[64];
    struct holder holder;
};

/* `address` is the client's, numeric; it decides who may allocate. */
void dialogue_begin(struct dialogue *d, const char *address);
/* Releases what the client holds. */
void dialogue_end(struct dialogue *d, struct pool *pool);

/* Bytes from the client, at most DIALOGUE_FEED_LIMIT, when dialogue_wants() is true.
 * 0 or -ENOMEM. */
int dialogue_feed(struct dialogue *d, const void *bytes, size_t n);
/* False as long as the lines fed so far are to be answered first. */
bool dialogue_wants(const struct dialogue *d);
/* Answers the oldest line, if a whole one is there: CR LF line ends in out. 1 if it
 * did, 0 if there is none, or -ENOMEM, -ENOBUFS. A reply that ends the dialogue
 * releases its ports at once. */
int dialogue_answer(struct dialogue *d, struct pool *pool, struct queue *out);
/* The client will send no more; call it when dialogue_answer() gives 0. Answers what
 * is left of a line, and ends. 0 or negative. */
int dialogue_finish(struct dialogue *d, struct pool *pool, struct queue *out);

#endif
