/* SPDX-License-Identifier: MIT */
/* pmdaFetch() on a table of instances with numbers for values, which many thousands have:
 * what the callback says of each, and a table that grows while it is asked. */
#include "pmdaloop/pcp/session.h"

static pmdaInstid all[] = {{3, (char[]){"a"}},
                           {1, (char[]){"b"}},
                           {4, (char[]){"c"}},
                           {5, (char[]){"d"}},
                           {9, (char[]){"e"}}};
static pmdaIndom indoms[1];
static pmdaMetric metrics[] = {{NULL,
                                {PMDA_PMID(2, 1), PM_TYPE_U32, 0, PM_SEM_INSTANT,
                                 PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}}};

/* What the callback says of each instance in turn, and how it ends. */
struct row {
    const char *name;
    int version, says[5];
    int numval, insts[5];
    int grows_to; /* while the second one is asked for */
};

static const struct row *row;
static int n_calls;

static int
value(pmdaMetric *m, unsigned int inst, pmAtomValue *atom)
{
    switch (m->m_desc.type) {
    case PM_TYPE_U64:
        atom->ull = inst * 100;
        break;
    case PM_TYPE_DOUBLE:
        atom->d = inst * 100;
        break;
    case PM_TYPE_FLOAT:
        atom->f = (float)inst * 100;
        break;
    default:
        atom->ul = inst * 100;
        break;
    }
    if (n_calls == 1 && row->grows_to)
        indoms[0].it_numinst = row->grows_to;
    return row->says[n_calls++];
}

static struct row rows[] = {
    {"a value each", 7, {1, 1, 1}, 3, {3, 1, 4}, 0},
    {"none of one", 7, {1, 0, 1}, 2, {3, 4}, 0},
    {"0 is a value to old agents", 2, {0, 0, 1}, 3, {3, 1, 4}, 0},
    {"nothing to free in a number", 7, {2, 1, 2}, 3, {3, 1, 4}, 0},
    {"an error of one", 7, {1, PM_ERR_APPVERSION, 1}, 2, {3, 4}, 0},
    {"errors alone", 7, {-1, 0, PM_ERR_AGAIN}, PM_ERR_AGAIN, {0}, 0},
    {"the last one's word", 7, {PM_ERR_AGAIN, PM_ERR_AGAIN, 0}, 0, {0}, 0},
    {"a table that grows", 7, {1, 1, 1, 0, 1}, 4, {3, 1, 4, 9}, 5},
    {"and ends in an error", 7, {0, 0, 0, 0, PM_ERR_VALUE}, PM_ERR_VALUE, {0}, 5},
    {"a table that shrinks", 7, {1, 1}, 2, {3, 1}, 2},
};

/* A number of each kind, for our loop to send and free, or for somebody else. */
static const struct kind {
    int type;
    bool begun;
    int valfmt;
} kinds[] = {
    {PM_TYPE_U32, false, PM_VAL_INSITU}, {PM_TYPE_U64, false, PM_VAL_DPTR},
    {PM_TYPE_FLOAT, false, PM_VAL_DPTR}, {PM_TYPE_U32, true, PM_VAL_INSITU},
    {PM_TYPE_U64, true, PM_VAL_DPTR},    {PM_TYPE_DOUBLE, true, PM_VAL_DPTR},
    {PM_TYPE_FLOAT, true, PM_VAL_DPTR},
};

static void
check_set(const pmValueSet *set, const struct kind *kind)
{
    pmAtomValue atom;

    assert_int_equal(set->numval, row->numval);
    assert_int_equal(set->valfmt, set->numval > 0 ? kind->valfmt : PM_VAL_INSITU);
    for (int i = 0; i < set->numval; i++) {
        assert_int_equal(set->vlist[i].inst, row->insts[i]);
        assert_int_equal(
            pmExtractValue(set->valfmt, &set->vlist[i], kind->type, &atom, PM_TYPE_32),
            0);
        assert_int_equal(atom.l, row->insts[i] * 100);
    }
}

static void
fetches(void **state)
{
    row = *state;
    for (const struct kind *k = kinds; k < kinds + sizeof(kinds) / sizeof(*k); k++) {
        struct session s;
        pmResult *result;
        session_open(&s, row->version, 253);
        pmdaSetFetchCallBack(&s.dispatch, value);
        indoms[0] = (pmdaIndom){0, 3, all};
        metrics[0].m_desc.type = k->type;
        pmdaInit(&s.dispatch, indoms, 1, metrics, 1);
        pmdaExt *ext = s.dispatch.version.any.ext;
        pl_agent_of(ext)->begun = k->begun;
        n_calls = 0;
        assert_int_equal(pmdaFetch(1, &metrics[0].m_desc.pmid, &result, ext), 0);
        check_set(result->vset[0], k);
        ext->e_resultCallBack(result);
        session_close(&s);
    }
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, fetches, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("pmdaloop/pcp/fetch", tests, NULL, NULL);
}
