/* SPDX-License-Identifier: MIT */
/* pmdaInstance(): the instances of a domain, out of its cache or its table. */
#include "pcp/agent.h"
#include "pcp/cache.h"

/* Instances of a domain, whichever way they are kept: call more() until it is false. */
struct source {
    struct pl_cache *cache;
    const pmdaIndom *table;
    int at;
    size_t hint;
};

static bool
open_source(struct source *s, pmInDom indom, const pmdaExt *ext)
{
    *s = (struct source){.at = -1};
    if (indom == PM_INDOM_NULL)
        return false;
    s->cache = pl_cache_find(indom, false);
    if (s->cache)
        return true;
    s->at = 0;
    for (int i = 0; i < ext->e_nindoms && !s->table; i++)
        if (ext->e_indoms[i].it_indom == indom)
            s->table = &ext->e_indoms[i];
    return s->table != NULL;
}

static bool
more(struct source *s, int *ret_inst, const char **ret_name)
{
    struct pl_entry *e;

    while (s->cache && (e = pl_cache_after(s->cache, s->at, &s->hint)) != NULL) {
        s->at = e->inst;
        if (e->state != PMDA_CACHE_ACTIVE)
            continue;
        *ret_inst = e->inst;
        *ret_name = e->name;
        return true;
    }
    if (s->cache || s->at >= s->table->it_numinst)
        return false;
    *ret_inst = s->table->it_set[s->at].i_inst;
    *ret_name = s->table->it_set[s->at].i_name;
    s->at++;
    return true;
}

static size_t
count(const struct source *s)
{
    if (s->cache)
        return s->cache->n_active;
    return s->table->it_numinst > 0 ? (size_t)s->table->it_numinst : 0;
}

/* A name without a space stands for the first word of a longer one, too. */
static bool
is_name(const char *wanted, const char *name)
{
    size_t len = strlen(wanted);

    if (!name)
        return false;
    return strcmp(wanted, name) == 0 ||
           (!strchr(wanted, ' ') && strncmp(wanted, name, len) == 0 &&
            name[len] == ' ');
}

static pmInResult *
new_result(pmInDom indom, size_t n)
{
    pmInResult *r = calloc(1, sizeof(*r));

    if (!r)
        return NULL;
    r->indom = indom;
    r->instlist = calloc(n ? n : 1, sizeof(int));
    r->namelist = calloc(n ? n : 1, sizeof(char *));
    if (!r->instlist || !r->namelist) {
        __pmFreeInResult(r);
        return NULL;
    }
    return r;
}

static int
list_all(struct source *s, pmInResult *r)
{
    const char *name;
    size_t room = count(s);
    int inst;

    while ((size_t)r->numinst < room && more(s, &inst, &name)) {
        r->instlist[r->numinst] = inst;
        r->namelist[r->numinst] = strdup(name ? name : "");
        if (!r->namelist[r->numinst])
            return -ENOMEM;
        r->numinst++;
    }
    return 0;
}

static int
name_of(struct source *s, int wanted, pmInResult *r)
{
    const char *name = NULL;
    int inst;

    if (s->cache) {
        const struct pl_entry *e = pl_cache_by_inst(s->cache, wanted);
        if (e && e->state == PMDA_CACHE_ACTIVE)
            name = e->name;
    } else {
        const char *each;
        while (!name && more(s, &inst, &each))
            if (inst == wanted)
                name = each ? each : "";
    }
    if (!name)
        return PM_ERR_INST;
    free(r->instlist);
    r->instlist = NULL;
    r->numinst = 1;
    r->namelist[0] = strdup(name);
    return r->namelist[0] ? 0 : -ENOMEM;
}

static int
inst_of(struct source *s, const char *wanted, pmInResult *r)
{
    const char *name;
    int inst, err;

    free(r->namelist);
    r->namelist = NULL;
    if (s->cache) {
        const struct pl_entry *e = pl_cache_by_name(s->cache, wanted, &err);
        if (!e || e->state != PMDA_CACHE_ACTIVE)
            return PM_ERR_INST;
        r->instlist[0] = e->inst;
        r->numinst = 1;
        return 0;
    }
    while (more(s, &inst, &name)) {
        if (is_name(wanted, name)) {
            r->instlist[0] = inst;
            r->numinst = 1;
            return 0;
        }
    }
    return PM_ERR_INST;
}

int
pmdaInstance(pmInDom indom, int inst, char *name, pmInResult **ret_result, pmdaExt *ext)
{
    struct source s;
    bool all = inst == (int)PM_IN_NULL && !name;
    int err;

    if (!open_source(&s, indom, ext))
        return PM_ERR_INDOM;
    if (inst != (int)PM_IN_NULL && name)
        return PM_ERR_INST;
    pmInResult *r = new_result(indom, all ? count(&s) : 1);
    if (!r)
        return -ENOMEM;
    if (all)
        err = list_all(&s, r);
    else if (name)
        err = *name ? inst_of(&s, name, r) : PM_ERR_INST;
    else
        err = name_of(&s, inst, r);
    if (err < 0) {
        __pmFreeInResult(r);
        return err;
    }
    *ret_result = r;
    return 0;
}
