/* SPDX-License-Identifier: MIT */
#ifndef PEER_H
#define PEER_H

/* One connection to the stand-in daemon: bytes in, bytes out. No sockets, no clock. */
#include "auth.h"
#include "daemon.h"
#include "fault.h"

#include <bytekit/queue.h>

struct peer;

/* What a connection belongs to: one daemon, and those who are connected to it. */
struct stand_in {
    struct dm_daemon *mind;
    enum fault fault;
    size_t max_record;  /* in answers */
    size_t dir_entries; /* at most in one DIR_REPLY */
    uint64_t delay_ms;  /* of FAULT_DELAY */
    struct peer *peers;
    uint64_t connections; /* so far */
    void *body;           /* of the shell */
    void (*exits)(void *body);
};

struct peer {
    struct stand_in *of;
    const struct lc_auth_config *auth; /* how its port lets people in */
    struct peer *next, **link;
    void *body; /* of the shell */
    struct queue in, out;
    enum { PEER_NEW, PEER_ACCEPTED, PEER_AUTHENTICATES, PEER_READY, PEER_DEAF } state;
    enum fault_end end; /* what the shell shall do once the output is gone */
    bool exits;         /* the daemon ends once the output is gone */
    bool more;          /* of what came, something is left for another peer_feed() */
    uint32_t address;   /* the peer's, as far as rails tell them apart */
    uint8_t own_address[28];
    size_t own_address_len;
    uint32_t zap_xid;
    bool rail;
    uint32_t process_id, rail_index;
    uint64_t rail_no;
    uint64_t number;
    /* Authentication */
    uint64_t challenge;
    bool owner, proven;
    /* Requests not all there yet */
    struct gathering *gatherings;
    size_t gathered; /* bytes in all of them */
    /* For faults */
    struct lc_record flood_head;
    uint64_t flood_xid;
    struct queue held; /* the answer that waits for the next one */
    bool holds;
};

/* The caller calls peer_free(). NULL without memory. */
struct peer *peer_new(struct stand_in *of, const struct lc_auth_config *auth);
void peer_free(struct peer *p);

/* Take what came, as much of it as one turn may; what is left waits for a turn without
 * bytes, when the output is gone. False when the connection is to end, after that. */
bool peer_feed(struct peer *p, const void *bytes, size_t len);
/* More of a fault that never ends: to be called whenever the output is gone. */
void peer_refill(struct peer *p);

#endif
