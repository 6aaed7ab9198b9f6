/* SPDX-License-Identifier: MIT */
/* What one answer alone does not show: which instances a profile lets through, and what
 * many fetches leave behind. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

/* ---- profiles ---- */

/* Instances with values, as a fetch has them. */
struct seen {
    size_t n;
    bool has_it;   /* the one that the subject knows */
    int32_t other; /* one that is another, or PMDALOOP_NO_INST */
};

/* Choose instances, and fetch. False: the session is over, or the metric is refused. */
static bool
look(struct subject *s, bool none_else, const struct pmdaloop_probe_filter *filters,
     size_t n, struct seen *ret, struct verdict *v)
{
    const struct pmdaloop_probe_event *event;
    struct pmdaloop_probe *probe = s->session.probe;

    *ret = (struct seen){.other = PMDALOOP_NO_INST};
    (void)pmdaloop_probe_profile(probe, none_else, filters, n);
    if (session_await(&s->session, pmdaloop_probe_fetch_start(probe, &s->indom_pmid, 1),
                      &event) < 0) {
        s->is_up = false;
        verdict_say(v, FAIL, "%.200s", s->session.why);
        return false;
    }
    for (size_t i = 0; event->err == 0 && i < event->n_items; i++) {
        if (!event->items[i].has_value)
            continue;
        ret->n++;
        if (event->items[i].inst == s->inst)
            ret->has_it = true;
        else
            ret->other = event->items[i].inst;
    }
    return event->err == 0 && event->code == 0;
}

static bool
look_at_all(struct subject *s, struct seen *ret, struct verdict *v)
{
    return look(s, false, NULL, 0, ret, v);
}

static void
one_alone(struct subject *s, struct verdict *v)
{
    const struct pmdaloop_probe_filter this = {
        .indom = s->indom, .only_these = 1, .insts = &s->inst, .n_insts = 1};
    struct seen all, got;

    if (!look_at_all(s, &all, v) || !look(s, true, &this, 1, &got, v))
        return;
    if (got.other != PMDALOOP_NO_INST)
        verdict_say(v, FAIL, "instance %d has a value, though %d alone was wanted",
                    (int)got.other, (int)s->inst);
    if (got.n > 1 && got.other == PMDALOOP_NO_INST)
        verdict_say(v, FAIL, "instance %d has %zu values", (int)s->inst, got.n);
    if (all.has_it && !got.has_it)
        verdict_say(v, WARN, "instance %d, which was wanted, has no value any more",
                    (int)s->inst);
    (void)look_at_all(s, &all, v);
}

static void
all_but_one(struct subject *s, struct verdict *v)
{
    const struct pmdaloop_probe_filter others = {
        .indom = s->indom, .only_these = 0, .insts = &s->inst, .n_insts = 1};
    struct seen all, got;

    if (!look_at_all(s, &all, v) || !look(s, false, &others, 1, &got, v))
        return;
    if (got.has_it)
        verdict_say(v, FAIL, "instance %d has a value, though all but it were wanted",
                    (int)s->inst);
    if (all.other != PMDALOOP_NO_INST && got.other == PMDALOOP_NO_INST)
        verdict_say(v, WARN, "the others have no values any more");
    (void)look_at_all(s, &all, v);
}

static void
none_and_all_again(struct subject *s, struct verdict *v)
{
    struct seen before, none, after;

    if (!look_at_all(s, &before, v) || !look(s, true, NULL, 0, &none, v))
        return;
    if (none.n > 0)
        verdict_say(v, FAIL, "%zu instances have values, though none was wanted",
                    none.n);
    if (look_at_all(s, &after, v) && before.has_it && !after.has_it)
        verdict_say(v, WARN, "instance %d has no value when it is wanted again",
                    (int)s->inst);
}

/* ---- memory ---- */

enum {
    ROUNDS = 5000,
    PHASE_MS = 300,
    PHASES = 4, /* the first of which is to warm up */
    FEW = 100,  /* rounds, that are too few to tell */
    MOST_METRICS = 1000,
    GROWTH_BYTES = 64 << 10 /* in each phase */
};

/* What the agent holds in memory now; 0 where the system does not tell. */
static uint64_t
resident_bytes(const struct subject *s)
{
    char path[64];
    unsigned long long size, resident = 0;

    snprintf(path, sizeof(path), "/proc/%d/statm", s->session.pid);
    FILE *f = s->session.pid > 0 ? fopen(path, "r") : NULL;
    if (!f)
        return 0;
    if (fscanf(f, "%19llu %19llu", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return (uint64_t)resident * 4096;
}

/* Fetches, for a while. How many, or 0 when the session is over. */
static unsigned
fetch_on(struct subject *s, const uint32_t *pmids, size_t n)
{
    const struct pmdaloop_probe_event *event;
    uint64_t end = session_now_ms() + PHASE_MS;
    unsigned done = 0;

    while (done < ROUNDS && (done == 0 || session_now_ms() < end)) {
        int number = pmdaloop_probe_fetch_start(s->session.probe, pmids, n);
        if (session_await(&s->session, number, &event) < 0) {
            s->is_up = false;
            return 0;
        }
        done++;
    }
    return done;
}

static void
many_fetches(struct subject *s, struct verdict *v)
{
    size_t n = s->metrics.n < MOST_METRICS ? s->metrics.n : MOST_METRICS;
    uint32_t *pmids = calloc(n + 1, sizeof(*pmids));
    uint64_t before = 0, least = UINT64_MAX;
    unsigned rounds = 0;

    for (size_t i = 0; pmids && i < n; i++)
        pmids[i] = s->metrics.names[i].pmid;
    /* Where some metric is slow, the one that all trials ask for has to do. */
    if (pmids && s->has_metric && fetch_on(s, pmids, n) < FEW) {
        pmids[0] = s->desc.pmid;
        n = 1;
    }
    for (int phase = 0; pmids && phase < PHASES && s->is_up; phase++) {
        rounds = fetch_on(s, pmids, n);
        uint64_t now = resident_bytes(s), growth = now > before ? now - before : 0;
        if (phase > 0 && growth < least)
            least = growth;
        before = now;
    }
    free(pmids);
    if (!s->is_up)
        verdict_say(v, FAIL, "%.200s", s->session.why);
    else if (rounds > 0 && least != UINT64_MAX && least >= GROWTH_BYTES)
        verdict_say(v, FAIL,
                    "it grows by some %llu bytes with each fetch of %zu metrics",
                    (unsigned long long)(least / rounds), n);
}

/* ---- all of them ---- */

typedef void run_fn(struct subject *s, struct verdict *v);

static bool
try(const char *group, const char *name, run_fn *run, trial_fn *each, void *own)
{
    struct trial t = {.group = group, .run = run};

    snprintf(t.name, sizeof(t.name), "%s", name);
    return each(own, &t);
}

bool
trials_long(const struct subject *s, trial_fn *each, void *own)
{
    bool has_instances = s->indom != (uint32_t)PMDALOOP_NO_INDOM && s->inst >= 0;

    if (has_instances &&
        (!try("profiles", "one instance alone", one_alone, each, own) ||
         !try("profiles", "all instances but one", all_but_one, each, own) ||
         !try("profiles", "no instance, and all again", none_and_all_again, each, own)))
        return false;
    return s->metrics.n == 0 || resident_bytes(s) == 0 ||
           try("memory", "over many fetches", many_fetches, each, own);
}
