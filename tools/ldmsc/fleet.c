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
    struct client_request request;
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
    uint64_t deadline_ms; /* of connecting and answering, both */
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
        bool is_v6 = strchr(a->host, ':') != NULL;
        fputs(is_v6 ? "[" : "", stdout);
        cli_put_safe(stdout, a->host, strlen(a->host));
        printf("%s:%u\t%s\t", is_v6 ? "]" : "", a->port, a->err ? "failed" : "ok");
        answer_put_line(stdout, a);
        putchar('\n');
    }
    f->done++;
    f->failed += a->err != 0;
    put_progress(f);
}

/* The end of one daemon's turn. */
static void
finish(struct fleet *f, struct member *m, int err, const struct ldmsctl_reply *reply,
       const char *why)
{
    put_result(f, &(struct answer){.host = m->host->name,
                                   .port = m->host->port,
                                   .method = f->o->words[0],
                                   .err = err,
                                   .errmsg = why ? why : ldmsctl_errmsg(m->lc),
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

    m->host = &f->hosts.at[f->next];
    m->lc = client_new(f->o, ret_code);
    if (!m->lc)
        return false;
    f->next++;
    f->active++;
    int err = client_start(m->lc, m->host->name, m->host->port, &f->request);
    m->deadline_ms = client_now_ms() + f->o->timeout_ms;
    if (client_code(err) == CLI_MISUSED) {
        *ret_code = cli_misused("%s", ldmsctl_errmsg(m->lc));
        return false;
    }
    if (err)
        finish(f, m, err, &none, NULL);
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
            finish(f, m, e->err, &e->reply, NULL);
        else if (e->err)
            finish(f, m, e->err, &none, NULL);
    }
    if (m->lc && over < 0)
        finish(f, m, over, &none, NULL);
}

/* How long the handle may be left alone, no longer than until its deadline. */
static int
patience_ms(const struct member *m, uint64_t now_ms)
{
    int ms = ldmsctl_get_timeout_ms(m->lc);
    uint64_t left_ms = m->deadline_ms > now_ms ? m->deadline_ms - now_ms : 0;

    return ms < 0 || left_ms < (uint64_t)ms ? (int)(left_ms < 60000 ? left_ms : 60000)
                                            : ms;
}

/* One turn: wait for any of them, and take what came. */
static void
turn(struct fleet *f)
{
    static const struct ldmsctl_reply none;
    uint64_t now_ms = client_now_ms();
    int timeout_ms = 60000;

    for (size_t i = 0; i < f->at_a_time; i++) {
        const struct member *m = &f->members[i];
        f->polls[i] = (struct pollfd){.fd = -1};
        if (!m->lc)
            continue;
        int ms = patience_ms(m, now_ms);
        timeout_ms = ms < timeout_ms ? ms : timeout_ms;
        f->polls[i].fd = ldmsctl_get_fd(m->lc);
        f->polls[i].events = (short)ldmsctl_get_events(m->lc);
    }
    if (poll(f->polls, f->at_a_time, timeout_ms) < 0)
        for (size_t i = 0; i < f->at_a_time; i++)
            f->polls[i].revents = 0; /* deadlines are kept all the same */
    now_ms = client_now_ms();
    for (size_t i = 0; i < f->at_a_time; i++) {
        struct member *m = &f->members[i];
        bool late = m->lc && now_ms >= m->deadline_ms;
        if (m->lc &&
            (f->polls[i].revents || late || ldmsctl_get_timeout_ms(m->lc) == 0))
            take_events(f, m);
        if (m->lc && late)
            finish(f, m, -ETIMEDOUT, &none, "did not answer in time");
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
        fflush(stdout); /* whoever reads along has each line when it is there */
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
    hosts_unique(&f->hosts);
    return f->hosts.count ? CLI_DONE : cli_misused("--hosts names no host");
}

/* How many daemons may be asked at a time: as many as the command line says, and as the
 * system allows open files for. */
static size_t
room_for(const struct fleet *f)
{
    enum { OTHER_FILES = 16, FILES_OF_EACH = 4 }; /* a look-up: a pipe, and sockets */
    size_t files = client_allow_files(), room = 1;

    if (files > OTHER_FILES + FILES_OF_EACH)
        room = (files - OTHER_FILES) / FILES_OF_EACH;
    if (room > f->o->jobs)
        room = (size_t)f->o->jobs;
    return room < f->hosts.count ? room : f->hosts.count;
}

int
fleet(const struct options *o)
{
    struct fleet f = {.o = o, .shows_progress = cli_is_terminal(stderr)};
    int code = take_hosts(&f);

    if (code == CLI_DONE)
        code = client_request_make(&f.request, o->words, o->n_words);
    if (code == CLI_DONE && f.request.method && f.request.method->request_id == 0 &&
        f.request.method->reply != LDMSCTL_REPLY_SETS)
        code = cli_misused("%s is no request to a daemon", o->words[0]);
    f.at_a_time = room_for(&f);
    f.members = calloc(f.at_a_time + 1, sizeof(*f.members));
    f.polls = calloc(f.at_a_time + 1, sizeof(*f.polls));
    if (code == CLI_DONE)
        code = f.members && f.polls ? ask_all(&f) : CLI_FAILED;
    for (size_t i = 0; f.members && i < f.at_a_time; i++)
        ldmsctl_free(f.members[i].lc);
    free(f.members);
    free(f.polls);
    client_request_free(&f.request);
    hosts_free(&f.hosts);
    return code;
}
