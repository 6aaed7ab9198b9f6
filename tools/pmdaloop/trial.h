/* SPDX-License-Identifier: MIT */
#ifndef TRIAL_H
#define TRIAL_H

/* One PDU sent to an agent under test, and a verdict on what comes of it. */
#include "names.h"

#include <bytekit/wr.h>

/* PDUs, by their numbers on the wire. */
enum {
    PDU_ERROR = 0x7000,
    PDU_RESULT,
    PDU_PROFILE,
    PDU_FETCH,
    PDU_DESC_REQ,
    PDU_DESC,
    PDU_INSTANCE_REQ,
    PDU_INSTANCE,
    PDU_TEXT_REQ,
    PDU_TEXT,
    PDU_CONTROL_REQ,
    PDU_CREDS = 0x700c,
    PDU_PMNS_IDS,
    PDU_PMNS_NAMES,
    PDU_PMNS_CHILD,
    PDU_PMNS_TRAVERSE,
    PDU_ATTR,
    PDU_LABEL_REQ,
    PDU_LABEL,
    PDU_HIGHRES_FETCH
};

/* The agent, and what is known of it. */
struct subject {
    const struct options *options;
    struct session session;
    bool is_up;
    unsigned restarts;
    struct pmns metrics;
    uint32_t domain;
    bool has_metric; /* whose description is asked for between trials */
    struct pmdaloop_desc desc;
    uint32_t indom; /* of some metric, or PMDALOOP_NO_INDOM */
    int32_t inst;   /* one of its instances, or PMDALOOP_NO_INST */
    char inst_name[256];
    uint32_t indom_pmid; /* that metric */
};

enum grade { PASS, WARN, FAIL };

struct verdict {
    enum grade grade;
    char why[256];
};

/* What has to come of a PDU. */
enum want {
    WANT_REPLY,   /* exactly one: of the trial's type, or an ERROR */
    WANT_SILENCE, /* none, and the session goes on */
    WANT_END      /* the agent leaves; it may wait for more */
};

struct trial {
    const char *group;
    char name[96];
    enum want want;
    int32_t reply; /* its type */
    bool is_bad;   /* an answer as to a good one is worth a word */
    uint8_t bytes[512];
    size_t len;
    /* A good request to be answered first: what it leaves behind may be what a bad one
     * trips over. Or NULL. */
    const struct trial *before;
    /* Looks at a reply that is of the right type, or an ERROR. May be NULL. */
    void (*judge)(const struct subject *s, const struct pmdaloop_probe_event *event,
                  struct verdict *v);
    /* Instead of all that: what takes more than one PDU. Or NULL. */
    void (*run)(struct subject *s, struct verdict *v);
};

/* Put the agent into a state to be asked. 0, or why not is in s->session.why. */
int subject_up(struct subject *s);

void trial_run(struct subject *s, const struct trial *t, struct verdict *v);
/* A grade that is worse than the one so far, and why. */
void verdict_say(struct verdict *v, enum grade grade, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A PDU into a trial: its head, then words by wr_u32(), then its length. */
struct wr trial_begin(struct trial *t, int32_t type);
void trial_end(struct trial *t, struct wr *w);

/* trials_good.c, trials_long.c, trials_bad.c: each trial that there is, to `each`, until it says stop. */
typedef bool trial_fn(void *own, struct trial *t);
bool trials_good(const struct subject *s, trial_fn *each, void *own);
bool trials_long(const struct subject *s, trial_fn *each, void *own);
bool trials_bad(const struct subject *s, trial_fn *each, void *own);

#endif
