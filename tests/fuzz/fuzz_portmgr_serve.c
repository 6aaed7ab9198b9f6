/* SPDX-License-Identifier: MIT */
/* Any bytes as a client's requests: whole and in pieces they have the same answers, and
 * when the client is gone so are its allocations. The first byte is the size of the
 * pieces, and says whether the client is local. */
#include "dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { PORTS = 5, OUT_LIMIT = 1 << 22 };

static void
must(bool good)
{
    if (!good)
        abort();
}

/* Every line of an answer ends in CR LF, and one begins in OK or FAIL. */
static void
check_answer(const struct queue *out, size_t from)
{
    const char *at = (const char *)queue_at(out) + from;
    size_t len = out->len - from;

    must(len >= 5 && memcmp(at + len - 2, "\r\n", 2) == 0);
    must(memcmp(at, "OK ", 3) == 0 || memcmp(at, "FAIL ", 5) == 0);
    for (size_t i = 0; i < len; i++)
        must(at[i] != '\n' || (i > 0 && at[i - 1] == '\r'));
}

static struct queue
run(const uint8_t *bytes, size_t len, size_t piece, const char *address)
{
    struct queue out = queue_make(OUT_LIMIT);
    struct pool pool;
    struct dialogue d;

    must(pool_open(&pool, 43001, 43000 + PORTS) == 0);
    dialogue_begin(&d, address);
    for (size_t at = 0; at < len && !d.over; at += piece) {
        must(dialogue_wants(&d));
        must(dialogue_feed(&d, bytes + at, len - at < piece ? len - at : piece) == 0);
        for (;;) {
            size_t before = out.len;
            int got = dialogue_answer(&d, &pool, &out);
            must(got >= 0 || got == -ENOBUFS);
            if (got != 1)
                break;
            check_answer(&out, before);
        }
        must(pool.used_count + pool.free_count == PORTS);
    }
    must(d.over || dialogue_finish(&d, &pool, &out) == 0);
    must(pool.used_count == 0 && pool.free_count == PORTS && pool.names_len == 0);
    pool_close(&pool);
    return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len < 2 || len > 4096)
        return 0;
    const char *address = bytes[0] & 1 ? "127.0.0.1" : "10.99.0.1";
    size_t piece = (size_t)(bytes[0] >> 1) % 16 + 1;
    struct queue whole = run(bytes + 1, len - 1, len - 1, address);
    struct queue pieces = run(bytes + 1, len - 1, piece, address);

    must(whole.len == pieces.len);
    must(whole.len == 0 || memcmp(queue_at(&whole), queue_at(&pieces), whole.len) == 0);
    queue_free(&whole);
    queue_free(&pieces);
    return 0;
}
