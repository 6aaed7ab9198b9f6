/* SPDX-License-Identifier: MIT */
/* An agent on PCP's interface, to be built with PCP's library and with ours: a number of
 * single metrics, and one of many instances. No metric's item is its place in the table, so
 * that look-ups are what the library makes of them.
 *   pcp_agent METRICS INSTANCES [hashed] */
#include <pcp/pmapi.h>
#include <pcp/pmda.h>

static int
value(pmdaMetric *metric, unsigned int inst, pmAtomValue *atom)
{
    if (metric->m_desc.type == PM_TYPE_U64)
        atom->ull = (uint64_t)inst << 32 | metric->m_desc.pmid;
    else
        atom->ul = metric->m_desc.pmid;
    return PMDA_FETCH_STATIC;
}

int
main(int argc, char **argv)
{
    int n_metrics = argc > 1 ? atoi(argv[1]) : 1,
        n_insts = argc > 2 ? atoi(argv[2]) : 1;
    pmdaInterface dispatch;
    pmdaMetric *metrics = calloc((size_t)n_metrics + 1, sizeof(*metrics));
    pmdaInstid *insts = calloc((size_t)n_insts, sizeof(*insts));

    if (!metrics || !insts)
        return 1;
    for (int i = 0; i < n_insts; i++) {
        char name[32];
        snprintf(name, sizeof(name), "instance-%d", i);
        insts[i].i_inst = i;
        insts[i].i_name = strdup(name);
    }
    for (int i = 0; i <= n_metrics; i++) {
        pmDesc *desc = &metrics[i].m_desc;
        desc->pmid = (pmID)PMDA_PMID(i == n_metrics ? 9 : 1 + i / 1000, i % 1000 + 1);
        desc->type = i % 2 ? PM_TYPE_U64 : PM_TYPE_U32;
        desc->indom = i == n_metrics ? 0 : PM_INDOM_NULL;
        desc->sem = PM_SEM_INSTANT;
    }
    metrics[n_metrics].m_desc.pmid = PMDA_PMID(9, 1);
    metrics[n_metrics].m_desc.type = PM_TYPE_U32;
    pmdaIndom indoms[] = {{0, n_insts, insts}};

    pmSetProgname(argv[0]);
    pmdaDaemon(&dispatch, PMDA_INTERFACE_7, pmGetProgname(), 251, NULL, NULL);
    if (argc > 3)
        pmdaSetFlags(&dispatch, PMDA_EXT_FLAG_HASHED);
    pmdaSetFetchCallBack(&dispatch, value);
    dispatch.version.any.text = NULL;
    pmdaInit(&dispatch, indoms, 1, metrics, n_metrics + 1);
    pmdaConnect(&dispatch);
    pmdaMain(&dispatch);
    return 0;
}
