/* SPDX-License-Identifier: MIT */
/* A whole client fed by a peer of any kind. The first byte chooses the authentication,
 * whether the connection is accepted beforehand, and how the bytes are cut. */
#include "engine.h"
#include "frame.h"
#include "hello.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
accept_as(struct lc_engine *e, const char *auth)
{
    uint8_t hello_bytes[64], bytes[128];
    struct lc_hello hello = {.rail = true, .kind = 1};
    struct wr h = wr_over(hello_bytes, sizeof(hello_bytes));
    struct wr c = wr_over(bytes, sizeof(bytes));

    memcpy(hello.version, lc_hello_version, 4);
    memcpy(hello.auth, auth, strlen(auth) + 1);
    lc_hello_put(&h, &hello);
    lc_frame_put(&c, LC_ZAP_ACCEPTED, 1, hello_bytes, wr_len(&h));
    lc_engine_feed(e, bytes, wr_len(&c), 1);
}

static void
start(struct lc_engine *e, const char *line)
{
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES];
    uint32_t number;

    if (lc_call_line(&call, line, LDMSCTL_RELEASE_4_5, why) == 0 &&
        lc_engine_start(e, &call, 1, &number) < 0)
        lc_call_free(&call);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const auths[] = {"none", "naive", "ovis"};
    struct lc_engine_options options = {.auth = {.secret = "throwaway0secret"},
                                        .reply_timeout_ms = 100,
                                        .max_in_flight = 8,
                                        .max_response_bytes = 1 << 16};
    const struct lc_engine_seed seed = {.challenge = 0xabcd};
    struct lc_engine e;
    uint8_t how = len ? bytes[0] : 0;
    size_t at = 1, piece = (how & 0x80) ? 1 : (how & 0x40) ? 7 : len;

    options.auth.kind = (enum lc_auth_kind)(how % 3);
    options.auth.name = auths[how % 3];
    lc_engine_init(&e, &options);
    if (lc_engine_open(&e, &seed) < 0)
        abort();
    start(&e, "version");
    start(&e, "dir_list");
    start(&e, "setgroup_mod name=a add=b rm=c");
    if (how & 0x20)
        accept_as(&e, options.auth.name);
    for (uint64_t now_ms = 2; at < len; now_ms++) {
        const void *out;
        size_t n = piece < len - at ? piece : len - at;
        lc_engine_feed(&e, bytes + at, n, now_ms);
        lc_engine_sent(&e, lc_engine_out(&e, &out), now_ms);
        (void)lc_engine_next(&e);
        lc_engine_tick(&e, now_ms);
        if (e.held_bytes > options.max_response_bytes ||
            e.in.room > LC_FRAME_MAX_BYTES + LC_ENGINE_READ_BYTES)
            abort();
        at += n;
    }
    lc_engine_tick(&e, UINT64_MAX - 1);
    while (lc_engine_next(&e))
        continue;
    if (e.phase == LC_PHASE_READY && e.sent.first)
        abort(); /* time is up for all of them */
    lc_engine_free(&e);
    return 0;
}
