/* SPDX-License-Identifier: MIT */
/* Every dialogue recorded with the two servers of the field, replayed through the
 * engine: whole, byte by byte, and cut at every byte. */
#include "support/cmocka.h"

#include "engine.h"

#include <cjson/cJSON.h>

static const char *const files[] = {"tcl-basic",   "tcl-pool",  "tcl-errors",
                                    "tcl-framing", "tcl-local", "tcl-names",
                                    "rust"};

static const struct pt_limits limits = {
    .timeout_ms = 5000, .max_line_bytes = 65536, .max_list_bytes = 16777216};

struct bytes {
    uint8_t *at;
    size_t len;
};

/* One connection of a dialogue; the recordings never have more than 8. */
struct conn {
    char name[8];
    struct pt_engine engine;
    uint8_t lines[64]; /* the first letters of the requests not yet answered */
    size_t line_count;
};

static struct {
    size_t cases, answers, refusals, rows, losses, cuts, bytes;
} count;

/* The server was given a pool with numbers that are no ports. */
static bool pool_is_mad;

static const char *
text_of(const cJSON *event, const char *key)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, key));
    return text ? text : "";
}

/* Only what is long was abridged, and that is a name of many x. */
static struct bytes
bytes_of(const cJSON *event)
{
    struct bytes b = {.len = (size_t)cJSON_GetNumberValue(
                          cJSON_GetObjectItemCaseSensitive(event, "len"))};
    const char *hex = text_of(event, "hex"), *text = text_of(event, "text");

    b.at = malloc(b.len + 1);
    assert_non_null(b.at);
    if (*hex) {
        for (size_t i = 0; i < b.len; i++) {
            unsigned byte;
            assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
            b.at[i] = (uint8_t)byte;
        }
    } else if (*text) {
        assert_int_equal(strlen(text), b.len);
        memcpy(b.at, text, b.len);
    } else {
        const char *head = text_of(event, "head"), *tail = text_of(event, "tail");
        assert_true(b.len > strlen(head) + strlen(tail));
        memset(b.at, 'x', b.len);
        memcpy(b.at, head, strlen(head));
        memcpy(b.at + b.len - strlen(tail), tail, strlen(tail));
    }
    return b;
}

/* The recorded client also sent what ours never would. What matters is the kind of
 * answer that it waited for: a list, or a port, of which a refusal is either. */
static void
ask(struct conn *c)
{
    const void *bytes;

    if (c->line_count == 0 || c->engine.doing != PT_IDLE || c->engine.over)
        return;
    if (c->lines[0] == 'L')
        assert_int_equal(pt_engine_list(&c->engine, 1), 0);
    else
        assert_int_equal(pt_engine_allocate(&c->engine, "svc", "fox", 1), 0);
    pt_engine_sent(&c->engine, pt_engine_out(&c->engine, &bytes));
    memmove(c->lines, c->lines + 1, --c->line_count);
}

/* A request for each line, of which the Rust server loses all but the first; a part of
 * one is answered as if it were. */
static void
sent(struct conn *c, const struct bytes *b, bool joins_the_last, bool is_tcl)
{
    for (size_t i = 0; i < b->len;) {
        size_t start = i;
        while (i < b->len && b->at[i] != '\n' && b->at[i] != '\r')
            i++;
        if (!joins_the_last && c->line_count < sizeof(c->lines))
            c->lines[c->line_count++] = b->at[start] == 'L' ? 'L' : 'G';
        joins_the_last = false;
        if (!is_tcl)
            break;
        if (i < b->len && b->at[i] == '\r')
            i++;
        if (i < b->len && b->at[i] == '\n')
            i++;
    }
}

/* Written again as Tcl writes them, the rows are the recorded bytes. */
static void
rows_are(const struct portmgr_list *list, const uint8_t *recorded, size_t len)
{
    size_t n = 0, size = 4 * len + 64;
    char *again = malloc(size);

    assert_non_null(again);
    for (size_t i = 0; i < list->count; i++) {
        const struct portmgr_row *r = &list->rows[i];
        size_t got;
        n += (size_t)snprintf(again + n, size - n, "%u ", r->port);
        assert_int_equal(
            portmgr_tcl_quote(r->service, r->service_len, again + n, size - n, &got),
            0);
        n += got;
        again[n++] = ' ';
        assert_int_equal(
            portmgr_tcl_quote(r->user, r->user_len, again + n, size - n, &got), 0);
        n += got;
        again[n++] = '\n';
    }
    /* The server writes LF as CR LF, in names too. */
    size_t k = 0;
    for (size_t i = 0; i < len; i++)
        if (!(recorded[i] == '\r' && i + 1 < len && recorded[i + 1] == '\n'))
            assert_true(k < n && (uint8_t)again[k++] == recorded[i]);
    assert_int_equal(k, n);
    free(again);
    count.rows += list->count;
}

static void
answer_is(const struct pt_answer *a, const struct conn *c, const uint8_t *from,
          const uint8_t *to, bool is_tcl)
{
    size_t len = (size_t)(to - from);
    char line[64] = "";
    unsigned long number;

    memcpy(line, from, len < sizeof(line) ? len : sizeof(line) - 1);
    count.answers++;
    if (memcmp(line, "FAIL", 4) == 0) {
        assert_int_equal(a->err, -PORTMGR_EREFUSED);
        assert_int_not_equal(c->engine.reason, PORTMGR_REASON_OTHER);
        assert_int_not_equal(c->engine.reason, PORTMGR_REASON_NONE);
        count.refusals++;
        return;
    }
    assert_int_equal(sscanf(line, "OK %lu", &number), 1);
    if (a->kind == PORTMGR_EVENT_ALLOCATED && (number == 0 || number > 65535)) {
        assert_int_equal(a->err, -PORTMGR_EPROTO);
        assert_true(pool_is_mad);
    } else if (a->kind == PORTMGR_EVENT_ALLOCATED) {
        assert_int_equal(a->err, 0);
        assert_int_equal(a->port, number);
    } else if (a->err) {
        assert_int_equal(a->err, -PORTMGR_EPROTO); /* likewise */
        assert_true(pool_is_mad);
    } else {
        const uint8_t *rows = memchr(from, '\n', len);
        assert_int_equal(a->list->count, number);
        if (is_tcl)
            rows_are(a->list, rows + 1, (size_t)(to - rows - 1));
    }
}

/* Cut before its last byte an answer is none. */
static void
cut_everywhere(char kind, const uint8_t *from, const uint8_t *to)
{
    for (size_t len = 0; len < (size_t)(to - from); len++) {
        struct conn c = {.lines = {(uint8_t)kind}, .line_count = 1};
        struct pt_answer a;
        pt_engine_init(&c.engine, &limits);
        ask(&c);
        pt_engine_feed(&c.engine, from, len);
        pt_engine_end(&c.engine, -PORTMGR_ECLOSED, NULL);
        assert_true(pt_engine_next(&c.engine, &a));
        assert_true(a.err == -PORTMGR_ECLOSED || a.err == -PORTMGR_EPROTO);
        assert_false(pt_engine_next(&c.engine, &a));
        assert_int_equal(pt_engine_list(&c.engine, 1), -ENOTCONN);
        pt_engine_free(&c.engine);
        count.cuts++;
    }
}

/* Byte by byte, which also shows where each of several answers ends. */
static void
received(struct conn *c, const struct bytes *b, bool is_tcl)
{
    const uint8_t *from = b->at;
    struct pt_answer a;

    count.bytes += b->len;
    for (size_t i = 0; i < b->len; i++) {
        char kind = c->line_count && c->engine.doing == PT_IDLE ? (char)c->lines[0] : 0;
        if (c->engine.over) {
            /* Our client had left by now; the recorded one went on. */
            pt_engine_reset(&c->engine);
            kind = c->line_count ? (char)c->lines[0] : 0;
        }
        ask(c);
        if (!kind)
            kind = c->engine.doing == PT_LISTING ? 'L' : 'G';
        pt_engine_feed(&c->engine, b->at + i, 1);
        if (!pt_engine_next(&c->engine, &a))
            continue;
        if (a.err == -PORTMGR_EPROTO && a.kind == PORTMGR_EVENT_LISTED)
            i = b->len - 1; /* the rest of the list cannot be told from what follows */
        answer_is(&a, c, from, b->at + i + 1, is_tcl);
        if (!a.err) {
            struct pt_engine whole;
            struct pt_answer again;
            struct conn w = {.lines = {(uint8_t)kind}, .line_count = 1};
            pt_engine_init(&w.engine, &limits);
            ask(&w);
            pt_engine_feed(&w.engine, from, (size_t)(b->at + i + 1 - from));
            whole = w.engine;
            assert_true(pt_engine_next(&whole, &again));
            assert_int_equal(again.err, 0);
            assert_int_equal(again.port, a.port);
            portmgr_list_free(again.list);
            pt_engine_free(&whole);
        }
        cut_everywhere(kind, from, b->at + i + 1);
        portmgr_list_free(a.list);
        from = b->at + i + 1;
        if (a.err == -PORTMGR_EREFUSED && b->len - i <= 2)
            break; /* the Rust server's second, empty line */
    }
}

/* Nothing came: the deadline ends it. Or the end came. */
static void
silent(struct conn *c, const char *event)
{
    struct pt_answer a;

    if (c->engine.over)
        return;
    ask(c);
    if (strcmp(event, "silence") == 0)
        pt_engine_tick(&c->engine, 5001);
    else
        pt_engine_end(&c->engine,
                      strcmp(event, "eof") == 0 ? -PORTMGR_ECLOSED : -ECONNRESET, NULL);
    assert_true(pt_engine_next(&c->engine, &a));
    assert_true(a.err < 0);
    count.losses++;
}

static struct conn *
conn_named(struct conn *conns, size_t *n, const char *name, bool anew)
{
    for (size_t i = 0; i < *n && !anew; i++)
        if (strcmp(conns[i].name, name) == 0)
            return &conns[i];
    assert_true(*n < 256);
    struct conn *c = &conns[(*n)++];
    snprintf(c->name, sizeof(c->name), "%s", name);
    c->line_count = 0;
    pt_engine_init(&c->engine, &limits);
    return c;
}

/* The newest of a name is first. */
static struct conn *
newest(struct conn *conns, size_t n, const char *name)
{
    while (n-- > 0)
        if (strcmp(conns[n].name, name) == 0)
            return &conns[n];
    fail_msg("no connection %s", name);
    return NULL;
}

static void
replays(void **state)
{
    const char *file = *state;
    static struct conn conns[256];
    char path[512], last_sent[8] = "";
    size_t n = 0;
    bool is_tcl = strncmp(file, "tcl", 3) == 0;
    char *line = NULL;
    size_t room = 0;

    snprintf(path, sizeof(path), "%s/tests/portmgr/data/%s.jsonl",
             getenv("LABWIRE_SOURCE"), file);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (getline(&line, &room, f) > 0) {
        cJSON *event = cJSON_Parse(line);
        const char *what = text_of(event, "ev"), *name = text_of(event, "conn");
        assert_non_null(event);
        if (strcmp(what, "begin") == 0) {
            count.cases++;
            pool_is_mad = strstr(text_of(event, "case"), "-range") != NULL;
            last_sent[0] = '\0';
        } else if (strcmp(what, "open") == 0) {
            conn_named(conns, &n, name, true);
        } else if (strcmp(what, "send") == 0) {
            struct bytes b = bytes_of(event);
            struct conn *c = newest(conns, n, name);
            /* Two sends without a reply between them are one request in pieces. */
            sent(c, &b, strcmp(last_sent, name) == 0, is_tcl);
            snprintf(last_sent, sizeof(last_sent), "%s", name);
            free(b.at);
        } else if (strcmp(what, "recv") == 0) {
            struct bytes b = bytes_of(event);
            received(newest(conns, n, name), &b, is_tcl);
            last_sent[0] = '\0';
            free(b.at);
        } else if (strcmp(what, "silence") == 0 || strcmp(what, "eof") == 0 ||
                   strcmp(what, "reset") == 0) {
            silent(newest(conns, n, name), what);
            last_sent[0] = '\0';
        } else if (strcmp(what, "end") == 0) {
            for (size_t i = 0; i < n; i++) {
                struct pt_answer a;
                /* Whatever was sent has been answered, or has ended the connection. */
                assert_true(conns[i].line_count == 0 || conns[i].engine.over);
                while (pt_engine_next(&conns[i].engine, &a))
                    portmgr_list_free(a.list);
                pt_engine_free(&conns[i].engine);
            }
            n = 0;
        }
        cJSON_Delete(event);
    }
    fclose(f);
    free(line);
}

static void
all_were_replayed(void **state)
{
    (void)state;
    printf("%zu dialogues, %zu answers, %zu of them refusals, %zu rows, %zu losses, "
           "%zu bytes one by one, %zu cuts\n",
           count.cases, count.answers, count.refusals, count.rows, count.losses,
           count.bytes, count.cuts);
    assert_int_equal(count.cases, 124);
}

int
main(void)
{
    enum { FILES = sizeof(files) / sizeof(files[0]) };
    struct CMUnitTest tests[FILES + 1];

    for (size_t i = 0; i < FILES; i++) {
        char *name;
        memcpy(&name, &files[i], sizeof(name));
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(replays, name);
        tests[i].name = files[i];
    }
    tests[FILES] = (struct CMUnitTest)cmocka_unit_test(all_were_replayed);
    return cmocka_run_group_tests_name("portmgr/recorded", tests, NULL, NULL);
}
