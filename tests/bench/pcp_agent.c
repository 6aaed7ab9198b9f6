/* SPDX-License-Identifier: MIT */
/* An agent on PCP's interface, to be built with PCP's library and with ours: a number of
 * single metrics, and two of many instances, of 32 and of 64 bits. No metric's item is its place in the table, so
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
    pmdaMetric *metrics = calloc((size_t)n_metrics + 2, sizeof(*metrics));
    pmdaInstid *insts = calloc((size_t)n_insts, sizeof(*insts));

    if (!metrics || !insts)
        return 1;
    for (int i = 0; i < n_insts; i++) {
        char name[32];
        snprintf(name, sizeof(name), "instance-%d", i);
        insts[i].i_inst = i;
        insts[i].i_name = strdup(name);
    }
    for (int i = 0; i < n_metrics + 2; i++) {
        pmDesc *desc = &metrics[i].m_desc;
        int wide = i < n_metrics ? i % 2 : i - n_metrics;
        desc->pmid = (pmID)PMDA_PMID(1 + i / 1000, i % 1000 + 1);
        if (i >= n_metrics)
            desc->pmid = (pmID)PMDA_PMID(9, 1 + wide);
        desc->type = wide ? PM_TYPE_U64 : PM_TYPE_U32;
        desc->indom = i < n_metrics ? PM_INDOM_NULL : 0;
        desc->sem = PM_SEM_INSTANT;
    }
    pmdaIndom indoms[] = {{0, n_insts, insts}};

    pmSetProgname(argv[0]);
    pmdaDaemon(&dispatch, PMDA_INTERFACE_7, pmGetProgname(), 251, NULL, NULL);
    if (argc > 3)
        pmdaSetFlags(&dispatch, PMDA_EXT_FLAG_HASHED);
    pmdaSetFetchCallBack(&dispatch, value);
    dispatch.version.any.text = NULL;
    pmdaInit(&dispatch, indoms, 1, metrics, n_metrics + 2);
    pmdaConnect(&dispatch);
    pmdaMain(&dispatch);
    return 0;
}
