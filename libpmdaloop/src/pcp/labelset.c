/* SPDX-License-Identifier: MIT */
/*
 * A JSON object of labels, read. Its members are labels; an object as a value has labels
 * for members in turn, which are called after both, "outer.inner". Any other value is
 * kept as it stands.
 */
#include "pcp/labelset.h"

enum { MAX_DEPTH = 16 };

struct scan {
    const char *at, *end;
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

static void
skip_space(struct scan *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

static char
peek(const struct scan *s)
{
    return s->at < s->end ? *s->at : '\0';
}

/* n characters over to the text, which is never longer than what is read. */
static void
keep(struct scan *s, size_t n)
{
    memcpy(s->made->json + s->made->len, s->at, n);
    s->made->len += n;
    s->at += n;
}

static bool
take(struct scan *s, char mark)
{
    skip_space(s);
    if (peek(s) != mark)
        return false;
    keep(s, 1);
    skip_space(s);
    return true;
}

static bool
take_string(struct scan *s)
{
    if (peek(s) != '"')
        return fail(s, -EINVAL);
    const char *p = s->at + 1;
    while (p < s->end && *p != '"') {
        if ((unsigned char)*p < 0x20)
            return fail(s, -EINVAL);
        p += *p == '\\' ? 2 : 1;
    }
    if (p >= s->end)
        return fail(s, -EINVAL);
    keep(s, (size_t)(p + 1 - s->at));
    return true;
}

static const char *
skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

static bool
take_number(struct scan *s)
{
    const char *p = s->at, *first;

    p += p < s->end && *p == '-';
    first = p;
    p = skip_digits(p, s->end);
    bool ok = p > first && (*first != '0' || p == first + 1);
    if (ok && p < s->end && *p == '.') {
        first = p + 1;
        p = skip_digits(first, s->end);
        ok = p > first;
    }
    if (ok && p < s->end && (*p == 'e' || *p == 'E')) {
        p++;
        first = p + (p < s->end && (*p == '-' || *p == '+'));
        p = skip_digits(first, s->end);
        ok = p > first;
    }
    if (!ok)
        return fail(s, -EINVAL);
    keep(s, (size_t)(p - s->at));
    return true;
}

static bool
take_word(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(s->end - s->at) >= n && memcmp(s->at, words[i], n) == 0) {
            keep(s, n);
            return true;
        }
    }
    return fail(s, -EINVAL);
}

/* An array, kept as it stands: brackets have to match, and what is between them to be
 * made of tokens. */
static bool
take_array(struct scan *s)
{
    char open[MAX_DEPTH + 1];
    int depth = 0;

    do {
        skip_space(s);
        char c = peek(s);
        if (c == '[' || c == '{') {
            if (depth == MAX_DEPTH)
                return fail(s, -E2BIG);
            open[depth++] = c == '[' ? ']' : '}';
            keep(s, 1);
        } else if (c == ']' || c == '}') {
            if (open[--depth] != c)
                return fail(s, -EINVAL);
            keep(s, 1);
        } else if (c == ',' || c == ':') {
            keep(s, 1);
        } else if (c == '"') {
            if (!take_string(s))
                return false;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            if (!take_number(s))
                return false;
        } else if (!take_word(s)) {
            return false;
        }
    } while (depth > 0);
    return true;
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
    size_t name = s->made->len + 1;

    if (!take_string(s))
        return false;
    size_t name_len = s->made->len - 1 - name;
    if (!is_name(s->made->json + name, name_len, s->dotted))
        return fail(s, -EINVAL);
    if (path_len + name_len + 2 > PL_LABEL_PATH || name > UINT16_MAX)
        return fail(s, -E2BIG);
    if (path_len)
        path[path_len++] = '.';
    memcpy(path + path_len, s->made->json + name, name_len);
    path_len += name_len;
    path[path_len] = '\0';
    if (!take(s, ':'))
        return fail(s, -EINVAL);

    char c = peek(s);
    size_t value = s->made->len;
    int before = s->made->n;
    bool ok = c == '{'                             ? take_object(s, path, path_len)
              : c == '['                           ? take_array(s)
              : c == '"'                           ? take_string(s)
              : c == '-' || (c >= '0' && c <= '9') ? take_number(s)
                                                   : take_word(s);
    if (!ok)
        return false;
    path[path_len] = '\0';
    if (c == '{' && (s->made->nested = true) && s->made->n > before)
        return true; /* its members are the labels */
    struct pl_labelitem *item = new_item(s);
    if (!item)
        return false;
    memcpy(item->path, path, path_len + 1);
    item->name = name;
    item->name_len = name_len;
    item->value = value;
    item->value_len = s->made->len - value;
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
    if (!take(s, '{'))
        return fail(s, -EINVAL);
    if (!take(s, '}')) {
        do {
            skip_space(s);
            if (!take_member(s, path, path_len))
                return false;
        } while (take(s, ','));
        if (!take(s, '}'))
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
    struct scan s = {
        .at = json, .end = json + len, .made = made, .flags = flags, .dotted = dotted};

    *made = (struct pl_labels_made){.json = malloc(len + 1)};
    if (!made->json)
        return -ENOMEM;
    skip_space(&s);
    if (s.at == s.end || (len >= 2 && memcmp(s.at, "[]", 2) == 0))
        return 0; /* nothing said is no label */
    if (take_object(&s, path, 0) && s.at != s.end)
        (void)fail(&s, -EINVAL);
    if (s.err == 0 && made->len > PM_MAXLABELJSONLEN - 1)
        s.err = -E2BIG;
    if (s.err == 0)
        qsort(made->items, (size_t)made->n, made->n ? sizeof(*made->items) : 1,
              compare_paths);
    for (int i = 1; i < made->n && s.err == 0; i++)
        if (strcmp(made->items[i - 1].path, made->items[i].path) == 0)
            s.err = -EINVAL; /* the same name twice */
    if (s.err < 0)
        pl_labelset_free(made);
    return s.err;
}
