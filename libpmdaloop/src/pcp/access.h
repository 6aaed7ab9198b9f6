/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_ACCESS_H
#define PL_PCP_ACCESS_H

/* Who may do what: what a statement says of somebody, and all operations there are. */
#include <pcp/libpcp.h>

#include <stdbool.h>

struct pl_access {
    unsigned int specified, denied;
    int max; /* connections; 0: any number */
};

/* A statement that makes sense: 0, or -EINVAL. */
int pl_access_check(const char *name, const struct pl_access *said);
/* Add to what was said before of the same one. 0; or -EINVAL, and it was logged, when the
 * one allows what the other denies. */
int pl_access_add(struct pl_access *known, const struct pl_access *said,
                  const char *what, const char *name);
unsigned int pl_access_all(void);

/* Guards all lists. */
extern pthread_mutex_t pl_access_lock;

#endif
