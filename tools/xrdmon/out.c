/* SPDX-License-Identifier: MIT */
/* JSON text, streamed. */
#include "out.h"
#include "../cli.h"
#include "../json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A pipe takes so much at once. */
enum { WRITE_BYTES = 65536 };

int
out_open(struct out *o, int fd)
{
    *o = (struct out){.fd = fd, .room = (size_t)2 * WRITE_BYTES};
    o->text = malloc(o->room);
    return o->text ? 0 : -ENOMEM;
}

void
out_close(struct out *o)
{
    out_flush(o);
    free(o->text);
    o->text = NULL;
    o->room = 0;
}

void
out_grow(struct out *o, size_t n)
{
    size_t room = o->room;
    while (room - o->len < n)
        room *= 2;
    char *text = realloc(o->text, room);
    if (!text) {
        cli_say("cannot go on: no memory");
        exit(CLI_FAILED);
    }
    o->text = text;
    o->room = room;
}

void
out_flush(struct out *o)
{
    size_t done = 0;
    while (o->err == 0 && done < o->len) {
        ssize_t n = write(o->fd, o->text + done, o->len - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            o->err = errno;
    }
    o->len = 0;
}

void
out_begin_item(struct out *o)
{
    if (o->is_document)
        out_put(o, o->items ? ",\n" : "[", o->items ? 2 : 1);
    o->items++;
}

void
out_end_item(struct out *o)
{
    if (!o->is_document)
        out_char(o, '\n');
    if (o->len >= WRITE_BYTES)
        out_flush(o);
}

void
out_end_items(struct out *o)
{
    if (o->is_document)
        out_put(o, o->items ? "]\n" : "[]\n", o->items ? 2 : 3);
}

/* Bytes that go out as they are: how many of them come first. Eight are looked at at
 * once; the tricks are the usual ones, by which a byte's top bit tells. */
static size_t
plain_len(const char *text, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    size_t n = 0;

    for (; len - n >= 8; n += 8) {
        uint64_t v;
        memcpy(&v, text + n, 8);
        uint64_t quote = v ^ (ones * '"'), slash = v ^ (ones * '\\');
        uint64_t del = v ^ (ones * 0x7f);
        uint64_t odd =
            ((v - ones * 0x20) | (quote - ones) | (slash - ones) | (del - ones) | v) &
            tops;
        if (odd)
            break;
    }
    for (; n < len; n++) {
        unsigned char c = (unsigned char)text[n];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
            break;
    }
    return n;
}

static void
put_number(struct out *o, unsigned number)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[6] = {'\\',
                            'u',
                            hex[number >> 12 & 15],
                            hex[number >> 8 & 15],
                            hex[number >> 4 & 15],
                            hex[number & 15]};
    out_put(o, escape, sizeof(escape));
}

/* One character that needs a look. Gives how many bytes it took. */
static size_t
put_odd(struct out *o, const char *text, size_t len)
{
    unsigned char c = (unsigned char)text[0];
    size_t n = json_utf8_len(text, len);

    if (n > 1 && !json_utf8_is_treacherous(text, n)) {
        out_put(o, text, n);
        return n;
    }
    if (n > 1) { /* at most 3 bytes: none of them is beyond U+FFFF */
        unsigned number = c & (n == 2 ? 0x1f : 0x0f);
        for (size_t i = 1; i < n; i++)
            number = number << 6 | ((unsigned char)text[i] & 0x3f);
        put_number(o, number);
        return n;
    }
    if (n == 0) { /* not UTF-8: the lone surrogate from which it can be recovered */
        put_number(o, 0xdc00 | c);
        return 1;
    }
    const char *from = "\n\t\r\"\\", *to = "ntr\"\\";
    for (size_t i = 0; i < 5; i++)
        if (text[0] == from[i]) {
            out_char(o, '\\');
            out_char(o, to[i]);
            return 1;
        }
    put_number(o, c);
    return 1;
}

void
out_string(struct out *o, const char *text, size_t len)
{
    out_room(o, len + 2);
    out_char(o, '"');
    for (size_t at = 0; at < len;) {
        size_t n = plain_len(text + at, len - at);
        out_put(o, text + at, n);
        at += n;
        if (at < len)
            at += put_odd(o, text + at, len - at);
    }
    out_char(o, '"');
}

void
out_json(struct out *o, const char *text, size_t len)
{
    bool in_string = false;

    for (size_t i = 0; i < len;) {
        size_t n = 1;
        char c = text[i];
        if (in_string && (unsigned char)c >= 0x7f) {
            i += put_odd(o, text + i, len - i);
            continue;
        }
        if (c == '"')
            in_string = !in_string;
        else if (c == '\\') /* what follows is no quote */
            n = 2;
        if (in_string || !strchr(" \t\r\n", c))
            out_put(o, text + i, n);
        i += n;
    }
}

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

void
out_u64(struct out *o, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    while (value >= 100) {
        at -= 2;
        memcpy(digits + at, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(digits + at, pairs + value * 2, 2);
    } else {
        digits[--at] = (char)('0' + value);
    }
    out_put(o, digits + at, sizeof(digits) - at);
}

void
out_i64(struct out *o, int64_t value)
{
    if (value < 0) {
        out_char(o, '-');
        out_u64(o, 0 - (uint64_t)value);
    } else {
        out_u64(o, (uint64_t)value);
    }
}

void
out_f64(struct out *o, double value)
{
    const double exact = 9007199254740992.0; /* whole numbers up to here are exact */

    if (!isfinite(value)) {
        out_put(o, "null", 4);
    } else if (fabs(value) < exact && value == (double)(int64_t)value &&
               !(value == 0 && signbit(value))) {
        out_i64(o, (int64_t)value);
        out_put(o, ".0", 2);
    } else {
        char *at = out_room(o, 32);
        int n = 0;
        for (int digits = 15; digits <= 17; digits++) {
            n = snprintf(at, 32, "%.*g", digits, value);
            if (strtod(at, NULL) == value)
                break;
        }
        o->len += (size_t)n;
    }
}

void
out_time_ns(struct out *o, uint64_t time_ns)
{
    uint64_t us = time_ns / 1000 % 1000000;
    char fraction[7] = {'.'};

    out_u64(o, time_ns / 1000000000);
    for (int i = 6; i > 0; i--, us /= 10)
        fraction[i] = (char)('0' + us % 10);
    out_put(o, fraction, sizeof(fraction));
}
