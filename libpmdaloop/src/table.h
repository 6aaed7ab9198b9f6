/* SPDX-License-Identifier: MIT */
#ifndef PL_TABLE_H
#define PL_TABLE_H

/* An agent by declaration: metrics and instance domains, found by number and by name. */
#include "domain.h"
#include "engine.h"

struct pl_metric_names {
    uint32_t *sorted; /* indexes of the metrics that have names, by name */
    size_t n;
};

/* How a metric of a fetch is answered. */
enum pl_shape {
    PL_MISSING, /* there is no such */
    PL_WORD,    /* one value, in situ */
    PL_WORDS,   /* one for each instance, in situ */
    PL_BLOCKS,  /* of either number, in blocks */
};

/* A metric of a fetch, looked up. */
struct pl_planned {
    const struct pmdaloop_metric *m;
    struct pl_domain *domain; /* NULL: it has a single value */
    enum pl_shape shape;
    uint8_t head[16]; /* of the set of a PL_WORD, up to the value */
};

/* What the last fetch asked for. A collector asks for the same again and again. */
struct pl_plan {
    uint32_t *pmids;
    struct pl_planned *metrics;
    size_t n, pmids_room, metrics_room;
    size_t n_single; /* with one value */
    size_t n_domain; /* with instances */
};

struct pl_table {
    struct pmdaloop_table decl;
    uint32_t domain;
    char *labels; /* of the agent */
    struct pl_domain *domains;
    struct pl_domain **domain_of; /* of each metric, or NULL */
    uint32_t *by_number;          /* index + 1 into the metrics, 0 for free */
    size_t n_buckets;             /* a power of two */
    struct pl_metric_names names;
    struct pl_plan plan;
    uint64_t *column; /* for fetch_column to fill */
    size_t column_room;
    bool in_callback;
};

/* 0; -ENOMEM; or -EINVAL and a sentence in ret_why. */
int pl_table_new(struct pl_table **ret_table, const struct pmdaloop_table *decl,
                 uint32_t domain, const char *agent, char *ret_why, size_t room);
void pl_table_free(struct pl_table *t);
/* Index of a metric, or -1. */
int64_t pl_table_find(const struct pl_table *t, uint32_t pmid);
struct pl_domain *pl_table_domain(const struct pl_table *t, uint32_t serial);

/* names.c's other half: the tree that the metrics' names make. metricnames.c */
int pl_metric_names_sort(struct pl_table *t, char *ret_why, size_t room);
int64_t pl_metric_names_find(const struct pl_table *t, const char *name, size_t len);
/* Children, or with is_traverse leaves below, of name, into the reply. A code, or 0. */
int pl_metric_names_reply(const struct pl_table *t, struct pl_engine *e,
                          struct pl_slot *s, const char *name, size_t len,
                          bool is_traverse);

/* tablefetch.c: the values asked for. 0, or a code; s->for_table when they come later. */
int pl_table_fetch(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
                   struct pl_slot *s);

/* serve.c: answer a request, or mark it to be answered later. */
void pl_table_serve(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
                    struct pl_slot *s);

#endif
