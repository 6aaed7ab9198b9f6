/* SPDX-License-Identifier: MIT */
/* The recorded dialogues once more, with our agent in place of PCP's: what pmcd and dbpmda
 * said goes in, and what comes out is what Debian's agents answered, byte for byte. The
 * sender's pid, and TEXT's ident in the wrong byte order, are left out. */
#include "support/cmocka.h"

#include "pdu.h"
#include "recording.h"

/* The agents' answers are made from the recorded ones, through the public calls. */
struct script {
    struct pmdaloop *pl;
    const struct recorded *reply;
};

static void
answer_fetch(struct script *s, uint32_t number)
{
    struct pl_result r;
    struct pl_set set;
    struct pl_value v;
    struct pmdaloop_value value;

    assert_int_equal(pl_result_decode(s->reply->bytes, s->reply->len, &r), 0);
    if (r.sec)
        assert_int_equal(pmdaloop_announce(s->pl, (int)r.sec), 0);
    while (pl_result_next(&r, &set)) {
        assert_int_equal(
            pmdaloop_reply_metric(s->pl, number, set.numval < 0 ? set.numval : 0), 0);
        while (pl_set_next(&set, &v)) {
            if (set.valfmt == PL_INSITU)
                value =
                    (struct pmdaloop_value){.type = PMDALOOP_U32, .as.u32 = v.insitu};
            else
                assert_int_equal(pl_value_decode(v.type, v.bytes, v.len, &value), 0);
            assert_int_equal(pmdaloop_reply_value(s->pl, number, v.inst, &value), 0);
        }
    }
    assert_int_equal(pmdaloop_reply_end(s->pl, number), 0);
}

/* Names as the reply has them. */
static void
answer_names(struct script *s, uint32_t number)
{
    struct pl_names l;
    struct pl_name name;
    char text[1024];

    assert_int_equal(pl_names_decode(s->reply->bytes, s->reply->len, &l), 0);
    while (pl_names_next(&l, &name)) {
        snprintf(text, sizeof(text), "%.*s", (int)name.len, name.name);
        assert_int_equal(pmdaloop_reply_name(s->pl, number, text, name.status == 0), 0);
    }
    assert_int_equal(pmdaloop_reply_end(s->pl, number), 0);
}

static void
answer_instance(struct script *s, const struct pmdaloop_event *event)
{
    struct pl_instances l;
    struct pl_instance i;
    char text[1024];

    assert_int_equal(pl_instances_decode(s->reply->bytes, s->reply->len, &l), 0);
    while (pl_instances_next(&l, &i)) {
        snprintf(text, sizeof(text), "%.*s", (int)i.len, i.name ? i.name : "");
        assert_int_equal(pmdaloop_reply_instance(s->pl, event->number, i.inst, text),
                         0);
    }
    assert_int_equal(pmdaloop_reply_end(s->pl, event->number), 0);
}

static void
answer_labels(struct script *s, uint32_t number)
{
    struct pl_labels l;
    struct pl_label_set set;
    char text[4096];

    assert_int_equal(pl_labels_decode(s->reply->bytes, s->reply->len, &l), 0);
    while (pl_labels_next(&l, &set)) {
        snprintf(text, sizeof(text), "%.*s", (int)set.json_len,
                 set.json ? set.json : "");
        assert_int_equal(pmdaloop_reply_labels(s->pl, number, set.inst, text), 0);
    }
    assert_int_equal(pmdaloop_reply_end(s->pl, number), 0);
}

static void
answer(struct script *s, const struct pmdaloop_event *event)
{
    uint32_t number = event->number;
    struct pl_text text;
    struct pmdaloop_desc desc;
    struct pl_ids ids;
    int32_t code;
    char help[4096];

    if (strcmp(s->reply->type, "ERROR") == 0) {
        assert_int_equal(pl_error_decode(s->reply->bytes, s->reply->len, &code), 0);
        assert_int_equal(pmdaloop_reply_error(s->pl, number, code), 0);
        return;
    }
    switch (event->kind) {
    case PMDALOOP_FETCH:
        answer_fetch(s, number);
        break;
    case PMDALOOP_DESC:
        assert_int_equal(pl_desc_decode(s->reply->bytes, s->reply->len, &desc), 0);
        assert_int_equal(pmdaloop_reply_desc(s->pl, number, &desc), 0);
        break;
    case PMDALOOP_INSTANCE:
        answer_instance(s, event);
        break;
    case PMDALOOP_TEXT:
        assert_int_equal(pl_text_decode(s->reply->bytes, s->reply->len, &text), 0);
        snprintf(help, sizeof(help), "%.*s", (int)text.len, text.text);
        assert_int_equal(pmdaloop_reply_text(s->pl, number, help), 0);
        break;
    case PMDALOOP_PMID_OF:
        assert_int_equal(pl_ids_decode(s->reply->bytes, s->reply->len, &ids), 0);
        assert_int_equal(pmdaloop_reply_pmid(s->pl, number, rd_be32(ids.pmids)), 0);
        break;
    case PMDALOOP_NAMES_OF:
    case PMDALOOP_CHILDREN:
    case PMDALOOP_TRAVERSE:
        answer_names(s, number);
        break;
    case PMDALOOP_LABELS:
        answer_labels(s, number);
        break;
    default:
        fail_msg("no reply to %d", event->kind);
    }
}

/* What the agent has to say now is this, all of it and no more. */
static void
says(struct pmdaloop *pl, const struct recorded *r)
{
    const void *out;
    size_t len = pmdaloop_get_out(pl, &out);

    assert_int_equal(len, r->len);
    struct hex got = hex_cut(out, len), want = hex_cut(r->bytes, len);
    if (strcmp(r->type, "CREDS") == 0)
        memset(got.bytes + 8, 0, 4), memset(want.bytes + 8, 0, 4);
    if (strcmp(r->type, "TEXT") == 0)
        memset(got.bytes + 12, 0, 4), memset(want.bytes + 12, 0, 4);
    assert_memory_equal(got.bytes, want.bytes, len);
    free(got.bytes);
    free(want.bytes);
    pmdaloop_sent(pl, len);
}

static void
is_silent(struct pmdaloop *pl)
{
    const void *out;
    assert_int_equal(pmdaloop_get_out(pl, &out), 0);
}

static int32_t
code_of(const struct recorded *r)
{
    int32_t code = 0;
    if (strcmp(r->type, "ERROR") == 0)
        assert_int_equal(pl_error_decode(r->bytes, r->len, &code), 0);
    return code;
}

/* The reply that was recorded to request i, or NULL: it got none, or stands elsewhere. */
static const struct recorded *
reply_to(const struct recording *rec, size_t i)
{
    struct pl_head h;

    assert_int_equal(pl_pdu_peek(rec->pdus[i].bytes, rec->pdus[i].len, SIZE_MAX, &h),
                     1);
    if (!pl_pdu_wants_reply(h.type))
        return NULL;
    assert_true(i + 1 < rec->n && rec->pdus[i + 1].dir == '<');
    return &rec->pdus[i + 1];
}

static size_t n_replies;

/* One thing that pmcd said, and what the agent says to it. */
static void
step(struct script *s, const struct recording *rec, size_t i)
{
    const struct recorded *r = &rec->pdus[i];
    const struct pmdaloop_event *event;

    s->reply = reply_to(rec, i);
    if (s->reply && code_of(s->reply) == PMDALOOP_PM_NOTREADY)
        assert_int_equal(pmdaloop_set_ready(s->pl, 0), 0);
    /* In two pieces, as a pipe may bring it. */
    assert_int_equal(pmdaloop_feed(s->pl, r->bytes, r->len / 2), 0);
    event = pmdaloop_next(s->pl);
    assert_null(event);
    assert_int_equal(pmdaloop_feed(s->pl, r->bytes + r->len / 2, r->len - r->len / 2),
                     0);
    while ((event = pmdaloop_next(s->pl)) != NULL)
        if (event->number)
            answer(s, event);
    if (s->reply) {
        says(s->pl, s->reply);
        n_replies++;
    }
    is_silent(s->pl);
}

static struct pmdaloop *
agent_for(const struct recording *rec, const struct pmdaloop_table *table,
          uint32_t domain)
{
    struct pl_creds creds;
    struct pmdaloop *pl;

    assert_string_equal(rec->pdus[0].type, "CREDS");
    assert_int_equal(pl_creds_decode(rec->pdus[0].bytes, rec->pdus[0].len, &creds), 0);
    struct pmdaloop_options o = {
        .size = sizeof(o), .domain = domain, .flags = creds.flags};
    assert_int_equal(pmdaloop_new(&pl, &o), 0);
    if (table && pmdaloop_set_table(pl, table) < 0)
        fail_msg("%s", pmdaloop_errmsg(pl));
    assert_int_equal(pmdaloop_start(pl), 0);
    says(pl, &rec->pdus[0]);
    return pl;
}

static void
answers_as_recorded(void **state)
{
    struct recording rec = recording_read(*state);
    struct script s = {.pl = agent_for(&rec, NULL, 250)};

    n_replies = 0;
    for (size_t i = 1; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        if (r->dir == '>') {
            step(&s, &rec, i);
        } else if (code_of(r) == PMDALOOP_PM_READY) {
            assert_int_equal(pmdaloop_set_ready(s.pl, 1), 0);
            says(s.pl, r);
        }
    }
    print_message("%zu PDUs, %zu replies alike\n", rec.n, n_replies);
    pmdaloop_free(s.pl);
    recording_free(&rec);
}

/* PCP's agent answered the end of a client, which nobody answers, and was one behind from
 * there on. Ours is silent at such, and has one reply to everything else. */
static void
keeps_step_where_the_peer_lost_it(void **state)
{
    (void)state;
    struct recording rec = recording_read("check_refusal_pmcd");
    struct pmdaloop *pl = agent_for(&rec, NULL, 253);
    const struct pmdaloop_event *event;
    const void *out;
    size_t n_silent = 0;

    for (size_t i = 1; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        if (r->dir != '>')
            continue;
        assert_int_equal(pmdaloop_feed(pl, r->bytes, r->len), 0);
        struct pl_head h;
        (void)pl_pdu_peek(r->bytes, r->len, SIZE_MAX, &h);
        while ((event = pmdaloop_next(pl)) != NULL)
            if (event->number)
                assert_int_equal(
                    pmdaloop_reply_error(pl, event->number, PMDALOOP_PM_AGAIN), 0);
        size_t len = pmdaloop_get_out(pl, &out);
        assert_int_equal(len, pl_pdu_wants_reply(h.type) ? 16 : 0);
        pmdaloop_sent(pl, len);
        n_silent += h.type == PL_ERROR;
    }
    assert_true(n_silent > 0);
    pmdaloop_free(pl);
    recording_free(&rec);
}

/* ---- trivial and simple, as tables ---- */

static const struct recording *at_hand;
static size_t at_pdu;

/* The value which was recorded: it is the clock, or counts fetches. */
static int
recorded_value(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
               struct pmdaloop_value *ret)
{
    struct pl_result r;
    struct pl_set set;
    struct pl_value v;
    uint32_t pmid = PMDALOOP_PMID(pmdaloop_get_domain(pl), m->cluster, m->item);
    const struct recorded *reply = &at_hand->pdus[at_pdu + 1];

    assert_int_equal(pl_result_decode(reply->bytes, reply->len, &r), 0);
    while (pl_result_next(&r, &set)) {
        while (pl_set_next(&set, &v)) {
            if (set.pmid != pmid || v.inst != inst)
                continue;
            if (set.valfmt != PL_INSITU)
                assert_int_equal(pl_value_decode(m->type, v.bytes, v.len, ret), 0);
            else
                ret->as.u32 = v.insitu;
            return PMDALOOP_VALUE;
        }
    }
    return PMDALOOP_NO_VALUE;
}

static const struct pmdaloop_metric trivial_metrics[] = {
    {.cluster = 0,
     .item = 0,
     .type = PMDALOOP_U64,
     .sem = PMDALOOP_COUNTER,
     .units = PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0),
     .help = "time in seconds since 1 Jan 1970",
     .text = "The time in seconds since the epoch (1st of January, 1970)."},
};

static const struct pmdaloop_table trivial = {
    .size = sizeof(trivial),
    .metrics = trivial_metrics,
    .n_metrics = 1,
    .labels = "",
    .fetch = recorded_value,
};

static const struct pmdaloop_instance colors[] = {
    {0, "red"}, {1, "green"}, {2, "blue"}};
static const struct pmdaloop_instance times[] = {{0, "sec"}, {1, "min"}, {2, "hour"}};

/* simple's help is in the recording; a table made from it would show nothing but that. */
static struct pmdaloop_indom simple_indoms[] = {
    {.serial = 0,
     .instances = colors,
     .n_instances = 3,
     .labels = "{\"indom_name\":\"color\",\"model\":\"RGB\"}"},
    {.serial = 1,
     .instances = times,
     .n_instances = 3,
     .labels = "{\"indom_name\":\"time\",\"unitsystem\":\"SI\"}"},
};

static struct pmdaloop_metric simple_metrics[] = {
    {.cluster = 0, .item = 0, .type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT},
    {.cluster = 0,
     .item = 1,
     .type = PMDALOOP_32,
     .sem = PMDALOOP_INSTANT,
     .indom = &simple_indoms[0]},
    {.cluster = 1,
     .item = 2,
     .type = PMDALOOP_DOUBLE,
     .sem = PMDALOOP_COUNTER,
     .units = PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0)},
    {.cluster = 1,
     .item = 3,
     .type = PMDALOOP_DOUBLE,
     .sem = PMDALOOP_COUNTER,
     .units = PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0)},
    {.cluster = 2,
     .item = 4,
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_INSTANT,
     .indom = &simple_indoms[1]},
};

/* As pmdasimple: numfetch and color may be stored, the latter up to 255. */
static int
store_simple(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
             const struct pmdaloop_value *value)
{
    (void)pl;
    (void)inst;
    if (m->cluster != 0)
        return PMDALOOP_PM_PERMISSION;
    return m->item == 1 && value->as.i32 > 255 ? PMDALOOP_PM_BADSTORE : 0;
}

static int
label_simple(struct pmdaloop *pl, const struct pmdaloop_indom *indom, int32_t inst,
             char *ret_json, size_t room_bytes)
{
    (void)pl;
    if (indom->serial != 1)
        return 0;
    snprintf(ret_json, room_bytes, "{ \"units\": \"%s\" }", times[inst].name);
    return 1;
}

static const struct pmdaloop_table simple = {
    .size = sizeof(simple),
    .metrics = simple_metrics,
    .n_metrics = 5,
    .indoms = simple_indoms,
    .n_indoms = 2,
    .labels = "{\"role\":\"testing\"}",
    .fetch = recorded_value,
    .store = store_simple,
    .label = label_simple,
};

/* simple's help texts, of metric or indom, out of the recording. */
static char *
recorded_help(const struct recording *rec, uint32_t ident, int32_t kind)
{
    struct pl_ident q;
    struct pl_text t;

    for (size_t i = 0; i + 1 < rec->n; i++) {
        if (strcmp(rec->pdus[i].type, "TEXT_REQ") != 0 ||
            strcmp(rec->pdus[i + 1].type, "TEXT") != 0)
            continue;
        assert_int_equal(pl_text_req_decode(rec->pdus[i].bytes, rec->pdus[i].len, &q),
                         0);
        if (q.ident != ident || q.kind != kind)
            continue;
        assert_int_equal(
            pl_text_decode(rec->pdus[i + 1].bytes, rec->pdus[i + 1].len, &t), 0);
        char *text = malloc(t.len + 1);
        assert_non_null(text);
        memcpy(text, t.text, t.len);
        text[t.len] = '\0';
        return text;
    }
    return NULL;
}

static void
set_help(const struct recording *rec)
{
    for (size_t i = 0; i < 5; i++) {
        struct pmdaloop_metric *m = &simple_metrics[i];
        uint32_t pmid = PMDALOOP_PMID(253, m->cluster, m->item);
        m->help = recorded_help(rec, pmid, 5);
        m->text = recorded_help(rec, pmid, 6);
    }
    for (size_t i = 0; i < 2; i++) {
        uint32_t indom = PMDALOOP_INDOM(253, simple_indoms[i].serial);
        simple_indoms[i].help = recorded_help(rec, indom, 9);
        simple_indoms[i].text = recorded_help(rec, indom, 10);
    }
}

static void
free_help(void)
{
    for (size_t i = 0; i < 5; i++) {
        free((void *)(uintptr_t)simple_metrics[i].help);
        free((void *)(uintptr_t)simple_metrics[i].text);
    }
    for (size_t i = 0; i < 2; i++) {
        free((void *)(uintptr_t)simple_indoms[i].help);
        free((void *)(uintptr_t)simple_indoms[i].text);
    }
}

static void
table_answers_as_recorded(void **state)
{
    const char *name = *state;
    bool is_simple = strncmp(name, "simple", 6) == 0;
    struct recording rec = recording_read(name);

    if (is_simple)
        set_help(&rec);
    struct script s = {.pl = is_simple ? agent_for(&rec, &simple, 253)
                                       : agent_for(&rec, &trivial, 250)};
    at_hand = &rec;
    n_replies = 0;
    for (at_pdu = 1; at_pdu < rec.n; at_pdu++)
        if (rec.pdus[at_pdu].dir == '>')
            step(&s, &rec, at_pdu);
    print_message("%zu PDUs, %zu replies alike\n", rec.n, n_replies);
    pmdaloop_free(s.pl);
    if (is_simple)
        free_help();
    recording_free(&rec);
}

int
main(void)
{
    static const struct {
        const char *name, *recording;
        CMUnitTestFunction test;
    } rows[] = {
        {"simple, dbpmda", "simple_dbpmda", answers_as_recorded},
        {"simple, pmcd", "simple_pmcd", answers_as_recorded},
        {"trivial, dbpmda", "trivial_dbpmda", answers_as_recorded},
        {"trivial, pmcd", "trivial_pmcd", answers_as_recorded},
        {"txmon, dbpmda", "txmon_dbpmda", answers_as_recorded},
        {"sample, dbpmda", "sample_dbpmda", answers_as_recorded},
        {"sample, pmcd", "sample_pmcd", answers_as_recorded},
        {"proc, with attributes", "proc_attributes_pmcd", answers_as_recorded},
        {"a check that refuses", NULL, keeps_step_where_the_peer_lost_it},
        {"trivial as a table, dbpmda", "trivial_dbpmda", table_answers_as_recorded},
        {"trivial as a table, pmcd", "trivial_pmcd", table_answers_as_recorded},
        {"simple as a table, dbpmda", "simple_dbpmda", table_answers_as_recorded},
        {"simple as a table, pmcd", "simple_pmcd", table_answers_as_recorded},
    };
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = rows[i].test,
                                .initial_state = (void *)(uintptr_t)rows[i].recording};
    return cmocka_run_group_tests_name("pmdaloop/replay", tests, NULL, NULL);
}
