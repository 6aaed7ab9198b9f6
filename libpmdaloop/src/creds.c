/* SPDX-License-Identifier: MIT */
/* CREDS: the version exchange that opens every session. */
#include "pdu.h"

enum { CRED_VERSION = 1 };

/*   12  i32  n
 *   16  n × {u8 kind · u8 version · u16 flags}
 */
int
pl_creds_decode(const void *pdu, size_t len, struct pl_creds *ret)
{
    struct pl_creds creds = {0};
    struct rd c = pl_pdu_body(pdu, len);
    uint32_t n = rd_u32(&c);

    if (c.bad || (uint64_t)n * 4 != rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    for (; n > 0; n--) {
        uint8_t kind = rd_u8(&c);
        uint8_t version = rd_u8(&c);
        uint16_t flags = rd_u16(&c);
        if (kind == CRED_VERSION) {
            creds.version = version;
            creds.flags = flags;
        } else {
            creds.n_others++;
        }
    }
    *ret = creds;
    return 0;
}

void
pl_creds_encode(struct wr *w, int32_t pid, uint32_t version, uint32_t flags)
{
    uint8_t *head = pl_pdu_begin(w, PL_CREDS, pid);

    wr_u32(w, 1);
    wr_u8(w, CRED_VERSION);
    wr_u8(w, (uint8_t)version);
    wr_u16(w, (uint16_t)flags);
    pl_pdu_end(w, head);
}
