/* SPDX-License-Identifier: MIT */
/* One value as bytes in network order, as blocks and event parameters hold it. */
#include "pdu.h"

size_t
pl_scalar_bytes(int32_t type)
{
    switch (type) {
    case PMDALOOP_32:
    case PMDALOOP_U32:
    case PMDALOOP_FLOAT:
        return 4;
    case PMDALOOP_64:
    case PMDALOOP_U64:
    case PMDALOOP_DOUBLE:
        return 8;
    default:
        return 0;
    }
}

void
pl_value_encode(struct wr *w, const struct pmdaloop_value *v)
{
    uint32_t bits;

    switch (v->type) {
    case PMDALOOP_32:
    case PMDALOOP_U32:
        wr_u32(w, v->as.u32);
        break;
    case PMDALOOP_FLOAT:
        memcpy(&bits, &v->as.f, sizeof(bits));
        wr_u32(w, bits);
        break;
    case PMDALOOP_64:
    case PMDALOOP_U64:
        wr_u64(w, v->as.u64);
        break;
    case PMDALOOP_DOUBLE:
        wr_f64(w, v->as.d);
        break;
    default:
        wr_bytes(w, v->as.bytes, v->len);
    }
}

int
pl_value_decode(int32_t type, const void *bytes, size_t len, struct pmdaloop_value *ret)
{
    struct pmdaloop_value v = {.type = type, .len = len};
    struct rd c = rd_over(bytes, len);
    uint32_t bits;

    switch (type) {
    case PMDALOOP_32:
    case PMDALOOP_U32:
        v.as.u32 = rd_u32(&c);
        break;
    case PMDALOOP_FLOAT:
        bits = rd_u32(&c);
        memcpy(&v.as.f, &bits, sizeof(bits));
        break;
    case PMDALOOP_64:
    case PMDALOOP_U64:
        v.as.u64 = rd_u64(&c);
        break;
    case PMDALOOP_DOUBLE:
        v.as.d = rd_f64(&c);
        break;
    case PMDALOOP_STRING: {
        const char *nul = len ? memchr(bytes, 0, len) : NULL;
        if (nul)
            v.len = (size_t)(nul - (const char *)bytes);
        v.as.bytes = v.len ? bytes : ""; /* no bytes at all have no NUL either */
        break;
    }
    default:
        v.as.bytes = bytes;
    }
    if (c.bad)
        return -PMDALOOP_EMALFORMED;
    if (pl_scalar_bytes(type) != 0)
        v.len = pl_scalar_bytes(type);
    *ret = v;
    return 0;
}
