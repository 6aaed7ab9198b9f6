/* SPDX-License-Identifier: MIT */
/* __pmDecode*(): what the PDUs of __pmGetPDU() say, in PCP's structures. */
#include "pcp/inprofile.h"
#include "pcp/pdubuf.h"
#include "pcp/result.h"

/* The codec reads headers in the net's order, PCP's programs in the machine's: a PDU is
 * turned for as long as it is decoded. */
struct wire {
    __pmPDUHdr head; /* as it was */
    uint8_t *bytes;
    size_t len;
};

static struct wire
to_wire(__pmPDU *pdu)
{
    struct wire w = {.bytes = (uint8_t *)pdu};

    memcpy(&w.head, pdu, sizeof(w.head));
    w.len = w.head.len > 0 ? (size_t)w.head.len : 0;
    wr_be32(w.bytes, (uint32_t)w.head.len);
    wr_be32(w.bytes + 4, (uint32_t)w.head.type);
    wr_be32(w.bytes + 8, (uint32_t)w.head.from);
    return w;
}

/* Turn it back. What the codec said, as one of PCP's codes. */
static int
from_wire(const struct wire *w, int err)
{
    memcpy(w->bytes, &w->head, sizeof(w->head));
    return err == -ENOMEM ? err : err < 0 ? PM_ERR_IPC : 0;
}

int
__pmDecodeError(__pmPDU *pdu, int *ret_code)
{
    int32_t code;
    struct wire w = to_wire(pdu);
    int err = from_wire(&w, pl_error_decode(w.bytes, w.len, &code));

    if (err == 0)
        *ret_code = code;
    return err;
}

int
__pmDecodeProfile(__pmPDU *pdu, int *ret_context, pmProfile **ret_profile)
{
    struct pl_profile p;
    struct wire w = to_wire(pdu);
    int err = pl_profile_decode(w.bytes, w.len, &p);
    pmProfile *profile = err < 0 ? NULL : pl_profile_take(w.bytes, w.len);

    err = from_wire(&w, err == 0 && !profile ? -ENOMEM : err);
    if (err == 0) {
        *ret_context = p.context;
        *ret_profile = profile;
    }
    return err;
}

int
__pmDecodeFetch(__pmPDU *pdu, int *ret_context, void *unused, int *ret_n,
                pmID **ret_pmids)
{
    struct pl_fetch f;
    struct wire w = to_wire(pdu);
    int err = from_wire(&w, pl_fetch_decode(w.bytes, w.len, &f));

    (void)unused;
    if (err < 0)
        return err;
    pmID *pmids = pl_pdubuf_new((f.n ? f.n : 1) * sizeof(*pmids));
    if (!pmids)
        return -ENOMEM;
    for (uint32_t i = 0; i < f.n; i++)
        pmids[i] = pl_fetch_pmid(&f, i);
    *ret_context = f.context;
    *ret_n = (int)f.n;
    *ret_pmids = pmids;
    return 0;
}

int
__pmDecodeResult(__pmPDU *pdu, __pmResult **ret_result)
{
    enum { NSEC_OF_USEC = 1000 };
    struct pl_result r;
    struct wire w = to_wire(pdu);
    int err = pl_result_decode(w.bytes, w.len, &r);
    pmResult *taken = err < 0 ? NULL : pl_result_take(w.bytes, w.len);

    if ((err = from_wire(&w, err)) < 0)
        return err;
    __pmResult *result = taken ? __pmAllocResult(taken->numpmid) : NULL;
    if (!result) {
        if (taken)
            pl_result_drop(taken);
        return PM_ERR_IPC;
    }
    result->timestamp.sec = r.sec;
    result->timestamp.nsec = (int32_t)(r.sub * NSEC_OF_USEC);
    result->numpmid = taken->numpmid;
    for (int i = 0; i < taken->numpmid; i++) {
        result->vset[i] = taken->vset[i];
        if (result->vset[i]->valfmt == PM_VAL_SPTR)
            result->vset[i]->valfmt = PM_VAL_DPTR; /* the block goes with the set */
    }
    free(taken);
    *ret_result = result;
    return 0;
}

int
__pmDecodeDescReq(__pmPDU *pdu, pmID *ret_pmid)
{
    uint32_t pmid;
    struct wire w = to_wire(pdu);
    int err = from_wire(&w, pl_desc_req_decode(w.bytes, w.len, &pmid));

    if (err == 0)
        *ret_pmid = pmid;
    return err;
}

int
__pmDecodeDesc(__pmPDU *pdu, pmDesc *ret_desc)
{
    struct pmdaloop_desc desc;
    struct wire w = to_wire(pdu);
    int err = from_wire(&w, pl_desc_decode(w.bytes, w.len, &desc));

    if (err < 0)
        return err;
    ret_desc->pmid = desc.pmid;
    ret_desc->type = desc.type;
    ret_desc->indom = desc.indom;
    ret_desc->sem = desc.sem;
    memcpy(&ret_desc->units, &desc.units, sizeof(ret_desc->units));
    return 0;
}

int
__pmDecodeInstanceReq(__pmPDU *pdu, pmInDom *ret_indom, int *ret_inst, char **ret_name)
{
    struct pl_instance_req req;
    struct wire w = to_wire(pdu);
    int err = from_wire(&w, pl_instance_req_decode(w.bytes, w.len, &req));
    char *name = NULL;

    if (err < 0)
        return err;
    if (req.name && (name = strndup(req.name, req.len)) == NULL)
        return -ENOMEM;
    *ret_indom = req.indom;
    *ret_inst = req.inst;
    *ret_name = name;
    return 0;
}

int
__pmDecodeTextReq(__pmPDU *pdu, int *ret_ident, int *ret_kind)
{
    struct pl_ident req;
    struct wire w = to_wire(pdu);
    int err = from_wire(&w, pl_text_req_decode(w.bytes, w.len, &req));

    if (err == 0) {
        *ret_ident = (int)req.ident;
        *ret_kind = req.kind;
    }
    return err;
}
