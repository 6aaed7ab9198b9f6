/* SPDX-License-Identifier: MIT */
/* Datagrams out of JSON, one a line, in either of two forms:
 *
 *    {"remote": "192.0.2.1:9930", "version": "…", "data": "<base64>"}   the shoveler's
 *    {"time": 1795304540.3, "src": "192.0.2.1:9930", "hex": "3d00…"}    a recording
 */
#include "../json.h"
#include "kind.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_DATAGRAM = 65536 };

/* 2106, where the 32 bits of a packet's own times end. */
static const double LAST_TIME = 4294967296.0;

int
lines_open(struct input *in)
{
    in->datagram = malloc(LONGEST_DATAGRAM);
    return in->datagram ? 0 : -ENOMEM;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The length in bytes, or -1. */
static long
take_hex(const char *text, uint8_t *bytes, size_t room)
{
    size_t n = 0;
    for (; text[0] && text[1]; text += 2) {
        int high = hex_digit(text[0]), low = hex_digit(text[1]);
        if (high < 0 || low < 0 || n == room)
            return -1;
        bytes[n++] = (uint8_t)(high << 4 | low);
    }
    return text[0] ? -1 : (long)n;
}

static int
base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The length in bytes, or -1. Padded to a multiple of 4, as the standard says. */
static long
take_base64(const char *text, uint8_t *bytes, size_t room)
{
    size_t n = 0;
    for (; *text; text += 4) {
        int digit[4];
        size_t digits = 0, i = 0;
        for (; i < 4 && text[i] && (digit[i] = base64_digit(text[i])) >= 0; i++)
            digits++;
        for (; i < 4 && text[i] == '='; i++)
            digit[i] = 0;
        if (i < 4 || digits < 2 || n + digits - 1 > room)
            return -1;
        uint32_t three = (uint32_t)digit[0] << 18 | (uint32_t)digit[1] << 12 |
                         (uint32_t)digit[2] << 6 | (uint32_t)digit[3];
        for (size_t k = 0; k < digits - 1; k++)
            bytes[n++] = (uint8_t)(three >> (16 - 8 * k));
        if (digits < 4)
            return text[4] ? -1 : (long)n;
    }
    return (long)n;
}

/* An address, or a name that a relay put in its place, then a colon and the port. */
static void
take_origin(const char *text, struct origin *ret_origin)
{
    const char *colon = strrchr(text, ':');
    char host[64];
    struct in6_addr v6;
    struct in_addr v4;

    ret_origin->text = text;
    ret_origin->text_len = strlen(text);
    if (!colon || (size_t)(colon - text) >= sizeof(host))
        return;
    size_t len = (size_t)(colon - text);
    bool in_brackets = len >= 2 && text[0] == '[' && text[len - 1] == ']';
    memcpy(host, text + in_brackets, len - 2 * (size_t)in_brackets);
    host[len - 2 * (size_t)in_brackets] = '\0';
    if (inet_pton(AF_INET6, host, &v6) == 1) {
        memcpy(ret_origin->address, &v6, 16);
    } else if (inet_pton(AF_INET, host, &v4) == 1) {
        ret_origin->address[10] = ret_origin->address[11] = 0xff;
        memcpy(ret_origin->address + 12, &v4, 4);
    } else {
        return;
    }
    char *end;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end || port > UINT16_MAX)
        return;
    ret_origin->port = (uint16_t)port;
    ret_origin->has_address = true;
}

static const char *
text_of(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

/* False where the line holds no datagram. The origin's text lies in `object`. */
static bool
take_object(struct input *in, const cJSON *object, struct datagram *ret_datagram)
{
    const char *base64 = text_of(object, "data"), *hex = text_of(object, "hex");
    const char *origin = text_of(object, base64 ? "remote" : "src");
    const cJSON *time = cJSON_GetObjectItemCaseSensitive(object, "time");
    long len = base64 ? take_base64(base64, in->datagram, LONGEST_DATAGRAM)
               : hex  ? take_hex(hex, in->datagram, LONGEST_DATAGRAM)
                      : -1;

    if (len < 0)
        return false;
    ret_datagram->bytes = in->datagram;
    ret_datagram->len = (size_t)len;
    if (origin)
        take_origin(origin, &ret_datagram->origin);
    if (cJSON_IsNumber(time) && time->valuedouble >= 0 &&
        time->valuedouble < LAST_TIME) {
        /* A double of this size is good for microseconds. */
        ret_datagram->has_time = true;
        ret_datagram->time_ns = (uint64_t)(time->valuedouble * 1e6 + 0.5) * 1000;
    }
    return true;
}

/* The length of the next line without its newline, or of what is left of this one. One that
 * is longer than the look ahead is skipped. False at the end. */
static bool
find_line(struct input *in, size_t *ret_len)
{
    struct bytes *b = &in->bytes;
    size_t searched = 0;

    *ret_len = in->line_left;
    if (in->line_left)
        return true;
    for (;;) {
        const uint8_t *end =
            b->have ? memchr(b->at + searched, '\n', b->have - searched) : NULL;
        if (end) {
            *ret_len = (size_t)(end - b->at);
            return true;
        }
        searched = b->have;
        if (searched >= BYTES_AHEAD) {
            if (!in->in_garbage)
                input_trouble_at(in, TROUBLE_LINE, b->offset);
            in->in_garbage = true;
            bytes_skip(b, searched);
            searched = 0;
        } else if (bytes_want(b, searched + 1) == searched) {
            *ret_len = searched;
            return searched > 0;
        }
    }
}

static bool
is_blank(const uint8_t *at, size_t len)
{
    while (len > 0 && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++, len--;
    return len == 0;
}

/* The object at the start of the line, and how long it is. What is none takes the line. */
static cJSON *
parse_object(const struct bytes *b, size_t line_len, size_t *ret_len)
{
    const char *end = NULL;
    cJSON *object =
        cJSON_ParseWithLengthOpts((const char *)b->at, line_len, &end, false);

    *ret_len = object ? (size_t)(end - (const char *)b->at) : line_len;
    return object;
}

bool
lines_next(struct input *in, struct datagram *ret_datagram)
{
    struct bytes *b = &in->bytes;
    size_t line_len, len;

    cJSON_Delete(in->line);
    in->line = NULL;
    while (find_line(in, &line_len)) {
        uint64_t offset = b->offset;
        bool is_whole = line_len < b->have;
        bool is_ours = !in->in_garbage && !is_blank(b->at, line_len);
        *ret_datagram = (struct datagram){.offset = offset};
        in->line = is_ours ? parse_object(b, line_len, &len) : NULL;
        bool is_datagram = in->line && take_object(in, in->line, ret_datagram);
        if (!in->line || is_blank(b->at + len, line_len - len))
            len = line_len;
        in->line_left = line_len - len; /* another one follows on the same line */
        bytes_skip(b, len + (is_whole && !in->line_left));
        in->in_garbage = false;
        if (is_datagram)
            return true;
        cJSON_Delete(in->line);
        in->line = NULL;
        if (is_ours && is_whole)
            input_trouble_at(in, TROUBLE_LINE, offset);
        else if (is_ours)
            input_trouble_at(in, TROUBLE_CUT, b->offset);
    }
    return false;
}

void
lines_close(struct input *in)
{
    cJSON_Delete(in->line);
    free(in->datagram);
}
