/* SPDX-License-Identifier: MIT */
/* The channel to pmcd: a pair of descriptors, whole PDUs in and out. */
#include "pcp/stream.h"

#include "channel.h"

#include <poll.h>

enum { READ_AHEAD_BYTES = 65536, PDU_SPEAKS = 2 };

static void
wait_for(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};

    (void)poll(&p, 1, -1);
}

/* Have n bytes in the buffer, of which the first is at s->at. */
static int
fill(struct pl_stream *s, size_t n, bool ahead)
{
    size_t room = ahead && n < READ_AHEAD_BYTES ? READ_AHEAD_BYTES : n;

    if (s->at + n > s->room) {
        if (s->len && s->at)
            memmove(s->bytes, s->bytes + s->at, s->len);
        s->at = 0;
    }
    if (room > s->room) {
        uint8_t *bytes = realloc(s->bytes, room);
        if (!bytes)
            return -ENOMEM;
        s->bytes = bytes;
        s->room = room;
    }
    while (s->len < n) {
        size_t end = s->at + s->len;
        ssize_t got = read(s->in, s->bytes + end, ahead ? s->room - end : n - s->len);
        if (got == 0)
            return PM_ERR_EOF;
        if (got < 0 && errno == EAGAIN)
            wait_for(s->in, POLLIN);
        else if (got < 0 && errno != EINTR)
            return errno == ECONNRESET ? PM_ERR_EOF : -errno;
        if (got > 0)
            s->len += (size_t)got;
    }
    return 0;
}

int
pl_stream_read(struct pl_stream *s, bool ahead, const uint8_t **ret_pdu,
               struct pl_head *ret_head)
{
    int err;

    if (s->len == 0)
        s->at = 0;
    if ((err = fill(s, PL_HEAD_BYTES, ahead)) < 0) {
        /* inside a header it is not the end that pmcd makes */
        return err == PM_ERR_EOF && s->len > 0 ? PM_ERR_IPC : err;
    }
    if (pl_pdu_peek(s->bytes + s->at, s->len, PL_MAX_REQUEST_BYTES, ret_head) < 0)
        return PM_ERR_IPC;
    /* a long PDU is read as it comes: what was announced and never sent costs nothing */
    for (size_t n = PL_HEAD_BYTES; n < ret_head->len;) {
        n = ret_head->len - n > READ_AHEAD_BYTES ? n + READ_AHEAD_BYTES : ret_head->len;
        if ((err = fill(s, n, ahead)) < 0)
            return err == PM_ERR_EOF ? PM_ERR_IPC : err;
    }
    *ret_pdu = s->bytes + s->at;
    s->at += ret_head->len;
    s->len -= ret_head->len;
    return 1;
}

uint8_t *
pl_stream_room(struct pl_stream *s, size_t n)
{
    if (n > s->reply_room) {
        size_t room = n < 1024 ? 1024 : n + n / 2;
        free(s->reply); /* nothing in it is of use */
        s->reply = malloc(room);
        s->reply_room = s->reply ? room : 0;
    }
    return s->reply;
}

int
pl_stream_send(struct pl_stream *s, size_t n)
{
    const uint8_t *at = s->reply;

    if (!s->sigpipe_seen_to)
        pl_ignore_sigpipe();
    s->sigpipe_seen_to = true;
    pl_pipe_hold(s->out, n, &s->out_held);
    while (n > 0) {
        ssize_t sent = write(s->out, at, n);
        if (sent < 0 && errno == EAGAIN)
            wait_for(s->out, POLLOUT);
        else if (sent < 0 && errno != EINTR)
            return -errno;
        if (sent > 0) {
            at += sent;
            n -= (size_t)sent;
        }
    }
    return 0;
}

int
pl_stream_send_error(struct pl_stream *s, int code)
{
    enum { ERROR_BYTES = 16 };
    uint8_t *room = pl_stream_room(s, ERROR_BYTES);

    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, ERROR_BYTES);
    pl_error_encode(&w, 0, code);
    return pl_stream_send(s, wr_len(&w));
}

int
pl_stream_exchange_versions(struct pl_stream *s, const char *name, unsigned flags)
{
    enum { CREDS_BYTES = 20 };
    uint8_t *room = pl_stream_room(s, CREDS_BYTES);
    const uint8_t *pdu = NULL;
    struct pl_head head = {0};
    struct pl_creds creds;

    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, CREDS_BYTES);
    pl_creds_encode(&w, (int32_t)getpid(), PDU_SPEAKS, flags);
    int err = pl_stream_send(s, wr_len(&w));
    if (err == 0)
        err = pl_stream_read(s, false, &pdu, &head);
    if (err < 0) {
        pmNotifyErr(LOG_ERR, "%s: version exchange with pmcd failed: %s", name,
                    pmErrStr(err));
        return err;
    }
    if (head.type != PL_CREDS || pl_creds_decode(pdu, head.len, &creds) < 0) {
        const char *type = pl_pdu_name(head.type);
        pmNotifyErr(LOG_ERR, "%s: version exchange with pmcd failed: unexpected PDU %s",
                    name, type ? type : "of unknown type");
        return PM_ERR_IPC;
    }
    if (creds.n_others > 0)
        pmNotifyErr(LOG_WARNING, "%s: pmcd sent %u credentials of unknown kind", name,
                    (unsigned)creds.n_others);
    if (creds.version != PDU_SPEAKS) {
        pmNotifyErr(LOG_ERR, "%s: pmcd speaks PDU version %u, not %d", name,
                    (unsigned)creds.version, PDU_SPEAKS);
        return PM_ERR_IPC;
    }
    return 0;
}
