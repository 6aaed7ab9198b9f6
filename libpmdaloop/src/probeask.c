/* SPDX-License-Identifier: MIT */
/* The collector's questions, each written where the PDUs to be sent wait. */
#include "probe.h"

#include "engine.h"

/* Room for a PDU of at most so many bytes. */
static int
begin(struct pmdaloop_probe *p, size_t bytes, struct wr *ret_w)
{
    *ret_w = (struct wr){.bad = true};
    if (p->closed)
        return p->closed;
    uint8_t *room = queue_room(&p->out, bytes);
    if (!room)
        return -errno;
    *ret_w = wr_over(room, bytes);
    return 0;
}

/* What was written is said. Of a question, the number; type: what its reply is. */
static int
ask(struct pmdaloop_probe *p, const struct wr *w, int32_t type)
{
    if (w->bad)
        return -E2BIG;
    int err = pl_grow(&p->questions, &p->questions_room, p->n_questions, 1,
                      sizeof(*p->questions), 1 << 20);
    if (err < 0)
        return err;
    queue_added(&p->out, wr_len(w));
    p->last_number = p->last_number == INT32_MAX ? 1 : p->last_number + 1;
    p->questions[p->n_questions++] =
        (struct pl_question){.number = p->last_number,
                             .type = type,
                             .deadline_ms = p->now_ms + p->reply_timeout_ms};
    return (int)p->last_number;
}

int
pmdaloop_probe_fetch_start(struct pmdaloop_probe *p, const uint32_t *pmids, size_t n)
{
    struct wr w;
    int err = n > 1 << 24 ? -E2BIG : begin(p, 28 + n * 4, &w);

    if (err < 0)
        return err;
    pl_fetch_encode(&w, p->context, 0, pmids, (uint32_t)n);
    return ask(p, &w, PL_RESULT);
}

int
pmdaloop_probe_desc_start(struct pmdaloop_probe *p, uint32_t pmid)
{
    struct wr w;
    int err = begin(p, 16, &w);

    if (err < 0)
        return err;
    pl_desc_req_encode(&w, p->context, pmid);
    return ask(p, &w, PL_DESC);
}

int
pmdaloop_probe_instance_start(struct pmdaloop_probe *p, uint32_t indom, int32_t inst,
                              const char *name)
{
    struct wr w;
    size_t len = name ? strlen(name) : 0;
    int err = begin(p, 32 + pl_pad4(len), &w);

    if (err < 0)
        return err;
    pl_instance_req_encode(&w, p->context, indom, inst, name, len);
    return ask(p, &w, PL_INSTANCE);
}

int
pmdaloop_probe_text_start(struct pmdaloop_probe *p, uint32_t ident, int kind)
{
    struct wr w;
    int err = begin(p, 20, &w);

    if (err < 0)
        return err;
    pl_text_req_encode(&w, p->context, ident, kind);
    return ask(p, &w, PL_TEXT);
}

int
pmdaloop_probe_labels_start(struct pmdaloop_probe *p, uint32_t ident, int kind)
{
    struct wr w;
    int err = begin(p, 20, &w);

    if (err < 0)
        return err;
    pl_label_req_encode(&w, p->context, ident, kind);
    return ask(p, &w, PL_LABEL);
}

int
pmdaloop_probe_pmid_start(struct pmdaloop_probe *p, const char *name)
{
    struct wr w;
    size_t len = strlen(name);
    int err = begin(p, 28 + pl_pad4(len), &w);

    if (err < 0)
        return err;
    struct pl_list_wr l = pl_names_begin(&w, p->context, false);
    pl_names_add(&l, name, len, 0);
    pl_names_end(&l);
    return ask(p, &w, PL_PMNS_IDS);
}

int
pmdaloop_probe_names_start(struct pmdaloop_probe *p, uint32_t pmid)
{
    struct wr w;
    int err = begin(p, 24, &w);

    if (err < 0)
        return err;
    pl_ids_encode(&w, PL_PMNS_IDS, p->context, 0, &pmid, 1);
    return ask(p, &w, PL_PMNS_NAMES);
}

static int
ask_name(struct pmdaloop_probe *p, enum pl_pdu type, const char *name)
{
    struct wr w;
    size_t len = strlen(name);
    int err = begin(p, 20 + pl_pad4(len), &w);

    if (err < 0)
        return err;
    pl_name_req_encode(&w, type, p->context, type == PL_PMNS_CHILD, name, len);
    return ask(p, &w, PL_PMNS_NAMES);
}

int
pmdaloop_probe_children_start(struct pmdaloop_probe *p, const char *name)
{
    return ask_name(p, PL_PMNS_CHILD, name);
}

int
pmdaloop_probe_traverse_start(struct pmdaloop_probe *p, const char *name)
{
    return ask_name(p, PL_PMNS_TRAVERSE, name);
}

static void
put_stored(struct pl_result_wr *r, const struct pmdaloop_stored *one)
{
    const struct pmdaloop_value *v = &one->value;
    size_t len = pl_scalar_bytes(v->type);

    pl_result_set(r, one->pmid, 0);
    if (v->type == PMDALOOP_32 || v->type == PMDALOOP_U32) {
        pl_result_insitu(r, one->inst, v->as.u32);
        return;
    }
    bool is_text = v->type == PMDALOOP_STRING;
    size_t text = is_text && v->len == 0 ? strlen(v->as.bytes) : v->len;
    if (len == 0)
        len = text + is_text;
    uint8_t *to = pl_result_block(r, one->inst, PL_DPTR, v->type, len);
    if (!to)
        return;
    struct wr w = wr_over(to, len);
    if (is_text) {
        wr_bytes(&w, v->as.bytes, text);
        wr_u8(&w, 0);
    } else {
        pl_value_encode(&w, v);
    }
}

int
pmdaloop_probe_store_start(struct pmdaloop_probe *p,
                           const struct pmdaloop_stored *values, size_t n)
{
    size_t sets = pl_result_sets_bytes(n, n, n), blocks = 0;
    struct pl_result_wr r;
    struct wr w;

    for (size_t i = 0; i < n; i++) {
        const struct pmdaloop_value *v = &values[i].value;
        bool is_text = v->type == PMDALOOP_STRING && v->len == 0;
        blocks += 16 + pl_pad4(is_text ? strlen(v->as.bytes) : v->len);
    }
    int err = begin(p, sets + blocks, &w);
    if (err < 0)
        return err;
    pl_result_begin(&r, w.at, sets + blocks, sets, p->context, 0, 0, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        put_stored(&r, &values[i]);
    size_t len = pl_result_end(&r);
    if (len == 0)
        return -E2BIG;
    (void)wr_room(&w, len);
    return ask(p, &w, PL_ERROR);
}

int
pmdaloop_probe_raw_start(struct pmdaloop_probe *p, const void *bytes, size_t n)
{
    struct wr w;
    int err = begin(p, n, &w);

    if (err < 0)
        return err;
    wr_bytes(&w, bytes, n);
    return ask(p, &w, 0);
}

/* ---- what nobody answers ---- */

static int
say(struct pmdaloop_probe *p, const struct wr *w)
{
    if (w->bad)
        return -E2BIG;
    queue_added(&p->out, wr_len(w));
    return 0;
}

/* As pl_profile_encode() does, but from instances in host order. */
int
pmdaloop_probe_profile(struct pmdaloop_probe *p, int none_else,
                       const struct pmdaloop_probe_filter *filters, size_t n)
{
    size_t bytes = 28 + n * 16;
    struct wr w;

    for (size_t i = 0; i < n; i++)
        bytes += filters[i].n_insts * 4;
    int err = begin(p, bytes, &w);
    if (err < 0)
        return err;
    uint8_t *head = pl_pdu_begin(&w, PL_PROFILE, p->context);
    wr_u32(&w, 0);
    wr_u32(&w, none_else != 0);
    wr_u32(&w, (uint32_t)n);
    wr_u32(&w, 0);
    for (size_t i = 0; i < n; i++) {
        wr_u32(&w, filters[i].indom);
        wr_u32(&w, filters[i].only_these != 0);
        wr_u32(&w, (uint32_t)filters[i].n_insts);
        wr_u32(&w, 0);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < filters[i].n_insts; k++)
            wr_u32(&w, (uint32_t)filters[i].insts[k]);
    pl_pdu_end(&w, head);
    return say(p, &w);
}

int
pmdaloop_probe_attribute(struct pmdaloop_probe *p, int key, const char *value)
{
    struct wr w;
    size_t len = strlen(value) + 1;
    int err = len > PL_MAX_ATTR_BYTES ? -E2BIG : begin(p, 16 + len, &w);

    if (err < 0)
        return err;
    pl_attr_encode(&w, p->context, key, value, len);
    return say(p, &w);
}

int
pmdaloop_probe_client_gone(struct pmdaloop_probe *p)
{
    struct wr w;
    int err = begin(p, 16, &w);

    if (err < 0)
        return err;
    pl_error_encode(&w, p->context, PMDALOOP_PM_NOTCONN);
    return say(p, &w);
}

int
pmdaloop_probe_raw(struct pmdaloop_probe *p, const void *bytes, size_t n)
{
    struct wr w;
    int err = begin(p, n, &w);

    if (err < 0)
        return err;
    wr_bytes(&w, bytes, n);
    return say(p, &w);
}
