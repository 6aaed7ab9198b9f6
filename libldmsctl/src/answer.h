/* SPDX-License-Identifier: MIT */
#ifndef LC_ANSWER_H
#define LC_ANSWER_H

/* What a response comes to: status, text, attributes, sets. */
#include "dir.h"
#include "message.h"

struct lc_answer {
    struct ldmsctl_reply reply;
    struct ldmsctl_attr *attrs; /* free() */
    struct lc_dir dir;
};

/* Read a whole response, which must outlive the answer. kind is what a success would be;
 * LDMSCTL_REPLY_NONE where only the attribute tells. 0, -LDMSCTL_EREFUSED if the daemon
 * refused, -LDMSCTL_EPROTO, -ENOMEM. */
int lc_answer_read(struct lc_answer *answer, const struct lc_message *m,
                   enum ldmsctl_reply_kind kind);

/* Read directory documents; see lc_dir_read(). The raw text is in the reply even where
 * it is no JSON. */
int lc_answer_read_dir(struct lc_answer *answer, const struct lc_message *m,
                       const size_t *lens, size_t n, size_t max_bytes,
                       size_t *ret_fault);

void lc_answer_free(struct lc_answer *answer);

#endif
