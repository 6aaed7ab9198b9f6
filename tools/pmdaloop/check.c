/* SPDX-License-Identifier: MIT */
/* pmdaloop check: every PDU, good and malformed, and a verdict each. */
#include "commands.h"
#include "show.h"
#include "trial.h"

#include <stdlib.h>
#include <string.h>

struct report {
    struct subject subject;
    bool verbose;
    enum cli_format format;
    const char *group; /* whose trials are counted now */
    unsigned in_group[3], all[3];
    cJSON *trials;
    int code;
};

static const char *const grades[] = {"pass", "warn", "FAIL"};

static void
end_group(struct report *r)
{
    if (r->group && r->format == CLI_TEXT)
        printf("%-14s %4u passed  %3u warned  %3u failed\n", r->group,
               r->in_group[PASS], r->in_group[WARN], r->in_group[FAIL]);
    memset(r->in_group, 0, sizeof(r->in_group));
}

static void
put_text(const struct report *r, const struct trial *t, const struct verdict *v)
{
    if (v->grade == PASS && !r->verbose)
        return;
    printf("  %s  %s: ", grades[v->grade], t->group);
    cli_put_safe(stdout, t->name, strlen(t->name));
    if (v->grade != PASS) {
        fputs(": ", stdout);
        cli_put_safe(stdout, v->why, strlen(v->why));
    }
    fputc('\n', stdout);
}

static cJSON *
to_json(const struct trial *t, const struct verdict *v)
{
    static const char *const words[] = {"pass", "warn", "fail"};
    cJSON *one = cJSON_CreateObject();

    cJSON_AddStringToObject(one, "group", t->group);
    cJSON_AddStringToObject(one, "trial", t->name);
    cJSON_AddStringToObject(one, "verdict", words[v->grade]);
    if (v->grade != PASS)
        cJSON_AddStringToObject(one, "why", v->why);
    return one;
}

static bool
take_trial(void *own, struct trial *t)
{
    struct report *r = own;
    struct verdict v;

    if (!r->group || strcmp(r->group, t->group) != 0)
        end_group(r);
    r->group = t->group;
    trial_run(&r->subject, t, &v);
    r->in_group[v.grade]++;
    r->all[v.grade]++;
    if (r->format == CLI_TEXT)
        put_text(r, t, &v);
    else if (r->format == CLI_JSONL)
        json_put_line(stdout, to_json(t, &v));
    else
        cJSON_AddItemToArray(r->trials, to_json(t, &v));
    /* An agent that can't be started again has shown enough. */
    if (!r->subject.is_up && subject_up(&r->subject) < 0) {
        cli_say("the agent does not start again: %s", r->subject.session.why);
        r->code = CLI_LOST;
        return false;
    }
    return true;
}

/* ---- what there is to ask about ---- */

static void
learn_instance(struct subject *s)
{
    const struct pmdaloop_probe_event *event;
    int number = pmdaloop_probe_instance_start(s->session.probe, s->indom,
                                               PMDALOOP_NO_INST, NULL);

    if (session_await(&s->session, number, &event) < 0) {
        s->is_up = false;
    } else if (event->err == 0 && event->n_items > 0) {
        s->inst = event->items[0].inst;
        snprintf(s->inst_name, sizeof(s->inst_name), "%s", event->items[0].name);
    }
}

/* A metric to ask for between trials, and one with instances. */
static void
learn(struct subject *s)
{
    const struct pmdaloop_probe_event *event;

    for (size_t i = 0; i < s->metrics.n && s->is_up; i++) {
        uint32_t pmid = s->metrics.names[i].pmid;
        s->domain = pmid >> 22;
        if (s->has_metric && s->indom != (uint32_t)PMDALOOP_NO_INDOM)
            break;
        int number = pmdaloop_probe_desc_start(s->session.probe, pmid);
        if (session_await(&s->session, number, &event) < 0) {
            s->is_up = false;
        } else if (event->err == 0 && event->code == 0) {
            if (!s->has_metric)
                s->desc = event->desc;
            s->has_metric = true;
            if (s->indom == (uint32_t)PMDALOOP_NO_INDOM) {
                s->indom = event->desc.indom;
                s->indom_pmid = pmid;
            }
        }
    }
    if (s->is_up && s->indom != (uint32_t)PMDALOOP_NO_INDOM)
        learn_instance(s);
}

static void
put_end(struct report *r)
{
    cJSON *document;

    switch (r->format) {
    case CLI_TEXT:
        end_group(r);
        printf(
            "%u passed, %u warned, %u failed; the agent was started again %u times\n",
            r->all[PASS], r->all[WARN], r->all[FAIL], r->subject.restarts);
        break;
    case CLI_JSON:
        document = cJSON_CreateObject();
        cJSON_AddNumberToObject(document, "passed", r->all[PASS]);
        cJSON_AddNumberToObject(document, "warned", r->all[WARN]);
        cJSON_AddNumberToObject(document, "failed", r->all[FAIL]);
        cJSON_AddNumberToObject(document, "restarts", r->subject.restarts);
        cJSON_AddItemToObject(document, "trials", r->trials);
        r->trials = NULL;
        json_put_document(stdout, document);
        break;
    case CLI_JSONL:
        break;
    }
}

static int
check(struct report *r)
{
    struct subject *s = &r->subject;

    if (subject_up(s) < 0) {
        cli_say("%s", s->session.why);
        return CLI_LOST;
    }
    int code = names_find(&s->session, s->options, &s->metrics);
    if (code != CLI_DONE)
        return code;
    learn(s);
    if (trials_good(s, take_trial, r) && trials_long(s, take_trial, r))
        (void)trials_bad(s, take_trial, r);
    put_end(r);
    return r->code ? r->code : r->all[FAIL] ? CLI_FAILED : CLI_DONE;
}

static int
take_own(void *own, int option)
{
    if (option != 'v')
        return 0;
    ((struct report *)own)->verbose = true;
    return 1;
}

int
check_command(int argc, char **argv)
{
    static const struct option longs[] = {
        {"verbose", no_argument, NULL, 'v'}, OPTIONS_LONG, {NULL, 0, NULL, 0}};
    struct options o;
    struct report r = {
        .subject = {.indom = (uint32_t)PMDALOOP_NO_INDOM, .inst = PMDALOOP_NO_INST}};

    if (!options_read(&o, argc, argv, ":v" OPTIONS_SHORT, longs, take_own, &r))
        return CLI_MISUSED;
    if (!o.agent)
        return cli_misused("check starts the agent again and again: -- PROGRAM");
    /* Its own log would drown the verdicts: it complains of each bad PDU, rightly. */
    o.is_hushed = !r.verbose;
    /* glibc fills memory with this: what was never set, or is free, does not pass for
     * good by chance. */
    (void)setenv("MALLOC_PERTURB_", "165", 0);
    r.subject.options = &o;
    r.subject.domain = o.domain ? o.domain : 1;
    r.format = o.format;
    r.trials = cJSON_CreateArray();
    int code = check(&r);
    session_close(&r.subject.session);
    pmns_free(&r.subject.metrics);
    cJSON_Delete(r.trials);
    return code;
}
