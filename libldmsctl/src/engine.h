/* SPDX-License-Identifier: MIT */
#ifndef LC_ENGINE_H
#define LC_ENGINE_H

/* The client's side of a connection: all its state, and no I/O. Bytes and times go in,
 * bytes and events come out. */
#include "answer.h"
#include "auth.h"
#include "call.h"

#include <bytekit/queue.h>

enum {
    LC_ENGINE_READ_BYTES = 16384, /* to begin with; a large message gets its own room */
    LC_ENGINE_WINDOW = 64,        /* requests on the way: each costs a daemon 3 MiB */
    LC_ENGINE_AHEAD_BYTES = 1 << 20, /* not yet written: past this, requests wait */
    LC_ENGINE_RECORDS_MAX = 1 << 16, /* in one answer */
    LC_ENGINE_CORK_MS = 10,          /* how long ACK_ACCEPTED waits for a request */
    LC_ENGINE_WHY_BYTES = 512,
};

struct lc_engine_options {
    struct lc_auth_config auth;
    uint32_t reply_timeout_ms;
    uint32_t max_in_flight;
    size_t max_response_bytes;
    enum ldmsctl_release release;
    bool legacy;
};

/* What makes connections differ. */
struct lc_engine_seed {
    uint64_t rail_no, challenge;
    uint32_t process_id;
    uint8_t address[LC_AUTH_ADDRESS_BYTES]; /* our end of the socket */
    size_t address_len;
};

enum lc_phase {
    LC_PHASE_IDLE,      /* no connection */
    LC_PHASE_HANDSHAKE, /* CONNECT is on its way */
    LC_PHASE_AUTH,
    LC_PHASE_READY,
};

/* One started call. */
struct lc_pending {
    struct lc_pending *next;
    uint32_t number; /* the user's */
    uint32_t msg_no; /* of the step that is on its way; 0 before */
    struct lc_call call;
    size_t step;
    bool raw;             /* of send_command: another reader waits for it */
    uint64_t deadline_ms; /* limit_ms from when it was sent */
    uint32_t limit_ms;
    struct lc_message message;
    size_t *lens; /* of the directory's documents within message */
    size_t n_lens;
    struct lc_answer answer;
    int err;
    char *why; /* the sentence, if err */
};

struct lc_list {
    struct lc_pending *first, **last;
};

struct lc_engine {
    const struct lc_engine_options *options;
    enum lc_phase phase;
    enum ldmsctl_stage stage; /* how far this connection came */
    struct lc_auth auth;
    struct queue in, out;
    uint64_t corked_until_ms; /* until when what is in out may wait for more */
    uint32_t zap_xid, last_number;
    struct lc_list waiting;   /* to be sent */
    struct lc_list sent;      /* to be answered */
    struct lc_list done;      /* to be handed out */
    struct lc_pending *taken; /* handed out, until the next call */
    size_t n_pending, n_sent;
    size_t held_bytes; /* of answers, whole or not */
    bool waits;   /* somebody waits for one answer, and cannot take others meanwhile */
    bool adopted; /* an answer took the bytes that its message came in */
    bool connected_event, closed_event;
    int connect_err, closed_err;
    struct ldmsctl_event event;
    char peer[160];                /* whom we talk to, for sentences */
    char why[LC_ENGINE_WHY_BYTES]; /* the last failure */
};

void lc_engine_init(struct lc_engine *e, const struct lc_engine_options *options);
void lc_engine_free(struct lc_engine *e);

/* The socket is connected: greet. */
int lc_engine_open(struct lc_engine *e, const struct lc_engine_seed *seed);
/* The connection is over, or did not come about: err is why, and a sentence of it has
 * been said. What is pending ends so, and an event tells unless quietly. */
void lc_engine_close(struct lc_engine *e, int err, bool quietly);
__attribute__((format(printf, 2, 3))) void lc_engine_say(struct lc_engine *e,
                                                         const char *format, ...);

/* Bytes in: where to put them, and how many came. lc_engine_feed() does both. */
uint8_t *lc_engine_room(struct lc_engine *e, size_t *ret_size);
void lc_engine_received(struct lc_engine *e, size_t n, uint64_t now_ms);
void lc_engine_feed(struct lc_engine *e, const void *bytes, size_t n, uint64_t now_ms);
/* Whether it wants any: not while answers nobody takes pile up. */
bool lc_engine_wants(const struct lc_engine *e);

/* Bytes out, and how many are gone, which makes room for more. */
size_t lc_engine_out(const struct lc_engine *e, const void **ret_bytes);
void lc_engine_sent(struct lc_engine *e, size_t n, uint64_t now_ms);

/* Time limits: when the next one is (UINT64_MAX for none), and what they come to. */
uint64_t lc_engine_deadline(const struct lc_engine *e);
void lc_engine_tick(struct lc_engine *e, uint64_t now_ms);

/* Start a call, which is taken over: 0, -EAGAIN, -ENOMEM; then it is still the caller's.
 * It waits for the connection to be ready if it must. */
int lc_engine_start(struct lc_engine *e, struct lc_call *call, uint64_t now_ms,
                    uint32_t *ret_number);
/* The same of a whole record, for its answer to be found by lc_engine_find_raw(). */
int lc_engine_start_raw(struct lc_engine *e, const void *record, size_t len,
                        uint64_t now_ms, uint32_t *ret_number);

/* The oldest event, until the next call; NULL for none. */
const struct ldmsctl_event *lc_engine_next(struct lc_engine *e);
/* The end of that call, or of the oldest raw one; NULL while it has not come. */
const struct ldmsctl_event *lc_engine_take(struct lc_engine *e, uint32_t number);
/* The number of the oldest raw call, or 0. */
uint32_t lc_engine_find_raw(const struct lc_engine *e);
bool lc_engine_has(const struct lc_engine *e, uint32_t number);

#endif
