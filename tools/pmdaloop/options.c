/* SPDX-License-Identifier: MIT */
/* The options that the commands share: which agent, over what, how long, in which form. */
#include "options.h"

#include <string.h>

static bool
take_metric(struct options *o, const char *name)
{
    if (o->n_wanted == WANTED_MAX) {
        (void)cli_misused("more than %d metrics", WANTED_MAX);
        return false;
    }
    o->wanted[o->n_wanted++] = name;
    return true;
}

static bool
take_shared(struct options *o, int option, char **argv)
{
    uint64_t number = 0;

    switch (option) {
    case 'd':
        if (!cli_take_uint("--domain", optarg, 1, 510, &number))
            return false;
        o->domain = (uint32_t)number;
        return true;
    case 'm':
        return take_metric(o, optarg);
    case 'n':
        o->pmns = optarg;
        return true;
    case 's':
        o->socket = optarg;
        return true;
    case 't':
        return cli_take_seconds("--timeout", optarg, &o->timeout_ms);
    case OPTION_JSON:
        o->format = CLI_JSON;
        return true;
    case OPTION_FORMAT:
        return cli_take_format(optarg, &o->format);
    case ':':
        (void)cli_misused("'%s' wants a value", argv[optind - 1]);
        return false;
    default:
        if (optopt > 0 && optopt < OPTION_JSON)
            (void)cli_misused("no option '-%c'", optopt);
        else
            (void)cli_misused("no option '%s'", argv[optind - 1]);
        return false;
    }
}

/* The index of the first "--", or argc. */
static int
find_separator(int argc, char **argv)
{
    int at = 1;

    while (at < argc && strcmp(argv[at], "--") != 0)
        at++;
    return at;
}

bool
options_read(struct options *o, int argc, char **argv, const char *shorts,
             const struct option *longs, int (*take)(void *own, int option), void *own)
{
    int separator = find_separator(argc, argv);

    *o = (struct options){.timeout_ms = DEFAULT_TIMEOUT_MS};
    optind = 1;
    opterr = 0; /* getopt's own words would lack the tool's name */
    for (int c; (c = getopt_long(separator, argv, shorts, longs, NULL)) != -1;) {
        int taken = take ? take(own, c) : 0;
        if (taken < 0 || (taken == 0 && !take_shared(o, c, argv)))
            return false;
    }
    if (optind < separator) {
        (void)cli_misused("what is '%s'? The agent's program stands behind '--'",
                          argv[optind]);
        return false;
    }
    if (separator + 1 < argc)
        o->agent = argv + separator + 1;
    if (!o->agent && !o->socket) {
        (void)cli_misused("no agent: %s -- PROGRAM ARGUMENT...", argv[0]);
        return false;
    }
    return true;
}
