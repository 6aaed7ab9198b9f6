/* SPDX-License-Identifier: MIT */
/* portmgr wait: until the manager is there, or a service. */
#include "commands.h"
#include "moment.h"
#include "options.h"
#include "rows.h"

#include <errno.h>
#include <inttypes.h>

enum { PAUSE_MS = 100 };

struct wanted {
    const struct portmgr_criteria *criteria;
    bool service; /* not the manager alone */
};

/* The first one: its port, or all there is to know of it. */
static void
put(const struct options *o, const struct portmgr_list *list)
{
    struct portmgr_list first = {.count = 1, .rows = list->rows};
    struct answer answer = {.list = &first};

    if (o->format == CLI_TEXT)
        printf("%" PRIu16 "\n", list->rows[0].port);
    else
        rows_put(&answer, 1, o->format);
}

/* One try. CLI_DONE: it is there. CLI_LOST: it may come. */
static int
look(const struct options *o, const struct wanted *wanted, uint64_t left_ms,
     struct portmgr **ret_pm, int *ret_err)
{
    struct portmgr_list *list = NULL;
    const char *host = o->host_count ? o->hosts[0] : NULL;
    int code = CLI_LOST;

    portmgr_free(*ret_pm);
    int err = options_connect(o, host, left_ms, ret_pm);
    err = err ? err : portmgr_find(*ret_pm, wanted->criteria, &list);
    if (err == 0 && (!wanted->service || list->count)) {
        if (wanted->service)
            put(o, list);
        code = CLI_DONE;
    }
    *ret_err = err;
    portmgr_list_free(list);
    return code;
}

/* What else speaks on that port will not turn into a port manager. */
static bool
is_hopeless(int err)
{
    return err == -PORTMGR_EPROTO || err == -PORTMGR_ETOOLONG || err == -EINVAL;
}

static int
wait_for(const struct options *o, const struct wanted *wanted)
{
    uint64_t end_ms = moment_ms() + o->timeout_ms, left_ms = o->timeout_ms;
    struct portmgr *pm = NULL;
    bool answered = false;
    int err = 0, code;

    for (;;) {
        code = look(o, wanted, left_ms, &pm, &err);
        answered = answered || err == 0;
        uint64_t now_ms = moment_ms();
        /* A look that has no time would fail for no other reason than that. */
        if (code != CLI_LOST || is_hopeless(err) || now_ms + PAUSE_MS >= end_ms)
            break;
        moment_sleep(PAUSE_MS);
        left_ms = end_ms - now_ms - PAUSE_MS;
    }
    /* The last look had little time: what came of it is not all there is to say. */
    if (code == CLI_LOST && answered)
        cli_say("no such service after %g s", (double)o->timeout_ms / 1000);
    if (code == CLI_LOST && err)
        (void)options_failed(pm, err);
    portmgr_free(pm);
    return code;
}

int
wait_command(int argc, char **argv)
{
    enum { SERVICE = OPTION_OWN };
    static const struct option longs[] = {{"service", required_argument, NULL, SERVICE},
                                          OPTIONS_LONG,
                                          {NULL, 0, NULL, 0}};
    struct portmgr_criteria criteria = {.size = sizeof(criteria)};
    struct wanted wanted = {.criteria = &criteria};
    struct options o;

    options_begin(&o);
    for (int c; (c = getopt_long(argc, argv, ":" OPTIONS_SHORT, longs, NULL)) != -1;)
        switch (c) {
        case SERVICE:
            criteria.service = optarg;
            wanted.service = true;
            break;
        case 'u':
            criteria.user = optarg;
            wanted.service = true;
            break;
        default:
            if (!options_take(&o, c, argv))
                return CLI_MISUSED;
        }
    if (optind < argc)
        return cli_misused("wait takes no '%s'; --service NAME?", argv[optind]);
    if (!options_one_host(&o, "wait"))
        return CLI_MISUSED;
    return wait_for(&o, &wanted);
}
