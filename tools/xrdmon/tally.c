/* SPDX-License-Identifier: MIT */
/* Sums by name, in bounded memory. */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

struct tally {
    size_t count, most, slots; /* slots: a power of two, at least twice most */
    struct tally_row **rows;   /* in the order of their coming */
    uint32_t *table;           /* places in rows, from 1 */
    struct tally_row others;
    uint64_t refused;
};

struct tally *
tally_new(size_t most_rows)
{
    struct tally *t = calloc(1, sizeof(*t));
    if (!t)
        return NULL;
    t->most = most_rows;
    for (t->slots = 64; t->slots < 2 * most_rows;)
        t->slots *= 2;
    t->rows = calloc(most_rows, sizeof(struct tally_row *));
    t->table = calloc(t->slots, sizeof(*t->table));
    if (!t->rows || !t->table) {
        tally_free(t);
        return NULL;
    }
    return t;
}

void
tally_free(struct tally *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++) {
        free(t->rows[i]->name);
        free(t->rows[i]);
    }
    free(t->rows);
    free(t->table);
    free(t);
}

static uint64_t
hash_of(const char *text, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 32;
}

struct tally_row *
tally_row(struct tally *t, const char *name, size_t len)
{
    size_t slot = hash_of(name, len) & (t->slots - 1);

    for (; t->table[slot]; slot = (slot + 1) & (t->slots - 1)) {
        struct tally_row *row = t->rows[t->table[slot] - 1];
        if (row->len == len && memcmp(row->name, name, len) == 0)
            return row;
    }
    struct tally_row *row = t->count < t->most ? calloc(1, sizeof(*row)) : NULL;
    if (row && !(row->name = malloc(len + 1))) {
        free(row);
        row = NULL;
    }
    if (!row) {
        t->refused++;
        return &t->others;
    }
    memcpy(row->name, name, len);
    row->name[len] = '\0';
    row->len = len;
    t->rows[t->count++] = row;
    t->table[slot] = (uint32_t)t->count;
    return row;
}

struct tally_row **
tally_rows(struct tally *t, size_t *ret_count)
{
    *ret_count = t->count;
    return t->rows;
}

struct tally_row *
tally_others(struct tally *t, uint64_t *ret_refused)
{
    *ret_refused = t->refused;
    return &t->others;
}

static void
add_sums(struct sums *to, const struct sums *from)
{
    to->opens += from->opens;
    to->closes += from->closes;
    to->read_bytes += from->read_bytes;
    to->write_bytes += from->write_bytes;
}

void
tally_add(struct tally_row *to, const struct tally_row *from)
{
    add_sums(&to->f, &from->f);
    add_sums(&to->t, &from->t);
    to->errors += from->errors;
    to->redirects += from->redirects;
    to->lost_before += from->lost_before + from->lost_now;
}

/* The largest first, and equal ones by name, so that the order does not depend on the
 * order of their coming. */
static int
compare_rows(const void *a, const void *b)
{
    const struct tally_row *x = *(const struct tally_row *const *)a;
    const struct tally_row *y = *(const struct tally_row *const *)b;

    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return strcmp(x->name, y->name);
}

struct tally_row **
tally_sorted(struct tally *t, size_t *ret_count)
{
    /* Places in the table are of no use from here on. */
    qsort(t->rows, t->count, sizeof(struct tally_row *), compare_rows);
    *ret_count = t->count;
    return t->rows;
}
