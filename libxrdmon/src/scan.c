/* SPDX-License-Identifier: MIT */
/* Packets that lie back to back, and the way on after what is none. */
#include "xm.h"

static const char codes[] = "=dfgiprtTuUx";

enum { LONGEST_USERID = 512 };

/* Whether a header may stand here, whose packet has at most left bytes. */
static bool
may_be_header(const uint8_t *p, size_t left)
{
    return left >= XM_HEADER_BYTES && p[0] && strchr(codes, p[0]) &&
           rd_be16(p + 2) >= XM_HEADER_BYTES && rd_be16(p + 2) <= left;
}

static bool
starts_with_userid(const uint8_t *bytes, size_t len)
{
    struct xrdmon_text text =
        xm_text_to_nul(bytes, len < LONGEST_USERID ? len : LONGEST_USERID);
    const char *newline = text.len ? memchr(text.at, '\n', text.len) : NULL;
    struct xrdmon_userid userid;

    if (newline)
        text.len = (size_t)(newline - text.at);
    xrdmon_userid_parse(text, &userid);
    return userid.is_valid;
}

/* Whether what follows the header fits it too, so well that chance does not do it: within
 * a packet that is cut short, nothing may be taken for another one. */
static bool
looks_whole(const uint8_t *p, size_t left)
{
    if (!may_be_header(p, left))
        return false;

    size_t plen = rd_be16(p + 2);
    switch (p[0]) {
    case 'f':
        return plen >= 24 && p[8] == XRDMON_FSTAT_TIME && rd_be16(p + 10) >= 16 &&
               rd_be16(p + 10) <= 24;
    case 't':
        return plen >= 24 && plen % 16 == 8 && p[8] == XRDMON_TRACE_WINDOW;
    case 'r':
        return plen >= 24 && plen % 8 == 0 && p[8] == XRDMON_REDIR_SID;
    case 'g':
        return plen > 24 && p[24] == '{' && p[plen - 1] == 0;
    default:
        return plen > 12 && starts_with_userid(p + 12, plen - 12);
    }
}

/* Whether the bytes end after plen, or the next packet begins there. */
static bool
goes_on_after(const uint8_t *p, size_t left)
{
    size_t plen = rd_be16(p + 2);
    const uint8_t *next = p + plen;

    if (left - plen >= XM_HEADER_BYTES)
        return next[0] && strchr(codes, next[0]) &&
               rd_be16(next + 2) >= XM_HEADER_BYTES;
    return left == plen || (next[0] && strchr(codes, next[0]));
}

struct xrdmon_scan
xrdmon_scan_over(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    return (struct xrdmon_scan){.start = p, .at = p, .end = len ? p + len : p};
}

/* The length of the packet at p, 0 for no packet, or SIZE_MAX where more bytes than
 * there are must tell. After garbage both the packet and what follows must make sense;
 * in step one of them is enough. */
static size_t
packet_len(const struct xrdmon_scan *scan, const uint8_t *p)
{
    size_t left = (size_t)(scan->end - p);
    bool is_in_step = !scan->is_lost;

    if (is_in_step && looks_whole(p, left))
        return rd_be16(p + 2);
    if (scan->is_partial) {
        /* what the longest packet and the header behind it need */
        size_t need = UINT16_MAX + (size_t)XM_HEADER_BYTES;
        if (is_in_step && may_be_header(p, left))
            need = rd_be16(p + 2) + (size_t)XM_HEADER_BYTES;
        if (left < need)
            return SIZE_MAX;
    }
    if (may_be_header(p, left) && goes_on_after(p, left) &&
        (is_in_step || looks_whole(p, left)))
        return rd_be16(p + 2);
    return 0;
}

/* Whether the bytes end within a packet that begins at p. */
static bool
is_cut_short(const struct xrdmon_scan *scan, const uint8_t *p)
{
    size_t left = (size_t)(scan->end - p);
    return left >= XM_HEADER_BYTES && strchr(codes, p[0]) && p[0] &&
           rd_be16(p + 2) > left;
}

int
xrdmon_scan_next(struct xrdmon_scan *scan, const uint8_t **ret_bytes, size_t *ret_len)
{
    const uint8_t *p = scan->at, *garbage = NULL;

    for (; p < scan->end; p++, scan->skipped_bytes++) {
        size_t n = packet_len(scan, p);
        if (n == SIZE_MAX)
            break;
        if (n) {
            scan->at = p + n;
            scan->is_lost = false;
            *ret_bytes = p;
            *ret_len = n;
            return 1;
        }
        if (!scan->is_lost) {
            scan->skipped_at = (size_t)(p - scan->start);
            scan->is_lost = true;
            garbage = p;
        }
    }
    scan->at = p;
    if (p < scan->end || !garbage || !is_cut_short(scan, garbage))
        return 0;
    scan->skipped_bytes -= (uint64_t)(p - garbage); /* no garbage after all */
    scan->is_lost = false;
    *ret_bytes = garbage;
    *ret_len = (size_t)(p - garbage);
    return 1;
}
