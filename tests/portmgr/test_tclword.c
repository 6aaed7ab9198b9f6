/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "tclword.h"

/* A list, and its words in brackets; or what is wrong with it behind those. */
static struct row {
    const char *name, *list, *want;
} rows[] = {
    {"nothing", "", ""},
    {"only blanks", " \t\n\v\f\r ", ""},
    {"bare words", "a bb  ccc", "[a][bb][ccc]"},
    {"all blanks separate", "a\tb\nc\vd\fe\rf", "[a][b][c][d][e][f]"},
    {"blanks around", "  a  ", "[a]"},
    {"braces keep blanks", "{a b} c", "[a b][c]"},
    {"braces nest", "{a {b c} d} e", "[a {b c} d][e]"},
    {"braces keep backslashes", "{a\\nb}", "[a\\nb]"},
    {"a brace behind a backslash does not count", "{a\\}b} {a\\{b}", "[a\\}b][a\\{b]"},
    {"empty words", "{} \"\" x", "[][][x]"},
    {"quotes keep blanks", "\"a b\" c", "[a b][c]"},
    {"quotes substitute", "\"a\\tb\\\"c\"", "[a\tb\"c]"},
    {"braces mean nothing in quotes", "\"{a\"", "[{a]"},
    {"bare words substitute", "a\\ b\\{c", "[a b{c]"},
    {"later braces and quotes are plain", "a{b c}d e\"f", "[a{b][c}d][e\"f]"},
    {"nothing is evaluated", "[exit] $x ;#", "[[exit]][$x][;#]"},
    {"letters", "\\a\\b\\f\\n\\r\\t\\v", "[\a\b\f\n\r\t\v]"},
    {"a line goes on as one space", "a\\\n \t b", "[a b]"},
    {"octal", "\\101 \\18 \\377 \\400", "[A][\0018][\xc3\xbf][ 0]"},
    {"x takes two digits", "\\x41 \\x4 \\x414", "[A][\004][A4]"},
    {"u takes four digits", "\\u0041 \\u41 \\u00e9 \\u20acb", "[A][A][\xc3\xa9][€b]"},
    {"U takes eight digits", "\\U0001f600 \\U41", "[😀][A]"},
    {"U stops at the last code point", "\\U110000",
     "[\xf0\x91\x80\x80"
     "0]"},
    {"no digits", "\\x \\u \\Ug", "[x][u][Ug]"},
    {"surrogates pair", "\\ud83d\\ude00", "[😀]"},
    {"a high half alone", "\\ud83dx", "[\xed\xa0\xbdx]"},
    {"others stand for themselves", "\\q\\\\\\]\\é", "[q\\]é]"},
    {"a last backslash is one", "a\\", "[a\\]"},
    {"a brace stays open", "a {b", "[a]open"},
    {"inner braces don't close", "{a {b}", "open"},
    {"an escaped brace does not close", "{a\\}", "open"},
    {"a quote stays open", "a \"b c", "[a]open"},
    {"an escaped quote does not close", "\"a\\\"", "open"},
    {"text touches a brace", "{a}b", "garbage"},
    {"text touches a quote", "a \"b\"c", "[a]garbage"},
    {"a backslash touches a brace", "{a b}\\n fox", "garbage"},
};

/* From an allocation of exactly the list's length into one of the same. */
static void
split(const char *list, size_t len, char *shown)
{
    struct hex in = hex_cut(list, len), out = hex_cut(list, len);
    const char *at = (char *)in.bytes;
    enum pt_taken taken;
    size_t n;

    while ((taken = pt_tclword_take(&at, (char *)in.bytes + len, (char *)out.bytes,
                                    &n)) == PT_WORD)
        shown += sprintf(shown, "[%.*s]", (int)n, (char *)out.bytes);
    sprintf(shown, "%s", taken == PT_END ? "" : taken == PT_OPEN ? "open" : "garbage");
    free(in.bytes);
    free(out.bytes);
}

static void
splits(void **state)
{
    const struct row *row = *state;
    size_t len = strlen(row->list);
    char shown[256];

    split(row->list, len, shown);
    assert_string_equal(shown, row->want);
    for (size_t cut = 0; cut < len; cut++) /* no read past the end, wherever that is */
        split(row->list, cut, shown);
}

/* The public form, which only says that it is no list, and moves over what it took. */
static void
public_form(void **state)
{
    const char *list = "a {b c} {d";
    size_t left = strlen(list), len;
    char buf[16];

    (void)state;
    assert_int_equal(portmgr_tcl_take(&list, &left, buf, &len), 1);
    assert_memory_equal(buf, "a", len);
    assert_int_equal(portmgr_tcl_take(&list, &left, buf, &len), 1);
    assert_memory_equal(buf, "b c", len);
    assert_int_equal(portmgr_tcl_take(&list, &left, buf, &len), -EINVAL);
    assert_int_equal(left, 3);
    left = 0;
    assert_int_equal(portmgr_tcl_take(&list, &left, buf, &len), 0);
}

/* A scan in pieces, however cut, finds open what taking all words finds open. */
static void
scan_agrees(void **state)
{
    const struct row *row = *state;
    size_t len = strlen(row->list);
    bool open = strstr(row->want, "open") != NULL;

    for (size_t cut = 0; cut <= len; cut++) {
        struct pt_tclscan scan = {0};
        pt_tclscan_feed(&scan, row->list, cut);
        pt_tclscan_feed(&scan, row->list + cut, len - cut);
        assert_int_equal(pt_tclscan_is_open(&scan), open);
    }
}

/* Depth is a count, not a stack. */
static void
a_million_braces(void **state)
{
    enum { N = 1000000 };
    char *list = calloc(2, N), *buf = calloc(2, N);
    const char *at = list;
    size_t len;

    (void)state;
    memset(list, '{', N);
    memset(list + N, '}', N);
    assert_int_equal(pt_tclword_take(&at, list + 2 * N, buf, &len), PT_WORD);
    assert_int_equal(len, 2 * N - 2);
    at = list;
    assert_int_equal(pt_tclword_take(&at, list + 2 * N - 1, buf, &len), PT_OPEN);
    free(list);
    free(buf);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[2 * ROWS + 2];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(splits, &rows[i]);
        tests[i].name = rows[i].name;
        tests[ROWS + i] =
            (struct CMUnitTest)cmocka_unit_test_prestate(scan_agrees, &rows[i]);
        tests[ROWS + i].name = rows[i].name;
    }
    tests[2 * ROWS] = (struct CMUnitTest)cmocka_unit_test(public_form);
    tests[2 * ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(a_million_braces);
    return cmocka_run_group_tests_name("portmgr/tclword", tests, NULL, NULL);
}
