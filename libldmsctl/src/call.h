/* SPDX-License-Identifier: MIT */
#ifndef LC_CALL_H
#define LC_CALL_H

/* A call, ready to be sent: its requests and their attributes. */
#include "command.h"

#include <bytekit/queue.h>

/* Most calls are one request. Some forms of arguments stand for several, each of which
 * is sent when the one before it succeeded. */
enum { LC_CALL_STEPS = 3, LC_CALL_WHY_BYTES = 256 };

struct lc_step {
    uint32_t request_id; /* 0: the directory, which is no request */
    size_t at, len;      /* its attributes within bytes, without their end */
};

struct lc_call {
    const char *name; /* the method's, or the word's; static */
    enum ldmsctl_reply_kind reply;
    struct lc_step steps[LC_CALL_STEPS];
    size_t n_steps;
    uint8_t *bytes; /* lc_call_free() */
    size_t len, room;
};

/* A method with arguments by name: 0, -LDMSCTL_EUNKNOWN, -EINVAL, -ENOMEM; ret_why then
 * is a sentence. */
int lc_call_method(struct lc_call *ret_call, const char *method,
                   const struct ldmsctl_arg *args, size_t n_args,
                   enum ldmsctl_release release, char ret_why[LC_CALL_WHY_BYTES]);

/* A line of configuration. */
int lc_call_line(struct lc_call *ret_call, const char *line,
                 enum ldmsctl_release release, char ret_why[LC_CALL_WHY_BYTES]);

void lc_call_free(struct lc_call *call);

/* For both of them: begin a step, write its attributes, which fit when room was asked
 * for, and end it. */
int lc_call_room(struct lc_call *call, size_t n);
struct wr lc_call_begin(const struct lc_call *call);
void lc_call_end(struct lc_call *call, uint32_t request_id, const struct wr *c);

#endif
