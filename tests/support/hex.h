/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_HEX_H
#define SUPPORT_HEX_H

/* Packets as hex text: digits in pairs, spaces as the fields lie, # to the line's end. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hex {
    uint8_t *bytes; /* the caller frees */
    size_t len;
};

static inline int
hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at ? (int)(at - digits) : -1;
}

static inline struct hex
unhex(const char *text)
{
    struct hex h = {.bytes = (uint8_t *)calloc(1, strlen(text) / 2 + 1), .len = 0};
    if (!h.bytes)
        abort();
    while (*text) {
        if (*text == '#') {
            text += strcspn(text, "\n");
        } else if (isspace((unsigned char)*text)) {
            text++;
        } else {
            int high = hex_digit(text[0]), low = hex_digit(text[1]);
            if (high < 0 || low < 0) {
                fprintf(stderr, "not hex: %.20s\n", text);
                abort();
            }
            h.bytes[h.len++] = (uint8_t)(high << 4 | low);
            text += 2;
        }
    }
    return h;
}

/* The first len bytes in an allocation of their own, so that ASan sees a read past. */
static inline struct hex
hex_cut(const void *bytes, size_t len)
{
    struct hex h = {.bytes = (uint8_t *)calloc(1, len ? len : 1), .len = len};
    if (!h.bytes)
        abort();
    if (len)
        memcpy(h.bytes, bytes, len);
    return h;
}

#endif
