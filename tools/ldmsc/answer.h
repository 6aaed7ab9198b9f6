/* SPDX-License-Identifier: MIT */
#ifndef ANSWER_H
#define ANSWER_H

/* An answer for people, or as JSON. */
#include "cli.h"
#include "ldmsctl.h"

struct answer {
    const char *host;
    uint16_t port;
    const char *method;
    int err;                           /* of the call */
    const char *errmsg;                /* its sentence, when err is not 0 */
    const struct ldmsctl_reply *reply; /* when err is 0 or -LDMSCTL_EREFUSED */
};

/* The answer alone, as it came: nothing where the daemon had nothing to say. */
void answer_put_text(FILE *f, const struct answer *a);
/* {"host", "port", "method", "status", "message", "data"}, without a line end. */
void answer_put_json(FILE *f, const struct answer *a);
/* What it says in one line, made safe: for lists of many daemons. */
void answer_put_line(FILE *f, const struct answer *a);

/* To stdout in that format; a failure in text goes to stderr as a sentence. */
void answer_put(enum cli_format format, const struct answer *a);

#endif
