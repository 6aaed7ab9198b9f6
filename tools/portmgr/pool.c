/* SPDX-License-Identifier: MIT */
/* The ports a port manager has to give, who has which, and in what order they are told. */
#include "pool.h"
#include "words.h"

#include <inttypes.h>
#include <stdbool.h>

enum { PORT_TEXT = 8, SUFFIX_TEXT = 16 };

int
pool_open(struct pool *p, uint16_t low, uint16_t high)
{
    size_t ports = (size_t)(high - low) + 1;

    *p = (struct pool){.low = low, .high = high};
    p->listing = queue_make(POOL_LIST_LIMIT);
    p->free_ports = calloc(ports, sizeof(*p->free_ports));
    p->by_port = (struct allocation **)calloc(ports, sizeof(*p->by_port));
    if (!p->free_ports || !p->by_port) {
        pool_close(p);
        return -ENOMEM;
    }
    for (; p->free_count < ports; p->free_count++)
        p->free_ports[p->free_count] = (uint16_t)(low + p->free_count);
    return 0;
}

void
pool_close(struct pool *p)
{
    for (size_t i = 0; p->by_port && i <= (size_t)(p->high - p->low); i++)
        free(p->by_port[i]);
    free((void *)p->by_port);
    free(p->free_ports);
    queue_free(&p->listing);
    *p = (struct pool){0};
}

/* One block: service, user, and the key that rows are sorted by. */
static struct allocation *
make_allocation(const char *service, size_t service_len, const char *user,
                size_t user_len)
{
    size_t key_room = words_quoted_room(service_len) + words_quoted_room(user_len) + 1;
    struct allocation *a = malloc(sizeof(*a) + service_len + user_len + key_room);
    if (!a)
        return NULL;

    char *at = a->text;
    memcpy(at, service, service_len);
    memcpy(at + service_len, user, user_len);
    char *key = at + service_len + user_len;
    size_t key_len = words_quote(user, user_len, true, key);
    key[key_len++] = ' ';
    key_len += words_quote(service, service_len, false, key + key_len);
    *a = (struct allocation){.service_len = service_len,
                             .user_len = user_len,
                             .key_len = key_len,
                             .service = at,
                             .user = at + service_len,
                             .key = key};
    return a;
}

int
pool_take(struct pool *p, struct holder *h, const char *service, size_t service_len,
          const char *user, size_t user_len, uint16_t *ret_port)
{
    if (p->free_count == 0)
        return -EADDRNOTAVAIL;
    if (service_len + user_len > POOL_NAMES_LIMIT - p->names_len)
        return -ENOBUFS;
    struct allocation *a = make_allocation(service, service_len, user, user_len);
    if (!a)
        return -ENOMEM;

    a->port = p->free_ports[--p->free_count];
    p->by_port[a->port - p->low] = a;
    p->used_count++;
    p->names_len += service_len + user_len;
    p->changes++;
    if (h->last)
        h->last->next = a;
    else
        h->first = a;
    h->last = a;
    *ret_port = a->port;
    return 0;
}

void
pool_release(struct pool *p, struct holder *h)
{
    for (struct allocation *a = h->first, *next; a; a = next) {
        next = a->next;
        p->by_port[a->port - p->low] = NULL;
        p->free_ports[p->free_count++] = a->port;
        p->used_count--;
        p->names_len -= a->service_len + a->user_len;
        p->changes++;
        free(a);
    }
    *h = (struct holder){0};
}

/* Where a byte stands in the order of Tcl 8.6, which compares its own form of UTF-8:
 * NUL is C0 80, and what is beyond U+FFFF is two surrogates, ED A0..BF each. */
static int
rank(uint8_t byte)
{
    if (byte == 0)
        return 0xc0 * 2;
    return byte >= 0xf0 ? 0xed * 2 + 1 : byte * 2;
}

static int
compare_keys(const struct allocation *a, const struct allocation *b)
{
    size_t shorter = a->key_len < b->key_len ? a->key_len : b->key_len;
    for (size_t i = 0; i < shorter; i++)
        if (a->key[i] != b->key[i]) {
            int d = rank((uint8_t)a->key[i]) - rank((uint8_t)b->key[i]);
            return d ? d : (uint8_t)a->key[i] - (uint8_t)b->key[i];
        }
    return (a->key_len > b->key_len) - (a->key_len < b->key_len);
}

static int
compare_ports(const struct allocation *a, const struct allocation *b)
{
    char x[PORT_TEXT], y[PORT_TEXT];
    snprintf(x, sizeof(x), "%" PRIu16, a->port);
    snprintf(y, sizeof(y), "%" PRIu16, b->port);
    return strcmp(x, y);
}

static int
by_port_text(const void *a, const void *b)
{
    return compare_ports(*(struct allocation *const *)a,
                         *(struct allocation *const *)b);
}

static int
by_key(const void *a, const void *b)
{
    struct allocation *const *x = a, *const *y = b;
    int d = compare_keys(*x, *y);
    return d ? d : compare_ports(*x, *y);
}

/* All allocations, sorted; the caller frees. NULL without memory. */
static struct allocation **
sorted(const struct pool *p, int (*order)(const void *, const void *))
{
    struct allocation **all =
        (struct allocation **)calloc(p->used_count + 1, sizeof(*all));
    size_t n = 0;
    if (!all)
        return NULL;
    for (size_t i = 0; i <= (size_t)(p->high - p->low); i++)
        if (p->by_port[i])
            all[n++] = p->by_port[i];
    qsort((void *)all, n, sizeof(struct allocation *), order);
    return all;
}

/* A name as it is sent: what is written as LF goes out as CR LF. */
static int
put_name(struct queue *out, const char *name, size_t len)
{
    const uint8_t *lf = len ? memchr(name, '\n', len) : NULL;
    if (!lf)
        return words_put(out, name, len, false);

    struct queue quoted = queue_make(words_quoted_room(len));
    int err = words_put(&quoted, name, len, false);
    const uint8_t *at = queue_at(&quoted), *end = at + quoted.len;
    while (!err && (lf = memchr(at, '\n', (size_t)(end - at)))) {
        err = queue_push(out, at, (size_t)(lf - at));
        err = err ? err : queue_push(out, "\r\n", 2);
        at = lf + 1;
    }
    err = err ? err : queue_push(out, at, (size_t)(end - at));
    queue_free(&quoted);
    return err;
}

/* Port, service with its suffix, user. */
static int
put_row(struct queue *out, const struct allocation *a, size_t instance)
{
    char port[PORT_TEXT], suffix[SUFFIX_TEXT];
    int port_len = snprintf(port, sizeof(port), "%" PRIu16 " ", a->port);
    int err = queue_push(out, port, (size_t)port_len);

    if (!err && instance == 0) {
        err = put_name(out, a->service, a->service_len);
    } else if (!err) { /* the suffix belongs to the name: it is quoted with it */
        int suffix_len = snprintf(suffix, sizeof(suffix), "_%zu", instance);
        struct queue name = queue_make(a->service_len + sizeof(suffix));
        err = queue_push(&name, a->service, a->service_len);
        err = err ? err : queue_push(&name, suffix, (size_t)suffix_len);
        err = err ? err : put_name(out, (const char *)queue_at(&name), name.len);
        queue_free(&name);
    }
    err = err ? err : queue_push(out, " ", 1);
    err = err ? err : put_name(out, a->user, a->user_len);
    return err ? err : queue_push(out, "\r\n", 2);
}

static int
make_listing(const struct pool *p, struct queue *out)
{
    char head[32];
    int head_len = snprintf(head, sizeof(head), "OK %zu\r\n", p->used_count);
    struct allocation **all = sorted(p, by_key);
    int err = all ? queue_push(out, head, (size_t)head_len) : -ENOMEM;
    size_t instance = 0;

    for (size_t i = 0; !err && i < p->used_count; i++) {
        instance = i > 0 && compare_keys(all[i - 1], all[i]) == 0 ? instance + 1 : 0;
        err = put_row(out, all[i], instance);
    }
    free((void *)all);
    return err;
}

const struct queue *
pool_list(struct pool *p)
{
    if (p->listing.len == 0 || p->listing_changes != p->changes) {
        queue_free(&p->listing);
        if (make_listing(p, &p->listing) != 0) {
            queue_free(&p->listing);
            return NULL;
        }
        p->listing_changes = p->changes;
    }
    return &p->listing;
}

/* A tab or a line feed in a name would make another column or row of it. */
static void
put_plain(FILE *f, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c < 0x20 || c == 0x7f)
            fprintf(f, "\\u00%02x", c);
        else
            fputc(c, f);
    }
}

int
pool_write_usage(const struct pool *p, FILE *f)
{
    struct allocation **all = sorted(p, by_port_text);
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < p->used_count; i++) {
        fprintf(f, "%" PRIu16 "\t", all[i]->port);
        put_plain(f, all[i]->service, all[i]->service_len);
        fputc('\t', f);
        put_plain(f, all[i]->user, all[i]->user_len);
        fputc('\n', f);
    }
    free((void *)all);
    return 0;
}
