/* SPDX-License-Identifier: MIT */
/* JSON objects of labels: what is one, what comes of it, and what never does. */
#include "support/cmocka.h"

#include "labeljson.h"

#define DEEP                                                                           \
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" /* 33 */

static struct row {
    const char *name, *json;
    int n;
    const char *out;   /* without white space */
    const char *names; /* in order, with the value's first byte */
} rows[] = {
    {"none", "{}", 0, "{}", ""},
    {"one", "{\"a\":1}", 1, "{\"a\":1}", "a1 "},
    {"space goes, but not in strings", " { \"a\" : \"x  y\" ,\n\"b\":\t[ 1 , 2 ] } ", 2,
     "{\"a\":\"x  y\",\"b\":[1,2]}", "a\" b[ "},
    {"sorted by name, the text as it was", "{\"b\":1,\"a\":2,\"aa\":3}", 3,
     "{\"b\":1,\"a\":2,\"aa\":3}", "a2 aa3 b1 "},
    {"values of every kind",
     "{\"s\":\"\\u00e9\\n\",\"t\":true,\"f\":false,\"n\":null,\"d\":-1.5e+3,\"o\":{"
     "\"x\":{}}}",
     6, NULL, "d- ff nn o{ s\" tt "},
    {"digits and underscores in names", "{\"a_1\":0}", 1, NULL, "a_10 "},
    {"a name that begins with a digit", "{\"1a\":0}", -EINVAL, NULL, NULL},
    {"an empty name", "{\"\":0}", -EINVAL, NULL, NULL},
    {"a name with a dot", "{\"a.b\":0}", -EINVAL, NULL, NULL},
    {"a name twice", "{\"a\":0,\"a\":1}", -EINVAL, NULL, NULL},
    {"an array", "[1]", -EINVAL, NULL, NULL},
    {"nothing", "", -EINVAL, NULL, NULL},
    {"cut", "{\"a\":", -EINVAL, NULL, NULL},
    {"a string that does not end", "{\"a\":\"x", -EINVAL, NULL, NULL},
    {"an escape that is none", "{\"a\":\"\\x\"}", -EINVAL, NULL, NULL},
    {"half an escape", "{\"a\":\"\\u12\"}", -EINVAL, NULL, NULL},
    {"a leading zero", "{\"a\":01}", -EINVAL, NULL, NULL},
    {"a point without digits", "{\"a\":1.}", -EINVAL, NULL, NULL},
    {"a comma too many", "{\"a\":1,}", -EINVAL, NULL, NULL},
    {"something behind", "{\"a\":1}x", -EINVAL, NULL, NULL},
    {"brackets of two kinds", "{\"a\":[1}", -EINVAL, NULL, NULL},
    {"too deep", "{\"a\":" DEEP "}", -EINVAL, NULL, NULL},
};

static void
parses(void **state)
{
    const struct row *row = *state;
    struct pl_label labels[8];
    char out[256], names[64] = "";
    size_t len = strlen(row->json), out_len = 0;
    char *own = malloc(len + 1);

    assert_non_null(own);
    memcpy(own, row->json, len);
    int n = pl_labeljson_parse(own, len, 16, out, &out_len, labels, 8);
    assert_int_equal(n, row->n);
    for (int i = 0; i < n; i++) {
        size_t at = strlen(names);
        snprintf(names + at, sizeof(names) - at, "%.*s%c ", labels[i].name_len,
                 out + labels[i].name, out[labels[i].value]);
        bool is_object = out[labels[i].value] == '{';
        assert_int_equal(labels[i].flags,
                         16 | (is_object ? PMDALOOP_LABEL_COMPOUND : 0));
    }
    if (row->out) {
        assert_int_equal(out_len, strlen(row->out));
        assert_memory_equal(out, row->out, out_len);
    }
    if (row->names)
        assert_string_equal(names, row->names);
    /* No prefix of an object is one. */
    for (size_t cut = 0; n >= 0 && cut < strlen("{\"a\":1"); cut++)
        if (cut < len - 1)
            assert_true(pl_labeljson_parse(own, cut, 16, out, &out_len, labels, 8) < 0);
    free(own);
}

static void
more_than_there_is_room_for(void **state)
{
    (void)state;
    struct pl_label labels[2];
    char out[64];
    size_t len;
    const char *three = "{\"a\":1,\"b\":2,\"c\":3}";

    assert_int_equal(pl_labeljson_parse(three, strlen(three), 0, out, &len, labels, 2),
                     -E2BIG);
    assert_int_equal(pl_labeljson_parse(three, 65535, 0, out, &len, labels, 2), -E2BIG);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, parses, NULL, NULL, &rows[i]};
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(more_than_there_is_room_for);
    return cmocka_run_group_tests_name("pmdaloop/labeljson", tests, NULL, NULL);
}
