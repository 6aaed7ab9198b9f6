/* SPDX-License-Identifier: MIT */
/* JSON as the tool writes it: every text and number comes out valid, and comes back. */
#include <support/cmocka.h>

#include <out.h>

#include <math.h>
#include <stdlib.h>

static struct row {
    const char *name, *text;
    size_t len;
    const char *want;
} rows[] = {
#define ROW(name, text, want)                                                          \
    {                                                                                  \
        name, text, sizeof(text) - 1, want                                             \
    }
    ROW("plain", "/store/mc/f1.dat", "\"/store/mc/f1.dat\""),
    ROW("empty", "", "\"\""),
    ROW("a quote within eight bytes", "abc\"defghij", "\"abc\\\"defghij\""),
    ROW("a quote behind eight bytes", "abcdefghijk\"", "\"abcdefghijk\\\"\""),
    ROW("a backslash", "a\\b", "\"a\\\\b\""),
    ROW("lines", "a\nb\rc\td", "\"a\\nb\\rc\\td\""),
    ROW("controls", "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""),
    ROW("a NUL", "a\0b", "\"a\\u0000b\""),
    ROW("UTF-8", "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\""),
    ROW("UTF-8 of four bytes", "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""),
    ROW("no UTF-8", "a\xff\xfe", "\"a\\udcff\\udcfe\""),
    ROW("UTF-8 cut short", "ab\xc3", "\"ab\\udcc3\""),
    ROW("a surrogate in UTF-8", "\xed\xa0\x80", "\"\\udced\\udca0\\udc80\""),
    ROW("overlong UTF-8", "\xc0\xaf", "\"\\udcc0\\udcaf\""),
    ROW("what drives a terminal", "\xc2\x9b\xe2\x80\xae", "\"\\u009b\\u202e\""),
#undef ROW
};

static void
open_out(struct out *o)
{
    assert_int_equal(out_open(o, -1), 0);
}

/* What was written so far; the next value starts afresh. */
static void
assert_written(struct out *o, const char *want)
{
    out_char(o, '\0');
    assert_string_equal(o->text, want);
    o->len = 0;
}

static void
drop(struct out *o)
{
    o->len = 0;
    out_close(o);
}

static void
puts_strings(void **state)
{
    const struct row *row = *state;
    struct out o;

    open_out(&o);
    out_string(&o, row->text, row->len);
    assert_written(&o, row->want);
    drop(&o);
}

static void
puts_numbers(void **state)
{
    struct out o;
    (void)state;

    open_out(&o);
    const struct {
        uint64_t value;
        const char *want;
    } counts[] = {{0, "0"},
                  {7, "7"},
                  {10, "10"},
                  {99, "99"},
                  {100, "100"},
                  {12345, "12345"},
                  {UINT64_MAX, "18446744073709551615"}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        out_u64(&o, counts[i].value);
        assert_written(&o, counts[i].want);
    }
    out_i64(&o, INT64_MIN);
    assert_written(&o, "-9223372036854775808");
    out_i64(&o, -1);
    assert_written(&o, "-1");
    out_time_ns(&o, UINT64_C(1795304540333126000));
    assert_written(&o, "1795304540.333126");
    out_time_ns(&o, UINT64_C(1000001000));
    assert_written(&o, "1.000001");
    drop(&o);
}

/* Each double can be read back as the same one. */
static void
puts_doubles(void **state)
{
    const double values[] = {0,     -0.0,       1,       0.1,     1283134435656.0,
                             1e300, 5e-324,     1.0 / 3, -2.5e10, 9007199254740993.0,
                             1e22,  123456.789, 1e-5};
    struct out o;
    (void)state;

    open_out(&o);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        out_f64(&o, values[i]);
        out_char(&o, '\0');
        double back = strtod(o.text, NULL);
        assert_memory_equal(&back, &values[i], sizeof(back));
        o.len = 0;
    }
    out_f64(&o, 3);
    assert_written(&o, "3.0");
    out_f64(&o, (double)NAN);
    assert_written(&o, "null");
    out_f64(&o, (double)INFINITY);
    assert_written(&o, "null");
    drop(&o);
}

static void
copies_json(void **state)
{
    const struct {
        const char *text, *want;
    } values[] = {
        {"{\"a\": [1, 2.5e3 ,true], \"b\":\t\"x \\\" y\"}\r",
         "{\"a\":[1,2.5e3,true],\"b\":\"x \\\" y\"}"},
        {"\"a\\\\\"", "\"a\\\\\""},
        {"{}", "{}"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"[\"gr\xc3\xbc\xc3\x9f\", \"\xc2\x9b\x7f\\u009b\"]",
         "[\"gr\xc3\xbc\xc3\x9f\",\"\\u009b\\u007f\\u009b\"]"},
    };
    struct out o;
    (void)state;

    open_out(&o);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        out_json(&o, values[i].text, strlen(values[i].text));
        assert_written(&o, values[i].want);
    }
    drop(&o);
}

static void
puts_objects(void **state)
{
    struct out o;
    (void)state;

    open_out(&o);
    out_begin(&o, '{');
    out_key(&o, "a");
    out_begin(&o, '[');
    out_next(&o);
    out_u64(&o, 1);
    out_next(&o);
    out_bool(&o, false);
    out_end(&o, ']');
    out_key_text(&o, "k\"", 2);
    out_text(&o, NULL);
    out_end(&o, '}');
    assert_written(&o, "{\"a\":[1,false],\"k\\\"\":null}");
    drop(&o);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]), OTHERS = 4 };
    struct CMUnitTest tests[ROWS + OTHERS] = {
        cmocka_unit_test(puts_numbers),
        cmocka_unit_test(puts_doubles),
        cmocka_unit_test(copies_json),
        cmocka_unit_test(puts_objects),
    };

    for (size_t i = 0; i < ROWS; i++) {
        tests[OTHERS + i] =
            (struct CMUnitTest)cmocka_unit_test_prestate(puts_strings, &rows[i]);
        tests[OTHERS + i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("xrdmon tool/out", tests, NULL, NULL);
}
