/* SPDX-License-Identifier: MIT */
/* Beside Debian's tclsh: its lists are the law. It judges our words and lists, and plays
 * the pickiest server, through which 10,000 random names go there and back. */
#include "support/cmocka.h"

#include "portmgr-tcl.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 10000, BATCHES = 100, NAMES = 100 };

struct child {
    pid_t pid;
    FILE *to, *from;
};

static struct child
run_tcl(const char *script)
{
    char path[512];
    struct child c;
    int in[2], out[2];

    snprintf(path, sizeof(path), "%s/tests/portmgr/tcl/%s", getenv("LABWIRE_SOURCE"),
             script);
    assert_int_equal(pipe(in) | pipe(out), 0);
    c.pid = fork();
    assert_true(c.pid >= 0);
    if (c.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        alarm(120);
        execlp("tclsh", "tclsh", path, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    c.to = fdopen(in[1], "w");
    c.from = fdopen(out[0], "r");
    return c;
}

static void
end_tcl(struct child *c)
{
    int status;

    fclose(c->to);
    fclose(c->from);
    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    assert_int_equal(status, 0);
}

static uint32_t seed = 20261122;

static uint32_t
draw(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

/* Characters that lists care about, letters that escapes care about, and some of two,
 * three and four bytes. */
static size_t
random_text(char *buf, size_t room)
{
    static const char *const letters[] = {
        "{", "}", "[", "]", "\\", "\\", "\"", "$", ";", "#", " ", " ",  "\t", "\n",
        "a", "x", "u", "U", "0",  "1",  "7",  "8", "d", "f", "é", "日", "😀"};
    size_t n = 0, want = draw((uint32_t)room - 4);

    while (n < want) {
        const char *c = letters[draw(sizeof(letters) / sizeof(letters[0]))];
        if (n && buf[n - 1] == '\\' && strlen(c) == 4)
            continue; /* Tcl 8.6 keeps it as two halves, and loses one of them there */
        memcpy(buf + n, c, strlen(c));
        n += strlen(c);
    }
    return n;
}

static char *
hex_of(const char *bytes, size_t len, char *hex)
{
    for (size_t i = 0; i < len; i++)
        sprintf(hex + 2 * i, "%02x", (unsigned char)bytes[i]);
    hex[2 * len] = '\0';
    return hex;
}

/* Tcl's answer to a line, without its end. */
static char *
ask(struct child *c, const char *what, const char *bytes, size_t len, char *answer,
    size_t room)
{
    char hex[1024];

    fprintf(c->to, "%s %s\n", what, hex_of(bytes, len, hex));
    fflush(c->to);
    assert_non_null(fgets(answer, (int)room, c->from));
    answer[strcspn(answer, "\n")] = '\0';
    return answer;
}

static void
quotes_as_tcl_does(void **state)
{
    struct child tcl = run_tcl("words.tcl");
    char word[48], ours[128], hex[260], theirs[1024];
    size_t n;

    (void)state;
    for (int i = 0; i < WORDS; i++) {
        size_t len = i % 4 ? random_text(word, 40) : draw(40);
        for (size_t k = 0; i % 4 == 0 && k < len; k++)
            word[k] = (char)draw(256);
        assert_int_equal(portmgr_tcl_quote(word, len, ours, sizeof(ours), &n), 0);
        assert_string_equal(hex_of(ours, n, hex),
                            ask(&tcl, "quote", word, len, theirs, sizeof(theirs)));
    }
    end_tcl(&tcl);
}

static void
splits_as_tcl_does(void **state)
{
    struct child tcl = run_tcl("words.tcl");
    char list[96], word[96], ours[1024], theirs[1024];
    size_t lists = 0;

    (void)state;
    for (int i = 0; i < WORDS; i++) {
        size_t len = random_text(list, 5 + draw(40)), left = len, word_len, n = 0;
        const char *at = list;
        int got;
        ours[0] = '\0';
        while ((got = portmgr_tcl_take(&at, &left, word, &word_len)) == 1) {
            if (n)
                ours[n++] = ' ';
            if (word_len == 0)
                memcpy(ours + n, "-", 2);
            else
                hex_of(word, word_len, ours + n);
            n += strlen(ours + n);
        }
        if (got < 0)
            memcpy(ours, "no list", 8);
        else
            lists++;
        assert_string_equal(ours,
                            ask(&tcl, "split", list, len, theirs, sizeof(theirs)));
    }
    printf("%zu lists, %zu that are none\n", lists, (size_t)WORDS - lists);
    end_tcl(&tcl);
}

/* A service's name: no control characters, not empty. */
static size_t
random_name(char *buf, size_t room)
{
    size_t len = random_text(buf, room);

    if (len == 0)
        buf[len++] = 'x';
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)buf[i] < 0x20)
            buf[i] = '_';
    buf[len] = '\0';
    return len;
}

static void
names_go_there_and_back(void **state)
{
    static char names[NAMES][64];
    struct child tcl = run_tcl("server.tcl");
    char line[32];
    size_t there = 0, back = 0;

    (void)state;
    assert_non_null(fgets(line, sizeof(line), tcl.from));
    for (int batch = 0; batch < BATCHES; batch++) {
        struct portmgr_options o = {
            .size = sizeof(o), .user = "fox { \"$x", .timeout_ms = 20000};
        struct portmgr *pm;
        struct portmgr_list *list;
        uint16_t port;

        assert_int_equal(portmgr_new(&pm, &o), 0);
        assert_int_equal(portmgr_connect(pm, "127.0.0.1", (uint16_t)atoi(line)), 0);
        for (int i = 0; i < NAMES; i++) {
            random_name(names[i], sizeof(names[i]) - 1);
            if (portmgr_allocate(pm, names[i], &port) < 0)
                fail_msg("%s", portmgr_errmsg(pm));
            assert_int_equal(port, 43000 + i);
        }
        if (portmgr_list(pm, &list) < 0)
            fail_msg("%s", portmgr_errmsg(pm));
        assert_int_equal(list->count, 2 * NAMES);
        for (int i = 0; i < NAMES; i++, there++) {
            assert_string_equal(list->rows[i].service, names[i]);
            assert_string_equal(list->rows[i].user, o.user);
        }
        for (int i = NAMES; i < 2 * NAMES; i++, back++) {
            const struct portmgr_row *r = &list->rows[i];
            char hex[256];
            assert_string_equal(hex_of(r->service, r->service_len, hex), r->user);
        }
        portmgr_list_free(list);
        portmgr_free(pm);
    }
    printf("%zu names of ours, %zu of Tcl's\n", there, back);
    end_tcl(&tcl);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_as_tcl_does),
        cmocka_unit_test(splits_as_tcl_does),
        cmocka_unit_test(names_go_there_and_back),
    };

    signal(SIGPIPE, SIG_IGN);
    if (system("command -v tclsh >/dev/null") != 0) {
        puts("tclsh is not installed");
        return getenv("CI") ? 1 : 77;
    }
    return cmocka_run_group_tests_name("portmgr/tcl", tests, NULL, NULL);
}
