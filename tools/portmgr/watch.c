/* SPDX-License-Identifier: MIT */
/* portmgr watch: allocations and releases as they happen, also past a restart of the
 * manager. */
#include "commands.h"
#include "moment.h"
#include "options.h"
#include "rows.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

struct watch {
    const struct options *o;
    uint64_t interval_ms;
    int signals;
    struct portmgr *pm;        /* NULL: to be connected again */
    struct portmgr_list *list; /* as last seen */
    bool down;                 /* and said so */
};

static int
compare(const void *a, const void *b)
{
    const struct portmgr_row *x = a, *y = b;
    size_t service = x->service_len < y->service_len ? x->service_len : y->service_len;
    size_t user = x->user_len < y->user_len ? x->user_len : y->user_len;
    int d = (x->port > y->port) - (x->port < y->port);
    d = d ? d : memcmp(x->service, y->service, service);
    d = d ? d : (x->service_len > y->service_len) - (x->service_len < y->service_len);
    d = d ? d : memcmp(x->user, y->user, user);
    return d ? d : (x->user_len > y->user_len) - (x->user_len < y->user_len);
}

/* A copy in the order of compare(); the caller frees. */
static struct portmgr_row *
sorted(const struct portmgr_list *list)
{
    size_t count = list ? list->count : 0;
    struct portmgr_row *rows = malloc((count + 1) * sizeof(*rows));
    if (!rows)
        abort();
    if (count) {
        memcpy(rows, list->rows, count * sizeof(*rows));
        qsort(rows, count, sizeof(*rows), compare);
    }
    return rows;
}

static void
put_change(const struct watch *w, bool added, const struct portmgr_row *row)
{
    if (w->o->format == CLI_TEXT) {
        fputs(added ? "+ " : "- ", stdout);
        rows_put_line(row);
    } else {
        rows_put_object(row,
                        added ? "\"change\":\"added\"," : "\"change\":\"removed\",");
        fputc('\n', stdout);
    }
}

/* What is gone comes first: a port can have a new owner. */
static void
put_changes(const struct watch *w, const struct portmgr_list *now)
{
    struct portmgr_row *before = sorted(w->list), *after = sorted(now);
    size_t was = w->list ? w->list->count : 0, is = now->count;

    for (int adding = 0; adding <= 1; adding++)
        for (size_t i = 0, k = 0; i < was || k < is;) {
            int d = i == was ? 1 : k == is ? -1 : compare(&before[i], &after[k]);
            if (d < 0 && !adding)
                put_change(w, false, &before[i]);
            if (d > 0 && adding)
                put_change(w, true, &after[k]);
            i += d <= 0;
            k += d >= 0;
        }
    free(before);
    free(after);
    (void)cli_flush();
}

enum { ENDED = 1 };

/* Sleeps until the handle, which may be NULL, wants attention or the time is up. ENDED
 * where a signal came, or whoever reads our output went; else 0. */
static int
doze(const struct watch *w, const struct portmgr *pm, int timeout_ms)
{
    struct pollfd fds[] = {{.fd = w->signals, .events = POLLIN},
                           {.fd = fileno(stdout), .events = 0},
                           {.fd = -1}};

    if (pm) {
        fds[2].fd = portmgr_get_fd(pm);
        fds[2].events = (short)portmgr_get_events(pm);
    }
    return poll(fds, 3, timeout_ms) > 0 && (fds[0].revents || fds[1].revents) ? ENDED
                                                                              : 0;
}

/* The answer to LIST. 0, what went wrong, or ENDED: a manager that does not answer
 * keeps nobody from ending this. */
static int
fetch(struct watch *w, struct portmgr_list **ret_list)
{
    const struct portmgr_event *event;
    int err = 0;

    if (!w->pm)
        err = options_connect(w->o, w->o->host_count ? w->o->hosts[0] : NULL,
                              w->o->timeout_ms, &w->pm);
    err = err ? err : portmgr_list_start(w->pm);
    if (err)
        return err;
    while (!(event = portmgr_next(w->pm))) {
        if (doze(w, w->pm, portmgr_get_timeout_ms(w->pm)) == ENDED)
            return ENDED;
        portmgr_process(w->pm);
    }
    *ret_list = event->err ? NULL : portmgr_take_list(w->pm);
    return event->err;
}

/* One list, and what has changed. After a failure the handle is gone. */
static int
look(struct watch *w)
{
    struct portmgr_list *now = NULL;
    int err = fetch(w, &now);

    if (err < 0) {
        if (!w->down)
            (void)options_failed(w->pm, err);
        portmgr_free(w->pm);
        w->pm = NULL;
    }
    if (err)
        return err;
    if (w->down)
        cli_say("the port manager is back");
    w->down = false;
    put_changes(w, now);
    portmgr_list_free(w->list);
    w->list = now;
    return 0;
}

/* Until the next look. ENDED, or 0. */
static int
pause_between(const struct watch *w)
{
    uint64_t end_ms = moment_ms() + w->interval_ms;
    int got = 0;

    for (uint64_t now_ms; got == 0 && (now_ms = moment_ms()) < end_ms;) {
        uint64_t left_ms = end_ms - now_ms;
        got = doze(w, NULL, left_ms < 60000 ? (int)left_ms : 60000);
    }
    return got;
}

static int
watch(struct watch *w)
{
    int got = look(w);
    if (got < 0) /* once it was there, it is waited for; before, it may be a mistake */
        return options_exit_code(got);
    while (got != ENDED && cli_flush()) {
        w->down = got < 0;
        got = pause_between(w);
        if (got != ENDED)
            got = look(w);
    }
    return CLI_DONE;
}

int
watch_command(int argc, char **argv)
{
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP, 0};
    static const struct option longs[] = {
        {"interval", required_argument, NULL, 'i'}, OPTIONS_LONG, {NULL, 0, NULL, 0}};
    struct options o;
    struct watch w = {.o = &o, .interval_ms = 1000};

    options_begin(&o);
    for (int c; (c = getopt_long(argc, argv, ":i:" OPTIONS_SHORT, longs, NULL)) != -1;)
        if (c == 'i') {
            if (!cli_take_seconds("--interval", optarg, &w.interval_ms))
                return CLI_MISUSED;
        } else if (!options_take(&o, c, argv)) {
            return CLI_MISUSED;
        }
    if (optind < argc)
        return cli_misused("watch takes no '%s'", argv[optind]);
    if (!options_one_host(&o, "watch"))
        return CLI_MISUSED;
    w.signals = signals_open(ends);
    if (w.signals < 0) {
        cli_say("cannot catch signals: %s", strerror(-w.signals));
        return CLI_FAILED;
    }
    int code = watch(&w);
    portmgr_free(w.pm);
    portmgr_list_free(w.list);
    return code;
}
