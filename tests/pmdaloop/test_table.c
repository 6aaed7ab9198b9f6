/* SPDX-License-Identifier: MIT */
/* Tables that contradict themselves are refused with a sentence; names make a tree;
 * instances are found, and a profile selects them. */
#include "handle.h"
#include "pair.h"
#include "simple_table.h"

static const struct pmdaloop_indom other = {.serial = 9};
static const struct pmdaloop_instance twice[] = {{1, "a"}, {2, "a"}};
static const struct pmdaloop_indom doubled[] = {
    {.serial = 1, .instances = twice, .n_instances = 2}};
static const struct pmdaloop_indom same[] = {{.serial = 1}, {.serial = 1}};
static const struct pmdaloop_indom unlisted[] = {{.serial = 1, .n_instances = 1}};
static const struct pmdaloop_indom mislabelled[] = {{.serial = 1, .labels = "{"}};

#define METRIC .type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT

static struct bad {
    const char *name;
    struct pmdaloop_metric metrics[2];
    size_t n_metrics;
    const struct pmdaloop_indom *indoms;
    size_t n_indoms;
    const char *labels, *says;
} bad[] = {
    {"a number twice", {{METRIC}, {METRIC}}, 2, NULL, 0, NULL, "number is there twice"},
    {"an item out of range",
     {{METRIC, .item = 1024}},
     1,
     NULL,
     0,
     NULL,
     "out of range"},
    {"an unknown type", {{.type = 11, .sem = 3}}, 1, NULL, 0, NULL, "unknown type"},
    {"unknown semantics",
     {{.type = 1, .sem = 2}},
     1,
     NULL,
     0,
     NULL,
     "unknown semantics"},
    {"another's domain",
     {{METRIC, .indom = &other}},
     1,
     NULL,
     0,
     NULL,
     "not in the table"},
    {"labels that are none",
     {{METRIC, .labels = "[]"}},
     1,
     NULL,
     0,
     NULL,
     "no JSON object"},
    {"no name", {{METRIC, .name = "a..b"}}, 1, NULL, 0, NULL, "no name of a metric"},
    {"a name that ends with a dot",
     {{METRIC, .name = "a."}},
     1,
     NULL,
     0,
     NULL,
     "no name"},
    {"a name twice",
     {{METRIC, .name = "a"}, {METRIC, .item = 1, .name = "a"}},
     2,
     NULL,
     0,
     NULL,
     "there twice"},
    {"a leaf that is a node",
     {{METRIC, .name = "a.b"}, {METRIC, .item = 1, .name = "a"}},
     2,
     NULL,
     0,
     NULL,
     "that of a node too"},
    {"an instance's name twice", {{METRIC}}, 1, doubled, 1, NULL, "instance 2"},
    {"a serial twice", {{METRIC}}, 1, same, 2, NULL, "twice"},
    {"no list of metrics", {{METRIC}}, 1, NULL, 1, NULL, "no list"},
    {"no list of instances", {{METRIC}}, 1, unlisted, 1, NULL, "no list of its inst"},
    {"a domain's labels", {{METRIC}}, 1, mislabelled, 1, NULL, "no JSON object"},
    {"the agent's labels", {{METRIC}}, 1, NULL, 0, "x", "the agent's labels"},
};

static void
is_refused(void **state)
{
    const struct bad *row = *state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253, .name = "tested"};
    struct pmdaloop_table t = {.size = sizeof(t),
                               .metrics = row->metrics,
                               .n_metrics = row->n_metrics,
                               .indoms = row->indoms,
                               .n_indoms = row->n_indoms,
                               .labels = row->labels,
                               .fetch = simple_table_fetch};
    struct pmdaloop *pl;

    assert_int_equal(pmdaloop_new(&pl, &o), 0);
    assert_int_equal(pmdaloop_set_table(pl, &t), -EINVAL);
    if (!strstr(pmdaloop_errmsg(pl), row->says))
        fail_msg("%s", pmdaloop_errmsg(pl));
    pmdaloop_free(pl);
}

static struct pair
agent(void)
{
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    return pair_make(&o, &simple_table);
}

/* The names of a reply, each with a blank, nodes with a dot. */
static void
has_names(const struct pmdaloop_probe_event *reply, const char *want)
{
    char got[512] = "";

    assert_int_equal(reply->err, 0);
    for (size_t i = 0; i < reply->n_items; i++) {
        size_t at = strlen(got);
        snprintf(got + at, sizeof(got) - at, "%s%s ", reply->items[i].name,
                 reply->items[i].code ? "." : "");
    }
    assert_string_equal(got, want);
}

static void
names_make_a_tree(void **state)
{
    (void)state;
    struct pair p = agent();
    struct pmdaloop_probe *q = p.probe;

    has_names(pair_reply(&p, pmdaloop_probe_children_start(q, "simple")),
              "color now numfetch time. ");
    has_names(pair_reply(&p, pmdaloop_probe_children_start(q, "")), "simple. ");
    has_names(pair_reply(&p, pmdaloop_probe_children_start(q, "simple.time")),
              "sys user ");
    has_names(pair_reply(&p, pmdaloop_probe_children_start(q, "simple.now")), "");
    has_names(pair_reply(&p, pmdaloop_probe_traverse_start(q, "simple.time")),
              "simple.time.sys simple.time.user ");
    has_names(pair_reply(&p, pmdaloop_probe_traverse_start(q, "simple.now")),
              "simple.now ");
    assert_int_equal(
        pair_reply(&p, pmdaloop_probe_children_start(q, "simple.tim"))->code,
        PMDALOOP_PM_NAME);
    assert_int_equal(pair_reply(&p, pmdaloop_probe_traverse_start(q, "zzz"))->code,
                     PMDALOOP_PM_NAME);
    assert_int_equal(
        pair_reply(&p, pmdaloop_probe_pmid_start(q, "simple.time.sys"))->items[0].pmid,
        PMDALOOP_PMID(253, 1, 3));
    assert_int_equal(pair_reply(&p, pmdaloop_probe_pmid_start(q, "simple.time"))->code,
                     PMDALOOP_PM_NAME);
    has_names(pair_reply(&p, pmdaloop_probe_names_start(q, PMDALOOP_PMID(253, 2, 4))),
              "simple.now ");
    assert_int_equal(
        pair_reply(&p, pmdaloop_probe_names_start(q, PMDALOOP_PMID(253, 3, 0)))->code,
        PMDALOOP_PM_PMID);
    pair_free(&p);
}

static void
has_instances(struct pair *p, const char *want)
{
    const uint32_t pmid = PMDALOOP_PMID(253, 0, 1);
    const struct pmdaloop_probe_event *reply =
        pair_reply(p, pmdaloop_probe_fetch_start(p->probe, &pmid, 1));
    char got[128] = "";

    assert_int_equal(reply->err, 0);
    for (size_t i = 0; i < reply->n_items; i++) {
        size_t at = strlen(got);
        if (reply->items[i].has_value)
            snprintf(got + at, sizeof(got) - at, "%d ", reply->items[i].inst);
    }
    assert_string_equal(got, want);
}

static void
profiles_select(void **state)
{
    (void)state;
    struct pair p = agent();
    const uint32_t indom = PMDALOOP_INDOM(253, 0);
    const int32_t some[] = {2, 77, 0, 2};
    struct pmdaloop_probe_filter f = {.indom = indom, .insts = some, .n_insts = 4};

    has_instances(&p, "0 1 2 ");
    (void)pmdaloop_probe_profile(p.probe, 0, &f, 1);
    has_instances(&p, "1 ");
    assert_int_equal(pmdaloop_is_wanted(p.pl, indom, 1), 1);
    assert_int_equal(pmdaloop_is_wanted(p.pl, indom, 77), 0);
    f.only_these = 1;
    (void)pmdaloop_probe_profile(p.probe, 0, &f, 1);
    has_instances(&p, "0 2 "); /* in the domain's order, each once */
    f.n_insts = 0;
    (void)pmdaloop_probe_profile(p.probe, 0, &f, 1);
    has_instances(&p, "");
    f.indom = PMDALOOP_INDOM(253, 1);
    (void)pmdaloop_probe_profile(p.probe, 0, &f, 1);
    has_instances(&p, "0 1 2 ");
    (void)pmdaloop_probe_profile(p.probe, 1, &f, 1);
    has_instances(&p, "");
    assert_int_equal(pmdaloop_is_wanted(p.pl, indom, 1), 0);
    /* An indom that is listed twice: the first entry counts. */
    struct pmdaloop_probe_filter both[] = {
        {.indom = indom, .only_these = 1, .insts = some, .n_insts = 1},
        {.indom = indom, .only_these = 0}};
    (void)pmdaloop_probe_profile(p.probe, 0, both, 2);
    has_instances(&p, "2 ");
    /* What comes and goes does so under a profile as well. */
    (void)pmdaloop_probe_profile(p.probe, 0, NULL, 0);
    assert_int_equal(pmdaloop_remove_instance(p.pl, 0, 1), 0);
    has_instances(&p, "0 2 ");
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, 1, "green again"), 1);
    has_instances(&p, "0 2 1 ");
    pair_free(&p);
}

static void
instances_are_found(void **state)
{
    (void)state;
    struct pair p = agent();

    assert_int_equal(pmdaloop_add_instance(p.pl, 0, -1, "dark blue"), 3);
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, -1, "dark blue"), -EEXIST);
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, 3, "other"), -EEXIST);
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, -2, "other"), -EINVAL);
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, 5, ""), -EINVAL);
    assert_int_equal(pmdaloop_add_instance(p.pl, 7, 5, "other"), -ENOENT);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "dark"), 3);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "dark blue"), 3);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "dark green"), -ENOENT);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "dar"), -ENOENT);
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, INT32_MAX, "last"), INT32_MAX);
    assert_int_equal(pmdaloop_add_instance(p.pl, 0, -1, "lowest free one"), 4);
    assert_int_equal(pmdaloop_remove_instance(p.pl, 0, 3), 0);
    assert_int_equal(pmdaloop_remove_instance(p.pl, 0, 3), -ENOENT);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "dark"), -ENOENT);
    /* Many, gone again in another order, and half of them back. */
    char name[32];
    for (int32_t i = 1000; i < 6000; i++) {
        snprintf(name, sizeof(name), "one of many %d", i);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, name), i);
    }
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "one"), 1000); /* the first */
    assert_int_equal(pmdaloop_remove_instance(p.pl, 0, 1000), 0);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "one"), 1001);
    for (int32_t i = 5999; i >= 1001; i--)
        assert_int_equal(pmdaloop_remove_instance(p.pl, 0, i), 0);
    assert_int_equal(pmdaloop_find_instance(p.pl, 0, "one"), -ENOENT);
    for (int32_t i = 1000; i < 6000; i += 2) {
        snprintf(name, sizeof(name), "one of many %d", i);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, name), i);
        assert_int_equal(pmdaloop_find_instance(p.pl, 0, name), i);
        assert_int_equal(pmdaloop_find_instance(p.pl, 0, "one"), 1000);
    }
    pair_free(&p);
}

static size_t
taken(const uint32_t *buckets, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += buckets[i] != 0;
    return sum;
}

/* Instances that come and go leave nothing behind for a search to walk past, and those
 * that stood behind them are found as before. */
static void
those_gone_are_in_nobodys_way(void **state)
{
    (void)state;
    enum { HERE = 3000, ROUNDS = 20000 };
    struct pair p = agent();
    const struct pl_domain *d = &p.pl->table->domains[0];
    char name[32];
    uint32_t random = 1;

    for (int32_t i = 10; i < 10 + HERE; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, name), i);
    }
    for (int round = 0; round < ROUNDS; round++) {
        random = random * 1664525 + 1013904223;
        int32_t i = 10 + (int32_t)(random >> 8) % (round % 2 ? HERE : 3);
        snprintf(name, sizeof(name), "n%d", i);
        assert_int_equal(pmdaloop_remove_instance(p.pl, 0, i), 0);
        assert_int_equal(pmdaloop_find_instance(p.pl, 0, name), -ENOENT);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, name), i);
        assert_int_equal(pmdaloop_find_instance(p.pl, 0, name), i);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, "other"), -EEXIST);
    }
    assert_int_equal(taken(d->by_number, d->n_buckets), HERE + 3);
    assert_int_equal(taken(d->by_name, d->n_buckets), HERE + 3);
    for (int32_t i = 10; i < 10 + HERE; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        assert_int_equal(pmdaloop_find_instance(p.pl, 0, name), i);
        assert_int_equal(pmdaloop_remove_instance(p.pl, 0, i), 0);
    }
    assert_int_equal(taken(d->by_number, d->n_buckets), 3);
    has_instances(&p, "0 1 2 ");
    pair_free(&p);
}

int
main(void)
{
    enum { ROWS = sizeof(bad) / sizeof(bad[0]) };
    struct CMUnitTest tests[ROWS + 4];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){bad[i].name, is_refused, NULL, NULL, &bad[i]};
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(names_make_a_tree);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(profiles_select);
    tests[ROWS + 2] = (struct CMUnitTest)cmocka_unit_test(instances_are_found);
    tests[ROWS + 3] =
        (struct CMUnitTest)cmocka_unit_test(those_gone_are_in_nobodys_way);
    return cmocka_run_group_tests_name("pmdaloop/table", tests, NULL, NULL);
}
