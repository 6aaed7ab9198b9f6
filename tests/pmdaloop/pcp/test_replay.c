/* SPDX-License-Identifier: MIT */
/* The recorded dialogues, through PCP's interface: methods hand over what Debian's agents
 * had, in PCP's structures, and what the loop sends is what theirs sent, byte for byte.
 * Left out are the sender's pid, and TEXT's ident, which they send in the wrong order. */
#include "pmdaloop/pcp/session.h"

#include "pcp/result.h"
#include "pmdaloop/recording.h"

static const struct recorded *reply; /* to the request at hand */
static size_t n_silent;

static int
refused(void)
{
    int32_t code = 0;
    if (strcmp(reply->type, "ERROR") == 0)
        assert_int_equal(pl_error_decode(reply->bytes, reply->len, &code), 0);
    return code;
}

static int
fetch(int n, pmID *pmids, pmResult **ret_result, pmdaExt *ext)
{
    (void)n, (void)pmids, (void)ext;
    if (refused() < 0)
        return refused();
    *ret_result = pl_result_take(reply->bytes, reply->len);
    assert_non_null(*ret_result);
    return 0;
}

static int
desc(pmID pmid, pmDesc *ret_desc, pmdaExt *ext)
{
    struct pmdaloop_desc d;

    (void)pmid, (void)ext;
    if (refused() < 0)
        return refused();
    assert_int_equal(pl_desc_decode(reply->bytes, reply->len, &d), 0);
    ret_desc->pmid = d.pmid;
    ret_desc->type = d.type;
    ret_desc->indom = d.indom;
    ret_desc->sem = d.sem;
    memcpy(&ret_desc->units, &d.units, sizeof(d.units));
    return 0;
}

static int
instance(pmInDom indom, int inst, char *name, pmInResult **ret_result, pmdaExt *ext)
{
    struct pl_instances l;
    struct pl_instance i;

    (void)indom, (void)ext;
    if (refused() < 0)
        return refused();
    assert_int_equal(pl_instances_decode(reply->bytes, reply->len, &l), 0);
    pmInResult *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    r->indom = l.indom;
    bool numbers = inst == (int)PM_IN_NULL, names = !name;
    r->instlist = numbers ? calloc(l.n + 1, sizeof(int)) : NULL;
    r->namelist = names ? calloc(l.n + 1, sizeof(char *)) : NULL;
    while (pl_instances_next(&l, &i)) {
        if (numbers)
            r->instlist[r->numinst] = i.inst;
        if (names)
            r->namelist[r->numinst] = strndup(i.name ? i.name : "", i.len);
        r->numinst++;
    }
    *ret_result = r;
    return 0;
}

static int
text(int ident, int kind, char **ret_text, pmdaExt *ext)
{
    static char buf[8192];
    struct pl_text t;

    (void)ident, (void)kind, (void)ext;
    if (refused() < 0)
        return refused();
    assert_int_equal(pl_text_decode(reply->bytes, reply->len, &t), 0);
    snprintf(buf, sizeof(buf), "%.*s", (int)t.len, t.text);
    *ret_text = buf;
    return 0;
}

static int
store(pmResult *result, pmdaExt *ext)
{
    (void)ext;
    assert_true(result->numpmid >= 0);
    return refused();
}

static int
pmid_of(const char *name, pmID *ret_pmid, pmdaExt *ext)
{
    struct pl_ids ids;

    (void)name, (void)ext;
    if (refused() < 0)
        return refused();
    assert_int_equal(pl_ids_decode(reply->bytes, reply->len, &ids), 0);
    *ret_pmid = rd_be32(ids.pmids);
    return ids.status;
}

/* A list as methods make them: one block, pointers and then strings. */
static int
names(char ***ret_names, int **ret_status)
{
    struct pl_names l;
    struct pl_name name;
    int n = 0;

    assert_int_equal(pl_names_decode(reply->bytes, reply->len, &l), 0);
    if (l.n == 0)
        return 0;
    char **list = malloc(l.n * sizeof(char *) + reply->len + l.n);
    char *at = (char *)(list + l.n);
    if (ret_status)
        *ret_status = calloc(l.n, sizeof(int));
    while (pl_names_next(&l, &name)) {
        list[n] = at;
        memcpy(at, name.name, name.len);
        at[name.len] = '\0';
        at += name.len + 1;
        if (ret_status)
            (*ret_status)[n] = name.status;
        n++;
    }
    *ret_names = list;
    return n;
}

static int
names_of(pmID pmid, char ***ret_names, pmdaExt *ext)
{
    (void)pmid, (void)ext;
    return refused() < 0 ? refused() : names(ret_names, NULL);
}

static int
children(const char *name, int traverse, char ***ret_names, int **ret_status,
         pmdaExt *ext)
{
    (void)name, (void)traverse, (void)ext;
    return refused() < 0 ? refused() : names(ret_names, ret_status);
}

static int
label(int ident, int kind, pmLabelSet **ret_sets, pmdaExt *ext)
{
    struct pl_labels l;
    struct pl_label_set from;
    int n = 0;

    (void)ident, (void)kind, (void)ext;
    if (refused() < 0)
        return refused();
    assert_int_equal(pl_labels_decode(reply->bytes, reply->len, &l), 0);
    pmLabelSet *sets = l.n ? calloc(l.n, sizeof(*sets)) : NULL;
    for (; pl_labels_next(&l, &from); n++) {
        pmLabelSet *to = &sets[n];
        to->inst = (unsigned int)from.inst;
        to->nlabels = from.n;
        to->json = from.json ? strndup(from.json, from.json_len) : NULL;
        to->jsonlen = from.json_len & PM_MAXLABELJSONLEN;
        to->labels = from.n > 0 ? calloc((size_t)from.n, sizeof(pmLabel)) : NULL;
        for (int i = 0; i < from.n; i++) {
            struct pl_label one = pl_label_at(&from, i);
            to->labels[i].name = one.name;
            to->labels[i].namelen = one.name_len;
            to->labels[i].flags = one.flags;
            to->labels[i].value = one.value;
            to->labels[i].valuelen = one.value_len;
        }
    }
    *ret_sets = sets;
    return n;
}

static int
attribute(int context, int key, const char *value, int len, pmdaExt *ext)
{
    (void)context, (void)key, (void)value, (void)len, (void)ext;
    n_silent++;
    return 0;
}

static void
client_gone(int context)
{
    assert_int_equal(context, pmdaGetContext());
    n_silent++;
}

static void
set_methods(pmdaInterface *d)
{
    d->version.any.fetch = fetch;
    d->version.any.desc = desc;
    d->version.any.instance = instance;
    d->version.any.text = text;
    d->version.any.store = store;
    d->version.four.pmid = pmid_of;
    d->version.four.name = names_of;
    d->version.four.children = children;
    d->version.six.attribute = attribute;
    d->version.seven.label = label;
    pmdaSetResultCallBack(d, pl_result_drop);
    pmdaSetEndContextCallBack(d, client_gone);
}

static void
check(const struct session *s, const struct recorded *want)
{
    static uint8_t got[1 << 17];
    size_t len = session_reply(s, got, sizeof(got));

    assert_int_equal(len, want->len);
    struct hex mask = hex_cut(want->bytes, want->len);
    if (strcmp(want->type, "CREDS") == 0)
        memcpy(mask.bytes + 8, got + 8, 4);
    if (strcmp(want->type, "TEXT") == 0)
        memcpy(mask.bytes + 12, got + 12, 4);
    assert_memory_equal(got, mask.bytes, len);
    free(mask.bytes);
}

/* Both greet: ours goes out with the flags that theirs had, and what pmcd said to them is
 * said to us. */
static void
exchange(struct session *s, const struct recording *rec)
{
    struct pl_creds creds;

    assert_int_equal(pl_creds_decode(rec->pdus[0].bytes, rec->pdus[0].len, &creds), 0);
    assert_int_equal(send(s->pmcd, rec->pdus[1].bytes, rec->pdus[1].len, 0),
                     (ssize_t)rec->pdus[1].len);
    struct pl_stream *stream = &pl_agent_of(s->dispatch.version.any.ext)->stream;
    stream->in = stream->out = s->dispatch.version.any.ext->e_infd;
    assert_int_equal(pl_stream_exchange_versions(stream, "agent", creds.flags), 0);
    check(s, &rec->pdus[0]);
}

static void
answers_as_recorded(void **state)
{
    struct recording rec = recording_read(*state);
    struct session s;
    size_t n = 2;

    n_silent = 0;
    session_open(&s, PMDA_INTERFACE_7, 253);
    set_methods(&s.dispatch);
    exchange(&s, &rec);
    for (size_t i = 2; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        struct pl_head h;
        assert_int_equal(pl_pdu_peek(r->bytes, r->len, SIZE_MAX, &h), 1);
        if (r->dir == '<') {
            /* unasked: that it is ready now */
            int32_t code = 0;
            assert_int_equal(pl_error_decode(r->bytes, r->len, &code), 0);
            pmdaSendError(&s.dispatch, code);
            check(&s, r);
            n++;
            continue;
        }
        bool wants = pl_pdu_wants_reply(h.type);
        reply = wants ? &rec.pdus[i + 1] : NULL;
        assert_int_equal(session_step(&s, r->bytes, r->len), 0);
        n++;
        if (wants) {
            assert_int_equal(reply->dir, '<');
            check(&s, reply);
            n++;
            i++;
        } else {
            uint8_t buf[64];
            assert_int_equal(session_reply(&s, buf, sizeof(buf)), 0);
        }
    }
    assert_int_equal(n, rec.n);
    print_message("%zu PDUs alike, none skipped; %zu told to callbacks\n", n, n_silent);
    session_close(&s);
    recording_free(&rec);
}

static int
not_now(void)
{
    return PM_ERR_AGAIN;
}

/* Where the peer answered the end of a client, and was one answer behind ever after. */
static void
a_refusing_check_keeps_step(void **state)
{
    struct recording rec = recording_read("check_refusal_pmcd");
    struct session s;
    size_t n_ends = 0;
    uint8_t buf[64];

    (void)state;
    session_open(&s, PMDA_INTERFACE_7, 253);
    set_methods(&s.dispatch);
    exchange(&s, &rec);
    pmdaSetCheckCallBack(&s.dispatch, not_now);
    for (size_t i = 2; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        int32_t code = 0;
        struct pl_head h;
        if (r->dir != '>')
            continue;
        (void)pl_pdu_peek(r->bytes, r->len, SIZE_MAX, &h);
        assert_int_equal(session_step(&s, r->bytes, r->len), 0);
        size_t len = session_reply(&s, buf, sizeof(buf));
        assert_int_equal(len, pl_pdu_wants_reply(h.type) ? 16 : 0);
        if (len) {
            assert_int_equal(pl_error_decode(buf, len, &code), 0);
            assert_int_equal(code, PM_ERR_AGAIN);
        }
        n_ends += h.type == PL_ERROR;
    }
    assert_true(n_ends > 0);
    session_close(&s);
    recording_free(&rec);
}

static const char *const recordings[] = {
    "simple_dbpmda",  "simple_pmcd",  "sample_dbpmda", "sample_pmcd",
    "trivial_dbpmda", "trivial_pmcd", "txmon_dbpmda",  "proc_attributes_pmcd",
};

int
main(void)
{
    enum { N = sizeof(recordings) / sizeof(recordings[0]) };
    struct CMUnitTest tests[N + 1];
    static char copies[N][32];

    for (size_t i = 0; i < N; i++) {
        snprintf(copies[i], sizeof(copies[i]), "%s", recordings[i]);
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(answers_as_recorded,
                                                                copies[i]);
        tests[i].name = recordings[i];
    }
    tests[N] = (struct CMUnitTest)cmocka_unit_test(a_refusing_check_keeps_step);
    return cmocka_run_group_tests_name("pmdaloop/pcp/replay", tests, NULL, NULL);
}
