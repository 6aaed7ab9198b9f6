/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "json.h"
#include "ldmsctl.h"

static struct row {
    const char *name, *text;
    bool good;
} rows[] = {
    {"empty object", "{}", true},
    {"empty list", " [ ] \n", true},
    {"nested", "{\"a\":[1,{\"b\":[]},-2.5e+3,true,false,null,\"x\"]}", true},
    {"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"", true},
    {"64 levels",
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
     "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
     true},
    {"nothing", "", false},
    {"two values", "{} {}", false},
    {"no value", "{\"a\":}", false},
    {"no name", "{1:2}", false},
    {"a comma too many", "[1,]", false},
    {"a comma too few", "[1 2]", false},
    {"the wrong bracket", "[1}", false},
    {"open", "{\"a\":[", false},
    {"01", "01", false},
    {"1.", "1.", false},
    {"-", "-", false},
    {"1e", "1e", false},
    {"tru", "tru", false},
    {"a control character", "\"\n\"", false},
    {"half an escape", "\"\\", false},
    {"a short \\u", "\"\\u12\"", false},
    {"overlong UTF-8", "\"\xc0\xaf\"", false},
    {"half a pair in UTF-8", "\"\xed\xa0\x80\"", false},
    {"UTF-8 cut short", "\"\xe2\x82\"", false},
};

static void
checks(void **state)
{
    const struct row *row = *state;
    struct hex h = hex_cut(row->text, strlen(row->text));
    struct lc_json value;
    size_t fault = 0;

    assert_int_equal(lc_json_check((char *)h.bytes, h.len, &value, &fault),
                     row->good ? 0 : -LDMSCTL_EPROTO);
    assert_true(fault <= h.len);
    free(h.bytes);
}

static void
walks(void **state)
{
    static const char text[] =
        "{ \"a\" : 12, \"b\":\"x\\u00e4\\ud83d\\ude00\\ud800\\u0000\" , \"c\" : [ 1, "
        "[2] ] }";
    struct lc_json doc, key, value;
    struct lc_json_walk walk;
    char out[64];
    size_t fault;
    int n = 0;

    (void)state;
    assert_int_equal(lc_json_check(text, sizeof(text) - 1, &doc, &fault), 0);
    assert_int_equal(lc_json_u64(lc_json_get(doc, "a")), 12);
    assert_null(lc_json_get(doc, "d").at);
    assert_int_equal(lc_json_u64(lc_json_get(doc, "d")), 0);
    assert_int_equal(lc_json_text(lc_json_get(doc, "b"), out), 13);
    assert_string_equal(out, "x\xc3\xa4\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd");
    lc_json_text(lc_json_get(doc, "c"), out);
    assert_string_equal(out, "[ 1, [2] ]");
    for (walk = lc_json_walk(doc); lc_json_next(&walk, &key, &value); n++)
        assert_int_equal(key.len, 3);
    assert_int_equal(n, 3);
    for (walk = lc_json_walk(lc_json_get(doc, "c")); lc_json_next(&walk, &key, &value);
         n++)
        assert_null(key.at);
    assert_int_equal(n, 5);
    walk = lc_json_walk(lc_json_get(doc, "a"));
    assert_false(lc_json_next(&walk, &key, &value));
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(checks, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(walks);
    return cmocka_run_group_tests_name("ldmsctl/json", tests, NULL, NULL);
}
