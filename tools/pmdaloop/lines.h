/* SPDX-License-Identifier: MIT */
#ifndef LINES_H
#define LINES_H

/* Bytes of a feed until they are lines, which the configuration takes. */
#include "config.h"

/* Of all feeds together: what is said of bad lines, so that they cannot fill a disk. */
struct complaints {
    uint64_t since_ms;
    unsigned said, hidden;
};

struct lines {
    struct config *config;
    struct complaints *complaints;
    char *bytes; /* of a line that is not whole */
    size_t len, room;
    bool is_too_long; /* until the next line */
};

void lines_take(struct lines *l, const char *bytes, size_t n);
/* The end counts as the end of a line. */
void lines_end(struct lines *l);
void lines_free(struct lines *l);

#endif
