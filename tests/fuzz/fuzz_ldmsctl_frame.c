/* SPDX-License-Identifier: MIT */
/* Messages of the transport, what CONNECT carries, and LDMS messages: what is taken is
 * within the bytes, and written again is the same. */
#include "envelope.h"
#include "frame.h"
#include "hello.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
write_again(const struct lc_frame *f, const uint8_t *bytes, size_t len)
{
    uint8_t *again = malloc(len);
    struct wr c = wr_over(again, again ? len : 0);

    lc_frame_put(&c, (enum lc_zap)f->type, f->xid, f->data, f->len);
    if (again && (c.bad || wr_len(&c) != len || memcmp(again + 20, bytes + 20, 4) != 0))
        abort();
    free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct rd stream = rd_over(bytes, len);
    struct lc_frame f;
    const uint8_t *at = stream.at;

    while (rd_left(&stream) && lc_frame_take(&stream, &f) == 1) {
        struct lc_hello hello;
        struct lc_envelope envelope;
        if (f.data < at || f.data + f.len > stream.at)
            abort();
        if (f.type == LC_ZAP_SENDRECV || f.type >= LC_ZAP_ACCEPTED)
            write_again(&f, at, (size_t)(stream.at - at));
        if (f.type == LC_ZAP_CONNECT || f.type == LC_ZAP_ACCEPTED)
            (void)lc_hello_take(f.data, f.len, &hello);
        if (f.type == LC_ZAP_SENDRECV &&
            lc_envelope_take(f.data, f.len, &envelope) == 0 &&
            envelope.body + envelope.len != f.data + f.len)
            abort();
        at = stream.at;
    }
    return 0;
}
