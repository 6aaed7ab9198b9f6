/* SPDX-License-Identifier: MIT */
/* Help files: the first two bytes say how much of the input is the index, the rest is text.
 * Whatever opens can be searched without leaving the files. */
#include "pcp/help.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* An allocation of exactly n bytes, so that a read past them is seen. */
static char *
copy(const uint8_t *bytes, size_t n)
{
    char *p = malloc(n ? n : 1);
    if (!p)
        abort();
    if (n)
        memcpy(p, bytes, n);
    return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len < 2)
        return 0;
    size_t dir = (size_t)(bytes[0] << 8 | bytes[1]);
    if (dir > len - 2)
        dir = len - 2;
    struct pl_help h = {.dir = copy(bytes + 2, dir),
                        .dir_bytes = dir,
                        .pag = copy(bytes + 2 + dir, len - 2 - dir),
                        .pag_bytes = len - 2 - dir};
    size_t n = 0;

    if (pl_help_check(&h) == 0) {
        for (uint32_t ident = 0; ident < 16; ident++) {
            const char *text = pl_help_find(&h, ident, ident % 2, ident % 4 > 1);
            n += text ? strlen(text) : 0;
        }
    }
    free(h.dir);
    free(h.pag);
    return n > len * 16 ? 1 : 0;
}
