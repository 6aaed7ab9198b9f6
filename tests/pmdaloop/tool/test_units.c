/* SPDX-License-Identifier: MIT */
/* Units in words: what PCP shows, and what its tools take. */
#include "units.h"

#include <pmdaloop.h>
#include <support/cmocka.h>

static struct row {
    const char *text;
    bool is_good;
    uint32_t want;
} rows[] = {
    {"", true, 0},
    {"none", true, 0},
    {"byte", true, PMDALOOP_UNITS(1, 0, 0, PMDALOOP_BYTE, 0, 0)},
    {"Kbyte / sec", true, PMDALOOP_UNITS(1, -1, 0, PMDALOOP_KBYTE, PMDALOOP_SEC, 0)},
    {"kilobytes/second", true,
     PMDALOOP_UNITS(1, -1, 0, PMDALOOP_KBYTE, PMDALOOP_SEC, 0)},
    {"KiB sec^-1", true, PMDALOOP_UNITS(1, -1, 0, PMDALOOP_KBYTE, PMDALOOP_SEC, 0)},
    {"mib/s", true, PMDALOOP_UNITS(1, -1, 0, PMDALOOP_MBYTE, PMDALOOP_SEC, 0)},
    {"Gigabytes", true, PMDALOOP_UNITS(1, 0, 0, PMDALOOP_GBYTE, 0, 0)},
    {"Ebyte", true, PMDALOOP_UNITS(1, 0, 0, PMDALOOP_EBYTE, 0, 0)},
    {"YB", true, PMDALOOP_UNITS(1, 0, 0, 8, 0, 0)},
    {"ms", true, PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_MSEC, 0)},
    {"NANOSECONDS", true, PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_NSEC, 0)},
    {"microsec", true, PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_USEC, 0)},
    {"min", true, PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_MIN, 0)},
    {"hr", true, PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_HOUR, 0)},
    {"count", true, PMDALOOP_UNITS(0, 0, 1, 0, 0, 0)},
    {"counts / sec", true, PMDALOOP_UNITS(0, -1, 1, 0, PMDALOOP_SEC, 0)},
    {"count x 10^6", true, PMDALOOP_UNITS(0, 0, 1, 0, 0, 6)},
    {"count x 10", true, PMDALOOP_UNITS(0, 0, 1, 0, 0, 1)},
    {"count x 10^-3", true, PMDALOOP_UNITS(0, 0, 1, 0, 0, -3)},
    {"count x 10^3 / sec", true, PMDALOOP_UNITS(0, -1, 1, 0, PMDALOOP_SEC, 3)},
    {"ms kb count x 10^3", true,
     PMDALOOP_UNITS(1, 1, 1, PMDALOOP_KBYTE, PMDALOOP_MSEC, 3)},
    {"x 10^3", true, PMDALOOP_UNITS(0, 0, 0, 0, 0, 3)},
    {"Kbyte^2 / sec^3", true,
     PMDALOOP_UNITS(2, -3, 0, PMDALOOP_KBYTE, PMDALOOP_SEC, 0)},
    {"/ sec", true, PMDALOOP_UNITS(0, -1, 0, 0, PMDALOOP_SEC, 0)},
    {"mile", false, 0},
    {"byte byte", false, 0},
    {"sec / ms", false, 0},
    {"byte / sec / count", false, 0},
    {"10 byte", false, 0},
    {"byte^", false, 0},
    {"byte^x", false, 0},
    {"byte^9", false, 0},
    {"byte^99999999999999999999", false, 0},
    {"count x 10^9", false, 0},
    {"count x 10^", false, 0},
    {"count x", false, 0},
    {"kilo", false, 0},
    {"byte,", false, 0},
};

static void
parses(void **state)
{
    const struct row *row = *state;
    uint32_t got = 0xdead;

    assert_int_equal(units_parse(row->text, &got), row->is_good);
    assert_int_equal(got, row->is_good ? row->want : 0xdead);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(parses, &rows[i]);
        tests[i].name = rows[i].text;
    }
    return cmocka_run_group_tests_name("pmdaloop/tool/units", tests, NULL, NULL);
}
