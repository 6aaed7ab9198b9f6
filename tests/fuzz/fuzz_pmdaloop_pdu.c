/* SPDX-License-Identifier: MIT */
/* Each decoder, by the type in the header; what decodes encodes again, and then reads the
 * same. */
#include "../pmdaloop/reencode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Records within a value's block, written down once more. */
static void
walk_events(const uint8_t *pdu, size_t len)
{
    static uint8_t room[1 << 17];
    struct pl_result r;
    struct pl_set set;
    struct pl_value v;
    struct pl_events events;

    if (pl_result_decode(pdu, len, &r) < 0)
        return;
    while (pl_result_next(&r, &set)) {
        while (pl_set_next(&set, &v)) {
            if (v.type != PMDALOOP_EVENT && v.type != PMDALOOP_HIGHRES_EVENT)
                continue;
            if (pl_events_decode(v.bytes, v.len, v.type == PMDALOOP_HIGHRES_EVENT,
                                 &events) < 0)
                abort();
            struct wr w = wr_over(room, sizeof(room));
            reencode_events(&w, events);
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static uint8_t first[1 << 17], second[1 << 17];
    struct wr w = wr_over(first, sizeof(first)),
              again = wr_over(second, sizeof(second));

    if (len < PL_HEAD_BYTES || len > 1 << 16)
        return 0;
    /* The length is not for the fuzzer to guess. */
    uint8_t *pdu = malloc(len);
    if (!pdu)
        abort();
    memcpy(pdu, bytes, len);
    wr_be32(pdu, (uint32_t)len);
    int32_t type = (int32_t)rd_be32(pdu + 4);
    if (type == PL_RESULT || type == PL_HIGHRES_RESULT)
        walk_events(pdu, len);
    if (reencode(pdu, len, &w) == 0 && !w.bad) {
        if (reencode(first, wr_len(&w), &again) != 0 || again.bad)
            abort();
        if (wr_len(&w) != wr_len(&again) || memcmp(first, second, wr_len(&w)) != 0)
            abort();
    }
    free(pdu);
    return 0;
}
