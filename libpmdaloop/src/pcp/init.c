/* SPDX-License-Identifier: MIT */
/* pmdaInit(): the tables checked, numbered and made ready for look-ups. */
#include "pcp/agent.h"

static bool
refuse(pmdaInterface *dispatch)
{
    dispatch->status = PM_ERR_GENERIC;
    return false;
}

static bool
tables_are_sound(pmdaInterface *dispatch, const pmdaIndom *indoms, int nindoms,
                 const pmdaMetric *metrics, int nmetrics)
{
    const pmdaExt *ext = dispatch->version.any.ext;

    if (dispatch->version.any.fetch == pmdaFetch && !ext->e_fetchCallBack) {
        pmNotifyErr(LOG_CRIT,
                    "pmdaInit: PMDA %s: using pmdaFetch() but fetch call back not set",
                    ext->e_name);
        return refuse(dispatch);
    }
    if (nmetrics < 0) {
        pmNotifyErr(LOG_CRIT, "pmdaInit: PMDA %s: nmetrics (%d) should be non-negative",
                    ext->e_name, nmetrics);
        return refuse(dispatch);
    }
    if (nindoms < 0) {
        pmNotifyErr(LOG_CRIT, "pmdaInit: PMDA %s: nindoms (%d) should be non-negative",
                    ext->e_name, nindoms);
        return refuse(dispatch);
    }
    if ((nmetrics == 0) != (metrics == NULL)) {
        pmNotifyErr(LOG_CRIT,
                    "pmdaInit: PMDA %s: metrics (%p) not consistent with nmetrics (%d)",
                    ext->e_name, (const void *)metrics, nmetrics);
        return refuse(dispatch);
    }
    if ((nindoms == 0) != (indoms == NULL)) {
        pmNotifyErr(LOG_CRIT,
                    "pmdaInit: PMDA %s: indoms (%p) not consistent with nindoms (%d)",
                    ext->e_name, (const void *)indoms, nindoms);
        return refuse(dispatch);
    }
    return true;
}

static bool
has_serial(const pmdaExt *ext, unsigned int serial)
{
    for (int i = 0; i < ext->e_nindoms; i++)
        if (pmInDom_serial(ext->e_indoms[i].it_indom) == serial)
            return true;
    return false;
}

/* The domain goes into every number of the agent's tables. */
static bool
stamp_domain(pmdaInterface *dispatch)
{
    pmdaExt *ext = dispatch->version.any.ext;
    unsigned int domain = (unsigned int)dispatch->domain;

    for (int i = 0; i < ext->e_nindoms; i++)
        ext->e_indoms[i].it_indom =
            pmInDom_build(domain, pmInDom_serial(ext->e_indoms[i].it_indom));
    for (int i = 0; i < ext->e_nmetrics; i++) {
        pmDesc *desc = &ext->e_metrics[i].m_desc;
        desc->pmid =
            pmID_build(domain, pmID_cluster(desc->pmid), pmID_item(desc->pmid));
        if (desc->indom == PM_INDOM_NULL)
            continue;
        unsigned int serial = pmInDom_serial(desc->indom);
        /* without a table of them the agent knows its indoms by itself */
        if (ext->e_nindoms > 0 && !has_serial(ext, serial)) {
            pmNotifyErr(LOG_CRIT,
                        "pmdaInit: PMDA %s: Undefined instance domain serial (%u) "
                        "specified for metric %s (e_metrics[%d])",
                        ext->e_name, serial, pmIDStr(desc->pmid), i);
            return refuse(dispatch);
        }
        desc->indom = pmInDom_build(domain, serial);
    }
    return true;
}

static void
open_help(const pmdaInterface *dispatch)
{
    pmdaExt *ext = dispatch->version.any.ext;

    if (!ext->e_helptext) {
        if (dispatch->version.any.text == pmdaText)
            pmNotifyErr(LOG_WARNING,
                        "pmdaInit: PMDA %s: No help text file specified for pmdaText",
                        ext->e_name);
        return;
    }
    if (ext->e_help >= 0)
        pmdaCloseHelp(ext->e_help);
    ext->e_help = pmdaOpenHelp(ext->e_helptext);
    if (ext->e_help < 0)
        pmNotifyErr(
            LOG_WARNING,
            "pmdaInit: PMDA %s: Unable to open help text file(s) from \"%s\": %s",
            ext->e_name, ext->e_helptext, pmErrStr(ext->e_help));
}

static bool
maps_directly(const pmdaExt *ext)
{
    for (int i = 0; i < ext->e_nmetrics; i++)
        if (pmID_item(ext->e_metrics[i].m_desc.pmid) != (unsigned int)i)
            return false;
    return true;
}

void
pmdaInit(pmdaInterface *dispatch, pmdaIndom *indoms, int nindoms, pmdaMetric *metrics,
         int nmetrics)
{
    if (!pl_has_ext((int)dispatch->comm.pmda_interface)) {
        pmNotifyErr(LOG_CRIT,
                    "pmdaInit: PMDA interface version %u not supported (domain=%d)",
                    dispatch->comm.pmda_interface, dispatch->domain);
        dispatch->status = PM_ERR_GENERIC;
        return;
    }
    if (dispatch->status < 0)
        return;
    pmdaExt *ext = dispatch->version.any.ext;
    pl_agent_of(ext)->dispatch = dispatch;
    if (!tables_are_sound(dispatch, indoms, nindoms, metrics, nmetrics))
        return;
    ext->e_indoms = indoms;
    ext->e_nindoms = nindoms;
    ext->e_metrics = metrics;
    ext->e_nmetrics = nmetrics;
    if (!stamp_domain(dispatch))
        return;
    open_help(dispatch);
    pl_index_free(&pl_agent_of(ext)->metrics);
    if (ext->e_flags & PMDA_EXT_FLAG_HASHED) {
        pmdaRehash(ext, metrics, nmetrics);
        return;
    }
    ext->e_direct = maps_directly(ext);
    if (!ext->e_direct && (ext->e_flags & PMDA_EXT_FLAG_DIRECT))
        pmNotifyErr(LOG_WARNING,
                    "pmdaInit: PMDA %s: Direct mapping for metrics disabled",
                    ext->e_name);
}

void
pmdaRehash(pmdaExt *ext, pmdaMetric *metrics, int nmetrics)
{
    ext->e_direct = 0;
    ext->e_metrics = metrics;
    ext->e_nmetrics = nmetrics;
    ext->e_flags |= PMDA_EXT_FLAG_HASHED;
    pl_index_free(&pl_agent_of(ext)->metrics);
}
