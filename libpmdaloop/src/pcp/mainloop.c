/* SPDX-License-Identifier: MIT */
/* pmdaMain() and its kin: PDUs served until pmcd closes the channel. */
#include "pcp/serve.h"

static void
free_whole_result(pmResult *result)
{
    pmFreeResult(result);
}

/* For agents of PMDA_INTERFACE_1, which have no pmdaExt to keep it in. */
static pmdaResultCallBack old_result_callback = free_whole_result;

/* The stream of such an agent, which __pmdaMainPDU() has to find again. */
struct old_agent {
    struct old_agent *next;
    const pmdaInterface *dispatch;
    bool begun;
    struct pl_stream stream;
    pmProfile *profile;
};
static _Thread_local struct old_agent *old_agents;

static struct old_agent *
old_agent_of(const pmdaInterface *dispatch)
{
    struct old_agent *a = old_agents;

    while (a && a->dispatch != dispatch)
        a = a->next;
    if (!a && (a = calloc(1, sizeof(*a))) != NULL) {
        a->dispatch = dispatch;
        a->stream.out = 1;
        a->next = old_agents;
        old_agents = a;
    }
    return a;
}

static void
empty(struct old_agent *a)
{
    free(a->stream.bytes);
    free(a->stream.reply);
    __pmFreeProfile(a->profile);
}

static void
forget_old_agent(const pmdaInterface *dispatch)
{
    for (struct old_agent **at = &old_agents; *at; at = &(*at)->next) {
        struct old_agent *a = *at;
        if (a->dispatch == dispatch) {
            *at = a->next;
            empty(a);
            free(a);
            return;
        }
    }
}

static struct pl_server
old_server(pmdaInterface *dispatch, struct old_agent *a)
{
    return (struct pl_server){.dispatch = dispatch,
                              .stream = &a->stream,
                              .profile = &a->profile,
                              .name = pmGetProgname(),
                              .version = PMDA_INTERFACE_1,
                              .drop = old_result_callback};
}

static struct pl_server
server(pmdaInterface *dispatch)
{
    pmdaExt *ext = dispatch->version.any.ext;
    struct pl_agent *agent = pl_agent_of(ext);

    agent->stream.in = ext->e_infd;
    agent->stream.out = ext->e_outfd;
    return (struct pl_server){.dispatch = dispatch,
                              .ext = ext,
                              .stream = &agent->stream,
                              .profile = &agent->profile,
                              .name = ext->e_name ? ext->e_name : pmGetProgname(),
                              .version = (int)dispatch->comm.pmda_interface,
                              .check = ext->e_checkCallBack,
                              .done = ext->e_doneCallBack,
                              .drop = ext->e_resultCallBack};
}

static bool
is_supported(const pmdaInterface *dispatch)
{
    unsigned int version = dispatch->comm.pmda_interface;

    if (version >= PMDA_INTERFACE_1 && version <= PMDA_INTERFACE_LATEST)
        return true;
    pmNotifyErr(LOG_CRIT, "PMDA interface version %u not supported", version);
    return false;
}

/* What has to be in order before the first PDU. */
static bool
may_begin(pmdaInterface *dispatch)
{
    if (dispatch->status != 0) {
        pmNotifyErr(LOG_ERR, "PMDA Initialisation Failed");
        return false;
    }
    if (!is_supported(dispatch))
        return false;
    dispatch->comm.pmapi_version = PMAPI_VERSION_2;
    return true;
}

/* An agent of version 1 never called pmdaConnect(), but pmcd waits for a greeting. */
static int
step_old(pmdaInterface *dispatch, bool ahead)
{
    struct old_agent *a = old_agent_of(dispatch);

    if (!a)
        return -ENOMEM;
    struct pl_server s = old_server(dispatch, a);
    int err = 0;
    if (!a->begun) {
        a->begun = true;
        if (!may_begin(dispatch))
            err = -1;
        else
            err = pl_stream_exchange_versions(&a->stream, s.name, 0);
    }
    if (err == 0)
        err = pl_serve(&s, ahead);
    if (err < 0)
        forget_old_agent(dispatch);
    return err;
}

static int
step(pmdaInterface *dispatch, bool ahead)
{
    if (dispatch->comm.pmda_interface == PMDA_INTERFACE_1)
        return step_old(dispatch, ahead);
    if (!pl_has_ext((int)dispatch->comm.pmda_interface) || !dispatch->version.any.ext) {
        if (may_begin(dispatch))
            pmNotifyErr(LOG_CRIT, "pmdaMain: need to call pmdaDaemon() first");
        return -1;
    }
    struct pl_agent *agent = pl_agent_of(dispatch->version.any.ext);
    agent->dispatch = dispatch;
    if (!agent->begun) {
        if (!may_begin(dispatch))
            return -1;
        agent->begun = true;
    }
    struct pl_server s = server(dispatch);
    return pl_serve(&s, ahead);
}

int
__pmdaMainPDU(pmdaInterface *dispatch)
{
    return step(dispatch, false);
}

void
pmdaMain(pmdaInterface *dispatch)
{
    while (step(dispatch, true) >= 0)
        ;
}

int
__pmdaInFd(pmdaInterface *dispatch)
{
    if (!is_supported(dispatch))
        return -1;
    if (dispatch->comm.pmda_interface == PMDA_INTERFACE_1)
        return 0;
    return dispatch->version.any.ext->e_infd;
}

void
pmdaSendError(pmdaInterface *dispatch, int code)
{
    if (!pl_has_ext((int)dispatch->comm.pmda_interface)) {
        (void)is_supported(dispatch);
        return;
    }
    struct pl_server s = server(dispatch);
    (void)pl_stream_send_error(s.stream, code);
}

void
pmdaMainLoopFreeResultCallback(void (*callback)(pmResult *result))
{
    old_result_callback = callback;
}

/* NOLINTBEGIN(readability-non-const-parameter): the prototype is PCP's */
void
pmdaMainLoop(char *name, int infd, int outfd, _pmPMDA *dispatch, int (*check)(void),
             void (*done)(void))
{
    struct old_agent a = {.stream = {.in = infd, .out = outfd}};
    pmdaInterface whole;

    memset(&whole, 0, sizeof(whole));
    whole.comm.pmda_interface = PMDA_INTERFACE_1;
    whole.version.one = *dispatch;
    struct pl_server s = old_server(&whole, &a);
    s.name = name ? name : s.name;
    s.check = check;
    s.done = done;
    if (pl_stream_exchange_versions(&a.stream, s.name, 0) == 0) {
        do {
            s.drop = old_result_callback;
        } while (pl_serve(&s, true) >= 0);
    }
    empty(&a);
}
/* NOLINTEND(readability-non-const-parameter) */
