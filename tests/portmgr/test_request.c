/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "request.h"

static void
c19_names_are_refused_before_anything_is_sent(void **state)
{
    char long_name[257];

    (void)state;
    memset(long_name, 'x', 256);
    long_name[256] = '\0';
    assert_non_null(pt_request_name_fault(NULL));
    assert_non_null(pt_request_name_fault(""));
    assert_non_null(pt_request_name_fault("a\nb"));
    assert_non_null(pt_request_name_fault("\x7f"));
    assert_non_null(pt_request_name_fault(long_name));
    assert_null(pt_request_name_fault(long_name + 1));
    assert_null(pt_request_name_fault("a {b} \"c\" \xff"));
}

/* All 255 bytes escaped still fit. */
static void
c19_everything_else_is_quoted(void **state)
{
    char name[256], buf[PT_REQUEST_MAX_BYTES];
    size_t len;

    (void)state;
    len = pt_request_gimme("#a b{", "\xc3\xa9;", buf);
    assert_int_equal(len, 6 + 6 + 1 + 6 + 1 + 6 + 1 + 2 + 6 + 1);
    assert_memory_equal(buf, "GIMME \\u0023a\\u0020b\\u007b \xc3\xa9\\u003b\n", len);
    memset(name, '{', 255);
    name[255] = '\0';
    assert_int_equal(pt_request_gimme(name, name, buf), PT_REQUEST_MAX_BYTES);
    assert_int_equal(buf[PT_REQUEST_MAX_BYTES - 1], '\n');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c19_names_are_refused_before_anything_is_sent),
        cmocka_unit_test(c19_everything_else_is_quoted),
    };
    return cmocka_run_group_tests_name("portmgr/request", tests, NULL, NULL);
}
