/* SPDX-License-Identifier: MIT */
/* Servers that are broken or mean harm: whatever comes, the call ends within its
 * deadline with a clear error, the handle says that it is dead, and memory stays small. */
#include "client.h"

#include <malloc.h>

/* A server that is heard at last has time: the machine may be busy. */
enum { TIMEOUT_MS = 400, PATIENT_MS = 20000, MEMORY_MAX = 4 << 20 };

static struct row {
    const char *name;
    const struct peer_step *steps; /* NULL: made by the test */
    int err;
    const char *words; /* in the sentence */
    bool is_list;      /* else an allocation */
} rows[] = {
    {"no reply", STEPS(EXPECT("LIST\n"), HOLD), -ETIMEDOUT, "within 400 ms", true},
    {"close at once", STEPS(CLOSE), 0, "", true},
    {"reset at once", STEPS(RESET), 0, "", true},
    {"close after the request", STEPS(EXPECT("LIST\n"), CLOSE), -PORTMGR_ECLOSED,
     "closed", true},
    {"reset after the request", STEPS(EXPECT("LIST\n"), RESET), -ECONNRESET, "reset",
     true},
    {"close after the status", STEPS(EXPECT("LIST\n"), SEND("OK 2\r\n"), CLOSE),
     -PORTMGR_ECLOSED, "before its answer was whole", true},
    {"reset after the status",
     STEPS(EXPECT("LIST\n"), SEND("OK 2\r\n"), PAUSE(20), RESET), -ECONNRESET, "reset",
     true},
    {"close inside a row",
     STEPS(EXPECT("LIST\n"), SEND("OK 2\r\n43010 a fox\r\n430"), CLOSE),
     -PORTMGR_ECLOSED, "before its answer was whole", true},
    {"close before the line end",
     STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 4300"), CLOSE), -PORTMGR_ECLOSED, "",
     false},

    {"a line without end", STEPS(EXPECT("LIST\n"), FLOOD("xxxxxxxxxxxxxxxx")),
     -PORTMGR_ETOOLONG, "longer than 65536", true},
    {"blanks without end", STEPS(EXPECT("LIST\n"), FLOOD("                ")),
     -PORTMGR_ETOOLONG, "", true},
    {"digits without end", STEPS(EXPECT("LIST\n"), SEND("OK "), FLOOD("11111111")),
     -PORTMGR_ETOOLONG, "", true},
    {"empty lines without end", STEPS(EXPECT("LIST\n"), FLOOD("\r\n\r\n\r\n")),
     -PORTMGR_EPROTO, "", true},
    {"empty lines for rows", STEPS(EXPECT("LIST\n"), SEND("OK 9\r\n"), FLOOD("\r\n")),
     -PORTMGR_EPROTO, "no row of a list", true},
    {"one byte at a time for ever", STEPS(EXPECT("LIST\n"), DRIP("OK 1 ")), -ETIMEDOUT,
     "", true},
    {"a FAIL of megabytes", STEPS(EXPECT("LIST\n"), SEND("FAIL {"), FLOOD("no no no ")),
     -PORTMGR_ETOOLONG, "", true},

    {"a count of 10^9, then silence",
     STEPS(EXPECT("LIST\n"), SEND("OK 1000000000\r\n"), HOLD), -PORTMGR_EPROTO,
     "'OK 1000000000'", true},
    {"a count of 10^9, and rows for ever",
     STEPS(EXPECT("LIST\n"), SEND("OK 1000000000\r\n"), FLOOD("1 a b\r\n")),
     -PORTMGR_EPROTO, "", true},
    {"a count of 10^20", STEPS(EXPECT("LIST\n"), SEND("OK 100000000000000000000\r\n")),
     -PORTMGR_EPROTO, "", true},
    {"a count of -1", STEPS(EXPECT("LIST\n"), SEND("OK -1\r\n"), HOLD), -PORTMGR_EPROTO,
     "", true},
    {"a count of 2^31", STEPS(EXPECT("LIST\n"), SEND("OK 2147483648\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a count of 2^32", STEPS(EXPECT("LIST\n"), SEND("OK 4294967296\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a count of 2^64",
     STEPS(EXPECT("LIST\n"), SEND("OK 18446744073709551616\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a count of 1.5", STEPS(EXPECT("LIST\n"), SEND("OK 1.5\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a count of 0x1", STEPS(EXPECT("LIST\n"), SEND("OK 0x1\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a count of 1e0", STEPS(EXPECT("LIST\n"), SEND("OK 1e0\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a count of 1x", STEPS(EXPECT("LIST\n"), SEND("OK 1x\r\n"), HOLD), -PORTMGR_EPROTO,
     "", true},
    {"a count of {}", STEPS(EXPECT("LIST\n"), SEND("OK {}\r\n"), HOLD), -PORTMGR_EPROTO,
     "", true},
    {"no count", STEPS(EXPECT("LIST\n"), SEND("OK\r\n"), HOLD), -PORTMGR_EPROTO, "",
     true},
    {"fewer rows than announced",
     STEPS(EXPECT("LIST\n"), SEND("OK 2\r\n43010 a fox\r\n"), HOLD), -ETIMEDOUT, "",
     true},
    {"65535 rows announced, then silence",
     STEPS(EXPECT("LIST\n"), SEND("OK 65535\r\n1 a b\r\n"), HOLD), -ETIMEDOUT, "",
     true},

    {"port 0", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 0\r\n"), HOLD),
     -PORTMGR_EPROTO, "no port", false},
    {"port 65536", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 65536\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 70000", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 70000\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port -5", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK -5\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 2^32+1", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 4294967297\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 2^64+43010",
     STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 18446744073709594626\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port text", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK http\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 43x", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 43x\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 0x50", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 0x50\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 4.5", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 4.5\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port {}", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK {}\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 1e3", STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 1e3\r\n"), HOLD),
     -PORTMGR_EPROTO, "", false},
    {"port 0 in a row", STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n0 a b\r\n"), HOLD),
     -PORTMGR_EPROTO, "'0 a b'", true},
    {"port 70000 in a row",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n70000 a b\r\n"), HOLD), -PORTMGR_EPROTO, "",
     true},

    {"an open brace, then close",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 {a fox\r\n"), CLOSE), -PORTMGR_ECLOSED,
     "", true},
    {"an open brace, then silence",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 {a fox\r\n"), HOLD), -ETIMEDOUT, "",
     true},
    {"an open brace, lines for ever",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 {a fox\r\n"), FLOOD("x\r\n")),
     -PORTMGR_ETOOLONG, "257 lines", true},
    {"an open quote, then close",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 \"a fox\r\n"), CLOSE),
     -PORTMGR_ECLOSED, "", true},
    {"an open quote, then silence",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 \"a fox\r\n"), HOLD), -ETIMEDOUT, "",
     true},
    {"an open quote, lines for ever",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 \"a fox\r\n"), FLOOD("x\r\n")),
     -PORTMGR_ETOOLONG, "", true},
    {"text behind a closing brace",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 {a}b fox\r\n"), HOLD), -PORTMGR_EPROTO,
     "no row of a list", true},
    {"a row of no word", STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a row of one word", STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a row of two words", STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 a\r\n"), HOLD),
     -PORTMGR_EPROTO, "", true},
    {"a row of four words",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 a b c\r\n"), HOLD), -PORTMGR_EPROTO,
     "", true},
    {"braces nested for ever",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 "), FLOOD("{{{{{{{{{{{{{{{{")),
     -PORTMGR_ETOOLONG, "", true},
    {"backslashes for ever",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n43010 "), FLOOD("\\\\\\\\\\\\\\\\\\\\\\\\")),
     -PORTMGR_ETOOLONG, "", true},

    {"NUL in the status", STEPS(EXPECT("LIST\n"), SEND("OK\0 1\r\n"), HOLD),
     -PORTMGR_EPROTO, "'OK\\x00 1'", true},
    {"NUL in a row's port",
     STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n430\00010 a b\r\n"), HOLD), -PORTMGR_EPROTO,
     "", true},
    {"control sequences in a refusal",
     STEPS(EXPECT("LIST\n"), SEND("FAIL {\033[2J\r\033]0;x\007\302\233}\r\n"), HOLD),
     -PORTMGR_EREFUSED, "'\\x1b[2J\\x0d\\x1b]0;x\\x07\\u009b'", true},

    {"HTTP", STEPS(EXPECT("LIST\n"), SEND("HTTP/1.1 400 Bad Request\r\n\r\n"), CLOSE),
     -PORTMGR_EPROTO, "'HTTP/1.1 400 Bad Request'", true},
    {"TLS", STEPS(EXPECT("LIST\n"), SEND("\025\003\001\000\002\002\012"), CLOSE),
     -PORTMGR_EPROTO, "no port manager's answer", true},
    {"random bytes",
     STEPS(EXPECT("LIST\n"), SEND("\237\n\001\376\377\200\000\r\n"), CLOSE),
     -PORTMGR_EPROTO, "", true},
};

/* Calls, and then asks the dead handle. */
static void
ends_well(void **state)
{
    const struct row *row = *state;
    struct stage s;
    struct portmgr_list *list = NULL;
    uint16_t port = 0;
    int64_t before_ms = peer_now_ms();

    raise_stage(&s, row->steps, row->err == -ETIMEDOUT ? TIMEOUT_MS : PATIENT_MS);
    int err =
        row->is_list ? portmgr_list(s.pm, &list) : portmgr_allocate(s.pm, "svc", &port);
    assert_in_range(peer_now_ms() - before_ms, 0, PATIENT_MS);
    if (row->err)
        assert_int_equal(err, row->err);
    assert_true(err < 0);
    assert_null(list);
    assert_int_equal(port, 0);
    assert_true(strlen(portmgr_errmsg(s.pm)) > 20);
    assert_non_null(strstr(portmgr_errmsg(s.pm), row->words));
    for (const char *p = portmgr_errmsg(s.pm); *p; p++)
        assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
    assert_int_equal(portmgr_list(s.pm, &list), -ENOTCONN);
    assert_int_equal(portmgr_is_held(s.pm), err);
    assert_in_range(mallinfo2().uordblks, 0, MEMORY_MAX);
    strike_stage(&s);
}

/* Where a correct result exists, it is given: a list, and only then the end. */
static void
a_second_reply(void **state)
{
    struct stage s;
    struct portmgr_list *list;

    (void)state;
    raise_stage(
        &s, STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n1 a b\r\nOK 1\r\n1 a b\r\n"), HOLD),
        PATIENT_MS);
    assert_int_equal(portmgr_list(s.pm, &list), 0);
    row_is(list, 0, 1, "a", "b");
    portmgr_list_free(list);
    assert_int_equal(portmgr_is_held(s.pm), -PORTMGR_EPROTO);
    strike_stage(&s);
}

static void
more_rows_than_announced(void **state)
{
    struct stage s;
    struct portmgr_list *list;

    (void)state;
    raise_stage(&s, STEPS(EXPECT("LIST\n"), SEND("OK 1\r\n1 a b\r\n2 a b\r\n"), HOLD),
                PATIENT_MS);
    assert_int_equal(portmgr_list(s.pm, &list), 0);
    assert_int_equal(list->count, 1);
    portmgr_list_free(list);
    assert_int_equal(portmgr_list(s.pm, &list), -ENOTCONN);
    strike_stage(&s);
}

/* Either comes before the request, whatever it says. */
static void
speaks_first(const struct peer_step *steps)
{
    struct stage s;
    uint16_t port;

    raise_stage(&s, steps, PATIENT_MS);
    int err = portmgr_wait(s.pm, 5000); /* connected, ... */
    for (int i = 0; err == 0 && i < 100; i++)
        err = portmgr_wait(s.pm, 5000); /* ... and spoken to */
    assert_int_equal(err, -PORTMGR_EPROTO);
    assert_int_equal(portmgr_next(s.pm)->kind, PORTMGR_EVENT_LOST);
    assert_int_equal(portmgr_allocate(s.pm, "svc", &port), -ENOTCONN);
    assert_non_null(strstr(portmgr_errmsg(s.pm), "no answer to anything asked"));
    strike_stage(&s);
}

static void
a_greeting(void **state)
{
    (void)state;
    speaks_first(STEPS(SEND("SSH-2.0-OpenSSH_9.2\r\n"), HOLD));
}

static void
a_reply_before_the_request(void **state)
{
    (void)state;
    speaks_first(STEPS(SEND("OK 43010\r\n"), HOLD));
}

/* A megabyte while we hold: the first byte is enough to know. */
static void
chatter_while_holding(void **state)
{
    struct stage s;
    uint16_t port;

    (void)state;
    raise_stage(&s,
                STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 43010\r\n"), PAUSE(50),
                      FLOOD("OK 43011\r\n")),
                PATIENT_MS);
    assert_int_equal(portmgr_allocate(s.pm, "svc", &port), 0);
    while (portmgr_wait(s.pm, 5000) == 0)
        continue;
    assert_int_equal(portmgr_is_held(s.pm), -PORTMGR_EPROTO);
    assert_in_range(mallinfo2().uordblks, 0, MEMORY_MAX);
    strike_stage(&s);
}

/* 30000 braces in a name that does close: a correct list, and quickly. */
static void
deep_but_right(void **state)
{
    enum { DEPTH = 30000 };
    char *answer = malloc(2 * DEPTH + 64);
    struct peer_step steps[4] = {EXPECT("LIST\n"), {0}, HOLD};
    struct stage s;
    struct portmgr_list *list;
    size_t n = 8;

    (void)state;
    assert_non_null(answer);
    memcpy(answer, "OK 1\r\n1 ", n);
    memset(answer + n, '{', DEPTH);
    memset(answer + n + DEPTH, '}', DEPTH);
    n += (size_t)2 * DEPTH;
    memcpy(answer + n, " fox\r\n", 6);
    steps[1] = (struct peer_step){PEER_SEND, answer, n + 6, 0};
    raise_stage(&s, steps, 5000);
    assert_int_equal(portmgr_list(s.pm, &list), 0);
    assert_int_equal(list->rows[0].service_len, 2 * DEPTH - 2);
    portmgr_list_free(list);
    strike_stage(&s);
    free(answer);
}

/* 60000 backslashes are 30000. */
static void
backslashes_but_right(void **state)
{
    enum { COUNT = 60000 };
    char *answer = malloc(COUNT + 64);
    struct peer_step steps[4] = {EXPECT("LIST\n"), {0}, HOLD};
    struct stage s;
    struct portmgr_list *list;
    size_t n = 8;

    (void)state;
    assert_non_null(answer);
    memcpy(answer, "OK 1\r\n1 ", n);
    memset(answer + n, '\\', COUNT);
    n += COUNT;
    memcpy(answer + n, " fox\r\n", 6);
    steps[1] = (struct peer_step){PEER_SEND, answer, n + 6, 0};
    raise_stage(&s, steps, 5000);
    assert_int_equal(portmgr_list(s.pm, &list), 0);
    assert_int_equal(list->rows[0].service_len, COUNT / 2);
    portmgr_list_free(list);
    strike_stage(&s);
    free(answer);
}

/* Names with NUL, escapes for it, invalid UTF-8 and lone surrogates pass as bytes. */
static void
strange_names(void **state)
{
    struct stage s;
    struct portmgr_list *list;

    (void)state;
    raise_stage(
        &s,
        STEPS(EXPECT("LIST\n"),
              SEND("OK 3\r\n1 a\0b \\x00\r\n2 \377\376 u\r\n3 \\ud800 \\udfff\r\n"),
              HOLD),
        PATIENT_MS);
    assert_int_equal(portmgr_list(s.pm, &list), 0);
    assert_int_equal(list->rows[0].service_len, 3);
    assert_memory_equal(list->rows[0].service, "a\0b", 4);
    assert_int_equal(list->rows[0].user_len, 1);
    row_is(list, 1, 2, "\377\376", "u");
    row_is(list, 2, 3, "\355\240\200", "\355\277\277");
    portmgr_list_free(list);
    strike_stage(&s);
}

int
main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_second_reply),
        cmocka_unit_test(more_rows_than_announced),
        cmocka_unit_test(a_greeting),
        cmocka_unit_test(a_reply_before_the_request),
        cmocka_unit_test(chatter_while_holding),
        cmocka_unit_test(deep_but_right),
        cmocka_unit_test(backslashes_but_right),
        cmocka_unit_test(strange_names),
    };
    enum {
        ROWS = sizeof(rows) / sizeof(rows[0]),
        OTHERS = sizeof(others) / sizeof(others[0]),
    };
    struct CMUnitTest tests[ROWS + OTHERS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(ends_well, &rows[i]);
        tests[i].name = rows[i].name;
    }
    memcpy(tests + ROWS, others, sizeof(others));
    return cmocka_run_group_tests_name("portmgr/hostile", tests, NULL, NULL);
}
