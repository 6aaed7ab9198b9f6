/* SPDX-License-Identifier: MIT */
/* Event records, packed for the agent that has some to tell. */
#include "pdu.h"

/* The writer that goes on where the records end. */
static struct pl_events_wr
resume(struct pmdaloop_records *r, struct wr *w)
{
    *w = wr_over(r->bytes, r->room_bytes);
    w->at += r->len;
    return (struct pl_events_wr){
        .w = w,
        .highres = r->type == PMDALOOP_HIGHRES_EVENT,
        .n_records = r->bytes,
        .n_params = r->record ? (uint8_t *)r->bytes + r->record : NULL,
    };
}

int
pmdaloop_records_begin(struct pmdaloop_records *r, int32_t type, void *bytes,
                       size_t room_bytes)
{
    if (type != PMDALOOP_EVENT && type != PMDALOOP_HIGHRES_EVENT)
        return -EINVAL;
    if (room_bytes < 4)
        return -ENOBUFS;
    *r = (struct pmdaloop_records){
        .bytes = bytes, .room_bytes = room_bytes, .len = 4, .type = type};
    wr_be32(bytes, 0);
    return 0;
}

/* Bytes of a record without its parameters. */
static size_t
record_bytes(const struct pmdaloop_records *r)
{
    return r->type == PMDALOOP_HIGHRES_EVENT ? 24 : 16;
}

int
pmdaloop_records_add(struct pmdaloop_records *r, int64_t unix_s, uint32_t nsec,
                     uint32_t flags)
{
    struct wr w;
    struct pl_events_wr e = resume(r, &w);

    if (r->room_bytes - r->len < record_bytes(r))
        return -ENOBUFS;
    pl_events_record(&e, unix_s, e.highres ? nsec : nsec / 1000, flags);
    r->len = wr_len(&w);
    r->record = (size_t)(e.n_params - w.start);
    return 0;
}

int
pmdaloop_records_add_missed(struct pmdaloop_records *r, int64_t unix_s, uint32_t nsec,
                            uint32_t n)
{
    struct wr w;
    struct pl_events_wr e = resume(r, &w);

    if (r->room_bytes - r->len < record_bytes(r))
        return -ENOBUFS;
    pl_events_missed(&e, unix_s, e.highres ? nsec : nsec / 1000, n);
    r->len = wr_len(&w);
    r->record = 0;
    return 0;
}

int
pmdaloop_records_add_value(struct pmdaloop_records *r, uint32_t pmid,
                           const struct pmdaloop_value *value)
{
    uint8_t scalar[8];
    struct wr small = wr_over(scalar, sizeof(scalar));
    const void *bytes = value->as.bytes;
    size_t len = value->len;
    struct wr w;
    struct pl_events_wr e = resume(r, &w);

    if (r->record == 0 || value->type < PMDALOOP_32 || value->type > PMDALOOP_AGGREGATE)
        return -EINVAL;
    if (pl_scalar_bytes(value->type) != 0) {
        pl_value_encode(&small, value);
        bytes = scalar;
        len = wr_len(&small);
    } else if (value->type == PMDALOOP_STRING && len == 0) {
        len = strlen(bytes);
    }
    if (len > 0xffffff - 4)
        return -E2BIG;
    if (r->room_bytes - r->len < 8 + pl_pad4(len))
        return -ENOBUFS;
    pl_events_param(&e, pmid, value->type, bytes, len);
    r->len = wr_len(&w);
    return 0;
}
