/* SPDX-License-Identifier: MIT */
/* Scripts into commands. */
#include "script.h"
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

static const struct row {
    const char *name, *text, *want; /* "line:command" each, '|' between */
} rows[] = {
    {"a command a line", "a x=1\nb\n", "1:a x=1|2:b"},
    {"no line end at the end", "a", "1:a"},
    {"blanks around", "  a\t\n", "1:a"},
    {"blank lines count", "\n\na\n", "3:a"},
    {"carriage returns are blanks", "a\r\nb\r\n", "1:a|2:b"},
    {"a mark of UTF-8 before it all", "\xef\xbb\xbf# c\n\xef\xbb\xbf\n",
     "2:\xef\xbb\xbf"},
    {"comments", "# one\n  # two\na # three\n", "3:a"},
    {"a comment touching its word is none", "a x=#1\n", "1:a x=#1"},
    {"a comment after a tab", "a\t#x", "1:a"},
    {"joined lines", "a \\\n  x=1 \\\n  y=2\nb\n", "1:a  x=1  y=2|4:b"},
    {"joined without a blank before", "a\\\nx=1\n", "1:a x=1"},
    {"a comment cuts the join", "a # \\\nb\n", "1:a|2:b"},
    {"a comment after the join is cut first", "a \\ # why\nb\n", "1:a  b"},
    {"an empty line ends the join", "a \\\n\nb\n", "1:a|3:b"},
    {"the file ends the join", "a \\", "1:a"},
    {"a backslash alone", "\\\na\n", "1:a"},
    {"a backslash inside", "a x=\\d\n", "1:a x=\\d"},
    {"backslashes alone, and then something", "\\\n\\\n\n\\\n\nb\n", "6:b"},
    {"backslashes alone at the end", "a\n\\\n\\", "1:a"},
    {"nothing", "", ""},
    {"comments alone", "#\n#\n", ""},
};

static void
lexes(void **state)
{
    const struct row *row = *state;
    char *text = strdup(row->text), got[1024] = "";
    size_t line_no = 0;
    FILE *file =
        row->text[0] ? fmemopen(text, strlen(text), "r") : fopen("/dev/null", "r");
    struct script s = script_over(file);
    const char *command;

    assert_non_null(file);
    while ((command = script_next(&s, &line_no))) {
        while (*command == ' ')
            command++;
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%zu:%s",
                 got[0] ? "|" : "", line_no, command);
    }
    assert_string_equal(got, row->want);
    assert_false(s.failed || s.binary);
    script_free(&s);
    fclose(file);
    free(text);
}

/* However many of them: on a stack of any size. */
static void
backslashes_alone_are_nothing(void **state)
{
    enum { PAIRS = 300000 };
    char *text = malloc(3 * (size_t)PAIRS + 2);
    size_t line_no = 0;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(text + 3 * i, "\\\n\n", 3);
    memcpy(text + 3 * (size_t)PAIRS, "a", 2);
    FILE *file = fmemopen(text, strlen(text), "r");
    struct script s = script_over(file);
    assert_string_equal(script_next(&s, &line_no), "a");
    assert_int_equal(line_no, 2 * PAIRS + 1);
    assert_null(script_next(&s, &line_no));
    script_free(&s);
    fclose(file);
    free(text);
}

static void
refuses_nul(void **state)
{
    char text[] = "a\nb\0c\nd\n";
    size_t line_no = 0;
    FILE *file = fmemopen(text, sizeof(text) - 1, "r");
    struct script s = script_over(file);

    (void)state;
    assert_string_equal(script_next(&s, &line_no), "a");
    assert_null(script_next(&s, &line_no));
    assert_true(s.binary);
    assert_int_equal(s.line_no, 2);
    script_free(&s);
    fclose(file);
}

static const struct variable {
    const char *name, *text, *want;
} variables[] = {
    {"a known name", "a x=${LDMSC_ONE}/${LDMSC_ONE}", "a x=one/one"},
    {"an unknown name is the daemon's", "a x=${LDMSC_NONE}", "a x=${LDMSC_NONE}"},
    {"an empty value", "a x=${LDMSC_EMPTY}.", "a x=."},
    {"no braces", "$LDMSC_ONE", "$LDMSC_ONE"},
    {"an open brace", "${LDMSC_ONE", "${LDMSC_ONE"},
    {"no name", "${}", "${}"},
    {"a value is not looked at again", "${LDMSC_NEST}", "${LDMSC_ONE}"},
    {"a dollar at the end", "a$", "a$"},
};

static void
expands(void **state)
{
    const struct variable *row = *state;
    setenv("LDMSC_ONE", "one", 1);
    setenv("LDMSC_EMPTY", "", 1);
    setenv("LDMSC_NEST", "${LDMSC_ONE}", 1);
    unsetenv("LDMSC_NONE");
    char *got = script_expand(row->text);
    assert_string_equal(got, row->want);
    free(got);
}

static void
env_counts_from_then_on(void **state)
{
    (void)state;
    script_take_env("env LDMSC_A=1  LDMSC_B=2=3 LDMSC_C");
    script_take_env("environment LDMSC_D=1");
    assert_string_equal(getenv("LDMSC_A"), "1");
    assert_string_equal(getenv("LDMSC_B"), "2=3");
    assert_null(getenv("LDMSC_C"));
    assert_null(getenv("LDMSC_D"));
}

/* cmocka's state is not const, the rows are. */
static void *
of(const void *row)
{
    union {
        const void *in;
        void *out;
    } u = {.in = row};
    return u.out;
}

int
main(void)
{
    enum {
        ROWS = sizeof(rows) / sizeof(rows[0]),
        VARIABLES = sizeof(variables) / sizeof(variables[0]),
    };
    struct CMUnitTest tests[ROWS + VARIABLES + 3];
    size_t n = 0;

    for (size_t i = 0; i < ROWS; i++) {
        tests[n] = (struct CMUnitTest)cmocka_unit_test_prestate(lexes, of(&rows[i]));
        tests[n++].name = rows[i].name;
    }
    for (size_t i = 0; i < VARIABLES; i++) {
        tests[n] =
            (struct CMUnitTest)cmocka_unit_test_prestate(expands, of(&variables[i]));
        tests[n++].name = variables[i].name;
    }
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(backslashes_alone_are_nothing);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(refuses_nul);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(env_counts_from_then_on);
    return cmocka_run_group_tests_name("ldmsc/script", tests, NULL, NULL);
}
