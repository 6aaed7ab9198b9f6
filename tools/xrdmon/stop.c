/* SPDX-License-Identifier: MIT */
/* Interrupts that end the input. The handler writes to a pipe, so that a wait sees one
 * that came before it began. */
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM};
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static struct sigaction before[SIGNALS];
static int ends[2] = {-1, -1};

static void
take_signal(int number)
{
    int saved = errno;
    (void)number;
    (void)!write(ends[1], "", 1);
    errno = saved;
}

void
stop_begin(void)
{
    /* nothing is restarted: an open of a pipe that nobody writes to would not end */
    struct sigaction action = {.sa_handler = take_signal};

    if (pipe(ends) < 0) /* then it is as without */
        return;
    (void)sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; i++) {
        (void)sigaction(signals[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &action, NULL);
    }
}

void
stop_end(void)
{
    if (ends[0] < 0)
        return;
    for (int i = 0; i < SIGNALS; i++)
        (void)sigaction(signals[i], &before[i], NULL);
    (void)close(ends[0]);
    (void)close(ends[1]);
    ends[0] = ends[1] = -1;
}

bool
stop_came(void)
{
    struct pollfd p = {.fd = ends[0], .events = POLLIN};
    return ends[0] >= 0 && poll(&p, 1, 0) > 0;
}

bool
stop_wait(int fd)
{
    struct pollfd p[] = {{.fd = fd, .events = POLLIN},
                         {.fd = ends[0], .events = POLLIN}};

    if (ends[0] < 0)
        return true;
    while (poll(p, 2, -1) < 0 && errno == EINTR)
        continue;
    return p[1].revents == 0;
}
