/* SPDX-License-Identifier: MIT */
/* Command lines of agents: the options that they all share, and their own. */
#include "pcp/agent.h"

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
    char letters[512];
    int c;

    if (!is_ready(dispatch, "pmdaGetOpt")) {
        ++*err;
        return EOF;
    }
    /* the first word that is no option ends them, wherever it stands */
    snprintf(letters, sizeof(letters), "%s%s", optstring[0] == '+' ? "" : "+",
             optstring);
    while ((c = getopt(argc, argv, letters)) != EOF) {
        if (c == '?')
            ++*err;
        else if (!take(c, optarg, dispatch, err))
            return c;
    }
    return EOF;
}

static bool
is_entry(const pmLongOptions *o)
{
    return o->long_opt && o->long_opt[0] != '\0';
}

/* What getopt_long() wants to know, made from the agent's tables. */
static struct option *
libc_options(const pmdaOptions *opts, char *ret_letters, size_t size)
{
    size_t n = 0, len;
    const pmLongOptions *from = opts->long_options;

    while (from && from[n].long_opt)
        n++;
    struct option *to = calloc(n + 1, sizeof(*to));
    if (!to)
        return NULL;
    /* '-' or '+' first would change what an argument between options means */
    snprintf(ret_letters, size, "%s:%s", opts->flags & PM_OPTFLAG_POSIX ? "+" : "",
             opts->short_options ? opts->short_options : "");
    len = strlen(ret_letters);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_entry(&from[i]))
            continue;
        to[k++] = (struct option){.name = from[i].long_opt,
                                  .has_arg = from[i].has_arg,
                                  .flag = NULL,
                                  .val = from[i].short_opt};
        char letter = (char)from[i].short_opt;
        bool known = letter == '\0' || letter == ':' || strchr(ret_letters, letter);
        if (!opts->short_options && !known && len + 3 < size) {
            ret_letters[len++] = letter;
            if (from[i].has_arg)
                ret_letters[len++] = ':';
            ret_letters[len] = '\0';
        }
    }
    return to;
}

static bool
is_long(const char *word)
{
    return word && word[0] == '-' && word[1] == '-';
}

/* --help and -? arrive as '?', like mistakes. What getopt() says of a mistake stays until
 * the next one, so that a letter has to be in the word to be meant. */
static bool
is_help(const char *word, int index, const char *letters)
{
    if (!word || is_long(word))
        return index >= 0;
    return strchr(letters, '?') && strchr(word, '?') &&
           (optopt == 0 || optopt == '?' || !strchr(word, optopt));
}

/* The long option that has this letter, or what stands for one. */
static const char *
long_name(const pmdaOptions *opts, int letter)
{
    for (const pmLongOptions *o = opts->long_options; o && o->long_opt; o++)
        if (is_entry(o) && o->short_opt == letter)
            return o->long_opt;
    return "";
}

static void
complain(int c, const char *word, const pmdaOptions *opts)
{
    if (opts->flags & PM_OPTFLAG_QUIET)
        return;
    if (is_long(word) && optopt != 0)
        pmprintf(c == ':' ? "%s: option '--%s' requires an argument\n"
                          : "%s: option '--%s' doesn't allow an argument\n",
                 pmGetProgname(), long_name(opts, optopt));
    else if (c == ':')
        pmprintf("%s: option requires an argument -- '%c'\n", pmGetProgname(), optopt);
    else if (optopt == 0 && word)
        pmprintf("%s: unrecognized option '%s'\n", pmGetProgname(), word);
    else
        pmprintf("%s: invalid option -- '%c'\n", pmGetProgname(), optopt);
}

int
pmdaGetOptions(int argc, char *const *argv, pmdaOptions *opts, pmdaInterface *dispatch)
{
    char letters[512];
    int c = EOF;

    if (!is_ready(dispatch, "pmdaGetOptions")) {
        opts->errors++;
        return EOF;
    }
    struct option *longs = libc_options(opts, letters, sizeof(letters));
    if (!longs) {
        opts->errors++;
        return EOF;
    }
    opts->version = 0;
    if (!opts->__initialized) {
        optind = 0; /* glibc: begin anew */
        opts->__initialized = 1;
    }
    opterr = 0;
    for (;;) {
        opts->index = -1;
        c = getopt_long(argc, argv, letters, longs, &opts->index);
        const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : NULL;
        opts->optind = optind;
        opts->optopt = optopt;
        opts->optarg = optarg;
        if (c == EOF || (opts->override && opts->override(c, opts)))
            break;
        if (c == 'U' && optarg) {
            opts->username = optarg;
            continue;
        }
        if (take(c, optarg, dispatch, &opts->errors))
            continue;
        if (c != '?' && c != ':')
            break;
        if (c == ':' || !is_help(word, opts->index, letters))
            complain(c, word, opts);
        opts->errors++;
    }
    free(longs);
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
        if (is_entry(o))
            print_option(o);
        else if (o->short_opt == '-')
            pmprintf("\n%s:\n", o->message ? o->message : "");
        else
            pmprintf("%s\n", o->message ? o->message : "");
    }
    if (!(opts->flags & PM_OPTFLAG_NOFLUSH))
        pmflush();
}
