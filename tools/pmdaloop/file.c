/* SPDX-License-Identifier: MIT */
/* Files, read whole. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* What is left of the stream, in memory that grows with it. */
static char *
read_all(FILE *f, size_t most, size_t *ret_len)
{
    size_t len = 0, room = 4096, got;
    char *bytes = malloc(room);

    while (bytes && (got = fread(bytes + len, 1, room - 1 - len, f)) > 0) {
        len += got;
        if (len > most || len < room - 1)
            break;
        room *= 2;
        char *more = realloc(bytes, room);
        if (!more)
            free(bytes);
        bytes = more;
    }
    if (bytes && len <= most && !ferror(f)) {
        bytes[len] = '\0';
        *ret_len = len;
        return bytes;
    }
    if (bytes && len > most)
        errno = EFBIG;
    free(bytes);
    return NULL;
}

char *
file_read(const char *path, size_t most, size_t *ret_len)
{
    FILE *f = fopen(path, "r");
    char *bytes = f ? read_all(f, most, ret_len) : NULL;
    int err = errno;

    if (f)
        fclose(f);
    errno = err;
    return bytes;
}
