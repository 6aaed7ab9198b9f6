/* SPDX-License-Identifier: MIT */
/* Options of agents: words drawn, and what becomes of them. */
#include "alike.h"

#include <pcp/pmapi.h>
#include <pcp/pmda.h>

#include <sys/wait.h>
#include <unistd.h>

static pmLongOptions all[] = {
    PMDA_OPTIONS_HEADER("Options"),
    PMOPT_DEBUG,
    PMDAOPT_DOMAIN,
    PMDAOPT_HELPTEXT,
    PMDAOPT_INET,
    PMDAOPT_LOGFILE,
    PMDAOPT_PIPE,
    PMDAOPT_UNIX,
    PMDAOPT_IPV6,
    PMDAOPT_USERNAME,
    PMDA_OPTIONS_TEXT("  and the agent's own:"),
    {"interval", 1, 't', "DELTA", "how often"},
    {"quiet", 0, 'q', 0, "say nothing"},
    {"a-name-that-needs-a-line-of-its-own", 1, 0, "X", "told below"},
    PMOPT_HELP,
    PMDA_OPTIONS_END,
};

static pmLongOptions few[] = {
    PMDAOPT_DOMAIN,
    PMDAOPT_LOGFILE,
    {"count", 1, 'c', "N", "how many"},
    PMDA_OPTIONS_END,
};

static const char *const words[] = {"-d",
                                    "-d7",
                                    "-dx",
                                    "-d 12",
                                    "--domain",
                                    "--domain=33",
                                    "--dom=4",
                                    "-Dappl0",
                                    "--debug=x",
                                    "-l",
                                    "-D appl1",
                                    "-llog",
                                    "--log=other",
                                    "-hhelp",
                                    "--helpfile",
                                    "-i",
                                    "-i1234",
                                    "-ipmcd",
                                    "-p",
                                    "--pipe",
                                    "-u",
                                    "-usock",
                                    "--unix=s",
                                    "-6",
                                    "-61234",
                                    "--ipv6=99",
                                    "-Uroot",
                                    "--username=u",
                                    "-t",
                                    "-t5sec",
                                    "--interval=9",
                                    "-q",
                                    "-qp",
                                    "--quiet",
                                    "--quiet=1",
                                    "-c3",
                                    "--count=5",
                                    "-z",
                                    "--zip",
                                    "-?",
                                    "--help",
                                    "--",
                                    "-",
                                    "plain",
                                    "12",
                                    "--a-name-that-needs-a-line-of-its-own=1",
                                    "--a-name",
                                    "log",
                                    "7",
                                    "appl2",
                                    "-pq",
                                    "-pd9",
                                    "--h",
                                    "--in",
                                    "--q"};

static void
print_end(const pmdaOptions *opts, const pmdaInterface *dispatch, int argc, char **argv)
{
    const pmdaExt *ext = dispatch->version.any.ext;
    const char *sock = ext->e_sockname ? ext->e_sockname : "none";
    int port = ext->e_port;

    /* a negative port, which is no port, and no more than a service's name to us */
    if (port < -1 || (sock[0] == '-' && sock[1] >= '0' && sock[1] <= '9')) {
        port = -1;
        sock = "none";
    }
    printf("errors %d, optind %d, flags %x, domain %d, io %d, port %d, sock <%s>, log "
           "<%s>,"
           " help <%s>, user <%s>, status %d; rest:",
           opts->errors, opts->optind, opts->flags, dispatch->domain, ext->e_io, port,
           sock, ext->e_logfile ? ext->e_logfile : "none",
           ext->e_helptext ? ext->e_helptext : "none",
           opts->username ? opts->username : "none", dispatch->status);
    for (int i = opts->optind; i < argc; i++)
        printf(" <%s>", argv[i]);
    printf("\n");
}

/* The old way, which PCP's library goes once in a process. */
static void
print_old(int argc, char **argv)
{
    static pmdaInterface dispatch;
    int c, errors = 0;

    pmdaDaemon(&dispatch, PMDA_INTERFACE_2, pmGetProgname(), 99, "agent.log", "help");
    do {
        c = pmdaGetOpt(argc, argv, "D:d:h:i:l:pu:6:U:t:q?", &dispatch, &errors);
        pmflush(); /* PCP's library leaves that to the agent */
        printf("old option %d <%s>\n", c, c != EOF && optarg ? optarg : "none");
        fflush(stdout);
    } while (c != EOF);
    printf("%s, errors %d, optind %d, domain %d, io %d; rest:", pmGetProgname(), errors,
           optind, dispatch.domain, dispatch.version.any.ext->e_io);
    for (int i = optind; i < argc; i++)
        printf(" <%s>", argv[i]);
    printf("\n");
    fflush(stdout);
}

enum { LINES = 5000, OLD_EACH = 20 };
static pmdaInterface agents[LINES]; /* which nobody takes down */

int
main(void)
{
    pmSetProgname("agent");
    if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
        return 1;
    for (int i = 0; i < LINES; i++) {
        char *argv[8] = {"agent"};
        int argc = 1 + (int)draw(6), c, n = 0;
        pmdaInterface *dispatch = &agents[i];
        pmdaOptions opts;
        memset(&opts, 0, sizeof(opts));
        bool many = draw(3);
        opts.short_options = many ? "D:d:h:i:l:pu:6:U:t:q?" : "d:l:c:";
        opts.long_options = many ? all : few;
        opts.short_usage = draw(2) ? "[options] word..." : NULL;
        printf("%d %s:", i, many ? "many" : "few");
        for (int k = 1; k < argc; k++) {
            argv[k] = strdup(DRAW(words));
            printf(" <%s>", argv[k]);
        }
        printf("\n");
        fflush(stdout);
        if (i % OLD_EACH == 0) {
            pid_t child = fork();
            if (child == 0) {
                pmSetProgname("unnamed");
                print_old(argc, argv);
                _exit(0);
            }
            waitpid(child, NULL, 0);
        }
        pmdaDaemon(dispatch, PMDA_INTERFACE_7, "agent", 99, "agent.log", "agent.help");
        while ((c = pmdaGetOptions(argc, argv, &opts, dispatch)) != EOF && n++ < 20) {
            printf("option %d <%s> index %d\n", c, opts.optarg ? opts.optarg : "none",
                   c == 0 ? opts.index : 0);
            fflush(stdout);
        }
        print_end(&opts, dispatch, argc, argv);
        fflush(stdout);
        if (opts.errors)
            pmdaUsageMessage(&opts);
        for (int k = 1; k < (int)(sizeof(argv) / sizeof(argv[0])) && argv[k]; k++)
            free(argv[k]);
    }
    return 0;
}
