/* SPDX-License-Identifier: MIT */
#ifndef CLIENT_H
#define CLIENT_H

/* Those who are connected to the port manager, in one libuv loop. */
#include "fault.h"
#include "pool.h"
#include "usage.h"

#include <uv.h>

struct client;

/* All of them, and what they share. */
struct clients {
    uv_loop_t *loop;
    struct pool *pool;
    struct usage *usage;
    const struct fault *fault; /* or NULL */
    struct client *first;
    uv_timer_t sweep; /* runs while somebody has a deadline */
    size_t waiting;   /* those with a deadline */
    size_t pending;   /* bytes in their queues */
    bool starved;     /* for want of memory somebody was not let in */
    char bytes[64 << 10];
};

void clients_open(struct clients *all, uv_loop_t *loop, struct pool *pool,
                  struct usage *usage, const struct fault *fault);
/* One more, on a listener whose data is its struct clients. */
void clients_accept(uv_stream_t *listener, int status);
/* Drops all, who go when the loop runs on. Their ports are free at once. */
void clients_close(struct clients *all);

#endif
