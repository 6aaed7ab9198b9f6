/* SPDX-License-Identifier: MIT */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>

/* A whole file, with a NUL behind it; the caller frees. NULL, and errno: EFBIG where it has
 * more than so many bytes. */
char *file_read(const char *path, size_t most, size_t *ret_len);

#endif
