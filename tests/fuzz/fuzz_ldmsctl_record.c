/* SPDX-License-Identifier: MIT */
/* Records, joined into a message, and the answer in it. The first byte of a piece is its
 * flags, the next two its length. */
#include "answer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct lc_message_limit limit = {1 << 16, 64};
    struct rd c = rd_over(bytes, len);
    struct lc_message m = {0};
    struct lc_record r;
    int whole = 0;

    (void)lc_record_take(bytes, len, &r);
    while (whole == 0 && rd_left(&c)) {
        uint8_t flags = rd_u8(&c);
        size_t piece = rd_u16(&c);
        if (piece > rd_left(&c))
            piece = rd_left(&c);
        r = (struct lc_record){.type = 2, .flags = flags & 3, .code = flags >> 2};
        r.len = piece;
        r.body = rd_bytes(&c, piece);
        if (!r.body)
            break;
        whole = lc_message_add(&m, &r, &limit);
    }
    if (whole == 1) {
        struct lc_answer answer = {0};
        int err = lc_answer_read(&answer, &m, (enum ldmsctl_reply_kind)(len % 5));
        if (err == 0 && answer.reply.text &&
            answer.reply.text[answer.reply.text_len] != '\0')
            abort();
        lc_answer_free(&answer);
    }
    lc_message_free(&m);
    return 0;
}
