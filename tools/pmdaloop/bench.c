/* SPDX-License-Identifier: MIT */
/* pmdaloop bench: how fast an agent answers, and what it spends on it. */
#include "commands.h"
#include "names.h"
#include "show.h"
#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_SAMPLES = 4 << 20, DEFAULT_MS = 1000, MOST_METRICS = 100000 };

struct bench {
    struct session session;
    struct pmns names;
    uint64_t n_metrics, n_instances, run_ms;
    uint32_t *samples; /* nanoseconds of each round trip */
    size_t n_samples;
};

/* One kind of question, asked again and again. */
struct course {
    const char *name;
    bool is_desc;
    uint32_t *pmids;
    size_t n;
};

struct figures {
    uint64_t round_trips, values;
    double seconds, p50_us, p99_us, max_us, cpu_us; /* cpu: of the agent, < 0 unknown */
};

static uint64_t
now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Nanoseconds that the agent has spent on a processor; 0 where nobody tells. */
static uint64_t
cpu_ns(const struct session *s)
{
    char path[64];
    uint64_t ns = 0;

    snprintf(path, sizeof(path), "/proc/%d/schedstat", s->pid);
    FILE *f = s->pid > 0 ? fopen(path, "r") : NULL;
    if (!f)
        return 0;
    if (fscanf(f, "%" SCNu64, &ns) != 1)
        ns = 0;
    fclose(f);
    return ns;
}

static int
by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Ask once: the values that came, or negative when the session is over. */
static int64_t
ask(struct session *s, const struct course *c)
{
    const struct pmdaloop_probe_event *event;
    int number = c->is_desc ? pmdaloop_probe_desc_start(s->probe, c->pmids[0])
                            : pmdaloop_probe_fetch_start(s->probe, c->pmids, c->n);
    int64_t values = 0;

    if (session_await(s, number, &event) < 0)
        return -1;
    for (size_t i = 0; i < event->n_items; i++)
        values += event->items[i].has_value;
    return values;
}

static int
run(struct bench *b, const struct course *c, struct figures *ret)
{
    struct figures f = {.cpu_us = -1};
    uint64_t cpu = cpu_ns(&b->session), start = now_ns(), at = start;
    uint64_t end = start + b->run_ms * 1000000;

    b->n_samples = 0;
    while (at < end) {
        int64_t values = ask(&b->session, c);
        if (values < 0)
            return -1;
        uint64_t now = now_ns(), took = now - at;
        if (b->n_samples < MAX_SAMPLES)
            b->samples[b->n_samples++] =
                took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
        f.values = (uint64_t)values;
        f.round_trips++;
        at = now;
    }
    f.seconds = (double)(at - start) / 1e9;
    if (cpu)
        f.cpu_us = (double)(cpu_ns(&b->session) - cpu) / 1e3 / (double)f.round_trips;
    qsort(b->samples, b->n_samples, sizeof(*b->samples), by_size);
    size_t half = b->n_samples / 2, most = b->n_samples - 1 - b->n_samples / 100;
    f.p50_us = b->samples[half] / 1e3;
    f.p99_us = b->samples[most] / 1e3;
    f.max_us = b->samples[b->n_samples - 1] / 1e3;
    *ret = f;
    return 0;
}

/* ---- what is asked ---- */

/* Only so many instances of the first metric that has any; its place among the names, or
 * negative. */
static int64_t
choose_instances(struct bench *b)
{
    const struct pmdaloop_probe_event *event;
    struct session *s = &b->session;

    for (size_t i = 0; i < b->names.n; i++) {
        int number = pmdaloop_probe_desc_start(s->probe, b->names.names[i].pmid);
        if (session_await(s, number, &event) < 0)
            return -1;
        uint32_t indom = event->desc.indom;
        if (event->err || event->code || indom == (uint32_t)PMDALOOP_NO_INDOM)
            continue;
        number = pmdaloop_probe_instance_start(s->probe, indom, PMDALOOP_NO_INST, NULL);
        if (session_await(s, number, &event) < 0)
            return -1;
        size_t n = event->n_items < b->n_instances ? event->n_items : b->n_instances;
        int32_t *insts = calloc(n + 1, sizeof(*insts));
        if (!insts)
            return -1;
        for (size_t k = 0; k < n; k++)
            insts[k] = event->items[k].inst;
        struct pmdaloop_probe_filter filter = {
            .indom = indom, .only_these = 1, .insts = insts, .n_insts = n};
        int err = pmdaloop_probe_profile(s->probe, 0, &filter, 1);
        free(insts);
        return err < 0 ? -1 : (int64_t)i;
    }
    snprintf(s->why, sizeof(s->why), "no metric of the agent has instances");
    return -1;
}

static cJSON *
to_json(const struct course *c, const struct figures *f)
{
    cJSON *one = cJSON_CreateObject();

    cJSON_AddStringToObject(one, "question", c->name);
    cJSON_AddNumberToObject(one, "metrics", (double)c->n);
    json_add_u64(one, "values", f->values);
    json_add_u64(one, "round_trips", f->round_trips);
    cJSON_AddNumberToObject(one, "per_second", (double)f->round_trips / f->seconds);
    cJSON_AddNumberToObject(one, "p50_us", f->p50_us);
    cJSON_AddNumberToObject(one, "p99_us", f->p99_us);
    cJSON_AddNumberToObject(one, "max_us", f->max_us);
    if (f->cpu_us >= 0)
        cJSON_AddNumberToObject(one, "agent_cpu_us", f->cpu_us);
    else
        cJSON_AddNullToObject(one, "agent_cpu_us");
    return one;
}

static void
to_table(struct table *t, const struct course *c, const struct figures *f)
{
    table_addf(t, "%s", c->name);
    table_addf(t, "%zu", c->n);
    table_addf(t, "%" PRIu64, f->values);
    table_addf(t, "%.0f", (double)f->round_trips / f->seconds);
    table_addf(t, "%.1f", f->p50_us);
    table_addf(t, "%.1f", f->p99_us);
    table_addf(t, "%.1f", f->max_us);
    if (f->cpu_us >= 0)
        table_addf(t, "%.2f", f->cpu_us);
    else
        table_addf(t, "?");
}

static struct table *
headed_table(void)
{
    static const char *const heads[] = {"question", "metrics",       "values",
                                        "a second", "p50 us",        "p99 us",
                                        "max us",   "agent's CPU us"};
    struct table *t = table_new("lrrrrrrr");

    for (size_t i = 0; t && i < sizeof(heads) / sizeof(heads[0]); i++)
        table_addf(t, "%s", heads[i]);
    return t;
}

static int
run_all(struct bench *b, struct course *courses, size_t n, enum cli_format format)
{
    struct table *table = headed_table();
    cJSON *list = cJSON_CreateArray();
    int code = table && list ? CLI_DONE : CLI_FAILED;
    struct figures f;

    for (size_t i = 0; code == CLI_DONE && i < n; i++) {
        if (run(b, &courses[i], &f) < 0) {
            cli_say("%s: %s", courses[i].name, b->session.why);
            code = CLI_LOST;
        } else if (format == CLI_TEXT) {
            to_table(table, &courses[i], &f);
        } else if (format == CLI_JSONL) {
            json_put_line(stdout, to_json(&courses[i], &f));
        } else {
            cJSON_AddItemToArray(list, to_json(&courses[i], &f));
        }
    }
    if (code == CLI_DONE && format == CLI_TEXT)
        table_print(table, stdout, true);
    if (code == CLI_DONE && format == CLI_JSON)
        json_put_document(stdout, list);
    else
        cJSON_Delete(list);
    table_free(table);
    return code;
}

static int
bench(struct bench *b, const struct options *o)
{
    size_t n = b->n_metrics ? (size_t)b->n_metrics : b->names.n, first = 0;

    if (b->n_instances) {
        int64_t chosen = choose_instances(b);
        if (chosen < 0) {
            cli_say("%s", b->session.why);
            return CLI_FAILED;
        }
        first = (size_t)chosen;
    }
    uint32_t *pmids = calloc(n, sizeof(*pmids));
    b->samples = calloc(MAX_SAMPLES, sizeof(*b->samples));
    if (!pmids || !b->samples) {
        free(pmids);
        cli_say("no memory");
        return CLI_FAILED;
    }
    /* More than there are: again from the first. */
    for (size_t i = 0; i < n; i++)
        pmids[i] = b->names.names[(first + i) % b->names.n].pmid;
    struct course courses[] = {
        {"description", true, pmids, 1},
        {"one metric", false, pmids, 1},
        {"metrics", false, pmids, n},
    };
    int code = run_all(b, courses, n > 1 ? 3 : 2, o->format);
    free(pmids);
    return code;
}

enum { METRICS = OPTION_OWN, INSTANCES, SECONDS };

static int
take_own(void *own, int option)
{
    struct bench *b = own;

    switch (option) {
    case METRICS:
        return cli_take_uint("--metrics", optarg, 1, MOST_METRICS, &b->n_metrics) ? 1
                                                                                  : -1;
    case INSTANCES:
        return cli_take_uint("--instances", optarg, 1, INT32_MAX, &b->n_instances) ? 1
                                                                                   : -1;
    case SECONDS:
        return cli_take_seconds("--seconds", optarg, &b->run_ms) ? 1 : -1;
    default:
        return 0;
    }
}

int
bench_command(int argc, char **argv)
{
    static const struct option longs[] = {
        {"metrics", required_argument, NULL, METRICS},
        {"instances", required_argument, NULL, INSTANCES},
        {"seconds", required_argument, NULL, SECONDS},
        OPTIONS_LONG,
        {NULL, 0, NULL, 0}};
    struct bench b = {.run_ms = DEFAULT_MS};
    struct options o;

    if (!options_read(&o, argc, argv, ":" OPTIONS_SHORT, longs, take_own, &b))
        return CLI_MISUSED;
    int code = CLI_LOST;
    if (session_open(&b.session, &o) < 0)
        cli_say("%s", b.session.why);
    else
        code = names_find(&b.session, &o, &b.names);
    if (code == CLI_DONE && b.names.n == 0) {
        cli_say("there are no metrics to ask for");
        code = CLI_FAILED;
    }
    if (code == CLI_DONE)
        code = bench(&b, &o);
    session_close(&b.session);
    pmns_free(&b.names);
    free(b.samples);
    return code;
}
