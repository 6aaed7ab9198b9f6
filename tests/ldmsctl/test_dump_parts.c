/* SPDX-License-Identifier: MIT */
/* What status methods tell, as configuration, also where they tell it in an order that real
 * daemons don't. */
#include "support/cmocka.h"

#include "dump_parts.h"

#include <stdio.h>

enum { ELEMENTS = 20000 };

/* An object with a long list, and with its name behind it: it must not be walked for each
 * element, since that takes minutes. */
static struct row {
    const char *name;
    lc_dump_part *part;
    const char *before, *element, *behind;
    const char *last; /* line */
    int lines;
} rows[] = {
    {"producers of an updater", lc_dump_updater, "{\"producers\":[", "{\"name\":\"a\"}",
     "],\"name\":\"u\"}", "updtr_prdcr_add name=u regex=^a$\n", ELEMENTS + 1},
    {"matches of an updater", lc_dump_updater_matches, "{\"match\":[",
     "{\"regex\":\"a\",\"selector\":\"inst\"}", "],\"name\":\"u\"}",
     "updtr_match_add name=u regex=a match=inst\n", ELEMENTS},
    {"members of a group", lc_dump_set, "{\"info\":[",
     "{\"key\":\"    grp_member: a\"}",
     "],\"name\":\"g\",\"flags\":\" L \",\"schema\":\"ldmsd_grp_schema\"}",
     "setgroup_ins name=g instance=a\n", ELEMENTS + 1},
    {"producers of a storage policy", lc_dump_storage, "{\"producers\":[", "\"a\"",
     "],\"name\":\"s\"}", "strgp_prdcr_add name=s regex=a\n", ELEMENTS + 1},
    {"metrics of a storage policy", lc_dump_storage, "{\"metrics\":[", "\"a\"",
     "],\"name\":\"s\",\"state\":\"STOPPED\"}", "strgp_metric_add name=s metric=a\n",
     ELEMENTS + 1},
};

static struct lc_json
checked(const char *text, size_t len)
{
    struct lc_json document;
    size_t fault;

    assert_int_equal(lc_json_check(text, len, &document, &fault), 0);
    return document;
}

static void
reads_each_list_once(void **state)
{
    const struct row *row = *state;
    struct lc_dump d = {.text.q = queue_make(64 << 20)};
    size_t size = strlen(row->before) + strlen(row->behind) +
                  ELEMENTS * (strlen(row->element) + 1) + 1;
    char *json = malloc(size), *at = json;
    size_t last_len = strlen(row->last);
    int lines = 0;

    assert_non_null(json);
    at += sprintf(at, "%s", row->before);
    for (int i = 0; i < ELEMENTS; i++)
        at += sprintf(at, "%s%s", i ? "," : "", row->element);
    at += sprintf(at, "%s", row->behind);
    row->part(&d, checked(json, (size_t)(at - json)));
    assert_false(d.text.bad);
    const char *text = (const char *)queue_at(&d.text.q);
    for (size_t i = 0; i < d.text.q.len; i++)
        lines += text[i] == '\n';
    assert_int_equal(lines, row->lines);
    assert_true(d.text.q.len > last_len);
    assert_memory_equal(text + d.text.q.len - last_len, row->last, last_len);
    queue_free(&d.text.q);
    free(json);
}

/* Each storage policy looks through all plugins: there is an end to it. */
static void
does_not_search_for_ever(void **state)
{
    static const char plugins[] = "[{\"name\":\"a\",\"plugin\":\"store_csv\"}]";
    static const char policy[] = "{\"name\":\"s\",\"plugin\":\"store_csv\"}";
    struct lc_dump d = {.text.q = queue_make(65536)};

    (void)state;
    d.plugins.document = checked(plugins, sizeof(plugins) - 1);
    lc_dump_storage(&d, checked(policy, sizeof(policy) - 1));
    assert_false(d.text.bad);
    assert_int_equal(d.looked_bytes, sizeof(plugins) - 3);
    d.looked_bytes = LC_DUMP_LOOK_BYTES - 8;
    lc_dump_storage(&d, checked(policy, sizeof(policy) - 1));
    assert_true(d.text.bad);
    queue_free(&d.text.q);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(reads_each_list_once,
                                                                &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(does_not_search_for_ever);
    return cmocka_run_group_tests_name("ldmsctl/dump_parts", tests, NULL, NULL);
}
