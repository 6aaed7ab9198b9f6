/* SPDX-License-Identifier: MIT */
/* Directories: one document, and the same cut in two at its first NUL. */
#include "dir.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const uint8_t *nul = len ? memchr(bytes, 0, len) : NULL;
    size_t first = nul ? (size_t)(nul - bytes) : len, fault = 0;
    size_t lens[2] = {first, len - first};
    struct lc_dir dir = {0};
    struct lc_dir_reply reply;

    (void)lc_dir_reply_take(bytes, len, &reply);
    if (nul) { /* the NUL itself is white space to nobody: skip it */
        char *both = malloc(len);
        if (!both)
            return 0;
        memcpy(both, bytes, first);
        memcpy(both + first, nul + 1, len - first - 1);
        lens[1] = len - first - 1;
        if (lc_dir_read(both, lens, 2, 1 << 20, &dir, &fault) < 0 && fault > len)
            abort();
        free(both);
    } else if (lc_dir_read((const char *)bytes, lens, 1, 1 << 20, &dir, &fault) < 0 &&
               fault > len) {
        abort();
    }
    for (size_t i = 0; i < dir.n_sets; i++)
        if (strlen(dir.sets[i].name) > len || !dir.sets[i].info)
            abort();
    if (dir.text && strlen(dir.text) > dir.text_len)
        abort();
    lc_dir_free(&dir);
    return 0;
}
