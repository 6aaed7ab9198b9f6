/* SPDX-License-Identifier: MIT */
/*
 * pmdaDynamic*(): metrics that come and go. A generator owns a name tree and keeps it up
 * to date; for each of its metrics found there it may want copies in the metric table.
 */
#include "pcp/agent.h"

struct pl_dynamic {
    const char *prefix;
    pmdaUpdatePMNS update;
    pmdaUpdateText text;
    pmdaUpdateMetric metric;
    pmdaCountMetrics count;
    pmdaMetric *metrics;
    int n_metrics;
    pmdaNameSpace *tree; /* the generator's */
    pmdaMetric *made;    /* the table with the copies, in the first generator only */
};

/* Generators of whoever did not say whose they are. */
static struct pl_dynamic *shared;
static int n_shared;

void
pl_dynamics_free(struct pl_agent *agent)
{
    if (agent->n_dynamics > 0)
        free(agent->dynamics[0].made);
    free(agent->dynamics);
    agent->dynamics = NULL;
    agent->n_dynamics = 0;
}

static void
enlist(struct pl_dynamic **list, int *n, const struct pl_dynamic *d)
{
    struct pl_dynamic *more = realloc(*list, ((size_t)*n + 1) * sizeof(**list));

    if (!more) {
        pmNotifyErr(LOG_ERR, "out-of-memory registering dynamic metrics");
        return;
    }
    more[(*n)++] = *d;
    *list = more;
}

/* NOLINTBEGIN(readability-non-const-parameter): the prototypes are PCP's */
void
pmdaExtDynamicPMNS(const char *prefix, int *clusters, int nclusters,
                   pmdaUpdatePMNS update, pmdaUpdateText text, pmdaUpdateMetric metric,
                   pmdaCountMetrics count, pmdaMetric *metrics, int nmetrics,
                   pmdaExt *ext)
{
    struct pl_agent *agent = pl_agent_of(ext);

    (void)clusters, (void)nclusters; /* the trees tell whose a metric is */
    enlist(&agent->dynamics, &agent->n_dynamics,
           &(struct pl_dynamic){prefix, update, text, metric, count, metrics, nmetrics,
                                NULL, NULL});
}

void
pmdaDynamicPMNS(const char *prefix, int *clusters, int nclusters, pmdaUpdatePMNS update,
                pmdaUpdateText text, pmdaUpdateMetric metric, pmdaCountMetrics count,
                pmdaMetric *metrics, int nmetrics)
{
    (void)clusters, (void)nclusters;
    enlist(&shared, &n_shared,
           &(struct pl_dynamic){prefix, update, text, metric, count, metrics, nmetrics,
                                NULL, NULL});
}

/* NOLINTEND(readability-non-const-parameter) */
int
pmdaDynamicSetClusterMask(const char *prefix, unsigned int mask)
{
    (void)mask;
    for (int i = 0; i < n_shared; i++)
        if (strcmp(shared[i].prefix, prefix) == 0)
            return 0;
    return -EINVAL;
}

static int
generators(pmdaExt *ext, struct pl_dynamic **ret_list)
{
    const struct pl_agent *agent = pl_agent_of(ext);

    *ret_list = agent->n_dynamics ? agent->dynamics : shared;
    return agent->n_dynamics ? agent->n_dynamics : n_shared;
}

static bool
has_pmid(pmdaNameSpace *tree, pmID pmid)
{
    char **names;

    if (!tree || pmdaTreeName(tree, pmid, &names) <= 0)
        return false;
    free(names);
    return true;
}

static bool
has_name(pmdaNameSpace *tree, const char *name)
{
    char **names = NULL;
    int *status = NULL;

    if (!tree || *name == '\0')
        return false;
    /* any node will do, since children are asked for, too */
    int n = pmdaTreeChildren(tree, name, 0, &names, &status);
    if (n > 0) {
        free(names);
        free(status);
    }
    return n >= 0;
}

/* The copies that a generator wants, room of them at most. */
static int
make_copies(struct pl_dynamic *d, pmdaExt *ext, int trees, pmdaMetric *to, int room)
{
    int n = 0;

    d->update(ext, &d->tree);
    for (int m = 0; m < d->n_metrics; m++) {
        if (!has_pmid(d->tree, d->metrics[m].m_desc.pmid))
            continue;
        for (int id = 1; id <= trees && n < room; id++)
            d->metric(&d->metrics[m], &to[n++], id);
    }
    return n;
}

void
pmdaDynamicMetricTable(pmdaExt *ext)
{
    struct pl_dynamic *list;
    int n = generators(ext, &list), metrics, trees;
    int64_t copies = 0;

    if (n == 0)
        return;
    for (int i = 0; i < n; i++) {
        metrics = trees = 0;
        list[i].count(&metrics, &trees);
        copies += metrics > 0 && trees > 0 ? (int64_t)metrics * trees : 0;
    }
    int fixed = list[0].n_metrics, used = fixed;
    pmdaMetric *old = list[0].made, *table = NULL;
    if (copies > 0 && copies < INT32_MAX / 2)
        table = calloc((size_t)(fixed + copies), sizeof(*table));
    if (table) {
        memcpy(table, list[0].metrics, (size_t)fixed * sizeof(*table));
        for (int i = 0; i < n; i++) {
            metrics = trees = 0;
            list[i].count(&metrics, &trees);
            used += make_copies(&list[i], ext, trees, table + used,
                                fixed + (int)copies - used);
        }
    }
    list[0].made = table;
    pmdaRehash(ext, table ? table : list[0].metrics, used);
    free(old); /* never the table that the agent brought */
}

static int
bring_up_to_date(pmdaExt *ext, struct pl_dynamic **ret_list)
{
    int n = generators(ext, ret_list), changed = 0;

    for (int i = 0; i < n; i++)
        changed |= (*ret_list)[i].update(ext, &(*ret_list)[i].tree);
    if (changed)
        pmdaDynamicMetricTable(ext);
    return n;
}

pmdaNameSpace *
pmdaDynamicLookupName(pmdaExt *ext, const char *name)
{
    struct pl_dynamic *list;
    int n = bring_up_to_date(ext, &list);

    for (int i = 0; i < n; i++)
        if (has_name(list[i].tree, name))
            return list[i].tree;
    return NULL;
}

pmdaNameSpace *
pmdaDynamicLookupPMID(pmdaExt *ext, pmID pmid)
{
    struct pl_dynamic *list;
    int n = bring_up_to_date(ext, &list);

    for (int i = 0; i < n; i++)
        if (has_pmid(list[i].tree, pmid))
            return list[i].tree;
    return NULL;
}

int
pmdaDynamicLookupText(pmID pmid, int kind, char **ret_text, pmdaExt *ext)
{
    struct pl_dynamic *list;
    int n = bring_up_to_date(ext, &list);

    for (int i = 0; i < n; i++)
        if (has_pmid(list[i].tree, pmid))
            return list[i].text(ext, pmid, kind, ret_text);
    return -ENOENT;
}
