/* SPDX-License-Identifier: MIT */
/* What the library must do about answers; the names are those of the protocol's list of
 * requirements, as in test_portmgr.c, test_request.c, test_user.c and test_criteria.c.
 * No socket, and time is a number. */
#include "support/cmocka.h"

#include "engine.h"

static const struct pt_limits limits = {
    .timeout_ms = 5000, .max_line_bytes = 65536, .max_list_bytes = 16777216};

/* What an engine makes of an answer: "43010" a port; rows as "port|service|user;";
 * or the code's name. */
static void
shown(struct pt_engine *e, char *out, size_t room)
{
    struct pt_answer answer = {0};

    if (!pt_engine_next(e, &answer)) {
        snprintf(out, room, "nothing yet");
    } else if (answer.err) {
        snprintf(out, room, "%s",
                 answer.err == -PORTMGR_EPROTO     ? "EPROTO"
                 : answer.err == -PORTMGR_EREFUSED ? "EREFUSED"
                 : answer.err == -PORTMGR_ETOOLONG ? "ETOOLONG"
                 : answer.err == -PORTMGR_ECLOSED  ? "ECLOSED"
                 : answer.err == -ETIMEDOUT        ? "ETIMEDOUT"
                                                   : "?");
    } else if (answer.kind == PORTMGR_EVENT_ALLOCATED) {
        snprintf(out, room, "%u", answer.port);
    } else {
        size_t n = (size_t)snprintf(out, room, "%zu rows", answer.list->count);
        for (size_t i = 0; i < answer.list->count && n + 80 < room; i++) {
            const struct portmgr_row *r = &answer.list->rows[i];
            n += (size_t)snprintf(out + n, room - n, " %u|%s|%s;", r->port, r->service,
                                  r->user);
        }
    }
    portmgr_list_free(answer.list);
}

static void
start(struct pt_engine *e, enum pt_doing doing)
{
    const void *bytes;

    pt_engine_init(e, &limits);
    if (doing == PT_ALLOCATING)
        assert_int_equal(pt_engine_allocate(e, "svc", "fox", 1000), 0);
    else
        assert_int_equal(pt_engine_list(e, 1000), 0);
    pt_engine_sent(e, pt_engine_out(e, &bytes));
}

static struct row {
    const char *name, *answer, *want;
    enum pt_doing doing;
} rows[] = {
    {"c06 a port", "OK 43010\r\n", "43010", PT_ALLOCATING},
    {"c06 LF alone", "OK 43010\n", "43010", PT_ALLOCATING},
    {"c06 blanks are a list's", " OK \t 43010 \r\n", "43010", PT_ALLOCATING},
    {"c06 neither OK nor FAIL", "OKAY 43010\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 lower case", "ok 43010\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 an empty line", "\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 no number", "OK\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 two numbers", "OK 43010 43009\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 a sign", "OK +43010\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 a point", "OK 43010.0\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 hex", "OK 0x5000\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 an exponent", "OK 1e3\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 text behind", "OK 43x\r\n", "EPROTO", PT_ALLOCATING},
    {"c06 braces", "OK {}\r\n", "EPROTO", PT_ALLOCATING},
    {"c07 no rows", "OK 0\r\n", "0 rows", PT_LISTING},
    {"c07 65536 is too many", "OK 65536\r\n", "EPROTO", PT_LISTING},
    {"c07 less than none", "OK -1\r\n", "EPROTO", PT_LISTING},
    {"c07 2^32 + 1 is not 1", "OK 4294967297\r\n", "EPROTO", PT_LISTING},
    {"c07 10^20", "OK 100000000000000000000\r\n", "EPROTO", PT_LISTING},
    {"c07 65535 are waited for", "OK 65535\r\n", "nothing yet", PT_LISTING},
    {"c08 rows", "OK 2\r\n43010 a fox\r\n43009 b cat\r\n",
     "2 rows 43010|a|fox; 43009|b|cat;", PT_LISTING},
    {"c08 one row missing", "OK 2\r\n43010 a fox\r\n", "nothing yet", PT_LISTING},
    {"c08 no partial result", "OK 2\r\n43010 a fox\r\n0 b cat\r\n", "EPROTO",
     PT_LISTING},
    {"c08 two words", "OK 1\r\n43010 a\r\n", "EPROTO", PT_LISTING},
    {"c08 four words", "OK 1\r\n43010 a b c\r\n", "EPROTO", PT_LISTING},
    {"c08 an empty row", "OK 1\r\n\r\n", "EPROTO", PT_LISTING},
    {"c08 port 65536", "OK 1\r\n65536 a b\r\n", "EPROTO", PT_LISTING},
    {"c08 a port in braces", "OK 1\r\n{} a b\r\n", "EPROTO", PT_LISTING},
    {"c08 text at a brace", "OK 1\r\n43010 {a}b c\r\n", "EPROTO", PT_LISTING},
    {"c08 words as Tcl quotes them", "OK 1\r\n43010 {a b} a\\\"b\r\n",
     "1 rows 43010|a b|a\"b;", PT_LISTING},
    {"c08 a third word behind a name of two lines", "OK 1\r\n1 {a\r\nb} c d\r\n",
     "EPROTO", PT_LISTING},
    {"c09 a name of two lines", "OK 2\r\n43010 {a\r\nb} fox\r\n43009 c fox\r\n",
     "2 rows 43010|a\nb|fox; 43009|c|fox;", PT_LISTING},
    {"c09 a name that looks like a row",
     "OK 1\r\n43010 {a\r\n43099 RingMaster root\r\nb} fox\r\n",
     "1 rows 43010|a\n43099 RingMaster root\nb|fox;", PT_LISTING},
    {"c09 quotes go on too", "OK 1\r\n43010 \"a\r\nb\" fox\r\n",
     "1 rows 43010|a\nb|fox;", PT_LISTING},
    {"c09 both names go on", "OK 1\r\n1 {a\r\n} {\r\n\r\nb}\r\n", "1 rows 1|a\n|\n\nb;",
     PT_LISTING},
    {"c09 the Rust server quotes nothing", "OK 1\n43004 a{b fox\n",
     "1 rows 43004|a{b|fox;", PT_LISTING},
    {"c09 ... nor closes a brace", "OK 1\n43004 {a fox\n", "1 rows 43004|{a|fox;",
     PT_LISTING},
    {"c09 ... nor keeps off one", "OK 1\n43004 {a}b fox\n", "1 rows 43004|{a}b|fox;",
     PT_LISTING},
    {"c09 ... but lists our own quoting", "OK 1\n43004 a\\u0020b fox\n",
     "1 rows 43004|a b|fox;", PT_LISTING},
    {"c09 ... and three words at most", "OK 1\n43004 {a b fox\n", "EPROTO", PT_LISTING},
    {"c09 a record cannot change dialect", "OK 1\r\n43010 {a\r\nb} fox\n", "EPROTO",
     PT_LISTING},
    {"c10 CR LF in a name is LF, a lone CR stays", "OK 1\r\n1 {a\r\n\rb} u\r\n",
     "1 rows 1|a\n\rb|u;", PT_LISTING},
    {"c11 port 0", "OK 0\r\n", "EPROTO", PT_ALLOCATING},
    {"c11 port 65536", "OK 65536\r\n", "EPROTO", PT_ALLOCATING},
    {"c11 2^64 + 43010", "OK 18446744073709594626\r\n", "EPROTO", PT_ALLOCATING},
    {"c12 no line end", "OK 43010", "nothing yet", PT_ALLOCATING},
};

/* In one piece and byte by byte; and cut anywhere, which is an error. */
static void
answers(void **state)
{
    const struct row *row = *state;
    size_t len = strlen(row->answer);
    bool is_good = row->want[0] >= '0' && row->want[0] <= '9';
    struct pt_engine e;
    char got[256];

    start(&e, row->doing);
    pt_engine_feed(&e, row->answer, len);
    shown(&e, got, sizeof(got));
    assert_string_equal(got, row->want);
    pt_engine_free(&e);

    start(&e, row->doing);
    for (size_t i = 0; i < len; i++)
        pt_engine_feed(&e, row->answer + i, 1);
    shown(&e, got, sizeof(got));
    assert_string_equal(got, row->want);
    pt_engine_free(&e);

    for (size_t cut = 0; is_good && cut < len; cut++) {
        start(&e, row->doing);
        pt_engine_feed(&e, row->answer, cut);
        pt_engine_end(&e, -PORTMGR_ECLOSED, NULL);
        shown(&e, got, sizeof(got));
        assert_string_equal(got, "ECLOSED");
        pt_engine_free(&e);
    }
}

/* Fed again and again after the status line, until there is an answer; false if the
 * engine took more than the limit first. */
static bool
ends_by(size_t limit, const char *status, const char *again, const char *want)
{
    struct pt_engine e;
    char got[256];
    size_t fed = 0;

    start(&e, PT_LISTING);
    pt_engine_feed(&e, status, strlen(status));
    while (e.answer_count == 0 && fed <= limit) {
        pt_engine_feed(&e, again, strlen(again));
        fed += strlen(again);
    }
    shown(&e, got, sizeof(got));
    assert_string_equal(got, want);
    assert_int_equal(e.over, e.over_doing == PT_LISTING ? e.over : 0);
    pt_engine_free(&e);
    return fed <= limit;
}

static void
c06_a_line_is_at_most_64_KiB(void **state)
{
    (void)state;
    assert_true(ends_by(65600, "", "xxxxxxxxxxxxxxxx", "ETOOLONG"));
    assert_true(ends_by(65600, "OK ", "1111111111111111", "ETOOLONG"));
    assert_true(ends_by(65600, "OK", "                ", "ETOOLONG"));
}

/* What is announced takes no memory; what comes takes some multiple of itself. */
static void
c07_memory_follows_what_came(void **state)
{
    struct pt_engine e;

    (void)state;
    start(&e, PT_LISTING);
    pt_engine_feed(&e, "OK 65535\r\n", 10);
    assert_int_equal(e.rows.room, 0);
    assert_in_range(e.rows.names_room, 0, 2048);
    for (size_t fed = 0; fed < 200000; fed += 7) {
        pt_engine_feed(&e, "1 a b\r\n", 7);
        assert_in_range(e.rows.room * sizeof(struct pt_row_at) + e.rows.names_room, 0,
                        16 * fed + 4096);
    }
    assert_int_equal(e.over, 0);
    pt_engine_free(&e);
}

static void
c08_limits_of_records_and_lists(void **state)
{
    (void)state;
    assert_true(ends_by(400 * 3, "OK 1\r\n1 {\r\n", "x\r\n", "ETOOLONG"));
    assert_true(ends_by(70000, "OK 1\r\n1 {", "{{{{{{{{{{{{{{{{", "ETOOLONG"));
    assert_true(ends_by(70000, "OK 1\r\n1 {\r\n",
                        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
                        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
                        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
                        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
                        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
                        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\r\n",
                        "ETOOLONG"));

    char *row = malloc(60010);
    assert_non_null(row);
    memset(row, 'x', 60000);
    memcpy(row, "1 a ", 4);
    memcpy(row + 60000, "\r\n", 3);
    assert_true(ends_by(17000000, "OK 65535\r\n", row, "ETOOLONG"));
    free(row);
}

/* No recursion, no second look: a megabyte of braces over 200 lines. */
static void
c09_deep_braces_are_quick(void **state)
{
    struct pt_engine e;
    char line[66], got[16384];

    (void)state;
    start(&e, PT_LISTING);
    pt_engine_feed(&e, "OK 1\r\n1 ", 8);
    memset(line, '{', 64);
    memcpy(line + 64, "\r\n", 2);
    for (int i = 0; i < 100; i++)
        pt_engine_feed(&e, line, sizeof(line));
    memset(line, '}', 64);
    for (int i = 0; i < 99; i++)
        pt_engine_feed(&e, line, sizeof(line));
    assert_int_equal(e.answer_count, 0);
    pt_engine_feed(&e, line, 64);
    pt_engine_feed(&e, " u\r\n", 4);
    shown(&e, got, sizeof(got));
    assert_memory_equal(got, "1 rows 1|", 9);
    pt_engine_free(&e);
}

static void
c10_names_hold_any_byte(void **state)
{
    static const char answer[] = "OK 1\r\n43010 a\0b {\\x00\xff\x1b}\r\n";
    struct pt_engine e;
    struct pt_answer a;

    (void)state;
    start(&e, PT_LISTING);
    pt_engine_feed(&e, answer, sizeof(answer) - 1);
    assert_true(pt_engine_next(&e, &a));
    assert_int_equal(a.err, 0);
    assert_int_equal(a.list->rows[0].service_len, 3);
    assert_memory_equal(a.list->rows[0].service, "a\0b", 4);
    assert_int_equal(a.list->rows[0].user_len, 6);
    assert_memory_equal(a.list->rows[0].user, "\\x00\xff\x1b", 7);
    portmgr_list_free(a.list);
    pt_engine_free(&e);
}

/* At once, or later. */
static void
c13_bytes_behind_the_answer(void **state)
{
    struct pt_engine e;
    char got[64];

    (void)state;
    for (int later = 0; later < 2; later++) {
        start(&e, PT_ALLOCATING);
        pt_engine_feed(&e, "OK 43010\r\nOK 43009\r\n", later ? 10 : 20);
        assert_int_equal(e.ports_held, later);
        pt_engine_feed(&e, "OK 43009\r\n", 10);
        assert_int_equal(e.ports_held, 0);
        shown(&e, got, sizeof(got));
        assert_string_equal(got, "43010");
        shown(&e, got, sizeof(got));
        assert_string_equal(got, "EPROTO");
        assert_int_equal(pt_engine_list(&e, 1), -ENOTCONN);
        pt_engine_free(&e);
    }
}

static void
c13_an_answer_before_the_request(void **state)
{
    struct pt_engine e;
    char got[64];

    (void)state;
    pt_engine_init(&e, &limits);
    assert_int_equal(pt_engine_allocate(&e, "svc", "fox", 1), 0);
    pt_engine_feed(&e, "OK 43010\r\n", 10); /* we have not sent anything */
    shown(&e, got, sizeof(got));
    assert_string_equal(got, "EPROTO");
    pt_engine_free(&e);
}

static void
c14_refusals(void **state)
{
    static const struct {
        const char *answer, *text;
        enum portmgr_reason reason;
    } refusals[] = {
        {"FAIL {no free ports}\r\n", "no free ports", PORTMGR_REASON_NO_PORTS},
        {"FAIL - No free ports available\n", "No free ports available",
         PORTMGR_REASON_NO_PORTS},
        {"FAIL {h (10.0.0.1) : Only local applications get ports}\r\n",
         "h (10.0.0.1) : Only local applications get ports", PORTMGR_REASON_NOT_LOCAL},
        {"FAIL - FAIL can only allocate to local senders\n\n",
         "FAIL can only allocate to local senders", PORTMGR_REASON_NOT_LOCAL},
        {"FAIL - Duplicate port allocation attempted\n",
         "Duplicate port allocation attempted", PORTMGR_REASON_DUPLICATE},
        {"FAIL {Invalid request QUIT}\r\n", "Invalid request QUIT",
         PORTMGR_REASON_INVALID},
        {"FAIL - invalid request\n", "invalid request", PORTMGR_REASON_INVALID},
        {"FAIL busy\r\n", "busy", PORTMGR_REASON_OTHER},
        {"FAIL two words\r\n", "two words", PORTMGR_REASON_OTHER},
        {"FAIL {open\r\n", "{open", PORTMGR_REASON_OTHER},
        {"FAIL\r\n", "", PORTMGR_REASON_OTHER},
        {"FAIL {\x1b[31m\x07\x7f\xff}\r\n", "\\x1b[31m\\x07\\x7f\\xff",
         PORTMGR_REASON_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct pt_engine e;
        char got[64];
        start(&e, PT_ALLOCATING);
        pt_engine_feed(&e, refusals[i].answer, strlen(refusals[i].answer));
        shown(&e, got, sizeof(got));
        assert_string_equal(got, "EREFUSED");
        assert_string_equal(e.refusal, refusals[i].text);
        assert_int_equal(e.reason, refusals[i].reason);
        pt_engine_free(&e);
    }
}

static void
c14_refusals_are_cut(void **state)
{
    struct pt_engine e;
    char answer[4000] = "FAIL ";

    (void)state;
    memset(answer + 5, 'x', sizeof(answer) - 6);
    answer[sizeof(answer) - 1] = '\n';
    start(&e, PT_ALLOCATING);
    pt_engine_feed(&e, answer, sizeof(answer));
    assert_int_equal(strlen(e.refusal), 503);
    assert_string_equal(e.refusal + 499, "x...");
    pt_engine_free(&e);
}

int
main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(c06_a_line_is_at_most_64_KiB),
        cmocka_unit_test(c07_memory_follows_what_came),
        cmocka_unit_test(c08_limits_of_records_and_lists),
        cmocka_unit_test(c09_deep_braces_are_quick),
        cmocka_unit_test(c10_names_hold_any_byte),
        cmocka_unit_test(c13_bytes_behind_the_answer),
        cmocka_unit_test(c13_an_answer_before_the_request),
        cmocka_unit_test(c14_refusals),
        cmocka_unit_test(c14_refusals_are_cut),
    };
    enum {
        ROWS = sizeof(rows) / sizeof(rows[0]),
        OTHERS = sizeof(others) / sizeof(others[0]),
    };
    struct CMUnitTest tests[ROWS + OTHERS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(answers, &rows[i]);
        tests[i].name = rows[i].name;
    }
    memcpy(tests + ROWS, others, sizeof(others));
    return cmocka_run_group_tests_name("portmgr/engine", tests, NULL, NULL);
}
