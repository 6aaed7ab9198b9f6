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

struct pl_table {
    struct pmdaloop_table decl;
    uint32_t domain;
    char *labels; /* of the agent */
    struct pl_domain *domains;
    struct pl_domain **domain_of; /* of each metric, or NULL */
    uint32_t *by_number;          /* index + 1 into the metrics, 0 for free */
    size_t n_buckets;             /* a power of two */
    struct pl_metric_names names;
    uint32_t *found; /* of each metric in the fetch at hand: index + 1, or 0 */
    size_t found_room;
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

/* serve.c: answer a request, or mark it to be answered later. */
void pl_table_serve(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
                    struct pl_slot *s);

#endif
