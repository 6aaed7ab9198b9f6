/* SPDX-License-Identifier: MIT */
/* pmdaFetch(): a value set for each metric asked for, out of the fetch callback. */
#include "pcp/agent.h"
#include "pcp/pool.h"

enum { CHANGE_LABELS = PMCD_LABEL_CHANGE, CHANGE_NAMES = PMCD_NAMES_CHANGE };

void
pl_free_result(pmResult *result)
{
    __pmFreeResultValues(result);
}

static size_t
set_bytes(size_t n)
{
    return sizeof(pmValueSet) - sizeof(pmValue) + n * sizeof(pmValue);
}

static pmValueSet *
new_set(pmID pmid, int numval, size_t room)
{
    pmValueSet *set = pl_pool_alloc(set_bytes(room ? room : 1));

    if (set) {
        set->pmid = pmid;
        set->numval = numval;
        set->valfmt = PM_VAL_INSITU;
    }
    return set;
}

/* The result that is reused, with room for n sets. */
static pmResult *
result_for(struct pl_agent *agent, int n)
{
    if (n > agent->result_room || !agent->result) {
        int room = n < 16 ? 16 : n;
        pmResult *result =
            calloc(1, sizeof(pmResult) + (size_t)room * sizeof(pmValueSet *));
        if (!result)
            return NULL;
        free(agent->result);
        agent->result = result;
        agent->result_room = room;
    }
    agent->result->numpmid = n;
    agent->result->timestamp.tv_sec = 0;
    agent->result->timestamp.tv_usec = 0;
    return agent->result;
}

/* What has changed goes to pmcd where the time would be, and once. */
static void
note_changes(pmdaExt *ext, const struct pl_agent *agent, pmResult *result)
{
    bool newest =
        agent->dispatch && agent->dispatch->comm.pmda_interface >= PMDA_INTERFACE_7;

    if (!newest || !(ext->e_flags & (PMDA_EXT_LABEL_CHANGE | PMDA_EXT_NAMES_CHANGE)))
        return;
    if (ext->e_flags & PMDA_EXT_LABEL_CHANGE)
        result->timestamp.tv_sec |= CHANGE_LABELS;
    if (ext->e_flags & PMDA_EXT_NAMES_CHANGE)
        result->timestamp.tv_sec |= CHANGE_NAMES;
    ext->e_flags &= ~(unsigned)(PMDA_EXT_LABEL_CHANGE | PMDA_EXT_NAMES_CHANGE);
}

static bool
is_everyday(int code)
{
    return code == PM_ERR_VALUE || code == PM_ERR_APPVERSION || code == PM_ERR_INST ||
           code == PM_ERR_PERMISSION || code == PM_ERR_AGAIN || code == PM_ERR_NYI;
}

static void
report(int code, pmID pmid, int inst)
{
    char name[24];

    pmIDStr_r(pmid, name, sizeof(name));
    if (code == PM_ERR_PMID)
        pmNotifyErr(LOG_ERR, "pmdaFetch: PMID %s not handled by fetch callback", name);
    else if (code == PM_ERR_INST && pmDebugOptions.libpmda)
        pmNotifyErr(LOG_ERR,
                    "pmdaFetch: Instance %d of PMID %s not handled by fetch callback",
                    inst, name);
    else if (!is_everyday(code) || pmDebugOptions.libpmda)
        pmNotifyErr(LOG_ERR,
                    "pmdaFetch: Fetch callback error from metric PMID %s[%d]: %s", name,
                    inst, pmErrStr(code));
}

/* A value that the callback malloc'd has been copied. */
static void
free_atom(const pmAtomValue *atom, const pmDesc *desc)
{
    if (desc->type == PM_TYPE_STRING)
        free(atom->cp);
    else if (desc->type == PM_TYPE_AGGREGATE)
        free(atom->vbp);
    else
        pmNotifyErr(LOG_WARNING,
                    "pmdaFetch: Attempt to free value for metric %s of wrong type %s",
                    pmIDStr(desc->pmid), pmTypeStr(desc->type));
}

struct call {
    pmdaExt *ext;
    int version;
    pmdaMetric *metric;
    const pmDesc *desc;
};

static int
call_back(const struct call *call, int inst, pmAtomValue *ret_atom)
{
    return call->ext->e_fetchCallBack(call->metric, (unsigned int)inst, ret_atom);
}

/* What the callback gave, in the atom and as a code. 1: *ret_value is filled; 0: there is
 * none; negative: why. */
static int
take(const struct call *call, int got, const pmAtomValue *atom, int inst,
     pmValue *ret_value, int *ret_valfmt)
{
    if (got < 0) {
        report(got, call->desc->pmid, inst);
        return got;
    }
    if (got == PMDA_FETCH_NOVALUES && call->version >= PMDA_INTERFACE_3)
        return 0;
    ret_value->inst = inst;
    int fmt = __pmStuffValue(atom, ret_value, call->desc->type);
    if (got == PMDA_FETCH_DYNAMIC && call->version >= PMDA_INTERFACE_5)
        free_atom(atom, call->desc);
    if (fmt == PM_ERR_TYPE)
        pmNotifyErr(LOG_ERR, "pmdaFetch: Descriptor type (%s) for metric %s is bad",
                    pmTypeStr(call->desc->type), pmIDStr(call->desc->pmid));
    if (fmt < 0)
        return fmt;
    *ret_valfmt = fmt;
    return 1;
}

/* The instances of a table that are wanted one and all, a word each: what large domains
 * are made of. Fills up to room of the values; returns how many. */
static int
fetch_words(const struct call *call, struct pl_walk *walk, pmValue *values, size_t room,
            int *status)
{
    const pmdaIndom *table = walk->table;
    pmValue *to = values;
    pmAtomValue atom;
    int at = 0, fmt;

    /* the callback may change the table */
    for (; to < values + room && at < table->it_numinst; at++) {
        int inst = table->it_set[at].i_inst;
        int got = call_back(call, inst, &atom);
        if (got == PMDA_FETCH_STATIC) {
            to->inst = inst;
            to->value.lval = atom.l;
            to++;
        } else {
            got = take(call, got, &atom, inst, to, &fmt);
            to += got > 0;
            *status = got;
        }
    }
    walk->at = at;
    return (int)(to - values);
}

static bool
is_word(const pmDesc *desc)
{
    return desc->type == PM_TYPE_32 || desc->type == PM_TYPE_U32;
}

static pmValueSet *
fetch_metric(const struct call *call)
{
    struct pl_walk walk;
    size_t room = pl_walk_begin(&walk, call->desc->indom, call->ext);
    pmValueSet *set = new_set(call->desc->pmid, 0, room);
    pmAtomValue atom;
    int inst, status = 0, n = 0;

    if (set && walk.all_in && walk.table && is_word(call->desc))
        n = fetch_words(call, &walk, set->vlist, room, &status);
    while (set && pl_walk_next(&walk, &inst)) {
        if ((size_t)n == room) {
            /* instances came into being while the callback ran */
            room = room ? room * 2 : 8;
            pmValueSet *more = realloc(set, set_bytes(room));
            if (!more) {
                status = -ENOMEM;
                break;
            }
            set = more;
        }
        int got = call_back(call, inst, &atom);
        got = take(call, got, &atom, inst, &set->vlist[n], &set->valfmt);
        n += got > 0;
        status = got < 0 ? got : 0; /* the last one's word stands for all */
        if (got == PM_ERR_TYPE)
            break;
    }
    if (set)
        set->numval = n > 0 ? n : status;
    return set;
}

/* A metric that is not in the table, but that the desc method knows. */
static bool
describe(const struct pl_agent *agent, pmID pmid, pmdaMetric *ret)
{
    const pmdaInterface *dispatch = agent->dispatch;

    memset(ret, 0, sizeof(*ret));
    ret->m_desc.pmid = pmid;
    if (!dispatch || !pl_has_ext((int)dispatch->comm.pmda_interface) ||
        !dispatch->version.any.desc || dispatch->version.any.desc == pmdaDesc)
        return false;
    pmdaExt *own = dispatch->version.any.ext;
    return dispatch->version.any.desc(pmid, &ret->m_desc, own) >= 0;
}

int
pmdaFetch(int n, pmID *pmids, pmResult **ret_result, pmdaExt *ext)
{
    struct pl_agent *agent = pl_agent_of(ext);
    pmResult *result = result_for(agent, n);
    struct call call = {.ext = ext};

    if (!result)
        return -ENOMEM;
    call.version = agent->dispatch ? (int)agent->dispatch->comm.pmda_interface
                                   : PMDA_INTERFACE_LATEST;
    note_changes(ext, agent, result);
    for (int i = 0; i < n; i++) {
        pmdaMetric stand_in;
        call.metric =
            pl_index_find(&agent->metrics, ext->e_metrics, ext->e_nmetrics, pmids[i]);
        if (!call.metric && describe(agent, pmids[i], &stand_in))
            call.metric = &stand_in;
        if (!call.metric) {
            if (call.version < PMDA_INTERFACE_4)
                pmNotifyErr(LOG_ERR, "pmdaFetch: Requested metric %s is not defined",
                            pmIDStr(pmids[i]));
            result->vset[i] = new_set(pmids[i], PM_ERR_PMID, 0);
        } else if (!ext->e_fetchCallBack) {
            result->vset[i] = new_set(pmids[i], PM_ERR_VALUE, 0);
        } else {
            call.desc = &call.metric->m_desc;
            result->vset[i] = fetch_metric(&call);
        }
        if (!result->vset[i]) {
            result->numpmid = i;
            __pmFreeResultValues(result);
            return -ENOMEM;
        }
    }
    *ret_result = result;
    return 0;
}
