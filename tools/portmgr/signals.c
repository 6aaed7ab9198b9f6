/* SPDX-License-Identifier: MIT */
/* Signals as something to poll for: the handler writes into a pipe. */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

enum { SIGNALS_MAX = 16 };

static int ends[2] = {-1, -1};
static struct sigaction before[SIGNALS_MAX];
static int caught_numbers[SIGNALS_MAX + 1];
static sigset_t mask_before;

static void
on_signal(int number, siginfo_t *info, void *unused)
{
    int saved = errno;
    unsigned char message[2] = {(unsigned char)number, info->si_code > 0};
    (void)unused;
    if (write(ends[1], message, sizeof(message)) < 0) {
        /* full: there are more than enough signals in it already */
    }
    errno = saved;
}

static bool
prepare(int fd)
{
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

int
signals_open(const int *numbers)
{
    struct sigaction action = {.sa_sigaction = on_signal,
                               .sa_flags = SA_SIGINFO | SA_RESTART};

    if (pipe(ends) != 0 || !prepare(ends[0]) || !prepare(ends[1]))
        return -errno;
    sigset_t wanted;
    sigfillset(&action.sa_mask);
    sigemptyset(&wanted);
    for (int i = 0; i < SIGNALS_MAX && numbers[i]; i++) {
        if (sigaction(numbers[i], &action, &before[i]) != 0)
            return -errno;
        caught_numbers[i] = numbers[i];
        /* Who was started with a signal ignored, as under nohup, goes on ignoring it;
         * but a child whose end is ignored never seems to end. */
        if (before[i].sa_handler == SIG_IGN && numbers[i] != SIGCHLD)
            sigaction(numbers[i], &before[i], NULL);
        sigaddset(&wanted, numbers[i]);
    }
    /* Whoever started us may have had them blocked, and that is inherited, too. */
    return sigprocmask(SIG_UNBLOCK, &wanted, &mask_before) == 0 ? ends[0] : -errno;
}

bool
signals_take(struct caught *ret_signal)
{
    unsigned char message[2];
    if (read(ends[0], message, sizeof(message)) != (ssize_t)sizeof(message))
        return false;
    *ret_signal =
        (struct caught){.number = message[0], .from_terminal = message[1] != 0};
    return true;
}

void
signals_undo(void)
{
    for (int i = 0; caught_numbers[i]; i++)
        sigaction(caught_numbers[i], &before[i], NULL);
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}
