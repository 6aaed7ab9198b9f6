/* SPDX-License-Identifier: MIT */
/* Regular expressions that the stand-in takes, and those that would cost it its stack, its
 * memory or its time. */
#include "daemon_state.h"
#include "support/cmocka.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

static const struct row {
    const char *name;
    const char *head, *part, *tail; /* the regex: head, `times` parts, tail */
    size_t times;
    int err;
    const char *matches, *fails;
} rows[] = {
    {"a name", "node01", "", "", 0, 0, "node01", "node2"},
    {"any", ".*", "", "", 0, 0, "", NULL},
    {"alternatives", "^(a|b|[cd]+)$", "", "", 0, 0, "ccd", "e"},
    {"repetitions", "^n[0-9]{4}$", "", "", 0, 0, "n0042", "n42"},
    {"repetitions of groups", "^(ab{2,3}){2}$", "", "", 0, 0, "abbabbb", "abb"},
    {"an address", "^([0-9]{1,3}\\.){3}[0-9]{1,3}$", "", "", 0, 0, "127.0.0.1", "a.b"},
    {"escapes", "^\\(\\*\\)\\{$", "", "", 0, 0, "(*){", "(*)"},
    {"a hundred names", "^(n0", "|node", ")$", 100, 0, "node", "nod"},
    {"as deep as anybody means", "^", "(", "a", 40, REG_EPAREN, NULL, NULL},
    {"a bracket too few", "(", "", "", 0, REG_EPAREN, NULL, NULL},
    {"an open brace", "a{2", "", "", 0, REG_EBRACE, NULL, NULL},
    {"brackets that go deep", "", "(", "", 200000, REG_ESPACE, NULL, NULL},
    {"repetitions of repetitions", "((a", "{1,200}){1,200", "}){1,200}", 1, REG_ESPACE,
     NULL, NULL},
    {"one large repetition", "a{20000}", "", "", 0, REG_ESPACE, NULL, NULL},
    {"stars of stars", "a", "*", "", 1000, REG_ESPACE, NULL, NULL},
    {"a long one", "a", "|a", "", 100000, REG_ESPACE, NULL, NULL},
    {"references back", "(a*)+\\1b", "", "", 0, REG_ESPACE, NULL, NULL},
};

static void
is_taken_or_refused(void **state)
{
    const struct row *row = *state;
    size_t head = strlen(row->head), part = strlen(row->part);
    char *regex = malloc(head + row->times * part + strlen(row->tail) + 1), *at = regex;
    struct dm_reply r = {0};

    assert_non_null(regex);
    at = strcpy(regex, row->head) + head;
    for (size_t i = 0; i < row->times; i++)
        at = strcpy(at, row->part) + part;
    strcpy(at, row->tail);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(dm_is_regex(regex), row->err == 0);
        if (row->matches)
            assert_true(dm_matches(regex, row->matches));
        if (row->fails)
            assert_false(dm_matches(regex, row->fails));
    }
    assert_int_equal(dm_check_regex(&r, regex), row->err == 0);
    assert_int_equal(r.status, row->err);
    if (r.out)
        fclose(r.out);
    dm_reply_free(&r);
    free(regex);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        union {
            const void *in;
            void *out;
        } row = {.in = &rows[i]};
        tests[i] =
            (struct CMUnitTest)cmocka_unit_test_prestate(is_taken_or_refused, row.out);
        tests[i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("ldmsc/daemon_regex", tests, NULL, NULL);
}
