/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_FRAME_H
#define XRDMON_TOOL_FRAME_H

/* From a captured frame to the UDP datagram in it. */
#include "fragment.h"

enum frame_is {
    FRAME_UDP,      /* a datagram */
    FRAME_FOREIGN,  /* something else, or a link type that we do not know */
    FRAME_FRAGMENT, /* a part of a datagram, kept until the rest is here */
    FRAME_SNAPPED,  /* a datagram of which the capture kept only a part */
};

struct udp {
    const uint8_t *bytes;
    size_t len;
    struct origin origin;
    uint16_t port; /* of its destination */
};

/* `link` is one of pcap's DLT_ numbers. Of those that are not known all is foreign. */
bool frame_knows_link(int link);
enum frame_is frame_take(int link, const uint8_t *bytes, size_t len, uint64_t offset,
                         struct fragments *fragments, struct udp *ret_udp);

#endif
