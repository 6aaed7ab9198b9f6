/* SPDX-License-Identifier: MIT */
#ifndef PT_ENGINE_H
#define PT_ENGINE_H

/* The protocol's state: bytes and times in, bytes and answers out. */
#include "line.h"
#include "reply.h"
#include "request.h"
#include "rows.h"
#include "tclword.h"

struct pt_limits {
    uint32_t timeout_ms; /* of one operation */
    size_t max_line_bytes;
    size_t max_list_bytes;
};

enum pt_doing { PT_IDLE, PT_ALLOCATING, PT_LISTING };

/* What came of a request; or of the connection, where no request was open. */
struct pt_answer {
    enum portmgr_event_kind kind;
    int err;
    uint16_t port;
    struct portmgr_list *list; /* the taker frees it */
};

enum { PT_REFUSAL_CHARS = 500, PT_REFUSAL_BYTES = 2048, PT_WHY_BYTES = 2304 };

/* One connection's worth. */
struct pt_engine {
    struct pt_limits limits;
    enum pt_doing doing;
    uint64_t deadline_ms;     /* 0: none */
    int over;                 /* why the connection ended, or 0 */
    enum pt_doing over_doing; /* what it ended in */

    char out[PT_REQUEST_MAX_BYTES];
    size_t out_len, out_sent;

    struct pt_lines lines;
    bool in_list;           /* its status line has come */
    uint32_t rows_left;     /* records that are to come */
    size_t list_bytes;      /* so far */
    struct queue record;    /* one that goes on over several lines */
    unsigned record_lines;  /* of it, so far */
    struct pt_tclscan scan; /* of it */
    struct pt_rows rows;

    struct pt_answer answers[2]; /* an answer, and the end behind it */
    size_t answer_count;
    size_t ports_held;

    enum portmgr_reason reason;
    char refusal[PT_REFUSAL_BYTES]; /* the server's words, printable */
    char why[PT_WHY_BYTES];         /* the connection ended */
};

void pt_engine_init(struct pt_engine *e, const struct pt_limits *limits);
/* Forget the connection, keeping the limits. */
void pt_engine_reset(struct pt_engine *e);
void pt_engine_free(struct pt_engine *e);

/* Requests. 0; -EBUSY while another is open or its answer not taken; -ENOTCONN. */
int pt_engine_allocate(struct pt_engine *e, const char *service, const char *user,
                       uint64_t now_ms);
int pt_engine_list(struct pt_engine *e, uint64_t now_ms);

void pt_engine_feed(struct pt_engine *e, const void *bytes, size_t n);   /* bytes in */
size_t pt_engine_out(const struct pt_engine *e, const void **ret_bytes); /* out, ... */
void pt_engine_sent(struct pt_engine *e, size_t n);        /* ... this many gone */
void pt_engine_tick(struct pt_engine *e, uint64_t now_ms); /* deadlines */
/* The connection is over; why is for a person, or NULL for the code's words. */
void pt_engine_end(struct pt_engine *e, int err, const char *why);
bool pt_engine_next(struct pt_engine *e, struct pt_answer *ret_answer);

#endif
