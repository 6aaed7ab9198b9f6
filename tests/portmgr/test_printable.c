/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "printable.h"

enum { MOST = 12 };

static struct row {
    const char *name, *text, *want;
} rows[] = {
    {"plain", "a b'c", "a b'c"},
    {"UTF-8", "été 日本 😀", "été 日本 😀"},
    {"control characters", "\033[2J\r\n\t", "\\x1b[2J\\x0d\\x0a\\x09"},
    {"DEL and C1", "\177\302\233", "\\x7f\\u009b"},
    {"bytes that are no UTF-8", "\377a\303", "\\xffa\\xc3"},
    {"overlong", "\300\200", "\\xc0\\x80"},
    {"a surrogate", "\355\240\200", "\\xed\\xa0\\x80"},
    {"beyond the last", "\364\220\200\200", "\\xf4\\x90\\x80\\x80"},
    {"direction and line marks", "\342\200\256a\342\200\250", "\\u202ea\\u2028"},
    {"as many as shown", "123456789012", "123456789012"},
    {"cut", "1234567890123", "123456789012..."},
    {"characters are counted, not bytes", "éééééééééééé", "éééééééééééé"},
};

/* And never more than there is room for. */
static void
shows(void **state)
{
    const struct row *row = *state;
    char shown[128];

    pt_printable(row->text, strlen(row->text), MOST, shown, sizeof(shown));
    assert_string_equal(shown, row->want);
    for (size_t room = 4; room < sizeof(shown); room++) {
        struct hex own = hex_cut(shown, room);
        pt_printable(row->text, strlen(row->text), MOST, (char *)own.bytes, room);
        assert_true(strlen((char *)own.bytes) < room);
        free(own.bytes);
    }
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(shows, &rows[i]);
        tests[i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("portmgr/printable", tests, NULL, NULL);
}
