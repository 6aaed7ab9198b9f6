/* SPDX-License-Identifier: MIT */
/* __pmSend*(): PCP's structures as PDUs on a descriptor, for programs with a loop of their
 * own. */
#include "pcp/result.h"
#include "pcp/stream.h"

enum { FROM_AT = 8, ERROR_BYTES = 16, DESC_BYTES = 32, TEXT_HEAD_BYTES = 20 };

/* Send the n bytes in the stream's room, or do not where n is a code; either way the
 * stream has served. */
static int
send_and_free(struct pl_stream *s, int from, ssize_t n)
{
    int err = (int)n;

    if (n > 0) {
        wr_be32(s->reply + FROM_AT, (uint32_t)from);
        err = pl_stream_send(s, (size_t)n);
    }
    free(s->reply);
    return err;
}

int
__pmSendError(int fd, int from, int code)
{
    struct pl_stream s = {.out = fd};
    uint8_t *room = pl_stream_room(&s, ERROR_BYTES);

    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, ERROR_BYTES);
    pl_error_encode(&w, from, code);
    return send_and_free(&s, from, (ssize_t)wr_len(&w));
}

int
__pmSendResult(int fd, int from, const __pmResult *result)
{
    enum { NSEC_OF_USEC = 1000 };
    struct pl_stream s = {.out = fd};
    size_t n = result->numpmid > 0 ? (size_t)result->numpmid : 0;
    pmResult *same = calloc(1, sizeof(*same) + n * sizeof(same->vset[0]));

    if (!same)
        return -ENOMEM;
    same->timestamp.tv_sec = (time_t)result->timestamp.sec;
    same->timestamp.tv_usec = result->timestamp.nsec / NSEC_OF_USEC;
    same->numpmid = result->numpmid;
    memcpy(same->vset, result->vset, n * sizeof(same->vset[0]));
    ssize_t len = pl_result_put(&s, same);
    free(same);
    return send_and_free(&s, from, len);
}

/* NOLINTBEGIN(readability-non-const-parameter): the prototypes are PCP's */
int
__pmSendDesc(int fd, int from, pmDesc *desc)
{
    struct pl_stream s = {.out = fd};
    uint8_t *room = pl_stream_room(&s, DESC_BYTES);
    uint32_t units;

    if (!room)
        return -ENOMEM;
    memcpy(&units, &desc->units, sizeof(units));
    const struct pmdaloop_desc out = {desc->pmid, desc->type, desc->indom, desc->sem,
                                      units};
    struct wr w = wr_over(room, DESC_BYTES);
    pl_desc_encode(&w, from, &out);
    return send_and_free(&s, from, (ssize_t)wr_len(&w));
}

int
__pmSendInstance(int fd, int from, pmInResult *result)
{
    struct pl_stream s = {.out = fd};
    return send_and_free(&s, from, pl_instances_put(&s, result));
}
/* NOLINTEND(readability-non-const-parameter) */

int
__pmSendText(int fd, int from, int ident, const char *text)
{
    struct pl_stream s = {.out = fd};
    size_t n = strlen(text), bytes = TEXT_HEAD_BYTES + pl_pad4(n);
    uint8_t *room = pl_stream_room(&s, bytes);

    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, bytes);
    pl_text_encode(&w, from, (uint32_t)ident, text, n);
    return send_and_free(&s, from, w.bad ? PM_ERR_TOOBIG : (ssize_t)wr_len(&w));
}
