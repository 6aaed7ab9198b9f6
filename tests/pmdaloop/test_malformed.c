/* SPDX-License-Identifier: MIT */
/* Bad input: the recorded malformed requests, and every good one cut at each byte or with
 * a word spoilt. What wants a reply has exactly one, what does not has none, and where the
 * framing itself is broken the session ends. */
#include "support/cmocka.h"

#include "pdu.h"
#include "recording.h"
#include "simple_table.h"

static const char hello[] = "00000014 0000700c 00001234 00000001 01020000";

/* An agent that pmcd has greeted. */
static struct pmdaloop *
agent(void)
{
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct hex greeting = unhex(hello);
    struct pmdaloop *pl;
    const void *out;

    assert_int_equal(pmdaloop_new(&pl, &o), 0);
    if (pmdaloop_set_table(pl, &simple_table) < 0)
        fail_msg("%s", pmdaloop_errmsg(pl));
    assert_int_equal(pmdaloop_start(pl), 0);
    pmdaloop_sent(pl, pmdaloop_get_out(pl, &out));
    assert_int_equal(pmdaloop_feed(pl, greeting.bytes, greeting.len), 0);
    assert_int_equal(pmdaloop_next(pl)->kind, PMDALOOP_OPENED);
    free(greeting.bytes);
    return pl;
}

struct outcome {
    size_t n_replies, len;
    uint8_t first[1 << 16]; /* reply */
    bool closed;
    int err;
};

/* All that comes of these bytes. */
static void
feed(struct pmdaloop *pl, const uint8_t *bytes, size_t n, struct outcome *ret)
{
    const struct pmdaloop_event *event;
    const void *out;
    size_t len;

    *ret = (struct outcome){0};
    (void)pmdaloop_feed(pl, bytes, n);
    while ((event = pmdaloop_next(pl)) != NULL) {
        assert_int_equal(event->number, 0);
        if (event->kind == PMDALOOP_CLOSED) {
            ret->closed = true;
            ret->err = event->err;
        }
    }
    while ((len = pmdaloop_get_out(pl, &out)) > 0) {
        if (ret->n_replies++ == 0 && len <= sizeof(ret->first)) {
            memcpy(ret->first, out, len);
            ret->len = len;
        }
        pmdaloop_sent(pl, len);
    }
}

/* It still serves: the metric's description comes. */
static void
is_alive(struct pmdaloop *pl)
{
    static struct outcome got;
    struct hex h = unhex("00000010 00007004 00000000 3f400000");

    feed(pl, h.bytes, h.len, &got);
    assert_int_equal(got.n_replies, 1);
    assert_int_equal(rd_be32(got.first + 4), PL_DESC);
    free(h.bytes);
}

static int32_t
code_of(const uint8_t *pdu, size_t len)
{
    int32_t code = 1;
    (void)pl_error_decode(pdu, len, &code);
    return code;
}

/* Ours are the stricter: where PCP's library overlooks something, we may refuse. */
static bool
is_same_verdict(const struct outcome *got, const struct hex *peer)
{
    int32_t ours = code_of(got->first, got->len);
    int32_t theirs = code_of(peer->bytes, peer->len);

    return rd_be32(got->first + 4) == rd_be32(peer->bytes + 4) && ours == theirs;
}

/* Where the peer refuses and we need not: blocks that are shared, the name of no metric,
 * the children of the root; and which of two errors comes first. */
static bool
is_settled_otherwise(const char *name)
{
    const char *const names[] = {
        "RESULT shared block ", "INSTANCE_REQ null indom name ",
        "PMNS_NAMES empty name ", "PMNS_CHILD empty ", "PMNS_TRAVERSE empty "};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void
bears_what_was_recorded(void **state)
{
    (void)state;
    static char line[1 << 14];
    static struct outcome got;
    size_t n = 0, n_alike = 0, n_stricter = 0, n_peer_died = 0;
    FILE *f = recording_open("malformed_simple");

    while (fgets(line, sizeof(line), f)) {
        char *at = NULL;
        const char *name = strtok_r(line, "|", &at), *kind = strtok_r(NULL, "|", &at);
        const char *peer = strtok_r(NULL, "|", &at);
        struct hex request = unhex(strtok_r(NULL, "|", &at));
        const char *reply = strtok_r(NULL, "|\n", &at);
        struct pmdaloop *pl = agent();

        feed(pl, request.bytes, request.len, &got);
        if (strstr(kind, "one reply")) {
            if (got.n_replies != 1 || got.closed)
                fail_msg("%s: %zu replies", name, got.n_replies);
            if (strstr(peer, "replied")) {
                struct hex theirs = unhex(reply);
                bool same = is_same_verdict(&got, &theirs);
                n_alike += same;
                n_stricter += !same;
                if (!same && code_of(got.first, got.len) != PMDALOOP_PM_IPC &&
                    !is_settled_otherwise(name))
                    fail_msg("%s: %d in place of %d", name, code_of(got.first, got.len),
                             code_of(theirs.bytes, theirs.len));
                free(theirs.bytes);
            } else {
                n_peer_died++;
            }
            is_alive(pl);
        } else if (strstr(kind, "no reply")) {
            if (got.n_replies != 0 || got.closed)
                fail_msg("%s: %zu replies, closed %d", name, got.n_replies, got.closed);
            is_alive(pl);
        } else {
            if (got.n_replies != 0)
                fail_msg("%s: %zu replies", name, got.n_replies);
            if (!got.closed)
                feed(pl, NULL, 0, &got);
            if (!got.closed || got.err != -PMDALOOP_EPROTO)
                fail_msg("%s: no end of the session: %d", name, got.err);
        }
        pmdaloop_free(pl);
        free(request.bytes);
        n++;
    }
    fclose(f);
    print_message(
        "%zu inputs: %zu answered as the peer does, %zu more strictly, %zu on "
        "which it died\n",
        n, n_alike, n_stricter, n_peer_died);
    assert_true(n >= 450);
}

/* One PDU, spoilt; its header's length and type may be so too. */
static void
bears(struct pmdaloop **pl, const uint8_t *bytes, size_t len)
{
    static struct outcome got;
    struct pl_head h = {0};
    struct hex own = hex_cut(bytes, len);
    int framed = pl_pdu_peek(own.bytes, len, PL_MAX_REQUEST_BYTES, &h);

    feed(*pl, own.bytes, len, &got);
    if (framed == 1 && h.len == len) {
        assert_int_equal(got.n_replies, pl_pdu_wants_reply(h.type) ? 1 : 0);
        assert_false(got.closed);
        is_alive(*pl);
    } else {
        if (!got.closed)
            feed(*pl, NULL, 0, &got);
        assert_true(got.closed);
        pmdaloop_free(*pl);
        *pl = agent();
    }
    free(own.bytes);
}

/* Of each type, whatever pmcd has said and Debian's sample was asked. */
static void
bears_what_was_good_once(void **state)
{
    const uint32_t words[] = {0, 0xffffffff, 0x7fffffff, 0x80000000, 0x40000000};
    struct recording rec = recording_read(*state);
    struct pmdaloop *pl = agent();
    size_t n = 0;

    for (size_t i = 1; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        if (r->dir != '>' || r->len > 600)
            continue;
        for (size_t len = 0; len < r->len; len++, n++) {
            struct hex cut = hex_cut(r->bytes, len);
            bears(&pl, cut.bytes, len);
            if (len >= PL_HEAD_BYTES) {
                wr_be32(cut.bytes, (uint32_t)len);
                bears(&pl, cut.bytes, len);
            }
            free(cut.bytes);
        }
        for (size_t at = 0; at + 4 <= r->len; at += 4) {
            for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++, n++) {
                struct hex spoilt = hex_cut(r->bytes, r->len);
                wr_be32(spoilt.bytes + at, words[k]);
                bears(&pl, spoilt.bytes, spoilt.len);
                free(spoilt.bytes);
            }
        }
    }
    print_message("%zu inputs\n", n);
    assert_true(n > 1000);
    pmdaloop_free(pl);
    recording_free(&rec);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bears_what_was_recorded),
        {"simple, spoilt", bears_what_was_good_once, NULL, NULL,
         (void *)(uintptr_t) "simple_dbpmda"},
        {"sample, spoilt", bears_what_was_good_once, NULL, NULL,
         (void *)(uintptr_t) "sample_dbpmda"},
    };
    return cmocka_run_group_tests_name("pmdaloop/malformed", tests, NULL, NULL);
}
