/* SPDX-License-Identifier: MIT */
/* pmdaloop agent: a ready agent, fed by lines of JSON or by commands. */
#include "commands.h"
#include "config.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <pmdaloop-uv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes until they are lines. */
struct lines {
    struct config *config;
    char *bytes;
    size_t len;
    bool is_too_long; /* until the next line */
};

struct command {
    struct config_command *is;
    struct lines lines;
    uv_timer_t timer;
    uv_process_t process;
    uv_pipe_t out;
    bool is_running;
    int n_open; /* of process and out */
};

struct agent {
    struct config config;
    struct pmdaloop *pl;
    struct pmdaloop_uv uv;
    int err; /* of the session */
    struct lines input;
    uv_pipe_t in;
    struct command *commands;
};

static void
take_line(struct lines *l, const char *line, size_t len)
{
    if (len == 0)
        return;
    if (!config_take_line(l->config, line, len))
        cli_say("a bad line: %s", l->config->why);
}

static void
take_bytes(struct lines *l, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            if (!l->is_too_long)
                take_line(l, l->bytes, l->len);
            // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): agent_command() frees it
            l->len = 0;
            l->is_too_long = false;
        } else if (l->len < MAX_LINE_BYTES && !l->is_too_long) {
            l->bytes[l->len++] = bytes[i];
        } else if (!l->is_too_long) {
            l->is_too_long = true;
            l->config->bad_lines++;
            cli_say("a bad line: longer than %d bytes", MAX_LINE_BYTES);
        }
    }
}

/* The end counts as the end of a line. */
static void
end_lines(struct lines *l)
{
    take_bytes(l, "\n", 1);
}

static bool
begin_lines(struct lines *l, struct config *c)
{
    l->config = c;
    l->bytes = malloc(MAX_LINE_BYTES);
    return l->bytes != NULL;
}

static void
give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret)
{
    static char room[65536]; /* one read at a time, taken at once */

    (void)handle;
    (void)wanted;
    *ret = uv_buf_init(room, sizeof(room));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    struct lines *l = stream->data;

    if (n > 0)
        take_bytes(l, bytes->base, (size_t)n);
    if (n < 0) {
        end_lines(l);
        uv_read_stop(stream);
    }
}

/* ---- commands ---- */

static void
on_part_closed(uv_handle_t *handle)
{
    struct command *c = handle->data;

    if (--c->n_open == 0)
        c->is_running = false;
}

static void
on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    struct command *c = stream->data;

    if (n > 0)
        take_bytes(&c->lines, bytes->base, (size_t)n);
    if (n < 0) {
        end_lines(&c->lines);
        uv_close((uv_handle_t *)stream, on_part_closed);
    }
}

static void
on_exit_of(uv_process_t *process, int64_t status, int term_signal)
{
    struct command *c = process->data;

    if (term_signal)
        cli_say("'%s' has died of signal %d", c->is->words, term_signal);
    else if (status)
        cli_say("'%s' has ended with status %d", c->is->words, (int)status);
    uv_close((uv_handle_t *)process, on_part_closed);
}

/* Nothing on its standard input; its output is lines; its complaints are ours. */
static void
on_due(uv_timer_t *timer)
{
    struct command *c = timer->data;
    char shell[] = "/bin/sh", option[] = "-c";
    char *args[] = {shell, option, c->is->words, NULL};
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&c->out},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO}};
    uv_process_options_t o = {
        .exit_cb = on_exit_of, .file = shell, .args = args, .stdio_count = 3};

    if (c->is_running) /* it takes longer than its interval */
        return;
    o.stdio = stdio;
    c->process.data = c->out.data = c;
    if (uv_pipe_init(timer->loop, &c->out, 0) < 0)
        return;
    c->is_running = true;
    c->n_open = 2;
    int err = uv_spawn(timer->loop, &c->process, &o);
    if (err < 0) {
        cli_say("cannot run '%s': %s", c->is->words, uv_strerror(err));
        uv_close((uv_handle_t *)&c->process, on_part_closed);
        uv_close((uv_handle_t *)&c->out, on_part_closed);
        return;
    }
    (void)uv_read_start((uv_stream_t *)&c->out, give_room, on_output);
}

static bool
start_commands(struct agent *a, uv_loop_t *loop)
{
    a->commands = calloc(a->config.n_commands + 1, sizeof(*a->commands));
    for (size_t i = 0; a->commands && i < a->config.n_commands; i++) {
        struct command *c = &a->commands[i];
        c->is = &a->config.commands[i];
        c->timer.data = c;
        if (!begin_lines(&c->lines, &a->config) || uv_timer_init(loop, &c->timer) < 0 ||
            uv_timer_start(&c->timer, on_due, 0, c->is->every_ms) < 0)
            return false;
    }
    return a->commands != NULL;
}

/* ---- the input ---- */

/* A file is read whole, at once; what comes bit by bit is read from the loop. A FIFO is
 * opened for writing too, so that it outlives its writers. */
static bool
start_input(struct agent *a, uv_loop_t *loop)
{
    const char *path = a->config.input;
    bool is_standard = path && strcmp(path, "-") == 0;
    char bytes[65536];

    if (!path)
        return true;
    int fd =
        is_standard ? dup(STDIN_FILENO) : open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == EACCES)
        fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || !begin_lines(&a->input, &a->config)) {
        cli_say("cannot open '%s': %s", path, strerror(errno));
        return false;
    }
    if (uv_guess_handle(fd) == UV_FILE) {
        for (ssize_t n; (n = read(fd, bytes, sizeof(bytes))) > 0;)
            take_bytes(&a->input, bytes, (size_t)n);
        end_lines(&a->input);
        close(fd);
        return true;
    }
    a->in.data = &a->input;
    int err = uv_pipe_init(loop, &a->in, 0);
    if (err == 0)
        err = uv_pipe_open(&a->in, fd);
    if (err == 0)
        err = uv_read_start((uv_stream_t *)&a->in, give_room, on_read);
    if (err < 0)
        cli_say("cannot read '%s': %s", path, uv_strerror(err));
    return err == 0;
}

/* ---- the agent ---- */

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

static int
serve(struct agent *a, const char *where)
{
    uv_loop_t *loop = uv_default_loop();

    a->uv.data = a;
    int err = pmdaloop_connect(a->pl, where);
    if (err < 0) {
        cli_say("%s", pmdaloop_errmsg(a->pl));
        return CLI_LOST;
    }
    if (!start_input(a, loop) || !start_commands(a, loop) ||
        pmdaloop_uv_start(&a->uv, loop, a->pl, on_event) < 0)
        return CLI_FAILED;
    (void)uv_run(loop, UV_RUN_DEFAULT);
    if (a->err < 0)
        cli_say("%s", pmdaloop_errmsg(a->pl));
    return a->err < 0 ? CLI_LOST : CLI_DONE;
}

static int
set_up(struct agent *a)
{
    struct config *c = &a->config;
    const struct pmdaloop_options options = {
        .size = sizeof(options), .name = c->name, .domain = c->domain};
    const struct pmdaloop_table table = {.size = sizeof(table),
                                         .metrics = c->metrics,
                                         .n_metrics = c->n_metrics,
                                         .indoms = c->indoms,
                                         .n_indoms = c->n_indoms,
                                         .labels = c->labels,
                                         .fetch = config_fetch};
    int err = pmdaloop_new(&a->pl, &options);

    if (err == 0 && (err = pmdaloop_set_table(a->pl, &table)) < 0)
        cli_say("%s", pmdaloop_errmsg(a->pl));
    else if (err < 0)
        cli_say("%s", pmdaloop_strerror(err));
    c->pl = a->pl;
    return err < 0 ? CLI_FAILED : CLI_DONE;
}

static bool
read_config(struct config *c, const char *path)
{
    enum { MOST = 16 << 20 };
    FILE *f = fopen(path, "r");
    char *text = f ? malloc(MOST) : NULL;

    if (!text) {
        cli_say("cannot read '%s': %s", path, strerror(errno));
        if (f)
            fclose(f);
        return false;
    }
    bool done = config_parse(c, text, fread(text, 1, MOST, f));
    if (!done)
        cli_say("'%s': %s", path, c->why);
    fclose(f);
    free(text);
    return done;
}

int
agent_command(int argc, char **argv)
{
    static const struct option longs[] = {{"socket", required_argument, NULL, 's'},
                                          {NULL, 0, NULL, 0}};
    const char *where = "pipe";
    struct agent a = {.pl = NULL};

    optind = 1;
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "s:", longs, NULL)) != -1;) {
        if (c != 's')
            return cli_misused("no option '%s'", argv[optind - 1]);
        where = optarg;
    }
    if (optind + 1 != argc)
        return cli_misused("agent wants one configuration");
    int code = read_config(&a.config, argv[optind]) ? CLI_DONE : CLI_FAILED;
    if (code == CLI_DONE && a.config.input && strcmp(a.config.input, "-") == 0 &&
        strcmp(where, "pipe") == 0) {
        cli_say("the input cannot be '-': standard input is pmcd's");
        code = CLI_MISUSED;
    }
    if (code == CLI_DONE)
        code = set_up(&a);
    if (code == CLI_DONE)
        code = serve(&a, where);
    for (size_t i = 0; a.commands && i < a.config.n_commands; i++)
        free(a.commands[i].lines.bytes);
    free(a.commands);
    free(a.input.bytes);
    pmdaloop_free(a.pl);
    config_free(&a.config);
    return code;
}
