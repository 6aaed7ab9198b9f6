/* SPDX-License-Identifier: MIT */
/* Bytes into lines. A lone CR ends none: it may be part of a name. */
#include "line.h"

#include "portmgr.h"

enum { END_BYTES = 2 };

void
pt_lines_init(struct pt_lines *lines, size_t max_bytes)
{
    *lines = (struct pt_lines){.part = queue_make(max_bytes + END_BYTES),
                               .max_bytes = max_bytes};
}

void
pt_lines_clear(struct pt_lines *lines)
{
    queue_free(&lines->part);
    lines->taken = false;
}

static int
cut_end(const struct pt_lines *lines, const char *text, size_t len,
        struct pt_line *ret_line)
{
    bool has_crlf = len > 0 && text[len - 1] == '\r';

    if (len - has_crlf > lines->max_bytes)
        return -PORTMGR_ETOOLONG;
    *ret_line =
        (struct pt_line){.text = text, .len = len - has_crlf, .has_crlf = has_crlf};
    return 1;
}

int
pt_lines_take(struct pt_lines *lines, const char **at, const char *end,
              struct pt_line *ret_line)
{
    if (lines->taken) {
        queue_drop(&lines->part, lines->part.len);
        lines->taken = false;
    }
    if (*at == end)
        return 0;

    const char *text = *at;
    const char *lf = memchr(text, '\n', (size_t)(end - text));
    size_t len = (size_t)((lf ? lf : end) - text);

    *at = lf ? lf + 1 : end;
    if (lf && lines->part.len == 0)
        return cut_end(lines, text, len, ret_line);

    int err = queue_push(&lines->part, text, len);
    if (err == -ENOBUFS)
        return -PORTMGR_ETOOLONG;
    if (err < 0 || !lf)
        return err;
    lines->taken = true;
    return cut_end(lines, (const char *)queue_at(&lines->part), lines->part.len,
                   ret_line);
}
