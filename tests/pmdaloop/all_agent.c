/* SPDX-License-Identifier: MIT */
/* An agent with something of everything, for the tests against pmcd and dbpmda:
 *   all_agent [-n] [WHERE]      -n: starts not ready, ready after half a second */
#include "pmdaloop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KINDS = 0, CONTROL = 1, CLIENT = 2, SLOW = 3, MANY = 4 };
enum { DOMAIN_NUMBER = 240, N_MANY = 10000 };
enum { COUNT = 0, DIE = 1, UNREADY = 2, WORD = 3, NUMBER = 4, REAL = 5, BIG = 6 };
enum { NOW_AND_THEN = 0, NEVER = 1 };

static const struct pmdaloop_instance letters[] = {{0, "alpha one"}, {1, "beta two"}};
static const struct pmdaloop_indom indoms[] = {
    {.serial = 0, .help = "things that come and go", .text = "As many as are stored."},
    {.serial = 1,
     .instances = letters,
     .n_instances = 2,
     .labels = "{\"alphabet\":\"greek\",\"size\":24}"},
    {.serial = 2},
};

#define KIND(number, text, of)                                                         \
    {                                                                                  \
        .cluster = KINDS, .item = number, .name = "all.kind." text, .type = of,        \
        .sem = PMDALOOP_INSTANT, .help = "a value of type " text                       \
    }
#define CONTROLLED(number, text, of)                                                   \
    {                                                                                  \
        .cluster = CONTROL, .item = number, .name = "all.control." text, .type = of,   \
        .sem = PMDALOOP_DISCRETE                                                       \
    }

static const struct pmdaloop_metric metrics[] = {
    KIND(0, "i32", PMDALOOP_32),
    KIND(1, "u32", PMDALOOP_U32),
    KIND(2, "i64", PMDALOOP_64),
    KIND(3, "u64", PMDALOOP_U64),
    KIND(4, "f32", PMDALOOP_FLOAT),
    KIND(5, "f64", PMDALOOP_DOUBLE),
    KIND(6, "string", PMDALOOP_STRING),
    KIND(7, "aggregate", PMDALOOP_AGGREGATE),
    KIND(8, "static", PMDALOOP_AGGREGATE_STATIC),
    KIND(9, "event", PMDALOOP_EVENT),
    KIND(10, "highres", PMDALOOP_HIGHRES_EVENT),
    KIND(11, "none", PMDALOOP_U32),
    KIND(12, "refused", PMDALOOP_U32),
    KIND(13, "unsupported", PMDALOOP_NOSUPPORT),
    {.cluster = KINDS,
     .item = 20,
     .name = "all.thing.rate",
     .type = PMDALOOP_U64,
     .sem = PMDALOOP_COUNTER,
     .units = PMDALOOP_UNITS(1, -1, 0, PMDALOOP_KBYTE, PMDALOOP_SEC, 0),
     .indom = &indoms[0],
     .help = "of each thing"},
    {.cluster = KINDS,
     .item = 21,
     .name = "all.letter",
     .type = PMDALOOP_STRING,
     .sem = PMDALOOP_DISCRETE,
     .indom = &indoms[1],
     .labels = "{\"written\":true}"},
    CONTROLLED(COUNT, "count", PMDALOOP_U32),
    CONTROLLED(DIE, "die", PMDALOOP_U32),
    CONTROLLED(UNREADY, "unready_ms", PMDALOOP_U32),
    CONTROLLED(WORD, "word", PMDALOOP_STRING),
    CONTROLLED(NUMBER, "number", PMDALOOP_64),
    CONTROLLED(REAL, "real", PMDALOOP_DOUBLE),
    CONTROLLED(BIG, "big", PMDALOOP_32),
    {.cluster = CLIENT,
     .item = 0,
     .name = "all.client.uid",
     .type = PMDALOOP_STRING,
     .sem = PMDALOOP_INSTANT},
    {.cluster = CLIENT,
     .item = 1,
     .name = "all.client.gone",
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_COUNTER},
    {.cluster = SLOW,
     .item = NOW_AND_THEN,
     .name = "all.slow.later",
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_INSTANT},
    {.cluster = SLOW,
     .item = NEVER,
     .name = "all.slow.never",
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_INSTANT},
    {.cluster = MANY,
     .item = 0,
     .name = "all.many",
     .type = PMDALOOP_32,
     .sem = PMDALOOP_INSTANT,
     .indom = &indoms[2]},
};

static struct {
    uint32_t count;
    char word[64];
    int64_t number;
    double real;
    int32_t big;
    char uid[64];
    uint32_t gone;
    uint64_t later_ms; /* when the slow value comes; 0: nobody has asked */
    uint64_t ready_ms; /* when we are ready again; 0: we are */
} now = {.word = "first"};

static uint64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int
fetch_records(const struct pmdaloop_metric *m, struct pmdaloop_value *ret)
{
    static uint32_t bytes[128];
    struct pmdaloop_records r;
    struct pmdaloop_value v = {.type = PMDALOOP_STRING, .as.bytes = "a word"};

    (void)pmdaloop_records_begin(&r, m->type, bytes, sizeof(bytes));
    (void)pmdaloop_records_add(&r, 1700000000, 5000, PMDALOOP_RECORD_POINT);
    (void)pmdaloop_records_add_value(&r, PMDALOOP_PMID(DOMAIN_NUMBER, KINDS, 6), &v);
    v = (struct pmdaloop_value){.type = PMDALOOP_64, .as.i64 = -7};
    (void)pmdaloop_records_add_value(&r, PMDALOOP_PMID(DOMAIN_NUMBER, KINDS, 2), &v);
    (void)pmdaloop_records_add_missed(&r, 1700000001, 0, 3);
    ret->as.bytes = bytes;
    ret->len = r.len;
    return PMDALOOP_VALUE;
}

static int
fetch_kind(const struct pmdaloop_metric *m, int32_t inst, struct pmdaloop_value *ret)
{
    static const uint8_t blob[] = {0xde, 0xad, 0xbe, 0xef, 0x01};

    switch (m->item) {
    case 0:
        ret->as.i32 = -32;
        break;
    case 1:
        ret->as.u32 = 4000000000U;
        break;
    case 2:
        ret->as.i64 = -5000000000;
        break;
    case 3:
        ret->as.u64 = UINT64_MAX;
        break;
    case 4:
        ret->as.f = 0.25F;
        break;
    case 5:
        ret->as.d = -1e100;
        break;
    case 6:
        ret->as.bytes = "forty-two";
        break;
    case 7:
    case 8:
        ret->as.bytes = blob;
        ret->len = sizeof(blob);
        break;
    case 9:
    case 10:
        return fetch_records(m, ret);
    case 12:
        return PMDALOOP_PM_PERMISSION;
    case 20:
        ret->as.u64 = (uint64_t)inst * 1000;
        break;
    case 21:
        ret->as.bytes = inst == 0 ? "a" : "b";
        break;
    default:
        return PMDALOOP_NO_VALUE;
    }
    return PMDALOOP_VALUE;
}

static int
fetch_control(const struct pmdaloop_metric *m, struct pmdaloop_value *ret)
{
    switch (m->item) {
    case COUNT:
        ret->as.u32 = now.count;
        break;
    case WORD:
        ret->as.bytes = now.word;
        break;
    case NUMBER:
        ret->as.i64 = now.number;
        break;
    case REAL:
        ret->as.d = now.real;
        break;
    case BIG:
        ret->as.i32 = now.big;
        break;
    default:
        ret->as.u32 = 0;
    }
    return PMDALOOP_VALUE;
}

static int
fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      struct pmdaloop_value *ret)
{
    (void)pl;
    switch (m->cluster) {
    case KINDS:
        return fetch_kind(m, inst, ret);
    case CONTROL:
        return fetch_control(m, ret);
    case CLIENT:
        ret->as.bytes = now.uid;
        if (m->item == 1)
            ret->as.u32 = now.gone;
        return PMDALOOP_VALUE;
    case MANY:
        ret->as.i32 = inst * 2;
        return PMDALOOP_VALUE;
    default:
        if (m->item == NEVER)
            return PMDALOOP_LATER;
        if (now.later_ms == 0)
            now.later_ms = now_ms() + 300;
        if (now_ms() < now.later_ms)
            return PMDALOOP_LATER;
        now.later_ms = 0;
        ret->as.u32 = 99;
        return PMDALOOP_VALUE;
    }
}

/* As many things as are wanted, the odd ones leaving first. */
static int
set_count(struct pmdaloop *pl, uint32_t count)
{
    char name[32];

    if (count > 100)
        return PMDALOOP_PM_BADSTORE;
    for (int32_t i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "thing-%d", i);
        if ((uint32_t)i < count && pmdaloop_find_instance(pl, 0, name) < 0) {
            int err = pmdaloop_add_instance(pl, 0, i, name);
            if (err < 0)
                return err;
        } else if ((uint32_t)i >= count) {
            (void)pmdaloop_remove_instance(pl, 0, i);
        }
    }
    now.count = count;
    return pmdaloop_announce(pl, PMDALOOP_LABELS_CHANGED);
}

static int
store(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      const struct pmdaloop_value *value)
{
    (void)inst;
    if (m->cluster != CONTROL)
        return PMDALOOP_PM_PERMISSION;
    switch (m->item) {
    case COUNT:
        return set_count(pl, value->as.u32);
    case DIE:
        exit(3);
    case UNREADY:
        now.ready_ms = now_ms() + value->as.u32;
        return pmdaloop_set_ready(pl, 0);
    case WORD:
        if (value->len >= sizeof(now.word))
            return PMDALOOP_PM_BADSTORE;
        memcpy(now.word, value->as.bytes, value->len);
        now.word[value->len] = '\0';
        return 0;
    case NUMBER:
        now.number = value->as.i64;
        return 0;
    case REAL:
        now.real = value->as.d;
        return 0;
    default:
        now.big = value->as.i32;
        return 0;
    }
}

static int
label(struct pmdaloop *pl, const struct pmdaloop_indom *indom, int32_t inst,
      char *ret_json, size_t room_bytes)
{
    (void)pl;
    if (indom->serial != 0)
        return 0;
    if (inst == 1)
        return snprintf(ret_json, room_bytes, "{\"broken\":") > 0; /* left out */
    return snprintf(ret_json, room_bytes, "{\"thing\":%d}", inst) > 0;
}

/* The many in one call; a domain that is empty, or of another type, one by one. */
static int
fetch_column(struct pmdaloop *pl, const struct pmdaloop_metric *m, const int32_t *insts,
             size_t n, void *ret_column)
{
    (void)pl;
    if (m->cluster == KINDS && m->type == PMDALOOP_U64)
        for (size_t k = 0; k < n; k++)
            ((uint64_t *)ret_column)[k] = (uint64_t)insts[k] * 1000;
    else if (m->cluster == MANY)
        for (size_t k = 0; k < n; k++)
            ((int32_t *)ret_column)[k] = insts[k] * 2;
    else
        return PMDALOOP_NO_VALUE;
    return PMDALOOP_VALUE;
}

static const struct pmdaloop_table table = {
    .size = sizeof(table),
    .metrics = metrics,
    .n_metrics = sizeof(metrics) / sizeof(metrics[0]),
    .indoms = indoms,
    .n_indoms = 3,
    .labels = "{\"agent\":\"all\",\"nested\":{\"deep\":[1,2]}}",
    .fetch = fetch,
    .store = store,
    .label = label,
    .fetch_column = fetch_column,
};

static void
take(const struct pmdaloop_event *event)
{
    if (event->kind == PMDALOOP_ATTRIBUTE && event->ident == PMDALOOP_ATTR_USERID)
        snprintf(now.uid, sizeof(now.uid), "%s", event->name);
    else if (event->kind == PMDALOOP_CLIENT_GONE)
        now.gone++;
}

/* A loop of our own: what was to come later comes, and so does readiness. */
static int
loop(struct pmdaloop *pl)
{
    const struct pmdaloop_event *event;

    for (;;) {
        while ((event = pmdaloop_next(pl)) != NULL) {
            if (event->kind == PMDALOOP_CLOSED)
                return event->err;
            take(event);
        }
        int err = pmdaloop_wait(pl, 50);
        if (err < 0 && err != -PMDALOOP_ECLOSED && pmdaloop_get_fd(pl) < 0)
            return err;
        if (now.later_ms && now_ms() >= now.later_ms)
            (void)pmdaloop_retry(pl);
        if (now.ready_ms && now_ms() >= now.ready_ms) {
            now.ready_ms = 0;
            (void)pmdaloop_set_ready(pl, 1);
        }
    }
}

int
main(int argc, char **argv)
{
    int not_ready = argc > 1 && strcmp(argv[1], "-n") == 0;
    const char *where = argc > 1 + not_ready ? argv[1 + not_ready] : "pipe";
    const struct pmdaloop_options options = {
        .size = sizeof(options),
        .name = "all",
        .domain = DOMAIN_NUMBER,
        .flags = PMDALOOP_WANT_ATTRIBUTES,
        .starts_not_ready = not_ready,
        .reply_timeout_ms = 1500,
    };
    struct pmdaloop *pl;
    char name[32];
    int err = pmdaloop_new(&pl, &options);

    if (err < 0)
        return 1;
    if (not_ready)
        now.ready_ms = now_ms() + 500;
    err = pmdaloop_set_table(pl, &table);
    for (int32_t i = 0; err >= 0 && i < N_MANY; i++) {
        snprintf(name, sizeof(name), "many-%d", i);
        err = pmdaloop_add_instance(pl, 2, i, name);
    }
    if (err >= 0)
        err = pmdaloop_connect(pl, where);
    if (err == 0)
        err = loop(pl);
    fprintf(stderr, "%s\n", pmdaloop_errmsg(pl));
    pmdaloop_free(pl);
    return err < 0;
}
