/* SPDX-License-Identifier: MIT */
/* Files, FIFOs and sockets that a ready agent reads. */
#include "feed.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_WRITERS = 64, BACKLOG = 16 };

union channel {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
};

/* One who writes: a FIFO's, or a connection. */
struct writer {
    struct feed_input *input;
    union channel channel;
    struct lines lines;
    struct writer *next, **link;
};

struct feed_input {
    struct feed *feed;
    const char *where;
    union channel listener;
    bool is_tcp;
    const char *path; /* of a socket of ours */
    int fd;           /* of a file that is read, or -1 */
    struct lines lines;
    uv_idle_t rest;
    struct writer *writers;
    unsigned n_writers;
    bool is_full; /* which was told */
};

static bool
is_socket(const char *where)
{
    return strncmp(where, "unix:", 5) == 0 || strncmp(where, "inet:", 5) == 0 ||
           strncmp(where, "ipv6:", 5) == 0;
}

void
feed_give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret)
{
    static char room[65536];

    (void)handle;
    (void)wanted;
    *ret = uv_buf_init(room, sizeof(room));
}

struct lines
feed_lines(struct feed *f)
{
    return (struct lines){.config = f->config, .complaints = &f->complaints};
}

void
feed_take(struct feed *f, struct lines *l, const char *bytes, size_t n)
{
    f->config->now_ms = uv_now(f->loop);
    lines_take(l, bytes, n);
    pmdaloop_uv_turn(f->agent);
}

/* ---- who writes ---- */

static void
on_writer_closed(uv_handle_t *handle)
{
    struct writer *w = handle->data;

    *w->link = w->next;
    if (w->next)
        w->next->link = w->link;
    if (--w->input->n_writers < MAX_WRITERS)
        w->input->is_full = false;
    lines_free(&w->lines);
    free(w);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
    struct writer *w = stream->data;
    struct feed *f = w->input->feed;

    if (n > 0)
        feed_take(f, &w->lines, bytes->base, (size_t)n);
    if (n < 0) {
        f->config->now_ms = uv_now(f->loop);
        lines_end(&w->lines);
        uv_close(&w->channel.handle, on_writer_closed);
    }
}

/* One more, whose channel is not open yet. */
static struct writer *
add_writer(struct feed_input *in)
{
    struct writer *w = calloc(1, sizeof(*w));
    int err = -ENOMEM;

    if (!w)
        return NULL;
    if (in->is_tcp)
        err = uv_tcp_init(in->feed->loop, &w->channel.tcp);
    else
        err = uv_pipe_init(in->feed->loop, &w->channel.pipe, 0);
    if (err < 0) {
        free(w);
        return NULL;
    }
    w->input = in;
    w->lines = feed_lines(in->feed);
    w->channel.handle.data = w;
    w->next = in->writers;
    w->link = &in->writers;
    if (w->next)
        w->next->link = &w->next;
    in->writers = w;
    in->n_writers++;
    return w;
}

static void
on_connection(uv_stream_t *listener, int status)
{
    struct feed_input *in = listener->data;
    struct writer *w = status == 0 ? add_writer(in) : NULL;

    if (!w)
        return;
    int err = uv_accept(listener, &w->channel.stream);
    if (err == 0 && in->n_writers > MAX_WRITERS) {
        if (!in->is_full)
            cli_say("'%s': more than %d writers at once", in->where, MAX_WRITERS);
        in->is_full = true;
        err = UV_EMFILE;
    }
    if (err == 0)
        err = uv_read_start(&w->channel.stream, feed_give_room, on_read);
    if (err < 0)
        uv_close(&w->channel.handle, on_writer_closed);
}

/* ---- what they are told ---- */

struct saying {
    uv_write_t request;
    char bytes[];
};

static void
on_written(uv_write_t *request, int status)
{
    (void)status; /* who does not listen is read for all that */
    free(request->data);
}

void
feed_write(uv_stream_t *to, const char *line, size_t len)
{
    enum { MOST_WAITING_BYTES = 1 << 16 };
    bool has_room = uv_stream_get_write_queue_size(to) + len <= MOST_WAITING_BYTES;
    struct saying *s = has_room ? malloc(sizeof(*s) + len) : NULL;

    if (!s)
        return;
    memcpy(s->bytes, line, len);
    s->request.data = s;
    const uv_buf_t bytes = uv_buf_init(s->bytes, (unsigned)len);
    if (uv_write(&s->request, to, &bytes, 1, on_written) < 0)
        free(s);
}

/* A FIFO would only hear itself. */
static void
tell(void *whom, const char *line, size_t len)
{
    struct feed *f = whom;

    for (size_t i = 0; i < f->config->n_inputs; i++) {
        struct feed_input *in = &f->inputs[i];
        for (struct writer *w = is_socket(in->where) ? in->writers : NULL; w;
             w = w->next)
            if (!uv_is_closing(&w->channel.handle))
                feed_write(&w->channel.stream, line, len);
    }
    feed_tell_commands(f, line, len);
}

/* ---- sockets ---- */

/* A socket that its owner has left behind: nobody accepts there. */
static bool
is_left_behind(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct stat st;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (fd < 0)
        return false;
    memcpy(at.sun_path, path, strlen(path) + 1);
    bool is_left = lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) &&
                   connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 &&
                   errno == ECONNREFUSED;
    close(fd);
    return is_left;
}

static int
bind_unix(struct feed_input *in, const char *path)
{
    struct sockaddr_un at;

    if (!*path || strlen(path) >= sizeof(at.sun_path))
        return UV_ENAMETOOLONG;
    if (is_left_behind(path))
        (void)unlink(path);
    int err = uv_pipe_init(in->feed->loop, &in->listener.pipe, 0);
    if (err == 0)
        err = uv_pipe_bind(&in->listener.pipe, path);
    if (err < 0)
        return err;
    in->path = path;
    return chmod(path, 0660) < 0 ? -errno : 0;
}

static int
bind_port(struct feed_input *in, const char *text, const char *host, bool v6)
{
    struct sockaddr_storage at = {0};
    char *end;
    long port = strtol(text, &end, 10);

    if (*end || end == text || port < 1 || port > 65535)
        return UV_EINVAL;
    in->is_tcp = true;
    int err = v6 ? uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)&at)
                 : uv_ip4_addr(host, (int)port, (struct sockaddr_in *)&at);
    if (err == 0)
        err = uv_tcp_init(in->feed->loop, &in->listener.tcp);
    if (err == 0)
        err = uv_tcp_bind(&in->listener.tcp, (const struct sockaddr *)&at, 0);
    return err;
}

static int
start_listener(struct feed_input *in)
{
    const char *rest = in->where + 5;
    int err = strncmp(in->where, "unix:", 5) == 0 ? bind_unix(in, rest)
              : strncmp(in->where, "inet:", 5) == 0
                  ? bind_port(in, rest, "127.0.0.1", false)
                  : bind_port(in, rest, "::1", true);

    in->listener.handle.data = in;
    return err < 0 ? err : uv_listen(&in->listener.stream, BACKLOG, on_connection);
}

/* ---- files ---- */

/* The next piece of a file. How long it was; 0 at the end, or -errno: then it is closed. */
static ssize_t
read_piece(struct feed_input *in)
{
    char bytes[65536];
    ssize_t n = read(in->fd, bytes, sizeof(bytes));

    if (n > 0) {
        lines_take(&in->lines, bytes, (size_t)n);
        return n;
    }
    n = n < 0 ? -errno : 0;
    lines_end(&in->lines);
    lines_free(&in->lines);
    close(in->fd);
    in->fd = -1;
    return n;
}

static void
on_idle(uv_idle_t *rest)
{
    struct feed_input *in = rest->data;

    in->feed->config->now_ms = uv_now(rest->loop);
    ssize_t n = read_piece(in);
    if (n < 0)
        cli_say("cannot read '%s' to its end: %s", in->where, strerror((int)-n));
    if (n <= 0)
        uv_close((uv_handle_t *)rest, NULL);
}

/* Before pmcd is answered; but it waits no longer than this: the rest is read beside. */
static int
read_file(struct feed_input *in, int fd)
{
    static const uint64_t patience_ns = 2000000000;
    struct feed *f = in->feed;
    ssize_t n;

    in->fd = fd;
    in->lines = feed_lines(f);
    while ((n = read_piece(in)) > 0 && uv_hrtime() - f->begun_ns < patience_ns)
        continue;
    if (n <= 0)
        return (int)n;
    (void)uv_idle_init(f->loop, &in->rest); /* which cannot fail, */
    in->rest.data = in;
    return uv_idle_start(&in->rest, on_idle); /* nor this */
}

/* What comes bit by bit is read from the loop. A FIFO is opened for writing too, so that
 * it outlives its writers. */
static int
start_file(struct feed_input *in)
{
    int fd = strcmp(in->where, "-") == 0
                 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                 : open(in->where, O_RDWR | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0 && (errno == EACCES || errno == EROFS))
        fd = open(in->where, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (uv_guess_handle(fd) == UV_FILE)
        return read_file(in, fd);
    struct writer *w = add_writer(in);
    int err = w ? uv_pipe_open(&w->channel.pipe, fd) : -ENOMEM;
    if (err < 0)
        close(fd);
    return err < 0 ? err : uv_read_start(&w->channel.stream, feed_give_room, on_read);
}

/* ---- all of them ---- */

bool
feed_start(struct feed *f)
{
    const struct config *c = f->config;

    f->begun_ns = uv_hrtime();
    f->config->now_ms = uv_now(f->loop);
    f->inputs = calloc(c->n_inputs + 1, sizeof(*f->inputs));
    if (!f->inputs) {
        cli_say("no memory");
        return false;
    }
    for (size_t i = 0; i < c->n_inputs; i++)
        f->inputs[i].fd = -1;
    for (size_t i = 0; i < c->n_inputs; i++) {
        struct feed_input *in = &f->inputs[i];
        in->feed = f;
        in->where = c->inputs[i];
        int err = is_socket(in->where) ? start_listener(in) : start_file(in);
        if (err < 0) {
            cli_say("cannot read '%s': %s", in->where, uv_strerror(err));
            return false;
        }
    }
    f->config->whom = f;
    f->config->tell = tell;
    return feed_start_commands(f);
}

static void
close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* libuv lets go of a handle's memory from the loop alone. */
void
feed_stop(struct feed *f)
{
    f->config->tell = NULL;
    feed_end_commands(f);
    uv_walk(f->loop, close_handle, NULL);
    (void)uv_run(f->loop, UV_RUN_DEFAULT);
    feed_free_commands(f);
    for (size_t i = 0; f->inputs && i < f->config->n_inputs; i++) {
        struct feed_input *in = &f->inputs[i];
        if (in->path)
            (void)unlink(in->path);
        if (in->fd >= 0)
            close(in->fd);
        lines_free(&in->lines);
        for (struct writer *w = in->writers, *next; w; w = next) {
            next = w->next;
            lines_free(&w->lines);
            free(w);
        }
    }
    free(f->inputs);
}
