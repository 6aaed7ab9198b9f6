/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "tclword.h"

/* A word, as Tcl's list writes it behind another word, and as any server takes it. */
static struct row {
    const char *word, *tcl, *portable;
} rows[] = {
    {"svc", "svc", "svc"},
    {"", "{}", "{}"},
    {"a b", "{a b}", "a\\u0020b"},
    {"a\"b", "a\\\"b", "a\\u0022b"},
    {"\"q\"", "{\"q\"}", "\\u0022q\\u0022"},
    {"a]b", "a\\]b", "a\\u005db"},
    {"a]{b}", "a\\]{b}", "a\\u005d\\u007bb\\u007d"},
    {"a] b", "{a] b}", "a\\u005d\\u0020b"},
    {"[exit]", "{[exit]}", "\\u005bexit\\u005d"},
    {"$x", "{$x}", "\\u0024x"},
    {"a;b", "{a;b}", "a\\u003bb"},
    {"a{b", "a\\{b", "a\\u007bb"},
    {"a}b", "a\\}b", "a\\u007db"},
    {"a}{b", "a\\}\\{b", "a\\u007d\\u007bb"},
    {"a{b}c", "a{b}c", "a\\u007bb\\u007dc"},
    {"{}", "{{}}", "\\u007b\\u007d"},
    {"a\\", "a\\\\", "a\\u005c"},
    {"a\\b", "{a\\b}", "a\\u005cb"},
    {"a\\\\", "{a\\\\}", "a\\u005c\\u005c"},
    {"a\\{", "{a\\{}", "a\\u005c\\u007b"},
    {"a\\\nb", "a\\\\\\nb", "a\\u005c\\u000ab"},
    {"a\nb", "{a\nb}", "a\\u000ab"},
    {"u\n{", "u\\n\\{", "u\\u000a\\u007b"},
    {"\t\v\f\r}", "\\t\\v\\f\\r\\}", "\\u0009\\u000b\\u000c\\u000d\\u007d"},
    {"#x", "#x", "\\u0023x"},
    {"x#", "x#", "x#"},
    {"é\x7f", "é\x7f", "é\\u007f"},
};

typedef int quote_fn(const void *, size_t, char *, size_t, size_t *);

static void
quoted_is(quote_fn *quote, const struct row *row, const char *want)
{
    size_t len = strlen(row->word), room = strlen(want), n = 0;
    struct hex out = hex_cut(want, room);

    for (size_t less = 0; less < room; less++)
        assert_int_equal(quote(row->word, len, (char *)out.bytes, less, &n), -ENOBUFS);
    assert_int_equal(quote(row->word, len, (char *)out.bytes, room, &n), 0);
    assert_int_equal(n, room);
    assert_memory_equal(out.bytes, want, room);
    free(out.bytes);
}

static void
quotes(void **state)
{
    const struct row *row = *state;

    quoted_is(portmgr_tcl_quote, row, row->tcl);
    quoted_is(portmgr_tcl_quote_portable, row, row->portable);
}

static uint32_t seed = 20261122;

static uint32_t
draw(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void
comes_back(quote_fn *quote, const char *word, size_t len)
{
    char quoted[6 * 32 + 2], list[6 * 32 + 8], value[6 * 32 + 8];
    const char *at = list;
    size_t n, left, got;

    assert_int_equal(quote(word, len, quoted, sizeof(quoted), &n), 0);
    list[0] = 'x';
    list[1] = ' ';
    memcpy(list + 2, quoted, n);
    memcpy(list + 2 + n, " y", 2);
    left = n + 4;
    assert_int_equal(portmgr_tcl_take(&at, &left, value, &got), 1);
    assert_int_equal(portmgr_tcl_take(&at, &left, value, &got), 1);
    assert_int_equal(got, len);
    assert_memory_equal(value, word, len);
    assert_int_equal(portmgr_tcl_take(&at, &left, value, &got), 1);
    assert_int_equal(portmgr_tcl_take(&at, &left, value, &got), 0);
}

/* Quoted, then split, gives the same bytes: any bytes, and those that mean something. */
static void
any_bytes_come_back(void **state)
{
    static const char special[] = "{}[]\\\"$;# \t\n\v\f\rauxU017";
    char word[32];

    (void)state;
    for (int i = 0; i < 200000; i++) {
        size_t len = draw(sizeof(word));
        for (size_t k = 0; k < len; k++)
            word[k] =
                (char)(i % 2 ? (uint32_t)special[draw(sizeof(special))] : draw(256));
        comes_back(portmgr_tcl_quote, word, len);
        comes_back(portmgr_tcl_quote_portable, word, len);
    }
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(quotes, &rows[i]);
        tests[i].name = rows[i].tcl;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(any_bytes_come_back);
    return cmocka_run_group_tests_name("portmgr/tclquote", tests, NULL, NULL);
}
