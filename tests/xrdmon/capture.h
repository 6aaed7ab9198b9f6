/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_H
#define CAPTURE_H

/* Recorded datagrams, with their times and sources, from the lines of NAME.jsonl. */
#include "support/cmocka.h"
#include "support/hex.h"
#include "xrdmon.h"

struct capture {
    FILE *file;
    char *line;
    uint64_t time_ns;
    struct xrdmon_source source;
    uint8_t bytes[65536];
    size_t len;
};

static inline void
capture_open(struct capture *c, const char *folder, const char *name)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s.jsonl", folder, name);
    c->file = fopen(path, "r");
    assert_non_null(c->file);
    c->line = malloc(400000);
    assert_non_null(c->line);
}

static inline const char *
capture_field(const struct capture *c, const char *name)
{
    char key[32];

    snprintf(key, sizeof(key), "\"%s\":", name);
    const char *at = strstr(c->line, key);
    assert_non_null(at);
    at += strlen(key);
    return at + strspn(at, " \"");
}

/* False, and closed, after the last one. */
static inline bool
capture_next(struct capture *c)
{
    if (!fgets(c->line, 400000, c->file)) {
        free(c->line);
        fclose(c->file);
        return false;
    }
    c->time_ns = (uint64_t)(strtod(capture_field(c, "time"), NULL) * 1e9);
    const char *src = capture_field(c, "src"), *hex = capture_field(c, "hex");
    assert_int_equal(xrdmon_source_parse(src, strcspn(src, "\""), &c->source), 0);
    for (c->len = 0; hex_digit(hex[0]) >= 0; hex += 2)
        c->bytes[c->len++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
    return true;
}

#endif
