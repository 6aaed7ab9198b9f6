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

/* A number that a value does not hold has a block. Where nobody but this library frees the
 * result, the blocks of a set lie behind its values, in the same memory: there may be many
 * thousands. */
union number_block {
    pmValueBlock block;
    char bytes[PM_VAL_HDR_SIZE + 8];
};

/* A set being filled. */
struct filling {
    pmValueSet *set;
    size_t room;                /* for values */
    union number_block *blocks; /* as many, or NULL: each value has its own, or none */
    pmValueBlock head;          /* of each */
    unsigned int type;
};

static bool
is_word(unsigned int type)
{
    return type == PM_TYPE_32 || type == PM_TYPE_U32;
}

static unsigned int
number_bytes(unsigned int type)
{
    if (type == PM_TYPE_64 || type == PM_TYPE_U64 || type == PM_TYPE_DOUBLE)
        return 8;
    return type == PM_TYPE_FLOAT ? 4 : 0;
}

/* A set with room for values, and for blocks with them. False without memory. */
static bool
begin_set(struct filling *f, pmID pmid, unsigned int type, size_t room,
          bool with_blocks)
{
    size_t values = room ? room : 1;
    size_t bytes = sizeof(pmValueSet) + (values - 1) * sizeof(pmValue);

    with_blocks = with_blocks && number_bytes(type) > 0;
    *f = (struct filling){.room = room, .type = type, .head.vtype = type & 0xff};
    f->head.vlen = (PM_VAL_HDR_SIZE + number_bytes(type)) & PM_VAL_VLEN_MAX;
    f->set = pl_pool_alloc(bytes + (with_blocks ? values * sizeof(*f->blocks) : 0));
    if (!f->set)
        return false;
    f->set->pmid = pmid;
    f->set->numval = 0;
    f->set->valfmt = PM_VAL_INSITU;
    if (with_blocks)
        f->blocks = (void *)&f->set->vlist[values];
    return true;
}

static pmValueSet *
empty_set(pmID pmid, int status)
{
    struct filling f;

    if (begin_set(&f, pmid, PM_TYPE_32, 0, false))
        f.set->numval = status;
    return f.set;
}

/* The n-th value, a number that the set has room for. */
static inline void
put_number(const struct filling *f, int n, int inst, const pmAtomValue *atom)
{
    pmValue *to = &f->set->vlist[n];

    to->inst = inst;
    if (f->blocks) {
        union number_block *block = &f->blocks[n];
        memcpy(block, &f->head, PM_VAL_HDR_SIZE);
        memcpy(block->bytes + PM_VAL_HDR_SIZE, atom, sizeof(*block) - PM_VAL_HDR_SIZE);
        to->value.pval = &block->block;
    } else {
        to->value.lval = atom->l;
    }
}

/* Twice the room, with the n values that are there. */
static bool
widen_set(struct filling *f, int n)
{
    struct filling more;

    if (!begin_set(&more, f->set->pmid, f->type, f->room ? f->room * 2 : 8,
                   f->blocks != NULL))
        return false;
    more.set->valfmt = f->set->valfmt;
    memcpy(more.set->vlist, f->set->vlist, (size_t)n * sizeof(pmValue));
    for (int i = 0; f->blocks && i < n; i++) {
        more.blocks[i] = f->blocks[i];
        more.set->vlist[i].value.pval = &more.blocks[i].block;
    }
    pl_pool_free(f->set);
    *f = more;
    return true;
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
    bool is_ours; /* the result: nobody else frees it */
    pmdaMetric *metric;
    const pmDesc *desc;
};

static int
call_back(const struct call *call, int inst, pmAtomValue *ret_atom)
{
    return call->ext->e_fetchCallBack(call->metric, (unsigned int)inst, ret_atom);
}

/* What the callback gave, in the atom and as a code, as the n-th value. 1: it is one; 0:
 * there is none; negative: why. */
static int
take(const struct call *call, const struct filling *f, int n, int inst, int got,
     const pmAtomValue *atom)
{
    int fmt = f->blocks ? PM_VAL_DPTR : PM_VAL_INSITU;

    if (got < 0) {
        report(got, call->desc->pmid, inst);
        return got;
    }
    if (got == PMDA_FETCH_NOVALUES && call->version >= PMDA_INTERFACE_3)
        return 0;
    if (f->blocks || is_word(f->type)) {
        put_number(f, n, inst, atom);
    } else {
        f->set->vlist[n].inst = inst;
        fmt = __pmStuffValue(atom, &f->set->vlist[n], call->desc->type);
    }
    if (got == PMDA_FETCH_DYNAMIC && call->version >= PMDA_INTERFACE_5)
        free_atom(atom, call->desc);
    if (fmt == PM_ERR_TYPE)
        pmNotifyErr(LOG_ERR, "pmdaFetch: Descriptor type (%s) for metric %s is bad",
                    pmTypeStr(call->desc->type), pmIDStr(call->desc->pmid));
    if (fmt < 0)
        return fmt;
    f->set->valfmt = fmt;
    return 1;
}

/* The instances of a table that are wanted one and all, a number each: what large domains
 * are made of. As many as there is room for; returns how many. */
static int
fetch_numbers(const struct call *call, struct pl_walk *walk, const struct filling *f,
              int *status)
{
    const pmdaIndom *table = walk->table;
    pmValue *values = f->set->vlist, *end = values + f->room, *to = values;
    bool words = is_word(f->type);
    pmAtomValue atom;
    int at = 0;

    /* the callback may change the table */
    for (; to < end && at < table->it_numinst; at++) {
        int inst = table->it_set[at].i_inst;
        int got = call_back(call, inst, &atom);
        if (got == PMDA_FETCH_STATIC && words) {
            to->inst = inst;
            to->value.lval = atom.l;
            to++;
        } else {
            got = take(call, f, (int)(to - values), inst, got, &atom);
            to += got > 0;
            *status = got;
        }
    }
    walk->at = at;
    return (int)(to - values);
}

static pmValueSet *
fetch_metric(const struct call *call)
{
    struct pl_walk walk;
    struct filling f;
    pmAtomValue atom;
    size_t room = pl_walk_begin(&walk, call->desc->indom, call->ext);
    int inst, status = 0, n = 0;

    if (!begin_set(&f, call->desc->pmid, (unsigned int)call->desc->type, room,
                   call->is_ours))
        return NULL;
    if (walk.all_in && walk.table && (f.blocks || is_word(f.type)))
        n = fetch_numbers(call, &walk, &f, &status);
    while (pl_walk_next(&walk, &inst)) {
        /* more when instances came into being while the callback ran */
        if ((size_t)n == f.room && !widen_set(&f, n)) {
            status = -ENOMEM;
            break;
        }
        int got = call_back(call, inst, &atom);
        got = take(call, &f, n, inst, got, &atom);
        n += got > 0;
        status = got < 0 ? got : 0; /* the last one's word stands for all */
        if (got == PM_ERR_TYPE)
            break;
    }
    f.set->numval = n > 0 ? n : status;
    return f.set;
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

    pl_tell_context(ext);
    if (!result)
        return -ENOMEM;
    call.version = agent->dispatch ? (int)agent->dispatch->comm.pmda_interface
                                   : PMDA_INTERFACE_LATEST;
    call.is_ours = agent->begun && ext->e_resultCallBack == pl_free_result;
    note_changes(ext, agent, result);
    for (int i = 0; i < n; i++) {
        pmdaMetric stand_in;
        call.metric = pl_index_find(ext, pmids[i]);
        if (!call.metric && describe(agent, pmids[i], &stand_in))
            call.metric = &stand_in;
        if (!call.metric) {
            if (call.version < PMDA_INTERFACE_4)
                pmNotifyErr(LOG_ERR, "pmdaFetch: Requested metric %s is not defined",
                            pmIDStr(pmids[i]));
            result->vset[i] = empty_set(pmids[i], PM_ERR_PMID);
        } else if (!ext->e_fetchCallBack) {
            result->vset[i] = empty_set(pmids[i], PM_ERR_VALUE);
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
