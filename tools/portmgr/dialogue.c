/* SPDX-License-Identifier: MIT */
/* GIMME and LIST, answered as the Tcl server answers them; where that one is broken (it
 * loses requests in pieces, goes deaf on a line that is no list, never lets go of such a
 * client's ports), as it should have. */
#include "dialogue.h"
#include "words.h"

#include <inttypes.h>

/* The addresses that the Tcl server takes for its own computer. */
static const char *const local_addresses[] = {"127.0.0.1", "127.0.1.1", "::1"};

void
dialogue_begin(struct dialogue *d, const char *address)
{
    static const char mapped[] = "::ffff:"; /* IPv4 through an IPv6 socket */
    if (strncmp(address, mapped, strlen(mapped)) == 0)
        address += strlen(mapped);
    *d = (struct dialogue){.in = queue_make(DIALOGUE_LINE_LIMIT + DIALOGUE_FEED_LIMIT)};
    snprintf(d->address, sizeof(d->address), "%s", address);
    for (size_t i = 0; i < sizeof(local_addresses) / sizeof(local_addresses[0]); i++)
        d->local = d->local || strcmp(address, local_addresses[i]) == 0;
}

void
dialogue_end(struct dialogue *d, struct pool *pool)
{
    pool_release(pool, &d->holder);
    queue_free(&d->in);
    d->scanned = 0;
    d->over = true;
}

int
dialogue_feed(struct dialogue *d, const void *bytes, size_t n)
{
    return d->over ? 0 : queue_push(&d->in, bytes, n);
}

bool
dialogue_wants(const struct dialogue *d)
{
    return !d->over && d->in.len <= DIALOGUE_LINE_LIMIT;
}

/* Everything leaves with CR LF, also inside a name; a lone CR stays one. */
static int
put_reply(struct queue *out, const char *text, size_t len)
{
    size_t line_ends = 0;
    for (size_t i = 0; i < len; i++)
        line_ends += text[i] == '\n';
    uint8_t *to = queue_room(out, len + line_ends);
    if (!to)
        return -errno;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            *to++ = '\r';
        *to++ = (uint8_t)text[i];
    }
    queue_added(out, len + line_ends);
    return 0;
}

/* FAIL and one list element, made of up to two pieces. */
static int
put_fail(struct queue *out, const char *why, const char *text, size_t len)
{
    struct queue line = queue_make(4 * (size_t)DIALOGUE_LINE_LIMIT + 256);
    struct queue element = queue_make(2 * (size_t)DIALOGUE_LINE_LIMIT + 256);
    int err = queue_push(&element, why, strlen(why));
    err = err ? err : queue_push(&element, text, len);
    err = err ? err : queue_push(&line, "FAIL ", 5);
    err = err ? err
              : words_put(&line, (const char *)queue_at(&element), element.len, false);
    err = err ? err : queue_push(&line, "\n", 1);
    err = err ? err : put_reply(out, (const char *)queue_at(&line), line.len);
    queue_free(&element);
    queue_free(&line);
    return err;
}

/* A client that breaks the rules loses its connection, and with it its ports. */
static int
refuse(struct dialogue *d, struct pool *pool, struct queue *out, const char *why,
       const char *text, size_t len)
{
    int err = put_fail(out, why, text, len);
    dialogue_end(d, pool);
    return err;
}

static int
gimme(struct dialogue *d, struct pool *pool, struct queue *out, struct word service,
      struct word user)
{
    if (!d->local) {
        char why[256];
        int len = snprintf(
            why, sizeof(why), "%s (%s) : Only local applications get ports", d->address,
            d->address); /* a name is not looked up: that can take long */
        return refuse(d, pool, out, "", why, (size_t)len);
    }
    uint16_t port = 0;
    int err = pool_take(pool, &d->holder, service.text, service.len, user.text,
                        user.len, &port);
    if (err == -EADDRNOTAVAIL)
        return put_fail(out, "no free ports", "", 0);
    if (err == -ENOBUFS)
        return put_fail(out, "no room for more names", "", 0);
    if (err)
        return err;
    char reply[32];
    int len = snprintf(reply, sizeof(reply), "OK %" PRIu16 "\n", port);
    return put_reply(out, reply, (size_t)len);
}

static int
list(struct pool *pool, struct queue *out)
{
    const struct queue *rows = pool_list(pool);
    return rows ? queue_push(out, queue_at(rows), rows->len) : -ENOMEM;
}

static bool
is_word(struct word w, const char *text)
{
    return w.len == strlen(text) && memcmp(w.text, text, w.len) == 0;
}

static int
answer_line(struct dialogue *d, struct pool *pool, struct queue *out, const char *bytes,
            size_t n)
{
    enum { COMMAND, SERVICE, USER, WORDS };
    struct word words[WORDS];
    char *line = NULL, *values = NULL;
    size_t len = 0;
    int err = words_decode(bytes, n, &line, &len);

    if (!err)
        err = words_split(line, len, words, WORDS, &values);
    d->request = DIALOGUE_OTHER;
    if (!err && is_word(words[COMMAND], "GIMME")) {
        d->request = DIALOGUE_GIMME;
        err = gimme(d, pool, out, words[SERVICE], words[USER]);
    } else if (!err && is_word(words[COMMAND], "LIST")) {
        d->request = DIALOGUE_LIST;
        err = list(pool, out);
    } else if (!err || err == -EINVAL) {
        err = refuse(d, pool, out, "Invalid request ", line, len);
    }
    free(values);
    free(line);
    return err;
}

/* Where the first line ends, or NULL; both CR and LF end one. */
static const uint8_t *
find_line_end(struct dialogue *d)
{
    const uint8_t *in = queue_at(&d->in);
    for (; d->scanned < d->in.len; d->scanned++)
        if (in[d->scanned] == '\n' || in[d->scanned] == '\r')
            return in + d->scanned;
    return NULL;
}

int
dialogue_answer(struct dialogue *d, struct pool *pool, struct queue *out)
{
    if (d->over || d->in.len == 0)
        return 0;
    if (d->after_cr && *queue_at(&d->in) == '\n')
        queue_drop(&d->in, 1);
    d->after_cr = false;

    const uint8_t *end = find_line_end(d);
    if (!end || d->scanned > DIALOGUE_LINE_LIMIT) {
        if (d->scanned <= DIALOGUE_LINE_LIMIT) {
            if (d->in.len == 0)
                queue_free(&d->in);
            return 0;
        }
        int err = refuse(d, pool, out, "Invalid request ", "", 0);
        return err ? err : 1;
    }
    size_t n = d->scanned;
    bool cr = *end == '\r';
    int err = answer_line(d, pool, out, (const char *)queue_at(&d->in), n);
    if (!d->over) {
        queue_drop(&d->in, n + 1);
        d->scanned = 0;
        d->after_cr = cr;
        if (d->in.len == 0) /* ten thousand idle clients hold no buffers */
            queue_free(&d->in);
    }
    return err ? err : 1;
}

int
dialogue_finish(struct dialogue *d, struct pool *pool, struct queue *out)
{
    int err = 0;
    if (!d->over && d->in.len)
        err = put_fail(out, "Invalid request ", "", 0);
    dialogue_end(d, pool);
    return err;
}
