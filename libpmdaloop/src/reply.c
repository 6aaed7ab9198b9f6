/* SPDX-License-Identifier: MIT */
/* Replies, built in the memory of the request's slot. One that cannot be built becomes an
 * ERROR: a request never stays without. */
#include "engine.h"

#include "labeljson.h"

#include <stdlib.h>

enum { FIRST_RESULT_BYTES = 256 };

/* What has been written is the reply. */
static void
answer(struct pl_slot *s)
{
    s->reply_len = wr_len(&s->w);
    s->state = PL_ANSWERED;
}

void
pl_reply_error(struct pl_slot *s, int32_t code)
{
    s->w = wr_over(s->reply, s->reply_room);
    pl_error_encode(&s->w, 0, code);
    answer(s);
}

/* A reply of known size; room for that much, or an ERROR in its place. */
static bool
begin(struct pl_slot *s, size_t bytes)
{
    int err = pl_grow(&s->reply, &s->reply_room, 0, bytes, 1, INT32_MAX);

    if (err < 0) {
        pl_reply_error(s, err == -ENOBUFS ? PMDALOOP_PM_TOOBIG : -ENOMEM);
        return false;
    }
    s->w = wr_over(s->reply, s->reply_room);
    return true;
}

void
pl_reply_desc(struct pl_slot *s, const struct pmdaloop_desc *desc)
{
    if (!begin(s, 32))
        return;
    pl_desc_encode(&s->w, 0, desc);
    answer(s);
}

void
pl_reply_text(struct pl_slot *s, const char *text, size_t len)
{
    if (len > INT32_MAX - 64)
        pl_reply_error(s, PMDALOOP_PM_TOOBIG);
    else if (begin(s, 20 + pl_pad4(len))) {
        pl_text_encode(&s->w, 0, s->event.ident, text, len);
        answer(s);
    }
}

void
pl_reply_pmid(struct pl_slot *s, uint32_t pmid)
{
    if (!begin(s, 24))
        return;
    pl_ids_encode(&s->w, PL_PMNS_IDS, 0, 0, &pmid, 1);
    answer(s);
}

void
pl_reply_again(struct pl_slot *s)
{
    s->state = PL_WAITING;
    s->n_metrics = 0;
    s->n_label_sets = s->n_labels = s->json_len = 0;
    s->build_err = 0;
}

/* The reply will not be: remember why, for its end. */
static int
give_up(struct pl_slot *s, int err)
{
    if (!s->build_err)
        s->build_err = err;
    return err;
}

/* ---- results ---- */

int
pl_reply_begin_result(struct pl_engine *e, struct pl_slot *s, size_t n_filled,
                      size_t n_values)
{
    size_t sets = pl_result_sets_bytes(s->event.n_pmids, n_filled, n_values);
    int err = pl_grow(&s->reply, &s->reply_room, 0, sets + FIRST_RESULT_BYTES, 1,
                      e->max_reply_bytes);

    s->state = PL_BUILDING;
    s->n_metrics = 0;
    if (err < 0)
        return give_up(s, err);
    pl_result_begin(&s->result, s->reply, s->reply_room, sets, 0, e->changes, 0,
                    (uint32_t)s->event.n_pmids);
    return 0;
}

/* Room for one more value: its place in the sets, and its block. */
static int
make_room(struct pl_engine *e, struct pl_slot *s, size_t set_bytes, size_t block_bytes)
{
    struct pl_result_wr *r = &s->result;
    size_t sets_left = (size_t)(r->sets.end - r->sets.at);
    size_t blocks_left = (size_t)(r->blocks.end - r->blocks.at);

    if (sets_left >= set_bytes && blocks_left >= block_bytes)
        return 0;
    size_t sets_size = (size_t)(r->sets.end - r->sets.start);
    size_t more = sets_left >= set_bytes ? 0 : pl_pad4(sets_size) + set_bytes;
    size_t used = sets_size + wr_len(&r->blocks);
    int err = pl_grow(&s->reply, &s->reply_room, used, more + block_bytes, 1,
                      e->max_reply_bytes);
    if (err == -ENOBUFS && more && used + block_bytes < e->max_reply_bytes) {
        /* Twice as many would pass the limit: half of what there is up to it. */
        more = (e->max_reply_bytes - used - block_bytes) / 2 & ~(size_t)3;
        more = more < set_bytes ? set_bytes : more;
        err = pl_grow(&s->reply, &s->reply_room, used, more + block_bytes, 1,
                      e->max_reply_bytes);
    }
    if (err < 0)
        return give_up(s, err);
    pl_result_moved(r, s->reply, s->reply_room);
    if (more)
        pl_result_widen(r, more);
    return 0;
}

int
pl_reply_metric(struct pl_engine *e, struct pl_slot *s, int32_t status)
{
    if (s->state == PL_WAITING)
        (void)pl_reply_begin_result(e, s, s->event.n_pmids, s->event.n_pmids);
    if (s->build_err)
        return s->build_err;
    if (s->n_metrics == s->event.n_pmids)
        return -EINVAL;
    int err = make_room(e, s, 8, 0);
    if (err == 0)
        pl_result_set(&s->result, s->event.pmids[s->n_metrics++], status);
    return err;
}

static bool
is_insitu(int32_t type)
{
    return type == PMDALOOP_32 || type == PMDALOOP_U32;
}

static int
add_block(struct pl_engine *e, struct pl_slot *s, int32_t inst,
          const struct pmdaloop_value *v)
{
    size_t len = pl_scalar_bytes(v->type);
    size_t text = 0;
    enum pl_valfmt fmt = v->type >= PMDALOOP_AGGREGATE_STATIC ? PL_SPTR : PL_DPTR;

    if (v->type == PMDALOOP_STRING) {
        if (!v->as.bytes)
            return -EINVAL;
        text = v->len ? v->len : strlen(v->as.bytes);
        len = text + 1;
    } else if (len == 0) {
        len = v->len;
    }
    if (len > 0xffffff - 4)
        return -E2BIG;
    int err = make_room(e, s, 12, 4 + pl_pad4(len));
    if (err < 0)
        return err;
    uint8_t *p = pl_result_block(&s->result, inst, fmt, v->type, len);
    if (v->type == PMDALOOP_STRING) {
        memcpy(p, v->as.bytes, text);
        p[text] = '\0';
    } else {
        struct wr w = wr_over(p, len);
        pl_value_encode(&w, v);
    }
    return 0;
}

int
pl_reply_value(struct pl_engine *e, struct pl_slot *s, int32_t inst,
               const struct pmdaloop_value *v)
{
    if (s->build_err)
        return s->build_err;
    if (s->state != PL_BUILDING || s->n_metrics == 0)
        return -EINVAL;
    if (v->type < PMDALOOP_32 || v->type > PMDALOOP_HIGHRES_EVENT)
        return -EINVAL;
    if (s->result.numval > 0 && s->set_type != v->type)
        return -EINVAL; /* a set has one format */
    s->set_type = v->type;
    if (!is_insitu(v->type))
        return add_block(e, s, inst, v);
    int err = make_room(e, s, 12, 0);
    if (err == 0)
        pl_result_insitu(&s->result, inst, v->as.u32);
    return err;
}

static int
end_result(struct pl_engine *e, struct pl_slot *s)
{
    if (s->state == PL_WAITING)
        (void)pl_reply_begin_result(e, s, 0, 0);
    while (!s->build_err && s->n_metrics < s->event.n_pmids)
        (void)pl_reply_metric(e, s, PMDALOOP_PM_AGAIN);
    if (s->build_err)
        return s->build_err;
    s->reply_len = pl_result_end(&s->result);
    if (s->reply_len == 0)
        return -ENOBUFS;
    s->state = PL_ANSWERED;
    e->changes = 0;
    return 0;
}

/* ---- lists ---- */

/* Room for an element, and the list begun. */
static int
begin_element(struct pl_engine *e, struct pl_slot *s, size_t bytes)
{
    bool is_first = s->state == PL_WAITING;
    size_t used = is_first ? 0 : wr_len(&s->w);

    if (s->build_err)
        return s->build_err;
    s->state = PL_BUILDING;
    int err =
        pl_grow(&s->reply, &s->reply_room, used, bytes + 64, 1, e->max_reply_bytes);
    if (err < 0)
        return give_up(s, err);
    s->w = wr_over(s->reply, s->reply_room);
    if (!is_first) {
        s->w.at += used;
        s->list.head = s->reply;
        return 0;
    }
    if (s->event.kind == PMDALOOP_INSTANCE)
        s->list = pl_instances_begin(&s->w, 0, s->event.ident);
    else
        s->list = pl_names_begin(&s->w, 0,
                                 s->event.kind == PMDALOOP_CHILDREN && s->event.what);
    return 0;
}

int
pl_reply_instance(struct pl_engine *e, struct pl_slot *s, int32_t inst,
                  const char *name, size_t len)
{
    int err = begin_element(e, s, 8 + pl_pad4(len));

    /* Who asks for a name by number gets it alone, and the other way round. */
    if (err == 0 && s->event.inst != PMDALOOP_NO_INST)
        inst = PMDALOOP_NO_INST;
    if (err == 0 && s->event.name)
        len = 0;
    if (err == 0)
        pl_instances_add(&s->list, inst, name, len);
    return err;
}

int
pl_reply_name(struct pl_engine *e, struct pl_slot *s, const char *name, size_t len,
              bool is_leaf)
{
    int err = begin_element(e, s, 8 + pl_pad4(len));

    if (err == 0)
        pl_names_add(&s->list, name, len, is_leaf ? 0 : 1);
    return err;
}

static int
end_list(struct pl_engine *e, struct pl_slot *s)
{
    if (s->state == PL_WAITING)
        (void)begin_element(e, s, 0);
    if (s->build_err)
        return s->build_err;
    if (s->event.kind == PMDALOOP_INSTANCE)
        pl_instances_end(&s->list);
    else
        pl_names_end(&s->list);
    if (s->w.bad)
        return -ENOBUFS;
    answer(s);
    return 0;
}

/* ---- labels ---- */

int
pl_reply_labels(struct pl_engine *e, struct pl_slot *s, int32_t inst, const char *json,
                size_t len)
{
    size_t max = e->max_reply_bytes, json_len = 0;
    struct pl_label_set set = {.inst = inst};
    int err;

    if (s->build_err)
        return s->build_err;
    s->state = PL_BUILDING;
    if (s->n_label_sets > 0 && s->event.what != PMDALOOP_LABEL_INSTANCES)
        return -EINVAL;
    if ((err = pl_grow(&s->label_sets, &s->label_sets_room, s->n_label_sets, 1,
                       sizeof(*s->label_sets), max / sizeof(*s->label_sets))) < 0 ||
        (err = pl_grow(&s->labels, &s->labels_room, s->n_labels, PL_MAX_LABELS,
                       sizeof(*s->labels), max / sizeof(*s->labels))) < 0 ||
        (err = pl_grow(&s->json, &s->json_room, s->json_len, len, 1, max)) < 0)
        return give_up(s, err);
    if (len > 0) {
        err =
            pl_labeljson_parse(json, len, (uint8_t)s->event.what, s->json + s->json_len,
                               &json_len, s->labels + s->n_labels, PL_MAX_LABELS);
        set.n = err > 0 ? err : 0;
        set.json_len = err > 0 ? json_len : 0;
    }
    /* One of instances stands for its instance, even without labels. */
    if (set.n > 0 || s->event.what == PMDALOOP_LABEL_INSTANCES)
        s->label_sets[s->n_label_sets++] = set;
    s->n_labels += (size_t)set.n;
    s->json_len += set.json_len;
    return err < 0 ? err : 0;
}

static int
end_labels(struct pl_engine *e, struct pl_slot *s)
{
    size_t bytes = 28 + s->n_label_sets * 16 + s->n_labels * 8 + s->json_len;
    const struct pl_label *labels = s->labels;
    const char *json = s->json;

    if (s->build_err)
        return s->build_err;
    int err = pl_grow(&s->reply, &s->reply_room, 0, bytes, 1, e->max_reply_bytes);
    if (err < 0)
        return err;
    for (size_t i = 0; i < s->n_label_sets; i++) {
        struct pl_label_set *set = &s->label_sets[i];
        set->labels = labels;
        set->json = json;
        if (set->n > 0)
            labels += set->n;
        if (set->json_len > 0)
            json += set->json_len;
    }
    s->w = wr_over(s->reply, s->reply_room);
    pl_labels_encode(&s->w, 0, s->event.ident, s->event.what, s->label_sets,
                     (uint32_t)s->n_label_sets);
    if (s->w.bad)
        return -ENOBUFS;
    answer(s);
    return 0;
}

int
pl_reply_end(struct pl_engine *e, struct pl_slot *s)
{
    int err;

    switch (s->event.kind) {
    case PMDALOOP_FETCH:
        err = end_result(e, s);
        break;
    case PMDALOOP_INSTANCE:
    case PMDALOOP_NAMES_OF:
    case PMDALOOP_CHILDREN:
    case PMDALOOP_TRAVERSE:
        err = end_list(e, s);
        break;
    case PMDALOOP_LABELS:
        err = end_labels(e, s);
        break;
    default:
        return -EINVAL;
    }
    if (err < 0)
        pl_reply_error(s, err == -ENOBUFS ? PMDALOOP_PM_TOOBIG : err);
    return err;
}
