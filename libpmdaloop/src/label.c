/* SPDX-License-Identifier: MIT */
/* LABEL_REQ and LABEL: sets of labels, as JSON and an index into it. */
#include "pdu.h"

enum { LABEL_FIXED_BYTES = 28, SET_BYTES = 16, INDEX_BYTES = 8 };

int
pl_label_req_decode(const void *pdu, size_t len, struct pl_ident *ret)
{
    return pl_text_req_decode(pdu, len, ret); /* laid out alike */
}

void
pl_label_req_encode(struct wr *w, int32_t from, uint32_t ident, int32_t kind)
{
    uint8_t *head = pl_pdu_begin(w, PL_LABEL_REQ, from);

    wr_u32(w, ident);
    wr_u32(w, (uint32_t)kind);
    pl_pdu_end(w, head);
}

static struct pl_label
label_from(const uint8_t *p)
{
    return (struct pl_label){
        .name = rd_be16(p),
        .name_len = p[2],
        .flags = p[3],
        .value = rd_be16(p + 4),
        .value_len = rd_be16(p + 6),
    };
}

struct pl_label
pl_label_at(const struct pl_label_set *set, int32_t i)
{
    return set->index ? label_from(set->index + (size_t)i * INDEX_BYTES)
                      : set->labels[i];
}

/*    i32 instance · i32 labels or error · i32 offset of the JSON in the PDU · i32 its
 *    length · labels × {u16 name · u8 length · u8 flags · u16 value · u16 length}
 */
static bool
take_set(struct pl_labels *l, struct pl_label_set *ret)
{
    struct pl_label_set s = {0};

    s.inst = rd_i32(&l->sets);
    s.n = rd_i32(&l->sets);
    uint32_t at = rd_u32(&l->sets);
    uint32_t len = rd_u32(&l->sets);
    if (l->sets.bad || s.n > PL_MAX_LABELS || len > PL_MAX_LABEL_JSON)
        return false;
    if (s.n > 0)
        s.index = rd_bytes(&l->sets, (size_t)s.n * INDEX_BYTES);
    if (len > 0) {
        struct rd c = l->pdu;
        (void)rd_bytes(&c, at);
        s.json = (const char *)rd_bytes(&c, len);
        if (c.bad)
            return false;
    }
    s.json_len = len;
    *ret = s;
    return !l->sets.bad;
}

/* Every name and value lies in the JSON, and the JSON behind the sets. */
static bool
is_set_good(const struct pl_label_set *s, const uint8_t *first_json)
{
    if (s->json && (const uint8_t *)s->json < first_json)
        return false;
    for (int32_t i = 0; i < s->n; i++) {
        struct pl_label label = pl_label_at(s, i);
        if ((size_t)label.name + label.name_len > s->json_len ||
            (size_t)label.value + label.value_len > s->json_len)
            return false;
    }
    return true;
}

/*   12  u32  ident
 *   16  i32  kind
 *   20  u32  0
 *   24  i32  n
 *   28  n sets, then their JSON texts, unpadded
 */
int
pl_labels_decode(const void *pdu, size_t len, struct pl_labels *ret)
{
    struct pl_labels l = {.pdu = rd_over(pdu, len)};
    struct pl_label_set set;
    struct rd c = pl_pdu_body(pdu, len);

    l.ident = rd_u32(&c);
    l.kind = rd_i32(&c);
    (void)rd_u32(&c);
    l.n = rd_u32(&c);
    if (c.bad || (uint64_t)l.n * SET_BYTES > rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    l.sets = c;

    struct pl_labels walk = l;
    for (; walk.n > 0; walk.n--)
        if (!take_set(&walk, &set))
            return -PMDALOOP_EMALFORMED;
    l.sets.end = walk.sets.at;
    walk = l;
    while (pl_labels_next(&walk, &set))
        if (!is_set_good(&set, l.sets.end))
            return -PMDALOOP_EMALFORMED;
    *ret = l;
    return 0;
}

bool
pl_labels_next(struct pl_labels *l, struct pl_label_set *ret)
{
    if (l->n == 0 || !take_set(l, ret))
        return false;
    l->n--;
    return true;
}

void
pl_labels_encode(struct wr *w, int32_t from, uint32_t ident, int32_t kind,
                 const struct pl_label_set *sets, uint32_t n)
{
    uint8_t *head = pl_pdu_begin(w, PL_LABEL, from);
    size_t at = LABEL_FIXED_BYTES;

    wr_u32(w, ident);
    wr_u32(w, (uint32_t)kind);
    wr_u32(w, 0);
    wr_u32(w, n);
    for (uint32_t i = 0; i < n; i++)
        at += SET_BYTES + (sets[i].n > 0 ? (size_t)sets[i].n * INDEX_BYTES : 0);
    for (uint32_t i = 0; i < n; i++) {
        const struct pl_label_set *s = &sets[i];
        if (s->n > PL_MAX_LABELS || s->json_len > PL_MAX_LABEL_JSON || at > INT32_MAX)
            w->bad = true;
        wr_u32(w, (uint32_t)s->inst);
        wr_u32(w, (uint32_t)s->n);
        wr_u32(w, (uint32_t)at);
        wr_u32(w, (uint32_t)s->json_len);
        for (int32_t k = 0; k < s->n && !w->bad; k++) {
            struct pl_label label = pl_label_at(s, k);
            wr_u16(w, label.name);
            wr_u8(w, label.name_len);
            wr_u8(w, label.flags);
            wr_u16(w, label.value);
            wr_u16(w, label.value_len);
        }
        at += s->json_len;
    }
    for (uint32_t i = 0; i < n; i++)
        wr_bytes(w, sets[i].json, sets[i].json_len);
    pl_pdu_end(w, head);
}
