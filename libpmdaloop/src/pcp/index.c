/* SPDX-License-Identifier: MIT */
/* Metrics by pmID. The table is the agent's: it may change under our feet, so whatever
 * the index says is looked at in the table before it is believed. */
#include "pcp/agent.h"

static uint32_t
hash(pmID pmid)
{
    return pmid * 2654435769u;
}

/* The slots, which the index owns; NULL without memory. */
static const uint32_t *
build(struct pl_index *index, const pmdaMetric *table, int n)
{
    uint32_t size = 16;

    while (size < (uint32_t)n * 2 && size < UINT32_C(1) << 30)
        size *= 2;
    uint32_t *slots = calloc(size, sizeof(*slots));
    if (!slots)
        return NULL;
    *index =
        (struct pl_index){.table = table, .n = n, .slots = slots, .mask = size - 1};
    for (int i = 0; i < n; i++) {
        uint32_t at = hash(table[i].m_desc.pmid) >> 7 & index->mask;
        /* the first of equal ones is found, as by a search from the start */
        while (slots[at] && table[slots[at] - 1].m_desc.pmid != table[i].m_desc.pmid)
            at = (at + 1) & index->mask;
        if (!slots[at])
            slots[at] = (uint32_t)i + 1;
    }
    return slots;
}

static pmdaMetric *
search(pmdaMetric *table, int n, pmID pmid)
{
    for (int i = 0; i < n; i++)
        if (table[i].m_desc.pmid == pmid)
            return &table[i];
    return NULL;
}

pmdaMetric *
pl_index_find(pmdaExt *ext, pmID pmid)
{
    struct pl_index *index = &pl_agent_of(ext)->metrics;
    pmdaMetric *table = ext->e_metrics;
    int n = ext->e_nmetrics;

    if (!table || n <= 0)
        return NULL;
    const uint32_t *slots = index->slots;
    if (index->table != table || index->n != n) {
        pl_index_free(index);
        slots = NULL;
    }
    if (!slots)
        slots = build(index, table, n);
    if (!slots)
        return search(table, n, pmid);
    uint32_t at = hash(pmid) >> 7 & index->mask;
    for (; slots[at]; at = (at + 1) & index->mask)
        if (table[slots[at] - 1].m_desc.pmid == pmid)
            return &table[slots[at] - 1];
    if (ext->e_flags & PMDA_EXT_FLAG_HASHED)
        return NULL;
    pmdaMetric *metric = search(table, n, pmid);
    if (metric)
        pl_index_free(index); /* the table was rewritten in place */
    return metric;
}

void
pl_index_free(struct pl_index *index)
{
    free(index->slots);
    *index = (struct pl_index){0};
}
