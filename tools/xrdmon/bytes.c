/* SPDX-License-Identifier: MIT */
/* Bytes from a file, a pipe or memory, with a look ahead. */
#include "bytes.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Twice the look ahead: what is left moves to the front at most once per BYTES_AHEAD. */
enum { ROOM_FACTOR = 2 };

int
bytes_open(struct bytes *b, const char *path)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct stat st;

    *b = (struct bytes){.fd = is_stdin ? 0 : open(path, O_RDONLY | O_CLOEXEC),
                        .owns_fd = !is_stdin};
    if (b->fd < 0 && errno == EINTR) /* it was waited for until an interrupt came */
        b->was_stopped = b->sees_end = true;
    if (b->fd < 0)
        return b->was_stopped ? 0 : -errno;
    if (fstat(b->fd, &st) == 0) {
        if (S_ISDIR(st.st_mode)) {
            bytes_close(b);
            return -EISDIR;
        }
        if (S_ISREG(st.st_mode) && st.st_size > 0)
            b->size = (uint64_t)st.st_size;
    }
    b->own = malloc(ROOM_FACTOR * BYTES_AHEAD);
    if (!b->own) {
        bytes_close(b);
        return -ENOMEM;
    }
    b->at = b->own;
    return 0;
}

void
bytes_over(struct bytes *b, const void *memory, size_t len)
{
    *b = (struct bytes){
        .fd = -1, .sees_end = true, .at = memory, .have = len, .size = len};
}

void
bytes_close(struct bytes *b)
{
    if (b->owns_fd && b->fd >= 0)
        (void)close(b->fd);
    free(b->own);
    *b = (struct bytes){.fd = -1, .sees_end = true, .err = b->err, .offset = b->offset};
}

/* Would a read have to wait? Then what was printed should be seen first. */
static void
tell_before_wait(struct bytes *b)
{
    struct pollfd p = {.fd = b->fd, .events = POLLIN};
    if (b->before_wait && poll(&p, 1, 0) == 0)
        b->before_wait(b->before_wait_arg);
}

size_t
bytes_want(struct bytes *b, size_t want)
{
    if (b->have >= want || b->sees_end)
        return b->have;
    size_t room = ROOM_FACTOR * BYTES_AHEAD;
    if ((size_t)(b->at - b->own) + want > room) {
        memmove(b->own, b->at, b->have);
        b->at = b->own;
    } else if (b->have == 0) {
        b->at = b->own;
    }
    while (b->have < want && !b->sees_end) {
        size_t filled = (size_t)(b->at - b->own) + b->have;
        tell_before_wait(b);
        if (!stop_wait(b->fd)) {
            b->was_stopped = b->sees_end = true;
            break;
        }
        ssize_t n = read(b->fd, b->own + filled, room - filled);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            b->err = errno;
        if (n <= 0)
            b->sees_end = true;
        else
            b->have += (size_t)n;
    }
    return b->have;
}

void
bytes_skip(struct bytes *b, size_t n)
{
    b->at += n;
    b->have -= n;
    b->offset += n;
}
