/* SPDX-License-Identifier: MIT */
/* The same request to many daemons at once. */
#include "answer.h"
#include "client.h"
#include "commands.h"
#include "hosts.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_HOSTS = 1 << 20 };

struct fleet {
    const struct options *o;
    struct hosts hosts;
    const struct ldmsctl_method *method; /* NULL: the request is a line */
    struct ldmsctl_arg *args;
    char *line;
    struct member *members; /* as many as there are at a time */
    struct pollfd *polls;
    size_t at_a_time, active;
    size_t next, done, failed; /* hosts */
    bool shows_progress;
};

/* A daemon that is being asked. */
struct member {
    struct ldmsctl *lc; /* NULL: none */
    const struct host *host;
};

static void
put_progress(const struct fleet *f)
{
    if (f->shows_progress)
        fprintf(stderr, "\r%zu of %zu asked, %zu failed\033[K", f->done, f->hosts.count,
                f->failed);
}

/* Before something else goes to the terminal. */
static void
clear_progress(const struct fleet *f)
{
    if (f->shows_progress)
        fputs("\r\033[K", stderr);
}

static void
put_result(struct fleet *f, const struct answer *a)
{
    clear_progress(f);
    if (f->o->format == CLI_JSON) {
        fputs(f->done ? ",\n" : "[", stdout);
        answer_put_json(stdout, a);
    } else if (f->o->format == CLI_JSONL) {
        answer_put_json(stdout, a);
        putchar('\n');
    } else {
        printf(strchr(a->host, ':') ? "[%s]:%u\t%s\t" : "%s:%u\t%s\t", a->host, a->port,
               a->err ? "failed" : "ok");
        answer_put_line(stdout, a);
        putchar('\n');
    }
    f->done++;
    f->failed += a->err != 0;
    put_progress(f);
}

/* The end of one daemon's turn. */
static void
finish(struct fleet *f, struct member *m, int err, const struct ldmsctl_reply *reply)
{
    put_result(f, &(struct answer){.host = m->host->name,
                                   .port = m->host->port,
                                   .method = f->o->words[0],
                                   .err = err,
                                   .errmsg = ldmsctl_errmsg(m->lc),
                                   .reply = reply});
    ldmsctl_free(m->lc);
    m->lc = NULL;
    f->active--;
}

/* Begin with the next host; false when the options are of no use. */
static bool
start(struct fleet *f, struct member *m, int *ret_code)
{
    static const struct ldmsctl_reply none;
    uint32_t request;

    m->host = &f->hosts.at[f->next];
    m->lc = client_new(f->o, ret_code);
    if (!m->lc)
        return false;
    f->next++;
    f->active++;
    int err = ldmsctl_connect_start(m->lc, m->host->name, m->host->port);
    if (err == 0 && f->method)
        err = ldmsctl_call_start(m->lc, f->method->name, f->args,
                                 (size_t)f->o->n_words - 1, &request);
    else if (err == 0)
        err = ldmsctl_command_start(m->lc, f->line, &request);
    if (client_code(err) == CLI_MISUSED) {
        *ret_code = cli_misused("%s", ldmsctl_errmsg(m->lc));
        return false;
    }
    if (err)
        finish(f, m, err, &none);
    return true;
}

/* What came for one daemon. */
static void
take_events(struct fleet *f, struct member *m)
{
    static const struct ldmsctl_reply none;
    const struct ldmsctl_event *e;
    int over = ldmsctl_process(m->lc);

    while (m->lc && (e = ldmsctl_next(m->lc))) {
        if (e->type == LDMSCTL_EVENT_REPLY)
            finish(f, m, e->err, &e->reply);
        else if (e->err)
            finish(f, m, e->err, &none);
    }
    if (m->lc && over < 0)
        finish(f, m, over, &none);
}

/* One turn: wait for any of them, and take what came. */
static void
turn(struct fleet *f)
{
    int timeout_ms = -1;

    for (size_t i = 0; i < f->at_a_time; i++) {
        const struct ldmsctl *lc = f->members[i].lc;
        f->polls[i] = (struct pollfd){.fd = -1};
        if (!lc)
            continue;
        int ms = ldmsctl_get_timeout_ms(lc);
        if (ms >= 0 && (timeout_ms < 0 || ms < timeout_ms))
            timeout_ms = ms;
        f->polls[i].fd = ldmsctl_get_fd(lc);
        f->polls[i].events = (short)ldmsctl_get_events(lc);
    }
    if (poll(f->polls, f->at_a_time, timeout_ms) < 0 && errno != EINTR)
        return;
    for (size_t i = 0; i < f->at_a_time; i++) {
        struct member *m = &f->members[i];
        if (m->lc && (f->polls[i].revents || ldmsctl_get_timeout_ms(m->lc) == 0))
            take_events(f, m);
    }
}

static int
ask_all(struct fleet *f)
{
    int code = CLI_DONE;

    while (code == CLI_DONE && (f->next < f->hosts.count || f->active > 0)) {
        for (size_t i = 0; i < f->at_a_time && f->next < f->hosts.count; i++)
            if (!f->members[i].lc && !start(f, &f->members[i], &code))
                return code;
        if (f->active > 0)
            turn(f);
    }
    clear_progress(f);
    if (f->o->format == CLI_JSON)
        fputs(f->done ? "]\n" : "[]\n", stdout);
    if (f->failed > 0)
        cli_say("%zu of %zu daemons failed", f->failed, f->hosts.count);
    return f->failed > 0 ? CLI_FAILED : CLI_DONE;
}

/* The hosts: a file of that name, standard input, or a list. */
static int
take_hosts(struct fleet *f)
{
    const char *from = f->o->hosts;
    struct stat info;
    char why[200];
    bool is_stdin = strcmp(from, "-") == 0;
    bool is_file = is_stdin || strchr(from, '/') ||
                   (stat(from, &info) == 0 && S_ISREG(info.st_mode));
    FILE *file = is_stdin ? stdin : is_file ? fopen(from, "re") : NULL;
    int err;

    if (is_file && !file) {
        cli_say("cannot open %s: %s", from, strerror(errno));
        return CLI_FAILED;
    }
    f->hosts.limit = MOST_HOSTS;
    err = is_file ? hosts_read(&f->hosts, file, (uint16_t)f->o->port, why, sizeof(why))
                  : hosts_add(&f->hosts, from, (uint16_t)f->o->port, why, sizeof(why));
    if (file && !is_stdin)
        fclose(file);
    if (err < 0)
        return cli_misused("--hosts: %s", why);
    return f->hosts.count ? CLI_DONE : cli_misused("--hosts names no host");
}

int
fleet(const struct options *o)
{
    struct fleet f = {.o = o, .shows_progress = cli_is_terminal(stderr)};
    int code = take_hosts(&f);

    client_allow_files();
    f.method = ldmsctl_method_find(o->words[0]);
    if (code == CLI_DONE && f.method && f.method->request_id == 0 &&
        f.method->reply != LDMSCTL_REPLY_SETS)
        code = cli_misused("%s is no request to a daemon", o->words[0]);
    if (code == CLI_DONE && f.method) {
        f.args = client_args(o->words + 1, o->n_words - 1);
        code = f.args ? CLI_DONE : CLI_MISUSED;
    } else if (code == CLI_DONE) {
        f.line = client_line(o->words, o->n_words);
        code = f.line ? CLI_DONE : CLI_FAILED;
    }
    f.at_a_time = o->jobs < f.hosts.count ? (size_t)o->jobs : f.hosts.count;
    f.members = calloc(f.at_a_time + 1, sizeof(*f.members));
    f.polls = calloc(f.at_a_time + 1, sizeof(*f.polls));
    if (code == CLI_DONE)
        code = f.members && f.polls ? ask_all(&f) : CLI_FAILED;
    for (size_t i = 0; f.members && i < f.at_a_time; i++)
        ldmsctl_free(f.members[i].lc);
    free(f.members);
    free(f.polls);
    free(f.args);
    free(f.line);
    hosts_free(&f.hosts);
    return code;
}
