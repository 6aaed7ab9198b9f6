/* SPDX-License-Identifier: MIT */
/* From a captured frame to the UDP datagram in it: link layer, IPv4 or IPv6, UDP. */
#include "frame.h"

#include <bytekit/rd.h>

/* pcap's DLT_ numbers, which are the same on every system but for the raw ones. */
enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW_BSD = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_RAW = 101,
    LINK_LOOP = 108,
    LINK_SLL = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_SLL2 = 276,
};

enum { ETHER_IPV4 = 0x0800, ETHER_IPV6 = 0x86dd };
enum { ETHER_VLAN = 0x8100, ETHER_QINQ = 0x88a8, ETHER_QINQ_OLD = 0x9100 };
enum { IP_UDP = 17, IP_MORE = 0x2000, IP_OFFSET = 0x1fff };
enum {
    IP6_HOP_BY_HOP = 0,
    IP6_ROUTING = 43,
    IP6_FRAGMENT = 44,
    IP6_AUTH = 51,
    IP6_DESTINATION = 60,
};

/* What an IP packet carries, or a part of it. */
struct ip {
    struct fragment_key key;
    struct rd payload;
    size_t
        payload_len; /* as the header says: more than is here, where it was snapped */
    size_t at;       /* a fragment's place */
    bool is_fragment, more;
};

bool
frame_knows_link(int link)
{
    static const int known[] = {
        LINK_NULL, LINK_ETHERNET, LINK_RAW_BSD, LINK_RAW_OPENBSD, LINK_RAW,
        LINK_LOOP, LINK_SLL,      LINK_IPV4,    LINK_IPV6,        LINK_SLL2};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i] == link)
            return true;
    return false;
}

/* VLAN tags stand before the type that counts. */
static void
skip_link(struct rd *frame, int link)
{
    uint16_t type = 0;

    switch (link) {
    case LINK_NULL: /* the family, in an order of bytes and a numbering of its own */
    case LINK_LOOP:
        (void)rd_u32(frame);
        return;
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_IPV4:
    case LINK_IPV6:
        return;
    case LINK_ETHERNET:
        (void)rd_bytes(frame, 12);
        type = rd_u16(frame);
        break;
    case LINK_SLL:
        (void)rd_bytes(frame, 14);
        type = rd_u16(frame);
        break;
    case LINK_SLL2:
        type = rd_u16(frame);
        (void)rd_bytes(frame, 18);
        break;
    default:
        frame->bad = true;
        return;
    }
    while (type == ETHER_VLAN || type == ETHER_QINQ || type == ETHER_QINQ_OLD) {
        (void)rd_u16(frame);
        type = rd_u16(frame);
    }
    if (type != ETHER_IPV4 && type != ETHER_IPV6)
        frame->bad = true;
}

static void
map_ipv4(uint8_t mapped[16], const uint8_t *address)
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
    memcpy(mapped, prefix, sizeof(prefix));
    if (address)
        memcpy(mapped + sizeof(prefix), address, 4);
}

/*    0  u8   version, header length in words    8  u8   time to live
 *    1  u8   service                            9  u8   protocol
 *    2  u16  length, header included           10  u16  checksum
 *    4  u16  id                                12  u32  source
 *    6  u16  flags, offset in 8 bytes          16  u32  destination, then options
 */
static bool
take_ipv4(struct rd *packet, struct ip *ret_ip)
{
    size_t header = (size_t)(rd_u8(packet) & 0x0f) * 4;
    (void)rd_u8(packet);
    size_t total = rd_u16(packet);
    uint16_t id = rd_u16(packet), place = rd_u16(packet);
    (void)rd_u8(packet);
    uint8_t protocol = rd_u8(packet);
    (void)rd_u16(packet);
    const uint8_t *source = rd_bytes(packet, 4), *destination = rd_bytes(packet, 4);
    if (header < 20)
        return false;
    (void)rd_bytes(packet, header - 20);
    if (packet->bad)
        return false;
    if (total == 0) /* left to the network card, and captured before it */
        total = header + rd_left(packet);
    if (total < header)
        return false;

    map_ipv4(ret_ip->key.source, source);
    map_ipv4(ret_ip->key.destination, destination);
    ret_ip->key.id = id;
    ret_ip->key.protocol = protocol;
    ret_ip->payload = *packet;
    ret_ip->payload_len = total - header;
    ret_ip->at = (size_t)(place & IP_OFFSET) * 8;
    ret_ip->more = (place & IP_MORE) != 0;
    ret_ip->is_fragment = ret_ip->more || ret_ip->at != 0;
    return true;
}

/*    0  u32  version, class, flow     6  u8   next header     8  16 bytes source
 *    4  u16  payload length           7  u8   hop limit      24  16 bytes destination
 * then extension headers: u8 next header, u8 length (in 8 bytes, the first not counted).
 */
static bool
take_ipv6(struct rd *packet, struct ip *ret_ip)
{
    (void)rd_u32(packet);
    size_t len = rd_u16(packet);
    uint8_t next = rd_u8(packet);
    (void)rd_u8(packet);
    const uint8_t *source = rd_bytes(packet, 16), *destination = rd_bytes(packet, 16);
    if (packet->bad)
        return false;
    memcpy(ret_ip->key.source, source, 16);
    memcpy(ret_ip->key.destination, destination, 16);
    if (len == 0)
        len = rd_left(packet);

    while (next == IP6_HOP_BY_HOP || next == IP6_ROUTING || next == IP6_DESTINATION ||
           next == IP6_AUTH || next == IP6_FRAGMENT) {
        uint8_t type = next;
        size_t header = 8;
        next = rd_u8(packet);
        uint8_t more_len = rd_u8(packet);
        if (type == IP6_FRAGMENT) {
            uint16_t place = rd_u16(packet);
            ret_ip->key.id = rd_u32(packet);
            ret_ip->at = place & 0xfff8;
            ret_ip->more = (place & 1) != 0;
            ret_ip->is_fragment = ret_ip->more || ret_ip->at != 0;
        } else {
            header = type == IP6_AUTH ? ((size_t)more_len + 2) * 4
                                      : ((size_t)more_len + 1) * 8;
            (void)rd_bytes(packet, header - 2);
        }
        if (packet->bad || header > len)
            return false;
        len -= header;
        if (ret_ip->at != 0)
            break; /* the rest of the headers are in the first fragment */
    }
    ret_ip->key.protocol = next;
    ret_ip->payload = *packet;
    ret_ip->payload_len = len;
    return true;
}

/*    0  u16  source port         4  u16  length, these 8 bytes included
 *    2  u16  destination port    6  u16  checksum
 */
static enum frame_is
take_udp(const uint8_t *bytes, size_t have, size_t promised, const uint8_t source[16],
         struct udp *ret_udp)
{
    struct rd packet = rd_over(bytes, have);
    struct udp udp = {.origin.has_address = true};

    udp.origin.port = rd_u16(&packet);
    udp.port = rd_u16(&packet);
    size_t len = rd_u16(&packet);
    (void)rd_u16(&packet);
    if (packet.bad)
        return have < promised ? FRAME_SNAPPED : FRAME_FOREIGN;
    if (len < 8 || len > promised)
        return FRAME_FOREIGN;
    udp.len = len - 8;
    udp.bytes = rd_bytes(&packet, udp.len);
    if (packet.bad)
        return FRAME_SNAPPED;
    memcpy(udp.origin.address, source, 16);
    *ret_udp = udp;
    return FRAME_UDP;
}

enum frame_is
frame_take(int link, const uint8_t *bytes, size_t len, uint64_t offset,
           struct fragments *fragments, struct udp *ret_udp)
{
    struct rd packet = rd_over(bytes, len);
    struct ip ip = {0};

    skip_link(&packet, link);
    if (rd_left(&packet) == 0)
        return FRAME_FOREIGN;
    uint8_t version = packet.at[0] >> 4;
    bool is_ip = version == 4   ? take_ipv4(&packet, &ip)
                 : version == 6 ? take_ipv6(&packet, &ip)
                                : false;
    if (!is_ip || ip.key.protocol != IP_UDP)
        return FRAME_FOREIGN;

    /* A short frame is padded: what follows the packet is not in it. */
    size_t have = rd_left(&ip.payload);
    if (have > ip.payload_len)
        have = ip.payload_len;
    if (!ip.is_fragment)
        return take_udp(ip.payload.at, have, ip.payload_len, ip.key.source, ret_udp);
    if (have < ip.payload_len)
        return FRAME_SNAPPED;

    struct fragment part = {
        .bytes = ip.payload.at, .len = have, .at = ip.at, .is_last = !ip.more};
    const uint8_t *whole;
    size_t whole_len;
    if (!fragments_add(fragments, &ip.key, &part, offset, &whole, &whole_len))
        return FRAME_FRAGMENT;
    return take_udp(whole, whole_len, whole_len, ip.key.source, ret_udp);
}
