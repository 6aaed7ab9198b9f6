/* SPDX-License-Identifier: MIT */
/* portmgr list, portmgr find: all allocations, or those that match, of one computer or
 * of many at once. */
#include "commands.h"
#include "moment.h"
#include "options.h"
#include "rows.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>

enum { RETRY_MS = 10 };

struct question {
    const char *host;
    struct portmgr *pm; /* NULL once it is answered */
    struct portmgr_list *list;
    int code;
};

/* Which host it was that failed stands in the library's sentence. */
static void
settle(struct question *q, int err)
{
    q->code = err ? options_failed(q->pm, err) : CLI_DONE;
    portmgr_free(q->pm);
    q->pm = NULL;
}

/* What has come in for one of them. */
static void
look(struct question *q)
{
    int err = portmgr_process(q->pm);
    const struct portmgr_event *event = portmgr_next(q->pm);
    if (event) {
        err = event->err;
        if (!err)
            q->list = portmgr_take_list(q->pm);
        settle(q, err);
    } else if (err < 0) {
        settle(q, err);
    }
}

/* Asks all of them at once: a host that is down costs no more than the timeout. */
static void
ask(struct question *questions, size_t count)
{
    struct pollfd fds[HOSTS_MAX];
    size_t open;

    do {
        int soonest = -1;
        open = 0;
        for (size_t i = 0; i < count; i++) {
            fds[i] = (struct pollfd){.fd = -1};
            if (!questions[i].pm)
                continue;
            open++;
            fds[i].fd = portmgr_get_fd(questions[i].pm);
            fds[i].events = (short)portmgr_get_events(questions[i].pm);
            int ms = portmgr_get_timeout_ms(questions[i].pm);
            soonest = soonest < 0 || (ms >= 0 && ms < soonest) ? ms : soonest;
        }
        /* EINVAL: more hosts than files may be open. Each has a deadline all the same. */
        if (open && poll(fds, count, soonest) < 0 && errno != EINTR)
            moment_sleep(RETRY_MS);
        for (size_t i = 0; i < count; i++)
            if (questions[i].pm)
                look(&questions[i]);
    } while (open);
}

/* The rows of all hosts that answered; the worst exit code of all. */
static int
ask_all(const struct options *o, const struct portmgr_criteria *criteria,
        struct question *questions)
{
    size_t count = o->host_count ? o->host_count : 1;
    int code = CLI_DONE;

    for (size_t i = 0; i < count; i++) {
        struct question *q = &questions[i];
        *q = (struct question){.host = o->host_count ? o->hosts[i] : NULL};
        int err = options_connect(o, q->host, o->timeout_ms, &q->pm);
        err = err ? err : portmgr_find_start(q->pm, criteria);
        if (err)
            settle(q, err);
    }
    ask(questions, count);
    for (size_t i = 0; i < count; i++)
        code = questions[i].code > code ? questions[i].code : code;
    return code;
}

enum want { WANT_ALL, WANT_FIRST = 1, WANT_ONE = 2 };

static int
put(const struct options *o, const struct question *questions, int want)
{
    size_t count = o->host_count ? o->host_count : 1, rows = 0;
    struct answer answers[HOSTS_MAX], first = {0};
    struct portmgr_list first_row = {.count = 1};

    for (size_t i = 0; i < count; i++) {
        answers[i] = (struct answer){.host = count > 1 ? questions[i].host : NULL,
                                     .list = questions[i].list};
        if (!answers[i].list || answers[i].list->count == 0)
            continue;
        if (rows == 0) {
            first_row.rows = answers[i].list->rows;
            first = (struct answer){.host = answers[i].host, .list = &first_row};
        }
        rows += answers[i].list->count;
    }
    if (want && rows == 0) {
        cli_say("no such service");
        return CLI_FAILED;
    }
    if (want & WANT_ONE && rows > 1) {
        cli_say("%zu services match, where one is wanted", rows);
        return CLI_FAILED;
    }
    if (want & WANT_FIRST && o->format == CLI_TEXT)
        printf("%" PRIu16 "\n", first_row.rows[0].port);
    else if (want & WANT_FIRST)
        rows_put(&first, 1, o->format);
    else
        rows_put(answers, count, o->format);
    return CLI_DONE;
}

static int
ask_and_put(const struct options *o, const struct portmgr_criteria *criteria, int want)
{
    struct question questions[HOSTS_MAX];
    size_t count = o->host_count ? o->host_count : 1, answered = 0;
    int code = ask_all(o, criteria, questions);

    for (size_t i = 0; i < count; i++)
        answered += questions[i].list != NULL;
    if (answered) { /* what is known is shown, whoever else did not answer */
        int put_code = put(o, questions, want);
        code = put_code > code ? put_code : code;
    }
    for (size_t i = 0; i < count; i++)
        portmgr_list_free(questions[i].list);
    return code;
}

int
list_command(int argc, char **argv)
{
    static const struct option longs[] = {OPTIONS_LONG, {NULL, 0, NULL, 0}};
    struct options o;

    options_begin(&o);
    for (int c; (c = getopt_long(argc, argv, ":" OPTIONS_SHORT, longs, NULL)) != -1;)
        if (!options_take(&o, c, argv))
            return CLI_MISUSED;
    if (optind < argc)
        return cli_misused("list takes no '%s'", argv[optind]);
    return ask_and_put(&o, NULL, WANT_ALL);
}

int
find_command(int argc, char **argv)
{
    enum { SERVICE = OPTION_OWN, BEGINS_WITH, INSTANCES_OF, ONE, FIRST };
    static const struct option longs[] = {
        {"service", required_argument, NULL, SERVICE},
        {"begins-with", required_argument, NULL, BEGINS_WITH},
        {"instances-of", required_argument, NULL, INSTANCES_OF},
        {"one", no_argument, NULL, ONE},
        {"first", no_argument, NULL, FIRST},
        OPTIONS_LONG,
        {NULL, 0, NULL, 0}};
    struct portmgr_criteria criteria = {.size = sizeof(criteria)};
    int want = WANT_ALL;
    struct options o;

    options_begin(&o);
    for (int c; (c = getopt_long(argc, argv, ":" OPTIONS_SHORT, longs, NULL)) != -1;)
        switch (c) {
        case SERVICE:
            criteria.service = optarg;
            break;
        case BEGINS_WITH:
            criteria.begins_with = optarg;
            break;
        case INSTANCES_OF:
            criteria.instances_of = optarg;
            break;
        case 'u': /* here it is who runs the service, not who asks */
            criteria.user = optarg;
            break;
        case ONE:
            want |= WANT_ONE;
            break;
        case FIRST:
            want |= WANT_FIRST;
            break;
        default:
            if (!options_take(&o, c, argv))
                return CLI_MISUSED;
        }
    if (optind < argc)
        return cli_misused("find takes no '%s'; --service NAME?", argv[optind]);
    return ask_and_put(&o, &criteria, want);
}
