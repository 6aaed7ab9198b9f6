/* SPDX-License-Identifier: MIT */
/* An agent's beginnings: its command line, its log. */
#include "pmdaloop/pcp/session.h"

#include <getopt.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void
options(void **state)
{
    static pmLongOptions longs[] = {PMDA_OPTIONS_HEADER("Options"),
                                    PMDAOPT_DOMAIN,
                                    PMDAOPT_LOGFILE,
                                    PMDAOPT_PIPE,
                                    PMDAOPT_INET,
                                    PMDAOPT_USERNAME,
                                    PMOPT_HELP,
                                    {"count", 1, 'c', "N", "how many"},
                                    PMDA_OPTIONS_END};
    pmdaOptions opts = {.short_options = "c:d:i:l:pU:?", .long_options = longs};
    char *argv[] = {(char[]){"agent"}, (char[]){"-d"},        (char[]){"77"},
                    (char[]){"word"},  (char[]){"--count=5"}, (char[]){"-U"},
                    (char[]){"me"},    (char[]){"-i"},        (char[]){"123"},
                    (char[]){"-p"},    (char[]){"-Q"},        NULL};
    struct session s;

    (void)state;
    session_open(&s, PMDA_INTERFACE_7, 253);
    assert_int_equal(pmdaGetOptions(11, argv, &opts, &s.dispatch), 'c');
    assert_string_equal(opts.optarg, "5");
    assert_int_equal(pmdaGetOptions(11, argv, &opts, &s.dispatch), EOF);
    assert_int_equal(opts.errors, 2); /* -p beside -i; -Q */
    assert_int_equal(s.dispatch.domain, 77);
    assert_string_equal(opts.username, "me");
    assert_string_equal(argv[opts.optind], "word");
    assert_int_equal(s.dispatch.version.any.ext->e_io, pmdaInet);
    assert_int_equal(s.dispatch.version.any.ext->e_port, 123);
    session_close(&s);
}

/* Of the old options, what follows the first word is not looked at. */
static void
old_options(void **state)
{
    char *argv[] = {(char[]){"agent"}, (char[]){"-Q"}, (char[]){"-c"}, (char[]){"5"},
                    (char[]){"word"},  (char[]){"-d"}, (char[]){"77"}, NULL};
    struct session s;
    int errors = 0;

    (void)state;
    session_open(&s, PMDA_INTERFACE_7, 253);
    assert_int_equal(pmdaGetOpt(7, argv, "c:d:", &s.dispatch, &errors), 'c');
    assert_string_equal(optarg, "5");
    assert_int_equal(pmdaGetOpt(7, argv, "c:d:", &s.dispatch, &errors), EOF);
    assert_int_equal(errors, 1);
    assert_string_equal(argv[optind], "word");
    assert_string_equal(pmGetProgname(), "agent");
    assert_int_equal(s.dispatch.domain, 253);
    session_close(&s);
}

/* A loaded agent logs as the program that has loaded it. */
static void
loaded(void **state)
{
    pmdaInterface dispatch;

    (void)state;
    memset(&dispatch, 0, sizeof(dispatch));
    pmSetProgname(NULL);
    assert_string_equal(pmGetProgname(), "pcp");
    pmdaDSO(&dispatch, PMDA_INTERFACE_2, (char[]){"agent DSO"}, NULL);
    assert_int_equal(dispatch.status, 0);
    assert_non_null(strstr(pmGetProgname(), "pcp-setup"));
    pmdaloop_release(&dispatch);
    pmSetProgname("named");
    pmdaDSO(&dispatch, PMDA_INTERFACE_2, (char[]){"agent DSO"}, NULL);
    assert_string_equal(pmGetProgname(), "named");
    pmdaloop_release(&dispatch);
}

/* What messages say, with the file that they go to. */
static void
says(char **argv, const char *wanted)
{
    static pmLongOptions longs[] = {PMDAOPT_DOMAIN,
                                    {"fast", 0, 'f', NULL, "do not wait"},
                                    PMOPT_HELP,
                                    PMDA_OPTIONS_END};
    pmdaOptions opts = {.short_options = "d:f?", .long_options = longs};
    char path[] = "/tmp/labwire-words.XXXXXX", text[256] = "";
    struct session s;

    pmflush(); /* of the test before */
    close(mkstemp(path));
    setenv("PCP_STDERR", path, 1);
    session_open(&s, PMDA_INTERFACE_7, 253);
    assert_int_equal(pmdaGetOptions(2, argv, &opts, &s.dispatch), EOF);
    assert_int_equal(opts.errors, 1);
    session_close(&s);
    pmflush();
    unsetenv("PCP_STDERR");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    text[n] = '\0';
    fclose(f);
    unlink(path);
    assert_string_equal(text, wanted);
}

static void
mistakes_are_named(void **state)
{
    (void)state;
    says((char *[]){(char[]){"a"}, (char[]){"-?"}, NULL}, "");
    says((char *[]){(char[]){"a"}, (char[]){"--help"}, NULL}, "");
    says((char *[]){(char[]){"a"}, (char[]){"-d"}, NULL},
         "a: option requires an argument -- 'd'\n");
    says((char *[]){(char[]){"a"}, (char[]){"--dom"}, NULL},
         "a: option '--domain' requires an argument\n");
    says((char *[]){(char[]){"a"}, (char[]){"--fast=1"}, NULL},
         "a: option '--fast' doesn't allow an argument\n");
    says((char *[]){(char[]){"a"}, (char[]){"--slow"}, NULL},
         "a: unrecognized option '--slow'\n");
    says((char *[]){(char[]){"a"}, (char[]){"-Q"}, NULL}, "a: invalid option -- 'Q'\n");
}

/* What an agent with this log writes to a pipe that stands in for stderr. */
static void
log_of(const char *path, char *ret_text, size_t size)
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        int ok = 0;
        dup2(fds[1], STDERR_FILENO);
        close(fds[0]);
        close(fds[1]);
        pmOpenLog("agent", path, stderr, &ok);
        exit(ok);
    }
    close(fds[1]);
    size_t len = 0;
    for (ssize_t n; (n = read(fds[0], ret_text + len, size - 1 - len)) > 0;)
        len += (size_t)n;
    ret_text[len] = '\0';
    close(fds[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
logs(void **state)
{
    char folder[] = "/tmp/labwire-log.XXXXXX", path[64], text[512];
    struct stat st;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/log", folder);
    log_of(path, text, sizeof(text));
    assert_string_equal(text, "");
    assert_int_equal(stat(path, &st), 0);
    log_of(path, text, sizeof(text)); /* once more: the first is kept */
    snprintf(path, sizeof(path), "%s/log.prev", folder);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof(path), "%s/log", folder);
    assert_int_equal(unlink(path), 0);
    /* no file, but something that a log can be written to: it is not moved away */
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    log_of(path, text, sizeof(text));
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    close(reader);
    assert_int_equal(unlink(path), 0);
    /* stderr as it is */
    log_of("-", text, sizeof(text));
    assert_non_null(strstr(text, "Log for agent on "));
    assert_non_null(strstr(text, "\nLog finished "));
    /* no such place: it says so, and goes on with what it has */
    snprintf(path, sizeof(path), "%s/none/log", folder);
    log_of(path, text, sizeof(text));
    assert_non_null(strstr(text, "cannot open log \""));
    assert_non_null(strstr(text, "Log for agent on "));
    assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(options),
        cmocka_unit_test(old_options),
        cmocka_unit_test(mistakes_are_named), /* with others before them */
        cmocka_unit_test(loaded),
        cmocka_unit_test(logs),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/setup", tests, NULL, NULL);
}
