/* SPDX-License-Identifier: MIT */
/* Datagrams out of a capture, by libpcap, which reads through our bytes so that a pipe
 * will do and the place of a damage is known. */
#define _GNU_SOURCE /* fopencookie, and what pcap.h wants */
#include "frame.h"
#include "kind.h"

#include <pcap/pcap.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static ssize_t
read_bytes(void *cookie, char *buffer, size_t room)
{
    struct input *in = (struct input *)cookie;
    size_t n = bytes_want(&in->bytes, 1);

    if (n > room)
        n = room;
    memcpy(buffer, in->bytes.at, n);
    bytes_skip(&in->bytes, n);
    return (ssize_t)n;
}

int
capture_open(struct input *in, const char **ret_why)
{
    static char why[PCAP_ERRBUF_SIZE];

    in->fragments = fragments_new();
    FILE *f = fopencookie(in, "r", (cookie_io_functions_t){.read = read_bytes});
    if (!in->fragments || !f) {
        if (f)
            (void)fclose(f);
        return -ENOMEM;
    }
    (void)setvbuf(f, NULL, _IONBF, 0); /* we buffer; so the offset is libpcap's own */
    in->pcap =
        pcap_fopen_offline_with_tstamp_precision(f, PCAP_TSTAMP_PRECISION_NANO, why);
    if (!in->pcap) {
        (void)fclose(f);
        *ret_why = why;
        return -EILSEQ;
    }
    int link = pcap_datalink(in->pcap);
    if (!frame_knows_link(link)) {
        const char *name = pcap_datalink_val_to_name(link);
        (void)snprintf(why, sizeof(why), "frames of link type %d (%s) are not read",
                       link, name ? name : "unknown");
        *ret_why = why;
        return -EILSEQ;
    }
    return 0;
}

void
capture_close(struct input *in)
{
    if (in->pcap)
        pcap_close(in->pcap);
    fragments_free(in->fragments);
}

bool
capture_next(struct input *in, struct datagram *ret_datagram)
{
    struct pcap_pkthdr *head;
    const u_char *bytes;
    struct udp udp;

    for (;;) {
        uint64_t offset = in->bytes.offset;
        int got = pcap_next_ex(in->pcap, &head, &bytes);
        if (got != 1) {
            in->counts.trouble[TROUBLE_FRAGMENTS] = fragments_lost(in->fragments, true);
            if (got == PCAP_ERROR && in->bytes.err == 0)
                input_trouble_at(in,
                                 in->bytes.sees_end && in->bytes.have == 0
                                     ? TROUBLE_CUT
                                     : TROUBLE_DAMAGED,
                                 in->bytes.offset);
            return false;
        }
        switch (frame_take(pcap_datalink(in->pcap), bytes, head->caplen, offset,
                           in->fragments, &udp)) {
        case FRAME_FOREIGN:
            in->counts.foreign++;
            continue;
        case FRAME_SNAPPED:
            input_trouble_at(in, TROUBLE_SNAPPED, offset);
            continue;
        case FRAME_FRAGMENT:
            continue;
        case FRAME_UDP:
            break;
        }
        if (in->options.port && udp.port != in->options.port) {
            in->counts.foreign++;
            continue;
        }
        *ret_datagram = (struct datagram){
            .bytes = udp.bytes,
            .len = udp.len,
            .has_time = true,
            .time_ns = (uint64_t)head->ts.tv_sec * 1000000000 +
                       (uint64_t)head->ts.tv_usec, /* nanoseconds, as asked for */
            .origin = udp.origin,
            .offset = offset,
        };
        return true;
    }
}
