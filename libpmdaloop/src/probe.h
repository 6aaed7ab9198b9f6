/* SPDX-License-Identifier: MIT */
#ifndef PL_PROBE_H
#define PL_PROBE_H

/* The collector's end: questions in the order they were asked, and what came back. */
#include "pdu.h"
#include "pmdaloop-probe.h"

#include <bytekit/queue.h>

/* A question that waits. */
struct pl_question {
    uint32_t number;
    int32_t type; /* of the reply; 0: any */
    uint64_t deadline_ms;
};

struct pmdaloop_probe {
    size_t max_reply_bytes;
    uint32_t reply_timeout_ms;
    struct queue in, out;
    size_t taken; /* bytes of the PDU that the last event points into */
    struct pl_question *questions;
    size_t n_questions, questions_room;
    uint32_t last_number;
    int32_t context;
    uint64_t now_ms;
    uint64_t hello_due_ms; /* of the agent's version; 0: the time is not known yet */
    bool is_open, eof, closed_told;
    int closed;

    struct pmdaloop_probe_event event;
    struct pmdaloop_probe_item *items;
    size_t n_items, items_room;
    char *text; /* names, each with its NUL */
    size_t text_len, text_room;

    int in_fd, out_fd;
    char why[256];
};

__attribute__((format(printf, 3, 4))) int
pl_probe_fail(struct pmdaloop_probe *p, int err, const char *format, ...);
void pl_probe_close(struct pmdaloop_probe *p, int err);
/* probereply.c: a reply's contents into p->event and its items. 0, -PMDALOOP_EMALFORMED,
 * -PMDALOOP_EPROTO for another type than was due, or -ENOMEM. */
int pl_probe_read(struct pmdaloop_probe *p, const void *pdu, const struct pl_head *h,
                  int32_t due);
/* probeio.c */
void pl_probe_io_close(struct pmdaloop_probe *p);

#endif
