/* SPDX-License-Identifier: MIT */
#ifndef PT_CRITERIA_H
#define PT_CRITERIA_H

/* What find looks for. */
#include "portmgr.h"

#include <stdbool.h>

struct pt_criteria {
    const char *service, *begins_with, *user, *instances_of; /* NULL: not given */
};

/* From the caller's struct, which may be older or newer than ours, or NULL for all.
 * 0, -EINVAL or -E2BIG. The strings stay the caller's. */
int pt_criteria_read(const struct portmgr_criteria *criteria, struct pt_criteria *ret);
bool pt_criteria_match(const struct pt_criteria *want, const struct portmgr_row *row);

/* The strings copied, in one block that the caller frees. -ENOMEM. */
int pt_criteria_copy(const struct pt_criteria *from, struct pt_criteria *ret,
                     char **ret_block);

#endif
