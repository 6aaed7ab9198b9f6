/* SPDX-License-Identifier: MIT */
/* The stand-in's dialogues: each row also byte by byte, and all of its clients gone, its
 * pool is whole again. */
#include "support/cmocka.h"

#include "dialogue.h"

struct row {
    const char *name;
    const char *address;
    const char *send;
    size_t send_len; /* 0: its strlen() */
    const char *reply;
    bool over; /* the dialogue has ended */
};

#define LOCAL       "127.0.0.1"
#define BYTES(text) text, sizeof(text) - 1

static const struct row rows[] = {
    {"an empty list", LOCAL, "LIST\n", 0, "OK 0\r\n", false},
    {"from the top down", LOCAL, "GIMME a fox\nGIMME b fox\n", 0,
     "OK 43003\r\nOK 43002\r\n", false},
    {"a list", LOCAL, "GIMME svc fox\nLIST\n", 0,
     "OK 43003\r\nOK 1\r\n43003 svc fox\r\n", false},
    {"by user, then service", LOCAL, "GIMME b u\nGIMME a u\nGIMME c t\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 43001\r\nOK 3\r\n"
     "43001 c t\r\n43002 a u\r\n43003 b u\r\n",
     false},
    {"the same name again", LOCAL, "GIMME s u\nGIMME s u\nGIMME s u\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 43001\r\nOK 3\r\n"
     "43001 s u\r\n43002 s_1 u\r\n43003 s_2 u\r\n",
     false},
    {"a suffix goes into the quotes", LOCAL, "GIMME {a b} u\nGIMME {a b} u\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 2\r\n43002 {a b} u\r\n43003 {a b_1} u\r\n", false},
    {"a leading # is quoted for the order alone", LOCAL,
     "GIMME s #x\nGIMME s z\nGIMME s a\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 43001\r\nOK 3\r\n"
     "43001 s a\r\n43002 s z\r\n43003 s #x\r\n",
     false},
    {"beyond U+FFFF comes before U+FFFF", LOCAL,
     "GIMME \xf0\x9f\x98\x80 u\nGIMME \xef\xbf\xbf u\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 2\r\n43003 \xf0\x9f\x98\x80 u\r\n"
     "43002 \xef\xbf\xbf u\r\n",
     false},
    {"no free ports, and on it goes", LOCAL,
     "GIMME a u\nGIMME b u\nGIMME c u\nGIMME d u\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 43001\r\nFAIL {no free ports}\r\nOK 3\r\n"
     "43003 a u\r\n43002 b u\r\n43001 c u\r\n",
     false},
    {"missing words are empty", LOCAL, "GIMME\nGIMME a\nLIST\n", 0,
     "OK 43003\r\nOK 43002\r\nOK 2\r\n43002 a {}\r\n43003 {} {}\r\n", false},
    {"further words are ignored", LOCAL, "LIST a b\nGIMME a b c d\nLIST\n", 0,
     "OK 0\r\nOK 43003\r\nOK 1\r\n43003 a b\r\n", false},
    {"the command is a word too", LOCAL, "  {LIST}\n\\x4cIST\n\"LIST\" {\n}", 0,
     "OK 0\r\nOK 0\r\nFAIL Invalid\\ request\\ \\\"LIST\\\"\\ \\{\r\n", true},
    {"CR, and CR LF, end a line too", LOCAL, "LIST\rLIST\r\nLIST\n", 0,
     "OK 0\r\nOK 0\r\nOK 0\r\n", false},
    {"an empty line", LOCAL, "LIST\r\r", 0, "OK 0\r\nFAIL {Invalid request }\r\n",
     true},
    {"lower case", LOCAL, "list\nLIST\n", 0, "FAIL {Invalid request list}\r\n", true},
    {"TERMINATE is nothing special", LOCAL, "TERMINATE\n", 0,
     "FAIL {Invalid request TERMINATE}\r\n", true},
    {"an open brace", LOCAL, "LIST {\n", 0, "FAIL Invalid\\ request\\ LIST\\ \\{\r\n",
     true},
    {"an open brace behind what counts", LOCAL, "GIMME a b {\n", 0,
     "FAIL Invalid\\ request\\ GIMME\\ a\\ b\\ \\{\r\n", true},
    {"an open quote", LOCAL, "LIST \"\n", 0, "FAIL {Invalid request LIST \"}\r\n",
     true},
    {"a line feed in a name", LOCAL, "GIMME a\\nb u\nLIST\n", 0,
     "OK 43003\r\nOK 1\r\n43003 {a\r\nb} u\r\n", false},
    {"a lone CR in a name stays", LOCAL, "GIMME a\\rb u\nLIST\n", 0,
     "OK 43003\r\nOK 1\r\n43003 {a\rb} u\r\n", false},
    {"Latin-1 becomes UTF-8", LOCAL, BYTES("GIMME caf\xe9x u\nLIST\n"),
     "OK 43003\r\nOK 1\r\n43003 caf\xc3\xa9x u\r\n", false},
    {"C0 80 is NUL", LOCAL, BYTES("\xc0\x80\n"), NULL, true},
    {"IPv6", "::1", "GIMME a u\n", 0, "OK 43003\r\n", false},
    {"IPv4 in IPv6", "::ffff:127.0.0.1", "GIMME a u\n", 0, "OK 43003\r\n", false},
    {"127.0.1.1", "127.0.1.1", "GIMME a u\n", 0, "OK 43003\r\n", false},
    {"127.0.0.2 is not local", "127.0.0.2", "LIST\nGIMME a u\nLIST\n", 0,
     "OK 0\r\nFAIL {127.0.0.2 (127.0.0.2) : Only local applications get ports}\r\n",
     true},
    {"nor is another computer", "10.99.0.1", "GIMME a u\n", 0,
     "FAIL {10.99.0.1 (10.99.0.1) : Only local applications get ports}\r\n", true},
    {"nor one through IPv6", "::ffff:10.99.0.1", "GIMME a u\n", 0,
     "FAIL {10.99.0.1 (10.99.0.1) : Only local applications get ports}\r\n", true},
};

static void
feed_all(struct dialogue *d, struct pool *pool, struct queue *out, const char *bytes,
         size_t n, size_t step)
{
    for (size_t at = 0; at < n; at += step) {
        size_t piece = n - at < step ? n - at : step;
        assert_true(dialogue_wants(d) || d->over);
        assert_int_equal(dialogue_feed(d, bytes + at, piece), 0);
        int got;
        while ((got = dialogue_answer(d, pool, out)) == 1)
            ;
        assert_int_equal(got, 0);
    }
}

static void
answers(void **state)
{
    const struct row *row = *state;
    size_t n = row->send_len ? row->send_len : strlen(row->send);

    for (size_t step = 1; step <= n; step = step < n ? n : n + 1) {
        struct pool pool;
        struct dialogue d;
        struct queue out = queue_make(1 << 20);
        assert_int_equal(pool_open(&pool, 43001, 43003), 0);
        dialogue_begin(&d, row->address);
        feed_all(&d, &pool, &out, row->send, n, step);

        if (row->reply) {
            assert_int_equal(out.len, strlen(row->reply));
            assert_memory_equal(queue_at(&out), row->reply, out.len);
        } else {
            assert_int_equal(out.len, sizeof("FAIL {Invalid request \0}\r\n") - 1);
        }
        assert_int_equal(d.over, row->over);
        if (d.over)
            assert_int_equal(pool.used_count, 0);
        dialogue_end(&d, &pool);
        assert_int_equal(pool.used_count, 0);
        assert_int_equal(pool.free_count, 3);
        assert_int_equal(pool.names_len, 0);
        queue_free(&out);
        pool_close(&pool);
    }
}

/* What came before the end of file is answered; what is left of a line is not. */
static void
end_of_file(void **state)
{
    struct pool pool;
    struct dialogue d;
    struct queue out = queue_make(1 << 20);
    static const char want[] = "OK 43003\r\nFAIL {Invalid request }\r\n";

    (void)state;
    assert_int_equal(pool_open(&pool, 43001, 43003), 0);
    dialogue_begin(&d, LOCAL);
    feed_all(&d, &pool, &out, "GIMME a u\nLIS", 13, 13);
    assert_int_equal(dialogue_finish(&d, &pool, &out), 0);
    assert_int_equal(out.len, strlen(want));
    assert_memory_equal(queue_at(&out), want, out.len);
    assert_int_equal(pool.used_count, 0);
    queue_free(&out);
    pool_close(&pool);
}

/* A line that is too long is refused where it gets too long, however it comes. */
static void
long_line(void **state)
{
    static const char want[] = "FAIL {Invalid request }\r\n";
    size_t n = (size_t)DIALOGUE_LINE_LIMIT + 1;
    char *line = malloc(n);

    (void)state;
    memset(line, 'x', n);
    for (size_t step = 1; step <= DIALOGUE_FEED_LIMIT; step *= 16) {
        struct pool pool;
        struct dialogue d;
        struct queue out = queue_make(1 << 20);
        assert_int_equal(pool_open(&pool, 43001, 43003), 0);
        dialogue_begin(&d, LOCAL);
        feed_all(&d, &pool, &out, line, n - 1, step);
        assert_false(d.over);
        feed_all(&d, &pool, &out, line, 1, 1);
        assert_true(d.over);
        assert_memory_equal(queue_at(&out), want, strlen(want));
        queue_free(&out);
        pool_close(&pool);
    }
    free(line);
}

/* Ports come back when their holder goes, those taken last to be given first. */
static void
reuse(void **state)
{
    struct pool pool;
    struct holder a = {0}, b = {0};
    uint16_t port = 0;

    (void)state;
    assert_int_equal(pool_open(&pool, 65533, 65535), 0);
    assert_int_equal(pool_take(&pool, &a, "1", 1, "u", 1, &port), 0);
    assert_int_equal(port, 65535);
    assert_int_equal(pool_take(&pool, &b, "2", 1, "u", 1, &port), 0);
    assert_int_equal(pool_take(&pool, &a, "3", 1, "u", 1, &port), 0);
    assert_int_equal(port, 65533);
    assert_int_equal(pool_take(&pool, &b, "4", 1, "u", 1, &port), -EADDRNOTAVAIL);
    pool_release(&pool, &a);
    assert_int_equal(pool_take(&pool, &b, "5", 1, "u", 1, &port), 0);
    assert_int_equal(port, 65533);
    assert_int_equal(pool_take(&pool, &b, "6", 1, "u", 1, &port), 0);
    assert_int_equal(port, 65535);
    pool_release(&pool, &b);
    pool_close(&pool);
}

/* Names take no more memory than they may, and refusing one costs nothing else. */
static void
names_are_bounded(void **state)
{
    enum { NAME = 60000 };
    struct pool pool;
    struct holder h = {0};
    char *name = malloc(NAME);
    uint16_t port = 0;
    size_t given = 0;
    int err;

    (void)state;
    memset(name, 'x', NAME);
    assert_int_equal(pool_open(&pool, 1, 65535), 0);
    while ((err = pool_take(&pool, &h, name, NAME, "", 0, &port)) == 0)
        given++;
    assert_int_equal(err, -ENOBUFS);
    assert_int_equal(given, POOL_NAMES_LIMIT / NAME);
    assert_int_equal(pool_take(&pool, &h, "small", 5, "", 0, &port), 0);
    assert_non_null(pool_list(&pool));
    pool_release(&pool, &h);
    assert_int_equal(pool.free_count, 65535);
    pool_close(&pool);
    free(name);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]), OTHERS = 4 };
    struct CMUnitTest tests[ROWS + OTHERS];

    for (size_t i = 0; i < ROWS; i++) {
        const void *row = &rows[i];
        tests[i] = (struct CMUnitTest){.name = rows[i].name, .test_func = answers};
        memcpy(&tests[i].initial_state, &row, sizeof(row));
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(end_of_file);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(long_line);
    tests[ROWS + 2] = (struct CMUnitTest)cmocka_unit_test(reuse);
    tests[ROWS + 3] = (struct CMUnitTest)cmocka_unit_test(names_are_bounded);
    return cmocka_run_group_tests_name("portmgr/dialogue", tests, NULL, NULL);
}
