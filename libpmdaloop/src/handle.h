/* SPDX-License-Identifier: MIT */
#ifndef PL_HANDLE_H
#define PL_HANDLE_H

/* What the opaque handle is: the engine, the table, and the descriptors of the shell. */
#include "table.h"

struct pmdaloop {
    struct pl_engine engine;
    struct pl_table *table;
    char *name;
    void *user;
    bool is_busy;  /* a function of the table is running */
    bool is_retry; /* ask again for what was to come later */
    int in_fd, out_fd, listen_fd;
    size_t out_held; /* pl_pipe_hold()'s */
    char why[256];
};

/* Remember a sentence for pmdaloop_errmsg(), and return err. */
__attribute__((format(printf, 3, 4))) int pl_fail(struct pmdaloop *pl, int err,
                                                  const char *format, ...);
/* io.c */
void pl_io_close(struct pmdaloop *pl);

#endif
