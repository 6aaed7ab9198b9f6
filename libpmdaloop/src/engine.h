/* SPDX-License-Identifier: MIT */
#ifndef PL_ENGINE_H
#define PL_ENGINE_H

/*
 * The agent's side of the protocol: bytes and times in, events and bytes out. No I/O, no
 * clock. All state of a session is in struct pl_engine.
 *
 * What wants a reply is a slot, from the moment it is read until its reply has been sent.
 * Slots stand in the order of their requests, and bytes leave from the first one alone;
 * so a request has exactly one reply, at its place, whenever that is made. What the agent
 * says of its own accord (CREDS, READY) is a slot that is answered from the start.
 */
#include "pdu.h"
#include "wanted.h"

#include <bytekit/queue.h>

enum pl_slot_state {
    PL_WAITING,  /* nobody has begun to answer */
    PL_BUILDING, /* a list, a result or labels, so far */
    PL_ANSWERED, /* reply holds the whole PDU */
};

struct pl_slot {
    struct pl_slot *next;
    enum pl_slot_state state;
    int32_t type; /* enum pl_pdu of the request */
    uint64_t deadline_ms;
    bool is_late;   /* the deadline has passed, and the table must answer now */
    bool for_table; /* told to come later by the table */
    struct pmdaloop_event event;

    /* The request's own bytes, for the event to point into. */
    uint8_t *request;
    size_t request_room;
    uint32_t *pmids;
    size_t pmids_room;
    struct pmdaloop_stored *stored;
    size_t stored_room;

    /* The reply. */
    uint8_t *reply;
    size_t reply_room, reply_len, sent;
    struct wr w;
    struct pl_list_wr list;
    struct pl_result_wr result;
    size_t n_metrics; /* sets written */
    int32_t set_type; /* of the values in the open set */
    int build_err;    /* what made the reply impossible */
    struct pl_label_set *label_sets;
    size_t n_label_sets, label_sets_room;
    struct pl_label *labels;
    size_t n_labels, labels_room;
    char *json;
    size_t json_len, json_room;
};

struct pl_engine {
    uint32_t domain;
    uint32_t flags;
    int32_t pid;
    uint32_t reply_timeout_ms;
    size_t max_request_bytes, max_reply_bytes;
    uint32_t max_requests;

    struct queue in;
    struct pl_slot *first, *last; /* unsent, in order */
    struct pl_slot *idle;         /* with their memory, for the next */
    uint32_t n_requests;          /* slots in the order that are no notes */
    uint32_t last_number;
    uint64_t now_ms;

    struct pl_wanted wanted;
    struct pmdaloop_counts counts;
    uint32_t changes; /* PMDALOOP_*_CHANGED, to be told */
    bool is_open;     /* versions are exchanged */
    bool is_ready, told_not_ready;
    bool eof;
    bool can_send;            /* somebody still writes what is answered */
    uint64_t eof_deadline_ms; /* past the end of input, for that long */
    int closed;               /* negative: why the session is over */
    bool closed_told;

    struct pmdaloop_event event; /* of what wants no reply */
    char *text;                  /* its name */
    size_t text_room;
};

int pl_engine_init(struct pl_engine *e, const struct pmdaloop_options *o);
void pl_engine_free(struct pl_engine *e);
/* Greet pmcd. */
int pl_engine_start(struct pl_engine *e, int32_t pid);
/* An ERROR of our own accord, behind all replies. */
int pl_engine_say(struct pl_engine *e, int32_t code);
int pl_engine_feed(struct pl_engine *e, const void *bytes, size_t n);
/* No more will come. */
void pl_engine_eof(struct pl_engine *e);
/* The session is over, for this reason. The first one counts. */
void pl_engine_close(struct pl_engine *e, int err);
size_t pl_engine_out(struct pl_engine *e, const void **ret_bytes);
void pl_engine_sent(struct pl_engine *e, size_t n);
void pl_engine_tick(struct pl_engine *e, uint64_t now_ms);
/* Milliseconds until something is due, or -1. */
int pl_engine_timeout(const struct pl_engine *e);
/* Is there room for more requests? */
bool pl_engine_wants_input(const struct pl_engine *e);
/* Would pl_engine_next() find something in what has been fed? */
bool pl_engine_has_more(const struct pl_engine *e);
/* The next event, or NULL. */
const struct pmdaloop_event *pl_engine_next(struct pl_engine *e);
struct pl_slot *pl_engine_slot(struct pl_engine *e, uint32_t number);

/* request.c: what a PDU asks, into slot->event; its bytes are copied. 0,
 * -PMDALOOP_EMALFORMED or -ENOMEM. */
int pl_request_read(struct pl_slot *s, const void *pdu, const struct pl_head *h);

/* reply.c: the same as the public ones, on a slot. */
void pl_reply_error(struct pl_slot *s, int32_t code);
void pl_reply_desc(struct pl_slot *s, const struct pmdaloop_desc *desc);
void pl_reply_text(struct pl_slot *s, const char *text, size_t len);
void pl_reply_pmid(struct pl_slot *s, uint32_t pmid);
/* n_filled sets with n_values in all are to come; a guess that is too low costs a move. */
int pl_reply_begin_result(struct pl_engine *e, struct pl_slot *s, size_t n_filled,
                          size_t n_values);
int pl_reply_metric(struct pl_engine *e, struct pl_slot *s, int32_t status);
int pl_reply_value(struct pl_engine *e, struct pl_slot *s, int32_t inst,
                   const struct pmdaloop_value *v);
int pl_reply_instance(struct pl_engine *e, struct pl_slot *s, int32_t inst,
                      const char *name, size_t len);
int pl_reply_name(struct pl_engine *e, struct pl_slot *s, const char *name, size_t len,
                  bool is_leaf);
int pl_reply_labels(struct pl_engine *e, struct pl_slot *s, int32_t inst,
                    const char *json, size_t len);
int pl_reply_end(struct pl_engine *e, struct pl_slot *s);
/* As if nothing had been answered yet. */
void pl_reply_again(struct pl_slot *s);

/* Room for n more elements behind the used ones. 0, -ENOMEM, or -ENOBUFS past max. */
int pl_grow(void *array, size_t *room, size_t used, size_t n, size_t element,
            size_t max);

#endif
