/* SPDX-License-Identifier: MIT */
/* __pmGetPDU(): one PDU from a descriptor, for programs with a loop of their own. */
#include "pcp/pdubuf.h"
#include "pdu.h"

#include <poll.h>

enum {
    PIECE_BYTES = 65536,
    ANY_BYTES = 64 << 20,
    LIMITED_BYTES = 65536,
    DEFAULT_TIMEOUT_S = 10,
};

static int64_t
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* deadline_ms -1: none. 0, or PM_ERR_TIMEOUT. */
static int
wait_until(int fd, int64_t deadline_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int n;

    do {
        int64_t left = deadline_ms < 0 ? -1 : deadline_ms - now_ms();
        if (deadline_ms >= 0 && left < 0)
            left = 0;
        n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
    } while ((n < 0 && errno == EINTR) || (n == 0 && now_ms() < deadline_ms));
    return n == 0 ? PM_ERR_TIMEOUT : 0;
}

/* How many of n bytes there were before the end of the stream, or a negative code. */
static ssize_t
read_all(int fd, uint8_t *to, size_t n, int64_t deadline_ms)
{
    size_t have = 0;

    while (have < n) {
        int err = wait_until(fd, deadline_ms);
        if (err < 0)
            return err;
        ssize_t got = read(fd, to + have, n - have);
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            break;
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
        have += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)have;
}

/* What follows the header, read as it comes: what was announced and never sent costs
 * nothing. */
static int
read_body(int fd, uint8_t **pdu, size_t len, int64_t deadline_ms)
{
    for (size_t at = PL_HEAD_BYTES; at < len;) {
        size_t n = len - at > PIECE_BYTES ? PIECE_BYTES : len - at;
        uint8_t *bytes = pl_pdubuf_resize(*pdu, at + n);
        if (!bytes)
            return -ENOMEM;
        *pdu = bytes;
        ssize_t got = read_all(fd, bytes + at, n, deadline_ms);
        if (got < 0)
            return (int)got;
        if ((size_t)got < n)
            return PM_ERR_IPC;
        at += n;
    }
    return 0;
}

int
__pmGetPDU(int fd, int mode, int timeout_s, __pmPDU **ret_pdu)
{
    size_t most = mode == LIMIT_SIZE ? LIMITED_BYTES : ANY_BYTES;
    int64_t deadline_ms = -1;
    uint8_t head[PL_HEAD_BYTES];

    if (timeout_s != TIMEOUT_NEVER)
        deadline_ms =
            now_ms() + 1000LL * (timeout_s > 0 ? timeout_s : DEFAULT_TIMEOUT_S);
    ssize_t got = read_all(fd, head, sizeof(head), deadline_ms);
    if (got <= 0)
        return (int)got;
    __pmPDUHdr h = {.len = (int32_t)rd_be32(head),
                    .type = (int32_t)rd_be32(head + 4),
                    .from = (int32_t)rd_be32(head + 8)};
    if ((size_t)got < sizeof(head) || h.len < PL_HEAD_BYTES || h.type <= 0)
        return PM_ERR_IPC;
    if ((size_t)h.len > most)
        return PM_ERR_TOOBIG;
    uint8_t *pdu = pl_pdubuf_new(PL_HEAD_BYTES);
    if (!pdu)
        return -ENOMEM;
    int err = read_body(fd, &pdu, (size_t)h.len, deadline_ms);
    if (err < 0) {
        __pmUnpinPDUBuf(pdu);
        return err;
    }
    memcpy(pdu, &h, sizeof(h));
    *ret_pdu = (__pmPDU *)(void *)pdu;
    return h.type;
}
