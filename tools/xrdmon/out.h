/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_OUT_H
#define XRDMON_TOOL_OUT_H

/* JSON text, streamed: millions of objects go out without a tree each, which cJSON would
 * need, and with bytes that are not UTF-8 kept, which yajl would refuse. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct out {
    int fd;
    int err;          /* errno of the write that failed; from then on all is dropped */
    bool is_document; /* the items are one array, not a line each */
    bool wants_comma;
    uint64_t items;
    char *text;
    size_t len, room;
};

/* 0 or -ENOMEM. */
int out_open(struct out *o, int fd);
void out_close(struct out *o);
/* Write what is held. */
void out_flush(struct out *o);
/* Around each of the values that are the output. They are written once enough is held. */
void out_begin_item(struct out *o);
void out_end_item(struct out *o);
/* After the last of them. */
void out_end_items(struct out *o);

void out_grow(struct out *o, size_t n);

/* Room for n more bytes. Ends the program without memory. */
static inline char *
out_room(struct out *o, size_t n)
{
    if (o->room - o->len < n)
        out_grow(o, n);
    return o->text + o->len;
}

static inline void
out_put(struct out *o, const char *text, size_t len)
{
    memcpy(out_room(o, len), text, len);
    o->len += len;
}

static inline void
out_char(struct out *o, char c)
{
    *out_room(o, 1) = c;
    o->len++;
}

/* JSON values. Inside an object each stands behind its out_key. */
void out_string(struct out *o, const char *text, size_t len);
void out_u64(struct out *o, uint64_t value);
void out_i64(struct out *o, int64_t value);
/* Valid JSON that came from elsewhere, without the blanks between its words. */
void out_json(struct out *o, const char *text, size_t len);
/* As many digits as it takes to read the same value again; null where it is none. */
void out_f64(struct out *o, double value);
/* Seconds with microseconds. */
void out_time_ns(struct out *o, uint64_t time_ns);

static inline void
out_text(struct out *o, const char *text) /* a string, or null */
{
    if (text)
        out_string(o, text, strlen(text));
    else
        out_put(o, "null", 4);
}

static inline void
out_bool(struct out *o, bool value)
{
    out_put(o, value ? "true" : "false", value ? 4 : 5);
}

static inline void
out_begin(struct out *o, char bracket)
{
    out_char(o, bracket);
    o->wants_comma = false;
}

static inline void
out_end(struct out *o, char bracket)
{
    out_char(o, bracket);
    o->wants_comma = true;
}

/* The next member of a list. */
static inline void
out_next(struct out *o)
{
    if (o->wants_comma)
        out_char(o, ',');
    o->wants_comma = true;
}

static inline void
out_key_len(struct out *o, const char *key, size_t len)
{
    char *at = out_room(o, len + 4);
    size_t n = 0;
    if (o->wants_comma)
        at[n++] = ',';
    at[n++] = '"';
    memcpy(at + n, key, len);
    n += len;
    at[n++] = '"';
    at[n++] = ':';
    o->len += n;
    o->wants_comma = true;
}

/* A key of foreign bytes. */
static inline void
out_key_text(struct out *o, const char *key, size_t len)
{
    out_next(o);
    out_string(o, key, len);
    out_char(o, ':');
}

/* `key` is a literal that needs no escape. */
#define out_key(o, key) out_key_len(o, "" key, sizeof(key) - 1)

#endif
