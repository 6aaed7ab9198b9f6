/* SPDX-License-Identifier: MIT */
/*
 * pmdaEventQueue*(), pmdaEventClient*(): events kept until every client has seen them, or
 * until they would take more memory than the queue may. Events have running numbers, and
 * each client knows the number of the one it wants next.
 */
#include <pcp/pmda.h>

#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>

struct event {
    struct event *next;
    struct timeval stamp;
    size_t bytes;
    char data[];
};

struct queue_of_events {
    char *name; /* NULL: the place is free */
    size_t max_bytes, kept_bytes;
    uint64_t total_bytes;
    uint32_t total;
    struct event *first, **end;
    uint64_t first_number, next_number;
    unsigned int always; /* clients that are counted before they come */
    int readers;         /* at it now: nothing is dropped */
    int array;
};

/* What a client has to do with a queue. */
struct interest {
    bool active, allowed;
    uint64_t wants, missed;
    void *filter;
    pmdaEventApplyFilterCallBack apply;
    pmdaEventReleaseFilterCallBack release;
};

struct client {
    bool used;
    int context;
    int n_interests;
    struct interest *interests; /* one for each queue, as far as touched */
};

static struct queue_of_events *queues;
static int n_queues;
static struct client *clients;
static int n_clients;

/* Queues and clients are the process's, whose agents may run on threads. A decoder or a
 * filter that is called may call back. */
static pthread_mutex_t lock;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
make_lock(void)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&lock, &attr);
    pthread_mutexattr_destroy(&attr);
}

static bool
hold(void)
{
    pthread_once(&once, make_lock);
    pthread_mutex_lock(&lock);
    return true;
}

static void
let_go(const bool *held)
{
    (void)held;
    pthread_mutex_unlock(&lock);
}

/* Holds the lock to the end of the block. */
#define HELD __attribute__((cleanup(let_go), unused)) const bool held = hold()

static struct queue_of_events *
queue_of(int handle)
{
    return handle >= 0 && handle < n_queues && queues[handle].name ? &queues[handle]
                                                                   : NULL;
}

static struct client *
client_of(int context)
{
    for (int i = 0; i < n_clients; i++)
        if (clients[i].used && clients[i].context == context)
            return &clients[i];
    return NULL;
}

/* A client's interest in a queue, made when it is the first time; NULL: no such client or
 * queue. */
static struct interest *
interest_of(int context, int handle)
{
    struct client *c = client_of(context);

    if (!c || !queue_of(handle))
        return NULL;
    if (handle >= c->n_interests) {
        size_t n = (size_t)handle + 1;
        struct interest *more = realloc(c->interests, n * sizeof(*more));
        if (!more)
            return NULL;
        memset(more + c->n_interests, 0, (n - (size_t)c->n_interests) * sizeof(*more));
        c->interests = more;
        c->n_interests = (int)n;
    }
    return &c->interests[handle];
}

static unsigned int
count_active(int handle)
{
    unsigned int n = queues[handle].always;

    for (int i = 0; i < n_clients; i++)
        if (clients[i].used && handle < clients[i].n_interests &&
            clients[i].interests[handle].active)
            n++;
    return n;
}

static void
drop_first(struct queue_of_events *q)
{
    struct event *e = q->first;

    q->first = e->next;
    if (!q->first)
        q->end = &q->first;
    q->first_number++;
    q->kept_bytes -= e->bytes;
    free(e);
}

/* Events that everybody has seen, gone. */
static void
drop_seen(int handle)
{
    struct queue_of_events *q = &queues[handle];
    uint64_t seen = q->next_number;
    bool any = false;

    for (int i = 0; i < n_clients; i++) {
        if (!clients[i].used || handle >= clients[i].n_interests ||
            !clients[i].interests[handle].active)
            continue;
        any = true;
        if (clients[i].interests[handle].wants < seen)
            seen = clients[i].interests[handle].wants;
    }
    while (q->first && q->readers == 0 && q->first_number < seen &&
           (any || q->always == 0))
        drop_first(q);
}

int
pmdaEventNewActiveQueue(const char *name, size_t max_bytes, unsigned int nclients)
{
    HELD;
    int handle = 0;

    if (!name || max_bytes == 0)
        return -EINVAL;
    if (pmdaEventQueueHandle(name) >= 0)
        return -EEXIST;
    while (handle < n_queues && queues[handle].name)
        handle++;
    if (handle == n_queues) {
        /* the lists' ends point into the table: they move with it */
        struct queue_of_events *more =
            realloc(queues, ((size_t)n_queues + 1) * sizeof(*queues));
        if (!more)
            return -ENOMEM;
        queues = more;
        for (int i = 0; i < n_queues; i++)
            if (!queues[i].first)
                queues[i].end = &queues[i].first;
        n_queues++;
    }
    struct queue_of_events *q = &queues[handle];
    *q = (struct queue_of_events){.max_bytes = max_bytes, .always = nclients};
    q->end = &q->first;
    if ((q->array = pmdaEventNewArray()) < 0)
        return q->array;
    q->name = strdup(name);
    return q->name ? handle : -ENOMEM;
}

int
pmdaEventNewQueue(const char *name, size_t max_bytes)
{
    return pmdaEventNewActiveQueue(name, max_bytes, 0);
}

int
pmdaEventQueueHandle(const char *name)
{
    HELD;
    for (int i = 0; i < n_queues; i++)
        if (queues[i].name && strcmp(queues[i].name, name) == 0)
            return i;
    return -ESRCH;
}

static void
end_interest(struct interest *in)
{
    if (in->release)
        in->release(in->filter);
    *in = (struct interest){.active = false};
}

int
pmdaEventQueueShutdown(int queue)
{
    HELD;
    struct queue_of_events *q = queue_of(queue);

    if (!q)
        return -EINVAL;
    while (q->first)
        drop_first(q);
    for (int i = 0; i < n_clients; i++)
        if (clients[i].used && queue < clients[i].n_interests)
            end_interest(&clients[i].interests[queue]);
    pmdaEventReleaseArray(q->array);
    free(q->name);
    q->name = NULL;
    return 0;
}

int
pmdaEventQueueAppend(int queue, void *data, size_t bytes, struct timeval *stamp)
{
    HELD;
    struct queue_of_events *q = queue_of(queue);

    if (!q)
        return -EINVAL;
    q->total_bytes += bytes;
    q->total++;
    if (bytes > q->max_bytes) {
        pmNotifyErr(LOG_WARNING, "Event too large for queue %s (%zu > %zu)", q->name,
                    bytes, q->max_bytes);
        return 0;
    }
    /* whoever wanted them will be told how many are missing */
    while (q->first && q->readers == 0 &&
           (q->kept_bytes > q->max_bytes || bytes > q->max_bytes - q->kept_bytes))
        drop_first(q);
    if (count_active(queue) == 0)
        return 0;
    struct event *e = malloc(sizeof(*e) + bytes + 1);
    if (!e)
        return -ENOMEM;
    *e = (struct event){.stamp = *stamp, .bytes = bytes};
    if (bytes)
        memcpy(e->data, data, bytes);
    e->data[bytes] = '\0';
    *q->end = e;
    q->end = &e->next;
    q->next_number++;
    q->kept_bytes += bytes;
    return 0;
}

int
pmdaEventQueueClients(int queue, pmAtomValue *atom)
{
    HELD;
    if (!queue_of(queue))
        return -EINVAL;
    atom->ul = count_active(queue);
    return PMDA_FETCH_STATIC;
}

int
pmdaEventQueueCounter(int queue, pmAtomValue *atom)
{
    HELD;
    const struct queue_of_events *q = queue_of(queue);

    if (!q)
        return -EINVAL;
    atom->ul = q->total;
    return PMDA_FETCH_STATIC;
}

int
pmdaEventQueueBytes(int queue, pmAtomValue *atom)
{
    HELD;
    const struct queue_of_events *q = queue_of(queue);

    if (!q)
        return -EINVAL;
    atom->ull = q->total_bytes;
    return PMDA_FETCH_STATIC;
}

int
pmdaEventQueueMemory(int queue, pmAtomValue *atom)
{
    HELD;
    const struct queue_of_events *q = queue_of(queue);

    if (!q)
        return -EINVAL;
    atom->ull = q->kept_bytes;
    return PMDA_FETCH_STATIC;
}

static bool
is_filtered(const struct interest *in, struct event *e)
{
    return in->filter && in->apply ? in->apply(in->filter, e->data, e->bytes) != 0
                                   : !in->allowed;
}

/* Each event that a client wants, up to now, is decoded. How many records that made, or a
 * code. Filter and decoder may call back, and what they do moves queues and clients. */
static int
decode_events(int queue, int context, pmdaEventDecodeCallBack decode, void *data)
{
    struct queue_of_events *q = &queues[queue];
    struct interest *in = interest_of(context, queue);
    uint64_t n = q->first_number, end = q->next_number;
    struct event *e = q->first;
    int records = 0, made = 0;

    for (; e && n < in->wants; n++)
        e = e->next;
    while (e && n++ < end && made >= 0) {
        q->readers++;
        made = is_filtered(in, e)
                   ? 0
                   : decode(q->array, e->data, e->bytes, &e->stamp, data);
        if ((q = queue_of(queue)) == NULL || q->readers == 0)
            return -EINVAL; /* it was shut down, and perhaps another one made */
        q->readers--;
        if ((in = interest_of(context, queue)) == NULL)
            return -EINVAL; /* the client was ended */
        if (made >= 0) {
            records += made;
            in->wants++;
            e = e->next;
        }
    }
    return made < 0 ? made : records;
}

int
pmdaEventQueueRecords(int queue, pmAtomValue *atom, int context,
                      pmdaEventDecodeCallBack decode, void *data)
{
    HELD;
    struct interest *in = interest_of(context, queue);
    struct queue_of_events *q = queue_of(queue);

    if (!q || !in)
        return -EINVAL;
    if (!in->active) {
        in->active = true;
        in->wants = q->first_number;
    }
    if (in->wants < q->first_number) {
        in->missed += q->first_number - in->wants;
        in->wants = q->first_number;
    }
    pmdaEventResetArray(q->array);
    int records = decode_events(queue, context, decode, data);
    if ((q = queue_of(queue)) == NULL || (in = interest_of(context, queue)) == NULL)
        return -EINVAL;
    int err = records < 0 ? records : 0;
    if (err >= 0 && in->missed > 0) {
        struct timeval now;
        gettimeofday(&now, NULL);
        err = pmdaEventAddMissedRecord(
            q->array, &now, in->missed > INT_MAX ? INT_MAX : (int)in->missed);
        in->missed = 0;
        records++;
    }
    drop_seen(queue);
    atom->vbp = records > 0 ? (pmValueBlock *)(void *)pmdaEventGetAddr(q->array) : NULL;
    if (err < 0)
        return err;
    return atom->vbp ? PMDA_FETCH_STATIC : PMDA_FETCH_NOVALUES;
}

int
pmdaEventNewClient(int context)
{
    HELD;
    int i = 0;
    struct client *known = client_of(context);

    if (known)
        return (int)(known - clients);
    while (i < n_clients && clients[i].used)
        i++;
    if (i == n_clients) {
        struct client *more =
            realloc(clients, ((size_t)n_clients + 1) * sizeof(*clients));
        if (!more)
            return -ENOMEM;
        clients = more;
        n_clients++;
    }
    clients[i] = (struct client){.used = true, .context = context};
    return i;
}

int
pmdaEventEndClient(int context)
{
    HELD;
    struct client *c = client_of(context);

    if (!c)
        return 0; /* one that never fetched events */
    for (int i = 0; i < c->n_interests; i++) {
        bool was_active = c->interests[i].active;
        end_interest(&c->interests[i]);
        if (was_active && queue_of(i))
            drop_seen(i);
    }
    free(c->interests);
    *c = (struct client){.used = false};
    return 0;
}

int
pmdaEventClients(pmAtomValue *atom)
{
    HELD;
    atom->ul = 0;
    for (int i = 0; i < n_clients; i++)
        atom->ul += clients[i].used;
    return PMDA_FETCH_STATIC;
}

int
pmdaEventSetFilter(int context, int queue, void *filter,
                   pmdaEventApplyFilterCallBack apply,
                   pmdaEventReleaseFilterCallBack release)
{
    HELD;
    struct interest *in = interest_of(context, queue);

    if (!in)
        return -EINVAL;
    if (in->filter && in->release)
        in->release(in->filter);
    in->filter = filter;
    in->apply = apply;
    in->release = release;
    in->allowed = true; /* the filter tells, or nobody */
    return 0;
}

int
pmdaEventSetAccess(int context, int queue, int allow)
{
    HELD;
    struct interest *in = interest_of(context, queue);

    if (!in)
        return -EINVAL;
    in->allowed = allow != 0;
    return 0;
}

char *
__pmdaEventPrint(const char *bytes, int len, char *buf, int size)
{
    if (size < 4)
        return NULL;
    int n = len < size ? len : size;
    for (int i = 0; i < n - 1; i++) { /* the last byte of a text is its NUL */
        unsigned char c = (unsigned char)bytes[i];
        buf[i] = isspace(c) ? ' ' : isprint(c) ? (char)c : '.';
    }
    buf[n > 0 ? n - 1 : 0] = '\0';
    return buf;
}
