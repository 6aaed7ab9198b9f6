/* SPDX-License-Identifier: MIT */
/* Labels as JSON objects: one over another, as pmcd's clients see them. */
#include "labels.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct member {
    const char *text; /* "name":value */
    size_t len, name_len;
    bool is_over;
};

struct members {
    struct member *list;
    size_t n, room;
};

static bool
is_object(const char *text)
{
    cJSON *value = text ? cJSON_ParseWithOpts(text, NULL, 1) : NULL;
    bool is = cJSON_IsObject(value);

    cJSON_Delete(value);
    return is;
}

static const char *
past_string(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* Where a member ends: at the comma or brace that is its object's own. */
static const char *
past_member(const char *at)
{
    int depth = 0;

    while (*at && !(depth == 0 && (*at == ',' || *at == '}'))) {
        if (*at == '"') {
            at = past_string(at);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    }
    return at;
}

static bool
add(struct members *m, const struct member *one)
{
    if (m->n == m->room) {
        size_t room = m->room ? m->room * 2 : 16;
        struct member *list = realloc(m->list, room * sizeof(*list));
        if (!list)
            return false;
        m->list = list;
        m->room = room;
    }
    m->list[m->n++] = *one;
    return true;
}

/* The members of what is_object() has found to be one. */
static bool
add_members(struct members *m, const char *object, bool is_over)
{
    const char *at = object;

    while ((at = strchr(at, '"')) != NULL) {
        struct member one = {.text = at, .is_over = is_over};
        one.name_len = (size_t)(past_string(at) - at);
        at = past_member(at);
        one.len = (size_t)(at - one.text);
        if (!add(m, &one))
            return false;
        if (*at != ',')
            break;
    }
    return true;
}

static int
by_name(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    size_t len = x->name_len < y->name_len ? x->name_len : y->name_len;
    /* The closing quote of the shorter would come behind some letters. */
    int order = memcmp(x->text, y->text, len - 1);

    if (order == 0)
        order = (x->name_len > y->name_len) - (x->name_len < y->name_len);
    return order ? order : y->is_over - x->is_over;
}

static bool
is_same_name(const struct member *a, const struct member *b)
{
    return a->name_len == b->name_len && memcmp(a->text, b->text, a->name_len) == 0;
}

static char *
join(const struct members *m)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    if (!f)
        return NULL;
    fputc('{', f);
    for (size_t i = 0; i < m->n; i++)
        if (i == 0 || !is_same_name(&m->list[i], &m->list[i - 1])) {
            if (i > 0)
                fputc(',', f);
            fwrite(m->list[i].text, 1, m->list[i].len, f);
        }
    fputc('}', f);
    if (fclose(f) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

char *
labels_merge(const char *under, const char *over)
{
    struct members m = {.n = 0};
    char *merged = NULL;
    bool done = !is_object(under) || add_members(&m, under, false);

    if (done && is_object(over))
        done = add_members(&m, over, true);
    if (done && m.n > 1)
        qsort(m.list, m.n, sizeof(*m.list), by_name);
    if (done)
        merged = join(&m);
    free(m.list);
    return merged;
}
