/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_LABELSET_H
#define PL_PCP_LABELSET_H

/* Labels in the making: the JSON text, and where each label stands in it. */
#include <pcp/pmda.h>

#include <stdbool.h>

enum { PL_LABEL_PATH = 256 };

struct pl_labelitem {
    char path[PL_LABEL_PATH]; /* "a.b": names of the objects around it, and its own */
    size_t name, name_len;    /* its own, in the text */
    size_t value, value_len;
    unsigned int flags;
};

struct pl_labels_made {
    char *json;
    size_t len, room;
    struct pl_labelitem *items;
    int n, n_room;
    bool nested;
};

/* Read a JSON object of labels into an empty *made. The text is kept without its white
 * space. With dotted, names may be paths, as they are in a text of our own making.
 * 0, -EINVAL, -E2BIG or -ENOMEM. */
int pl_labelset_parse(const char *json, size_t len, unsigned int flags, bool dotted,
                      struct pl_labels_made *made);
void pl_labelset_free(struct pl_labels_made *made);

#endif
