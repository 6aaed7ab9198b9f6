/* SPDX-License-Identifier: MIT */
/* portmgr run: ports for a program, held for as long as it runs. */
#include "commands.h"
#include "lease.h"
#include "moment.h"
#include "signals.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum {
    KILL_GRACE_MS = 5000, /* between SIGTERM and SIGKILL, after a loss */
    NOT_EXECUTABLE = 126,
    NOT_FOUND = 127,
    BY_SIGNAL = 128,
};

struct job {
    char **command;
    bool quiet, ignore_loss;
    pid_t child;
    int status;
    bool ended, lost;
    uint64_t kill_ms; /* when a program that does not end is killed, or 0 */
};

static const int watched[] = {SIGCHLD, SIGTERM, SIGINT,  SIGHUP, SIGQUIT,
                              SIGUSR1, SIGUSR2, SIGALRM, 0};

/* PORTMGR_PORT is the first port, PORTMGR_PORT_RING_MASTER that of ring-master. */
static bool
set_environment(const struct lease *lease)
{
    for (size_t i = 0; i < lease->count; i++) {
        char name[300], port[8];
        size_t n =
            (size_t)snprintf(name, sizeof(name), "PORTMGR_PORT_%s", lease->services[i]);
        snprintf(port, sizeof(port), "%" PRIu16, lease->ports[i]);
        for (size_t k = 0; k < n; k++) {
            unsigned char c = (unsigned char)name[k];
            name[k] = (char)(c < 0x80 && isalnum(c) ? toupper(c) : '_');
        }
        if (setenv(name, port, 1) != 0 ||
            (i == 0 && setenv("PORTMGR_PORT", port, 1) != 0))
            return false;
    }
    return true;
}

static void
become(const struct job *job, pid_t parent)
{
    signals_undo();
#ifdef __linux__
    /* Whoever kills us takes the ports away; the program must not go on with them. */
    if (!job->ignore_loss) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(BY_SIGNAL + SIGTERM);
    }
#else
    (void)parent;
#endif
    execvp(job->command[0], job->command);
    int err = errno;
    cli_say("cannot run '%s': %s", job->command[0], strerror(err));
    _exit(err == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

static void
reap(struct job *job)
{
    job->ended = waitpid(job->child, &job->status, WNOHANG) == job->child;
}

static void
on_lost(struct job *job, struct lease *lease, int err)
{
    (void)lease_lost(lease, err);
    lease_drop(lease);
    job->lost = !job->ignore_loss;
    if (job->lost) {
        cli_say("ending '%s'", job->command[0]);
        kill(job->child, SIGTERM);
        job->kill_ms = moment_ms() + KILL_GRACE_MS;
    }
}

/* How long to wait for something to happen. */
static int
sleep_ms(const struct job *job)
{
    uint64_t now_ms = moment_ms();

    if (job->kill_ms == 0)
        return -1;
    return job->kill_ms > now_ms ? (int)(job->kill_ms - now_ms) : 0;
}

static int
supervise(struct job *job, struct lease *lease, int signals)
{
    while (!job->ended) {
        struct caught caught;
        int got = lease_wait(lease, signals, sleep_ms(job));
        if (got < 0)
            on_lost(job, lease, got);
        while (signals_take(&caught))
            if (caught.number != SIGCHLD && !caught.from_terminal)
                kill(job->child, caught.number);
        if (sleep_ms(job) == 0) {
            kill(job->child, SIGKILL);
            job->kill_ms = 0;
        }
        reap(job);
    }
    if (job->lost)
        return CLI_LOST;
    return WIFSIGNALED(job->status) ? BY_SIGNAL + WTERMSIG(job->status)
                                    : WEXITSTATUS(job->status);
}

static int
run(struct job *job, struct lease *lease, const struct options *o)
{
    /* A signal before the ports are there ends us, and with us the connection. */
    int code = lease_take(lease, o);
    int signals = code == CLI_DONE ? signals_open(watched) : 0;
    if (signals < 0) {
        cli_say("cannot catch signals: %s", strerror(-signals));
        code = CLI_FAILED;
    }
    if (code == CLI_DONE && !job->quiet)
        code = lease_put(lease, o->format);
    if (code != CLI_DONE) {
        lease_drop(lease);
        return code;
    }

    /* A child that were hit before its exec would write into our pipe. */
    sigset_t all, mask;
    pid_t parent = getpid();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &mask);
    job->child = set_environment(lease) ? fork() : -1;
    if (job->child == 0)
        become(job, parent);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    if (job->child < 0) {
        cli_say("cannot start '%s': %s", job->command[0], strerror(errno));
        code = CLI_FAILED;
    } else {
        code = supervise(job, lease, signals);
    }
    lease_drop(lease);
    return code;
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

int
run_command(int argc, char **argv)
{
    enum { ON_LOSS = OPTION_OWN, UNIQUE };
    static const struct option longs[] = {{"on-loss", required_argument, NULL, ON_LOSS},
                                          {"unique", no_argument, NULL, UNIQUE},
                                          {"quiet", no_argument, NULL, 'q'},
                                          OPTIONS_LONG,
                                          {NULL, 0, NULL, 0}};
    struct lease lease = {.services = NULL};
    struct job job = {.child = -1};
    struct options o;
    int separator = find_separator(argc, argv);

    options_begin(&o);
    for (int c;
         (c = getopt_long(separator, argv, ":q" OPTIONS_SHORT, longs, NULL)) != -1;)
        switch (c) {
        case 'q':
            job.quiet = true;
            break;
        case UNIQUE:
            lease.unique = true;
            break;
        case ON_LOSS:
            job.ignore_loss = strcmp(optarg, "ignore") == 0;
            if (!job.ignore_loss && strcmp(optarg, "kill") != 0)
                return cli_misused("--on-loss is kill or ignore, not '%s'", optarg);
            break;
        default:
            if (!options_take(&o, c, argv))
                return CLI_MISUSED;
        }
    if (!lease_services(&lease, separator - optind, argv + optind) ||
        !options_one_host(&o, "run"))
        return CLI_MISUSED;
    if (separator + 1 >= argc)
        return cli_misused("no program to run: run SERVICE... -- PROGRAM ARGUMENT...");
    job.command = argv + separator + 1;
    return run(&job, &lease, &o);
}
