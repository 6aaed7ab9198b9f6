/* SPDX-License-Identifier: MIT */
/* The connect data of LDMS, both forms, both ways. */
#include "hello.h"

#include "ldmsctl.h"

const uint8_t lc_hello_version[4] = {4, 2, 0, 0};

/*    0  u8[4]    version             40  u32  endpoints
 *    4  char[16] authentication      44  u32  index of this endpoint
 *   20  u32      1 (rail)            48  u32  process id
 *   24  i64      rate limit          52  u64  rail number
 *   32  i64      receive quota       60  u32  message service
 */
static void
take_rail(struct rd *c, struct lc_hello *h)
{
    h->rail = true;
    h->kind = rd_u32(c);
    h->rate_limit = rd_i64(c);
    h->recv_quota = rd_i64(c);
    h->endpoints = rd_u32(c);
    h->index = rd_u32(c);
    h->process_id = rd_u32(c);
    h->rail_no = rd_u64(c);
    h->messages = rd_u32(c);
}

int
lc_hello_take(const void *bytes, size_t len, struct lc_hello *ret_hello)
{
    struct lc_hello h = {0};
    struct rd c = rd_over(bytes, len);
    const uint8_t *version = rd_bytes(&c, sizeof(h.version));

    if (!version)
        return -LDMSCTL_EPROTO;
    memcpy(h.version, version, sizeof(h.version));

    size_t name_len = rd_left(&c);
    if (name_len > LC_HELLO_AUTH_BYTES)
        name_len = LC_HELLO_AUTH_BYTES;
    const uint8_t *name = rd_bytes(&c, name_len);
    if (name_len)
        memcpy(h.auth, name, name_len); /* h.auth has its NUL already */
    if (len >= LC_HELLO_RAIL_BYTES)
        take_rail(&c, &h);
    *ret_hello = h;
    return 0;
}

void
lc_hello_put(struct wr *c, const struct lc_hello *h)
{
    wr_bytes(c, h->version, sizeof(h->version));
    wr_bytes(c, h->auth, LC_HELLO_AUTH_BYTES);
    if (!h->rail)
        return;
    wr_u32(c, h->kind);
    wr_u64(c, (uint64_t)h->rate_limit);
    wr_u64(c, (uint64_t)h->recv_quota);
    wr_u32(c, h->endpoints);
    wr_u32(c, h->index);
    wr_u32(c, h->process_id);
    wr_u64(c, h->rail_no);
    wr_u32(c, h->messages);
}

bool
lc_hello_is_ours(const struct lc_hello *h)
{
    return memcmp(h->version, lc_hello_version, sizeof(h->version)) == 0;
}
