/* SPDX-License-Identifier: MIT */
/* A table, checked once and indexed, so that no request can find it wrong. */
#include "table.h"

#include "labeljson.h"

#include <stdio.h>
#include <stdlib.h>

static size_t
hash_metric(uint32_t cluster, uint32_t item)
{
    uint32_t h = (cluster << 10 | item) * UINT32_C(0x9e3779b1);
    return h ^ h >> 15;
}

int64_t
pl_table_find(const struct pl_table *t, uint32_t pmid)
{
    uint32_t cluster = pl_pmid_cluster(pmid), item = pl_pmid_item(pmid);
    size_t mask = t->n_buckets - 1;

    if (pmid >> 22 != t->domain)
        return -1;
    for (size_t at = hash_metric(cluster, item); t->by_number[at & mask]; at++) {
        const struct pmdaloop_metric *m = &t->decl.metrics[t->by_number[at & mask] - 1];
        if (m->cluster == cluster && m->item == item)
            return (int64_t)t->by_number[at & mask] - 1;
    }
    return -1;
}

struct pl_domain *
pl_table_domain(const struct pl_table *t, uint32_t serial)
{
    for (size_t i = 0; i < t->decl.n_indoms; i++)
        if (t->decl.indoms[i].serial == serial)
            return &t->domains[i];
    return NULL;
}

void
pl_table_free(struct pl_table *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->domains && i < t->decl.n_indoms; i++)
        pl_domain_free(&t->domains[i]);
    free(t->domains);
    free(t->domain_of);
    free(t->by_number);
    free(t->names.sorted);
    free(t->plan.pmids);
    free(t->plan.metrics);
    free(t->column);
    free(t->labels);
    free(t);
}

/* 0, -ENOMEM, or -EINVAL when these are no labels. NULL is none. */
static int
check_labels(const char *json)
{
    struct pl_label labels[PL_MAX_LABELS];
    size_t len = json ? strlen(json) : 0, json_len;

    if (len == 0)
        return 0;
    char *copy = malloc(len);
    if (!copy)
        return -ENOMEM;
    int n = pl_labeljson_parse(json, len, 0, copy, &json_len, labels, PL_MAX_LABELS);
    free(copy);
    return n < 0 ? -EINVAL : 0;
}

static int
add_indom(struct pl_table *t, size_t index, char *ret_why, size_t room)
{
    const struct pmdaloop_indom *decl = &t->decl.indoms[index];
    struct pl_domain *d = &t->domains[index];
    int err;

    if (decl->serial > 0x3fffff || pl_table_domain(t, decl->serial) != d) {
        snprintf(ret_why, room, "instance domain %u: serial out of range, or twice",
                 decl->serial);
        return -EINVAL;
    }
    if ((err = check_labels(decl->labels)) < 0) {
        snprintf(ret_why, room, "instance domain %u: labels are no JSON object of them",
                 decl->serial);
        return err;
    }
    if (decl->n_instances > 0 && !decl->instances) {
        snprintf(ret_why, room, "instance domain %u: no list of its instances",
                 decl->serial);
        return -EINVAL;
    }
    d->decl = decl;
    d->indom = pl_indom(t->domain, decl->serial);
    for (size_t i = 0; i < decl->n_instances; i++) {
        int inst = decl->instances[i].inst;
        err =
            inst < 0 ? -EINVAL : pl_domain_add(d, inst, decl->instances[i].name, false);
        if (err < 0) {
            snprintf(ret_why, room, "instance domain %u: instance %d: %s", decl->serial,
                     inst,
                     err == -EEXIST ? "its number or name is there twice"
                                    : pmdaloop_strerror(err));
            return err == -ENOMEM ? err : -EINVAL;
        }
    }
    return 0;
}

static const char *
fault_of(const struct pl_table *t, const struct pmdaloop_metric *m)
{
    if (m->cluster > 0xfff || m->item > 0x3ff)
        return "cluster or item out of range";
    if (pl_table_find(t, pl_pmid(t->domain, m->cluster, m->item)) >= 0)
        return "its number is there twice";
    if (m->type < PMDALOOP_NOSUPPORT || m->type > PMDALOOP_HIGHRES_EVENT)
        return "unknown type";
    if (m->sem != PMDALOOP_COUNTER && m->sem != PMDALOOP_INSTANT &&
        m->sem != PMDALOOP_DISCRETE)
        return "unknown semantics";
    if (m->indom && (t->decl.n_indoms == 0 || m->indom < t->decl.indoms ||
                     m->indom >= t->decl.indoms + t->decl.n_indoms))
        return "its instance domain is not in the table";
    if (check_labels(m->labels) < 0)
        return "labels are no JSON object of them";
    return NULL;
}

static int
add_metric(struct pl_table *t, size_t index, char *ret_why, size_t room)
{
    const struct pmdaloop_metric *m = &t->decl.metrics[index];
    const char *fault = fault_of(t, m);
    size_t mask = t->n_buckets - 1;

    if (fault) {
        snprintf(ret_why, room, "metric %u.%u (%s): %s", m->cluster, m->item,
                 m->name ? m->name : "no name", fault);
        return -EINVAL;
    }
    if (m->indom)
        t->domain_of[index] = &t->domains[m->indom - t->decl.indoms];
    size_t at = hash_metric(m->cluster, m->item);
    while (t->by_number[at & mask])
        at++;
    t->by_number[at & mask] = (uint32_t)index + 1;
    return 0;
}

/* {"agent":"NAME"}, the name without what JSON would want escaped. */
static char *
make_labels(const char *given, const char *agent)
{
    size_t room = strlen(given ? given : agent) + 16;
    char *labels = malloc(room);
    size_t n = 0;

    if (!labels || given) {
        if (labels)
            memcpy(labels, given, strlen(given) + 1);
        return labels;
    }
    n += (size_t)snprintf(labels, room, "{\"agent\":\"");
    for (; *agent; agent++)
        if ((unsigned char)*agent >= 0x20 && *agent != '"' && *agent != '\\')
            labels[n++] = *agent;
    snprintf(labels + n, room - n, "\"}");
    return labels;
}

static int
fill_table(struct pl_table *t, const char *agent, char *ret_why, size_t room)
{
    int err = 0;

    t->n_buckets = 64;
    while (t->n_buckets < 2 * t->decl.n_metrics)
        t->n_buckets *= 2;
    t->domains = calloc(t->decl.n_indoms + 1, sizeof(*t->domains));
    t->domain_of = calloc(t->decl.n_metrics + 1, sizeof(struct pl_domain *));
    t->by_number = calloc(t->n_buckets, sizeof(*t->by_number));
    t->labels = make_labels(t->decl.labels, agent);
    if (!t->domains || !t->domain_of || !t->by_number || !t->labels)
        return -ENOMEM;
    if (check_labels(t->decl.labels) < 0) {
        snprintf(ret_why, room, "the agent's labels are no JSON object of them");
        return -EINVAL;
    }
    for (size_t i = 0; err == 0 && i < t->decl.n_indoms; i++)
        err = add_indom(t, i, ret_why, room);
    for (size_t i = 0; err == 0 && i < t->decl.n_metrics; i++)
        err = add_metric(t, i, ret_why, room);
    return err ? err : pl_metric_names_sort(t, ret_why, room);
}

/* What lies past what this version knows of a struct must be zero. */
static bool
is_zero_past(const void *given, size_t size, size_t known)
{
    const uint8_t *p = given;

    for (size_t i = known; i < size; i++)
        if (p[i])
            return false;
    return true;
}

int
pl_table_new(struct pl_table **ret_table, const struct pmdaloop_table *decl,
             uint32_t domain, const char *agent, char *ret_why, size_t room)
{
    if (decl->size < sizeof(*decl) || !decl->fetch || decl->n_metrics > 1 << 22) {
        snprintf(ret_why, room, "the table has no fetch function, or a wrong size");
        return -EINVAL;
    }
    if (!is_zero_past(decl, decl->size, sizeof(*decl)))
        return -E2BIG;
    if ((decl->n_metrics > 0 && !decl->metrics) ||
        (decl->n_indoms > 0 && !decl->indoms)) {
        snprintf(ret_why, room, "no list of its metrics, or of its instance domains");
        return -EINVAL;
    }
    struct pl_table *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    t->decl = *decl;
    t->domain = domain;
    int err = fill_table(t, agent, ret_why, room);
    if (err < 0)
        pl_table_free(t);
    else
        *ret_table = t;
    return err;
}
