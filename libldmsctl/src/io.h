/* SPDX-License-Identifier: MIT */
#ifndef LC_IO_H
#define LC_IO_H

/* Between the transport and the engine: addresses, descriptors, the clock. */
#include "engine.h"
#include "lookup.h"
#include "transport.h"

struct lc_io {
    const struct lc_transport *transport;
    struct lc_lookup *lookup; /* of the host's name, while there are no addresses */
    int fd;                   /* -1 for none */
    bool opening;             /* the transport is connecting */
    struct addrinfo *addresses, *at;
    uint64_t connect_by_ms; /* for all of it; 0 once connected */
    uint64_t attempt_by_ms; /* for this address */
    uint32_t connect_timeout_ms;
    int read_wait_ms; /* how long a read may wait, as set; 0 for never set */
    bool no_wait;     /* reads don't: somebody made the descriptor so */
};

uint64_t lc_io_now_ms(void);

/* Begin with the look-up, or with the first address: 0 or an error, and a sentence. */
int lc_io_connect(struct lc_io *io, struct lc_engine *e, const char *host,
                  uint16_t port);
int lc_io_connect_fd(struct lc_io *io, struct lc_engine *e, int fd);
void lc_io_close(struct lc_io *io, struct lc_engine *e);

/* What there is to wait for: of the look-up or of the connection, -1 for neither. */
int lc_io_fd(const struct lc_io *io);

/* See ldmsctl.h. */
int lc_io_events(const struct lc_io *io, const struct lc_engine *e);
int lc_io_timeout_ms(const struct lc_io *io, const struct lc_engine *e);
int lc_io_process(struct lc_io *io, struct lc_engine *e);
int lc_io_wait(struct lc_io *io, struct lc_engine *e, int timeout_ms);

#endif
