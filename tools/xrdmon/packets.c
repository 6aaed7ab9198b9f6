/* SPDX-License-Identifier: MIT */
/* Packets back to back: the library finds them, and steps over what is none. */
#include "kind.h"

#include <xrdmon.h>

#include <errno.h>

/* So far we look ahead for a packet, and so much is asked for at once. */
enum { SEARCH_BYTES = 131072 };

/* The next packet of what is held; `scan.at` is behind it, or behind the garbage. */
static bool
scan_held(struct input *in, struct xrdmon_scan *ret_scan, const uint8_t **ret_packet,
          size_t *ret_len)
{
    *ret_scan = xrdmon_scan_over(in->bytes.at, in->bytes.have);
    ret_scan->is_partial = !in->bytes.sees_end;
    ret_scan->is_lost = in->is_lost;
    return xrdmon_scan_next(ret_scan, ret_packet, ret_len) == 1;
}

int
packets_open(struct input *in)
{
    struct xrdmon_scan scan;
    const uint8_t *packet;
    size_t len;

    while (!scan_held(in, &scan, &packet, &len)) {
        if (in->bytes.sees_end || in->bytes.have >= SEARCH_BYTES)
            return -EILSEQ;
        (void)bytes_want(&in->bytes, in->bytes.have + 1);
    }
    return 0;
}

static void
skip_garbage(struct input *in, size_t n)
{
    if (n == 0)
        return;
    if (!in->is_lost)
        input_trouble_at(in, TROUBLE_GARBAGE, in->bytes.offset);
    in->is_lost = true;
    in->counts.garbage_bytes += n;
    bytes_skip(&in->bytes, n);
}

/* Does the packet announce more than there is? */
static bool
is_cut(const uint8_t *bytes, size_t len)
{
    struct xrdmon_packet packet;
    return xrdmon_packet_parse(bytes, len, &packet) == 0 && packet.missing > 0;
}

bool
packets_next(struct input *in, struct datagram *ret_datagram)
{
    struct bytes *b = &in->bytes;
    struct xrdmon_scan scan;
    const uint8_t *packet;
    size_t len;

    bytes_skip(b, in->taken);
    in->taken = 0;
    while (!scan_held(in, &scan, &packet, &len)) {
        bool is_end = b->sees_end;
        skip_garbage(in, (size_t)(scan.at - b->at));
        if (is_end) {
            skip_garbage(in, b->have);
            return false;
        }
        (void)bytes_want(b, b->have + 1);
    }
    skip_garbage(in, (size_t)(packet - b->at));
    in->is_lost = false;
    in->taken = len;
    if (len == b->have && is_cut(packet, len)) {
        if (b->was_stopped)
            return false;
        input_trouble_at(in, TROUBLE_CUT, b->offset + len);
    }
    *ret_datagram = (struct datagram){.bytes = packet, .len = len, .offset = b->offset};
    return true;
}
