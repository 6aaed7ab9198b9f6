/* SPDX-License-Identifier: MIT */
#ifndef ROWS_H
#define ROWS_H

/* Allocations on standard output. */
#include "cli.h"

#include <portmgr.h>

/* One manager's answer; host NULL where only one was asked. */
struct answer {
    const char *host;
    const struct portmgr_list *list; /* or NULL */
};

/* A table on a terminal, else columns between tabs; or JSON. */
void rows_put(const struct answer *answers, size_t count, enum cli_format format);

/* {"port":...,"service":...,"user":...}; `before` is put behind the brace. */
void rows_put_object(const struct portmgr_row *row, const char *before);
/* port TAB service TAB user LF, safe for a terminal. */
void rows_put_line(const struct portmgr_row *row);

#endif
