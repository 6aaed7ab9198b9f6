/* SPDX-License-Identifier: MIT */
/* Names of metrics as a PMNS file has them: blocks of "path { name d:c:i ... }", with
 * comments, and of the preprocessor's directives #define of numbers and #include. */
#include "pmns.h"

#include <errno.h>
#include <pmdaloop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_FILE_BYTES = 16 << 20,
    MAX_DEPTH = 8,
    MAX_NAME_BYTES = 1024,
    MAX_SYMBOLS = 1024,
};

struct symbol {
    char name[64];
    uint32_t domain;
};

struct reader {
    struct pmns *out;
    const char *path; /* of the file at hand */
    unsigned depth, line;
    uint32_t domain;
    struct symbol *symbols;
    size_t n_symbols;
    char block[MAX_NAME_BYTES]; /* the path whose block is open */
    bool in_block;
    char name[MAX_NAME_BYTES]; /* a name that may be a leaf or a node */
};

bool
pmns_add(struct pmns *p, const char *name, size_t len, uint32_t pmid, bool is_dynamic)
{
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : 64;
        struct pmns_name *names = realloc(p->names, room * sizeof(*names));
        if (!names)
            return false;
        p->names = names;
        p->room = room;
    }
    char *copy = strndup(name, len);
    if (!copy)
        return false;
    p->names[p->n++] =
        (struct pmns_name){.name = copy, .pmid = pmid, .is_dynamic = is_dynamic};
    return true;
}

void
pmns_free(struct pmns *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->names[i].name);
    free(p->names);
    *p = (struct pmns){.n = 0};
}

static bool
wrong(struct reader *r, const char *what, const char *word, size_t len)
{
    snprintf(r->out->why, sizeof(r->out->why), "%.80s:%u: %s '%.*s'", r->path, r->line,
             what, (int)(len < 60 ? len : 60), word);
    return false;
}

/* ---- numbers ---- */

static bool
take_number(const char **at, const char *end, uint32_t max, uint32_t *ret)
{
    uint32_t v = 0;
    const char *p = *at;

    while (p < end && *p >= '0' && *p <= '9' && v <= max)
        v = v * 10 + (uint32_t)(*p++ - '0');
    if (p == *at || v > max)
        return false;
    *at = p;
    *ret = v;
    return true;
}

static bool
take_domain(const struct reader *r, const char *word, size_t len, uint32_t *ret)
{
    const char *at = word;

    if (take_number(&at, word + len, 511, ret) && at == word + len)
        return true;
    for (size_t i = r->n_symbols; i-- > 0;) /* the latest counts */
        if (strlen(r->symbols[i].name) == len &&
            memcmp(r->symbols[i].name, word, len) == 0) {
            *ret = r->symbols[i].domain;
            return true;
        }
    *ret = r->domain;
    return r->domain != 0 && len > 0 && !(*word >= '0' && *word <= '9');
}

/* "253:0:1", "SIMPLE:0:1", "253:*:*". */
static bool
take_pmid(const struct reader *r, const char *word, size_t len, uint32_t *ret_pmid,
          bool *ret_dynamic)
{
    const char *end = word + len, *colon = memchr(word, ':', len);
    uint32_t domain, cluster, item;

    if (!colon || !take_domain(r, word, (size_t)(colon - word), &domain))
        return false;
    const char *at = colon + 1;
    *ret_dynamic = end - at == 3 && memcmp(at, "*:*", 3) == 0;
    if (*ret_dynamic) {
        *ret_pmid = PMDALOOP_PMID(domain, 0, 0);
        return true;
    }
    if (!take_number(&at, end, 4095, &cluster) || at == end || *at++ != ':' ||
        !take_number(&at, end, 1023, &item) || at != end)
        return false;
    *ret_pmid = PMDALOOP_PMID(domain, cluster, item);
    return true;
}

/* ---- words ---- */

static bool
take_word(struct reader *r, const char *word, size_t len)
{
    uint32_t pmid = 0;
    bool is_dynamic = false;

    if (len == 1 && *word == '{') {
        if (r->in_block || !*r->name)
            return wrong(r, "no block can begin at", word, len);
        if (strcmp(r->name, "root") == 0)
            r->block[0] = '\0';
        else
            memcpy(r->block, r->name, sizeof(r->block));
        r->in_block = true;
        r->name[0] = '\0';
        return true;
    }
    if (len == 1 && *word == '}') {
        if (!r->in_block)
            return wrong(r, "no block ends at", word, len);
        r->in_block = false;
        r->name[0] = '\0';
        return true;
    }
    if (memchr(word, ':', len)) {
        char full[2 * MAX_NAME_BYTES + 2];
        if (!r->in_block || !*r->name)
            return wrong(r, "no name stands before", word, len);
        if (!take_pmid(r, word, len, &pmid, &is_dynamic))
            return wrong(r, "not the number of a metric:", word, len);
        int n = snprintf(full, sizeof(full), "%s%s%s", r->block, *r->block ? "." : "",
                         r->name);
        r->name[0] = '\0';
        return pmns_add(r->out, full, (size_t)n, pmid, is_dynamic);
    }
    if (len >= sizeof(r->name))
        return wrong(r, "too long a name:", word, len);
    memcpy(r->name, word, len);
    r->name[len] = '\0';
    return true;
}

static bool read_file(struct reader *r, const char *path);

/* "#include "name"", beside the file that says so; <stdpmid> is what --domain is for. */
static bool
include(struct reader *r, const char *name, size_t len)
{
    char path[1024];
    const char *slash = strrchr(r->path, '/');
    size_t dir = slash && *name != '/' ? (size_t)(slash - r->path) + 1 : 0;

    if (dir + len >= sizeof(path))
        return wrong(r, "too long a path:", name, len);
    memcpy(path, r->path, dir);
    memcpy(path + dir, name, len);
    path[dir + len] = '\0';
    const char *outer = r->path;
    unsigned line = r->line;
    bool done = read_file(r, path);
    r->path = outer;
    r->line = line;
    return done;
}

static bool
take_directive(struct reader *r, const char *line, size_t len)
{
    char text[256], name[64], value[64];

    if (len >= sizeof(text))
        return wrong(r, "too long a line:", line, len);
    memcpy(text, line, len);
    text[len] = '\0';
    if (sscanf(text, " # include \"%63[^\"]\"", name) == 1)
        return include(r, name, strlen(name));
    if (sscanf(text, " # define %63s %63s", name, value) == 2) {
        const char *at = value;
        uint32_t number;
        if (!take_number(&at, value + strlen(value), 511, &number) || *at)
            return true;
        if (r->n_symbols == MAX_SYMBOLS)
            return wrong(r, "too many symbols at", name, strlen(name));
        struct symbol *s = &r->symbols[r->n_symbols++];
        memcpy(s->name, name, sizeof(s->name));
        s->domain = number;
    }
    return true;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

/* Past blanks and comments. */
static const char *
skip(struct reader *r, const char *at)
{
    for (;;) {
        if (is_blank(*at)) {
            r->line += *at == '\n';
            at++;
        } else if (at[0] == '/' && at[1] == '*') {
            for (at += 2; *at && !(at[0] == '*' && at[1] == '/'); at++)
                r->line += *at == '\n';
            at += *at ? 2 : 0;
        } else {
            return at;
        }
    }
}

static bool
parse(struct reader *r, const char *text)
{
    r->line = 1;
    for (const char *at = skip(r, text); *at; at = skip(r, at)) {
        size_t len = 0;
        if (*at == '#') {
            len = strcspn(at, "\n");
            if (!take_directive(r, at, len))
                return false;
        } else {
            while (at[len] && !is_blank(at[len]) && at[len] != '{' && at[len] != '}' &&
                   !(at[len] == '/' && at[len + 1] == '*'))
                len++;
            if (len == 0)
                len = 1; /* a brace */
            if (!take_word(r, at, len))
                return false;
        }
        at += len;
    }
    return true;
}

static bool
read_file(struct reader *r, const char *path)
{
    FILE *f = r->depth < MAX_DEPTH ? fopen(path, "r") : NULL;
    char *text = f ? malloc(MAX_FILE_BYTES) : NULL;

    if (!text) {
        int err = r->depth < MAX_DEPTH ? errno : ELOOP;
        snprintf(r->out->why, sizeof(r->out->why), "cannot read '%.120s': %s", path,
                 strerror(err));
        if (f)
            fclose(f);
        return false;
    }
    size_t n = fread(text, 1, MAX_FILE_BYTES - 1, f);
    bool whole = !ferror(f) && feof(f);
    fclose(f);
    text[n] = '\0';
    r->path = path;
    r->depth++;
    bool done = whole && parse(r, text);
    r->depth--;
    if (!whole)
        snprintf(r->out->why, sizeof(r->out->why), "cannot read '%.120s' whole", path);
    free(text);
    return done;
}

static bool
with_reader(struct pmns *p, const char *path, const char *text, uint32_t domain)
{
    struct reader *r = calloc(1, sizeof(*r));
    bool done = false;

    *p = (struct pmns){.n = 0};
    if (r)
        r->symbols = calloc(MAX_SYMBOLS, sizeof(*r->symbols));
    if (r && r->symbols) {
        r->out = p;
        r->path = path;
        r->domain = domain;
        done = text ? parse(r, text) : read_file(r, path);
        if (done && r->in_block)
            done = wrong(r, "no end of the block", r->block, strlen(r->block));
        free(r->symbols);
    }
    free(r);
    if (!done && !*p->why)
        snprintf(p->why, sizeof(p->why), "no memory");
    return done;
}

bool
pmns_read(struct pmns *p, const char *path, uint32_t domain)
{
    return with_reader(p, path, NULL, domain);
}

bool
pmns_parse(struct pmns *p, const char *text, const char *path, uint32_t domain)
{
    return with_reader(p, path, text, domain);
}
