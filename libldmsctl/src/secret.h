/* SPDX-License-Identifier: MIT */
#ifndef LC_SECRET_H
#define LC_SECRET_H

/* The file with the secret word of the `ovis` authentication. */
#include <stddef.h>

enum { LC_SECRET_MIN = 8, LC_SECRET_MAX = 512 };

/* Read the word from path, or where that is NULL from $LDMS_AUTH_FILE or the first of the
 * usual places that is there. -EINVAL for a file that others may read, a relative path
 * or a word of bad length, -ENOENT for no file or no word in it, or -errno;
 * ret_why then says so in words. */
int lc_secret_read(const char *path, char ret_secret[LC_SECRET_MAX + 1], char *ret_why,
                   size_t why_size);

#endif
