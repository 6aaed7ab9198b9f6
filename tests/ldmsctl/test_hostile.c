/* SPDX-License-Identifier: MIT */
/* What a hostile or broken server could say: each attack ends the connection with its
 * error and a sentence, or is dropped. */
#include "fed.h"
#include "support/hex.h"

#include "challenge.h"

static const struct lc_engine_options ovis = {
    .auth = {.kind = LC_AUTH_OVIS, .name = "ovis", .secret = "throwaway0secret"},
    .reply_timeout_ms = 1000,
    .max_in_flight = 16,
    .max_response_bytes = 1 << 20,
};

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
        cmocka_unit_test(a_directory_comes_in_pieces),
        cmocka_unit_test(a_refused_directory_is_an_answer),
        cmocka_unit_test(the_status_is_the_last_records),
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
