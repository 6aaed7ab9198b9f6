/* SPDX-License-Identifier: MIT */
/* Questions that pmcd asks, and those about what is not there. */
#include "trial.h"

#include "show.h"

#include <bytekit/rd.h>
#include <cJSON.h>
#include <string.h>

static int32_t
type_of(const struct pmdaloop_probe_event *event)
{
    return (int32_t)rd_be32((const uint8_t *)event->pdu + 4);
}

/* ---- judges ---- */

static void
must_answer(const struct subject *s, const struct pmdaloop_probe_event *event,
            struct verdict *v)
{
    (void)s;
    if (type_of(event) == PDU_ERROR)
        verdict_say(v, FAIL, "refused: %s", show_code(event->code));
}

static void
may_refuse(const struct subject *s, const struct pmdaloop_probe_event *event,
           struct verdict *v)
{
    (void)s;
    (void)event;
    (void)v;
}

static void
must_refuse(const struct pmdaloop_probe_event *event, int code, struct verdict *v)
{
    char expected[128];

    snprintf(expected, sizeof(expected), "%s", show_code(code)); /* one static buffer */
    if (type_of(event) != PDU_ERROR)
        verdict_say(v, FAIL, "it is answered, though there is no such thing");
    else if (event->code != code)
        verdict_say(v, WARN, "refused with %d, '%s', not with %d, '%s'", event->code,
                    show_code(event->code), code, expected);
}

/* pmcd asks each agent about its own domain alone. */
static void
not_its_own(const struct subject *s, const struct pmdaloop_probe_event *event,
            struct verdict *v)
{
    (void)s;
    if (type_of(event) != PDU_ERROR)
        verdict_say(v, WARN, "it is answered as if it were its own");
}

static void
no_such_pmid(const struct subject *s, const struct pmdaloop_probe_event *event,
             struct verdict *v)
{
    (void)s;
    must_refuse(event, PMDALOOP_PM_PMID, v);
}

static void
no_such_indom(const struct subject *s, const struct pmdaloop_probe_event *event,
              struct verdict *v)
{
    (void)s;
    must_refuse(event, PMDALOOP_PM_INDOM, v);
}

static void
no_such_inst(const struct subject *s, const struct pmdaloop_probe_event *event,
             struct verdict *v)
{
    (void)s;
    must_refuse(event, PMDALOOP_PM_INST, v);
}

static void
no_such_name(const struct subject *s, const struct pmdaloop_probe_event *event,
             struct verdict *v)
{
    (void)s;
    must_refuse(event, PMDALOOP_PM_NAME, v);
}

static void
is_refused(const struct subject *s, const struct pmdaloop_probe_event *event,
           struct verdict *v)
{
    (void)s;
    if (event->code >= 0)
        verdict_say(v, FAIL,
                    "a store into a metric that is not there is said to be done");
}

static void
good_desc(const struct subject *s, const struct pmdaloop_probe_event *event,
          struct verdict *v)
{
    const struct pmdaloop_desc *d = &event->desc;
    bool has_indom = d->indom != (uint32_t)PMDALOOP_NO_INDOM;

    must_answer(s, event, v);
    if (v->grade == FAIL)
        return;
    if (d->type < PMDALOOP_NOSUPPORT || d->type > PMDALOOP_HIGHRES_EVENT)
        verdict_say(v, FAIL, "its type is %d", (int)d->type);
    if (d->sem != PMDALOOP_COUNTER && d->sem != PMDALOOP_INSTANT &&
        d->sem != PMDALOOP_DISCRETE)
        verdict_say(v, FAIL, "its semantics are %d", (int)d->sem);
    if (has_indom && d->indom >> 22 != s->domain)
        verdict_say(v, WARN, "its instance domain is of another agent: %u.%u",
                    (unsigned)d->indom >> 22, (unsigned)d->indom & 0x3fffff);
}

/* One metric, which the question named at offset 28: its values, or why there are none. */
static void
good_result(const struct subject *s, const struct pmdaloop_probe_event *event,
            struct verdict *v)
{
    const uint8_t *pdu = event->pdu;

    must_answer(s, event, v);
    if (v->grade == FAIL)
        return;
    uint32_t sec = rd_be32(pdu + 12), usec = rd_be32(pdu + 16), n = rd_be32(pdu + 20);
    if ((sec & ~UINT32_C(24)) != 0 || usec != 0)
        verdict_say(v, WARN, "its time is %u.%06u, where pmcd wants notes of changes",
                    (unsigned)sec, (unsigned)usec);
    if (n != 1)
        verdict_say(v, FAIL,
                    "%u metrics, where one was asked for: pmcd drops the agent",
                    (unsigned)n);
    for (size_t i = 0; i < event->n_items; i++)
        if (event->items[i].code > 0)
            verdict_say(v, FAIL, "its number of values is %d", event->items[i].code);
}

static void
good_instances(const struct subject *s, const struct pmdaloop_probe_event *event,
               struct verdict *v)
{
    must_answer(s, event, v);
    for (size_t i = 0; i < event->n_items && v->grade == PASS; i++) {
        if (event->items[i].inst < 0)
            verdict_say(v, FAIL, "an instance has the number %d",
                        (int)event->items[i].inst);
        if (event->items[i].name_len == 0)
            verdict_say(v, WARN, "instance %d has no name", (int)event->items[i].inst);
    }
}

static void
good_labels(const struct subject *s, const struct pmdaloop_probe_event *event,
            struct verdict *v)
{
    (void)s;
    for (size_t i = 0; i < event->n_items; i++) {
        const struct pmdaloop_probe_item *set = &event->items[i];
        cJSON *json = set->name_len ? cJSON_ParseWithOpts(set->name, NULL, 1) : NULL;
        if (set->code > 0 && !cJSON_IsObject(json))
            verdict_say(v, FAIL, "labels that are no JSON object");
        cJSON_Delete(json);
    }
}

/* ---- questions ---- */

typedef void judge_fn(const struct subject *s, const struct pmdaloop_probe_event *event,
                      struct verdict *v);

struct asker {
    trial_fn *each;
    void *own;
    bool stopped;
};

/* A PDU of up to four words and a name; a question asks for `reply`, 0 for silence. */
static void
ask(struct asker *a, const char *group, const char *name, int32_t type, int32_t reply,
    judge_fn *judge, const uint32_t *words, size_t n_words, const char *text)
{
    struct trial t = {.group = group,
                      .want = reply ? WANT_REPLY : WANT_SILENCE,
                      .reply = reply,
                      .judge = judge};
    size_t len = text ? strlen(text) : 0;

    if (a->stopped)
        return;
    snprintf(t.name, sizeof(t.name), "%s", name);
    struct wr w = trial_begin(&t, type);
    for (size_t i = 0; i < n_words; i++)
        wr_u32(&w, words[i]);
    if (text && type != PDU_ATTR)
        wr_u32(&w, (uint32_t)len);
    if (text)
        wr_bytes(&w, text, len);
    if (type != PDU_ATTR)
        wr_zeros(&w, (4 - len % 4) % 4);
    trial_end(&t, &w);
    a->stopped = !a->each(a->own, &t);
}

#define WORDS(...)                                                                     \
    (const uint32_t[]){__VA_ARGS__},                                                   \
        sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)

static void
ask_metrics(struct asker *a, const struct subject *s)
{
    enum { MOST = 1000 };
    uint32_t nowhere = PMDALOOP_PMID(s->domain, 4095, 1023);
    uint32_t foreign = PMDALOOP_PMID(s->domain == 1 ? 2 : 1, 0, 0);

    for (size_t i = 0; i < s->metrics.n && i < MOST; i++) {
        const struct pmns_name *m = &s->metrics.names[i];
        char name[96];
        snprintf(name, sizeof(name), "description of %.70s", m->name);
        ask(a, "metrics", name, PDU_DESC_REQ, PDU_DESC, good_desc, WORDS(m->pmid),
            NULL);
        snprintf(name, sizeof(name), "values of %.70s", m->name);
        ask(a, "metrics", name, PDU_FETCH, PDU_RESULT, good_result,
            WORDS(0, 0, 0, 1, m->pmid), NULL);
    }
    ask(a, "metrics", "description of what is not there", PDU_DESC_REQ, PDU_DESC,
        no_such_pmid, WORDS(nowhere), NULL);
    ask(a, "metrics", "description of another agent's metric", PDU_DESC_REQ, PDU_DESC,
        not_its_own, WORDS(foreign), NULL);
    ask(a, "metrics", "values of what is not there", PDU_FETCH, PDU_RESULT, good_result,
        WORDS(0, 0, 0, 1, nowhere), NULL);
    ask(a, "metrics", "values of another agent's metric", PDU_FETCH, PDU_RESULT,
        good_result, WORDS(0, 0, 0, 1, foreign), NULL);
    ask(a, "metrics", "store into what is not there", PDU_RESULT, PDU_ERROR, is_refused,
        WORDS(0, 0, 1, nowhere, 1, 0, UINT32_MAX, 1), NULL);
}

static void
ask_instances(struct asker *a, const struct subject *s)
{
    uint32_t nowhere = PMDALOOP_INDOM(s->domain, 0x3fffff);
    const uint32_t all = UINT32_MAX;

    ask(a, "instances", "of a domain that is not there", PDU_INSTANCE_REQ, PDU_INSTANCE,
        no_such_indom, WORDS(nowhere, 0, 0, all), "");
    ask(a, "instances", "of no domain, PM_INDOM_NULL", PDU_INSTANCE_REQ, PDU_INSTANCE,
        no_such_indom, WORDS(UINT32_MAX, 0, 0, all), "");
    ask(a, "instances", "number 0 of no domain, PM_INDOM_NULL", PDU_INSTANCE_REQ,
        PDU_INSTANCE, no_such_indom, WORDS(UINT32_MAX, 0, 0, 0), "");
    if (s->indom == (uint32_t)PMDALOOP_NO_INDOM)
        return;
    ask(a, "instances", "all", PDU_INSTANCE_REQ, PDU_INSTANCE, good_instances,
        WORDS(s->indom, 0, 0, all), "");
    ask(a, "instances", "by a number that is not there", PDU_INSTANCE_REQ, PDU_INSTANCE,
        no_such_inst, WORDS(s->indom, 0, 0, 0x7ffffff0), "");
    ask(a, "instances", "by a name that is not there", PDU_INSTANCE_REQ, PDU_INSTANCE,
        no_such_inst, WORDS(s->indom, 0, 0, all), "no such instance");
    if (s->inst < 0)
        return;
    ask(a, "instances", "by number", PDU_INSTANCE_REQ, PDU_INSTANCE, must_answer,
        WORDS(s->indom, 0, 0, (uint32_t)s->inst), "");
    ask(a, "instances", "by name", PDU_INSTANCE_REQ, PDU_INSTANCE, must_answer,
        WORDS(s->indom, 0, 0, all), s->inst_name);
}

static void
ask_words(struct asker *a, const struct subject *s)
{
    static const struct {
        const char *name;
        uint32_t kind;
    } labels[] = {{"of the context", 1},        {"of the agent", 2},
                  {"of an instance domain", 4}, {"of a cluster", 8},
                  {"of a metric", 16},          {"of instances", 32}};
    uint32_t nowhere = PMDALOOP_PMID(s->domain, 4095, 1023);

    for (uint32_t kind = 1; kind <= 2; kind++) {
        const char *name = kind == 1 ? "one line on a metric" : "help on a metric";
        ask(a, "help", name, PDU_TEXT_REQ, PDU_TEXT, may_refuse,
            WORDS(s->has_metric ? s->desc.pmid : nowhere, kind | 4), NULL);
        ask(a, "help", kind == 1 ? "one line on an instance domain" : "help on one",
            PDU_TEXT_REQ, PDU_TEXT, may_refuse, WORDS(s->indom, kind | 8), NULL);
    }
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        uint32_t kind = labels[i].kind;
        uint32_t ident = kind == 1   ? UINT32_MAX
                         : kind == 2 ? s->domain
                         : kind == 4 || kind == 32
                             ? s->indom
                             : (s->has_metric ? s->desc.pmid : nowhere);
        ask(a, "labels", labels[i].name, PDU_LABEL_REQ, PDU_LABEL, good_labels,
            WORDS(ident, kind), NULL);
    }
    ask(a, "names", "number of a name that is not there", PDU_PMNS_NAMES, PDU_PMNS_IDS,
        no_such_name, WORDS(16, 0, 1), "no.such.metric.");
    ask(a, "names", "name of a number that is not there", PDU_PMNS_IDS, PDU_PMNS_NAMES,
        no_such_pmid, WORDS(0, 1, nowhere), NULL);
    ask(a, "names", "children of what is not there", PDU_PMNS_CHILD, PDU_PMNS_NAMES,
        no_such_name, WORDS(1), "no.such.node");
    ask(a, "names", "what is below what is not there", PDU_PMNS_TRAVERSE,
        PDU_PMNS_NAMES, no_such_name, WORDS(0), "no.such.node");
}

static void
say_things(struct asker *a, const struct subject *s)
{
    const uint32_t not_connected = (uint32_t)PMDALOOP_PM_NOTCONN;

    ask(a, "no answer due", "profile: nothing", PDU_PROFILE, 0, NULL, WORDS(0, 1, 0, 0),
        NULL);
    ask(a, "no answer due", "profile: one instance", PDU_PROFILE, 0, NULL,
        WORDS(0, 1, 1, 0, s->indom, 1, 1, 0, 0), NULL);
    ask(a, "no answer due", "profile: all", PDU_PROFILE, 0, NULL, WORDS(0, 0, 0, 0),
        NULL);
    ask(a, "no answer due", "a client's user", PDU_ATTR, 0, NULL, WORDS(11), "1000");
    ask(a, "no answer due", "an attribute without a value", PDU_ATTR, 0, NULL, WORDS(5),
        NULL);
    ask(a, "no answer due", "a client has gone", PDU_ERROR, 0, NULL,
        WORDS(not_connected), NULL);
    ask(a, "no answer due", "an error of pmcd's", PDU_ERROR, 0, NULL,
        WORDS((uint32_t)PMDALOOP_PM_GENERIC), NULL);
    ask(a, "no answer due", "a version once more", PDU_CREDS, 0, NULL,
        WORDS(1, 0x01020000), NULL);
    ask(a, "no answer due", "type CONTROL_REQ, never used", PDU_CONTROL_REQ, 0, NULL,
        WORDS(0, 0), NULL);
    ask(a, "no answer due", "type HIGHRES_FETCH, for pmcd alone", PDU_HIGHRES_FETCH, 0,
        NULL, WORDS(0, 0, 0, 0), NULL);
    for (int32_t type = 0x7018; type < 0x7030; type += 8) {
        char name[64];
        snprintf(name, sizeof(name), "type 0x%x, unknown", (unsigned)type);
        ask(a, "no answer due", name, type, 0, NULL, WORDS(0, 0, 0), NULL);
    }
}

bool
trials_good(const struct subject *s, trial_fn *each, void *own)
{
    struct asker a = {.each = each, .own = own};

    ask_metrics(&a, s);
    ask_instances(&a, s);
    ask_words(&a, s);
    say_things(&a, s);
    return !a.stopped;
}
