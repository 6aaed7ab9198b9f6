/* SPDX-License-Identifier: MIT */
/* Any bytes as an answer: in one piece and in pieces, the same comes of it. The first
 * byte says what was asked, and how large the pieces are. */
#include "engine.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { ANSWERS = 2 };

static size_t
run(const uint8_t *bytes, size_t len, size_t piece, bool lists,
    struct pt_answer answers[ANSWERS])
{
    static const struct pt_limits limits = {
        .timeout_ms = 1000, .max_line_bytes = 512, .max_list_bytes = 4096};
    struct pt_engine e;
    const void *out;
    size_t n = 0;

    pt_engine_init(&e, &limits);
    if ((lists ? pt_engine_list(&e, 1) : pt_engine_allocate(&e, "svc", "fox", 1)) != 0)
        abort();
    pt_engine_sent(&e, pt_engine_out(&e, &out));
    for (size_t at = 0; at < len; at += piece)
        pt_engine_feed(&e, bytes + at, len - at < piece ? len - at : piece);
    pt_engine_tick(&e, 1001);
    pt_engine_end(&e, -PORTMGR_ECLOSED, NULL);
    while (n < ANSWERS && pt_engine_next(&e, &answers[n]))
        n++;
    for (const char *p = e.refusal; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            abort();
    pt_engine_free(&e);
    return n;
}

static void
must_equal(const struct pt_answer *a, const struct pt_answer *b)
{
    if (a->kind != b->kind || a->err != b->err || a->port != b->port ||
        !a->list != !b->list)
        abort();
    if (!a->list)
        return;
    if (a->list->count != b->list->count)
        abort();
    for (size_t i = 0; i < a->list->count; i++) {
        const struct portmgr_row *x = &a->list->rows[i], *y = &b->list->rows[i];
        if (x->port == 0 || x->port != y->port || x->service_len != y->service_len ||
            x->user_len != y->user_len ||
            memcmp(x->service, y->service, x->service_len + 1) != 0 ||
            memcmp(x->user, y->user, x->user_len + 1) != 0)
            abort();
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct pt_answer whole[ANSWERS], pieces[ANSWERS];

    if (len == 0)
        return 0;
    bool lists = bytes[0] & 1;
    size_t piece = (size_t)(bytes[0] >> 1) % 16 + 1;
    size_t n = run(bytes + 1, len - 1, len, lists, whole);
    if (n == 0 || n != run(bytes + 1, len - 1, piece, lists, pieces))
        abort();
    for (size_t i = 0; i < n; i++) {
        must_equal(&whole[i], &pieces[i]);
        portmgr_list_free(whole[i].list);
        portmgr_list_free(pieces[i].list);
    }
    return 0;
}
