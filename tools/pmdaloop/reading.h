/* SPDX-License-Identifier: MIT */
#ifndef READING_H
#define READING_H

/* All that an agent says of one metric. */
#include "session.h"

struct reading_value {
    int32_t inst;
    char *name;                  /* of the instance, or NULL */
    char *labels;                /* a JSON object, or NULL */
    struct pmdaloop_value value; /* its bytes are the reading's */
};

struct reading {
    const char *name; /* not the reading's */
    uint32_t pmid;
    int desc_code; /* 0, or why there is none */
    struct pmdaloop_desc desc;
    int help_code, text_code;
    char *help, *text; /* or NULL */
    char *labels;      /* of all but instances: a JSON object, or NULL */
    int fetch_code;    /* why there are no values, or 0 */
    struct reading_value *values;
    size_t n_values;
    struct reading_value *instances; /* all of its domain, by number; without values */
    size_t n_instances;
};

/* Ask for all of it. 0, or negative when the session is over: s->why. The caller frees, in
 * either case. */
int reading_take(struct session *s, const char *name, uint32_t pmid,
                 struct reading *ret);
void reading_free(struct reading *r);

#endif
