/* SPDX-License-Identifier: MIT */
/* Name trees, labels, help files, event records and queues. */
#include "support/cmocka.h"

#include "pcp/help.h"
#include "pcp/labelset.h"

#include <pcp/impl.h>

static void
trees(void **state)
{
    pmdaNameSpace *tree;
    char **names, longest[40001];
    int *status;
    pmID pmid;

    (void)state;
    assert_int_equal(pmdaTreeCreate(&tree), 0);
    assert_int_equal(pmdaTreeInsert(tree, 1, "a.b.c"), 0);
    assert_int_equal(pmdaTreeInsert(tree, 2, "a.b.d"), 0);
    assert_int_equal(pmdaTreeInsert(tree, 1, "a.alias"), 0);
    assert_int_equal(pmdaTreeInsert(tree, 1, "a.alias"), 0);
    assert_int_equal(pmdaTreeInsert(tree, 9, "a.alias"), PM_ERR_PMID);
    assert_int_equal(pmdaTreeInsert(tree, 9, "a..b"), PM_ERR_NAME);
    assert_int_equal(pmdaTreeInsert(tree, 9, "a.b."), PM_ERR_NAME);
    assert_int_equal(pmdaTreePMID(tree, "a.b.c.", &pmid), PM_ERR_NAME);
    pmdaTreeRebuildHash(tree, 3);
    assert_int_equal(pmdaTreeSize(tree), 3);
    assert_int_equal(pmdaTreePMID(tree, "a.b.d", &pmid), 0);
    assert_int_equal(pmid, 2);
    assert_int_equal(pmdaTreePMID(tree, "a.b", &pmid), PM_ERR_NAME);
    assert_int_equal(pmdaTreeName(tree, 1, &names), 2);
    free(names);
    assert_int_equal(pmdaTreeName(tree, 7, &names), PM_ERR_PMID);
    assert_int_equal(pmdaTreeChildren(tree, "a", 0, &names, &status), 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(status[i], strcmp(names[i], "b") == 0 ? PMNS_NONLEAF_STATUS
                                                               : PMNS_LEAF_STATUS);
    free(names);
    free(status);
    assert_int_equal(pmdaTreeChildren(tree, "a", 1, &names, &status), 3);
    assert_true(strncmp(names[0], "a.", 2) == 0);
    free(names);
    free(status);
    assert_int_equal(pmdaTreeChildren(tree, "a.b.c", 1, &names, &status), 1);
    assert_string_equal(names[0], "a.b.c");
    free(names);
    free(status);
    assert_int_equal(pmdaTreeChildren(tree, "a.b.c", 0, &names, &status), 0);
    assert_int_equal(pmdaTreeChildren(tree, "x", 0, &names, &status), PM_ERR_NAME);
    /* below a metric, and of any letters: not that pmcd would know, but PCP takes it */
    assert_int_equal(pmdaTreeInsert(tree, 4, "a.b.c.x-y"), 0);
    assert_int_equal(pmdaTreePMID(tree, "a.b.c.x-y", &pmid), 0);
    assert_int_equal(pmdaTreePMID(tree, "a.b.c", &pmid), 0);
    /* twenty thousand levels deep */
    for (size_t i = 0; i < sizeof(longest) - 1; i++)
        longest[i] = i % 2 ? '.' : 'a';
    longest[sizeof(longest) - 2] = '\0';
    longest[0] = 'z';
    assert_int_equal(pmdaTreeInsert(tree, 3, longest), 0);
    assert_int_equal(pmdaTreeName(tree, 3, &names), 1);
    assert_string_equal(names[0], longest);
    free(names);
    pmdaTreeRelease(tree);
    /* what a look-up that finds no tree returns is handed on */
    assert_int_equal(pmdaTreePMID(NULL, "a", &pmid), PM_ERR_NAME);
    assert_int_equal(pmdaTreeName(NULL, 1, &names), PM_ERR_PMID);
    assert_int_equal(pmdaTreeChildren(NULL, "a", 0, &names, &status), PM_ERR_NAME);
    assert_int_equal(pmdaTreeSize(NULL), 0);
}

/* What is linear in it takes no time, what is quadratic minutes. */
static void
trees_of_many(void **state)
{
    enum { MANY = 100000 };
    pmdaNameSpace *tree;
    char **names, name[32];
    int *status;
    pmID pmid;

    (void)state;
    assert_int_equal(pmdaTreeCreate(&tree), 0);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "top.m%u", i);
        assert_int_equal(pmdaTreeInsert(tree, i, name), 0);
    }
    pmdaTreeRebuildHash(tree, INT_MAX);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "top.m%u", i);
        assert_int_equal(pmdaTreePMID(tree, name, &pmid), 0);
        assert_int_equal(pmid, i);
    }
    assert_int_equal(pmdaTreePMID(tree, "m1", &pmid), PM_ERR_NAME);
    assert_int_equal(pmdaTreeName(tree, MANY - 1, &names), 1);
    assert_string_equal(names[0], name);
    free(names);
    assert_int_equal(pmdaTreeChildren(tree, "top", 0, &names, &status), MANY);
    free(names);
    free(status);
    pmdaTreeRelease(tree);
}

/* The words that agents of PCP 3 have for the same. */
static void
trees_in_old_words(void **state)
{
    __pmnsTree *tree;
    pmID pmid;

    (void)state;
    assert_int_equal(__pmNewPMNS(&tree), 0);
    assert_int_equal(__pmAddPMNSNode(tree, 7, "old.name"), 0);
    assert_int_equal(__pmFixPMNSHashTab(tree, 1, 1), 0);
    assert_int_equal(pmdaTreePMID(tree, "old.name", &pmid), 0);
    assert_int_equal(pmid, 7);
    __pmFreePMNS(tree);
    pmValueSet *set = __pmPoolAlloc(sizeof(*set));
    assert_non_null(set);
    __pmPoolFree(set, sizeof(*set));
}

static void
labels(void **state)
{
    static const struct {
        const char *json;
        int n;
        const char *text;
    } rows[] = {
        {"{\"b\":1, \"a\":\"x y\"}", 2, "{\"b\":1,\"a\":\"x y\"}"},
        {" { \"a\" : true } ", 1, "{\"a\":true}"},
        {"{\"a\":{\"b\":1,\"c\":2}}", 2, "{\"a\":{\"b\":1,\"c\":2}}"},
        {"{\"a\":[1, 2 ,\"x\"]}", 1, "{\"a\":[1,2,\"x\"]}"},
        {"{\"a\":1.5e3,\"b\":-2}", 2, "{\"a\":1.5e3,\"b\":-2}"},
        {"{}", 0, NULL},
        {"[]", 0, NULL},
        {"", 0, NULL},
        {"{\"a\":1,\"a\":2}", -EINVAL, NULL},
        {"{\"1a\":1}", -EINVAL, NULL},
        {"{\"a.b\":1}", -EINVAL, NULL},
        {"{\"a\":1}x", -EINVAL, NULL},
        {"{\"a\":}", -EINVAL, NULL},
        {"{\"a\":1", -EINVAL, NULL},
        {"{\"a\":[1}", -EINVAL, NULL},
        {"nonsense", -EINVAL, NULL},
        {"{\"a\":0,\"b\":-0.5E+1}", 2, "{\"a\":0,\"b\":-0.5E+1}"},
        {"{\"a\":01}", -EINVAL, NULL},
        {"{\"a\":-}", -EINVAL, NULL},
        {"{\"a\":1.}", -EINVAL, NULL},
        {"{\"a\":.5}", -EINVAL, NULL},
        {"{\"a\":1e}", -EINVAL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        pmLabelSet *set = NULL;
        assert_int_equal(__pmAddLabels(&set, rows[i].json, 0), rows[i].n);
        if (rows[i].text)
            assert_memory_equal(set->json, rows[i].text, strlen(rows[i].text));
        pmFreeLabelSets(set, set != NULL);
    }
}

static void
labels_merge(void **state)
{
    static const char want[] = "{\"a\":4,\"b\":\"new\",\"c\":3,\"m\":1,\"x.y\":4}";
    pmLabelSet *set = NULL;

    (void)state;
    assert_int_equal(pmdaAddLabels(&set, "{\"m\":%d,\"b\":2}", 1), 2);
    assert_int_equal(pmdaAddLabels(&set, "{\"c\":3,\"b\":\"%s\"}", "new"), 3);
    assert_int_equal(pmdaAddNotes(&set, "{\"a\":4}"), 4);
    assert_int_equal(pmdaAddLabels(&set, "{\"x\":{\"y\":4}}"), 5);
    assert_int_equal(set->jsonlen, sizeof(want) - 1);
    assert_memory_equal(set->json, want, set->jsonlen);
    assert_int_equal(set->labels[0].flags, PM_LABEL_OPTIONAL);
    assert_int_equal(set->labels[4].flags, PM_LABEL_COMPOUND);
    assert_int_equal(pmdaAddLabelFlags(set, PM_LABEL_ITEM), 1);
    assert_int_equal(set->labels[1].flags, PM_LABEL_ITEM);
    assert_int_equal(pmdaAddLabelFlags(NULL, 1), 0);
    pmFreeLabelSets(set, 1);
}

static struct pl_help
help_of(const uint32_t *words, size_t n, const char *pag, size_t pag_bytes)
{
    struct pl_help h = {
        .dir = malloc(n * 4), .dir_bytes = n * 4, .pag_bytes = pag_bytes};
    memcpy(h.dir, words, n * 4);
    h.pag = malloc(pag_bytes ? pag_bytes : 1);
    memcpy(h.pag, pag, pag_bytes);
    return h;
}

static void
help(void **state)
{
    static const char pag[] = "\0one line\0whole text\0indom";
    static const struct {
        const char *name;
        uint32_t words[9];
        size_t n, pag_bytes;
        int err;
    } rows[] = {
        {"sound",
         {0x50635068, 0x31320000, 2, 5, 1, 10, 0x80000005, 21, 21},
         9,
         sizeof(pag),
         0},
        {"magic", {0x50635069, 0x31320000, 0}, 3, sizeof(pag), -EINVAL},
        {"version", {0x50635068, 0x31330000, 0}, 3, sizeof(pag), -EINVAL},
        {"version 1", {0x50635068, 0x31310000, 0}, 3, sizeof(pag), -EINVAL},
        {"short", {0x50635068, 0x31320000}, 2, sizeof(pag), -EINVAL},
        {"more entries than there are",
         {0x50635068, 0x31320000, 2, 5, 1, 10},
         6,
         sizeof(pag),
         -EINVAL},
        {"text past the end",
         {0x50635068, 0x31320000, 1, 5, 1, sizeof(pag)},
         6,
         sizeof(pag),
         -EINVAL},
        {"no NUL at the end",
         {0x50635068, 0x31320000, 1, 5, 1, 10},
         6,
         sizeof(pag) - 1,
         -EINVAL},
        {"count that overflows",
         {0x50635068, 0x31320000, 0xffffffff},
         3,
         sizeof(pag),
         -EINVAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pl_help h = help_of(rows[i].words, rows[i].n, pag, rows[i].pag_bytes);
        if (pl_help_check(&h) != rows[i].err)
            fail_msg("%s", rows[i].name);
        if (rows[i].err == 0) {
            assert_string_equal(pl_help_find(&h, 5, false, false), "one line");
            assert_string_equal(pl_help_find(&h, 5, false, true), "whole text");
            assert_string_equal(pl_help_find(&h, 5, true, true), "indom");
            assert_null(pl_help_find(&h, 6, false, true));
        }
        free(h.dir);
        free(h.pag);
    }
    assert_int_equal(pmdaOpenHelp("/no/such/help"), -ENOENT);
    assert_null(pmdaGetHelp(-1, 5, PM_TEXT_HELP));
}

static void
write_file(const char *folder, const char *name, const void *bytes, size_t n)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

/* Which text a kind asks for, where it says too little or too much. */
static void
kinds_of_text(void **state)
{
    static const uint32_t dir[] = {0x50635068, 0x31320000, 2,  5, 0,
                                   4,          0x80000005, 10, 15};
    static const char pag[] = "one\0whole\0dom1\0dom";
    static const struct {
        int kind;
        const char *text;
    } rows[] = {
        {PM_TEXT_PMID | PM_TEXT_ONELINE, "one"},
        {PM_TEXT_PMID | PM_TEXT_HELP, "whole"},
        {PM_TEXT_PMID | PM_TEXT_ONELINE | PM_TEXT_HELP, "one"},
        {PM_TEXT_PMID, "whole"},
        {PM_TEXT_INDOM | PM_TEXT_ONELINE, "dom1"},
        {PM_TEXT_INDOM, "dom"},
        {PM_TEXT_ONELINE, NULL},
        {0, NULL},
    };
    char folder[] = "/tmp/labwire-help.XXXXXX", path[64];
    pmdaExt ext;

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_file(folder, "h.dir", dir, sizeof(dir));
    write_file(folder, "h.pag", pag, sizeof(pag));
    snprintf(path, sizeof(path), "%s/h", folder);
    memset(&ext, 0, sizeof(ext));
    ext.e_help = pmdaOpenHelp(path);
    assert_true(ext.e_help >= 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = NULL;
        int got = pmdaText(5, rows[i].kind, &text, &ext);
        assert_int_equal(got, rows[i].text ? 0 : PM_ERR_TEXT);
        if (rows[i].text)
            assert_string_equal(text, rows[i].text);
    }
    pmdaCloseHelp(ext.e_help);
    snprintf(path, sizeof(path), "%s/h.dir", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/h.pag", folder);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static void
event_records(void **state)
{
    struct timeval t = {1, 2};
    pmAtomValue atom = {.ull = 5};
    int id = pmdaEventNewArray();

    (void)state;
    assert_true(id >= 0);
    assert_int_equal(pmdaEventAddRecord(id, &t, (int)PM_EVENT_FLAG_MISSED),
                     PM_ERR_CONV);
    assert_int_equal(pmdaEventAddRecord(id, &t, PM_EVENT_FLAG_POINT), 0);
    assert_int_equal(pmdaEventAddParam(id, 7, PM_TYPE_U64, &atom), 0);
    assert_int_equal(pmdaEventAddParam(id, 7, PM_TYPE_EVENT, &atom), PM_ERR_TYPE);
    atom.cp = (char[]){"word!"};
    assert_int_equal(pmdaEventAddParam(id, 8, PM_TYPE_STRING, &atom), 0);
    assert_int_equal(pmdaEventAddMissedRecord(id, &t, 12), 0);
    const pmEventArray *a = pmdaEventGetAddr(id);
    assert_int_equal(a->ea_nrecords, 2);
    assert_int_equal(a->ea_type, PM_TYPE_EVENT);
    assert_int_equal(a->ea_len, 8 + 16 + (8 + 8) + (8 + 8) + 16);
    assert_int_equal(a->ea_record[0].er_nparams, 2);
    assert_int_equal(pmdaEventResetArray(id), 0);
    assert_int_equal(pmdaEventGetAddr(id)->ea_nrecords, 0);
    assert_int_equal(pmdaEventReleaseArray(id), 0);
    assert_int_equal(pmdaEventResetArray(id), PM_ERR_NOCONTEXT);
    assert_int_equal(pmdaEventAddRecord(99, &t, 0), PM_ERR_NOCONTEXT);
}

static int
decode(int array, void *event, size_t bytes, struct timeval *stamp, void *data)
{
    pmAtomValue atom = {.cp = event};

    (void)data;
    assert_int_equal(strlen(event), bytes);
    assert_int_equal(pmdaEventAddRecord(array, stamp, PM_EVENT_FLAG_POINT), 0);
    assert_int_equal(pmdaEventAddParam(array, 1, PM_TYPE_STRING, &atom), 0);
    return 1;
}

static int
records(int queue, int context)
{
    pmAtomValue atom = {.vbp = NULL};
    int got = pmdaEventQueueRecords(queue, &atom, context, decode, NULL);

    if (got == PMDA_FETCH_NOVALUES)
        return 0;
    assert_int_equal(got, PMDA_FETCH_STATIC);
    return ((pmEventArray *)(void *)atom.vbp)->ea_nrecords;
}

static void
event_queues(void **state)
{
    struct timeval t = {1, 2};
    pmAtomValue atom;
    int q = pmdaEventNewQueue("log", 10);

    (void)state;
    assert_true(q >= 0);
    assert_int_equal(pmdaEventQueueHandle("log"), q);
    assert_true(pmdaEventNewQueue("log", 10) < 0);
    assert_true(pmdaEventNewClient(4) >= 0);
    assert_true(pmdaEventNewClient(5) >= 0);
    assert_int_equal(pmdaEventSetAccess(4, q, 1), 0);
    assert_int_equal(pmdaEventSetAccess(5, q, 1), 0);
    assert_int_equal(records(q, 4), 0); /* from now on it listens */
    assert_int_equal(records(q, 5), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pmdaEventQueueAppend(q, (char[]){"four"}, 4, &t), 0);
    assert_int_equal(records(q, 4), 2);
    assert_int_equal(records(q, 4), 0);
    /* the third does not fit beside those that 5 has not seen */
    assert_int_equal(pmdaEventQueueAppend(q, (char[]){"three"}, 5, &t), 0);
    assert_int_equal(records(q, 4), 1);
    assert_int_equal(records(q, 5), 3); /* two, and that one is missing */
    assert_int_equal(pmdaEventQueueMemory(q, &atom), PMDA_FETCH_STATIC);
    assert_int_equal(atom.ull, 0);
    assert_int_equal(pmdaEventQueueCounter(q, &atom), PMDA_FETCH_STATIC);
    assert_int_equal(atom.ul, 3);
    assert_int_equal(pmdaEventEndClient(4), 0);
    assert_int_equal(pmdaEventEndClient(4), 0);
    assert_int_equal(pmdaEventQueueShutdown(q), 0);
    assert_int_equal(pmdaEventQueueAppend(q, (char[]){"x"}, 1, &t), -EINVAL);
}

/* A decoder that has events of its own, more than there is room for, and new queues. */
static int
decode_and_append(int array, void *event, size_t bytes, struct timeval *stamp,
                  void *data)
{
    const int *queue = data;
    char name[16];

    snprintf(name, sizeof(name), "by %s", (const char *)event);
    assert_true(pmdaEventNewQueue(name, 100) >= 0 || pmdaEventQueueHandle(name) >= 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pmdaEventQueueAppend(*queue, (char[]){"more"}, 4, stamp), 0);
    return decode(array, event, bytes, stamp, NULL);
}

static int
decode_and_shut_down(int array, void *event, size_t bytes, struct timeval *stamp,
                     void *data)
{
    const int *queue = data;

    (void)array, (void)event, (void)bytes, (void)stamp;
    assert_int_equal(pmdaEventQueueShutdown(*queue), 0);
    return 1;
}

static int
filter_all(void *filter, void *event, size_t bytes)
{
    (void)filter, (void)event, (void)bytes;
    return 1;
}

static void
event_queues_called_back(void **state)
{
    struct timeval t = {1, 2};
    pmAtomValue atom = {.vbp = NULL};
    int q = pmdaEventNewQueue("back", 8), filter = 0;

    (void)state;
    assert_true(q >= 0);
    assert_true(pmdaEventNewClient(6) >= 0);
    assert_int_equal(pmdaEventSetFilter(6, q, &filter, filter_all, NULL), 0);
    assert_int_equal(records(q, 6), 0);
    assert_int_equal(pmdaEventQueueAppend(q, (char[]){"four"}, 4, &t), 0);
    assert_int_equal(records(q, 6), 0);
    assert_int_equal(pmdaEventSetFilter(6, q, NULL, NULL, NULL), 0); /* all pass */
    for (int i = 0; i < 2; i++)
        assert_int_equal(pmdaEventQueueAppend(q, (char[]){"four"}, 4, &t), 0);
    assert_int_equal(pmdaEventQueueRecords(q, &atom, 6, decode_and_append, &q),
                     PMDA_FETCH_STATIC);
    assert_int_equal(((pmEventArray *)(void *)atom.vbp)->ea_nrecords, 2);
    assert_int_equal(pmdaEventQueueMemory(q, &atom), PMDA_FETCH_STATIC);
    assert_int_equal(atom.ull, 6 * 4); /* for as long as it took */
    assert_int_equal(pmdaEventQueueAppend(q, (char[]){"last"}, 4, &t), 0);
    assert_int_equal(records(q, 6), 2 + 1); /* and what is missing */
    assert_int_equal(pmdaEventQueueAppend(q, (char[]){"four"}, 4, &t), 0);
    assert_int_equal(pmdaEventQueueRecords(q, &atom, 6, decode_and_shut_down, &q),
                     -EINVAL);
    assert_int_equal(pmdaEventQueueShutdown(pmdaEventQueueHandle("by four")), 0);
    assert_int_equal(pmdaEventEndClient(6), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees),
        cmocka_unit_test(trees_of_many),
        cmocka_unit_test(trees_in_old_words),
        cmocka_unit_test(labels),
        cmocka_unit_test(labels_merge),
        cmocka_unit_test(help),
        cmocka_unit_test(kinds_of_text),
        cmocka_unit_test(event_records),
        cmocka_unit_test(event_queues),
        cmocka_unit_test(event_queues_called_back),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/things", tests, NULL, NULL);
}
