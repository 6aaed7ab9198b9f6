/* SPDX-License-Identifier: MIT */
/* Commands that feed a ready agent: run again and again, or for as long as it lives. */
#include "cli.h"
#include "feed.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct feed_command {
    struct feed *feed;
    struct config_command *is;
    struct lines lines;
    uv_timer_t due, limit;
    uv_process_t process;
    uv_pipe_t out, in;
    uint64_t started_ms;
    bool is_running; /* up to the end of its output */
    bool has_left; /* but its process has ended: what it has started holds the output */
    bool is_due;   /* once more, when that is over */
    bool has_failed; /* the last time, which was told */
    int n_open;      /* of process, out and in */
};

/* Its process is the first of a group, so that what it has started ends with it. */
static void
end_group(struct feed_command *c, int signal_number)
{
    if (c->is_running && c->process.pid > 0)
        (void)kill(-c->process.pid, signal_number);
}

static void on_part_closed(uv_handle_t *handle);

/* What it prints from now on comes to nothing; a line at its end need not be whole. */
static void
end_output(struct feed_command *c)
{
    if (uv_is_closing((uv_handle_t *)&c->out))
        return;
    feed_take(c->feed, &c->lines, "\n", 1);
    uv_close((uv_handle_t *)&c->out, on_part_closed);
}

static void
on_limit(uv_timer_t *timer)
{
    struct feed_command *c = timer->data;

    if (!c->has_failed)
        cli_say("'%s' takes longer than %g s", c->is->words,
                (double)c->is->timeout_ms / 1000);
    c->has_failed = true;
    end_group(c, SIGKILL);
    end_output(c); /* for what has left the group */
}

static void on_due(uv_timer_t *timer);
static void begin(struct feed_command *c);

static void
on_part_closed(uv_handle_t *handle)
{
    struct feed_command *c = handle->data;

    if (--c->n_open > 0)
        return;
    c->is_running = false;
    (void)uv_timer_stop(&c->limit);
    if (!c->is->every_ms)
        (void)uv_timer_start(&c->due, on_due, c->is->restart_ms, 0);
    else if (c->is_due)
        begin(c);
}

static void
on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    struct feed_command *c = stream->data;

    if (n > 0)
        feed_take(c->feed, &c->lines, bytes->base, (size_t)n);
    if (n < 0)
        end_output(c);
}

/* A failure is told when it begins and when it is over: not at each run. */
static void
tell_end(struct feed_command *c, int status, int term_signal)
{
    bool has_failed = status != 0 || term_signal != 0;

    if (has_failed && !c->has_failed && term_signal)
        cli_say("'%s' has died of signal %d", c->is->words, term_signal);
    else if (has_failed && !c->has_failed)
        cli_say("'%s' has ended with status %d", c->is->words, status);
    else if (!has_failed && c->has_failed)
        cli_say("'%s' works again", c->is->words);
    else if (!has_failed && !c->is->every_ms)
        cli_say("'%s' has ended", c->is->words);
    c->has_failed = has_failed;
}

static void
on_exit_of(uv_process_t *process, int64_t status, int term_signal)
{
    struct feed_command *c = process->data;

    c->has_left = true;
    c->is->has_ended = true;
    c->is->status = term_signal ? 128 + term_signal : (int32_t)status;
    c->is->seconds = (double)(uv_now(process->loop) - c->started_ms) / 1000;
    c->is->failures += c->is->status != 0;
    tell_end(c, (int)status, term_signal);
    uv_close((uv_handle_t *)process, on_part_closed);
    uv_close((uv_handle_t *)&c->in, on_part_closed);
}

/* Its output is lines; its complaints are ours. On its standard input is nothing, or what
 * is stored. */
static int
spawn(struct feed_command *c, uv_loop_t *loop)
{
    char shell[] = "/bin/sh", option[] = "-c";
    char *args[] = {shell, option, c->is->words, NULL};
    uv_stdio_container_t stdio[3] = {
        {.flags = c->is->wants_stores ? UV_CREATE_PIPE | UV_READABLE_PIPE : UV_IGNORE,
         .data.stream = (uv_stream_t *)&c->in},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&c->out},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO}};
    const uv_process_options_t o = {.exit_cb = on_exit_of,
                                    .file = shell,
                                    .args = args,
                                    .flags = UV_PROCESS_DETACHED,
                                    .stdio_count = 3,
                                    .stdio = stdio};

    return uv_spawn(loop, &c->process, &o);
}

static void
begin(struct feed_command *c)
{
    uv_loop_t *loop = c->feed->loop;

    (void)uv_pipe_init(loop, &c->out, 0); /* which cannot fail */
    (void)uv_pipe_init(loop, &c->in, 0);
    c->process.data = c->out.data = c->in.data = c;
    c->process.pid = 0;
    c->is_running = true;
    c->has_left = c->is_due = false;
    c->n_open = 3;
    c->is->runs++;
    c->started_ms = uv_now(loop);
    int err = spawn(c, loop);
    if (err < 0) {
        c->is->failures++;
        if (!c->has_failed)
            cli_say("cannot run '%s': %s", c->is->words, uv_strerror(err));
        c->has_failed = true;
        uv_close((uv_handle_t *)&c->process, on_part_closed);
        uv_close((uv_handle_t *)&c->out, on_part_closed);
        uv_close((uv_handle_t *)&c->in, on_part_closed);
        return;
    }
    if (c->is->timeout_ms)
        (void)uv_timer_start(&c->limit, on_limit, c->is->timeout_ms, 0);
    (void)uv_read_start((uv_stream_t *)&c->out, feed_give_room, on_output);
}

/* One that takes longer than its interval skips its turn. What a run has left behind, and
 * what still holds its output, goes on up to the next: they must not pile up. */
static void
on_due(uv_timer_t *timer)
{
    struct feed_command *c = timer->data;

    if (!c->is_running) {
        begin(c);
    } else if (c->has_left) {
        c->is_due = true;
        end_group(c, SIGTERM);
        end_output(c);
    }
}

bool
feed_start_commands(struct feed *f)
{
    size_t n = f->config->n_commands;

    f->commands = calloc(n + 1, sizeof(*f->commands));
    for (size_t i = 0; f->commands && i < n; i++) {
        struct feed_command *c = &f->commands[i];
        c->feed = f;
        c->is = &f->config->commands[i];
        c->lines = feed_lines(f);
        c->due.data = c->limit.data = c;
        if (uv_timer_init(f->loop, &c->due) < 0 ||
            uv_timer_init(f->loop, &c->limit) < 0 ||
            uv_timer_start(&c->due, on_due, 0, c->is->every_ms) < 0)
            return false;
    }
    return f->commands != NULL;
}

void
feed_tell_commands(struct feed *f, const char *line, size_t len)
{
    for (size_t i = 0; f->commands && i < f->config->n_commands; i++) {
        struct feed_command *c = &f->commands[i];
        if (c->is->wants_stores && c->is_running &&
            !uv_is_closing((uv_handle_t *)&c->in))
            feed_write((uv_stream_t *)&c->in, line, len);
    }
}

void
feed_end_commands(struct feed *f)
{
    for (size_t i = 0; f->commands && i < f->config->n_commands; i++) {
        f->commands[i].is_due = false;
        end_group(&f->commands[i], SIGTERM);
    }
}

void
feed_free_commands(struct feed *f)
{
    for (size_t i = 0; f->commands && i < f->config->n_commands; i++)
        lines_free(&f->commands[i].lines);
    free(f->commands);
}
