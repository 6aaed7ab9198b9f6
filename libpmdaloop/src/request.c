/* SPDX-License-Identifier: MIT */
/* What a request asks, as an event that lives until it is answered. */
#include "engine.h"

#include <stdlib.h>

static int
read_fetch(struct pl_slot *s, const uint8_t *pdu, size_t len)
{
    struct pl_fetch f;
    int err = pl_fetch_decode(pdu, len, &f);

    if (err == 0)
        err =
            pl_grow(&s->pmids, &s->pmids_room, 0, f.n, sizeof(*s->pmids), SIZE_MAX / 4);
    if (err < 0)
        return err;
    for (uint32_t i = 0; i < f.n; i++)
        s->pmids[i] = rd_be32(f.pmids + (size_t)i * 4);
    s->event.kind = PMDALOOP_FETCH;
    s->event.pmids = s->pmids;
    s->event.n_pmids = f.n;
    return 0;
}

static int
read_value(const struct pl_set *set, const struct pl_value *v,
           struct pmdaloop_value *ret)
{
    if (set->valfmt != PL_INSITU)
        return pl_value_decode(v->type, v->bytes, v->len, ret);
    *ret = (struct pmdaloop_value){.type = PMDALOOP_U32, .len = 4, .as.u32 = v->insitu};
    return 0;
}

static int
read_store(struct pl_slot *s, const uint8_t *pdu, size_t len)
{
    struct pl_result r;
    struct pl_set set;
    struct pl_value v;
    size_t n = 0;
    int err = pl_result_decode(pdu, len, &r);

    while (err == 0 && pl_result_next(&r, &set)) {
        while (err == 0 && pl_set_next(&set, &v)) {
            err = pl_grow(&s->stored, &s->stored_room, n, 1, sizeof(*s->stored),
                          SIZE_MAX / sizeof(*s->stored));
            if (err < 0)
                return err;
            struct pmdaloop_stored *to = &s->stored[n++];
            to->pmid = set.pmid;
            to->inst = v.inst;
            err = read_value(&set, &v, &to->value);
        }
    }
    if (err < 0)
        return err;
    s->event.kind = PMDALOOP_STORE;
    s->event.stored = s->stored;
    s->event.n_stored = n;
    return 0;
}

/* Names point into the slot's own copy of the PDU, which has a byte to spare behind. */
static void
set_name(struct pl_slot *s, const char *name, size_t len)
{
    size_t at = (size_t)((const uint8_t *)name - s->request);

    s->request[at + len] = '\0';
    s->event.name = (const char *)s->request + at;
    s->event.name_len = len;
}

static int
read_instance(struct pl_slot *s, const uint8_t *pdu, size_t len)
{
    struct pl_instance_req q;
    int err = pl_instance_req_decode(pdu, len, &q);

    if (err < 0)
        return err;
    s->event.kind = PMDALOOP_INSTANCE;
    s->event.ident = q.indom;
    s->event.inst = q.inst;
    if (q.name)
        set_name(s, q.name, q.len);
    return 0;
}

static int
read_ident(struct pl_slot *s, const uint8_t *pdu, size_t len, int kind)
{
    struct pl_ident q;
    int err = pl_text_req_decode(pdu, len, &q);

    if (err < 0)
        return err;
    s->event.kind = kind;
    s->event.ident = q.ident;
    s->event.what = q.kind;
    return 0;
}

/* Which metric has this name: of names, one is asked at a time. */
static int
read_names(struct pl_slot *s, const uint8_t *pdu, size_t len)
{
    struct pl_names l;
    struct pl_name name;
    int err = pl_names_decode(pdu, len, &l);

    if (err < 0)
        return err;
    if (l.n != 1 || !pl_names_next(&l, &name))
        return -PMDALOOP_EMALFORMED;
    s->event.kind = PMDALOOP_PMID_OF;
    set_name(s, name.name, name.len);
    return 0;
}

static int
read_ids(struct pl_slot *s, const uint8_t *pdu, size_t len)
{
    struct pl_ids ids;
    int err = pl_ids_decode(pdu, len, &ids);

    if (err < 0)
        return err;
    if (ids.status < 0)
        return ids.status; /* sent back as it came */
    if (ids.n != 1)
        return -PMDALOOP_EMALFORMED;
    s->event.kind = PMDALOOP_NAMES_OF;
    s->event.ident = rd_be32(ids.pmids);
    return 0;
}

static int
read_name_req(struct pl_slot *s, const uint8_t *pdu, size_t len, int kind)
{
    struct pl_name q;
    int err = pl_name_req_decode(pdu, len, &q);

    if (err < 0)
        return err;
    s->event.kind = kind;
    s->event.what = kind == PMDALOOP_CHILDREN ? q.status : 0;
    set_name(s, q.name, q.len);
    return 0;
}

int
pl_request_read(struct pl_slot *s, const void *pdu, const struct pl_head *h)
{
    int err =
        pl_grow(&s->request, &s->request_room, 0, (size_t)h->len + 1, 1, SIZE_MAX);

    if (err < 0)
        return err;
    memcpy(s->request, pdu, h->len);
    s->event.inst = PMDALOOP_NO_INST;
    switch (h->type) {
    case PL_FETCH:
        return read_fetch(s, s->request, h->len);
    case PL_DESC_REQ:
        s->event.kind = PMDALOOP_DESC;
        return pl_desc_req_decode(s->request, h->len, &s->event.ident);
    case PL_INSTANCE_REQ:
        return read_instance(s, s->request, h->len);
    case PL_TEXT_REQ:
        return read_ident(s, s->request, h->len, PMDALOOP_TEXT);
    case PL_LABEL_REQ:
        return read_ident(s, s->request, h->len, PMDALOOP_LABELS);
    case PL_RESULT:
        return read_store(s, s->request, h->len);
    case PL_PMNS_NAMES:
        return read_names(s, s->request, h->len);
    case PL_PMNS_IDS:
        return read_ids(s, s->request, h->len);
    case PL_PMNS_CHILD:
        return read_name_req(s, s->request, h->len, PMDALOOP_CHILDREN);
    default:
        return read_name_req(s, s->request, h->len, PMDALOOP_TRAVERSE);
    }
}
