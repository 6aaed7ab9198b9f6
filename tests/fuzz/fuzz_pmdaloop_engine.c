/* SPDX-License-Identifier: MIT */
/* An agent fed whatever, in pieces whose sizes the input says, while time goes by. Each
 * request it takes has one reply, and the replies are PDUs. */
#include "../pmdaloop/simple_table.h"
#include "pdu.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(int ok)
{
    if (!ok)
        abort();
}

/* Whole PDUs alone leave. */
static uint64_t
drain(struct pmdaloop *pl)
{
    const void *out;
    size_t n;
    uint64_t replies = 0;
    struct pl_head h;

    while ((n = pmdaloop_get_out(pl, &out)) > 0) {
        check(pl_pdu_peek(out, n, SIZE_MAX, &h) == 1 && h.len == n);
        pmdaloop_sent(pl, n);
        replies++;
    }
    return replies;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const uint8_t hello[] = {0, 0, 0, 20, 0, 0, 0x70, 0x0c, 0, 0,
                                    0, 1, 0, 0,  0, 1, 1,    2,    0, 0};
    struct pmdaloop_options o = {
        .size = sizeof(o), .domain = 253, .max_request_bytes = 4096, .max_requests = 4};
    const struct pmdaloop_event *event;
    struct pmdaloop_counts counts;
    struct pmdaloop *pl;
    uint64_t replies = 0, now_ms = 0;
    size_t at = 1;

    if (len == 0)
        return 0;
    check(pmdaloop_new(&pl, &o) == 0 && pmdaloop_start(pl) == 0);
    if (bytes[0] & 1)
        check(pmdaloop_set_table(pl, &simple_table) == 0);
    (void)drain(pl);
    if (bytes[0] & 2)
        (void)pmdaloop_feed(pl, hello, sizeof(hello));
    while (at < len) {
        size_t n = bytes[0] & 4 ? (size_t)bytes[at] % 40 + 1 : len - at;
        n = n > len - at ? len - at : n;
        (void)pmdaloop_feed(pl, bytes + at, n);
        at += n;
        while ((event = pmdaloop_next(pl)) != NULL) {
            if (event->number && (event->number & 1))
                check(pmdaloop_reply_error(pl, event->number, PMDALOOP_PM_VALUE) == 0);
        }
        replies += drain(pl);
        pmdaloop_tick(pl, now_ms += 1500);
    }
    for (int i = 0; i < 8; i++) {
        pmdaloop_tick(pl, now_ms += 5000);
        replies += drain(pl);
        while (pmdaloop_next(pl) != NULL)
            continue;
    }
    pmdaloop_tick(pl, now_ms + 5000);
    replies += drain(pl);
    (void)pmdaloop_get_counts(pl, &counts);
    check(replies == counts.requests);
    pmdaloop_free(pl);
    return 0;
}
