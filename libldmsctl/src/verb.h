/* SPDX-License-Identifier: MIT */
#ifndef LC_VERB_H
#define LC_VERB_H

/* The words of the configuration language. They differ from the methods in places: the
 * word prdcr_start takes a name, the method of that name a regular expression. */
#include <stddef.h>
#include <stdint.h>

struct lc_verb {
    const char *word;
    uint32_t request_id;
    const char *needs; /* the attributes that must be there, as words */
    const char *takes; /* and those that may */
};

/* NULL if there is none. */
const struct lc_verb *lc_verb_find(const char *word, size_t len);

#endif
