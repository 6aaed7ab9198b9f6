/* SPDX-License-Identifier: MIT */
/* How the stand-in daemon reads values and words its answers. */
#include "daemon_state.h"
#include "../json.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

FILE *
dm_write(struct dm_reply *r, enum lc_attr kind, bool without_nul)
{
    r->kind = kind;
    r->without_nul = without_nul;
    if (!r->out)
        r->out = open_memstream(&r->text, &r->len);
    if (!r->out)
        abort(); /* a stand-in for trials: no memory, no trial */
    return r->out;
}

void
dm_reply_end(struct dm_reply *r)
{
    if (r->out && fclose(r->out) != 0)
        abort();
    r->out = NULL;
}

void
dm_say(struct dm_reply *r, int status, const char *format, ...)
{
    FILE *out = dm_write(r, LC_ATTR_STRING, false);
    va_list args;

    r->status = status;
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
}

void
dm_put(FILE *out, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    for (; *text; text++)
        if (*text == '~') {
            const char *value = va_arg(args, const char *);
            json_put_string(out, value, strlen(value));
        } else {
            fputc(*text, out);
        }
    va_end(args);
}

const char *
dm_need(const struct dm_request *q, struct dm_reply *r, enum lc_attr id,
        const char *word)
{
    if (!q->attr[id])
        dm_say(r, EINVAL, "The attribute '%s' is required by %s.", word, q->method);
    return q->attr[id];
}

bool
dm_take_us(const char *text, int64_t *ret_us)
{
    static const struct {
        const char *name;
        double us;
    } units[] = {{"", 1},    {"us", 1},   {"ms", 1e3}, {"s", 1e6},
                 {"m", 6e7}, {"h", 36e8}, {"d", 864e8}};
    char *end;
    double value = strtod(text, &end);

    if (end == text || !isfinite(value))
        return false;
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strcasecmp(end, units[i].name) == 0 && fabs(value * units[i].us) < 9e15) {
            *ret_us = (int64_t)(value * units[i].us);
            return true;
        }
    return false;
}

bool
dm_is_true(const char *text)
{
    return text && strcasecmp(text, "true") == 0;
}
