/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "text.h"

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
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_made_harmless),
    };
    return cmocka_run_group_tests_name("ldmsctl/text", tests, NULL, NULL);
}
