/* SPDX-License-Identifier: MIT */
/* __pmAF*(): functions called at intervals, from SIGALRM. */
#include <pcp/libpcp.h>

#include <stdbool.h>

struct timer {
    struct timer *next;
    int id;
    struct timespec due, interval;
    void *data;
    void (*callback)(int id, void *data);
};

/* Touched by the handler: only with SIGALRM blocked. */
static struct timer *timers;
static struct timer *spent; /* called once, and not freed by the handler */
static int last_id;
static volatile sig_atomic_t blocked;

static bool
is_before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

static sigset_t
hold(void)
{
    sigset_t alarm, old;

    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm, &old);
    return old;
}

static void
release(const sigset_t *old)
{
    pthread_sigmask(SIG_SETMASK, old, NULL);
}

static void
insert(struct timer *t)
{
    struct timer **at = &timers;

    while (*at && !is_before(&t->due, &(*at)->due))
        at = &(*at)->next;
    t->next = *at;
    *at = t;
}

/* Ring when the first is due. */
static void
arm(void)
{
    struct itimerval ring = {{0, 0}, {0, 0}};

    if (timers && !blocked) {
        struct timespec now, left = timers->due;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (is_before(&now, &left)) {
            pmtimespecDec(&left, &now);
            ring.it_value.tv_sec = left.tv_sec;
            ring.it_value.tv_usec = left.tv_nsec / 1000;
        }
        if (ring.it_value.tv_sec == 0 && ring.it_value.tv_usec == 0)
            ring.it_value.tv_usec = 1;
    }
    setitimer(ITIMER_REAL, &ring, NULL);
}

/* Each call-back that is due, once however late it is. */
static void
run_due(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    while (timers && !blocked && !is_before(&now, &timers->due)) {
        struct timer *t = timers;
        int id = t->id;
        timers = t->next;
        if (t->interval.tv_sec == 0 && t->interval.tv_nsec == 0) {
            t->next = spent;
            spent = t;
            t->callback(id, t->data);
            continue;
        }
        do {
            pmtimespecInc(&t->due, &t->interval);
        } while (!is_before(&now, &t->due));
        insert(t);
        t->callback(id, t->data); /* may unregister itself */
    }
    arm();
}

static void
on_alarm(int signal)
{
    int keep = errno;

    (void)signal;
    if (!blocked)
        run_due();
    errno = keep;
}

static void
free_spent(void)
{
    while (spent) {
        struct timer *t = spent;
        spent = t->next;
        free(t);
    }
}

static bool
is_interval(const struct timeval *t)
{
    return t->tv_sec >= 0 && t->tv_usec >= 0 && t->tv_usec < 1000000;
}

int
__pmAFsetup(const struct timeval *start, const struct timeval *delta, void *data,
            void (*callback)(int id, void *data))
{
    struct timespec first;

    if (!is_interval(delta) || (start && !is_interval(start)))
        return -EINVAL; /* it would be due for ever */
    struct timer *t = calloc(1, sizeof(*t));
    if (!t)
        return -errno;
    sigset_t old = hold();
    free_spent();
    if (last_id == 0) {
        struct sigaction action;
        memset(&action, 0, sizeof(action));
        action.sa_handler = on_alarm;
        action.sa_flags = SA_RESTART;
        sigaction(SIGALRM, &action, NULL);
    }
    t->id = ++last_id;
    t->data = data;
    t->callback = callback;
    t->interval = (struct timespec){delta->tv_sec, delta->tv_usec * 1000};
    first =
        start ? (struct timespec){start->tv_sec, start->tv_usec * 1000} : t->interval;
    clock_gettime(CLOCK_MONOTONIC, &t->due);
    pmtimespecInc(&t->due, &first);
    insert(t);
    arm();
    int id = t->id;
    release(&old);
    return id;
}

int
__pmAFregister(const struct timeval *delta, void *data,
               void (*callback)(int id, void *data))
{
    return __pmAFsetup(NULL, delta, data, callback);
}

int
__pmAFunregister(int id)
{
    sigset_t old = hold();
    struct timer **at = &timers;

    while (*at && (*at)->id != id)
        at = &(*at)->next;
    struct timer *t = *at;
    if (t) {
        *at = t->next;
        arm();
    }
    release(&old);
    free(t);
    return t ? 0 : -1;
}

void
__pmAFblock(void)
{
    blocked = 1;
}

void
__pmAFunblock(void)
{
    sigset_t old = hold();

    blocked = 0;
    run_due();
    release(&old);
}

int
__pmAFisempty(void)
{
    return timers == NULL;
}
