/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* program_invocation_short_name */
/* An agent before it serves: methods, callbacks, flags, tables. */
#include "pcp/agent.h"

struct pl_agent *
pl_agent_of(pmdaExt *ext)
{
    if (!ext->e_ext && (ext->e_ext = calloc(1, sizeof(struct pl_agent))) == NULL)
        pmNoMem("pmdaExt", sizeof(struct pl_agent), PM_FATAL_ERR);
    struct pl_agent *agent = ext->e_ext;
    return agent;
}

void
pl_tell_context(const pmdaExt *ext)
{
    const struct pl_agent *agent = ext->e_ext;

    if (agent && agent->dispatch &&
        agent->dispatch->comm.pmda_interface >= PMDA_INTERFACE_5)
        __pmdaSetContext(ext->e_context);
}

void
pl_agent_clear(struct pl_agent *agent)
{
    pl_index_free(&agent->metrics);
    pl_dynamics_free(agent);
    if (agent->result)
        agent->result->numpmid = 0;
    free(agent->result);
    free(agent->stream.bytes);
    free(agent->stream.reply);
    __pmFreeProfile(agent->profile);
    free(agent->logfile);
    free(agent->helptext);
    free(agent->helptext_option);
    *agent = (struct pl_agent){.dispatch = NULL};
}

/* The stock methods that a version has. */
static void
set_methods(pmdaInterface *dispatch, int version)
{
    dispatch->version.any.profile = pmdaProfile;
    dispatch->version.any.fetch = pmdaFetch;
    dispatch->version.any.desc = pmdaDesc;
    dispatch->version.any.instance = pmdaInstance;
    dispatch->version.any.text = pmdaText;
    dispatch->version.any.store = pmdaStore;
    if (version >= PMDA_INTERFACE_4) {
        dispatch->version.four.pmid = pmdaPMID;
        dispatch->version.four.name = pmdaName;
        dispatch->version.four.children = pmdaChildren;
    }
    if (version >= PMDA_INTERFACE_6)
        dispatch->version.six.attribute = pmdaAttribute;
    if (version >= PMDA_INTERFACE_7)
        dispatch->version.seven.label = pmdaLabel;
}

static void
set_up(pmdaInterface *dispatch, int version, const char *name)
{
    if (!pl_has_ext(version)) {
        pmNotifyErr(LOG_CRIT,
                    "__pmdaSetup: %s PMDA: interface version %d not supported "
                    "(domain=%d)",
                    name, version, dispatch->domain);
        dispatch->status = PM_ERR_GENERIC;
        return;
    }
    pmdaExt *ext = calloc(1, sizeof(*ext));
    if (!ext) {
        pmNotifyErr(LOG_ERR,
                    "%s: Unable to allocate memory for pmdaExt structure (%zu bytes)",
                    name, sizeof(*ext));
        dispatch->status = PM_ERR_GENERIC;
        return;
    }
    dispatch->comm.pmda_interface = (unsigned int)version & 0xff;
    dispatch->comm.pmapi_version = PMAPI_VERSION_2;
    dispatch->comm.flags = 0;
    dispatch->status = 0;
    set_methods(dispatch, version);
    dispatch->version.any.ext = ext;

    ext->e_flags = PMDA_EXT_SETUPDONE;
    ext->e_name = name;
    ext->e_infd = ext->e_outfd = ext->e_port = -1;
    ext->e_singular = ext->e_ordinal = ext->e_help = -1;
    ext->e_io = pmdaUnknown;
    ext->e_domain = dispatch->domain;
    ext->e_context = -1;
    ext->e_resultCallBack = pl_free_result;
    pl_agent_of(ext)->dispatch = dispatch;
}

/* A copy in *slot, which is freed with the agent. */
static const char *
keep(char **slot, const char *text)
{
    free(*slot);
    *slot = text ? strdup(text) : NULL;
    return *slot;
}

void
pmdaDaemon(pmdaInterface *dispatch, int version, const char *name, int domain,
           const char *logfile, const char *helptext)
{
    dispatch->domain = domain;
    set_up(dispatch, version, name);
    if (dispatch->status < 0)
        return;
    pmdaExt *ext = dispatch->version.any.ext;
    ext->e_logfile = keep(&pl_agent_of(ext)->logfile, logfile);
    ext->e_helptext = keep(&pl_agent_of(ext)->helptext, helptext);
}

/* Who loads agents has told PCP's library its name, and not this one. */
static void
name_after_process(void)
{
    if (strcmp(pmGetProgname(), "pcp") == 0)
        pmSetProgname(program_invocation_short_name);
}

void
pmdaDSO(pmdaInterface *dispatch, int version, char *name, char *helptext)
{
    name_after_process();
    set_up(dispatch, version, name);
    if (dispatch->status < 0)
        return;
    pmdaExt *ext = dispatch->version.any.ext;
    ext->e_helptext = keep(&pl_agent_of(ext)->helptext, helptext);
}

void
pmdaloop_release(pmdaInterface *dispatch)
{
    if (!pl_has_ext((int)dispatch->comm.pmda_interface) || !dispatch->version.any.ext)
        return;
    pmdaExt *ext = dispatch->version.any.ext;
    struct pl_agent *agent = ext->e_ext;

    if (ext->e_help >= 0)
        pmdaCloseHelp(ext->e_help);
    if (agent) {
        pl_agent_clear(agent);
        free(agent);
    }
    free(ext);
    dispatch->version.any.ext = NULL;
}

void
pmdaInterfaceMoved(pmdaInterface *dispatch)
{
    if (dispatch->version.any.ext)
        pl_agent_of(dispatch->version.any.ext)->dispatch = dispatch;
}

void
pmdaExtSetData(pmdaExt *ext, void *data)
{
    pl_agent_of(ext)->data = data;
}

void
pmdaSetData(pmdaInterface *dispatch, void *data)
{
    pmdaExtSetData(dispatch->version.any.ext, data);
}

void *
pmdaExtGetData(pmdaExt *ext)
{
    return pl_agent_of(ext)->data;
}

void
pmdaExtSetFlags(pmdaExt *ext, int flags)
{
    ext->e_flags |= (unsigned int)flags;
}

void
pmdaSetFlags(pmdaInterface *dispatch, int flags)
{
    pmdaExtSetFlags(dispatch->version.any.ext, flags);
}

void
pmdaSetCommFlags(pmdaInterface *dispatch, int flags)
{
    dispatch->comm.flags |= (unsigned int)flags & 0xffff;
}

/* Is this version new enough for a callback? If not, it is the agent's end. */
static bool
may_set(pmdaInterface *dispatch, const char *what, int since)
{
    int version = (int)dispatch->comm.pmda_interface;

    if (pl_has_ext(version) && version >= since)
        return true;
    pmNotifyErr(LOG_CRIT, "Unable to set %s callback for PMDA interface version %d.",
                what, version);
    dispatch->status = PM_ERR_GENERIC;
    return false;
}

void
pmdaSetResultCallBack(pmdaInterface *dispatch, pmdaResultCallBack callback)
{
    if (may_set(dispatch, "result", PMDA_INTERFACE_2))
        dispatch->version.any.ext->e_resultCallBack = callback;
}

void
pmdaSetFetchCallBack(pmdaInterface *dispatch, pmdaFetchCallBack callback)
{
    if (may_set(dispatch, "fetch", PMDA_INTERFACE_2))
        dispatch->version.any.ext->e_fetchCallBack = callback;
}

void
pmdaSetCheckCallBack(pmdaInterface *dispatch, pmdaCheckCallBack callback)
{
    if (may_set(dispatch, "check", PMDA_INTERFACE_2))
        dispatch->version.any.ext->e_checkCallBack = callback;
}

void
pmdaSetDoneCallBack(pmdaInterface *dispatch, pmdaDoneCallBack callback)
{
    if (may_set(dispatch, "done", PMDA_INTERFACE_2))
        dispatch->version.any.ext->e_doneCallBack = callback;
}

void
pmdaSetEndContextCallBack(pmdaInterface *dispatch, pmdaEndContextCallBack callback)
{
    if (may_set(dispatch, "end context", PMDA_INTERFACE_5))
        dispatch->version.any.ext->e_endCallBack = callback;
}

void
pmdaSetLabelCallBack(pmdaInterface *dispatch, pmdaLabelCallBack callback)
{
    if (may_set(dispatch, "label", PMDA_INTERFACE_7))
        dispatch->version.any.ext->e_labelCallBack = callback;
}
