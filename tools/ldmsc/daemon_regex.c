/* SPDX-License-Identifier: MIT */
/* Regular expressions of whoever asks. The C library's take stack, memory and time without
 * a bound, so the stand-in refuses what needs much of them, as if memory were exhausted;
 * and it compiles one once for all the names that it is tried on. */
#include "daemon_state.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { FLAGS = REG_EXTENDED | REG_NOSUB };

/* The most of a repetition "{m}", "{m,}" or "{m,n}"; 1 when it is none. */
static unsigned long
most_of(const char *braces)
{
    char *end;
    unsigned long least = strtoul(braces + 1, &end, 10), most = least;
    if (*end == ',')
        most = strtoul(end + 1, &end, 10);
    most = most > least ? most : least;
    return *end != '}' || most == 0 ? 1 : most < 10000 ? most : 10000;
}

/* How large it is once each repetition is written out, roughly; how deep its brackets go;
 * and does it never refer back, which takes for ever to match? */
static bool
is_bearable(const char *regex)
{
    enum { MOST_DEEP = 50, MOST_LARGE = 1000 };
    unsigned long large = 0, before[MOST_DEEP], last = 0, postfixes = 0;
    size_t deep = 0;

    for (const char *at = regex; *at; at++) {
        char c = *at;
        if (c == '\\' && at[1] >= '1' && at[1] <= '9')
            return false;
        if (c == '\\' && at[1]) {
            at++;
            c = 'x'; /* a character like any other */
        }
        postfixes = strchr("*+?{", c) ? postfixes + 1 : 0;
        if (c == '(') {
            if (deep == MOST_DEEP)
                return false;
            before[deep++] = large;
        } else if (c == ')' && deep > 0) {
            last = large - before[--deep] + 1;
        } else if (c == '{') {
            large += last * (most_of(at) - 1);
        } else if (!postfixes) {
            last = 1;
        }
        large += 1 + postfixes; /* each on top of another costs more */
        if (large > MOST_LARGE)
            return false;
    }
    return true;
}

/* Compiled, and kept for the next call; else NULL and regcomp()'s code. */
static const regex_t *
compile(const char *regex, int *ret_err)
{
    enum { KEPT = 16 };
    static struct {
        char *text;
        regex_t compiled;
    } kept[KEPT];
    unsigned slot = 0;
    regex_t fresh;

    for (const char *at = regex; *at; at++)
        slot = slot * 31 + (unsigned char)*at;
    slot %= KEPT;
    if (kept[slot].text && strcmp(kept[slot].text, regex) == 0)
        return &kept[slot].compiled;
    *ret_err = is_bearable(regex) ? regcomp(&fresh, regex, FLAGS) : REG_ESPACE;
    if (*ret_err != 0)
        return NULL;
    char *text = strdup(regex);
    if (!text)
        abort(); /* as dm_write() has it */
    if (kept[slot].text)
        regfree(&kept[slot].compiled);
    free(kept[slot].text);
    kept[slot].text = text;
    kept[slot].compiled = fresh;
    return &kept[slot].compiled;
}

bool
dm_is_regex(const char *regex)
{
    int err;
    return compile(regex, &err) != NULL;
}

bool
dm_matches(const char *regex, const char *text)
{
    int err;
    const regex_t *compiled = compile(regex, &err);
    return compiled && regexec(compiled, text, 0, NULL, 0) == 0;
}

bool
dm_any_regex(const struct dm_words *regexes, const char *text)
{
    for (size_t i = 0; i < regexes->count; i++)
        if (dm_matches(regexes->at[i], text))
            return true;
    return false;
}

bool
dm_check_regex(struct dm_reply *r, const char *regex)
{
    char why[128];
    int err;

    if (compile(regex, &err))
        return true;
    regerror(err, NULL, why, sizeof(why));
    /* The daemon's own slip: an errno in the text, regcomp's code as the status. */
    dm_say(r, err, "%d%s\n", EINVAL, why);
    return false;
}
