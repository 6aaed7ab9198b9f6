/* SPDX-License-Identifier: MIT */
/* Bytes of a feed until they are lines. */
#include "lines.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* So many complaints in so long. */
enum { COMPLAINTS = 100, COMPLAINTS_MS = 60000 };

static void
complain(struct lines *l, const char *why)
{
    struct complaints *c = l->complaints;

    if (l->config->now_ms - c->since_ms >= COMPLAINTS_MS) {
        if (c->hidden > 0)
            cli_say("%u more bad lines", c->hidden);
        *c = (struct complaints){.since_ms = l->config->now_ms};
    }
    if (c->said < COMPLAINTS) {
        c->said++;
        cli_say("a bad line: %s%s", why,
                c->said == COMPLAINTS ? "; more are only counted for a minute" : "");
    } else {
        c->hidden++;
    }
}

static void
take_line(struct lines *l, const char *line, size_t len)
{
    if (len > 0 && line[len - 1] == '\r')
        len--;
    if (len > 0 && !config_take_line(l->config, line, len))
        complain(l, l->config->why);
}

/* A piece of a line that is not whole yet. False: there is no room for it. */
static bool
keep(struct lines *l, const char *bytes, size_t n)
{
    if (n > MAX_LINE_BYTES - l->len)
        return false;
    if (l->len + n > l->room) {
        size_t room = l->room ? l->room : 4096;
        while (room < l->len + n)
            room *= 2;
        char *more = realloc(l->bytes, room);
        if (!more)
            return false;
        l->bytes = more;
        l->room = room;
    }
    memcpy(l->bytes + l->len, bytes, n);
    l->len += n;
    return true;
}

static void
refuse_long(struct lines *l)
{
    char why[64];

    l->len = 0;
    l->is_too_long = true;
    l->config->bad_lines++;
    snprintf(why, sizeof(why), "longer than %d bytes", MAX_LINE_BYTES);
    complain(l, why);
}

/* The rest of a line, which ends here. */
static void
finish(struct lines *l, const char *bytes, size_t n)
{
    if (!l->is_too_long && l->len == 0 && n <= MAX_LINE_BYTES)
        take_line(l, bytes, n);
    else if (!l->is_too_long && keep(l, bytes, n))
        take_line(l, l->bytes, l->len);
    else if (!l->is_too_long)
        refuse_long(l);
    l->len = 0;
    l->is_too_long = false;
}

void
lines_take(struct lines *l, const char *bytes, size_t n)
{
    const char *end;

    while (n > 0 && (end = memchr(bytes, '\n', n)) != NULL) {
        finish(l, bytes, (size_t)(end - bytes));
        n -= (size_t)(end + 1 - bytes);
        bytes = end + 1;
    }
    if (n > 0 && !l->is_too_long && !keep(l, bytes, n))
        refuse_long(l);
}

void
lines_end(struct lines *l)
{
    finish(l, "", 0);
}

void
lines_free(struct lines *l)
{
    free(l->bytes);
    *l = (struct lines){.bytes = NULL};
}
