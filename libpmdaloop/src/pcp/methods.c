/* SPDX-License-Identifier: MIT */
/* The stock methods that take a line or two. */
#include "pcp/agent.h"

int
pmdaProfile(pmProfile *profile, pmdaExt *ext)
{
    ext->e_prof = profile;
    return 0;
}

int
pmdaDesc(pmID pmid, pmDesc *ret_desc, pmdaExt *ext)
{
    struct pl_agent *agent = pl_agent_of(ext);
    pl_tell_context(ext);
    const pmdaMetric *metric = pl_index_find(ext, pmid);

    if (!metric) {
        if (agent->dispatch && agent->dispatch->comm.pmda_interface < PMDA_INTERFACE_4)
            pmNotifyErr(LOG_ERR, "pmdaDesc: Requested metric %s is not defined",
                        pmIDStr(pmid));
        return PM_ERR_PMID;
    }
    *ret_desc = metric->m_desc;
    return 0;
}

int
pmdaText(int ident, int kind, char **ret_text, pmdaExt *ext)
{
    char *text = NULL;

    pl_tell_context(ext);
    if (ext->e_help >= 0 && (kind & PM_TEXT_PMID))
        text = pmdaGetHelp(ext->e_help, (pmID)ident, kind);
    else if (ext->e_help >= 0 && (kind & PM_TEXT_INDOM))
        text = pmdaGetInDomHelp(ext->e_help, (pmInDom)ident, kind);
    if (!text)
        return PM_ERR_TEXT;
    *ret_text = text;
    return 0;
}

int
pmdaStore(pmResult *result, pmdaExt *ext)
{
    (void)result;
    pl_tell_context(ext);
    return PM_ERR_PERMISSION;
}

/* NOLINTBEGIN(readability-non-const-parameter): the prototypes are PCP's */
int
pmdaPMID(const char *name, pmID *ret_pmid, pmdaExt *ext)
{
    (void)name, (void)ret_pmid, (void)ext;
    return PM_ERR_NAME;
}

int
pmdaName(pmID pmid, char ***ret_names, pmdaExt *ext)
{
    (void)pmid, (void)ret_names, (void)ext;
    return PM_ERR_PMID;
}

int
pmdaChildren(const char *name, int traverse, char ***ret_names, int **ret_status,
             pmdaExt *ext)
{
    (void)name, (void)traverse, (void)ret_names, (void)ret_status, (void)ext;
    return PM_ERR_NAME;
}

/* NOLINTEND(readability-non-const-parameter) */
int
pmdaAttribute(int context, int key, const char *value, int len, pmdaExt *ext)
{
    (void)len;
    if (pmDebugOptions.attr || pmDebugOptions.auth)
        pmNotifyErr(LOG_INFO, "%s: attribute %d of client %d is \"%s\"", ext->e_name,
                    key, context, value ? value : "");
    return 0;
}
