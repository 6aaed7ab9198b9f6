/* SPDX-License-Identifier: MIT */
/* Lines of values into a ready agent: what stands after each, by instance. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <support/cmocka.h>
#include <unistd.h>

static const char declared[] =
    "{\"name\": \"a\", \"domain\": 5, \"expire_s\": 10, \"indoms\": ["
    "  {\"name\": \"x\", \"expire_s\": 60}, {\"name\": \"y\", \"serial\": 7}],"
    " \"metrics\": ["
    "  {\"name\": \"a.i\", \"type\": \"64\"}, {\"name\": \"a.u\", \"type\": \"u64\"},"
    "  {\"name\": \"a.s\", \"type\": \"string\"}, {\"name\": \"a.d\"},"
    "  {\"name\": \"a.f\", \"type\": \"float\"}, {\"name\": \"a.n\", \"type\": \"32\"},"
    "  {\"name\": \"a.x\", \"indom\": \"x\", \"type\": \"32\"},"
    "  {\"name\": \"a.xx\", \"indom\": \"x\", \"type\": \"32\"},"
    "  {\"name\": \"a.y\", \"indom\": \"y\", \"type\": \"u32\", \"writable\": true}]}";

enum { START_MS = 1000000 };

struct agent {
    struct config c;
    struct pmdaloop *pl;
};

static void
begin_with(struct agent *a, const char *config)
{
    const struct pmdaloop_options o = {.size = sizeof(o), .domain = 5};

    if (!config_parse(&a->c, config, strlen(config)))
        fail_msg("%s", a->c.why);
    const struct pmdaloop_table table = config_table(&a->c);
    assert_int_equal(pmdaloop_new(&a->pl, &o), 0);
    assert_int_equal(pmdaloop_set_table(a->pl, &table), 0);
    pmdaloop_set_user(a->pl, &a->c);
    a->c.pl = a->pl;
    a->c.now_ms = START_MS;
}

static void
begin(struct agent *a)
{
    begin_with(a, declared);
}

static void
end(struct agent *a)
{
    pmdaloop_free(a->pl);
    config_free(&a->c);
}

static const struct pmdaloop_metric *
metric(const struct agent *a, const char *name)
{
    for (size_t i = 0; i < a->c.n_metrics; i++)
        if (strcmp(a->c.metrics[i].name, name) == 0)
            return &a->c.metrics[i];
    fail_msg("no metric %s", name);
    return NULL;
}

/* The value in words; "-" for none; "gone" where the instance is not there. */
static const char *
value(const struct agent *a, const char *name, const char *instance)
{
    static char words[64];
    const struct pmdaloop_metric *m = metric(a, name);
    struct pmdaloop_value v = {.type = m->type};
    int inst = PMDALOOP_NO_INST;

    if (instance) {
        inst = pmdaloop_find_instance(a->pl, m->indom->serial, instance);
        if (inst < 0)
            return "gone";
    }
    if (config_fetch(a->pl, m, inst, &v) != PMDALOOP_VALUE)
        return "-";
    switch (m->type) {
    case PMDALOOP_STRING:
        return v.as.bytes;
    case PMDALOOP_DOUBLE:
        snprintf(words, sizeof(words), "%g", v.as.d);
        break;
    case PMDALOOP_FLOAT:
        snprintf(words, sizeof(words), "%g", (double)v.as.f);
        break;
    case PMDALOOP_64:
        snprintf(words, sizeof(words), "%lld", (long long)v.as.i64);
        break;
    case PMDALOOP_U64:
        snprintf(words, sizeof(words), "%llu", (unsigned long long)v.as.u64);
        break;
    case PMDALOOP_U32:
        snprintf(words, sizeof(words), "%u", (unsigned)v.as.u32);
        break;
    default:
        snprintf(words, sizeof(words), "%d", (int)v.as.i32);
    }
    return words;
}

static bool
take(struct agent *a, const char *line)
{
    return config_take_line(&a->c, line, strlen(line));
}

/* ---- single values ---- */

static struct row {
    const char *line, *metric, *want; /* want NULL: the line is bad */
} rows[] = {
    {"{\"a.i\": -5}", "a.i", "-5"},
    {"{\"a.i\": -0}", "a.i", "0"},
    {"{\"a.i\": 1e3}", "a.i", "1000"},
    {"{\"a.i\": 9007199254740993}", "a.i", "9007199254740993"},
    {"{\"a.i\":-9223372036854775808}", "a.i", "-9223372036854775808"},
    {"{\"a.i\": 9223372036854775808}", "a.i", NULL},
    {"{\"a.i\": \"9007199254740993\"}", "a.i", "9007199254740993"},
    {"{\"a.u\": 18446744073709551615 }", "a.u", "18446744073709551615"},
    {"{\"a.u\": 18446744073709551616}", "a.u", NULL},
    {"{\"a.u\": 1732252000123456789}", "a.u", "1732252000123456789"},
    {"{\"a.u\": -1}", "a.u", NULL},
    {"{\"a.u\": \"-1\"}", "a.u", NULL},
    {"{\"a.u\": 1.5}", "a.u", NULL},
    {"{\"a.u\": \"\"}", "a.u", NULL},
    {"{\"a.u\": \"1x\"}", "a.u", NULL},
    {"{\"a.u\": true}", "a.u", "1"},
    {"{\"a.n\": false}", "a.n", "0"},
    {"{\"a.n\": 2147483648}", "a.n", NULL},
    {"{\"a.n\": 12345678901234567890123}", "a.n", NULL},
    {"{\"a.d\": 12345678901234567}", "a.d", "1.23457e+16"},
    {"{\"a.d\": 1234567890.1234567890}", "a.d", "1.23457e+09"},
    {"{\"a.d\": \"NaN\"}", "a.d", "nan"},
    {"{\"a.d\": \"-Inf\"}", "a.d", "-inf"},
    {"{\"a.d\": \"0x10\"}", "a.d", NULL},
    {"{\"a.d\": \"1 \"}", "a.d", NULL},
    {"{\"a.d\": \"\"}", "a.d", NULL},
    {"{\"a.d\": true}", "a.d", NULL},
    {"{\"a.f\": 1e39}", "a.f", NULL},
    {"{\"a.f\": \"Inf\"}", "a.f", "inf"},
    {"{\"a.s\": \"\"}", "a.s", ""},
    {"{\"a.s\": \"12345678901234567890\"}", "a.s", "12345678901234567890"},
    {"{\"a.s\": \"\\\"\\\\\\\" 12345678901234567890\"}", "a.s",
     "\"\\\" 12345678901234567890"},
    {"{\"a.s\": 12345678901234567890}", "a.s", NULL},
    {"{\"a.s\": 1}", "a.s", NULL},
    {"{\"a.s\": null}", "a.s", "-"},
    {"{\"a.i\": 1, \"a.i\": 2}", "a.i", "2"},
    {"{\"a.i\": 1, \"a.none\": 2}", "a.i", NULL},
    {"{\"a.i\": {\"b\": 2}}", "a.i", NULL},
    {"{\"a.feed.lines\": 1}", "a.feed.lines", NULL},
    {"12345678901234567890", "a.i", NULL},
    {"[]", "a.i", NULL},
    {" {\"a.i\": 1} \r", "a.i", "1"},
    {"{\"a.i\": 1} x", "a.i", NULL},
    {"{\"a.i\": 1}{\"a.i\": 2}", "a.i", NULL},
    {"{\"a.s\": \"a\\u0000b\"}", "a.s", NULL},
    {"{\"a.s\": \"\\\\u0000\"}", "a.s", "\\u0000"},
    {"{\"a.d\": 1e999}", "a.d", NULL},
    {"{\"a.d\": \"-1e999\"}", "a.d", NULL},
    {"{\"a.f\": 1e999}", "a.f", NULL},
    {"{\"a.d\": 1e-999}", "a.d", "0"},
    {"{\"a.i\": 1", "a.i", NULL},
};

static void
takes(void **state)
{
    const struct row *row = *state;
    struct agent a;

    begin(&a);
    assert_int_equal(take(&a, row->line), row->want != NULL);
    assert_int_equal(a.c.lines, row->want != NULL);
    assert_int_equal(a.c.bad_lines, row->want == NULL);
    if (row->want)
        assert_string_equal(value(&a, row->metric, NULL), row->want);
    else
        assert_true(*a.c.why != '\0');
    end(&a);
}

/* ---- instances ---- */

static void
instances_come_and_go_with_their_values(void **state)
{
    struct agent a;

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.x\": {\"p\": 1, \"q q\": 2}, \"a.xx\": {\"p\": 3}}"));
    assert_string_equal(value(&a, "a.x", "p"), "1");
    assert_string_equal(value(&a, "a.xx", "q q"), "-");
    assert_true(take(&a, "{\"a.x\": {\"p\": null, \"q q\": null, \"never\": null}}"));
    assert_string_equal(value(&a, "a.x", "p"), "-"); /* it has another value */
    assert_string_equal(value(&a, "a.x", "q q"), "gone");
    assert_string_equal(value(&a, "a.x", "never"), "gone");
    assert_true(take(&a, "{\"a.xx\": null}"));
    assert_string_equal(value(&a, "a.xx", "p"), "gone");
    end(&a);
}

static void
a_domain_names_its_instances(void **state)
{
    struct agent a;
    char json[4096];

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"y\": {\"p\": {}, \"q\": {\"floor\": 2}}}"));
    assert_string_equal(value(&a, "a.y", "p"), "-");
    int inst = pmdaloop_find_instance(a.pl, 7, "q");
    assert_int_equal(config_label(a.pl, &a.c.decls[1], inst, json, sizeof(json)), 1);
    assert_string_equal(json, "{\"floor\":2}");
    assert_true(take(&a, "{\"a.y\": {\"p\": 1}}"));
    assert_true(take(&a, "{\"a.y\": {\"p\": null}}"));
    assert_string_equal(value(&a, "a.y", "p"), "-"); /* it is held */
    assert_true(take(&a, "{\"y\": {\"p\": null}}"));
    assert_string_equal(value(&a, "a.y", "p"), "gone");
    assert_true(take(&a, "{\"y\": null, \"a.y\": {\"r\": 3}}"));
    assert_string_equal(value(&a, "a.y", "q"), "gone");
    assert_string_equal(value(&a, "a.y", "r"), "3");
    for (const char *const *bad =
             (const char *const[]){"{\"y\": 1}", "{\"y\": {\"p\": 1}}",
                                   "{\"y\": {\"\": {}}}", "{\"y\": []}", NULL};
         *bad; bad++)
        assert_false(take(&a, *bad));
    end(&a);
}

/* A line with a NUL in it, which its length shows. */
static void
a_nul_is_no_json(void **state)
{
    static const char line[] = "{\"a.s\": \"a\0b\"}";
    struct agent a;

    (void)state;
    begin(&a);
    assert_false(config_take_line(&a.c, line, sizeof(line) - 1));
    assert_string_equal(value(&a, "a.s", NULL), "-");
    end(&a);
}

/* What is taken away from a whole domain costs what is there to be taken: a feed that
 * says it again and again must not keep the agent from pmcd. */
static void
nothing_is_taken_away_at_no_cost(void **state)
{
    struct agent a;

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.x\": {\"p\": 1, \"q\": 2}, \"a.xx\": {\"q\": 3}}"));
    assert_int_equal(a.c.cells[6].n_there, 2);
    assert_true(take(&a, "{\"a.x\": {\"p\": 4}}"));
    assert_int_equal(a.c.cells[6].n_there, 2);
    assert_true(take(&a, "{\"a.x\": null}"));
    assert_int_equal(a.c.cells[6].n_there, 0);
    assert_int_equal(a.c.cells[7].n_there, 1);
    assert_int_equal(a.c.indoms[0].instances.n_here, 1);
    assert_string_equal(value(&a, "a.xx", "q"), "3");
    assert_true(take(&a, "{\"x\": null}"));
    assert_int_equal(a.c.cells[7].n_there, 0);
    assert_int_equal(a.c.indoms[0].instances.n_here, 0);
    end(&a);
}

static void
too_many_labels_are_none(void **state)
{
    struct agent a;
    char line[8192];

    (void)state;
    begin(&a);
    snprintf(line, sizeof(line), "{\"y\": {\"p\": {\"l\": \"%05000d\"}}}", 0);
    assert_false(take(&a, line));
    assert_string_equal(value(&a, "a.y", "p"), "gone");
    end(&a);
}

static void
who_comes_back_has_its_number(void **state)
{
    struct agent a;

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.y\": {\"p\": 1, \"q\": 2, \"r\": 3}}"));
    int q = pmdaloop_find_instance(a.pl, 7, "q");
    assert_true(take(&a, "{\"y\": null}"));
    assert_true(take(&a, "{\"a.y\": {\"s\": 1, \"q\": 2}}"));
    assert_int_equal(pmdaloop_find_instance(a.pl, 7, "q"), q);
    assert_int_equal(pmdaloop_find_instance(a.pl, 7, "s"), 3);
    end(&a);
}

/* However many names there have been, the numbers do not run out. */
static void
numbers_of_the_gone_are_used_again(void **state)
{
    struct agent a;
    char line[64];

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.y\": {\"stays\": 7}}"));
    for (int i = 0; i < MAX_INSTANCES + 1000; i++) {
        snprintf(line, sizeof(line), "{\"a.y\": {\"%d\": 1}}", i);
        assert_true(take(&a, line));
        snprintf(line, sizeof(line), "{\"a.y\": {\"%d\": null}}", i);
        assert_true(take(&a, line));
    }
    assert_string_equal(value(&a, "a.y", "stays"), "7");
    assert_int_equal(a.c.indoms[1].instances.n_here, 1);
    assert_int_equal(a.c.indoms[1].instances.n, MAX_INSTANCES);
    end(&a);
}

/* A line that asks for more than there is room for changes nothing. */
static void
too_many_instances_are_refused(void **state)
{
    struct agent a;
    size_t room = (size_t)MAX_INSTANCES * 16;
    char *line = malloc(room);

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.y\": {\"first\": 1}}"));
    for (int extra = 0; extra < 2; extra++) {
        size_t n = (size_t)snprintf(line, room, "{\"a.y\": {\"i0\": 1");
        for (int i = 1; i < MAX_INSTANCES - extra; i++)
            n += (size_t)snprintf(line + n, room - n, ", \"i%d\": 1", i);
        snprintf(line + n, room - n, "}}");
        assert_int_equal(take(&a, line), extra);
        assert_string_equal(value(&a, "a.y", "i1"), extra ? "1" : "gone");
    }
    free(line);
    end(&a);
}

/* ---- time ---- */

static void
old_values_are_none(void **state)
{
    struct agent a;

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.i\": 1, \"a.x\": {\"p\": 1, \"q\": 1}}"));
    a.c.now_ms = START_MS + 10000;
    assert_string_equal(value(&a, "a.i", NULL), "1");
    assert_true(take(&a, "{\"a.x\": {\"q\": 2}}"));
    a.c.now_ms++;
    assert_string_equal(value(&a, "a.i", NULL), "-");
    assert_string_equal(value(&a, "a.x", "p"), "-"); /* the instance is there */
    assert_string_equal(value(&a, "a.x", "q"), "2");
    end(&a);
}

static void
instances_not_named_for_long_are_gone(void **state)
{
    struct agent a;

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.x\": {\"p\": 1, \"q\": 1}, \"a.y\": {\"p\": 1}}"));
    a.c.now_ms = START_MS + 30000;
    assert_true(take(&a, "{\"a.xx\": {\"q\": 2}}"));
    a.c.now_ms = START_MS + 62000;
    assert_int_equal(config_refresh(a.pl), 0);
    assert_string_equal(value(&a, "a.x", "p"), "gone");
    assert_string_equal(value(&a, "a.x", "q"), "-");
    assert_string_equal(value(&a, "a.y", "p"), "-"); /* its domain keeps it */
    end(&a);
}

/* ---- stores ---- */

static void
what_is_writable_is_stored(void **state)
{
    struct agent a;
    const struct pmdaloop_value v = {.type = PMDALOOP_U32, .as.u32 = 77};

    (void)state;
    begin(&a);
    assert_true(take(&a, "{\"a.y\": {\"p\": 1}}"));
    assert_int_equal(config_store(a.pl, metric(&a, "a.y"), 0, &v), 0);
    assert_string_equal(value(&a, "a.y", "p"), "77");
    assert_int_equal(config_store(a.pl, metric(&a, "a.i"), PMDALOOP_NO_INST, &v),
                     PMDALOOP_PM_PERMISSION);
    assert_int_equal(
        config_store(a.pl, metric(&a, "a.feed.lines"), PMDALOOP_NO_INST, &v),
        PMDALOOP_PM_PERMISSION);
    end(&a);
}

struct told {
    char line[256];
};

static void
tell(void *whom, const char *line, size_t len)
{
    struct told *t = whom;
    snprintf(t->line, sizeof(t->line), "%.*s", (int)len, line);
}

static struct store_row {
    const char *metric, *instance;
    struct pmdaloop_value value;
    const char *want;
} store_rows[] = {
    {"w.i32", NULL, {.type = PMDALOOP_32, .as.i32 = -7}, "{\"w.i32\":-7}\n"},
    {"w.u32",
     NULL,
     {.type = PMDALOOP_U32, .as.u32 = UINT32_MAX},
     "{\"w.u32\":4294967295}\n"},
    {"w.i64",
     NULL,
     {.type = PMDALOOP_64, .as.i64 = INT64_MIN},
     "{\"w.i64\":-9223372036854775808}\n"},
    {"w.u64",
     NULL,
     {.type = PMDALOOP_U64, .as.u64 = UINT64_MAX},
     "{\"w.u64\":18446744073709551615}\n"},
    {"w.float", NULL, {.type = PMDALOOP_FLOAT, .as.f = 0.25F}, "{\"w.float\":0.25}\n"},
    {"w.double", NULL, {.type = PMDALOOP_DOUBLE, .as.d = 0.1}, "{\"w.double\":0.1}\n"},
    {"w.double",
     NULL,
     {.type = PMDALOOP_DOUBLE, .as.d = (double)-INFINITY},
     "{\"w.double\":\"-Inf\"}\n"},
    {"w.string",
     NULL,
     {.type = PMDALOOP_STRING, .as.bytes = "a \"b\"\n", .len = 6},
     "{\"w.string\":\"a \\\"b\\\"\\n\"}\n"},
    {"w.string",
     NULL,
     {.type = PMDALOOP_STRING, .as.bytes = ""},
     "{\"w.string\":\"\"}\n"},
    {"w.each", "p q", {.type = PMDALOOP_32, .as.i32 = 1}, "{\"w.each\":{\"p q\":1}}\n"},
};

/* The line that is told would feed the same. */
static void
stores_are_told_as_lines(void **state)
{
    static const char writable[] =
        "{\"name\": \"w\", \"domain\": 5, \"indoms\": [{\"name\": \"x\"}], "
        "\"metrics\": ["
        "{\"name\": \"w.i32\", \"type\": \"32\", \"writable\": true, \"value\": 3},"
        "{\"name\": \"w.u32\", \"type\": \"u32\", \"writable\": true},"
        "{\"name\": \"w.i64\", \"type\": \"64\", \"writable\": true},"
        "{\"name\": \"w.u64\", \"type\": \"u64\", \"writable\": true},"
        "{\"name\": \"w.float\", \"type\": \"float\", \"writable\": true},"
        "{\"name\": \"w.double\", \"writable\": true},"
        "{\"name\": \"w.string\", \"type\": \"string\", \"writable\": true},"
        "{\"name\": \"w.each\", \"type\": \"32\", \"writable\": true, \"indom\": "
        "\"x\"}]}";
    struct agent a;
    struct told told;

    (void)state;
    begin_with(&a, writable);
    a.c.tell = tell;
    a.c.whom = &told;
    assert_string_equal(value(&a, "w.i32", NULL), "3");
    assert_true(take(&a, "{\"x\": {\"p q\": {}}}"));
    for (size_t i = 0; i < sizeof(store_rows) / sizeof(store_rows[0]); i++) {
        const struct store_row *row = &store_rows[i];
        const struct pmdaloop_metric *m = metric(&a, row->metric);
        int32_t inst = row->instance ? 0 : PMDALOOP_NO_INST;
        char before[64];
        assert_int_equal(config_store(a.pl, m, inst, &row->value), 0);
        assert_string_equal(told.line, row->want);
        snprintf(before, sizeof(before), "%s", value(&a, row->metric, row->instance));
        assert_true(take(&a, told.line));
        assert_string_equal(value(&a, row->metric, row->instance), before);
    }
    end(&a);
}

/* ---- what lasts ---- */

/* Where the numbers cannot be written nothing is left behind, and they are kept in mind. */
static void
numbers_wait_until_they_can_be_written(void **state)
{
    struct agent a;
    char folder[] = "/tmp/labwire-fed-XXXXXX", beside[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(beside, sizeof(beside), "%s.new", folder);
    begin(&a);
    a.c.state = strdup(folder); /* no file can take the place of a folder */
    assert_true(take(&a, "{\"a.y\": {\"p\": 1}}"));
    assert_false(config_remember(&a.c));
    assert_non_null(strstr(a.c.why, "cannot write '/tmp/labwire-fed-"));
    assert_int_equal(access(beside, F_OK), -1);
    assert_true(config_is_changed(&a.c));
    assert_int_equal(rmdir(folder), 0);
    assert_true(config_remember(&a.c));
    assert_false(config_is_changed(&a.c));
    assert_int_equal(unlink(folder), 0);
    end(&a);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(instances_come_and_go_with_their_values),
        cmocka_unit_test(a_domain_names_its_instances),
        cmocka_unit_test(a_nul_is_no_json),
        cmocka_unit_test(nothing_is_taken_away_at_no_cost),
        cmocka_unit_test(too_many_labels_are_none),
        cmocka_unit_test(who_comes_back_has_its_number),
        cmocka_unit_test(numbers_of_the_gone_are_used_again),
        cmocka_unit_test(too_many_instances_are_refused),
        cmocka_unit_test(old_values_are_none),
        cmocka_unit_test(instances_not_named_for_long_are_gone),
        cmocka_unit_test(what_is_writable_is_stored),
        cmocka_unit_test(stores_are_told_as_lines),
        cmocka_unit_test(numbers_wait_until_they_can_be_written),
    };
    enum { OTHERS = sizeof(others) / sizeof(others[0]) };
    struct CMUnitTest tests[ROWS + OTHERS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(takes, &rows[i]);
        tests[i].name = rows[i].line;
    }
    memcpy(tests + ROWS, others, sizeof(others));
    return cmocka_run_group_tests_name("pmdaloop/tool/fed", tests, NULL, NULL);
}
