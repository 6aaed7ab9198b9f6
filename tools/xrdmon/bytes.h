/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_BYTES_H
#define XRDMON_TOOL_BYTES_H

/* Bytes from a file, a pipe or memory, with a look ahead and never a look back: what
 * reads them needs no seek, so a pipe is as good as a file. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The furthest look ahead. The longest datagram fits as hex within a line of JSON. */
#define BYTES_AHEAD ((size_t)256 * 1024)

struct bytes {
    int fd;                      /* -1: memory, or all is read */
    bool owns_fd;                /* bytes_close() closes it */
    bool sees_end;               /* nothing will follow what is held */
    bool was_stopped;            /* since an interrupt came: see stop.h */
    int err;                     /* errno of the read that failed; it ends the bytes */
    uint8_t *own;                /* the buffer, unless the bytes are memory */
    const uint8_t *at;           /* the next byte */
    size_t have;                 /* so many of them are here */
    uint64_t offset;             /* of the next byte, since the beginning */
    uint64_t size;               /* of a regular file; 0 where it is not known */
    void (*before_wait)(void *); /* called before a read that may have to wait */
    void *before_wait_arg;
};

/* "-" is standard input. 0, or -errno. */
int bytes_open(struct bytes *b, const char *path);
/* Borrows the memory. */
void bytes_over(struct bytes *b, const void *memory, size_t len);
void bytes_close(struct bytes *b);

/* Hold at least `want` bytes (at most BYTES_AHEAD), unless the end comes first. Gives
 * how many are held; b->at may have moved. */
size_t bytes_want(struct bytes *b, size_t want);
/* Step over bytes that are held. */
void bytes_skip(struct bytes *b, size_t n);

#endif
