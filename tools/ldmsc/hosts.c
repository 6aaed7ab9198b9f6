/* SPDX-License-Identifier: MIT */
/* Lists of daemons, with ranges in brackets. */
#include "hosts.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_HOST = 300, MOST_DIGITS = 9 };

struct word {
    char text[LONGEST_HOST];
    size_t len;
};

/* What one expansion needs to know. */
struct job {
    struct hosts *hosts;
    uint16_t port;
    char *why;
    size_t why_size;
};

static int
refuse(const struct job *job, int err, const char *what, const char *text, size_t len)
{
    snprintf(job->why, job->why_size, "%s: '%.*s'", what, (int)(len < 80 ? len : 80),
             text);
    return err;
}

/* A whole host, without brackets but those of an IPv6 address: name[:port]. */
static int
add_one(const struct job *job, const struct word *w)
{
    struct hosts *h = job->hosts;
    const char *name = w->text, *colon = NULL;
    size_t name_len = w->len;
    unsigned long port = job->port;

    if (name[0] == '[') {
        const char *end = memchr(name, ']', w->len);
        name++;
        name_len = (size_t)(end - name);
        colon = end[1] == ':' ? end + 1 : NULL;
        if (end[1] && !colon)
            return refuse(job, -EINVAL, "only a port can follow an address in brackets",
                          w->text, w->len);
    } else {
        colon = strchr(name, ':');
        if (colon && strchr(colon + 1, ':'))
            colon = NULL; /* an IPv6 address as it is */
        if (colon)
            name_len = (size_t)(colon - name);
    }
    if (colon) {
        char *end;
        port = isdigit((unsigned char)colon[1]) ? strtoul(colon + 1, &end, 10) : 0;
        if (port < 1 || port > UINT16_MAX || *end)
            return refuse(job, -EINVAL, "the port is a number from 1 to 65535", w->text,
                          w->len);
    }
    if (name_len == 0)
        return refuse(job, -EINVAL, "there is no host in", w->text, w->len);
    if (h->count >= h->limit)
        return refuse(job, -E2BIG, "too many hosts, at", w->text, w->len);
    if (h->count == h->room) {
        size_t room = h->room ? h->room * 2 : 16;
        struct host *at = realloc(h->at, room * sizeof(*at));
        if (!at)
            return -ENOMEM;
        h->at = at;
        h->room = room;
    }
    char *copy = strndup(name, name_len);
    if (!copy)
        return -ENOMEM;
    h->at[h->count++] = (struct host){.name = copy, .port = (uint16_t)port};
    return 0;
}

/* Digits at the start of the text: how many, 0 when too many. */
static size_t
digits_at(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && isdigit((unsigned char)text[n]))
        n++;
    return n <= MOST_DIGITS ? n : 0;
}

static int expand(const struct job *job, struct word *so_far, const char *rest,
                  size_t rest_len);

/* One range, "7" or "001-512", in the place of its brackets. */
static int
expand_range(const struct job *job, struct word *so_far, const char *range, size_t len,
             const char *rest, size_t rest_len)
{
    size_t width = digits_at(range, len);
    unsigned long first = strtoul(range, NULL, 10), last = first;

    if (width > 0 && width < len && range[width] == '-') {
        size_t second = digits_at(range + width + 1, len - width - 1);
        last = strtoul(range + width + 1, NULL, 10);
        if (second == 0 || width + 1 + second != len)
            width = 0;
    } else if (width != len) {
        width = 0;
    }
    if (width == 0 || last < first)
        return refuse(job, -EINVAL, "a range is a number, or two with a '-' and rising",
                      range, len);
    size_t before = so_far->len;
    for (unsigned long i = first; i <= last; i++) {
        int n = snprintf(so_far->text + before, sizeof(so_far->text) - before, "%0*lu",
                         (int)width, i);
        if (n < 0 || (size_t)n >= sizeof(so_far->text) - before)
            return refuse(job, -EINVAL, "the name is too long", range, len);
        so_far->len = before + (size_t)n;
        int err = expand(job, so_far, rest, rest_len);
        if (err < 0)
            return err;
    }
    so_far->len = before;
    return 0;
}

/* The ranges in one pair of brackets. */
static int
expand_brackets(const struct job *job, struct word *so_far, const char *inside,
                size_t len, const char *rest, size_t rest_len)
{
    for (size_t at = 0; at <= len;) {
        const char *comma = memchr(inside + at, ',', len - at);
        size_t one = comma ? (size_t)(comma - inside) - at : len - at;
        int err = expand_range(job, so_far, inside + at, one, rest, rest_len);
        if (err < 0)
            return err;
        at += one + 1;
    }
    return 0;
}

/* What stands before the next range is taken as it is; then each of its numbers. */
static int
expand(const struct job *job, struct word *so_far, const char *rest, size_t rest_len)
{
    const char *open = memchr(rest, '[', rest_len);
    size_t plain = open ? (size_t)(open - rest) : rest_len;
    const char *close = open ? memchr(open, ']', rest_len - plain) : NULL;

    if (memchr(rest, ']', plain) || (open && !close))
        return refuse(job, -EINVAL, "brackets don't match", rest, rest_len);
    /* [fe80::1] is an address: it is no range, and stands at the start. */
    if (open && so_far->len == 0 && plain == 0 &&
        memchr(open, ':', (size_t)(close - open))) {
        if (memchr(close, '[', rest_len - (size_t)(close - rest)))
            return refuse(job, -EINVAL, "an address has no ranges", rest, rest_len);
        plain = rest_len;
        open = NULL;
    }
    if (so_far->len + plain >= sizeof(so_far->text))
        return refuse(job, -EINVAL, "the name is too long", rest, rest_len);
    size_t before = so_far->len;
    memcpy(so_far->text + before, rest, plain);
    so_far->len += plain;
    so_far->text[so_far->len] = '\0';
    int err = open ? expand_brackets(job, so_far, open + 1, (size_t)(close - open) - 1,
                                     close + 1, rest_len - (size_t)(close - rest) - 1)
                   : add_one(job, so_far);
    so_far->len = before;
    return err;
}

/* The length of one host of a list: to a comma or blank outside brackets. */
static size_t
host_len(const char *list)
{
    size_t n = 0;
    bool inside = false;
    for (; list[n]; n++) {
        if (list[n] == '[')
            inside = true;
        else if (list[n] == ']')
            inside = false;
        else if (!inside && (list[n] == ',' || isspace((unsigned char)list[n])))
            break;
    }
    return n;
}

int
hosts_add(struct hosts *h, const char *list, uint16_t port, char *ret_why,
          size_t why_size)
{
    struct job job = {.hosts = h, .port = port, .why = ret_why, .why_size = why_size};

    snprintf(ret_why, why_size, "out of memory");
    for (;;) {
        while (*list == ',' || isspace((unsigned char)*list))
            list++;
        if (!*list)
            return 0;
        struct word so_far = {.len = 0};
        size_t len = host_len(list);
        int err = expand(&job, &so_far, list, len);
        if (err < 0)
            return err;
        list += len;
    }
}

int
hosts_read(struct hosts *h, FILE *file, uint16_t port, char *ret_why, size_t why_size)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int err = 0;

    while (err == 0 && (len = getline(&line, &room, file)) >= 0) {
        if (memchr(line, '\0', (size_t)len)) {
            snprintf(ret_why, why_size, "a line has a NUL byte in it");
            err = -EINVAL;
            break;
        }
        line[strcspn(line, "#")] = '\0';
        err = hosts_add(h, line, port, ret_why, why_size);
    }
    if (err == 0 && ferror(file)) {
        err = -EIO;
        snprintf(ret_why, why_size, "cannot read it");
    }
    free(line);
    return err;
}

/* Of name and port. */
static size_t
hash_of(const struct host *h)
{
    uint64_t hash = 14695981039346656037u ^ h->port; /* FNV-1a */
    for (const char *c = h->name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32);
}

void
hosts_unique(struct hosts *h)
{
    size_t slots = 16, kept = 0;
    while (slots < 2 * h->count)
        slots *= 2;
    size_t *taken =
        calloc(slots, sizeof(*taken)); /* number of the host there, from 1 */

    for (size_t i = 0; taken && i < h->count; i++) {
        struct host *at = h->at, one = at[i];
        size_t slot = hash_of(&one) & (slots - 1);
        while (taken[slot] && (at[taken[slot] - 1].port != one.port ||
                               strcmp(at[taken[slot] - 1].name, one.name) != 0))
            slot = (slot + 1) & (slots - 1);
        if (taken[slot]) {
            free(one.name);
        } else {
            at[kept] = one;
            taken[slot] = ++kept;
        }
    }
    if (taken)
        h->count = kept;
    free(taken);
}

void
hosts_free(struct hosts *h)
{
    for (size_t i = 0; i < h->count; i++)
        free(h->at[i].name);
    free(h->at);
    *h = (struct hosts){0};
}
