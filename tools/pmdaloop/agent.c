/* SPDX-License-Identifier: MIT */
/* pmdaloop agent: a ready agent, fed by lines of JSON or by commands. */
#include "commands.h"
#include "feed.h"
#include "file.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <pmdaloop-uv.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REMEMBER_MS = 1000 };

struct agent {
    struct config config;
    struct pmdaloop *pl;
    struct pmdaloop_uv uv;
    int err; /* of the session */
    struct feed feed;
    uv_timer_t remember;
    bool is_forgetful; /* numbers could not be written, and that was told */
    uv_signal_t signals[2];
};

/* ---- the loop ---- */

static void
on_event(struct pmdaloop_uv *u, const struct pmdaloop_event *event)
{
    struct agent *a = u->data;

    if (event->kind != PMDALOOP_CLOSED) {
        if (event->number)
            (void)pmdaloop_reply_error(u->pl, event->number, PMDALOOP_PM_PERMISSION);
        return;
    }
    a->err = event->err;
    uv_stop(u->loop);
}

static void
on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    uv_stop(handle->loop);
}

/* What cannot be written, as on a disk that is full, is tried again: it is told once. */
static void
remember(struct agent *a)
{
    if (!config_is_changed(&a->config))
        return;
    bool done = config_remember(&a->config);
    if (!done && !a->is_forgetful)
        cli_say("%s", a->config.why);
    a->is_forgetful = !done;
}

static void
on_remember(uv_timer_t *timer)
{
    remember(timer->data);
}

/* How old values are, and when instances were seen, hangs on the time of the loop. */
static void
look_at_clock(struct pmdaloop *pl)
{
    struct config *c = pmdaloop_get_user(pl);
    c->now_ms = uv_now(uv_default_loop());
}

static int
refresh(struct pmdaloop *pl)
{
    look_at_clock(pl);
    return config_refresh(pl);
}

static int
store(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      const struct pmdaloop_value *value)
{
    look_at_clock(pl);
    return config_store(pl, m, inst, value);
}

static bool
start_loop(struct agent *a, uv_loop_t *loop)
{
    static const int numbers[] = {SIGTERM, SIGINT};

    for (size_t i = 0; i < 2; i++)
        if (uv_signal_init(loop, &a->signals[i]) < 0 ||
            uv_signal_start(&a->signals[i], on_signal, numbers[i]) < 0)
            return false;
    a->remember.data = a;
    return !a->config.state ||
           (uv_timer_init(loop, &a->remember) == 0 &&
            uv_timer_start(&a->remember, on_remember, REMEMBER_MS, REMEMBER_MS) == 0);
}

static int
serve(struct agent *a, const char *where)
{
    uv_loop_t *loop = uv_default_loop();

    if (!loop) { /* it wants some descriptors */
        cli_say("cannot begin: %s", strerror(errno));
        return CLI_FAILED;
    }
    a->uv.data = a;
    int err = pmdaloop_connect(a->pl, where);
    if (err < 0) {
        cli_say("%s", pmdaloop_errmsg(a->pl));
        return CLI_LOST;
    }
    (void)pmdaloop_process(a->pl); /* pmcd need not wait for what is read first */
    a->feed = (struct feed){.config = &a->config, .loop = loop, .agent = &a->uv};
    if (!start_loop(a, loop) || !feed_start(&a->feed))
        return CLI_FAILED;
    err = pmdaloop_uv_start(&a->uv, loop, a->pl, on_event);
    if (err == 0)
        (void)uv_run(loop, UV_RUN_DEFAULT);
    pmdaloop_uv_stop(&a->uv, NULL);
    if (err < 0) {
        cli_say("cannot wait for pmcd: %s", err == UV_EPERM
                                                ? "standard input or output is a file"
                                                : uv_strerror(err));
        return CLI_LOST;
    }
    if (a->err < 0)
        cli_say("%s", pmdaloop_errmsg(a->pl));
    return a->err < 0 ? CLI_LOST : CLI_DONE;
}

/* ---- the configuration ---- */

static int
set_up(struct agent *a, const char *path)
{
    struct config *c = &a->config;
    const struct pmdaloop_options options = {
        .size = sizeof(options), .name = c->name, .domain = c->domain};
    struct pmdaloop_table table = config_table(c);
    int err = pmdaloop_new(&a->pl, &options);

    table.refresh = refresh;
    table.store = store;
    if (err == 0 && (err = pmdaloop_set_table(a->pl, &table)) < 0)
        cli_say("'%s': %s", path, pmdaloop_errmsg(a->pl));
    else if (err < 0)
        cli_say("%s", pmdaloop_strerror(err));
    if (err < 0)
        return CLI_FAILED;
    pmdaloop_set_user(a->pl, c);
    c->pl = a->pl;
    if (!config_recall(c)) /* it can do without */
        cli_say("%s", c->why);
    return CLI_DONE;
}

static bool
read_config(struct config *c, const char *path)
{
    enum { MOST = 64 << 20 };
    size_t len;
    char *text = file_read(path, MOST, &len);

    if (!text) {
        cli_say("cannot read '%s': %s", path, strerror(errno));
        return false;
    }
    bool done = config_parse(c, text, len);
    if (!done)
        cli_say("'%s': %s", path, c->why);
    free(text);
    return done;
}

static bool
is_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

/* The beginnings of all names, each once: the names are sorted. */
static void
show_roots(const struct config *c)
{
    size_t own_len = strlen(c->name), last_len = 0;
    const char *last = "";

    printf("pmns: %s %u:*:*\n", c->name, (unsigned)c->domain);
    for (size_t i = 0; i < c->n_cells; i++) {
        const char *name = c->by_name[i]->name;
        size_t len = strcspn(name, ".");
        if (!is_same(name, len, c->name, own_len) &&
            !is_same(name, len, last, last_len))
            printf("pmns: %.*s %u:*:*\n", (int)len, name, (unsigned)c->domain);
        last = name;
        last_len = len;
    }
}

/* What pmcd has to know of the agent: its line in pmcd.conf, and what a PMNS says. */
static void
show_set_up(const struct config *c, const char *path)
{
    char folder[4096], own[4096];
    ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
    bool is_whole = *path == '/' || !getcwd(folder, sizeof(folder));

    own[n > 0 ? n : 0] = '\0';
    printf("%s: metrics %zu, instance domains %zu, inputs %zu, commands %zu\n", c->name,
           c->n_cells, c->n_indoms, c->n_inputs, c->n_commands);
    printf("pmcd.conf: %s %u pipe binary %s agent %s%s%s\n", c->name,
           (unsigned)c->domain, n > 0 ? own : "pmdaloop", is_whole ? "" : folder,
           is_whole ? "" : "/", path);
    show_roots(c);
}

static bool
reads_pmcds(const struct config *c)
{
    for (size_t i = 0; i < c->n_inputs; i++)
        if (strcmp(c->inputs[i], "-") == 0)
            return true;
    return false;
}

/* ---- the command line ---- */

struct words {
    const char *where, *log, *config;
    bool only_check;
};

static bool
take_words(struct words *w, int argc, char **argv)
{
    static const struct option longs[] = {{"socket", required_argument, NULL, 's'},
                                          {"check", no_argument, NULL, 'c'},
                                          {"log", required_argument, NULL, 'l'},
                                          {NULL, 0, NULL, 0}};

    *w = (struct words){.where = "pipe"};
    optind = 1;
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "cl:s:", longs, NULL)) != -1;) {
        switch (c) {
        case 'c':
            w->only_check = true;
            break;
        case 'l':
            w->log = optarg;
            break;
        case 's':
            w->where = optarg;
            break;
        default:
            (void)cli_misused("no option '%s'", argv[optind - 1]);
            return false;
        }
    }
    w->config = optind + 1 == argc ? argv[optind] : NULL;
    if (!w->config)
        (void)cli_misused("agent wants one configuration");
    return w->config != NULL;
}

/* From now on what is said goes there, and what the commands complain of. */
static bool
open_log(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    bool done = fd >= 0 && dup2(fd, STDERR_FILENO) >= 0;

    if (!done)
        cli_say("cannot write '%s': %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return done;
}

static int
run(struct agent *a, const struct words *w)
{
    bool is_pipe = !w->where || strcmp(w->where, "pipe") == 0;

    if (!read_config(&a->config, w->config))
        return CLI_FAILED;
    if (is_pipe && reads_pmcds(&a->config)) {
        cli_say("the input cannot be '-': standard input is pmcd's");
        return CLI_MISUSED;
    }
    int code = set_up(a, w->config);
    if (code == CLI_DONE && w->only_check)
        show_set_up(&a->config, w->config);
    else if (code == CLI_DONE)
        code = serve(a, w->where);
    if (!w->only_check)
        remember(a);
    return code;
}

int
agent_command(int argc, char **argv)
{
    struct agent a = {.pl = NULL};
    struct words w;

    if (!take_words(&w, argc, argv))
        return CLI_MISUSED;
    if (w.log && !open_log(w.log))
        return CLI_FAILED;
    int code = run(&a, &w);
    if (a.feed.config)
        feed_stop(&a.feed);
    pmdaloop_free(a.pl);
    config_free(&a.config);
    return code;
}
