/* SPDX-License-Identifier: MIT */
/* The stand-in daemon's body: its listening ports and connections, under libuv. */
#include "client.h"
#include "commands.h"
#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { READ_BYTES = 65536, FLOOD_LIMIT = 8 << 20, DRIP_MS = 20 };

struct server;

/* One port that listens, and how it lets people in. */
struct port {
    uv_tcp_t listener;
    struct daemon *of;
    struct door door;
    struct port *next;
};

/* One daemon; a process can be many. */
struct daemon {
    struct stand_in stand_in;
    struct server *server;
    struct port *ports;
    bool ended;
};

struct server {
    uv_loop_t loop;
    uv_signal_t signals[2];
    const struct options *options;
    struct daemon *daemons;
    size_t count, alive;
    char input[READ_BYTES]; /* one for all: nothing is kept in it */
};

/* One connection. */
struct line {
    uv_tcp_t tcp;
    uv_timer_t timer; /* for answers that take their time */
    struct peer *peer;
    struct daemon *of;
    bool waits;  /* the timer runs */
    bool late;   /* the delay has been served */
    int closing; /* handles of it still to close */
};

/* What is being written, with the bytes behind it. */
struct parcel {
    uv_write_t request;
    struct line *line;
    uint8_t bytes[];
};

static void
line_closed(uv_handle_t *handle)
{
    struct line *l = handle->data;
    if (--l->closing > 0)
        return;
    peer_free(l->peer);
    free(l);
}

static void
close_line(struct line *l)
{
    if (l->closing)
        return;
    l->closing = 2;
    uv_close((uv_handle_t *)&l->tcp, line_closed);
    uv_close((uv_handle_t *)&l->timer, line_closed);
}

/* The ports themselves are freed at the end, all together. */
static void
close_ports(struct daemon *d)
{
    for (struct port *p = d->ports; p; p = p->next)
        if (!uv_is_closing((uv_handle_t *)&p->listener))
            uv_close((uv_handle_t *)&p->listener, NULL);
}

/* A daemon that was told to exit: its ports close, and when it was the last, the loop
 * ends. */
static void
end_daemon(struct daemon *d)
{
    if (d->ended)
        return;
    d->ended = true;
    close_ports(d);
    for (struct peer *p = d->stand_in.peers; p; p = p->next)
        close_line(p->body);
    if (--d->server->alive == 0)
        uv_stop(&d->server->loop);
}

static void push_out(struct line *l);
static void send_later(struct line *l, size_t len);

/* The output is gone: what the peer's end asks for now. */
static void
finish(struct line *l)
{
    struct peer *p = l->peer;

    if (p->exits)
        end_daemon(l->of);
    switch (p->end) {
    case FAULT_FLOODS:
        peer_refill(p);
        send_later(l, p->out.len); /* not at once: others want a turn of the loop */
        return;
    case FAULT_RESETS:
        if (!l->closing && uv_tcp_close_reset(&l->tcp, line_closed) == 0) {
            l->closing = 2;
            uv_close((uv_handle_t *)&l->timer, line_closed);
        }
        return;
    case FAULT_HALF_CLOSES: {
        uv_os_fd_t fd;
        if (uv_fileno((uv_handle_t *)&l->tcp, &fd) == 0)
            (void)shutdown(fd, SHUT_WR);
        p->end = FAULT_MUTE;
        return;
    }
    case FAULT_CLOSES:
        close_line(l);
        return;
    default:
        return;
    }
}

static void
written(uv_write_t *request, int status)
{
    struct parcel *parcel = (struct parcel *)request;
    struct line *l = parcel->line;

    free(parcel);
    if (status < 0)
        close_line(l);
    else
        push_out(l);
}

static void
wait_over(uv_timer_t *timer)
{
    struct line *l = timer->data;
    l->waits = false;
    l->late = true;
    push_out(l);
}

static void
wait_for(struct line *l, uint64_t ms)
{
    l->waits = uv_timer_start(&l->timer, wait_over, ms, 0) == 0;
}

/* How much may go now; 0 while the fault makes it wait. */
static size_t
allowance(struct line *l)
{
    const struct options *o = l->of->server->options;
    struct peer *p = l->peer;

    if (l->waits)
        return 0;
    if (p->end == FAULT_DRIPS || l->of->stand_in.fault == FAULT_SPLIT)
        return 1;
    if (l->of->stand_in.fault == FAULT_DELAY && p->state == PEER_READY && !l->late) {
        wait_for(l, o->delay_ms);
        return l->waits ? 0 : p->out.len;
    }
    l->late = false;
    return p->out.len;
}

/* The first bytes of what there is: out when there is room; then written(). */
static void
send_later(struct line *l, size_t len)
{
    struct queue *out = &l->peer->out;
    struct parcel *parcel = malloc(sizeof(*parcel) + len);

    if (!parcel) {
        close_line(l);
        return;
    }
    parcel->line = l;
    memcpy(parcel->bytes, out->bytes + out->head, len);
    queue_drop(out, len);
    uv_buf_t buf = uv_buf_init((char *)parcel->bytes, (unsigned)len);
    if (uv_write(&parcel->request, (uv_stream_t *)&l->tcp, &buf, 1, written) != 0) {
        free(parcel);
        close_line(l);
    }
}

/* Write what there is: at once as far as it goes, the rest when there is room. */
static void
push_out(struct line *l)
{
    struct queue *out = &l->peer->out;

    while (!l->closing && out->len > 0) {
        if (uv_stream_get_write_queue_size((uv_stream_t *)&l->tcp) > 0)
            return; /* written() comes back here */
        size_t n = allowance(l);
        if (n == 0)
            return;
        uv_buf_t buf = uv_buf_init((char *)out->bytes + out->head, (unsigned)n);
        int sent = uv_try_write((uv_stream_t *)&l->tcp, &buf, 1);
        if (sent < 0 && sent != UV_EAGAIN) {
            close_line(l);
            return;
        }
        if (sent > 0) {
            queue_drop(out, (size_t)sent);
            if (l->peer->end == FAULT_DRIPS)
                wait_for(l, DRIP_MS);
            continue;
        }
        send_later(l, n);
        return;
    }
    if (!l->closing && !l->waits)
        finish(l);
}

static void
give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    struct line *l = handle->data;
    (void)suggested;
    *ret_buffer = uv_buf_init(l->of->server->input, READ_BYTES);
}

static void
got(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct line *l = stream->data;

    if (n < 0) {
        close_line(l);
        return;
    }
    if (n == 0 || l->peer->end == FAULT_CLOSES)
        return;
    if (!peer_feed(l->peer, buffer->base, (size_t)n) && l->peer->end == FAULT_STAYS)
        l->peer->end = FAULT_CLOSES; /* once what it said is out */
    push_out(l);
}

/* What tells rails apart, and what a munge credential holds. */
static void
take_addresses(struct line *l)
{
    struct sockaddr_storage a;
    int len = sizeof(a);

    if (uv_tcp_getpeername(&l->tcp, (struct sockaddr *)&a, &len) == 0 &&
        a.ss_family == AF_INET)
        l->peer->address = ((struct sockaddr_in *)&a)->sin_addr.s_addr;
    memset(&a, 0, sizeof(a));
    len = sizeof(a);
    if (uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&a, &len) == 0) {
        l->peer->own_address_len = a.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                           : sizeof(struct sockaddr_in);
        memcpy(l->peer->own_address, &a, l->peer->own_address_len);
    }
}

static void
connected(uv_stream_t *listener, int status)
{
    struct port *port = listener->data;
    struct server *s = port->of->server;
    struct line *l = status == 0 ? calloc(1, sizeof(*l)) : NULL;

    if (!l)
        return;
    l->of = port->of;
    l->peer = peer_new(&port->of->stand_in, &port->door);
    if (!l->peer) {
        free(l);
        return;
    }
    l->peer->body = l;
    (void)uv_tcp_init(&s->loop, &l->tcp);
    (void)uv_timer_init(&s->loop, &l->timer);
    l->tcp.data = l->timer.data = l;
    if (uv_accept(listener, (uv_stream_t *)&l->tcp) != 0 ||
        uv_read_start((uv_stream_t *)&l->tcp, give_buffer, got) != 0) {
        close_line(l);
        return;
    }
    (void)uv_tcp_nodelay(&l->tcp, 1);
    take_addresses(l);
}

/* Begin to listen: 0, or a negative errno and a sentence. */
static int
add_port(struct daemon *d, uint16_t number, const char *auth, const char *auth_options,
         char *why, size_t why_size)
{
    struct sockaddr_storage address;
    struct port *p = calloc(1, sizeof(*p));
    const char *bind = d->server->options->bind;

    if (!p)
        return -ENOMEM;
    int err = door_make(&p->door, auth, auth_options, why, why_size);
    if (err < 0) {
        door_free(&p->door);
        free(p);
        return err;
    }
    p->of = d;
    p->listener.data = p;
    p->next = d->ports;
    d->ports = p;
    (void)uv_tcp_init(&d->server->loop, &p->listener);
    err = uv_ip4_addr(bind, number, (struct sockaddr_in *)&address);
    if (err)
        err = uv_ip6_addr(bind, number, (struct sockaddr_in6 *)&address);
    if (!err)
        err = uv_tcp_bind(&p->listener, (struct sockaddr *)&address, 0);
    if (!err)
        err = uv_listen((uv_stream_t *)&p->listener, 1024, connected);
    if (err)
        snprintf(why, why_size, "cannot listen on %s:%u: %s", bind, number,
                 uv_strerror(err));
    return err;
}

/* The daemon's mind says `listen`. */
static int
listen_too(void *context, uint16_t port, const char *auth, const char *auth_options)
{
    struct daemon *d = context;
    const struct options *o = d->server->options;
    char why[200];
    return add_port(d, port, auth ? auth : o->auth, auth ? auth_options : o->auth_opt,
                    why, sizeof(why));
}

/* The port that was bound, which the kernel may have chosen. */
static unsigned
bound_port(const struct port *p)
{
    struct sockaddr_storage a;
    int len = sizeof(a);
    if (uv_tcp_getsockname(&p->listener, (struct sockaddr *)&a, &len) != 0)
        return 0;
    return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port
                                         : ((struct sockaddr_in *)&a)->sin_port);
}

static int
start_daemon(struct server *s, struct daemon *d, size_t number)
{
    const struct options *o = s->options;
    uint16_t port = o->listen ? (uint16_t)(o->listen + number) : 0;
    char name[80], why[200] = "out of memory";

    d->server = s;
    d->stand_in =
        (struct stand_in){.fault = o->fault ? fault_find(o->fault) : FAULT_NONE,
                          .max_record = o->record_bytes,
                          .dir_entries = o->dir_entries};
    if (add_port(d, port, o->auth, o->auth_opt, why, sizeof(why)) < 0) {
        cli_say("%s", why);
        return CLI_FAILED;
    }
    unsigned bound = bound_port(d->ports);
    if (o->name)
        snprintf(name, sizeof(name), "%s", o->name);
    else
        snprintf(name, sizeof(name), "localhost-%u", bound);
    d->stand_in.mind = dm_new(name, strcmp(o->like, "main") == 0,
                              (struct dm_body){.context = d, .listen = listen_too});
    if (!d->stand_in.mind)
        return CLI_FAILED;
    s->alive++;
    size_t line_no;
    int status = o->config ? dm_read(d->stand_in.mind, o->config, &line_no) : 0;
    if (status) {
        cli_say("cannot take %s, line %zu: %s", o->config, line_no, strerror(status));
        return CLI_FAILED;
    }
    printf(o->format == CLI_TEXT ? "listening on %s:%u\n"
                                 : "{\"host\":\"%s\",\"port\":%u}\n",
           o->bind, bound);
    return CLI_DONE;
}

static void
stop(uv_signal_t *signal, int number)
{
    (void)number;
    uv_stop(signal->loop);
}

/* Everything is left but the ports, which are closing by now. */
static void
close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (handle->type == UV_TCP && !uv_is_closing(handle))
        close_line(handle->data);
    else if (handle->type == UV_SIGNAL)
        uv_close(handle, NULL);
}

static void
free_daemons(struct server *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct daemon *d = &s->daemons[i];
        while (d->ports) {
            struct port *p = d->ports;
            d->ports = p->next;
            door_free(&p->door);
            free(p);
        }
        dm_free(d->stand_in.mind);
    }
    free(s->daemons);
}

static int
put_faults(void)
{
    for (int i = FAULT_NONE + 1; i < FAULTS; i++)
        printf("%-18s %s\n", fault_name((enum fault)i), fault_about((enum fault)i));
    return CLI_DONE;
}

static int
run(struct server *s)
{
    const struct options *o = s->options;
    int code = CLI_DONE;

    for (size_t i = 0; i < 2; i++) {
        (void)uv_signal_init(&s->loop, &s->signals[i]);
        (void)uv_signal_start(&s->signals[i], stop, i ? SIGINT : SIGTERM);
    }
    s->count = o->count;
    s->daemons = calloc(s->count, sizeof(*s->daemons));
    for (size_t i = 0; i < s->count && code == CLI_DONE; i++)
        code = s->daemons ? start_daemon(s, &s->daemons[i], i) : CLI_FAILED;
    if (!cli_flush()) /* nobody would know where it is */
        code = CLI_FAILED;
    if (code == CLI_DONE)
        (void)uv_run(&s->loop, UV_RUN_DEFAULT);
    for (size_t i = 0; s->daemons && i < s->count; i++)
        close_ports(&s->daemons[i]);
    uv_walk(&s->loop, close_handle, NULL);
    while (uv_run(&s->loop, UV_RUN_DEFAULT) != 0)
        continue;
    return code;
}

int
serve(const struct options *o)
{
    static struct server s;
    int code;

    if (o->faults)
        return put_faults();
    if (o->n_words > 1)
        return cli_misused("serve takes no '%s'", o->words[1]);
    if (o->fault && fault_find(o->fault) == FAULT_NONE)
        return cli_misused("no fault '%s'; --faults lists them", o->fault);
    if (strcmp(o->like, "main") != 0 && strcmp(o->like, "4.5.3") != 0)
        return cli_misused("--like is 4.5.3 or main, not '%s'", o->like);
    if (!o->has_listen)
        return cli_misused("serve needs --listen PORT, which may be 0");
    if (o->listen && o->listen + o->count > 65536)
        return cli_misused("there are no %lu ports from %lu on",
                           (unsigned long)o->count, (unsigned long)o->listen);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)client_allow_files();
    s.options = o;
    if (uv_loop_init(&s.loop) != 0)
        return CLI_FAILED;
    code = run(&s);
    (void)uv_loop_close(&s.loop);
    free_daemons(&s);
    return code;
}
