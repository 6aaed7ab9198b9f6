/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_REENCODE_H
#define PMDALOOP_REENCODE_H

/* Decode a PDU of any type, walk all that is in it, and write it down again. */
#include "pdu.h"

static inline void
reencode_set(struct pl_result_wr *r, struct pl_set *set)
{
    struct pl_value v;

    pl_result_set(r, set->pmid, set->numval);
    while (pl_set_next(set, &v)) {
        if (set->valfmt == PL_INSITU) {
            pl_result_insitu(r, v.inst, v.insitu);
            continue;
        }
        uint8_t *p =
            pl_result_block(r, v.inst, (enum pl_valfmt)set->valfmt, v.type, v.len);
        if (p && v.len)
            memcpy(p, v.bytes, v.len);
    }
}

/* slack: how much more is reserved for the sets than they need. */
static inline void
reencode_result(struct wr *w, int32_t from, struct pl_result result, size_t slack)
{
    struct pl_result_wr r;
    struct pl_set set;
    size_t sets_bytes = (size_t)(result.sets.end - result.sets.at) + 24 + slack;

    if (sets_bytes > (size_t)(w->end - w->at)) {
        w->bad = true;
        return;
    }
    pl_result_begin(&r, w->at, (size_t)(w->end - w->at), sets_bytes, from,
                    (uint32_t)result.sec, (uint32_t)result.sub, result.n);
    while (pl_result_next(&result, &set))
        reencode_set(&r, &set);
    size_t len = pl_result_end(&r);
    if (len == 0)
        w->bad = true;
    else
        (void)wr_room(w, len);
}

/* As PCP's own library writes its arrays of records. */
static inline void
reencode_events(struct wr *w, struct pl_events events)
{
    struct pl_events_wr e = pl_events_begin(w, events.highres);
    struct pl_event_record r;
    struct pl_event_param p;

    while (pl_events_next(&events, &r)) {
        if (r.flags & PMDALOOP_RECORD_MISSED) {
            pl_events_missed(&e, r.sec, r.sub, (uint32_t)r.n_params);
            continue;
        }
        pl_events_record(&e, r.sec, r.sub, r.flags);
        while (pl_event_next_param(&r, &p))
            pl_events_param(&e, p.pmid, p.type, p.bytes, p.len);
    }
}

static inline void
reencode_profile(struct wr *w, int32_t from, struct pl_profile p)
{
    enum { ENTRIES = 64 };
    struct pl_profile_entry entries[ENTRIES];
    uint32_t n = 0;
    int32_t context = p.context, state = p.state;

    while (n < ENTRIES && pl_profile_next(&p, &entries[n]))
        n++;
    if (p.n > 0)
        w->bad = true;
    pl_profile_encode(w, from, context, state, entries, n);
}

static inline void
reencode_labels(struct wr *w, int32_t from, struct pl_labels l)
{
    enum { SETS = 512 };
    static struct pl_label_set sets[SETS];
    uint32_t n = 0;
    uint32_t ident = l.ident;
    int32_t kind = l.kind;

    while (n < SETS && pl_labels_next(&l, &sets[n]))
        n++;
    if (l.n > 0)
        w->bad = true;
    pl_labels_encode(w, from, ident, kind, sets, n);
}

static inline void
reencode_ids(struct wr *w, enum pl_pdu type, int32_t from, const struct pl_ids *ids)
{
    enum { IDS = 512 };
    static uint32_t pmids[IDS];

    if (ids->n > IDS) {
        w->bad = true;
        return;
    }
    for (uint32_t i = 0; i < ids->n; i++)
        pmids[i] = rd_be32(ids->pmids + (size_t)i * 4);
    pl_ids_encode(w, type, from, ids->status, pmids, ids->n);
}

static inline void
reencode_fetch(struct wr *w, int32_t from, const struct pl_fetch *f)
{
    enum { IDS = 2048 };
    static uint32_t pmids[IDS];

    if (f->n > IDS) {
        w->bad = true;
        return;
    }
    for (uint32_t i = 0; i < f->n; i++)
        pmids[i] = pl_fetch_pmid(f, i);
    pl_fetch_encode(w, from, f->context, pmids, f->n);
}

static inline void
reencode_descs(struct wr *w, int32_t from, struct pl_descs d)
{
    enum { DESCS = 512 };
    static struct pmdaloop_desc descs[DESCS];
    uint32_t n = 0;

    while (n < DESCS && pl_descs_next(&d, &descs[n]))
        n++;
    if (d.n > 0)
        w->bad = true;
    pl_descs_encode(w, from, descs, n);
}

/* 0 and the PDU again in w, or what its decoder said, or -ENOSYS for types that have no
 * decoder or no encoder. */
static inline int
reencode(const void *pdu, size_t len, struct wr *w)
{
    union {
        int32_t code;
        uint32_t pmid;
        struct pl_creds creds;
        struct pl_fetch fetch;
        struct pl_result result;
        struct pl_profile profile;
        struct pmdaloop_desc desc;
        struct pl_descs descs;
        struct pl_instance_req instance_req;
        struct pl_instances instances;
        struct pl_ident ident;
        struct pl_text text;
        struct pl_ids ids;
        struct pl_names names;
        struct pl_name name;
        struct pl_attr attr;
        struct pl_labels labels;
    } u;
    struct pl_head h;
    int err = pl_pdu_peek(pdu, len, SIZE_MAX, &h);

    if (err != 1)
        return err ? err : -PMDALOOP_EMALFORMED;
    switch (h.type) {
    case PL_ERROR:
        if ((err = pl_error_decode(pdu, len, &u.code)) == 0)
            pl_error_encode(w, h.from, u.code);
        return err;
    case PL_CREDS:
        if ((err = pl_creds_decode(pdu, len, &u.creds)) == 0)
            pl_creds_encode(w, h.from, u.creds.version, u.creds.flags);
        return err;
    case PL_FETCH:
    case PL_HIGHRES_FETCH:
        if ((err = pl_fetch_decode(pdu, len, &u.fetch)) == 0 && h.type == PL_FETCH)
            reencode_fetch(w, h.from, &u.fetch);
        break;
    case PL_RESULT:
    case PL_HIGHRES_RESULT:
        if ((err = pl_result_decode(pdu, len, &u.result)) == 0 && h.type == PL_RESULT)
            reencode_result(w, h.from, u.result, 0);
        break;
    case PL_PROFILE:
        if ((err = pl_profile_decode(pdu, len, &u.profile)) == 0)
            reencode_profile(w, h.from, u.profile);
        return err;
    case PL_DESC_REQ:
        if ((err = pl_desc_req_decode(pdu, len, &u.pmid)) == 0)
            pl_desc_req_encode(w, h.from, u.pmid);
        return err;
    case PL_DESC:
        if ((err = pl_desc_decode(pdu, len, &u.desc)) == 0)
            pl_desc_encode(w, h.from, &u.desc);
        return err;
    case PL_DESCS:
        if ((err = pl_descs_decode(pdu, len, &u.descs)) == 0)
            reencode_descs(w, h.from, u.descs);
        return err;
    case PL_INSTANCE_REQ:
        if ((err = pl_instance_req_decode(pdu, len, &u.instance_req)) == 0)
            pl_instance_req_encode(w, h.from, u.instance_req.indom, u.instance_req.inst,
                                   u.instance_req.name, u.instance_req.len);
        return err;
    case PL_INSTANCE:
        if ((err = pl_instances_decode(pdu, len, &u.instances)) == 0) {
            struct pl_instance each;
            struct pl_list_wr l = pl_instances_begin(w, h.from, u.instances.indom);
            while (pl_instances_next(&u.instances, &each))
                pl_instances_add(&l, each.inst, each.name, each.len);
            pl_instances_end(&l);
        }
        return err;
    case PL_TEXT_REQ:
        if ((err = pl_text_req_decode(pdu, len, &u.ident)) == 0)
            pl_text_req_encode(w, h.from, u.ident.ident, u.ident.kind);
        return err;
    case PL_TEXT:
        if ((err = pl_text_decode(pdu, len, &u.text)) == 0)
            pl_text_encode(w, h.from, u.text.ident, u.text.text, u.text.len);
        return err;
    case PL_PMNS_IDS:
    case PL_DESC_IDS:
        if ((err = pl_ids_decode(pdu, len, &u.ids)) == 0)
            reencode_ids(w, (enum pl_pdu)h.type, h.from, &u.ids);
        return err;
    case PL_PMNS_NAMES:
        if ((err = pl_names_decode(pdu, len, &u.names)) == 0) {
            struct pl_name each;
            struct pl_list_wr l = pl_names_begin(w, h.from, u.names.with_status);
            while (pl_names_next(&u.names, &each))
                pl_names_add(&l, each.name, each.len, each.status);
            pl_names_end(&l);
        }
        return err;
    case PL_PMNS_CHILD:
    case PL_PMNS_TRAVERSE:
        if ((err = pl_name_req_decode(pdu, len, &u.name)) == 0)
            pl_name_req_encode(w, (enum pl_pdu)h.type, h.from, u.name.status,
                               u.name.name, u.name.len);
        return err;
    case PL_ATTR:
        if ((err = pl_attr_decode(pdu, len, &u.attr)) == 0)
            pl_attr_encode(w, h.from, u.attr.key, u.attr.value, u.attr.len);
        return err;
    case PL_LABEL_REQ:
        if ((err = pl_label_req_decode(pdu, len, &u.ident)) == 0)
            pl_label_req_encode(w, h.from, u.ident.ident, u.ident.kind);
        return err;
    case PL_LABEL:
        if ((err = pl_labels_decode(pdu, len, &u.labels)) == 0)
            reencode_labels(w, h.from, u.labels);
        return err;
    default:
        return -ENOSYS;
    }
    return err ? err : h.type == PL_RESULT || h.type == PL_FETCH ? 0 : -ENOSYS;
}

#endif
