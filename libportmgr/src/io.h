/* SPDX-License-Identifier: MIT */
#ifndef PT_IO_H
#define PT_IO_H

/* Sockets, poll and the clock. */
#include "engine.h"
#include "lookup.h"

struct pt_io {
    bool is_open; /* from the first attempt to connect until it is closed */
    bool is_connected;
    int fd;                   /* of the socket, or -1 */
    uint64_t deadline_ms;     /* of connecting as a whole */
    uint64_t try_deadline_ms; /* of the present address */
    struct pt_lookup *lookup; /* while the name is looked up */
    struct pt_addresses addresses;
    size_t tried;      /* addresses so far, the present one among them */
    int tried_err;     /* what came of those before the present one, or 0 */
    uint32_t sleep_ms; /* how long a read sleeps at most, or 0: reads don't sleep yet */
    char why[128];     /* the last step failed, for a person */
};

void pt_io_init(struct pt_io *io);
void pt_io_close(struct pt_io *io);

uint64_t pt_io_now_ms(void);

/* Begin to connect. */
int pt_io_connect(struct pt_io *io, const char *host, uint16_t port, uint64_t now_ms,
                  uint64_t deadline_ms);
/* Take over a connected socket. */
int pt_io_adopt(struct pt_io *io, int fd);
/* Go on connecting. 1 once connected, 0 while not, or why it failed for good. */
int pt_io_go_on(struct pt_io *io, uint64_t now_ms);

/* Move bytes between the socket and the engine, as far as they go. */
void pt_io_receive(struct pt_io *io, struct pt_engine *engine);
void pt_io_send(struct pt_io *io, struct pt_engine *engine);

/* Sleep in the read itself until something of the answer is there, which costs half of
 * what a poll and a read do. False where there was nothing to read, or where the engine's
 * deadline is too near for that: then poll. */
bool pt_io_await(struct pt_io *io, struct pt_engine *engine);

#endif
