/* SPDX-License-Identifier: MIT */
/* What an agent has answered, as lists that are easy to walk. */
#include "probe.h"

#include "engine.h"

static struct pmdaloop_probe_item *
add_item(struct pmdaloop_probe *p)
{
    if (pl_grow(&p->items, &p->items_room, p->n_items, 1, sizeof(*p->items),
                SIZE_MAX / sizeof(*p->items)) < 0)
        return NULL;
    struct pmdaloop_probe_item *item = &p->items[p->n_items++];
    *item = (struct pmdaloop_probe_item){.inst = PMDALOOP_NO_INST};
    return item;
}

/* A copy with a NUL. Its room was made before: text doesn't move while items point to it. */
static const char *
keep_text(struct pmdaloop_probe *p, const char *text, size_t len)
{
    char *to = p->text + p->text_len;

    if (len)
        memcpy(to, text, len);
    to[len] = '\0';
    p->text_len += len + 1;
    return to;
}

/* One item that is a text. */
static int
add_text(struct pmdaloop_probe *p, const char *text, size_t len,
         struct pmdaloop_probe_item **ret_item)
{
    struct pmdaloop_probe_item *item = add_item(p);

    if (!item)
        return -ENOMEM;
    item->name = keep_text(p, text, len);
    item->name_len = len;
    *ret_item = item;
    return 0;
}

static int
read_values(struct pmdaloop_probe *p, struct pl_set *set)
{
    struct pl_value v;

    while (pl_set_next(set, &v)) {
        struct pmdaloop_probe_item *item = add_item(p);
        if (!item)
            return -ENOMEM;
        item->pmid = set->pmid;
        item->inst = v.inst;
        item->has_value = 1;
        if (set->valfmt == PL_INSITU)
            item->value = (struct pmdaloop_value){
                .type = PMDALOOP_U32, .len = 4, .as.u32 = v.insitu};
        else if (pl_value_decode(v.type, v.bytes, v.len, &item->value) < 0)
            return -PMDALOOP_EMALFORMED;
    }
    return 0;
}

static int
read_result(struct pmdaloop_probe *p, const void *pdu, size_t len)
{
    struct pl_result r;
    struct pl_set set;
    int err = pl_result_decode(pdu, len, &r);

    if (err < 0)
        return err;
    p->event.changes = (int)r.sec;
    while (err == 0 && pl_result_next(&r, &set)) {
        if (set.numval > 0) {
            err = read_values(p, &set);
            continue;
        }
        struct pmdaloop_probe_item *item = add_item(p);
        if (!item)
            return -ENOMEM;
        item->pmid = set.pmid;
        item->code = set.numval;
    }
    return err;
}

static int
read_instances(struct pmdaloop_probe *p, const void *pdu, size_t len)
{
    struct pl_instances l;
    struct pl_instance i;
    struct pmdaloop_probe_item *item;
    int err = pl_instances_decode(pdu, len, &l);

    while (err == 0 && pl_instances_next(&l, &i)) {
        err = add_text(p, i.name, i.len, &item);
        if (err == 0)
            item->inst = i.inst;
    }
    return err;
}

static int
read_names(struct pmdaloop_probe *p, const void *pdu, size_t len)
{
    struct pl_names l;
    struct pl_name name;
    struct pmdaloop_probe_item *item;
    int err = pl_names_decode(pdu, len, &l);

    while (err == 0 && pl_names_next(&l, &name)) {
        err = add_text(p, name.name, name.len, &item);
        if (err == 0)
            item->code = name.status;
    }
    return err;
}

static int
read_labels(struct pmdaloop_probe *p, const void *pdu, size_t len)
{
    struct pl_labels l;
    struct pl_label_set set;
    struct pmdaloop_probe_item *item;
    int err = pl_labels_decode(pdu, len, &l);

    while (err == 0 && pl_labels_next(&l, &set)) {
        err = add_text(p, set.json, set.json_len, &item);
        if (err == 0) {
            item->inst = set.inst;
            item->code = set.n;
        }
    }
    return err;
}

static int
read_text(struct pmdaloop_probe *p, const void *pdu, size_t len)
{
    struct pl_text t;
    struct pmdaloop_probe_item *item;
    int err = pl_text_decode(pdu, len, &t);

    return err < 0 ? err : add_text(p, t.text, t.len, &item);
}

static int
read_ids(struct pmdaloop_probe *p, const void *pdu, size_t len)
{
    struct pl_ids ids;
    int err = pl_ids_decode(pdu, len, &ids);

    for (uint32_t i = 0; err == 0 && i < ids.n; i++) {
        struct pmdaloop_probe_item *item = add_item(p);
        if (!item)
            return -ENOMEM;
        item->pmid = rd_be32(ids.pmids + (size_t)i * 4);
        item->code = ids.status;
    }
    return err;
}

int
pl_probe_read(struct pmdaloop_probe *p, const void *pdu, const struct pl_head *h,
              int32_t due)
{
    int32_t code;

    if (h->type == PL_ERROR) {
        int err = pl_error_decode(pdu, h->len, &code);
        if (err == 0)
            p->event.code = code;
        return err;
    }
    if (due != 0 && h->type != due)
        return -PMDALOOP_EPROTO;
    /* Each name is shorter than its place in the PDU, by the word of its length. */
    if (pl_grow(&p->text, &p->text_room, 0, (size_t)h->len + 1, 1, SIZE_MAX) < 0)
        return -ENOMEM;
    switch (h->type) {
    case PL_RESULT:
        return read_result(p, pdu, h->len);
    case PL_DESC:
        return pl_desc_decode(pdu, h->len, &p->event.desc);
    case PL_INSTANCE:
        return read_instances(p, pdu, h->len);
    case PL_TEXT:
        return read_text(p, pdu, h->len);
    case PL_PMNS_IDS:
        return read_ids(p, pdu, h->len);
    case PL_PMNS_NAMES:
        return read_names(p, pdu, h->len);
    case PL_LABEL:
        return read_labels(p, pdu, h->len);
    default:
        return -PMDALOOP_EPROTO;
    }
}
