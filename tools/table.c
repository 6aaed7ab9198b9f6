/* SPDX-License-Identifier: MIT */
/* Rows of text in aligned columns. */
#include "table.h"
#include "cli.h"
#include "json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct table {
    char *columns;
    char **cells;
    size_t width, count, room;
};

struct table *
table_new(const char *columns)
{
    struct table *t = calloc(1, sizeof(*t));
    if (!t)
        return NULL;
    t->columns = strdup(columns);
    t->width = strlen(columns);
    if (!t->columns) {
        free(t);
        return NULL;
    }
    return t;
}

void
table_free(struct table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++)
        free(t->cells[i]);
    free(t->cells);
    free(t->columns);
    free(t);
}

void
table_add(struct table *t, const char *text, size_t len)
{
    if (t->count == t->room) {
        size_t room = t->room ? t->room * 2 : 64;
        char **cells = realloc(t->cells, room * sizeof(*cells));
        if (!cells)
            abort();
        t->cells = cells;
        t->room = room;
    }
    char *safe = NULL;
    size_t safe_len = 0;
    FILE *f = open_memstream(&safe, &safe_len);
    if (!f)
        abort();
    cli_put_safe(f, text, len);
    if (fclose(f) != 0)
        abort();
    t->cells[t->count++] = safe;
}

void
table_addf(struct table *t, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    table_add(t, text, strlen(text));
}

/* Characters, which is near enough to columns. */
static size_t
columns_of(const char *text)
{
    size_t columns = 0, len = strlen(text);
    for (size_t i = 0; i < len; columns++) {
        size_t n = json_utf8_len(text + i, len - i);
        i += n ? n : 1;
    }
    return columns;
}

void
table_print(const struct table *t, FILE *f, bool has_heading)
{
    size_t *widest = calloc(t->width ? t->width : 1, sizeof(*widest));
    bool bold = has_heading && cli_wants_colour(f);

    if (!widest)
        abort();
    if (t->width == 0) {
        free(widest);
        return;
    }
    for (size_t i = 0; i < t->count; i++) {
        size_t w = columns_of(t->cells[i]);
        if (w > widest[i % t->width])
            widest[i % t->width] = w;
    }
    for (size_t i = 0; i < t->count; i++) {
        size_t column = i % t->width;
        int pad = (int)(widest[column] - columns_of(t->cells[i]));
        bool last = column + 1 == t->width;

        if (bold && i == 0)
            fputs("\033[1m", f);
        if (t->columns[column] == 'r')
            fprintf(f, "%*s%s", pad, "", t->cells[i]);
        else
            fprintf(f, "%s%*s", t->cells[i], last ? 0 : pad, "");
        fputs(last ? "" : "  ", f);
        if (bold && i + 1 == t->width)
            fputs("\033[0m", f);
        if (last)
            fputc('\n', f);
    }
    free(widest);
}
