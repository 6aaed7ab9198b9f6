/* SPDX-License-Identifier: MIT */
/* Values, fetched by a table's function: what an agent does all day. The metrics are looked
 * up once for as long as the same are asked for, and all room in the sets is made before
 * the first value, so that a value in situ costs its call and its bytes. */
#include "table.h"

enum { SET_BYTES = 8, WORD_BYTES = 8, SINGLE_BYTES = 20 };

static enum pl_shape
shape_of(const struct pl_planned *p)
{
    if (p->m->type != PMDALOOP_32 && p->m->type != PMDALOOP_U32)
        return PL_BLOCKS;
    return p->domain ? PL_WORDS : PL_WORD;
}

static int
make_plan(struct pl_table *t, const uint32_t *pmids, size_t n)
{
    struct pl_plan *plan = &t->plan;
    size_t max = SIZE_MAX / sizeof(*plan->metrics);

    if (n == plan->n && (n == 0 || memcmp(pmids, plan->pmids, n * sizeof(*pmids)) == 0))
        return 0;
    plan->n = plan->n_single = plan->n_domain = 0;
    if (pl_grow(&plan->pmids, &plan->pmids_room, 0, n, sizeof(*plan->pmids), max) < 0 ||
        pl_grow(&plan->metrics, &plan->metrics_room, 0, n, sizeof(*plan->metrics),
                max) < 0)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        int64_t index = pl_table_find(t, pmids[i]);
        struct pl_planned *to = &plan->metrics[i];
        plan->pmids[i] = pmids[i];
        *to = (struct pl_planned){0};
        if (index < 0)
            continue;
        to->m = &t->decl.metrics[index];
        to->domain = t->domain_of[index];
        plan->n_single += !to->domain;
        plan->n_domain += to->domain != NULL;
        to->shape = shape_of(to);
        wr_be32(to->head, pmids[i]);
        wr_be32(to->head + 4, 1);
        wr_be32(to->head + 8, PL_INSITU);
        wr_be32(to->head + 12, (uint32_t)PMDALOOP_NO_INST);
    }
    plan->n = n;
    return 0;
}

/* How much room the sets may need: that of all values which the profile lets through. */
static int
count(const struct pl_plan *plan, const struct pl_engine *e, size_t *ret_filled,
      size_t *ret_values)
{
    size_t filled = plan->n_single;
    size_t values = filled; /* each has one */

    for (size_t i = 0; plan->n_domain > 0 && i < plan->n; i++) {
        struct pl_domain *d = plan->metrics[i].domain;
        if (!d)
            continue;
        int err = pl_domain_select(d, &e->wanted);
        if (err < 0)
            return err;
        filled += d->n_selected > 0;
        values += d->n_selected;
    }
    *ret_filled = filled;
    *ret_values = values;
    return 0;
}

/* One fetch at work. */
struct work {
    struct pl_table *t;
    struct pmdaloop *pl;
    struct pl_engine *e;
    struct pl_slot *s;
    bool is_later; /* the table has said so, and there is time */
};

/* There is no value, for this reason, which may be that it comes LATER; past the deadline
 * that is not available now. */
static void
miss(struct work *w, int got, int32_t *status)
{
    if (got == PMDALOOP_LATER) {
        w->is_later = !w->s->is_late;
        got = PMDALOOP_PM_AGAIN;
    }
    if (got < 0)
        *status = got;
}

/* A value of any type. A bad one is left out, and its code remembered; negative when no
 * reply can be made at all. */
static int
put_any(struct work *w, const struct pmdaloop_metric *m, int32_t inst, int got,
        struct pmdaloop_value *v, int32_t *status)
{
    if (got == PMDALOOP_VALUE) {
        v->type = m->type; /* the table's word holds */
        int err = pl_reply_value(w->e, w->s, inst, v);
        if (err != -EINVAL && err != -E2BIG)
            return err;
        got = err;
    }
    miss(w, got, status);
    return 0;
}

/* A set without values. Returns its end. */
static uint8_t *
put_status(uint8_t *at, uint32_t pmid, int32_t status)
{
    wr_be32(at, pmid);
    wr_be32(at + 4, (uint32_t)(status > 0 ? 0 : status));
    return at + SET_BYTES;
}

/* Metrics with one value in situ, as many as stand in a row from the i-th on: there may be
 * many hundreds. Returns the first that is none. */
static size_t
fetch_singles(struct work *w, size_t i)
{
    const struct pl_planned *p = w->t->plan.metrics, *end = p + w->t->plan.n;
    uint8_t *at = w->s->result.sets.at;
    struct pmdaloop_value v;

    v.len = 0;
    for (p += i; p != end && p->shape == PL_WORD && !w->is_later; p++) {
        v.type = p->m->type;
        int got = w->t->decl.fetch(w->pl, p->m, PMDALOOP_NO_INST, &v);
        if (got == PMDALOOP_VALUE) {
            memcpy(at, p->head, sizeof(p->head));
            wr_be32(at + sizeof(p->head), v.as.u32);
            at += SINGLE_BYTES;
        } else {
            int32_t status = 0;
            miss(w, got, &status);
            at = put_status(at, rd_be32(p->head), status);
        }
    }
    w->s->result.sets.at = at;
    return (size_t)(p - w->t->plan.metrics);
}

/* Instances of a metric with values in situ, of which there may be many thousands. Returns
 * the end of the set. */
static uint8_t *
fetch_words(struct work *w, const struct pmdaloop_metric *m, const struct pl_domain *d,
            uint8_t *at, int32_t *status)
{
    int (*fetch)(struct pmdaloop *, const struct pmdaloop_metric *, int32_t,
                 struct pmdaloop_value *) = w->t->decl.fetch;
    struct pmdaloop *pl = w->pl;
    const int32_t *number = d->numbers, *end = number + d->n_selected;
    struct pmdaloop_value v = {.type = m->type};

    for (; number != end; number++) {
        const int32_t inst = *number;
        int got = fetch(pl, m, inst, &v);
        if (got == PMDALOOP_VALUE) {
            wr_be32(at, (uint32_t)inst);
            wr_be32(at + 4, v.as.u32);
            at += WORD_BYTES;
        } else {
            miss(w, got, status);
            if (w->is_later)
                break;
        }
    }
    return at;
}

/* A column of numbers in one call. PMDALOOP_NO_VALUE: they are to be asked for one by
 * one. */
static int
fetch_column(struct work *w, const struct pmdaloop_metric *m, const struct pl_domain *d)
{
    struct pl_table *t = w->t;

    if (!t->decl.fetch_column || d->n_selected == 0 || pl_scalar_bytes(m->type) == 0)
        return PMDALOOP_NO_VALUE;
    if (pl_grow(&t->column, &t->column_room, 0, d->n_selected, sizeof(*t->column),
                SIZE_MAX / sizeof(*t->column)) < 0)
        return -ENOMEM;
    return t->decl.fetch_column(w->pl, m, d->numbers, d->n_selected, t->column);
}

/* A column of words as a set's values. */
static uint8_t *
put_words(uint8_t *restrict at, const int32_t *restrict numbers,
          const uint64_t *restrict column, size_t n)
{
    const uint8_t *word = (const uint8_t *)column;

    for (size_t k = 0; k < n; k++, word += 4) {
        uint32_t value;
        memcpy(&value, word, sizeof(value));
        wr_be32(at + k * WORD_BYTES, (uint32_t)numbers[k]);
        wr_be32(at + k * WORD_BYTES + 4, value);
    }
    return at + n * WORD_BYTES;
}

static uint8_t *
fetch_all_words(struct work *w, const struct pmdaloop_metric *m,
                const struct pl_domain *d, uint8_t *at, int32_t *status)
{
    int got = fetch_column(w, m, d);

    if (got == PMDALOOP_VALUE)
        return put_words(at, d->numbers, w->t->column, d->n_selected);
    if (got == PMDALOOP_NO_VALUE && d->n_selected > 0)
        return fetch_words(w, m, d, at, status);
    miss(w, got, status);
    return at;
}

static void
fetch_word_set(struct work *w, const struct pl_planned *p, uint32_t pmid)
{
    struct wr *sets = &w->s->result.sets;
    uint8_t *set = sets->at, *first = set + SET_BYTES + 4;
    int32_t status = 0;
    uint8_t *at = fetch_all_words(w, p->m, p->domain, first, &status);

    if (at == first) {
        sets->at = put_status(set, pmid, status);
        return;
    }
    wr_be32(set, pmid);
    wr_be32(set + 4, (uint32_t)((at - first) / WORD_BYTES));
    wr_be32(set + 8, PL_INSITU);
    sets->at = at;
}

/* An element of a column, as a value of the metric's type. */
static void
take_element(const uint64_t *column, size_t k, size_t bytes, struct pmdaloop_value *ret)
{
    memcpy(&ret->as, (const uint8_t *)column + k * bytes, bytes);
}

/* Values in blocks, of one or of many instances. */
static int
fetch_blocks(struct work *w, const struct pmdaloop_metric *m, const struct pl_domain *d)
{
    struct pmdaloop_value v = {.type = m->type};
    size_t n = d ? d->n_selected : 1;
    int32_t status = 0;
    int err = pl_reply_metric(w->e, w->s, 0);
    int column = d ? fetch_column(w, m, d) : PMDALOOP_NO_VALUE;

    if (column != PMDALOOP_VALUE && column != PMDALOOP_NO_VALUE) {
        miss(w, column, &status);
        n = 0;
    }
    for (size_t k = 0; err == 0 && k < n && !w->is_later; k++) {
        int32_t inst = d ? d->numbers[k] : PMDALOOP_NO_INST;
        int got = PMDALOOP_VALUE;
        v.len = 0;
        if (column == PMDALOOP_VALUE)
            take_element(w->t->column, k, pl_scalar_bytes(m->type), &v);
        else
            got = w->t->decl.fetch(w->pl, m, inst, &v);
        err = put_any(w, m, inst, got, &v, &status);
    }
    pl_result_close(&w->s->result, status);
    return err;
}

static int
fetch_all(struct work *w)
{
    const struct pl_plan *plan = &w->t->plan;
    struct wr *sets = &w->s->result.sets;
    int err = 0;

    for (size_t i = 0; err == 0 && i < plan->n && !w->is_later;) {
        const struct pl_planned *p = &plan->metrics[i];
        uint32_t pmid = plan->pmids[i];
        switch (p->shape) {
        case PL_WORD:
            i = fetch_singles(w, i);
            continue;
        case PL_WORDS:
            fetch_word_set(w, p, pmid);
            break;
        case PL_BLOCKS:
            w->s->n_metrics = i;
            err = fetch_blocks(w, p->m, p->domain);
            break;
        case PL_MISSING:
            sets->at = put_status(sets->at, pmid, PMDALOOP_PM_PMID);
            break;
        }
        i++;
    }
    w->s->n_metrics = plan->n;
    return err;
}

int
pl_table_fetch(struct pl_table *t, struct pmdaloop *pl, struct pl_engine *e,
               struct pl_slot *s)
{
    struct work w = {.t = t, .pl = pl, .e = e, .s = s};
    size_t filled = 0, values = 0;
    int err = make_plan(t, s->event.pmids, s->event.n_pmids);

    if (err == 0)
        err = count(&t->plan, e, &filled, &values);
    if (err == 0)
        err = pl_reply_begin_result(e, s, filled, values);
    if (err == 0)
        err = fetch_all(&w);
    if (w.is_later) {
        pl_reply_again(s);
        s->for_table = true;
        return 0;
    }
    return err < 0 ? err : pl_reply_end(e, s);
}
