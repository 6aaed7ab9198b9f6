/* SPDX-License-Identifier: MIT */
/* Packets out of a descriptor or a FILE. */
#include "xm.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    READER_BYTES = 256 * 1024
}; /* some packets of 64 KiB, and what is read at once */

struct xrdmon_reader {
    int fd;     /* or -1: */
    FILE *file; /* then this */
    struct xrdmon_scan scan;
    uint64_t base;       /* where bytes[0] stands in the input */
    uint64_t packet_at;  /* where the last packet does, */
    uint64_t skipped_at; /* and the last garbage */
    uint8_t bytes[READER_BYTES];
};

static int
new_reader(struct xrdmon_reader **ret_reader, int fd, FILE *file)
{
    struct xrdmon_reader *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    r->fd = fd;
    r->file = file;
    r->scan = xrdmon_scan_over(r->bytes, 0);
    r->scan.is_partial = true;
    *ret_reader = r;
    return 0;
}

int
xrdmon_reader_new_fd(struct xrdmon_reader **ret_reader, int fd)
{
    return fd < 0 ? -EBADF : new_reader(ret_reader, fd, NULL);
}

int
xrdmon_reader_new_file(struct xrdmon_reader **ret_reader, FILE *file)
{
    return file ? new_reader(ret_reader, -1, file) : -EINVAL;
}

void
xrdmon_reader_free(struct xrdmon_reader *reader)
{
    free(reader);
}

/* The bytes read, 0 at the end, or -errno. */
static ssize_t
read_some(struct xrdmon_reader *r, uint8_t *at, size_t room)
{
    ssize_t n;

    if (r->file) {
        size_t got = fread(at, 1, room, r->file);
        return got || !ferror(r->file) ? (ssize_t)got : -EIO;
    }
    do
        n = read(r->fd, at, room);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

/* Move what is left to the front, and read behind it. */
static int
fill(struct xrdmon_reader *r)
{
    struct xrdmon_scan *s = &r->scan;
    size_t left = (size_t)(s->end - s->at);

    memmove(r->bytes, s->at, left);
    r->base += (uint64_t)(s->at - s->start);
    s->at = s->start;
    s->end = s->start + left;
    ssize_t n = read_some(r, r->bytes + left, READER_BYTES - left);
    if (n < 0)
        return (int)n;
    s->end += n;
    s->is_partial = n > 0;
    return 0;
}

int
xrdmon_reader_next(struct xrdmon_reader *reader, const uint8_t **ret_bytes,
                   size_t *ret_len)
{
    struct xrdmon_scan *s = &reader->scan;
    const uint8_t *bytes;

    for (;;) {
        bool was_lost = s->is_lost;
        uint64_t skipped = s->skipped_bytes;
        int found = xrdmon_scan_next(s, &bytes, ret_len);
        if (!was_lost && s->skipped_bytes > skipped)
            reader->skipped_at = reader->base + s->skipped_at;
        if (found) {
            reader->packet_at = reader->base + (uint64_t)(bytes - s->start);
            *ret_bytes = bytes;
            return 1;
        }
        if (!s->is_partial)
            return 0;
        int err = fill(reader);
        if (err)
            return err;
    }
}

uint64_t
xrdmon_reader_get_offset(const struct xrdmon_reader *reader)
{
    return reader->packet_at;
}

uint64_t
xrdmon_reader_get_skipped(const struct xrdmon_reader *reader, uint64_t *ret_offset)
{
    if (ret_offset)
        *ret_offset = reader->skipped_at;
    return reader->scan.skipped_bytes;
}
