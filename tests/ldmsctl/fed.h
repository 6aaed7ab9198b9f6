/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LDMSCTL_FED_H
#define TESTS_LDMSCTL_FED_H

/* An engine that is fed by hand what a daemon would say. */
#include "support/cmocka.h"

#include "engine.h"
#include "envelope.h"
#include "frame.h"
#include "hello.h"

static const struct lc_engine_options none = {
    .auth = {.kind = LC_AUTH_NONE, .name = "none"},
    .reply_timeout_ms = 1000,
    .max_in_flight = 16,
    .max_response_bytes = 1 << 20,
};

static inline void
open_engine(struct lc_engine *e, const struct lc_engine_options *options)
{
    const struct lc_engine_seed seed = {.rail_no = 1, .challenge = 0xabcd};

    lc_engine_init(e, options);
    snprintf(e->peer, sizeof(e->peer), "node01:411");
    assert_int_equal(lc_engine_open(e, &seed), 0);
}

static inline void
accept_as(struct lc_engine *e, const char *auth, size_t len)
{
    uint8_t hello_bytes[80] = {0}, bytes[128];
    struct lc_hello hello = {.rail = true, .kind = 1, .endpoints = 1};
    struct wr h = wr_over(hello_bytes, sizeof(hello_bytes));
    struct wr c = wr_over(bytes, sizeof(bytes));

    memcpy(hello.version, lc_hello_version, 4);
    snprintf(hello.auth, sizeof(hello.auth), "%s", auth);
    lc_hello_put(&h, &hello);
    lc_frame_put(&c, LC_ZAP_ACCEPTED, 1, hello_bytes, len);
    lc_engine_feed(e, bytes, wr_len(&c), 1);
}

static inline uint32_t
ask(struct lc_engine *e, const char *method)
{
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES];
    uint32_t number;

    assert_int_equal(lc_call_method(&call, method, NULL, 0, LDMSCTL_RELEASE_4_5, why),
                     0);
    assert_int_equal(lc_engine_start(e, &call, 1, &number), 0);
    return number;
}

static inline void
feed_message(struct lc_engine *e, uint32_t command, uint64_t xid, const void *body,
             size_t len)
{
    size_t size = lc_envelope_overhead(command) + len;
    uint8_t *bytes = malloc(size);
    struct wr c = wr_over(bytes, size);

    assert_non_null(bytes);
    lc_envelope_put(&c, 1, xid, command, body, len);
    lc_engine_feed(e, bytes, size, 1);
    free(bytes);
}

static inline void
feed_record(struct lc_engine *e, uint32_t type, uint32_t flags, uint32_t msg_no,
            const void *body, size_t len)
{
    struct lc_record r = {.type = type, .flags = flags, .msg_no = msg_no, .len = len};
    uint8_t *bytes = malloc(LC_RECORD_HEAD_BYTES + len);
    struct wr c = wr_over(bytes, LC_RECORD_HEAD_BYTES + len);

    assert_non_null(bytes);
    lc_record_put_head(&c, &r);
    wr_bytes(&c, body, len);
    feed_message(e, LC_SEND_MSG, 0, bytes, wr_len(&c));
    free(bytes);
}

static inline void
make_ready(struct lc_engine *e)
{
    open_engine(e, &none);
    accept_as(e, "none", 64);
    assert_int_equal(lc_engine_next(e)->err, 0);
}

static inline void
feed_dir(struct lc_engine *e, uint32_t xid, bool more, const char *json)
{
    struct lc_dir_reply reply = {
        .more = more, .json = (const uint8_t *)json, .len = strlen(json)};
    uint8_t body[512];
    struct wr c = wr_over(body, sizeof(body));

    lc_dir_reply_put(&c, &reply);
    assert_false(c.bad);
    feed_message(e, LC_DIR_REPLY, xid, body, wr_len(&c));
}

#endif
