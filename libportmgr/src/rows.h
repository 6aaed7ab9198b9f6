/* SPDX-License-Identifier: MIT */
#ifndef PT_ROWS_H
#define PT_ROWS_H

/* A list while it comes in, as large as what came; then the caller's. */
#include "criteria.h"
#include "reply.h"

struct pt_rows {
    struct pt_row_at *rows; /* offsets, since the names move as they grow */
    size_t count, room;
    char *names;
    size_t names_len, names_room;
};

struct pt_row_at {
    struct pt_row row;
    size_t at; /* where in names */
};

/* Room for names of len bytes, to be filled and then added. NULL without memory. */
char *pt_rows_room(struct pt_rows *rows, size_t len);
int pt_rows_add(struct pt_rows *rows, const struct pt_row *row);
void pt_rows_clear(struct pt_rows *rows);
/* Everything in one block. NULL without memory. The caller frees it. */
struct portmgr_list *pt_rows_finish(const struct pt_rows *rows);

void pt_list_filter(struct portmgr_list *list, const struct pt_criteria *want);

#endif
