/* SPDX-License-Identifier: MIT */
/* Rows of text in aligned columns. */
#include "table.h"
#include "cli.h"
#include "json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* No column is cut to less. */
enum { LEAST_CUT = 12 };

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

/* The bytes of the first `most` characters, which are near enough to columns. */
static size_t
len_of(const char *text, size_t most, size_t *ret_columns)
{
    size_t columns = 0, len = strlen(text), i = 0;
    for (; i < len && columns < most; columns++) {
        size_t n = json_utf8_len(text + i, len - i);
        i += n ? n : 1;
    }
    *ret_columns = columns;
    return i;
}

static size_t
columns_of(const char *text)
{
    size_t columns;
    (void)len_of(text, SIZE_MAX, &columns);
    return columns;
}

/* How wide a line may be. */
static size_t
room_of(FILE *f)
{
    struct winsize size;
    if (!cli_is_terminal(f) || ioctl(fileno(f), TIOCGWINSZ, &size) != 0 || !size.ws_col)
        return SIZE_MAX;
    return size.ws_col;
}

static void
fit(const struct table *t, size_t *widths, size_t room)
{
    size_t line = 2 * (t->width - 1);

    for (size_t i = 0; i < t->width; i++)
        line += widths[i];
    for (size_t i = 0; i < t->width && line > room; i++) {
        if (t->columns[i] != 'c' || widths[i] <= LEAST_CUT)
            continue;
        size_t over = line - room, spare = widths[i] - LEAST_CUT;
        widths[i] -= over < spare ? over : spare;
        line -= over < spare ? over : spare;
    }
}

static void
put_left(FILE *f, const char *text, size_t width, bool pads)
{
    size_t columns = columns_of(text);

    if (columns > width) {
        fwrite(text, 1, len_of(text, width - 1, &columns), f);
        fputs("\u2026", f);
        columns++;
    } else {
        fputs(text, f);
    }
    if (pads)
        fprintf(f, "%*s", (int)(width - columns), "");
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
    fit(t, widest, room_of(f));
    for (size_t i = 0; i < t->count; i++) {
        size_t column = i % t->width;
        bool last = column + 1 == t->width;

        if (bold && i == 0)
            fputs("\033[1m", f);
        if (t->columns[column] == 'r')
            fprintf(f, "%*s%s", (int)(widest[column] - columns_of(t->cells[i])), "",
                    t->cells[i]);
        else
            put_left(f, t->cells[i], widest[column], !last);
        fputs(last ? "" : "  ", f);
        if (bold && i + 1 == t->width)
            fputs("\033[0m", f);
        if (last)
            fputc('\n', f);
    }
    free(widest);
}
