/* SPDX-License-Identifier: MIT */
#ifndef PT_OPTIONS_H
#define PT_OPTIONS_H

/* Structs that the caller fills, and that grow from version to version. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* The caller's struct, which begins with its size, into ours. 0; -EINVAL where it is
 * shorter than the first version; -E2BIG where it says something that we don't know. */
static inline int
pt_options_read(const void *theirs, void *ours, size_t our_size, size_t first_size)
{
    size_t size;

    memset(ours, 0, our_size);
    if (!theirs)
        return 0;
    memcpy(&size, theirs, sizeof(size));
    if (size < first_size)
        return -EINVAL;
    for (size_t i = our_size; i < size; i++)
        if (((const char *)theirs)[i] != 0)
            return -E2BIG;
    memcpy(ours, theirs, size < our_size ? size : our_size);
    return 0;
}

#endif
