/* SPDX-License-Identifier: MIT */
#ifndef LC_COMMAND_H
#define LC_COMMAND_H

/* THE table: every method, its request and its arguments. What else knows methods, such
 * as the typed functions, the tool's help and completion, and the manual, has it from
 * here or is held against it by a test. */
#include "attr.h"

/* When an argument is sent. */
enum lc_when {
    LC_NEEDED,    /* always; the call is refused without it */
    LC_FILLED,    /* if it is given and not empty */
    LC_GIVEN,     /* if it is given */
    LC_ALWAYS,    /* always; if it is not given, then the fallback */
    LC_IF_TRUE,   /* as "true", if it is given and true */
    LC_FIXED,     /* always the fallback: no argument of the method at all */
    LC_LOCAL,     /* never: the call itself uses it */
    LC_UNTIL_4_5, /* as LC_GIVEN, but not to later releases */
};

struct lc_param {
    struct ldmsctl_param pub;
    enum lc_when when;
};

struct lc_method {
    struct ldmsctl_method pub;
    const struct lc_param *params; /* in the order in which they are sent */
    size_t n_params;
};

extern const struct lc_method lc_methods[]; /* sorted by name */
extern const size_t lc_n_methods;

/* NULL if there is none. */
const struct lc_method *lc_method_find(const char *name, size_t len);
/* The first method with that request, for who answers requests; NULL if there is none. */
const struct lc_method *lc_method_by_request(uint32_t request_id);

#endif
