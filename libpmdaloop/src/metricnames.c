/* SPDX-License-Identifier: MIT */
/* The tree of names that a table's metrics make. Sorted, the names below a node stand
 * side by side, so the sorted list is the tree. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

/* A name's dotted components start with a letter, which letters, digits and _ follow. */
static bool
is_name(const char *name)
{
    bool at_start = true;

    for (; *name; name++) {
        bool letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
        bool other = (*name >= '0' && *name <= '9') || *name == '_';
        if (*name == '.' && !at_start)
            at_start = true;
        else if (letter || (other && !at_start))
            at_start = false;
        else
            return false;
    }
    return !at_start;
}

struct named {
    const char *name;
    uint32_t index;
};

static int
by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static const char *
name_at(const struct pl_table *t, size_t k)
{
    return t->decl.metrics[t->names.sorted[k]].name;
}

/* A leaf is no node: nothing else has its name, or its name and a dot in front. */
static int
check_names(const struct pl_table *t, char *ret_why, size_t room)
{
    for (size_t k = 0; k < t->names.n; k++) {
        const char *name = name_at(t, k);
        const char *next = k + 1 < t->names.n ? name_at(t, k + 1) : "";
        size_t len = strlen(name);
        const char *fault = NULL;
        if (!is_name(name))
            fault = "no name of a metric";
        else if (strncmp(name, next, len) == 0 && next[len] == '\0')
            fault = "this name is there twice";
        else if (strncmp(name, next, len) == 0 && next[len] == '.')
            fault = "a metric's name is that of a node too";
        if (fault) {
            snprintf(ret_why, room, "'%.100s': %s", name, fault);
            return -EINVAL;
        }
    }
    return 0;
}

int
pl_metric_names_sort(struct pl_table *t, char *ret_why, size_t room)
{
    size_t n = 0;
    struct named *list = calloc(t->decl.n_metrics + 1, sizeof(*list));
    t->names.sorted = calloc(t->decl.n_metrics + 1, sizeof(*t->names.sorted));

    if (!list || !t->names.sorted) {
        free(list);
        return -ENOMEM;
    }
    for (size_t i = 0; i < t->decl.n_metrics; i++)
        if (t->decl.metrics[i].name)
            list[n++] = (struct named){t->decl.metrics[i].name, (uint32_t)i};
    qsort(list, n, sizeof(*list), by_name);
    for (size_t k = 0; k < n; k++)
        t->names.sorted[k] = list[k].index;
    t->names.n = n;
    free(list);
    return check_names(t, ret_why, room);
}

/* How a name compares to a counted one, of which it may be the whole or more. */
static int
compare(const char *name, const char *wanted, size_t len)
{
    int order = strncmp(name, wanted, len);
    return order ? order : name[len] ? 1 : 0;
}

/* The first name that is not less. */
static size_t
lower_bound(const struct pl_table *t, const char *wanted, size_t len)
{
    size_t low = 0, high = t->names.n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(name_at(t, mid), wanted, len) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

int64_t
pl_metric_names_find(const struct pl_table *t, const char *name, size_t len)
{
    size_t k = lower_bound(t, name, len);

    if (k == t->names.n || compare(name_at(t, k), name, len) != 0)
        return -1;
    return t->names.sorted[k];
}

static bool
is_below(const char *name, const char *node, size_t len)
{
    return len == 0 || (strncmp(name, node, len) == 0 && name[len] == '.');
}

int
pl_metric_names_reply(const struct pl_table *t, struct pl_engine *e, struct pl_slot *s,
                      const char *name, size_t len, bool is_traverse)
{
    /* Names with a sign below '.' behind the node's would come first; there is none. */
    size_t k = lower_bound(t, name, len);
    const char *last = NULL;
    size_t last_len = 0;

    if (k < t->names.n && len > 0 && compare(name_at(t, k), name, len) == 0)
        return is_traverse ? pl_reply_name(e, s, name, len, true) : 0; /* a leaf */
    if (k == t->names.n || !is_below(name_at(t, k), name, len))
        return PMDALOOP_PM_NAME;
    for (; k < t->names.n && is_below(name_at(t, k), name, len); k++) {
        const char *full = name_at(t, k), *child = full + (len ? len + 1 : 0);
        size_t child_len = strcspn(child, ".");
        int err = 0;
        if (is_traverse)
            err = pl_reply_name(e, s, full, strlen(full), true);
        else if (!last || last_len != child_len || memcmp(last, child, child_len) != 0)
            err = pl_reply_name(e, s, child, child_len, child[child_len] == '\0');
        if (err < 0)
            return err;
        last = child;
        last_len = child_len;
    }
    return 0;
}
