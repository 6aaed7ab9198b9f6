/* SPDX-License-Identifier: MIT */
/* Answers about metrics and instances: FETCH, stores, DESC, INSTANCE, TEXT. */
#include "pcp/result.h"
#include "pcp/serve.h"

int
pl_answer_fetch(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_fetch f;
    pmResult *result = NULL;

    if (pl_fetch_decode(pdu, len, &f) < 0)
        return PM_ERR_IPC;
    pmID *pmids = malloc((f.n ? f.n : 1) * sizeof(*pmids));
    if (!pmids)
        return -ENOMEM;
    for (uint32_t i = 0; i < f.n; i++)
        pmids[i] = pl_fetch_pmid(&f, i);
    int err = s->ext ? s->dispatch->version.any.fetch((int)f.n, pmids, &result, s->ext)
                     : s->dispatch->version.one.fetch((int)f.n, pmids, &result);
    free(pmids);
    if (err < 0)
        return err;
    if (!result)
        return PM_ERR_GENERIC;
    ssize_t n = pl_result_put(s->stream, result);
    int sent = n < 0 ? (int)n : pl_reply(s, (size_t)n);
    if (s->ext)
        s->drop = s->ext->e_resultCallBack; /* the method may have set another */
    if (s->drop)
        s->drop(result);
    return sent;
}

int
pl_answer_store(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    pmResult *result = pl_result_take(pdu, len);

    if (!result)
        return PM_ERR_IPC;
    int code = s->ext ? s->dispatch->version.any.store(result, s->ext)
                      : s->dispatch->version.one.store(result);
    pl_result_drop(result);
    return pl_stream_send_error(s->stream, code) < 0 ? PL_STREAM_BROKEN : 0;
}

int
pl_answer_desc(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    enum { DESC_BYTES = 32 };
    pmDesc desc;
    uint32_t pmid, units;

    if (pl_desc_req_decode(pdu, len, &pmid) < 0)
        return PM_ERR_IPC;
    memset(&desc, 0, sizeof(desc));
    int err = s->ext ? s->dispatch->version.any.desc(pmid, &desc, s->ext)
                     : s->dispatch->version.one.desc(pmid, &desc);
    if (err < 0)
        return err;
    memcpy(&units, &desc.units, sizeof(units));
    const struct pmdaloop_desc out = {desc.pmid, desc.type, desc.indom, desc.sem,
                                      units};
    uint8_t *room = pl_stream_room(s->stream, DESC_BYTES);
    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, DESC_BYTES);
    pl_desc_encode(&w, 0, &out);
    return pl_reply(s, wr_len(&w));
}

static size_t
instances_bytes(const pmInResult *r)
{
    size_t n = 20;

    for (int i = 0; i < r->numinst; i++)
        n += 8 + (r->namelist && r->namelist[i] ? pl_pad4(strlen(r->namelist[i])) : 0);
    return n;
}

ssize_t
pl_instances_put(struct pl_stream *s, const pmInResult *r)
{
    size_t bytes = instances_bytes(r);
    uint8_t *room = pl_stream_room(s, bytes);

    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, bytes);
    struct pl_list_wr list = pl_instances_begin(&w, 0, r->indom);
    for (int i = 0; i < r->numinst; i++) {
        const char *name = r->namelist ? r->namelist[i] : NULL;
        pl_instances_add(&list, r->instlist ? r->instlist[i] : (int)PM_IN_NULL, name,
                         name ? strlen(name) : 0);
    }
    pl_instances_end(&list);
    return w.bad ? PM_ERR_TOOBIG : (ssize_t)wr_len(&w);
}

int
pl_answer_instance(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_instance_req req;
    pmInResult *result = NULL;

    if (pl_instance_req_decode(pdu, len, &req) < 0)
        return PM_ERR_IPC;
    char *name = req.name ? strndup(req.name, req.len) : NULL;
    if (req.name && !name)
        return -ENOMEM;
    int err =
        s->ext ? s->dispatch->version.any.instance(req.indom, req.inst, name, &result,
                                                   s->ext)
               : s->dispatch->version.one.instance(req.indom, req.inst, name, &result);
    free(name);
    if (err < 0)
        return err;
    if (!result)
        return PM_ERR_GENERIC;
    ssize_t n = pl_instances_put(s->stream, result);
    int sent = n < 0 ? (int)n : pl_reply(s, (size_t)n);
    __pmFreeInResult(result);
    return sent;
}

int
pl_answer_text(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_ident req;
    char *text = NULL;

    if (pl_text_req_decode(pdu, len, &req) < 0)
        return PM_ERR_IPC;
    int err =
        s->ext ? s->dispatch->version.any.text((int)req.ident, req.kind, &text, s->ext)
               : s->dispatch->version.one.text((int)req.ident, req.kind, &text);
    if (err < 0)
        return err;
    if (!text)
        return PM_ERR_TEXT;
    size_t n = strlen(text), bytes = 20 + pl_pad4(n);
    uint8_t *room = pl_stream_room(s->stream, bytes);
    int sent = -ENOMEM;
    if (room) {
        struct wr w = wr_over(room, bytes);
        pl_text_encode(&w, 0, req.ident, text, n);
        sent = w.bad ? PM_ERR_TOOBIG : pl_reply(s, wr_len(&w));
    }
    if (!s->ext)
        free(text);
    return sent;
}
