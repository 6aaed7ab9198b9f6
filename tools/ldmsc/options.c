/* SPDX-License-Identifier: MIT */
/* The command line of ldmsc. */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PORT = 411, DEFAULT_JOBS = 256, DEFAULT_TIMEOUT_MS = 5000 };

const char options_help[] =
    "  -h, --host=HOST         the daemon's host (default localhost; $LDMSC_HOST)\n"
    "  -p, --port=PORT         its port (default 411; $LDMSC_PORT)\n"
    "  -x, --xprt=NAME         its transport (default sock, the only one there is)\n"
    "  -a, --auth=NAME         none, naive, ovis or munge (default none)\n"
    "  -A, --auth-arg=N=VALUE  an argument of it; may be given several times\n"
    "  -t, --timeout=SECONDS   for connecting and the answer (default 5)\n"
    "  --hosts=FILE|LIST       ask many daemons: node[001-512]:411,other\n"
    "  -j, --jobs=N            as many of them at a time (default 256)\n"
    "  --release=4.5|main      whose requests to send (default 4.5)\n"
    "  -k, --keep-going        go on after a line of a script has failed\n"
    "  --json, --format=FORMAT text, json or jsonl\n";

enum {
    OPT_JSON = 1000,
    OPT_FORMAT,
    OPT_HOSTS,
    OPT_RELEASE,
    OPT_HELP,
    OPT_VERSION,
    OPT_LISTEN,
    OPT_COUNT,
    OPT_BIND,
    OPT_NAME,
    OPT_LIKE,
    OPT_FAULT,
    OPT_FAULTS,
    OPT_DELAY,
    OPT_RECORD_BYTES,
    OPT_DIR_ENTRIES,
    OPT_CONFIG,
    OPT_NAMES,
};

static const struct option longs[] = {
    {"host", required_argument, NULL, 'h'},
    {"port", required_argument, NULL, 'p'},
    {"xprt", required_argument, NULL, 'x'},
    {"auth", required_argument, NULL, 'a'},
    {"auth-arg", required_argument, NULL, 'A'},
    {"timeout", required_argument, NULL, 't'},
    {"jobs", required_argument, NULL, 'j'},
    {"keep-going", no_argument, NULL, 'k'},
    {"hosts", required_argument, NULL, OPT_HOSTS},
    {"release", required_argument, NULL, OPT_RELEASE},
    {"json", no_argument, NULL, OPT_JSON},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"count", required_argument, NULL, OPT_COUNT},
    {"bind", required_argument, NULL, OPT_BIND},
    {"name", required_argument, NULL, OPT_NAME},
    {"like", required_argument, NULL, OPT_LIKE},
    {"fault", required_argument, NULL, OPT_FAULT},
    {"faults", no_argument, NULL, OPT_FAULTS},
    {"delay", required_argument, NULL, OPT_DELAY},
    {"record-bytes", required_argument, NULL, OPT_RECORD_BYTES},
    {"dir-entries", required_argument, NULL, OPT_DIR_ENTRIES},
    {"config", required_argument, NULL, OPT_CONFIG},
    {"names", no_argument, NULL, OPT_NAMES},
    {0},
};

static bool
add_auth_arg(struct options *o, const char *arg)
{
    size_t had = o->auth_opt ? strlen(o->auth_opt) : 0, more = strlen(arg);
    char *all = realloc(o->auth_opt, had + more + 2);
    if (!all)
        abort();
    if (had)
        all[had++] = ' ';
    memcpy(all + had, arg, more + 1);
    o->auth_opt = all;
    return true;
}

static bool
take_release(struct options *o, const char *text)
{
    if (strcmp(text, "main") == 0)
        o->release = LDMSCTL_RELEASE_MAIN;
    else if (strcmp(text, "4.5") == 0)
        o->release = LDMSCTL_RELEASE_4_5;
    else
        return cli_misused("--release is 4.5 or main, not '%s'", text) == CLI_DONE;
    return true;
}

/* One option; false after a sentence. */
static bool
take(struct options *o, int option, const char *value)
{
    switch (option) {
    case 'h':
        o->host = value;
        return true;
    case 'p':
        return cli_take_uint("--port", value, 1, UINT16_MAX, &o->port);
    case 'x':
        o->xprt = value;
        return true;
    case 'a':
        o->auth = value;
        return true;
    case 'A':
        return add_auth_arg(o, value);
    case 't':
        return cli_take_seconds("--timeout", value, &o->timeout_ms);
    case 'j':
        return cli_take_uint("--jobs", value, 1, 65536, &o->jobs);
    case 'k':
        o->keep_going = true;
        return true;
    case OPT_HOSTS:
        o->hosts = value;
        return true;
    case OPT_RELEASE:
        return take_release(o, value);
    case OPT_JSON:
        o->format = CLI_JSON;
        return true;
    case OPT_FORMAT:
        return cli_take_format(value, &o->format);
    case OPT_HELP:
        o->help = true;
        return true;
    case OPT_VERSION:
        o->version = true;
        return true;
    case OPT_LISTEN:
        o->has_listen = true;
        return cli_take_uint("--listen", value, 0, UINT16_MAX, &o->listen);
    case OPT_COUNT:
        return cli_take_uint("--count", value, 1, 20000, &o->count);
    case OPT_BIND:
        o->bind = value;
        return true;
    case OPT_NAME:
        o->name = value;
        return true;
    case OPT_LIKE:
        o->like = value;
        return true;
    case OPT_FAULT:
        o->fault = value;
        return true;
    case OPT_FAULTS:
        o->faults = true;
        return true;
    case OPT_DELAY:
        return cli_take_seconds("--delay", value, &o->delay_ms);
    case OPT_RECORD_BYTES:
        return cli_take_uint("--record-bytes", value, 32, 1048516, &o->record_bytes);
    case OPT_DIR_ENTRIES:
        return cli_take_uint("--dir-entries", value, 1, 1000000, &o->dir_entries);
    case OPT_CONFIG:
        o->config = value;
        return true;
    case OPT_NAMES:
        o->names = true;
        return true;
    default:
        return false;
    }
}

/* $LDMSC_HOST and $LDMSC_PORT. */
static bool
take_environment(struct options *o)
{
    const char *host = getenv("LDMSC_HOST"), *port = getenv("LDMSC_PORT");
    if (host && host[0])
        o->host = host;
    return !port || !port[0] ||
           cli_take_uint("LDMSC_PORT", port, 1, UINT16_MAX, &o->port);
}

int
options_take(struct options *ret_options, int argc, char **argv)
{
    struct options o = {.xprt = "sock",
                        .host = "localhost",
                        .port = DEFAULT_PORT,
                        .timeout_ms = DEFAULT_TIMEOUT_MS,
                        .jobs = DEFAULT_JOBS,
                        .bind = "127.0.0.1",
                        .count = 1,
                        .delay_ms = 1000,
                        .record_bytes = 1048516,
                        .dir_entries = 100000};
    int option;
    bool good = take_environment(&o);

    opterr = 0; /* our words, not getopt's */
    while (good &&
           (option = getopt_long(argc, argv, ":h:p:x:a:A:t:j:k", longs, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (option == '?' && optopt > 0 && optopt < 256 && word[1] != '-')
            good = cli_misused("no option '-%c'", optopt) == CLI_DONE;
        else if (option == '?')
            good = cli_misused("no option '%s'", word) == CLI_DONE;
        else if (option == ':')
            good = cli_misused("'%s' wants a value", word) == CLI_DONE;
        else
            good = take(&o, option, optarg);
    }
    if (good && o.auth_opt && !o.auth)
        good = cli_misused("--auth-arg goes with --auth") == CLI_DONE;
    if (!o.auth)
        o.auth = "none";
    if (!o.like)
        o.like = o.release == LDMSCTL_RELEASE_MAIN ? "main" : "4.5.3";
    o.words = argv + optind;
    o.n_words = argc - optind;
    *ret_options = o;
    return good ? CLI_DONE : CLI_MISUSED;
}

void
options_free(struct options *o)
{
    free(o->auth_opt);
    o->auth_opt = NULL;
}
