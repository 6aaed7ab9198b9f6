/* SPDX-License-Identifier: MIT */
/* The stand-in daemon's store: named objects on a shelf a kind, and lists of texts. */
#include "daemon_state.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more of `count` pointers. */
static bool
grow(void ***at, size_t count, size_t *room)
{
    if (count < *room)
        return true;
    size_t wanted = *room ? *room * 2 : 4;
    void **more = realloc(*at, wanted * sizeof(*more));
    if (!more)
        return false;
    *at = more;
    *room = wanted;
    return true;
}

/* Where the word is, or where it would be: a slot of the index. */
static size_t
slot_of(const struct dm_words *w, const char *word)
{
    size_t hash = 5381;
    for (const char *c = word; *c; c++)
        hash = hash * 33 ^ (unsigned char)*c;
    hash ^= hash >> 16;
    size_t slot = hash & (w->n_slots - 1);
    while (w->slots[slot] && strcmp(w->at[w->slots[slot] - 1], word) != 0)
        slot = (slot + 1) & (w->n_slots - 1);
    return slot;
}

static void
forget_index(struct dm_words *w)
{
    free(w->slots);
    w->slots = NULL;
}

/* An index of many words, so that each need not be compared with all others. */
static void
make_index(struct dm_words *w)
{
    enum { FEW = 16 };
    if (w->slots || w->count <= FEW)
        return;
    for (w->n_slots = 64; w->n_slots < 4 * w->count;)
        w->n_slots *= 2;
    w->slots = calloc(w->n_slots, sizeof(*w->slots));
    for (size_t i = 0; w->slots && i < w->count; i++) {
        size_t slot = slot_of(w, w->at[i]);
        if (w->slots[slot] == 0) /* of equal ones the first */
            w->slots[slot] = i + 1;
    }
}

bool
dm_words_add(struct dm_words *w, const char *word)
{
    void **at = (void **)w->at;
    bool fits = grow(&at, w->count, &w->room);
    w->at = (char **)at;
    char *copy = fits ? strdup(word) : NULL;
    if (!copy)
        return false;
    if (w->slots && 2 * w->count >= w->n_slots)
        forget_index(w);
    size_t slot = w->slots ? slot_of(w, word) : 0;
    w->at[w->count++] = copy;
    if (w->slots && w->slots[slot] == 0)
        w->slots[slot] = w->count;
    return true;
}

static size_t
word_at(struct dm_words *w, const char *word)
{
    size_t i = 0;
    make_index(w);
    if (w->slots) {
        size_t slot = slot_of(w, word);
        return w->slots[slot] ? w->slots[slot] - 1 : w->count;
    }
    while (i < w->count && strcmp(w->at[i], word) != 0)
        i++;
    return i;
}

bool
dm_words_has(struct dm_words *w, const char *word)
{
    return word_at(w, word) < w->count;
}

bool
dm_words_remove(struct dm_words *w, const char *word)
{
    size_t i = word_at(w, word);
    if (i == w->count)
        return false;
    free(w->at[i]);
    w->count--;
    memmove(w->at + i, w->at + i + 1, (w->count - i) * sizeof(*w->at));
    forget_index(w);
    return true;
}

void
dm_words_remove_all(struct dm_words *w, struct dm_words *gone)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->count; i++) {
        if (dm_words_has(gone, w->at[i]))
            free(w->at[i]);
        else
            w->at[kept++] = w->at[i];
    }
    w->count = kept;
    forget_index(w);
}

void
dm_words_free(struct dm_words *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->at[i]);
    free(w->at);
    free(w->slots);
    *w = (struct dm_words){0};
}

void
dm_remember(struct dm_object *o, const struct dm_request *request)
{
    for (size_t i = 0; request && i < LC_ATTR_COUNT; i++)
        if (request->attr[i]) {
            char *copy = strdup(request->attr[i]);
            if (!copy)
                continue;
            free(o->attr[i]);
            o->attr[i] = copy;
        }
}

struct dm_object *
dm_object_new(const char *name, const struct dm_request *request)
{
    struct dm_object *o = calloc(1, sizeof(*o));
    if (!o)
        return NULL;
    o->name = strdup(name);
    if (!o->name) {
        free(o);
        return NULL;
    }
    dm_remember(o, request);
    return o;
}

void
dm_object_free(struct dm_object *o)
{
    if (!o)
        return;
    free(o->name);
    for (size_t i = 0; i < LC_ATTR_COUNT; i++)
        free(o->attr[i]);
    dm_words_free(&o->producers);
    dm_words_free(&o->members);
    dm_words_free(&o->items);
    free(o);
}

/* Where it is, or where it would be. */
static size_t
place_of(const struct dm_shelf *s, const char *name, bool *ret_there)
{
    size_t low = 0, high = s->count;
    *ret_there = false;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(s->at[mid]->name, name);
        if (order == 0) {
            *ret_there = true;
            return mid;
        }
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct dm_object *
dm_find(const struct dm_daemon *d, enum dm_kind kind, const char *name)
{
    bool there;
    size_t i = place_of(&d->shelves[kind], name, &there);
    return there ? d->shelves[kind].at[i] : NULL;
}

struct dm_object *
dm_make(struct dm_daemon *d, enum dm_kind kind, const char *name,
        const struct dm_request *request)
{
    struct dm_shelf *s = &d->shelves[kind];
    bool there;
    size_t i = place_of(s, name, &there);
    void **at = (void **)s->at;
    bool fits = !there && grow(&at, s->count, &s->room);
    s->at = (struct dm_object **)at;
    struct dm_object *o = fits ? dm_object_new(name, request) : NULL;

    if (!o)
        return NULL;
    memmove(s->at + i + 1, s->at + i, (s->count - i) * sizeof(*s->at));
    s->at[i] = o;
    s->count++;
    return o;
}

void
dm_remove(struct dm_daemon *d, enum dm_kind kind, const char *name)
{
    struct dm_shelf *s = &d->shelves[kind];
    bool there;
    size_t i = place_of(s, name, &there);
    if (!there)
        return;
    dm_object_free(s->at[i]);
    s->count--;
    memmove(s->at + i, s->at + i + 1, (s->count - i) * sizeof(*s->at));
}

const char *
dm_attr_or(const struct dm_object *o, enum lc_attr id, const char *other)
{
    return o->attr[id] ? o->attr[id] : other;
}
