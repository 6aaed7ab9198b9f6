/* SPDX-License-Identifier: MIT */
/* Records split and joined. */
#include "message.h"

#include "attr.h"
#include "envelope.h"
#include "frame.h"
#include "ldmsctl.h"

/* Room for n more bytes. The first record of several is a full one, and daemons fill the
 * next ones too, so the room doubles. */
static int
make_room(struct lc_message *m, size_t n, bool last, size_t limit)
{
    if (n > limit || m->len > limit - n)
        return -LDMSCTL_ETOOBIG;
    if (m->bytes && n <= m->room - m->len)
        return 0;
    size_t room = m->len + n;
    if (!last)
        room = room > limit / 2 ? limit : room * 2;
    uint8_t *bytes = realloc(m->owned, room ? room : 1);
    if (!bytes)
        return -ENOMEM;
    m->owned = m->bytes = bytes;
    m->room = room;
    return 0;
}

int
lc_message_add(struct lc_message *m, const struct lc_record *r,
               const struct lc_message_limit *limit)
{
    bool first = (r->flags & LC_RECORD_SOM) != 0,
         last = (r->flags & LC_RECORD_EOM) != 0;

    if (first == m->started || (m->started && r->type != m->type))
        return -LDMSCTL_EPROTO;
    if (m->records >= limit->records)
        return -LDMSCTL_ETOOBIG;
    int err = make_room(m, r->len, last, limit->bytes);
    if (err < 0)
        return err;
    if (r->len)
        memcpy(m->bytes + m->len, r->body, r->len);
    m->len += r->len;
    m->records++;
    m->started = true;
    m->type = r->type;
    m->code = r->code;
    return last;
}

void
lc_message_adopt(struct lc_message *m, const struct lc_record *r, uint8_t *owned,
                 size_t owned_room)
{
    m->owned = owned;
    m->owned_room = owned_room;
    m->bytes = owned + (r->body - owned);
    m->len = r->len;
    m->room = owned_room; /* held as long as the message is */
    m->type = r->type;
    m->code = r->code;
    m->records = 1;
    m->started = true;
}

void
lc_message_free(struct lc_message *m)
{
    free(m->owned);
    *m = (struct lc_message){0};
}

/* Attribute bytes that a record has room for; the last one also has the list's end, and
 * every record leaves that much free so that any can be the last. */
static size_t
piece_bytes(size_t max_record)
{
    return max_record - LC_RECORD_HEAD_BYTES - LC_ATTR_END_BYTES;
}

static size_t
count_records(size_t attrs_len, size_t max_record)
{
    size_t piece = piece_bytes(max_record);
    return attrs_len == 0 ? 1 : (attrs_len + piece - 1) / piece;
}

size_t
lc_message_size(size_t attrs_len, size_t max_record)
{
    size_t each = lc_envelope_overhead(LC_SEND_MSG) + LC_RECORD_HEAD_BYTES;
    return count_records(attrs_len, max_record) * each + attrs_len + LC_ATTR_END_BYTES;
}

int
lc_message_put(struct queue *out, uint32_t *zap_xid, const struct lc_record *head,
               const void *attrs, size_t attrs_len, size_t max_record)
{
    size_t size = lc_message_size(attrs_len, max_record), at = 0;
    uint8_t *room = queue_room(out, size);
    struct lc_record r = *head;

    if (!room)
        return -errno;
    struct wr c = wr_over(room, size);
    r.flags = LC_RECORD_SOM;
    do {
        size_t piece = attrs_len - at;
        if (piece > piece_bytes(max_record))
            piece = piece_bytes(max_record);
        bool last = at + piece == attrs_len;
        if (last)
            r.flags |= LC_RECORD_EOM;
        r.len = piece + (last ? LC_ATTR_END_BYTES : 0);
        lc_frame_put_head(&c, ++*zap_xid,
                          LC_ENVELOPE_MSG_HEAD + LC_RECORD_HEAD_BYTES + r.len);
        lc_envelope_put_head(&c, 0, LC_SEND_MSG, LC_RECORD_HEAD_BYTES + r.len);
        lc_record_put_head(&c, &r);
        if (piece)
            wr_bytes(&c, (const uint8_t *)attrs + at, piece);
        if (last)
            lc_attr_put_end(&c);
        at += piece;
        r.flags = 0;
    } while (at < attrs_len);
    queue_added(out, wr_len(&c));
    return 0;
}
