/* SPDX-License-Identifier: MIT */
/* What a hostile or broken server could do: each attack ends the connection with its
 * error and a sentence, or is dropped, within bounded memory. */
#include "support/cmocka.h"
#include "support/hex.h"

#include "challenge.h"
#include "engine.h"
#include "envelope.h"
#include "frame.h"
#include "hello.h"
#include "text.h"

static struct lc_engine_options none = {
    .auth = {.kind = LC_AUTH_NONE, .name = "none"},
    .reply_timeout_ms = 1000,
    .max_in_flight = 16,
    .max_response_bytes = 1 << 20,
};
static struct lc_engine_options ovis = {
    .auth = {.kind = LC_AUTH_OVIS, .name = "ovis", .secret = "throwaway0secret"},
    .reply_timeout_ms = 1000,
    .max_in_flight = 16,
    .max_response_bytes = 1 << 20,
};

static void
open_engine(struct lc_engine *e, const struct lc_engine_options *options)
{
    const struct lc_engine_seed seed = {.rail_no = 1, .challenge = 0xabcd};

    lc_engine_init(e, options);
    snprintf(e->peer, sizeof(e->peer), "node01:411");
    assert_int_equal(lc_engine_open(e, &seed), 0);
}

static void
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

static uint32_t
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

static void
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

static void
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

/* Bytes that come instead of ACCEPTED, or after it when a request waits. */
static struct row {
    const char *name;
    bool ready;
    const char *hex;
    int err; /* 0: nothing happens */
    const char *says;
} rows[] = {
    {"length 0", true, "0002 0000 00000000 01000000 0000000000000000", -LDMSCTL_EPROTO,
     "no message of the transport"},
    {"length 23", true, "0002 0000 00000017 01000000 0000000000000000 000000",
     -LDMSCTL_EPROTO, "no message of the transport"},
    {"length past 1 MiB, its bytes still to come", true,
     "0002 0000 00100001 01000000 0000000000000000", -LDMSCTL_EPROTO,
     "no message of the transport"},
    {"2 GiB before it accepted", false, "0008 0000 80000000 01000000 0000000000000000",
     -LDMSCTL_EPROTO, "no message of the transport"},
    {"data length disagrees", true,
     "0002 0000 0000001a 01000000 0000000000000000 00000003 abcd", -LDMSCTL_EPROTO,
     "no message of the transport"},
    {"message length disagrees", true,
     "0002 0000 00000028 01000000 0000000000000000 00000010"
     "0000000000000000 00000005 00000011",
     -LDMSCTL_EPROTO, "lengths disagree"},
    {"payload length disagrees", true,
     "0002 0000 0000002e 01000000 0000000000000000 00000016"
     "0000000000000000 00000005 00000016 ffffffff abcd",
     -LDMSCTL_EPROTO, "lengths disagree"},
    {"record shorter than its head", true,
     "0002 0000 0000002e 01000000 0000000000000000 00000016"
     "0000000000000000 00000005 00000016 00000002 abcd",
     -LDMSCTL_EPROTO, "record"},
    {"record length disagrees", true,
     "0002 0000 00000048 01000000 0000000000000000 00000030"
     "0000000000000000 00000005 00000030 0000001c"
     "ffffffff 00000002 00000003 00000001 00000000 fffffff0 00000000",
     -LDMSCTL_EPROTO, "record"},
    {"another marker", true,
     "0002 0000 00000048 01000000 0000000000000000 00000030"
     "0000000000000000 00000005 00000030 0000001c"
     "fffffffe 00000002 00000003 00000001 00000000 0000001c 00000000",
     -LDMSCTL_EPROTO, "record"},
    {"attribute past the record", true,
     "0002 0000 00000054 01000000 0000000000000000 0000003c"
     "0000000000000000 00000005 0000003c 00000028"
     "ffffffff 00000002 00000003 00000001 00000000 00000028"
     "00000001 00000010 ffffffff 00000000",
     -LDMSCTL_EPROTO, "attributes are broken"},
    {"attributes without an end", true,
     "0002 0000 00000044 01000000 0000000000000000 0000002c"
     "0000000000000000 00000005 0000002c 00000018"
     "ffffffff 00000002 00000003 00000001 00000000 00000018",
     -LDMSCTL_EPROTO, "attributes are broken"},
    {"a record without a start", true,
     "0002 0000 00000048 01000000 0000000000000000 00000030"
     "0000000000000000 00000005 00000030 0000001c"
     "ffffffff 00000002 00000002 00000001 00000000 0000001c 00000000",
     -LDMSCTL_EPROTO, "out of turn"},
    {"an answer to nobody", true,
     "0002 0000 00000048 01000000 0000000000000000 00000030"
     "0000000000000000 00000005 00000030 0000001c"
     "ffffffff 00000002 00000003 00000009 00000000 0000001c 00000000",
     0, NULL},
    {"a request, with the number of ours", true,
     "0002 0000 00000048 01000000 0000000000000000 00000030"
     "0000000000000000 00000005 00000030 0000001c"
     "ffffffff 00000001 00000003 00000001 00000900 0000001c 00000000",
     0, NULL},
    {"a directory nobody asked for", true,
     "0002 0000 00000038 01000000 0000000000000000 00000020"
     "0100000000000000 00000101 00000020 00000000 00000000 00000000 00000000",
     0, NULL},
    {"a directory cut short", true,
     "0002 0000 0000002c 01000000 0000000000000000 00000014"
     "0100000000000000 00000101 00000014 00000000",
     -LDMSCTL_EPROTO, "directory"},
    {"memory offered", true,
     "0003 0000 00000030 01000000 0000000000000000 00000001 00000003"
     "00007f0000000000 00001000 00000000",
     0, NULL},
    {"memory wanted", true,
     "0004 0000 00000024 01000000 00007f0000000000 00000001 00007f0000000000 00001000",
     0, NULL},
    {"memory to be written", true,
     "0006 0000 00000024 01000000 00007f0000000000 00000001 00007f0000000000 00000000",
     0, NULL},
    {"a message before it accepted", false,
     "0002 0000 00000028 01000000 0000000000000000 00000010"
     "0000000000000000 00000001 00000010",
     -LDMSCTL_EPROTO, "before it accepted"},
    {"accepted twice", true, "0008 0000 00000018 01000000 0000000000000000 00000000",
     -LDMSCTL_EPROTO, "accepted twice"},
    {"accepted with nothing", false,
     "0008 0000 00000018 01000000 0000000000000000 00000000", -LDMSCTL_EPROTO,
     "too few bytes"},
    {"accepted with 19 bytes", false,
     "0008 0000 0000002b 01000000 0000000000000000 00000013"
     "04020000 6e6f6e650000000000000000000000",
     -LDMSCTL_EPROTO, "too few bytes"},
    {"accepted with LDMS 4.3", false,
     "0008 0000 0000002c 01000000 0000000000000000 00000014"
     "04030000 6e6f6e65000000000000000000000000",
     -LDMSCTL_EPROTO, "another version"},
    {"rejected without a NUL", false,
     "0009 0000 0000001a 01000000 0000000000000000 00000002 6e6f", -LDMSCTL_EREJECTED,
     "rejected the connection: no"},
    {"rejected with terminal sequences", false,
     "0009 0000 0000001d 01000000 0000000000000000 00000005 1b5d303b07",
     -LDMSCTL_EREJECTED, "\\x1b]0;\\a"},
    {"rejected late", true,
     "0009 0000 0000001a 01000000 0000000000000000 00000002 6e6f", -LDMSCTL_EPROTO,
     "after it had accepted"},
    {"a client's word", false, "000a 0000 00000018 01000000 0000000000000000 00000000",
     -LDMSCTL_EPROTO, "only a client says"},
};

static void
attacks(void **state)
{
    const struct row *row = *state;
    struct hex h = unhex(row->hex);
    struct lc_engine e;
    const struct ldmsctl_event *event;

    open_engine(&e, &none);
    if (row->ready) {
        accept_as(&e, "none", 64);
        assert_int_equal(lc_engine_next(&e)->err, 0);
        assert_int_equal(ask(&e, "version"), 1);
    }
    lc_engine_feed(&e, h.bytes, h.len, 2);
    event = lc_engine_next(&e);
    if (row->err == 0) {
        assert_null(event);
        assert_int_equal(e.phase, LC_PHASE_READY);
        lc_engine_tick(&e, 1001); /* and still the answer has its time */
        event = lc_engine_next(&e);
        assert_int_equal(event->err, -ETIMEDOUT);
    } else {
        assert_int_equal(event->err, row->err);
        if (!strstr(e.why, row->says))
            fail_msg("'%s' does not say '%s'", e.why, row->says);
    }
    assert_int_equal(e.phase, LC_PHASE_IDLE);
    lc_engine_free(&e);
    free(h.bytes);
}

static void
a_downgrade_is_refused(void **state)
{
    struct lc_engine e;

    (void)state;
    open_engine(&e, &ovis);
    accept_as(&e, "none", 64);
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_EAUTH);
    assert_non_null(strstr(e.why, "another authentication than ours: none"));
    lc_engine_free(&e);
}

static void
a_reflected_challenge_is_refused(void **state)
{
    struct hex first = unhex("01000000 0000000000001111");
    struct hex ours = unhex("01000000 000000000000abcd");
    struct lc_engine e;

    (void)state;
    open_engine(&e, &ovis);
    accept_as(&e, "ovis", 64);
    feed_message(&e, LC_AUTH_MSG, 0, first.bytes, first.len);
    assert_true(lc_challenge_is_ours(0xabcd));
    feed_message(&e, LC_AUTH_MSG, 0, ours.bytes, ours.len);
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_EAUTH);
    assert_non_null(strstr(e.why, "does not know the secret"));
    assert_false(lc_challenge_is_ours(0xabcd));
    lc_engine_free(&e);
    free(first.bytes);
    free(ours.bytes);
}

static void
requests_before_authentication_are_dropped(void **state)
{
    struct lc_engine e;

    (void)state;
    open_engine(&e, &ovis);
    accept_as(&e, "ovis", 64);
    feed_record(&e, LC_RECORD_RESPONSE, 3, 1, "\0\0\0\0", 4);
    assert_int_equal(e.phase, LC_PHASE_AUTH);
    assert_null(lc_engine_next(&e));
    lc_engine_free(&e);
}

static void
make_ready(struct lc_engine *e)
{
    open_engine(e, &none);
    accept_as(e, "none", 64);
    assert_int_equal(lc_engine_next(e)->err, 0);
}

static void
an_endless_answer_ends(void **state)
{
    static uint8_t full[65536];
    struct lc_engine e;
    uint32_t number;
    size_t sent = 0;

    (void)state;
    make_ready(&e);
    number = ask(&e, "version");
    for (uint32_t flags = LC_RECORD_SOM; e.phase == LC_PHASE_READY; flags = 0) {
        feed_record(&e, LC_RECORD_RESPONSE, flags, number, full, sizeof(full));
        sent += sizeof(full);
        assert_true(sent <= none.max_response_bytes + sizeof(full));
        assert_true(e.held_bytes <= none.max_response_bytes);
    }
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
}

/* One attribute, STRING, that fills a body of len bytes. */
static uint8_t *
make_body(size_t len)
{
    uint8_t *body = calloc(1, len);
    struct wr c = wr_over(body, len);

    assert_non_null(body);
    wr_u32(&c, 1);
    wr_u32(&c, LC_ATTR_STRING);
    wr_u32(&c, (uint32_t)(len - LC_ATTR_HEAD_BYTES - LC_ATTR_END_BYTES));
    return body;
}

/* The limit is also that of one record, and of the bytes that it may keep: here of a
 * message before it, which was large and meant nobody. */
static void
one_large_record_has_the_limit(void **state)
{
    enum { LIMIT = 128 << 10, FITS = 40000, LARGE = 1000000 };
    struct lc_engine_options less = none;
    uint8_t *fits = make_body(FITS), *large = make_body(LARGE);
    struct lc_engine e;

    (void)state;
    less.max_response_bytes = LIMIT;
    open_engine(&e, &less);
    accept_as(&e, "none", 64);
    assert_int_equal(lc_engine_next(&e)->err, 0);
    for (int i = 0; i < 3; i++) {
        feed_record(&e, LC_RECORD_RESPONSE, 3, 99, large, LARGE);
        feed_record(&e, LC_RECORD_RESPONSE, 3, ask(&e, "version"), fits, FITS);
        assert_true(e.held_bytes <= LIMIT && e.in.room + e.held_bytes < 3 * LARGE);
    }
    assert_int_equal(e.phase, LC_PHASE_READY);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lc_engine_next(&e)->err, 0);
    feed_record(&e, LC_RECORD_RESPONSE, 3, ask(&e, "version"), large, LARGE);
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
    free(fits);
    free(large);
}

static void
endless_empty_records_end(void **state)
{
    struct lc_engine e;
    uint32_t number, sent = 0;

    (void)state;
    make_ready(&e);
    number = ask(&e, "version");
    for (uint32_t flags = LC_RECORD_SOM; e.phase == LC_PHASE_READY; flags = 0) {
        feed_record(&e, LC_RECORD_RESPONSE, flags, number, "", 0);
        assert_true(++sent <= LC_ENGINE_RECORDS_MAX + 1);
    }
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
}

static void
a_million_attributes_are_refused(void **state)
{
    size_t n = 65537, len = n * LC_ATTR_HEAD_BYTES + 4;
    uint8_t *body = malloc(len);
    struct wr c = wr_over(body, len);
    struct lc_engine e;

    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < n; i++)
        lc_attr_put(&c, LC_ATTR_STRING, NULL, 0);
    lc_attr_put_end(&c);
    make_ready(&e);
    feed_record(&e, LC_RECORD_RESPONSE, 3, ask(&e, "version"), body, len);
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_EPROTO);
    lc_engine_free(&e);
    free(body);
}

static void
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

static void
an_endless_directory_ends(void **state)
{
    static const char json[] =
        "{\"directory\":[{\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaa\"}]}";
    struct lc_engine e;
    uint32_t number;
    size_t sent = 0;

    (void)state;
    make_ready(&e);
    number = ask(&e, "dir_list");
    for (; e.phase == LC_PHASE_READY; sent += sizeof(json) - 1) {
        feed_dir(&e, number, true, json);
        assert_true(sent <= none.max_response_bytes * 2);
    }
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
}

static void
a_directory_comes_in_pieces(void **state)
{
    struct lc_engine e;
    uint32_t number;

    (void)state;
    make_ready(&e);
    number = ask(&e, "dir_list");
    feed_dir(&e, number, true, "{ \"directory\" : [{\"name\":\"a\",\"card\":3}]}");
    feed_dir(&e, number, true, "{ \"directory\" : []}");
    feed_dir(&e, number, false,
             "{\"directory\":[{\"name\":\"b\\n\\u00e4\",\"info\":[]}]}");
    const struct ldmsctl_event *event = lc_engine_next(&e);
    assert_int_equal(event->err, 0);
    assert_int_equal(event->reply.n_sets, 2);
    assert_int_equal(event->reply.sets[0].card, 3);
    assert_string_equal(event->reply.sets[1].name, "b\n\xc3\xa4");
    assert_string_equal(
        event->reply.text,
        "[{\"name\":\"a\",\"card\":3},{\"name\":\"b\\n\\u00e4\",\"info\":[]}]");
    lc_engine_free(&e);
}

/* Whatever it says of more to follow. */
static void
a_refused_directory_is_an_answer(void **state)
{
    struct lc_dir_reply reply = {.rc = 22, .more = true};
    uint8_t body[16];
    struct wr c = wr_over(body, sizeof(body));
    struct lc_engine e;

    (void)state;
    lc_dir_reply_put(&c, &reply);
    make_ready(&e);
    feed_message(&e, LC_DIR_REPLY, ask(&e, "dir_list"), body, wr_len(&c));
    const struct ldmsctl_event *event = lc_engine_next(&e);
    assert_non_null(event);
    assert_int_equal(event->err, -LDMSCTL_EREFUSED);
    assert_int_equal(event->reply.status, 22);
    lc_engine_free(&e);
}

/* An empty set takes three bytes, and a hundred and more in memory. */
static void
a_directory_of_empty_sets_is_refused(void **state)
{
    static const char head[] = "{\"directory\":[{}", tail[] = "]}";
    enum { SETS = 300000 };
    size_t len = sizeof(head) - 1 + (size_t)SETS * 3 + sizeof(tail) - 1;
    char *json = malloc(len + 1);
    uint8_t *body = malloc(len + 16);
    struct wr c = wr_over(body, len + 16);
    struct lc_engine e;

    (void)state;
    assert_non_null(json);
    assert_non_null(body);
    char *at = json + sprintf(json, "%s", head);
    for (size_t i = 0; i < SETS; i++, at += 3)
        memcpy(at, ",{}", 3);
    memcpy(at, tail, sizeof(tail));
    lc_dir_reply_put(&c,
                     &(struct lc_dir_reply){.json = (const uint8_t *)json, .len = len});
    make_ready(&e);
    feed_message(&e, LC_DIR_REPLY, ask(&e, "dir_list"), body, wr_len(&c));
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    assert_non_null(strstr(e.why, "more sets than are allowed"));
    lc_engine_free(&e);
    free(body);
    free(json);
}

/* An answer makes room in the window for what waits, whichever kind of answer it is. */
static void
directories_make_room_for_what_waits(void **state)
{
    enum { N = LC_ENGINE_WINDOW * 2 + 1 };
    struct lc_engine_options many = none;
    struct lc_engine e;
    uint32_t numbers[N];

    (void)state;
    many.max_in_flight = N;
    open_engine(&e, &many);
    accept_as(&e, "none", 64);
    assert_int_equal(lc_engine_next(&e)->err, 0);
    for (size_t i = 0; i < N; i++)
        numbers[i] = ask(&e, "dir_list");
    assert_int_equal(e.n_sent, LC_ENGINE_WINDOW);
    for (size_t i = 0; i < N; i++) {
        feed_dir(&e, numbers[i], false, "{\"directory\":[]}");
        assert_int_equal(lc_engine_next(&e)->request, numbers[i]);
    }
    assert_null(lc_engine_next(&e));
    lc_engine_free(&e);
}

static struct bad_json {
    const char *name, *json;
} bad_json[] = {
    {"an unescaped quote", "{\"directory\":[{\"name\":\"a\"b\"}]}"},
    {"invalid UTF-8", "{\"directory\":[{\"name\":\"\xff\"}]}"},
    {"a bad escape", "{\"directory\":[{\"name\":\"\\x\"}]}"},
    {"half a document", "{\"directory\":["},
    {"nothing", ""},
    {"no directory", "{\"dir\":[]}"},
    {"a control character", "{\"directory\":[{\"name\":\"\x01\"}]}"},
    {"65 levels deep",
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
     "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"},
};

/* The connection lives, and the text is handed out as it is. */
static void
a_bad_directory_is_an_error(void **state)
{
    const struct bad_json *bad = *state;
    struct lc_engine e;

    make_ready(&e);
    feed_dir(&e, ask(&e, "dir_list"), false, bad->json);
    const struct ldmsctl_event *event = lc_engine_next(&e);
    assert_int_equal(event->err, -LDMSCTL_EPROTO);
    assert_int_equal(event->reply.text_len, strlen(bad->json));
    assert_non_null(strstr(e.why, "not JSON at byte"));
    assert_int_equal(e.phase, LC_PHASE_READY);
    lc_engine_free(&e);
}

/* Notices are answered as long as the peer takes the answers, and no longer. */
static void
a_flood_of_notices_costs_nothing(void **state)
{
    static const uint8_t notice[] = {0, 0, 0, 2, 'a', 0};
    struct lc_engine e;

    (void)state;
    make_ready(&e);
    (void)ask(&e, "version");
    for (int i = 0; i < 100000; i++)
        feed_message(&e, LC_SET_DELETE, 7, notice, sizeof(notice));
    assert_int_equal(e.phase, LC_PHASE_READY);
    assert_true(e.out.room < 1 << 18);
    assert_int_equal(e.held_bytes, 0);
    lc_engine_free(&e);
}

static void
a_slow_drip_runs_out_of_time(void **state)
{
    struct lc_engine e;
    uint32_t number;
    uint64_t now_ms = 1;

    (void)state;
    make_ready(&e);
    number = ask(&e, "version");
    for (uint32_t flags = LC_RECORD_SOM; e.phase == LC_PHASE_READY; flags = 0) {
        feed_record(&e, LC_RECORD_RESPONSE, flags, number, "", 0);
        assert_int_equal(lc_engine_deadline(&e), 1 + none.reply_timeout_ms);
        now_ms += 100;
        lc_engine_tick(&e, now_ms);
    }
    assert_int_equal(now_ms, 1001);
    assert_int_equal(lc_engine_next(&e)->err, -ETIMEDOUT);
    lc_engine_free(&e);
}

static void
the_status_is_the_last_records(void **state)
{
    struct lc_record r = {.type = 2, .msg_no = 1, .len = 0};
    uint8_t bytes[64];
    struct lc_engine e;

    (void)state;
    make_ready(&e);
    r.msg_no = ask(&e, "version");
    for (int last = 0; last < 2; last++) {
        struct wr c = wr_over(bytes, sizeof(bytes));
        r.flags = last ? LC_RECORD_EOM : LC_RECORD_SOM;
        r.code = last ? 5 : 0;
        r.len = last ? 4 : 0;
        lc_record_put_head(&c, &r);
        wr_zeros(&c, r.len);
        feed_message(&e, LC_SEND_MSG, 0, bytes, wr_len(&c));
    }
    assert_int_equal(lc_engine_next(&e)->reply.status, 5);
    lc_engine_free(&e);
}

static void
texts_are_made_harmless(void **state)
{
    char out[40];

    (void)state;
    lc_text_escape(out, sizeof(out), "\033[2J\r\n\\x", 8, 100);
    assert_string_equal(out, "\\x1b[2J\\r\\n\\\\x");
    lc_text_escape(out, sizeof(out),
                   "\xc2\x9b"
                   "1m \xc3\xa4",
                   7, 100);
    assert_string_equal(out, "\\x9b1m \xc3\xa4");
    lc_text_escape(out, 8, "abcdefghijk", 11, 100);
    assert_string_equal(out, "abcd...");
    lc_text_escape(out, sizeof(out), "abcdefghijk", 11, 3);
    assert_string_equal(out, "abc...");
    lc_text_escape(out, sizeof(out), "a\0b", 3, 100);
    assert_string_equal(out, "a\\x00b");
    snprintf(out, sizeof(out),
             "a\033[2J\x7f\xc2\x9b"
             "1 \xc3\xa4\xc2\xa7\xc2");
    lc_text_tame(out);
    assert_string_equal(out, "a?[2J???1 \xc3\xa4\xc2\xa7\xc2");
}

int
main(void)
{
    enum {
        ROWS = sizeof(rows) / sizeof(rows[0]),
        JSONS = sizeof(bad_json) / sizeof(bad_json[0])
    };
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(a_downgrade_is_refused),
        cmocka_unit_test(a_reflected_challenge_is_refused),
        cmocka_unit_test(requests_before_authentication_are_dropped),
        cmocka_unit_test(an_endless_answer_ends),
        cmocka_unit_test(one_large_record_has_the_limit),
        cmocka_unit_test(endless_empty_records_end),
        cmocka_unit_test(a_million_attributes_are_refused),
        cmocka_unit_test(an_endless_directory_ends),
        cmocka_unit_test(a_directory_comes_in_pieces),
        cmocka_unit_test(a_refused_directory_is_an_answer),
        cmocka_unit_test(a_directory_of_empty_sets_is_refused),
        cmocka_unit_test(directories_make_room_for_what_waits),
        cmocka_unit_test(a_flood_of_notices_costs_nothing),
        cmocka_unit_test(a_slow_drip_runs_out_of_time),
        cmocka_unit_test(the_status_is_the_last_records),
        cmocka_unit_test(texts_are_made_harmless),
    };
    enum { MORE = sizeof(more) / sizeof(more[0]) };
    struct CMUnitTest tests[ROWS + JSONS + MORE];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(attacks, &rows[i]);
        tests[i].name = rows[i].name;
    }
    for (size_t i = 0; i < JSONS; i++) {
        tests[ROWS + i] = (struct CMUnitTest)cmocka_unit_test_prestate(
            a_bad_directory_is_an_error, &bad_json[i]);
        tests[ROWS + i].name = bad_json[i].name;
    }
    memcpy(tests + ROWS + JSONS, more, sizeof(more));
    return cmocka_run_group_tests_name("ldmsctl/hostile", tests, NULL, NULL);
}
