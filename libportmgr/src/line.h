/* SPDX-License-Identifier: MIT */
#ifndef PT_LINE_H
#define PT_LINE_H

/* Bytes into lines, none longer than allowed. */
#include <bytekit/queue.h>

#include <stdbool.h>

struct pt_lines {
    struct queue part; /* the beginning of a line whose end has not come */
    size_t max_bytes;
    bool taken; /* part was handed out as a whole line */
};

struct pt_line {
    const char *text;
    size_t len;    /* without its end */
    bool has_crlf; /* it ended in CR LF, not in LF alone */
};

void pt_lines_init(struct pt_lines *lines, size_t max_bytes);
void pt_lines_clear(struct pt_lines *lines);

/* The next line of what came before and the bytes from *at, which moves on. It lives
 * until the next call or those bytes' end. 1; 0 where all bytes are used up;
 * -PORTMGR_ETOOLONG; -ENOMEM. */
int pt_lines_take(struct pt_lines *lines, const char **at, const char *end,
                  struct pt_line *ret_line);

#endif
