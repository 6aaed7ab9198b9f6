/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "line.h"

#include "portmgr.h"

enum { MAX_BYTES = 8 };

/* Bytes, and their lines in brackets: with ! where CR LF ended one; an error's name. */
static struct row {
    const char *name, *bytes, *want;
} rows[] = {
    {"nothing", "", ""},
    {"LF", "a\nbc\n", "[a][bc]"},
    {"CR LF", "a\r\nbc\r\n", "[a]![bc]!"},
    {"empty lines", "\n\r\n\n", "[][]![]"},
    {"a lone CR is no end", "a\rb\n", "[a\rb]"},
    {"one CR of two", "a\r\r\n", "[a\r]!"},
    {"a part is no line", "a\nb", "[a]"},
    {"as long as allowed", "12345678\n", "[12345678]"},
    {"as long as allowed, with CR LF", "12345678\r\n", "[12345678]!"},
    {"one longer", "123456789\n", "too long"},
    {"longer, and never ending", "12345678901", "too long"},
};

static void
take_all(struct pt_lines *lines, const char *bytes, size_t len, char *shown)
{
    struct hex own = hex_cut(bytes, len);
    const char *at = (char *)own.bytes, *end = at + len;
    struct pt_line line;
    int got;

    shown += strlen(shown);
    while ((got = pt_lines_take(lines, &at, end, &line)) == 1)
        shown += sprintf(shown, "[%.*s]%s", (int)line.len, line.text,
                         line.has_crlf ? "!" : "");
    if (got < 0)
        sprintf(shown, "%s", got == -PORTMGR_ETOOLONG ? "too long" : "?");
    free(own.bytes);
}

/* In one piece, and in two, cut anywhere. */
static void
lines_are(void **state)
{
    const struct row *row = *state;
    size_t len = strlen(row->bytes);

    for (size_t cut = 0; cut <= len; cut++) {
        struct pt_lines lines;
        char shown[256] = "";
        pt_lines_init(&lines, MAX_BYTES);
        take_all(&lines, row->bytes, cut, shown);
        if (!strstr(shown, "too long"))
            take_all(&lines, row->bytes + cut, len - cut, shown);
        assert_string_equal(shown, row->want);
        pt_lines_clear(&lines);
    }
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(lines_are, &rows[i]);
        tests[i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("portmgr/line", tests, NULL, NULL);
}
