/* SPDX-License-Identifier: MIT */
/* Lists of allocations: made row by row, handed out as one block, filtered. */
#include "rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *
pt_rows_room(struct pt_rows *rows, size_t len)
{
    size_t want = rows->names_len + len + 1; /* NULL is no room at all */

    if (want > rows->names_room) {
        size_t room = rows->names_room * 2 > want ? rows->names_room * 2 : want + 1024;
        char *names = realloc(rows->names, room);
        if (!names)
            return NULL;
        rows->names = names;
        rows->names_room = room;
    }
    return rows->names + rows->names_len;
}

int
pt_rows_add(struct pt_rows *rows, const struct pt_row *row)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 32;
        struct pt_row_at *more = realloc(rows->rows, room * sizeof(*more));
        if (!more)
            return -ENOMEM;
        rows->rows = more;
        rows->room = room;
    }
    rows->rows[rows->count++] = (struct pt_row_at){.row = *row, .at = rows->names_len};
    rows->names_len += row->service_len + 1 + row->user_len + 1;
    return 0;
}

void
pt_rows_clear(struct pt_rows *rows)
{
    free(rows->rows);
    free(rows->names);
    *rows = (struct pt_rows){0};
}

struct portmgr_list *
pt_rows_finish(const struct pt_rows *rows)
{
    struct portmgr_list *list = malloc(
        sizeof(*list) + rows->count * sizeof(struct portmgr_row) + rows->names_len);
    if (!list)
        return NULL;

    struct portmgr_row *out = (struct portmgr_row *)(void *)(list + 1);
    char *names = (char *)(out + rows->count);
    if (rows->names_len)
        memcpy(names, rows->names, rows->names_len);
    for (size_t i = 0; i < rows->count; i++) {
        const struct pt_row_at *in = &rows->rows[i];
        out[i] = (struct portmgr_row){
            .port = in->row.port,
            .service = names + in->at,
            .service_len = in->row.service_len,
            .user = names + in->at + in->row.service_len + 1,
            .user_len = in->row.user_len,
        };
    }
    list->count = rows->count;
    list->rows = out;
    return list;
}

void
portmgr_list_free(struct portmgr_list *list)
{
    free(list);
}

void
pt_list_filter(struct portmgr_list *list, const struct pt_criteria *want)
{
    /* The rows stand right behind the list, and are ours to change. */
    struct portmgr_row *rows = (struct portmgr_row *)(void *)(list + 1);
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (pt_criteria_match(want, &rows[i]))
            rows[kept++] = rows[i];
    list->count = kept;
}

int
portmgr_list_filter(struct portmgr_list *list, const struct portmgr_criteria *criteria)
{
    struct pt_criteria want;
    int err = pt_criteria_read(criteria, &want);

    if (err == 0)
        pt_list_filter(list, &want);
    return err;
}
