/* SPDX-License-Identifier: MIT */
/* Requests, answered from a table. */
#include "table.h"

/* The value fetched goes out, or its code stands for it. */
static int
take_value(struct pl_engine *e, struct pl_slot *s, const struct pmdaloop_metric *m,
           int32_t inst, int got, struct pmdaloop_value *v, int32_t *status)
{
    if (got == PMDALOOP_VALUE) {
        v->type = m->type; /* the table's word holds */
        int err = pl_reply_value(e, s, inst, v);
        if (err == -EINVAL || err == -E2BIG)
            got = err; /* this value alone is bad */
        else
            return err;
    }
    if (got == PMDALOOP_LATER)
        got = PMDALOOP_PM_AGAIN;
    if (got < 0)
        *status = got;
    return 0;
}

/* In place of take_value() where the value is one word, its room is there, and there may
 * be many thousands. */
static inline void
put_word(struct pl_result_wr *r, int32_t inst, uint32_t word)
{
    wr_be32(r->sets.at, (uint32_t)inst);
    wr_be32(r->sets.at + 4, word);
    r->sets.at += 8;
    r->numval++;
}

static int
fetch_instances(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
                struct pl_slot *s, const struct pmdaloop_metric *m,
                const struct pl_domain *d, bool *is_later)
{
    struct pmdaloop_value v = {.type = m->type};
    bool is_word = m->type == PMDALOOP_32 || m->type == PMDALOOP_U32;
    int32_t status = 0;

    for (size_t k = 0; k < d->n_selected; k++) {
        int32_t inst = d->insts[d->selected[k]].inst;
        v.len = 0;
        int got = t->decl.fetch(pl, m, inst, &v);
        if (got == PMDALOOP_LATER && !s->is_late) {
            *is_later = true;
            return 0;
        }
        if (is_word && got == PMDALOOP_VALUE && s->result.numval > 0) {
            put_word(&s->result, inst, v.as.u32);
            continue;
        }
        int err = take_value(e, s, m, inst, got, &v, &status);
        if (err < 0)
            return err;
    }
    if (status < 0)
        pl_result_status(&s->result, status);
    return 0;
}

static int
fetch_single(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
             struct pl_slot *s, const struct pmdaloop_metric *m, bool *is_later)
{
    struct pmdaloop_value v = {.type = m->type};
    int32_t status = 0;
    int got = t->decl.fetch(pl, m, PMDALOOP_NO_INST, &v);

    if (got == PMDALOOP_LATER && !s->is_late) {
        *is_later = true;
        return 0;
    }
    int err = take_value(e, s, m, PMDALOOP_NO_INST, got, &v, &status);
    if (status < 0)
        pl_result_status(&s->result, status);
    return err;
}

/* Which metrics are wanted, and how many values that makes at most. */
static int
look_up(struct pl_table *t, struct pl_engine *e, const struct pl_slot *s,
        size_t *ret_filled, size_t *ret_values)
{
    size_t n = s->event.n_pmids, filled = 0, values = 0;
    int err = pl_grow(&t->found, &t->found_room, 0, n, sizeof(*t->found), SIZE_MAX / 4);

    for (size_t i = 0; err == 0 && i < n; i++) {
        int64_t index = pl_table_find(t, s->event.pmids[i]);
        t->found[i] = (uint32_t)(index + 1);
        if (index < 0)
            continue;
        struct pl_domain *d = t->domain_of[index];
        if (d)
            err = pl_domain_select(d, &e->wanted);
        size_t most = d ? d->n_selected : 1;
        filled += most > 0;
        values += most;
    }
    *ret_filled = filled;
    *ret_values = values;
    return err;
}

static int
serve_fetch(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
            struct pl_slot *s)
{
    size_t filled, values;
    bool is_later = false;
    int err = look_up(t, e, s, &filled, &values);

    if (err == 0)
        err = pl_reply_begin_result(e, s, filled, values);
    for (size_t i = 0; err == 0 && !is_later && i < s->event.n_pmids; i++) {
        if (t->found[i] == 0) {
            err = pl_reply_metric(e, s, PMDALOOP_PM_PMID);
            continue;
        }
        size_t index = t->found[i] - 1;
        const struct pmdaloop_metric *m = &t->decl.metrics[index];
        err = pl_reply_metric(e, s, 0);
        if (err == 0 && t->domain_of[index])
            err = fetch_instances(t, pl, e, s, m, t->domain_of[index], &is_later);
        else if (err == 0)
            err = fetch_single(t, pl, e, s, m, &is_later);
    }
    if (is_later) {
        pl_reply_again(s);
        s->for_table = true;
        return 0;
    }
    return err < 0 ? err : pl_reply_end(e, s);
}

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
        err = serve_fetch(t, pl, e, s);
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
