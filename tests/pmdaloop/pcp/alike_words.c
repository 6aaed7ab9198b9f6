/* SPDX-License-Identifier: MIT */
/* Words: command lines taken apart, settings read, texts read word by word, time zones,
 * codes in words. */
#include "alike.h"

#include <pcp/pmapi.h>

#include <unistd.h>

/* Of libpcp.h, which few systems install. */
typedef struct __pmExecCtl __pmExecCtl_t;
enum { PM_EXEC_WAIT = 1 };
int __pmProcessUnpickArgs(__pmExecCtl_t **ctl, const char *command);
int __pmProcessExec(__pmExecCtl_t **ctl, int toss, int wait);
int __pmProcessPipe(__pmExecCtl_t **ctl, const char *type, int toss, FILE **ret_stream);
int __pmProcessPipeClose(FILE *stream);
int __pmProcessExists(pid_t pid);
char *__pmTimezone(void);

/* n pieces behind one another. PCP's library takes a blank alone for the end of a word. */
static char *
draw_text(struct text *t, unsigned n)
{
    static const char *const pieces[] = {"a",  "bc", " ",  "  ",  " ",  "'", "\"",
                                         "' ", " '", "\"", "=",   "it", "1", "#",
                                         "-x", "'",  ".",  " \"", "\" "};

    t->n = 0;
    t->s[0] = '\0';
    while (n-- > 0)
        put(t, DRAW(pieces));
    return t->s;
}

/* The words of a command line, as the program is given them. */
static void
take_apart(void)
{
    __pmExecCtl_t *ctl = NULL;
    struct text t;
    FILE *f = NULL;
    char line[256];
    const char *command = draw_text(&t, draw(9));

    printf("<%s>", command);
    int err = __pmProcessUnpickArgs(&ctl, "printf '<%s>'");
    if (err == 0)
        err = __pmProcessUnpickArgs(&ctl, command);
    printf(" %d:", err);
    if (err == 0 && (err = __pmProcessPipe(&ctl, "r", 0, &f)) == 0) {
        while (fgets(line, sizeof(line), f))
            fputs(line, stdout);
        err = __pmProcessPipeClose(f);
    }
    printf(" %d\n", err);
    fflush(stdout);
}

/* What is wrong with them is told by a code. */
static void
misuse(void)
{
    __pmExecCtl_t *none = NULL;
    FILE *f = NULL;

    printf("nothing: %d", __pmProcessUnpickArgs(&none, "  "));
    printf(" %d", __pmProcessPipe(&none, "r", 0, &f));
    printf(" %d", __pmProcessExec(&none, 0, PM_EXEC_WAIT));
    printf(" %d\n", __pmProcessPipeClose(stdin));
    printf("processes: %d %d %d\n", __pmProcessExists(getpid()), __pmProcessExists(0),
           __pmProcessExists(-1));
}

static void
settings(void)
{
    enum { SETTINGS = 200 };
    char path[] = "/tmp/labwire-conf.XXXXXX", name[16];
    struct text t;
    FILE *f = fdopen(mkstemp(path), "w");

    for (int i = 0; f && i < SETTINGS; i++)
        fprintf(f, "%sV%u=%s\n", draw(9) ? "" : "#", draw(SETTINGS),
                draw_text(&t, 1 + draw(5)));
    if (f)
        fclose(f);
    setenv("PCP_CONF", path, 1);
    setenv("V7", "'of the environment'", 1);
    for (int i = 0; i < SETTINGS; i++) {
        snprintf(name, sizeof(name), "V%d", i);
        const char *value = pmGetOptionalConfig(name);
        /* a quote and no more: what PCP's library makes of that is no value */
        bool odd = value && (*value == '\0' || strcmp(value, "'") == 0 ||
                             strcmp(value, "\"") == 0);
        printf("%s <%s>\n", name, odd ? "odd" : value ? value : "none");
    }
    unlink(path);
}

static void
read_words(void)
{
    struct text t;
    FILE *f = tmpfile();

    for (unsigned n = draw(5); n > 0; n--)
        fprintf(f, "%s%s", draw_text(&t, draw(6)),
                draw(2)   ? "\n"
                : draw(2) ? " \n"
                          : "\t\r");
    rewind(f);
    ssize_t n;
    do {
        char *word = NULL;
        n = pmfstring(f, &word);
        printf(" %zd<%s>", n, n > 0 ? word : "");
        if (n > 0)
            free(word);
    } while (n >= 0);
    printf("\n");
    fclose(f);
}

static void
zones(void)
{
    static const char *const rows[] = {"UTC",           "",
                                       "CET-1CEST",     ":Europe/Berlin",
                                       ":Asia/Tokyo",   ":America/New_York",
                                       ":Asia/Kolkata", ":UTC",
                                       "Europe/Berlin", "ABC+3:30"};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        setenv("TZ", rows[i], 1);
        tzset();
        printf("%s: %s\n", rows[i], __pmTimezone());
    }
}

int
main(void)
{
    char buf[12];

    if (!freopen("/dev/null", "w", stderr)) /* messages name their process */
        return 1;
    settings(); /* before anything else asks for one */
    for (int i = 0; i < 200; i++)
        take_apart();
    misuse();
    for (int i = 0; i < 2000; i++)
        read_words();
    zones();
    for (int code = -1; code > -40; code--)
        printf("%s\n", pmErrStr_r(code, buf, sizeof(buf)));
    pmprintf("kept\n");
    fflush(stdout);
    printf("flushed: %d\n", pmflush());
    return 0;
}
