/* SPDX-License-Identifier: MIT */
/* What the protocol packs into one word: pmIDs, instance domains, units. */
#include "pdu.h"

/*   31 flag · 30..22 domain · 21..10 cluster · 9..0 item */
uint32_t
pl_pmid(uint32_t domain, uint32_t cluster, uint32_t item)
{
    return (domain & 0x1ff) << 22 | (cluster & 0xfff) << 10 | (item & 0x3ff);
}

uint32_t
pl_pmid_domain(uint32_t pmid)
{
    return pmid >> 22 & 0x1ff;
}

uint32_t
pl_pmid_cluster(uint32_t pmid)
{
    return pmid >> 10 & 0xfff;
}

uint32_t
pl_pmid_item(uint32_t pmid)
{
    return pmid & 0x3ff;
}

/*   31 flag · 30..22 domain · 21..0 serial */
uint32_t
pl_indom(uint32_t domain, uint32_t serial)
{
    return (domain & 0x1ff) << 22 | (serial & 0x3fffff);
}

uint32_t
pl_indom_domain(uint32_t indom)
{
    return indom >> 22 & 0x1ff;
}

uint32_t
pl_indom_serial(uint32_t indom)
{
    return indom & 0x3fffff;
}

static int
nibble(uint32_t word, unsigned shift)
{
    int v = (int)(word >> shift & 0xf);
    return v < 8 ? v : v - 16;
}

/*   31..28 space · 27..24 time · 23..20 count, signed exponents
 *   19..16 and 15..12 scales of space and time · 11..8 scale of count, signed */
struct pl_units
pl_units_unpack(uint32_t units)
{
    return (struct pl_units){
        .dim_space = nibble(units, 28),
        .dim_time = nibble(units, 24),
        .dim_count = nibble(units, 20),
        .scale_space = units >> 16 & 0xf,
        .scale_time = units >> 12 & 0xf,
        .scale_count = nibble(units, 8),
    };
}
