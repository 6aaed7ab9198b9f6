/* SPDX-License-Identifier: MIT */
/* Units in words: one of space, of time and of count, each with a power, and what stands
 * behind a slash is divided by. */
#include "units.h"

#include <pmdaloop.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SPACE, TIME, COUNT, DIMENSIONS };

struct reader {
    const char *at;
    int sign; /* -1 behind the slash */
    int dims[DIMENSIONS], scales[DIMENSIONS];
};

/* The word at hand begins with a letter, and goes on to what is none. */
static size_t
word_len(const char *at)
{
    size_t n = 0;

    while ((at[n] >= 'a' && at[n] <= 'z') || (at[n] >= 'A' && at[n] <= 'Z'))
        n++;
    return n;
}

static bool
is_word(const char *at, size_t len, const char *word)
{
    return strlen(word) == len && strncasecmp(at, word, len) == 0;
}

static bool
begins(const char *at, size_t len, const char *word, size_t *ret_len)
{
    *ret_len = strlen(word);
    return *ret_len <= len && strncasecmp(at, word, *ret_len) == 0;
}

/* "byte", "KB", "KiB", "Kbytes", "kilobyte", "kibibytes": all powers of 1024. */
static int
space_scale(const char *at, size_t len)
{
    static const char *const prefixes[][3] = {
        {"", "", ""},          {"kilo", "kibi", "k"},  {"mega", "mebi", "m"},
        {"giga", "gibi", "g"}, {"tera", "tebi", "t"},  {"peta", "pebi", "p"},
        {"exa", "exbi", "e"},  {"zetta", "zebi", "z"}, {"yotta", "yobi", "y"}};

    for (int scale = 0; scale < 9; scale++)
        for (int i = 0; i < 3; i++) {
            size_t n;
            if (!begins(at, len, prefixes[scale][i], &n))
                continue;
            if (is_word(at + n, len - n, "byte") || is_word(at + n, len - n, "bytes"))
                return scale;
            if (i == 2 && scale > 0 &&
                (is_word(at + n, len - n, "b") || is_word(at + n, len - n, "ib")))
                return scale;
        }
    return -1;
}

static int
time_scale(const char *at, size_t len)
{
    static const struct {
        const char *word;
        int scale;
    } words[] = {
        {"nanosec", PMDALOOP_NSEC},
        {"nanosecond", PMDALOOP_NSEC},
        {"nanoseconds", PMDALOOP_NSEC},
        {"ns", PMDALOOP_NSEC},
        {"microsec", PMDALOOP_USEC},
        {"microsecond", PMDALOOP_USEC},
        {"microseconds", PMDALOOP_USEC},
        {"us", PMDALOOP_USEC},
        {"millisec", PMDALOOP_MSEC},
        {"millisecond", PMDALOOP_MSEC},
        {"milliseconds", PMDALOOP_MSEC},
        {"ms", PMDALOOP_MSEC},
        {"sec", PMDALOOP_SEC},
        {"second", PMDALOOP_SEC},
        {"seconds", PMDALOOP_SEC},
        {"s", PMDALOOP_SEC},
        {"min", PMDALOOP_MIN},
        {"minute", PMDALOOP_MIN},
        {"minutes", PMDALOOP_MIN},
        {"hour", PMDALOOP_HOUR},
        {"hours", PMDALOOP_HOUR},
        {"hr", PMDALOOP_HOUR},
        {"h", PMDALOOP_HOUR},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (is_word(at, len, words[i].word))
            return words[i].scale;
    return -1;
}

static void
skip_blanks(struct reader *r)
{
    r->at += strspn(r->at, " \t");
}

/* "x 10^6" behind a count, or alone. */
static bool
take_tens(struct reader *r)
{
    const char *at = r->at;
    char *end;
    long power = 1;

    if (*at != 'x' || strncmp(at + 1 + strspn(at + 1, " "), "10", 2) != 0)
        return false;
    at += 3 + strspn(at + 1, " ");
    if (*at == '^') {
        power = strtol(at + 1, &end, 10);
        if (end == at + 1)
            return false;
        at = end;
    }
    if (power < -8 || power > 7 || r->scales[COUNT] != 0)
        return false;
    r->scales[COUNT] = (int)power;
    r->at = at;
    return true;
}

static bool
take_power(struct reader *r, int *ret)
{
    char *end;
    long power = 1;

    if (*r->at == '^') {
        power = strtol(r->at + 1, &end, 10);
        if (end == r->at + 1)
            return false;
        r->at = end;
    }
    if (power < -8 || power > 8)
        return false;
    *ret = r->sign * (int)power;
    return *ret >= -8 && *ret <= 7;
}

static bool
take_word(struct reader *r)
{
    size_t len = word_len(r->at);
    int dimension = COUNT, scale = 0;

    if (len == 1 && *r->at == 'x')
        return take_tens(r);
    if (!is_word(r->at, len, "count") && !is_word(r->at, len, "counts")) {
        dimension = SPACE;
        scale = space_scale(r->at, len);
        if (scale < 0) {
            dimension = TIME;
            scale = time_scale(r->at, len);
        }
    }
    if (scale < 0 || r->dims[dimension] != 0)
        return false;
    r->at += len;
    if (dimension != COUNT)
        r->scales[dimension] = scale;
    const char *behind = r->at;
    skip_blanks(r);
    if (dimension == COUNT && *r->at == 'x') {
        if (!take_tens(r))
            return false;
    } else {
        r->at = behind;
    }
    return take_power(r, &r->dims[dimension]);
}

bool
units_parse(const char *text, uint32_t *ret)
{
    struct reader r = {.at = strcmp(text, "none") == 0 ? "" : text, .sign = 1};

    for (skip_blanks(&r); *r.at; skip_blanks(&r)) {
        if (*r.at == '/' && r.sign > 0) {
            r.sign = -1;
            r.at++;
        } else if (!take_word(&r)) {
            return false;
        }
    }
    *ret = PMDALOOP_UNITS(r.dims[SPACE], r.dims[TIME], r.dims[COUNT], r.scales[SPACE],
                          r.scales[TIME], r.scales[COUNT]);
    return true;
}
