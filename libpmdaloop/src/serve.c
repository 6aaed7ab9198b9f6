/* SPDX-License-Identifier: MIT */
/* Requests, answered from a table. */
#include "table.h"

static int
serve_desc(const struct pl_table *t, struct pl_slot *s)
{
    int64_t index = pl_table_find(t, s->event.ident);

    if (index < 0)
        return PMDALOOP_PM_PMID;
    const struct pmdaloop_metric *m = &t->decl.metrics[index];
    const struct pmdaloop_desc desc = {
        .pmid = s->event.ident,
        .type = m->type,
        .indom = m->indom ? t->domain_of[index]->indom : (uint32_t)PMDALOOP_NO_INDOM,
        .sem = m->sem,
        .units = m->units,
    };
    pl_reply_desc(s, &desc);
    return 0;
}

static struct pl_domain *
domain_of(const struct pl_table *t, uint32_t indom)
{
    return indom >> 22 == t->domain ? pl_table_domain(t, pl_indom_serial(indom)) : NULL;
}

static int
serve_instance(const struct pl_table *t, struct pl_engine *e, struct pl_slot *s)
{
    const struct pl_domain *d = domain_of(t, s->event.ident);
    const struct pl_inst *one = NULL;
    bool by_number = s->event.inst != PMDALOOP_NO_INST;
    int err = 0;

    if (!d)
        return PMDALOOP_PM_INDOM;
    if (by_number && s->event.name)
        return PMDALOOP_PM_INST;
    if (by_number)
        one = pl_domain_find(d, s->event.inst);
    else if (s->event.name)
        one = pl_domain_find_name(d, s->event.name, s->event.name_len);
    if (!one && (by_number || s->event.name))
        return PMDALOOP_PM_INST;
    if (one)
        err = pl_reply_instance(e, s, one->inst, one->name, one->name_len);
    for (size_t i = 0; !one && err == 0 && i < d->n; i++)
        if (!d->insts[i].is_gone)
            err = pl_reply_instance(e, s, d->insts[i].inst, d->insts[i].name,
                                    d->insts[i].name_len);
    return err < 0 ? err : pl_reply_end(e, s);
}

static int
serve_text(const struct pl_table *t, struct pl_slot *s)
{
    const char *help = NULL, *text = NULL;

    if (s->event.what & PMDALOOP_TEXT_INDOM) {
        const struct pl_domain *d = domain_of(t, s->event.ident);
        help = d ? d->decl->help : NULL;
        text = d ? d->decl->text : NULL;
    } else {
        int64_t index = pl_table_find(t, s->event.ident);
        help = index >= 0 ? t->decl.metrics[index].help : NULL;
        text = index >= 0 ? t->decl.metrics[index].text : NULL;
    }
    const char *say = s->event.what & PMDALOOP_TEXT_ONELINE ? help : text ? text : help;
    if (!say)
        return PMDALOOP_PM_TEXT;
    pl_reply_text(s, say, strlen(say));
    return 0;
}

/* The value that pmcd sent, as the metric's type has it. */
static int
convert(const struct pmdaloop_metric *m, const struct pmdaloop_value *sent,
        struct pmdaloop_value *ret)
{
    bool is_word = m->type == PMDALOOP_32 || m->type == PMDALOOP_U32;

    *ret = *sent;
    if (is_word && (sent->type == PMDALOOP_U32 || sent->type == PMDALOOP_32))
        ret->type = m->type;
    else if (m->type == PMDALOOP_AGGREGATE_STATIC && sent->type == PMDALOOP_AGGREGATE)
        ret->type = m->type;
    return ret->type == m->type ? 0 : PMDALOOP_PM_CONV;
}

static int
serve_store(struct pl_table *t, struct pmdaloop *pl, struct pl_slot *s)
{
    for (size_t i = 0; i < s->event.n_stored; i++) {
        const struct pmdaloop_stored *one = &s->event.stored[i];
        int64_t index = pl_table_find(t, one->pmid);
        struct pmdaloop_value v;
        if (index < 0)
            return PMDALOOP_PM_PMID;
        const struct pmdaloop_metric *m = &t->decl.metrics[index];
        if (!t->decl.store)
            return PMDALOOP_PM_PERMISSION;
        if (m->indom ? !pl_domain_find(t->domain_of[index], one->inst)
                     : one->inst != PMDALOOP_NO_INST)
            return PMDALOOP_PM_INST;
        int err = convert(m, &one->value, &v);
        if (err == 0)
            err = t->decl.store(pl, m, one->inst, &v);
        if (err < 0)
            return err;
    }
    pl_reply_error(s, 0); /* which means: done */
    return 0;
}

static int
label_instances(const struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
                struct pl_slot *s, struct pl_domain *d)
{
    static const size_t room = 4096;
    char json[4096];
    int err = pl_domain_select(d, &e->wanted);

    for (size_t k = 0; err == 0 && k < d->n_selected; k++) {
        int32_t inst = d->insts[d->selected[k]].inst;
        json[0] = '\0';
        int got = t->decl.label ? t->decl.label(pl, d->decl, inst, json, room) : 0;
        json[room - 1] = '\0';
        err = pl_reply_labels(e, s, inst, json, got > 0 ? strlen(json) : 0);
        if (err == -EINVAL || err == -E2BIG)
            err = 0; /* this instance goes without */
    }
    return err;
}

static int
serve_labels(const struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
             struct pl_slot *s)
{
    const char *json = NULL;
    struct pl_domain *d = domain_of(t, s->event.ident);
    int64_t index = pl_table_find(t, s->event.ident);
    int err = 0;

    switch (s->event.what) {
    case PMDALOOP_LABEL_CONTEXT:
    case PMDALOOP_LABEL_CLUSTER:
        break;
    case PMDALOOP_LABEL_DOMAIN:
        json = t->labels;
        break;
    case PMDALOOP_LABEL_INDOM:
        json = d ? d->decl->labels : NULL;
        break;
    case PMDALOOP_LABEL_ITEM:
        json = index >= 0 ? t->decl.metrics[index].labels : NULL;
        break;
    case PMDALOOP_LABEL_INSTANCES:
        err = d ? label_instances(t, pl, e, s, d) : 0;
        break;
    default:
        return PMDALOOP_PM_TYPE;
    }
    if (json)
        (void)pl_reply_labels(e, s, PMDALOOP_NO_INST, json, strlen(json));
    return err < 0 ? err : pl_reply_end(e, s);
}

static int
serve_names(const struct pl_table *t, struct pl_engine *e, struct pl_slot *s)
{
    int64_t index;
    int err;

    switch (s->event.kind) {
    case PMDALOOP_PMID_OF:
        index = pl_metric_names_find(t, s->event.name, s->event.name_len);
        if (index < 0)
            return PMDALOOP_PM_NAME;
        pl_reply_pmid(s, pl_pmid(t->domain, t->decl.metrics[index].cluster,
                                 t->decl.metrics[index].item));
        return 0;
    case PMDALOOP_NAMES_OF:
        index = pl_table_find(t, s->event.ident);
        if (index < 0 || !t->decl.metrics[index].name)
            return PMDALOOP_PM_PMID;
        err = pl_reply_name(e, s, t->decl.metrics[index].name,
                            strlen(t->decl.metrics[index].name), true);
        break;
    default:
        err = pl_metric_names_reply(t, e, s, s->event.name, s->event.name_len,
                                    s->event.kind == PMDALOOP_TRAVERSE);
    }
    return err < 0 ? err : pl_reply_end(e, s);
}

static int
serve(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e, struct pl_slot *s)
{
    bool about_instances =
        s->event.kind == PMDALOOP_FETCH || s->event.kind == PMDALOOP_INSTANCE ||
        (s->event.kind == PMDALOOP_LABELS && s->event.what == PMDALOOP_LABEL_INSTANCES);
    int err = about_instances && t->decl.refresh ? t->decl.refresh(pl) : 0;

    if (err < 0)
        return err;
    /* From here on no instance comes or goes, unless by a store. */
    t->in_callback = s->event.kind != PMDALOOP_STORE;
    switch (s->event.kind) {
    case PMDALOOP_FETCH:
        err = pl_table_fetch(t, pl, e, s);
        break;
    case PMDALOOP_DESC:
        err = serve_desc(t, s);
        break;
    case PMDALOOP_INSTANCE:
        err = serve_instance(t, e, s);
        break;
    case PMDALOOP_TEXT:
        err = serve_text(t, s);
        break;
    case PMDALOOP_STORE:
        err = serve_store(t, pl, s);
        break;
    case PMDALOOP_LABELS:
        err = serve_labels(t, pl, e, s);
        break;
    default:
        err = serve_names(t, e, s);
    }
    t->in_callback = false;
    return err;
}

void
pl_table_serve(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
               struct pl_slot *s)
{
    s->for_table = false;
    int err = serve(t, pl, e, s);
    if (s->state != PL_ANSWERED && !s->for_table)
        pl_reply_error(s, err == -ENOBUFS ? PMDALOOP_PM_TOOBIG
                          : err < 0       ? err
                                          : PMDALOOP_PM_GENERIC);
}
