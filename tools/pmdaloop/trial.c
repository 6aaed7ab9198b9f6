/* SPDX-License-Identifier: MIT */
/* One PDU sent to an agent under test, and a verdict on what comes of it. */
#include "trial.h"

#include "show.h"

#include <bytekit/rd.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>

void
verdict_say(struct verdict *v, enum grade grade, const char *format, ...)
{
    va_list args;

    if (grade <= v->grade)
        return;
    v->grade = grade;
    va_start(args, format);
    vsnprintf(v->why, sizeof(v->why), format, args);
    va_end(args);
}

struct wr
trial_begin(struct trial *t, int32_t type)
{
    struct wr w = wr_over(t->bytes, sizeof(t->bytes));

    wr_u32(&w, 0);
    wr_u32(&w, (uint32_t)type);
    wr_u32(&w, 0);
    return w;
}

void
trial_end(struct trial *t, struct wr *w)
{
    t->len = wr_len(w);
    wr_be32(t->bytes, (uint32_t)t->len);
}

int
subject_up(struct subject *s)
{
    if (s->is_up)
        return 0;
    if (s->session.options)
        session_close(&s->session);
    int err = session_open(&s->session, s->options);
    if (err == 0) {
        /* One that is not ready would refuse every trial. */
        const struct pmdaloop_probe_event *event;
        int number = pmdaloop_probe_desc_start(s->session.probe,
                                               PMDALOOP_PMID(s->domain, 4095, 1023));
        err = session_await(&s->session, number, &event);
    }
    s->is_up = err == 0;
    return err;
}

/* ---- what comes ---- */

static int32_t
type_of(const struct pmdaloop_probe_event *event)
{
    return event->pdu_bytes >= 12 ? (int32_t)rd_be32((const uint8_t *)event->pdu + 4)
                                  : 0;
}

/* The next event, or NULL when the time is up. */
static const struct pmdaloop_probe_event *
next_event(struct subject *s, uint64_t timeout_ms)
{
    struct pmdaloop_probe *probe = s->session.probe;
    uint64_t end = session_now_ms() + timeout_ms;

    for (;;) {
        const struct pmdaloop_probe_event *event = pmdaloop_probe_next(probe);
        uint64_t now = session_now_ms();
        if (event || now >= end)
            return event;
        (void)pmdaloop_probe_wait(probe, (int)(end - now));
    }
}

/* The session is over: how did the agent take it? */
static void
judge_end(struct subject *s, const struct pmdaloop_probe_event *event,
          struct verdict *v)
{
    char how[96];

    s->is_up = false;
    if (event->err == -ETIMEDOUT) {
        verdict_say(v, FAIL, "no answer within %llu ms",
                    (unsigned long long)s->options->timeout_ms);
        return;
    }
    for (unsigned i = 0; i < 200 && !session_has_ended(&s->session) && s->session.pid;
         i++)
        session_sleep_ms(5);
    session_describe_end(&s->session, how, sizeof(how));
    verdict_say(v, FAIL, "the session is over: %s%s%s", how, event->err ? "; " : "",
                event->err ? pmdaloop_probe_errmsg(s->session.probe) : "");
}

/* Between trials the agent must be in step: a question with one known answer. */
static void
check_step(struct subject *s, const struct trial *t, struct verdict *v)
{
    uint32_t pmid = s->has_metric ? s->desc.pmid : PMDALOOP_PMID(s->domain, 4095, 1023);
    int number = pmdaloop_probe_desc_start(s->session.probe, pmid);
    bool was_bad = t->is_bad || t->want == WANT_SILENCE;

    for (;;) {
        const struct pmdaloop_probe_event *event =
            next_event(s, s->options->timeout_ms + 100);
        if (!event || event->kind == PMDALOOP_PROBE_CLOSED) {
            struct pmdaloop_probe_event late = {.err = -ETIMEDOUT};
            judge_end(s, event ? event : &late, v);
            return;
        }
        if (event->kind == PMDALOOP_PROBE_REPLY && event->number == (uint32_t)number &&
            (s->has_metric ? type_of(event) == PDU_DESC && event->desc.pmid == pmid
                           : event->err == 0))
            return;
        s->is_up = false; /* nothing it says can be told apart any more */
        verdict_say(v, FAIL, "%s: it is out of step from now on",
                    was_bad && t->want == WANT_SILENCE
                        ? "it answers what no answer is due to"
                        : "it answers twice, or wrongly the question behind");
        return;
    }
}

static void
judge_reply(const struct subject *s, const struct trial *t,
            const struct pmdaloop_probe_event *event, struct verdict *v)
{
    int32_t type = type_of(event);

    if (type != PDU_ERROR && type != t->reply) {
        verdict_say(v, FAIL, "the answer is of type 0x%x, not 0x%x", (unsigned)type,
                    (unsigned)t->reply);
    } else if (event->err) {
        verdict_say(v, FAIL, "the answer is malformed: %s",
                    pmdaloop_strerror(event->err));
    } else if (type == PDU_ERROR && event->code >= 0 && t->reply != PDU_ERROR) {
        verdict_say(v, FAIL, "an ERROR that says %d, which is none", event->code);
    } else {
        if (t->is_bad && type != PDU_ERROR)
            verdict_say(v, WARN, "it is answered as if it were whole");
        if (t->judge)
            t->judge(s, event, v);
    }
}

/* ---- the three kinds ---- */

/* Its reply, or NULL when the session is over, which is judged. */
static const struct pmdaloop_probe_event *
send_and_wait(struct subject *s, const struct trial *t, struct verdict *v)
{
    struct pmdaloop_probe_event late = {.err = -ETIMEDOUT};

    (void)pmdaloop_probe_raw_start(s->session.probe, t->bytes, t->len);
    const struct pmdaloop_probe_event *event =
        next_event(s, s->options->timeout_ms + 100);
    if (event && event->kind != PMDALOOP_PROBE_CLOSED)
        return event;
    judge_end(s, event ? event : &late, v);
    return NULL;
}

static void
want_reply(struct subject *s, const struct trial *t, struct verdict *v)
{
    if (t->before && !send_and_wait(s, t->before, v))
        return;
    const struct pmdaloop_probe_event *event = send_and_wait(s, t, v);
    if (!event)
        return;
    judge_reply(s, t, event, v);
    check_step(s, t, v);
}

static void
want_end(struct subject *s, const struct trial *t, struct verdict *v)
{
    enum { PATIENCE_MS = 500 };

    (void)pmdaloop_probe_raw(s->session.probe, t->bytes, t->len);
    const struct pmdaloop_probe_event *event = next_event(s, PATIENCE_MS);
    s->is_up = false;
    if (event && event->kind != PMDALOOP_PROBE_CLOSED) {
        verdict_say(v, WARN, "it answers, though nothing can be in step behind this");
        return;
    }
    if (!event) /* it waits, as for a PDU that is not whole */
        return;
    for (unsigned i = 0; i < 200 && !session_has_ended(&s->session) && s->session.pid;
         i++)
        session_sleep_ms(5);
    if (s->session.has_ended && WIFSIGNALED(s->session.status)) {
        char how[96];
        session_describe_end(&s->session, how, sizeof(how));
        verdict_say(v, FAIL, "%s", how);
    }
}

void
trial_run(struct subject *s, const struct trial *t, struct verdict *v)
{
    *v = (struct verdict){.grade = PASS};
    if (subject_up(s) < 0) {
        verdict_say(v, FAIL, "the agent does not start again: %.180s", s->session.why);
        return;
    }
    if (t->run) {
        t->run(s, v);
        s->restarts += !s->is_up;
        return;
    }
    switch (t->want) {
    case WANT_REPLY:
        want_reply(s, t, v);
        break;
    case WANT_SILENCE:
        (void)pmdaloop_probe_raw(s->session.probe, t->bytes, t->len);
        check_step(s, t, v);
        break;
    case WANT_END:
        want_end(s, t, v);
        break;
    }
    if (!s->is_up)
        s->restarts++;
}
