/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_HELP_H
#define PL_PCP_HELP_H

/* A pair of help files in memory. */
#include <pcp/pmda.h>

#include <stdbool.h>

struct pl_help {
    char *dir, *pag;
    size_t dir_bytes, pag_bytes;
    size_t n;
    bool sorted; /* as newhelp leaves them */
};

/* Check the files, so that nothing found in them can lead out of them. 0 or -EINVAL. */
int pl_help_check(struct pl_help *h);
/* A text, or NULL. */
const char *pl_help_find(const struct pl_help *h, uint32_t ident, bool is_indom,
                         bool full);

#endif
