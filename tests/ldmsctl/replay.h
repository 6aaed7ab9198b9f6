/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LDMSCTL_REPLAY_H
#define TESTS_LDMSCTL_REPLAY_H

/* What the replays of recordings share: reading them, and an engine to play them to. */
#include "support/cmocka.h"
#include "support/hex.h"

#include "engine.h"
#include "envelope.h"
#include "frame.h"
#include "hello.h"

#include <cjson/cJSON.h>

static inline const char *
text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* The lines of a file, or of a gzipped one, each as JSON. */
static inline cJSON *
read_lines(const char *path)
{
    char command[600], *line = NULL;
    size_t room = 0;
    const char *dot = strrchr(path, '.');
    bool zipped = dot && strcmp(dot, ".gz") == 0;
    cJSON *lines = cJSON_CreateArray();

    snprintf(command, sizeof(command), "gzip -dc '%s'", path);
    FILE *f = zipped ? popen(command, "re") : fopen(path, "re");
    assert_non_null(f);
    while (getline(&line, &room, f) > 0) {
        cJSON *row = cJSON_Parse(line);
        assert_non_null(row);
        cJSON_AddItemToArray(lines, row);
    }
    free(line);
    assert_int_equal(zipped ? pclose(f) : fclose(f), 0);
    return lines;
}

/* Offsets in a SENDRECV of what differs in every run. */
enum { AT_XID = 8, AT_COMMAND = 32, AT_LDMS_XID = 24, AT_MSG_NO = 56 };

static inline bool
is_record(const uint8_t *bytes, size_t len)
{
    return len >= 68 && rd_be16(bytes) == LC_ZAP_SENDRECV &&
           rd_be32(bytes + AT_COMMAND) == LC_SEND_MSG;
}

static inline bool
is_dir(const uint8_t *bytes, size_t len)
{
    return len >= 40 && rd_be16(bytes) == LC_ZAP_SENDRECV &&
           rd_be32(bytes + AT_COMMAND) != LC_SEND_MSG &&
           rd_be32(bytes + AT_COMMAND) != LC_AUTH_MSG;
}

/* Make two runs alike. */
static inline void
blank_volatile(uint8_t *bytes, size_t len)
{
    memset(bytes + AT_XID, 0, 4);
    if (is_record(bytes, len))
        memset(bytes + AT_MSG_NO, 0, 4);
    else if (is_dir(bytes, len))
        memset(bytes + AT_LDMS_XID, 0, 8);
    else if (rd_be16(bytes) == LC_ZAP_CONNECT && len == 100)
        memset(bytes + 36 + 48, 0, 12); /* process id, rail number */
}

/* Answer a request of ours with bytes that answered another run's. */
static inline void
patch_answer(uint8_t *bytes, size_t len, uint32_t msg_no)
{
    uint64_t xid = msg_no;

    if (is_record(bytes, len))
        wr_be32(bytes + AT_MSG_NO, msg_no);
    else if (is_dir(bytes, len))
        memcpy(bytes + AT_LDMS_XID, &xid, sizeof(xid));
}

static inline void
feed_hex(struct lc_engine *e, const char *x, uint32_t msg_no, bool patch)
{
    struct hex h = unhex(x);

    if (patch)
        patch_answer(h.bytes, h.len, msg_no);
    lc_engine_feed(e, h.bytes, h.len, 1);
    free(h.bytes);
}

/* What the engine wants to send, and it is gone. */
static inline struct hex
take_out_bytes(struct lc_engine *e)
{
    const void *bytes;
    size_t len;
    struct hex h;

    e->corked_until_ms = 0;
    len = lc_engine_out(e, &bytes);
    h = hex_cut(bytes, len);
    lc_engine_sent(e, len, 1);
    return h;
}

/* Compare one by one the messages that we sent with the recorded ones. */
static inline void
assert_same_messages(const char *name, struct hex ours, struct hex recorded)
{
    struct rd a = rd_over(ours.bytes, ours.len);
    struct rd b = rd_over(recorded.bytes, recorded.len);

    while (rd_left(&a) || rd_left(&b)) {
        size_t n = lc_frame_size(a.at, rd_left(&a)),
               m = lc_frame_size(b.at, rd_left(&b));
        if (n != m || n == 0)
            fail_msg("%s: a message of %zu bytes, not %zu", name, n, m);
        struct hex x = hex_cut(rd_bytes(&a, n), n), y = hex_cut(rd_bytes(&b, m), m);
        blank_volatile(x.bytes, n);
        blank_volatile(y.bytes, n);
        for (size_t i = 0; i < n; i++)
            if (x.bytes[i] != y.bytes[i])
                fail_msg("%s: byte %zu of a message is %02x, not %02x", name, i,
                         x.bytes[i], y.bytes[i]);
        free(x.bytes);
        free(y.bytes);
    }
}

/* An engine whose connection is up, as after `none`. */
static inline void
make_ready(struct lc_engine *e, const struct lc_engine_options *options)
{
    uint8_t hello_bytes[64], bytes[128];
    struct lc_hello hello = {.rail = true, .kind = 1, .endpoints = 1};
    struct wr h = wr_over(hello_bytes, sizeof(hello_bytes));
    struct wr c = wr_over(bytes, sizeof(bytes));
    const struct lc_engine_seed seed = {.rail_no = 1};

    lc_engine_init(e, options);
    snprintf(e->peer, sizeof(e->peer), "node01:411");
    assert_int_equal(lc_engine_open(e, &seed), 0);
    memcpy(hello.version, lc_hello_version, 4);
    snprintf(hello.auth, sizeof(hello.auth), "none");
    lc_hello_put(&h, &hello);
    lc_frame_put(&c, LC_ZAP_ACCEPTED, 1, hello_bytes, sizeof(hello_bytes));
    lc_engine_feed(e, bytes, wr_len(&c), 1);
    assert_int_equal(lc_engine_next(e)->err, 0);
    free(take_out_bytes(e).bytes);
}

#endif
