/* SPDX-License-Identifier: MIT */
/* JSON out: strings made valid whatever their bytes, counters without rounding. */
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

size_t
json_utf8_len(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned char low = 0x80, high = 0xbf; /* bounds of the second byte */
    size_t n;

    if (len == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xc2 && p[0] <= 0xdf)
        n = 2;
    else if (p[0] >= 0xe0 && p[0] <= 0xef)
        n = 3;
    else if (p[0] >= 0xf0 && p[0] <= 0xf4)
        n = 4;
    else
        return 0;
    if (n > len)
        return 0;
    if (p[0] == 0xe0)
        low = 0xa0; /* overlong */
    else if (p[0] == 0xed)
        high = 0x9f; /* a surrogate */
    else if (p[0] == 0xf0)
        low = 0x90; /* overlong */
    else if (p[0] == 0xf4)
        high = 0x8f; /* past U+10FFFF */
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    return n;
}

bool
json_utf8_is_treacherous(const char *text, size_t n)
{
    const unsigned char *at = (const unsigned char *)text;

    if (n == 2)
        return at[0] == 0xc2 && at[1] < 0xa0;
    if (n == 3 && at[0] == 0xe2 && at[1] == 0x80)
        return (at[2] >= 0x8b && at[2] <= 0x8f) || (at[2] >= 0xa8 && at[2] <= 0xae);
    if (n == 3 && at[0] == 0xe2 && at[1] == 0x81)
        return at[2] >= 0xa0 && at[2] <= 0xaf;
    return n == 3 && at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf;
}

/* The number of a character of two or three bytes. */
static unsigned
number_of(const char *text, size_t n)
{
    const unsigned char *at = (const unsigned char *)text;
    return n == 2 ? (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU)
                  : (at[0] & 0x0fU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
}

void
json_put_string(FILE *f, const char *text, size_t len)
{
    fputc('"', f);
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = json_utf8_len(text + i, len - i);
        if (n == 0)
            fprintf(f, "\\udc%02x", c);
        else if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", f);
        else if (c == '\t')
            fputs("\\t", f);
        else if (c == '\r')
            fputs("\\r", f);
        else if (c < 0x20 || c == 0x7f)
            fprintf(f, "\\u%04x", c);
        else if (json_utf8_is_treacherous(text + i, n))
            fprintf(f, "\\u%04x", number_of(text + i, n));
        else
            fwrite(text + i, 1, n, f);
        i += n ? n : 1;
    }
    fputc('"', f);
}

cJSON *
json_add_u64(cJSON *object, const char *key, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRIu64, value);
    return cJSON_AddRawToObject(object, key, digits);
}

static void
put(FILE *f, char *text, cJSON *value)
{
    if (text)
        fprintf(f, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(value);
}

void
json_put_line(FILE *f, cJSON *value)
{
    put(f, cJSON_PrintUnformatted(value), value);
}

void
json_put_document(FILE *f, cJSON *value)
{
    put(f, cJSON_Print(value), value);
}
