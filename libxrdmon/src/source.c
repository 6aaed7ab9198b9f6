/* SPDX-License-Identifier: MIT */
/* Who sent a packet, from text. */
#include "xm.h"

#include <arpa/inet.h>

/* A relay may have put a name in place of the address: then 8 bytes of its hash, behind a
 * prefix that no sender has (100::/64, which routers discard). */
static void
hash_name(const char *name, size_t len, uint8_t address[16])
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)name[i]) * UINT64_C(1099511628211);
    memset(address, 0, 16);
    address[0] = 1;
    wr_be64(address + 8, h);
}

int
xrdmon_source_parse(const char *text, size_t len, struct xrdmon_source *ret_source)
{
    struct xrdmon_source s = {.port = 0};
    char name[256];
    uint64_t port;
    size_t colon = len;

    while (colon > 0 && text[colon - 1] != ':')
        colon--;
    if (colon < 2 ||
        !xm_text_u64(xm_text(text + colon, len - colon), UINT16_MAX, &port))
        return -EINVAL;
    s.port = (uint16_t)port;

    const char *host = text;
    size_t n = colon - 1;
    if (host[0] == '[' && n > 2 && host[n - 1] == ']') {
        host++;
        n -= 2;
    }
    if (n >= sizeof(name))
        return -EINVAL;
    memcpy(name, host, n);
    name[n] = 0;
    if (inet_pton(AF_INET6, name, s.address) != 1) {
        memset(s.address, 0, 10);
        memset(s.address + 10, 0xff, 2);
        if (inet_pton(AF_INET, name, s.address + 12) != 1)
            hash_name(name, n, s.address);
    }
    *ret_source = s;
    return 0;
}
