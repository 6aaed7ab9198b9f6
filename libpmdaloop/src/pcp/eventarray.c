/* SPDX-License-Identifier: MIT */
/* pmdaEvent*Array(), *Record(), *Param(): event records packed one behind the other, in
 * memory as PCP has them: 4-byte aligned, in the machine's order. */
#include <pcp/pmda.h>

#include <pthread.h>
#include <stdbool.h>

struct array {
    bool used, highres;
    uint8_t *bytes; /* a pmEventArray or pmHighResEventArray */
    size_t len, room;
    size_t last; /* where the newest record starts; 0: there is none */
};

/* In blocks that stay where they are, each twice as large as the one before, so that a
 * thread may use its array while another makes one. */
enum { FIRST_BLOCK = 16, BLOCKS = 20 };
static struct array *blocks[BLOCKS];
static int n_arrays;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum {
    HEAD_BYTES = offsetof(pmEventArray, ea_record),
    HIGHRES_HEAD_BYTES = offsetof(pmHighResEventArray, ea_record),
};

/* The place of this number, once there is one. */
static struct array *
place_of(int id)
{
    int block = 0, first = 0;

    while (id - first >= FIRST_BLOCK << block)
        first += FIRST_BLOCK << block++;
    return blocks[block] + (id - first);
}

/* One more place, unused; false without memory. */
static bool
add_place(void)
{
    int block = 0, first = 0;

    while (n_arrays - first >= FIRST_BLOCK << block)
        first += FIRST_BLOCK << block++;
    if (block == BLOCKS)
        return false;
    if (!blocks[block])
        blocks[block] = calloc((size_t)FIRST_BLOCK << block, sizeof(struct array));
    if (!blocks[block])
        return false;
    n_arrays++;
    return true;
}

static struct array *
array_of(int id, bool highres)
{
    struct array *a = NULL;

    pthread_mutex_lock(&lock);
    if (id >= 0 && id < n_arrays && place_of(id)->used &&
        place_of(id)->highres == highres)
        a = place_of(id);
    pthread_mutex_unlock(&lock);
    return a;
}

static bool
reserve(struct array *a, size_t n)
{
    if (n > PM_VAL_VLEN_MAX - a->len)
        return false;
    if (a->len + n <= a->room)
        return true;
    size_t room = a->room * 2 > a->len + n ? a->room * 2 : a->len + n + 256;
    uint8_t *bytes = realloc(a->bytes, room);
    if (!bytes)
        return false;
    a->bytes = bytes;
    a->room = room;
    return true;
}

static void
reset(struct array *a)
{
    a->len = a->highres ? (size_t)HIGHRES_HEAD_BYTES : (size_t)HEAD_BYTES;
    a->last = 0;
    memset(a->bytes, 0, a->len);
}

static int
new_array(bool highres)
{
    int id = 0;

    pthread_mutex_lock(&lock);
    while (id < n_arrays && place_of(id)->used)
        id++;
    if (id == n_arrays && !add_place()) {
        pthread_mutex_unlock(&lock);
        return -ENOMEM;
    }
    struct array *a = place_of(id);
    *a = (struct array){.used = true, .highres = highres};
    if (reserve(a, 512)) {
        reset(a);
    } else {
        a->used = false;
        id = -ENOMEM;
    }
    pthread_mutex_unlock(&lock);
    return id;
}

static int
reset_array(int id, bool highres)
{
    struct array *a = array_of(id, highres);

    if (!a)
        return PM_ERR_NOCONTEXT;
    reset(a);
    return 0;
}

static int
release_array(int id, bool highres)
{
    struct array *a = array_of(id, highres);

    if (!a)
        return PM_ERR_NOCONTEXT;
    pthread_mutex_lock(&lock);
    free(a->bytes);
    *a = (struct array){.used = false};
    pthread_mutex_unlock(&lock);
    return 0;
}

int
pmdaEventNewArray(void)
{
    return new_array(false);
}

int
pmdaEventNewHighResArray(void)
{
    return new_array(true);
}

int
pmdaEventResetArray(int array)
{
    return reset_array(array, false);
}

int
pmdaEventResetHighResArray(int array)
{
    return reset_array(array, true);
}

int
pmdaEventReleaseArray(int array)
{
    return release_array(array, false);
}

int
pmdaEventReleaseHighResArray(int array)
{
    return release_array(array, true);
}

/* A record's flags and count stand at the same distance from its end in both kinds. */
static void
put_tail(struct array *a, unsigned int flags, int count)
{
    memcpy(a->bytes + a->len - 8, &flags, 4);
    memcpy(a->bytes + a->len - 4, &count, 4);
}

static int
begin_record(struct array *a, const void *stamp, size_t stamp_bytes, unsigned int flags,
             int count)
{
    size_t n = stamp_bytes + 8;
    int records;

    if (!reserve(a, n))
        return -ENOMEM;
    a->last = a->len;
    memcpy(a->bytes + a->len, stamp, stamp_bytes);
    a->len += n;
    put_tail(a, flags, count);
    size_t at = a->highres ? offsetof(pmHighResEventArray, ea_nrecords)
                           : offsetof(pmEventArray, ea_nrecords);
    memcpy(&records, a->bytes + at, 4);
    records++;
    memcpy(a->bytes + at, &records, 4);
    return 0;
}

static int
add_record(int id, const struct timeval *stamp, unsigned int flags, int count)
{
    struct array *a = array_of(id, false);
    pmTimeval t = {(int32_t)stamp->tv_sec, (int32_t)stamp->tv_usec};

    return a ? begin_record(a, &t, sizeof(t), flags, count) : PM_ERR_NOCONTEXT;
}

static int
add_highres_record(int id, const struct timespec *stamp, unsigned int flags, int count)
{
    struct array *a = array_of(id, true);
    pmTimespec t = {stamp->tv_sec, stamp->tv_nsec};

    return a ? begin_record(a, &t, sizeof(t), flags, count) : PM_ERR_NOCONTEXT;
}

int
pmdaEventAddRecord(int array, struct timeval *stamp, int flags)
{
    if (!array_of(array, false))
        return PM_ERR_NOCONTEXT;
    if ((unsigned int)flags & PM_EVENT_FLAG_MISSED)
        return PM_ERR_CONV;
    return add_record(array, stamp, (unsigned int)flags, 0);
}

int
pmdaEventAddHighResRecord(int array, struct timespec *stamp, int flags)
{
    if (!array_of(array, true))
        return PM_ERR_NOCONTEXT;
    if ((unsigned int)flags & PM_EVENT_FLAG_MISSED)
        return PM_ERR_CONV;
    return add_highres_record(array, stamp, (unsigned int)flags, 0);
}

int
pmdaEventAddMissedRecord(int array, struct timeval *stamp, int missed)
{
    return add_record(array, stamp, PM_EVENT_FLAG_MISSED, missed);
}

int
pmdaEventAddHighResMissedRecord(int array, struct timespec *stamp, int missed)
{
    return add_highres_record(array, stamp, PM_EVENT_FLAG_MISSED, missed);
}

/* What a value's bytes are. False: no parameter has this type. */
static bool
bytes_of(int type, const pmAtomValue *atom, const void **ret_bytes, size_t *ret_len)
{
    *ret_bytes = atom;
    switch (type) {
    case PM_TYPE_32:
    case PM_TYPE_U32:
    case PM_TYPE_FLOAT:
        *ret_len = 4;
        return true;
    case PM_TYPE_64:
    case PM_TYPE_U64:
    case PM_TYPE_DOUBLE:
        *ret_len = 8;
        return true;
    case PM_TYPE_STRING:
        *ret_bytes = atom->cp;
        *ret_len = strlen(atom->cp);
        return true;
    case PM_TYPE_AGGREGATE:
        *ret_bytes = atom->vbp->vbuf;
        *ret_len = atom->vbp->vlen - PM_VAL_HDR_SIZE;
        return true;
    default:
        return false;
    }
}

static int
add_param(struct array *a, pmID pmid, int type, const pmAtomValue *atom)
{
    pmEventParameter head;
    const void *bytes;
    size_t len;
    int count;

    if (!a || a->last == 0)
        return PM_ERR_NOCONTEXT;
    if (!bytes_of(type, atom, &bytes, &len))
        return PM_ERR_TYPE;
    size_t padded = (len + 3) & ~(size_t)3;
    if (len > PM_VAL_VLEN_MAX - PM_VAL_HDR_SIZE || !reserve(a, sizeof(head) + padded))
        return -ENOMEM;
    memset(&head, 0, sizeof(head));
    head.ep_pmid = pmid;
    head.ep_type = (unsigned int)type & 0xff;
    head.ep_len = (unsigned int)(len + PM_VAL_HDR_SIZE) & PM_VAL_VLEN_MAX;
    memcpy(a->bytes + a->len, &head, sizeof(head));
    memset(a->bytes + a->len + sizeof(head), 0, padded);
    if (len)
        memcpy(a->bytes + a->len + sizeof(head), bytes, len);
    a->len += sizeof(head) + padded;
    uint8_t *at = a->bytes + a->last +
                  (a->highres ? offsetof(pmHighResEventRecord, er_nparams)
                              : offsetof(pmEventRecord, er_nparams));
    memcpy(&count, at, 4);
    count++;
    memcpy(at, &count, 4);
    return 0;
}

int
pmdaEventAddParam(int array, pmID pmid, int type, pmAtomValue *atom)
{
    return add_param(array_of(array, false), pmid, type, atom);
}

int
pmdaEventAddHighResParam(int array, pmID pmid, int type, pmAtomValue *atom)
{
    return add_param(array_of(array, true), pmid, type, atom);
}

int
pmdaEventHighResAddParam(int array, pmID pmid, int type, pmAtomValue *atom)
{
    return pmdaEventAddHighResParam(array, pmid, type, atom);
}

pmEventArray *
pmdaEventGetAddr(int array)
{
    struct array *a = array_of(array, false);

    if (!a)
        return NULL;
    pmEventArray *events = (pmEventArray *)(void *)a->bytes;
    events->ea_type = PM_TYPE_EVENT;
    events->ea_len = (unsigned int)a->len & PM_VAL_VLEN_MAX;
    return events;
}

pmHighResEventArray *
pmdaEventGetHighResAddr(int array)
{
    struct array *a = array_of(array, true);

    if (!a)
        return NULL;
    pmHighResEventArray *events = (pmHighResEventArray *)(void *)a->bytes;
    events->ea_type = PM_TYPE_HIGHRES_EVENT;
    events->ea_len = (unsigned int)a->len & PM_VAL_VLEN_MAX;
    return events;
}

pmHighResEventArray *
pmdaEventHighResGetAddr(int array)
{
    return pmdaEventGetHighResAddr(array);
}
