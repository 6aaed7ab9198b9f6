/* SPDX-License-Identifier: MIT */
/* pmdaFetch() on a table of instances with words for values, which many thousands have:
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
    (void)m;
    atom->ul = inst * 100;
    if (n_calls == 1 && row->grows_to)
        indoms[0].it_numinst = row->grows_to;
    return row->says[n_calls++];
}

static const struct row rows[] = {
    {"a value each", 7, {1, 1, 1}, 3, {3, 1, 4}, 0},
    {"none of one", 7, {1, 0, 1}, 2, {3, 4}, 0},
    {"0 is a value to old agents", 2, {0, 0, 1}, 3, {3, 1, 4}, 0},
    {"nothing to free in a word", 7, {2, 1, 2}, 3, {3, 1, 4}, 0},
    {"an error of one", 7, {1, PM_ERR_APPVERSION, 1}, 2, {3, 4}, 0},
    {"errors alone", 7, {-1, 0, PM_ERR_AGAIN}, PM_ERR_AGAIN, {0}, 0},
    {"the last one's word", 7, {PM_ERR_AGAIN, PM_ERR_AGAIN, 0}, 0, {0}, 0},
    {"a table that grows", 7, {1, 1, 1, 0, 1}, 4, {3, 1, 4, 9}, 5},
    {"and ends in an error", 7, {0, 0, 0, 0, PM_ERR_VALUE}, PM_ERR_VALUE, {0}, 5},
    {"a table that shrinks", 7, {1, 1}, 2, {3, 1}, 2},
};

static void
values_of_words(void **state)
{
    (void)state;
    for (row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++) {
        struct session s;
        pmResult *result;
        session_open(&s, row->version, 253);
        pmdaSetFetchCallBack(&s.dispatch, value);
        indoms[0] = (pmdaIndom){0, 3, all};
        pmdaInit(&s.dispatch, indoms, 1, metrics, 1);
        pmdaExt *ext = s.dispatch.version.any.ext;
        n_calls = 0;
        assert_int_equal(pmdaFetch(1, &metrics[0].m_desc.pmid, &result, ext), 0);
        const pmValueSet *set = result->vset[0];
        if (set->numval != row->numval || set->valfmt != PM_VAL_INSITU)
            fail_msg("%s: numval %d", row->name, set->numval);
        for (int i = 0; i < set->numval; i++)
            if (set->vlist[i].inst != row->insts[i] ||
                set->vlist[i].value.lval != row->insts[i] * 100)
                fail_msg("%s: value %d: %d of instance %d", row->name, i,
                         set->vlist[i].value.lval, set->vlist[i].inst);
        ext->e_resultCallBack(result);
        session_close(&s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_of_words)};
    return cmocka_run_group_tests_name("pmdaloop/pcp/fetch", tests, NULL, NULL);
}
