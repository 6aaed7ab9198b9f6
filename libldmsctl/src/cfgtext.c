/* SPDX-License-Identifier: MIT */
/* Configuration as text, put together word by word from a daemon's JSON. */
#include "cfgtext.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES_MAX = 65536 };

static void
put_bytes(struct lc_cfgtext *t, const char *bytes, size_t n)
{
    if (!t->bad && queue_push(&t->q, bytes, n) < 0)
        t->bad = true;
}

void
lc_cfg_put(struct lc_cfgtext *t, const char *format, ...)
{
    char line[512];
    va_list list;

    va_start(list, format);
    int n = vsnprintf(line, sizeof(line), format, list);
    va_end(list);
    if (n > 0)
        put_bytes(t, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

void
lc_cfg_put_text(struct lc_cfgtext *t, const char *text, size_t len, bool literal)
{
    bool blanks = memchr(text, ' ', len) || memchr(text, '\t', len);

    if (blanks)
        lc_cfg_put(t, "\"");
    if (literal)
        lc_cfg_put(t, "^");
    for (size_t i = 0; i < len; i++) {
        if (literal && text[i] && strchr(".[]*+?(){}^$|\\", text[i]))
            put_bytes(t, "\\", 1);
        if (text[i] != '"' && (unsigned char)text[i] >= 0x20)
            put_bytes(t, &text[i], 1);
    }
    if (literal)
        lc_cfg_put(t, "$");
    if (blanks)
        lc_cfg_put(t, "\"");
}

void
lc_cfg_put_value(struct lc_cfgtext *t, struct lc_json value, bool literal)
{
    char *word = value.at && value.len < WORD_BYTES_MAX ? malloc(value.len + 1) : NULL;

    if (word)
        lc_cfg_put_text(t, word, lc_json_text(value, word), literal);
    else if (value.at)
        t->bad = true;
    free(word);
}

void
lc_cfg_put_fields(struct lc_cfgtext *t, struct lc_json object,
                  const struct lc_cfg_field *fields)
{
    for (const struct lc_cfg_field *f = fields; f->key; f++) {
        struct lc_json value = lc_json_get(object, f->key);
        if (!value.at || lc_json_is(value, "") || lc_json_is(value, "-") ||
            (f->nothing && lc_json_is(value, f->nothing)))
            continue;
        lc_cfg_put(t, " %s=", f->word);
        lc_cfg_put_value(t, value, false);
    }
}

void
lc_cfg_put_named(struct lc_cfgtext *t, const char *verb, struct lc_json name)
{
    lc_cfg_put(t, "%s name=", verb);
    lc_cfg_put_value(t, name, false);
}

void
lc_cfg_put_start(struct lc_cfgtext *t, const char *verb, struct lc_json object)
{
    struct lc_json state = lc_json_get(object, "state");

    if (!state.at || lc_json_is(state, "STOPPED") || lc_json_is(state, "STOPPING") ||
        lc_json_is(state, "stopped"))
        return;
    lc_cfg_put_named(t, verb, lc_json_get(object, "name"));
    lc_cfg_put(t, "\n");
}
