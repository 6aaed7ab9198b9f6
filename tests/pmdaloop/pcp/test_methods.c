/* SPDX-License-Identifier: MIT */
/* The stock methods as pmcd calls them where it has loaded an agent: for whom stands in
 * pmdaExt alone. And pmdaLabel(), whose callback says how many labels there are. */
#include "pmdaloop/pcp/session.h"

static pmdaInstid instances[] = {
    {0, (char[]){"all"}},    {1, (char[]){"one of two"}}, {2, (char[]){"none of them"}},
    {3, (char[]){"more"}},   {4, (char[]){"none there"}}, {5, (char[]){"error"}},
    {6, (char[]){"by hand"}}};
enum { INSTANCES = sizeof(instances) / sizeof(instances[0]), CLIENT = 17 };
static pmdaIndom indoms[] = {{0, INSTANCES, instances}};
static pmdaMetric metrics[] = {{NULL,
                                {PMDA_PMID(0, 0), PM_TYPE_32, PM_INDOM_NULL,
                                 PM_SEM_INSTANT, PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}}};

static int
tell_context(pmdaMetric *m, unsigned int inst, pmAtomValue *atom)
{
    (void)m, (void)inst;
    atom->l = pmdaGetContext();
    return PMDA_FETCH_STATIC;
}

static int
label(pmInDom indom, unsigned int inst, pmLabelSet **set)
{
    static const int says[INSTANCES] = {2, 1, 0, 9, 1, PM_ERR_AGAIN, 1};

    (void)indom;
    assert_int_equal(pmdaGetContext(), CLIENT);
    if (inst < 4 || inst == PM_IN_NULL)
        assert_int_equal(pmdaAddLabels(set, "{\"b\":1,\"a\":2}"), 2);
    if (inst == PM_IN_NULL)
        return 2;
    if (inst == 6) {
        (*set)->json = strdup("{\"z\":0}");
        (*set)->jsonlen = 7;
        (*set)->labels = calloc(1, sizeof(pmLabel));
        (*set)->labels->name = 2;
        (*set)->labels->namelen = 1;
    }
    return says[inst];
}

static void
open_loaded(struct session *s, int version)
{
    session_open(s, version, 253);
    pmdaSetFetchCallBack(&s->dispatch, tell_context);
    if (version >= PMDA_INTERFACE_7)
        pmdaSetLabelCallBack(&s->dispatch, label);
    pmdaInit(&s->dispatch, indoms, 1, metrics, 1);
    assert_int_equal(s->dispatch.status, 0);
    s->dispatch.version.any.ext->e_context = CLIENT;
    __pmdaSetContext(-1);
}

static void
context(void **state)
{
    struct session s;
    pmResult *result;
    pmDesc desc;
    char *text;

    (void)state;
    for (int version = PMDA_INTERFACE_2; version <= PMDA_INTERFACE_LATEST; version++) {
        int told = version >= PMDA_INTERFACE_5 ? CLIENT : -1;
        open_loaded(&s, version);
        pmdaExt *ext = s.dispatch.version.any.ext;
        pmID *pmid = &metrics[0].m_desc.pmid;
        assert_int_equal(s.dispatch.version.any.fetch(1, pmid, &result, ext), 0);
        assert_int_equal(result->vset[0]->vlist[0].value.lval, told);
        ext->e_resultCallBack(result);
        __pmdaSetContext(-1);
        assert_int_equal(s.dispatch.version.any.desc(*pmid, &desc, ext), 0);
        assert_int_equal(pmdaGetContext(), told);
        __pmdaSetContext(-1);
        (void)s.dispatch.version.any.text(1, PM_TEXT_PMID, &text, ext);
        assert_int_equal(pmdaGetContext(), told);
        session_close(&s);
    }
}

static void
labels(void **state)
{
    static const int n_labels[INSTANCES] = {2, 1, 0, 2, 0, PM_ERR_AGAIN, 1};
    pmLabelSet *sets = NULL;
    struct session s;

    (void)state;
    open_loaded(&s, PMDA_INTERFACE_7);
    pmdaExt *ext = s.dispatch.version.any.ext;
    int n = pmdaLabel((int)indoms[0].it_indom, PM_LABEL_INSTANCES, &sets, ext);
    assert_int_equal(n, INSTANCES);
    for (int i = 0; i < n; i++) {
        assert_int_equal(sets[i].inst, i);
        assert_int_equal(sets[i].nlabels, n_labels[i]);
        for (int k = 0; k < sets[i].nlabels; k++)
            assert_int_equal(sets[i].labels[k].flags, PM_LABEL_INSTANCES);
    }
    pmFreeLabelSets(sets, n);
    /* no indom: the one value; and flags, which are none of a question's kinds */
    sets = NULL;
    assert_int_equal(pmdaLabel((int)PM_INDOM_NULL,
                               PM_LABEL_INSTANCES | PM_LABEL_COMPOUND, &sets, ext),
                     1);
    assert_int_equal(sets->inst, PM_IN_NULL);
    assert_int_equal(sets->nlabels, 2);
    pmFreeLabelSets(sets, 1);
    sets = NULL;
    assert_int_equal(pmdaLabel(0, PM_LABEL_ITEM | PM_LABEL_OPTIONAL, &sets, ext), 0);
    assert_int_equal(pmdaLabel(0, 3, &sets, ext), PM_ERR_TYPE);
    session_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context),
        cmocka_unit_test(labels),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/methods", tests, NULL, NULL);
}
