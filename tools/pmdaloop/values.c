/* SPDX-License-Identifier: MIT */
/* Values as JSON has them, and as metrics do. */
#include "values.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cJSON's numbers are doubles, which have 15 digits. A longer whole number is handed to it
 * as a string that begins with this, and that no one else's may begin with. */
enum { SPELLED = '\1', EXACT_DIGITS = 15 };

/* ---- one value ---- */

static bool
take_digits(const char *text, int32_t type, struct pmdaloop_value *ret)
{
    bool is_signed = type == PMDALOOP_32 || type == PMDALOOP_64;
    char *end = NULL;

    if (!*text || strspn(text, "-0123456789") != strlen(text) ||
        (!is_signed && *text == '-'))
        return false;
    errno = 0;
    if (is_signed)
        ret->as.i64 = strtoll(text, &end, 10);
    else
        ret->as.u64 = strtoull(text, &end, 10);
    if (errno || *end)
        return false;
    if (type == PMDALOOP_32) {
        int64_t v = ret->as.i64;
        ret->as.i32 = (int32_t)v;
        return v >= INT32_MIN && v <= INT32_MAX;
    }
    if (type == PMDALOOP_U32) {
        uint64_t v = ret->as.u64;
        ret->as.u32 = (uint32_t)v;
        return v <= UINT32_MAX;
    }
    return true;
}

static bool
take_integer(const cJSON *json, int32_t type, struct pmdaloop_value *ret)
{
    const char *text = cJSON_GetStringValue(json);
    char digits[32];

    if (cJSON_IsBool(json))
        text = cJSON_IsTrue(json) ? "1" : "0";
    if (cJSON_IsNumber(json)) {
        double d = json->valuedouble;
        if (d != floor(d) || fabs(d) > 1e19)
            return false;
        snprintf(digits, sizeof(digits), "%.0f", d);
        text = strcmp(digits, "-0") == 0 ? "0" : digits;
    }
    return text && take_digits(text + (*text == SPELLED), type, ret);
}

/* A number, or its text, which may be what JSON has no number for: NaN, infinite. */
static bool
take_real(const cJSON *json, double *ret)
{
    const char *text = cJSON_GetStringValue(json);
    char *end;

    *ret = json->valuedouble;
    if (cJSON_IsNumber(json))
        return isfinite(*ret); /* 1e999 is too much */
    if (!text)
        return false;
    text += *text == SPELLED;
    if (!*text || strspn(text, "+-.0123456789eEinfINFatyATY") != strlen(text))
        return false;
    errno = 0;
    *ret = strtod(text, &end);
    return *end == '\0' && !(errno == ERANGE && isinf(*ret));
}

bool
value_take(const cJSON *json, int32_t type, struct pmdaloop_value *ret)
{
    double d;

    *ret = (struct pmdaloop_value){.type = type};
    switch (type) {
    case PMDALOOP_FLOAT:
        if (!take_real(json, &d) || (isfinite(d) && fabs(d) > (double)FLT_MAX))
            return false;
        ret->as.f = (float)d;
        return true;
    case PMDALOOP_DOUBLE:
        return take_real(json, &ret->as.d);
    case PMDALOOP_STRING:
        ret->as.bytes = cJSON_GetStringValue(json);
        return ret->as.bytes && *(const char *)ret->as.bytes != SPELLED;
    default:
        return take_integer(json, type, ret);
    }
}

/* JSON has no number for what is not finite. */
static cJSON *
give_real(double d)
{
    if (isfinite(d))
        return cJSON_CreateNumber(d);
    return cJSON_CreateString(isnan(d) ? "NaN" : d > 0 ? "Inf" : "-Inf");
}

cJSON *
value_give(const struct pmdaloop_value *v)
{
    char digits[32];

    switch (v->type) {
    case PMDALOOP_FLOAT:
        return give_real((double)v->as.f);
    case PMDALOOP_DOUBLE:
        return give_real(v->as.d);
    case PMDALOOP_STRING:
        return cJSON_CreateString(v->as.bytes);
    case PMDALOOP_32:
        snprintf(digits, sizeof(digits), "%" PRId32, v->as.i32);
        break;
    case PMDALOOP_U32:
        snprintf(digits, sizeof(digits), "%" PRIu32, v->as.u32);
        break;
    case PMDALOOP_64:
        snprintf(digits, sizeof(digits), "%" PRId64, v->as.i64);
        break;
    default:
        snprintf(digits, sizeof(digits), "%" PRIu64, v->as.u64);
        break;
    }
    return cJSON_CreateRaw(digits);
}

/* ---- a line of them ---- */

/* The length of the number that starts here; 0: of one that cJSON keeps as it is. */
static size_t
long_number(const char *at, const char *end)
{
    size_t n = 0;

    while (at + n < end && memchr("+-.0123456789eE", at[n], 15))
        n++;
    return n > EXACT_DIGITS && !memchr(at, '.', n) && !memchr(at, 'e', n) &&
                   !memchr(at, 'E', n)
               ? n
               : 0;
}

/* The text with its long numbers spelled out; NULL where there are none, or without
 * memory. Each of them adds three bytes to more than 15. */
static char *
spell_out(const char *text, size_t len, size_t *ret_len)
{
    const char *end = text + len;
    char *copy = NULL, *to = NULL;
    bool in_string = false;

    for (const char *at = text; at < end;) {
        bool starts = !in_string && (*at == '-' || (*at >= '0' && *at <= '9')) &&
                      (at == text || !memchr("+-.0123456789eE", at[-1], 15));
        size_t n = starts ? long_number(at, end) : 0;
        if (n > 0 && !copy) {
            copy = malloc(len + len / 4 + 4);
            if (!copy)
                return NULL;
            memcpy(copy, text, (size_t)(at - text));
            to = copy + (at - text);
        }
        if (n > 0) {
            *to++ = '"';
            *to++ = SPELLED;
            memcpy(to, at, n);
            to += n;
            *to++ = '"';
            at += n;
            continue;
        }
        n = in_string && *at == '\\' && at + 1 < end ? 2 : 1;
        in_string ^= *at == '"';
        if (copy) {
            memcpy(to, at, n);
            to += n;
        }
        at += n;
    }
    *ret_len = copy ? (size_t)(to - copy) : 0;
    return copy;
}

/* A NUL, which would end what cJSON makes of its string. */
static bool
has_nul(const char *text, size_t len)
{
    static const char nul[] = "\\u0000";
    const char *end = text + len;

    if (len == 0 || memchr(text, 0, len))
        return len > 0;
    for (const char *at = text; (at = memchr(at, '\\', (size_t)(end - at))) != NULL;) {
        if ((size_t)(end - at) >= strlen(nul) && memcmp(at, nul, strlen(nul)) == 0)
            return true;
        at += end - at > 1 ? 2 : 1; /* what is escaped begins nothing */
    }
    return false;
}

/* One value and nothing behind it. */
static cJSON *
parse_whole(const char *text, size_t len)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text, len, &end, 0);

    while (json && end < text + len && memchr(" \t\r\n", *end, 4))
        end++;
    if (json && end == text + len)
        return json;
    cJSON_Delete(json);
    return NULL;
}

cJSON *
value_parse(const char *text, size_t len)
{
    size_t spelled_len;

    if (has_nul(text, len))
        return NULL;
    char *spelled = spell_out(text, len, &spelled_len);
    cJSON *json = spelled ? parse_whole(spelled, spelled_len) : parse_whole(text, len);
    free(spelled);
    return json;
}
