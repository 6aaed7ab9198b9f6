/* SPDX-License-Identifier: MIT */
/*
 * A JSON object of labels, read. Its members are labels; an object as a value has labels
 * for members in turn, which are called after both, "outer.inner". Any other value is
 * kept as it stands.
 */
#include "pcp/labelset.h"

#include "jsontext.h"

enum { MAX_DEPTH = 16 };

struct scan {
    struct pl_jsontext text; /* into made's */
    struct pl_labels_made *made;
    unsigned int flags;
    bool dotted;
    int err;
    int depth;
};

void
pl_labelset_free(struct pl_labels_made *made)
{
    free(made->json);
    free(made->items);
    *made = (struct pl_labels_made){.json = NULL};
}

static bool
fail(struct scan *s, int err)
{
    if (s->err == 0)
        s->err = err;
    return false;
}

static bool
is_name(const char *name, size_t len, bool dotted)
{
    for (size_t i = 0; i < len; i++) {
        bool letter =
            (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z');
        bool other = (name[i] >= '0' && name[i] <= '9') || name[i] == '_' ||
                     (dotted && name[i] == '.');
        if (!letter && !(i > 0 && other))
            return false;
    }
    return len > 0;
}

static struct pl_labelitem *
new_item(struct scan *s)
{
    struct pl_labels_made *made = s->made;

    if (made->n == PM_MAXLABELS - 1) {
        fail(s, -E2BIG);
        return NULL;
    }
    if (made->n == made->n_room) {
        int room = made->n_room ? made->n_room * 2 : 8;
        struct pl_labelitem *items =
            realloc(made->items, (size_t)room * sizeof(*items));
        if (!items) {
            fail(s, -ENOMEM);
            return NULL;
        }
        made->items = items;
        made->n_room = room;
    }
    return &made->items[made->n++];
}

static bool take_object(struct scan *s, char *path, size_t path_len);

/* "name": value. path holds the names around it, with room for one more. */
static bool
take_member(struct scan *s, char *path, size_t path_len)
{
    size_t name = s->text.n + 1;

    if (!pl_jsontext_string(&s->text))
        return fail(s, -EINVAL);
    size_t name_len = s->text.n - 1 - name;
    if (!is_name(s->made->json + name, name_len, s->dotted))
        return fail(s, -EINVAL);
    if (path_len + name_len + 2 > PL_LABEL_PATH || name > UINT16_MAX)
        return fail(s, -E2BIG);
    if (path_len)
        path[path_len++] = '.';
    memcpy(path + path_len, s->made->json + name, name_len);
    path_len += name_len;
    path[path_len] = '\0';
    if (!pl_jsontext_take(&s->text, ':'))
        return fail(s, -EINVAL);

    char c = pl_jsontext_peek(&s->text);
    size_t value = s->text.n;
    int before = s->made->n;
    bool ok = c == '{' ? take_object(s, path, path_len)
                       : pl_jsontext_value(&s->text) || fail(s, -EINVAL);
    if (!ok)
        return false;
    path[path_len] = '\0';
    if (c == '{' && s->made->n > before) {
        s->made->nested = true; /* its members are the labels */
        return true;
    }
    struct pl_labelitem *item = new_item(s);
    if (!item)
        return false;
    memcpy(item->path, path, path_len + 1);
    item->name = name;
    item->name_len = name_len;
    item->value = value;
    item->value_len = s->text.n - value;
    item->flags = s->flags;
    if (s->depth > 1 || c == '{' || memchr(path, '.', path_len))
        item->flags |= PM_LABEL_COMPOUND;
    return item->value_len <= UINT16_MAX || fail(s, -E2BIG);
}

static bool
take_object(struct scan *s, char *path, size_t path_len)
{
    if (s->depth == MAX_DEPTH)
        return fail(s, -E2BIG);
    s->depth++;
    if (!pl_jsontext_take(&s->text, '{'))
        return fail(s, -EINVAL);
    if (!pl_jsontext_take(&s->text, '}')) {
        do {
            if (!take_member(s, path, path_len))
                return false;
        } while (pl_jsontext_take(&s->text, ','));
        if (!pl_jsontext_take(&s->text, '}'))
            return fail(s, -EINVAL);
    }
    s->depth--;
    return true;
}

static int
compare_paths(const void *a, const void *b)
{
    const struct pl_labelitem *x = a, *y = b;
    return strcmp(x->path, y->path);
}

int
pl_labelset_parse(const char *json, size_t len, unsigned int flags, bool dotted,
                  struct pl_labels_made *made)
{
    char path[PL_LABEL_PATH] = "";
    struct scan s = {.made = made, .flags = flags, .dotted = dotted};

    *made = (struct pl_labels_made){.json = malloc(len + 1)};
    if (!made->json)
        return -ENOMEM;
    s.text = (struct pl_jsontext){.at = json, .end = json + len, .out = made->json};
    pl_jsontext_space(&s.text);
    if (s.text.at == s.text.end ||
        (s.text.end - s.text.at >= 2 && memcmp(s.text.at, "[]", 2) == 0))
        return 0; /* nothing said is no label */
    if (take_object(&s, path, 0) && s.text.at != s.text.end)
        (void)fail(&s, -EINVAL);
    made->len = s.text.n;
    if (s.err == 0 && made->len > PM_MAXLABELJSONLEN - 1)
        s.err = -E2BIG;
    if (s.err == 0 && made->n > 1)
        qsort(made->items, (size_t)made->n, sizeof(*made->items), compare_paths);
    for (int i = 1; i < made->n && s.err == 0; i++)
        if (strcmp(made->items[i - 1].path, made->items[i].path) == 0)
            s.err = -EINVAL; /* the same name twice */
    if (s.err < 0)
        pl_labelset_free(made);
    return s.err;
}
