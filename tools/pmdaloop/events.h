/* SPDX-License-Identifier: MIT */
#ifndef EVENTS_H
#define EVENTS_H

/* A value of event records, taken apart. */
#include <pmdaloop.h>
#include <stdbool.h>

struct events {
    const uint8_t *at, *end;
    bool highres, bad;
    uint32_t n; /* records, as the array says */
};

struct event_record {
    int64_t unix_s;
    uint32_t nsec;
    uint32_t flags;
    uint32_t missed;         /* with PMDALOOP_RECORD_MISSED, else 0 */
    const uint8_t *at, *end; /* its parameters */
};

struct event_param {
    uint32_t pmid;
    struct pmdaloop_value value;
};

struct events events_over(const struct pmdaloop_value *v);
/* The next record; false at the end, or where the bytes make no sense: then bad is set. */
bool events_next(struct events *e, struct event_record *ret);
/* The next parameter of a record. */
bool events_next_param(struct event_record *r, struct event_param *ret);

#endif
