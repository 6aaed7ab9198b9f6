/* SPDX-License-Identifier: MIT */
/* Intervals in words: "2min 3.5sec", "10". */
#include <pcp/pmapi.h>

#include <ctype.h>
#include <stdbool.h>
#include <strings.h>

#undef pmParseInterval

static const struct {
    const char *name; /* with an s behind it, too */
    double seconds;
} units[] = {
    {"nanosecond", 1e-9}, {"nanosec", 1e-9}, {"nsec", 1e-9}, {"microsecond", 1e-6},
    {"microsec", 1e-6},   {"usec", 1e-6},    {"msec", 1e-3}, {"millisecond", 1e-3},
    {"millisec", 1e-3},   {"second", 1},     {"sec", 1},     {"s", 1},
    {"minute", 60},       {"min", 60},       {"m", 60},      {"hour", 3600},
    {"h", 3600},          {"day", 86400},    {"d", 86400},
};

/* From here on a time_t does not hold it. */
#define TOO_LONG_S 0x1p63

static int
complain(const char *text, size_t at, const char *what, char **ret_message)
{
    size_t size = strlen(text) + at + strlen(what) + 16;

    if (!ret_message || (*ret_message = malloc(size)) == NULL)
        return -1;
    snprintf(*ret_message, size, "%s\n%*s^ -- %s\n", text, (int)at, "", what);
    return -1;
}

/* Seconds in one unit; 0 for a word that is none. */
static double
unit_seconds(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        size_t n = strlen(units[i].name);
        bool plural = len == n + 1 && tolower((unsigned char)word[n]) == 's';
        if ((len == n || plural) && strncasecmp(word, units[i].name, n) == 0)
            return units[i].seconds;
    }
    return 0;
}

static int
parse(const char *text, double *ret_seconds, char **ret_message)
{
    static const char unexpected[] = "unexpected value";
    const char *at = text;
    double total = 0;

    if (!text || !*text)
        return complain("", 0, "Null or empty specification", ret_message);
    while (*at) {
        char *end;
        while (isspace((unsigned char)*at))
            at++;
        if (!*at)
            break;
        size_t sign = *at == '+';
        if (!isdigit((unsigned char)at[sign]) && at[sign] != '.')
            return complain(text, (size_t)(at - text), unexpected, ret_message);
        const char *number = at;
        double n = strtod(at, &end);
        if (end == at)
            return complain(text, (size_t)(at - text), unexpected, ret_message);
        at = end;
        while (isspace((unsigned char)*at))
            at++;
        size_t len = 0;
        while (isalpha((unsigned char)at[len]))
            len++;
        double seconds = len ? unit_seconds(at, len) : 1;
        if (seconds == 0 ||
            (len == 0 && *at && !isdigit((unsigned char)*at) && *at != '.'))
            return complain(text, (size_t)(at - text), unexpected, ret_message);
        total += n * seconds;
        if (total >= TOO_LONG_S)
            return complain(text, (size_t)(number - text), unexpected, ret_message);
        at += len;
        while (isspace((unsigned char)*at))
            at++;
    }
    *ret_seconds = total;
    return 0;
}

int
pmParseInterval(const char *text, struct timeval *ret_interval, char **ret_message)
{
    double seconds;

    if (parse(text, &seconds, ret_message) < 0)
        return -1;
    pmtimevalFromReal(seconds, ret_interval);
    return 0;
}

int
pmParseHighResInterval(const char *text, struct timespec *ret_interval,
                       char **ret_message)
{
    double seconds;

    if (parse(text, &seconds, ret_message) < 0)
        return -1;
    pmtimespecFromReal(seconds, ret_interval);
    return 0;
}
