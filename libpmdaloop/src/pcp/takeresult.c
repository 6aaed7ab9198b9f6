/* SPDX-License-Identifier: MIT */
/* A store request as a pmResult: every length is checked before it is followed. */
#include "pcp/result.h"

#include <stdlib.h>

/* Scalars inside a block, from network order to ours. */
static bool
turn_scalar(int32_t type, uint8_t *bytes, size_t len)
{
    uint64_t wide;
    uint32_t word;

    switch (type) {
    case PM_TYPE_64:
    case PM_TYPE_U64:
    case PM_TYPE_DOUBLE:
        if (len < 8)
            return false;
        wide = rd_be64(bytes);
        memcpy(bytes, &wide, 8);
        return true;
    case PM_TYPE_32:
    case PM_TYPE_U32:
    case PM_TYPE_FLOAT:
        if (len < 4)
            return false;
        word = rd_be32(bytes);
        memcpy(bytes, &word, 4);
        return true;
    default:
        return true;
    }
}

static void
turn_word(uint8_t *at)
{
    uint32_t word = rd_be32(at);
    memcpy(at, &word, 4);
}

static void
turn_wide(uint8_t *at)
{
    uint64_t wide = rd_be64(at);
    memcpy(at, &wide, 8);
}

/* The parameters of a record; *at goes on behind them. */
static bool
turn_params(struct pl_event_record *record, uint8_t **at)
{
    struct pl_event_param param;

    while (pl_event_next_param(record, &param)) {
        uint32_t head = rd_be32(*at + 4);
        pmEventParameter to;
        memset(&to, 0, sizeof(to));
        to.ep_pmid = param.pmid;
        to.ep_type = (unsigned int)param.type & 0xff;
        to.ep_len = head & PM_VAL_VLEN_MAX;
        memcpy(*at, &to, sizeof(to));
        *at += sizeof(to);
        if (!turn_scalar(param.type, *at, param.len))
            return false;
        *at += pl_pad4(param.len);
    }
    return true;
}

/* An event array: the same layout in memory, each field turned where it stands. */
static bool
turn_events(uint8_t *bytes, const void *wire, size_t len, bool highres)
{
    struct pl_events events;
    struct pl_event_record record;
    uint8_t *at = bytes;

    if (pl_events_decode(wire, len, highres, &events) < 0)
        return false;
    turn_word(at);
    at += 4;
    while (pl_events_next(&events, &record)) {
        if (highres) {
            turn_wide(at);
            turn_wide(at + 8);
            at += 16;
        } else {
            turn_word(at);
            turn_word(at + 4);
            at += 8;
        }
        turn_word(at);
        turn_word(at + 4);
        at += 8;
        if (!(record.flags & PM_EVENT_FLAG_MISSED) && !turn_params(&record, &at))
            return false;
    }
    return true;
}

static pmValueBlock *
take_block(const struct pl_value *v)
{
    /* room for a NUL that a string may lack */
    pmValueBlock *block = calloc(1, PM_VAL_HDR_SIZE + v->len + 8);
    bool ok = true;

    if (!block)
        return NULL;
    block->vtype = (unsigned int)v->type & 0xff;
    block->vlen = (unsigned int)(PM_VAL_HDR_SIZE + v->len) & PM_VAL_VLEN_MAX;
    uint8_t *bytes = (uint8_t *)block->vbuf;
    memcpy(bytes, v->bytes, v->len);
    if (v->type == PM_TYPE_EVENT || v->type == PM_TYPE_HIGHRES_EVENT)
        ok = turn_events(bytes, v->bytes, v->len, v->type == PM_TYPE_HIGHRES_EVENT);
    else
        ok = turn_scalar(v->type, bytes, v->len);
    if (!ok) {
        free(block);
        return NULL;
    }
    return block;
}

static pmValueSet *
take_set(struct pl_set *from)
{
    size_t n = from->numval > 0 ? (size_t)from->numval : 0;
    pmValueSet *set = calloc(1, sizeof(pmValueSet) + n * sizeof(pmValue));
    struct pl_value v;

    if (!set)
        return NULL;
    set->pmid = from->pmid;
    set->numval = from->numval < 0 ? from->numval : 0;
    set->valfmt = n > 0 ? from->valfmt : PM_VAL_INSITU;
    while (pl_set_next(from, &v)) {
        pmValue *to = &set->vlist[set->numval];
        to->inst = v.inst;
        if (set->valfmt == PM_VAL_INSITU) {
            to->value.lval = (int)v.insitu;
        } else if ((to->value.pval = take_block(&v)) == NULL) {
            set->valfmt = PM_VAL_DPTR;
            while (set->numval > 0)
                free(set->vlist[--set->numval].value.pval);
            free(set);
            return NULL;
        }
        set->numval++;
    }
    return set;
}

void
pl_result_drop(pmResult *result)
{
    for (int i = 0; i < result->numpmid; i++) {
        pmValueSet *set = result->vset[i];
        for (int k = 0; set && set->valfmt != PM_VAL_INSITU && k < set->numval; k++)
            free(set->vlist[k].value.pval);
        free(set);
    }
    free(result);
}

pmResult *
pl_result_take(const void *pdu, size_t len)
{
    struct pl_result r;
    struct pl_set set;

    if (pl_result_decode(pdu, len, &r) < 0)
        return NULL;
    pmResult *result = calloc(1, sizeof(*result) + (size_t)r.n * sizeof(pmValueSet *));
    if (!result)
        return NULL;
    result->timestamp.tv_sec = (time_t)r.sec;
    result->timestamp.tv_usec = (suseconds_t)r.sub;
    while (pl_result_next(&r, &set)) {
        if ((result->vset[result->numpmid] = take_set(&set)) == NULL) {
            pl_result_drop(result);
            return NULL;
        }
        result->numpmid++;
    }
    return result;
}
