/* SPDX-License-Identifier: MIT */
/* Command lines of agents: the options that they all share, and their own. */
#include "pcp/agent.h"
#include "pcp/optwords.h"

#include <getopt.h>

/* -p, -i, -6 and -u each say how pmcd connects, so that there may be one of them. */
static char
letter_of(pmdaIoType io)
{
    return io == pmdaPipe   ? 'p'
           : io == pmdaInet ? 'i'
           : io == pmdaIPv6 ? '6'
           : io == pmdaUnix ? 'u'
                            : '?';
}

static bool
choose_io(pmdaExt *ext, pmdaIoType io, int *errors)
{
    if (ext->e_io != pmdaUnknown && ext->e_io != io) {
        pmprintf("%s: -%c option clashes with -%c option\n", ext->e_name, letter_of(io),
                 letter_of(ext->e_io));
        ++*errors;
        return false;
    }
    ext->e_io = io;
    return true;
}

static void
choose_port(pmdaExt *ext, pmdaIoType io, char *arg, int *errors)
{
    char *end;

    if (!choose_io(ext, io, errors))
        return;
    long port = strtol(arg, &end, 10);
    ext->e_port = port >= 0 && port <= 65535 ? (int)port : -1;
    if (*end != '\0' || ext->e_port < 0)
        ext->e_sockname = arg;
}

/* Take a standard option. False: it is not one. */
static bool
take(int c, char *arg, pmdaInterface *dispatch, int *errors)
{
    pmdaExt *ext = dispatch->version.any.ext;
    struct pl_agent *agent = pl_agent_of(ext);
    char *end;

    switch (c) {
    case 'd':
        dispatch->domain = (int)strtol(arg, &end, 10);
        if (*end != '\0' || end == arg) {
            pmprintf("%s: -d requires numeric domain number\n", ext->e_name);
            ++*errors;
        }
        ext->e_domain = dispatch->domain;
        return true;
    case 'D':
        if (pmSetDebug(arg) < 0) {
            pmprintf("%s: unrecognized debug options specification (%s)\n", ext->e_name,
                     arg);
            ++*errors;
        }
        return true;
    case 'h':
        free(agent->helptext_option);
        agent->helptext_option = strdup(arg);
        ext->e_helptext = agent->helptext_option;
        return true;
    case 'i':
        choose_port(ext, pmdaInet, arg, errors);
        return true;
    case '6':
        choose_port(ext, pmdaIPv6, arg, errors);
        return true;
    case 'l':
        free(agent->logfile);
        agent->logfile = strdup(arg);
        ext->e_logfile = agent->logfile;
        return true;
    case 'p':
        (void)choose_io(ext, pmdaPipe, errors);
        return true;
    case 'u':
        if (choose_io(ext, pmdaUnix, errors))
            ext->e_sockname = arg;
        return true;
    default:
        return false;
    }
}

static bool
is_ready(const pmdaInterface *dispatch, const char *caller)
{
    if (dispatch->status != 0)
        return false;
    if (pl_has_ext((int)dispatch->comm.pmda_interface))
        return true;
    pmNotifyErr(LOG_CRIT, "%s: PMDA interface version %u not supported (domain=%d)",
                caller, dispatch->comm.pmda_interface, dispatch->domain);
    return false;
}

int
pmdaGetOpt(int argc, char *const *argv, const char *optstring, pmdaInterface *dispatch,
           int *err)
{
    int c;

    if (!is_ready(dispatch, "pmdaGetOpt")) {
        ++*err;
        return EOF;
    }
    pmdaOptions *opts = &pl_agent_of(dispatch->version.any.ext)->options;
    opts->flags = PM_OPTFLAG_POSIX; /* the first word that is no option ends them */
    opts->short_options = optstring;
    while ((c = pl_option_next(argc, argv, opts)) != EOF) {
        if (c == '?')
            ++*err;
        else if (!take(c, opts->optarg, dispatch, err))
            break;
    }
    pmflush(); /* agents that print by themselves how they are used do not */
    optind = opts->optind;
    optopt = opts->optopt;
    optarg = opts->optarg;
    return c;
}

/* The letters of the long options, for an agent that gives none. */
static void
letters_of(const pmLongOptions *o, char *to, size_t size)
{
    size_t n = 0;

    for (; o && o->long_opt; o++) {
        char letter = (char)o->short_opt;
        if (!pl_option_is_entry(o) || letter == '\0' || letter == ':' || n + 3 > size)
            continue;
        to[n++] = letter;
        if (o->has_arg)
            to[n++] = ':';
    }
    to[n] = '\0';
}

int
pmdaGetOptions(int argc, char *const *argv, pmdaOptions *opts, pmdaInterface *dispatch)
{
    char letters[512];
    const char *given = opts->short_options;
    int c;

    if (!is_ready(dispatch, "pmdaGetOptions")) {
        opts->errors++;
        return EOF;
    }
    opts->version = 0;
    if (!given) {
        letters_of(opts->long_options, letters, sizeof(letters));
        opts->short_options = letters;
    }
    while ((c = pl_option_next(argc, argv, opts)) != EOF) {
        if (opts->override && opts->override(c, opts))
            break;
        if (c == 'U')
            opts->username = opts->optarg;
        else if (c == '?')
            opts->errors++; /* a mistake, or --help */
        else if (!take(c, opts->optarg, dispatch, &opts->errors))
            break;
    }
    opts->short_options = given;
    return c;
}

enum { TEXT_COLUMN = 24 };

static void
print_option(const pmLongOptions *o)
{
    char head[128];
    size_t at = 0;
    const char *arg = o->argname ? o->argname : "";
    bool letter = o->short_opt > ' ' && o->short_opt < 127;

    if (letter && o->has_arg)
        at = (size_t)snprintf(head, sizeof(head), "  -%c %s, ", o->short_opt, arg);
    else if (letter)
        at = (size_t)snprintf(head, sizeof(head), "  -%c, ", o->short_opt);
    else
        at = (size_t)snprintf(head, sizeof(head), "  ");
    if (at < sizeof(head))
        snprintf(head + at, sizeof(head) - at, "--%s%s%s", o->long_opt,
                 o->has_arg ? "=" : "", o->has_arg ? arg : "");
    if (!o->message)
        return; /* not for everybody's eyes: -D */
    if (strlen(head) < TEXT_COLUMN)
        pmprintf("%-*s%s\n", TEXT_COLUMN, head, o->message);
    else
        pmprintf("%s\n%*s%s\n", head, TEXT_COLUMN, "", o->message);
}

void
pmdaUsageMessage(pmdaOptions *opts)
{
    pmprintf("Usage: %s %s\n", pmGetProgname(),
             opts->short_usage ? opts->short_usage : "[options]");
    for (const pmLongOptions *o = opts->long_options; o && o->long_opt; o++) {
        if (pl_option_is_entry(o))
            print_option(o);
        else if (o->short_opt == '-')
            pmprintf("\n%s:\n", o->message ? o->message : "");
        else
            pmprintf("%s\n", o->message ? o->message : "");
    }
    if (!(opts->flags & PM_OPTFLAG_NOFLUSH))
        pmflush();
}
