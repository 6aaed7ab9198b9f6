/* SPDX-License-Identifier: MIT */
/* The recorded malformed requests, on PCP's interface with the stock methods: what wants a
 * reply has exactly one, what does not has none, a broken stream ends the loop. */
#include "pmdaloop/pcp/session.h"

#include "pmdaloop/recording.h"

static pmdaInstid colors[] = {
    {0, (char[]){"red"}}, {1, (char[]){"green"}}, {2, (char[]){"blue"}}};
static pmdaIndom indoms[] = {{0, 3, colors}, {1, 0, NULL}};
static pmdaMetric metrics[] = {
    {NULL,
     {PMDA_PMID(0, 0), PM_TYPE_U32, PM_INDOM_NULL, PM_SEM_INSTANT,
      PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
    {NULL,
     {PMDA_PMID(0, 1), PM_TYPE_32, 0, PM_SEM_INSTANT, PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
    {NULL,
     {PMDA_PMID(1, 2), PM_TYPE_DOUBLE, PM_INDOM_NULL, PM_SEM_COUNTER,
      PMDA_PMUNITS(0, 1, 0, 0, PM_TIME_SEC, 0)}},
    {NULL,
     {PMDA_PMID(1, 3), PM_TYPE_DOUBLE, PM_INDOM_NULL, PM_SEM_COUNTER,
      PMDA_PMUNITS(0, 1, 0, 0, PM_TIME_SEC, 0)}},
    {NULL,
     {PMDA_PMID(2, 4), PM_TYPE_U32, 1, PM_SEM_INSTANT, PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
};

static int
value(pmdaMetric *m, unsigned int inst, pmAtomValue *atom)
{
    (void)inst;
    memset(atom, 0, sizeof(*atom));
    return m ? PMDA_FETCH_STATIC : PM_ERR_PMID;
}

static int
store(pmResult *result, pmdaExt *ext)
{
    (void)ext;
    for (int i = 0; i < result->numpmid; i++)
        if (result->vset[i]->numval > 0 && result->vset[i]->valfmt != PM_VAL_INSITU)
            assert_non_null(result->vset[i]->vlist[0].value.pval);
    return PM_ERR_PERMISSION;
}

static void
open_simple(struct session *s)
{
    session_open(s, PMDA_INTERFACE_7, 253);
    pmdaSetFetchCallBack(&s->dispatch, value);
    s->dispatch.version.any.store = store;
    pmdaInit(&s->dispatch, indoms, 2, metrics, 5);
    assert_int_equal(s->dispatch.status, 0);
}

static void
is_alive(struct session *s)
{
    struct hex h = unhex("00000010 00007004 00000000 3f400000");
    uint8_t buf[64];

    assert_int_equal(session_step(s, h.bytes, h.len), 0);
    assert_int_equal(session_reply(s, buf, sizeof(buf)), 32);
    assert_int_equal(rd_be32(buf + 4), PL_DESC);
    free(h.bytes);
}

static void
bears_what_was_recorded(void **state)
{
    static char line[1 << 14];
    static uint8_t buf[1 << 16];
    FILE *f = recording_open("malformed_simple");
    size_t n = 0, n_peer_died = 0;

    (void)state;
    while (fgets(line, sizeof(line), f)) {
        char *at = NULL;
        const char *name = strtok_r(line, "|", &at), *kind = strtok_r(NULL, "|", &at);
        const char *peer = strtok_r(NULL, "|", &at);
        struct hex request = unhex(strtok_r(NULL, "|", &at));
        struct session s;

        open_simple(&s);
        if (strstr(kind, "one reply") || strstr(kind, "no reply")) {
            int err = session_step(&s, request.bytes, request.len);
            size_t len = session_reply(&s, buf, sizeof(buf));
            bool one = len >= 12 && rd_be32(buf) == len;
            if (err != 0 || one != (strstr(kind, "one reply") != NULL) || (!one && len))
                fail_msg("%s: %d, %zu bytes", name, err, len);
            is_alive(&s);
        } else {
            assert_int_equal(send(s.pmcd, request.bytes, request.len, 0),
                             (ssize_t)request.len);
            shutdown(s.pmcd, SHUT_WR);
            int err = __pmdaMainPDU(&s.dispatch);
            if (err >= 0 || session_reply(&s, buf, sizeof(buf)) != 0)
                fail_msg("%s: %d", name, err);
        }
        n_peer_died += strstr(peer, "crash") != NULL || strstr(peer, "hang") != NULL;
        session_close(&s);
        free(request.bytes);
        n++;
    }
    fclose(f);
    print_message("%zu inputs, on %zu of which the peer died\n", n, n_peer_died);
    assert_true(n >= 450);
}

/* Every request that pmcd or dbpmda sent, with each word spoilt in turn. */
static void
bears_spoilt_words(void **state)
{
    static const uint32_t words[] = {0, 0xffffffff, 0x7fffffff, 0x80000000, 0x40000000};
    static uint8_t buf[1 << 17];
    struct recording rec = recording_read(*state);
    struct session s;
    size_t n = 0;

    open_simple(&s);
    for (size_t i = 2; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        struct pl_head h;
        if (r->dir != '>' || pl_pdu_peek(r->bytes, r->len, SIZE_MAX, &h) != 1)
            continue;
        for (size_t at = 12; at + 4 <= r->len; at += 4) {
            for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++, n++) {
                struct hex own = hex_cut(r->bytes, r->len);
                wr_be32(own.bytes + at, words[w]);
                assert_int_equal(session_step(&s, own.bytes, own.len), 0);
                size_t len = session_reply(&s, buf, sizeof(buf));
                assert_int_equal(len > 0, pl_pdu_wants_reply(h.type));
                if (len)
                    assert_int_equal(rd_be32(buf), len);
                free(own.bytes);
            }
        }
    }
    is_alive(&s);
    print_message("%zu spoilt\n", n);
    session_close(&s);
    recording_free(&rec);
}

int
main(void)
{
    static char simple[] = "simple_dbpmda", sample[] = "sample_dbpmda";
    struct CMUnitTest tests[] = {
        cmocka_unit_test(bears_what_was_recorded),
        cmocka_unit_test_prestate(bears_spoilt_words, simple),
        cmocka_unit_test_prestate(bears_spoilt_words, sample),
    };
    int null = open("/dev/null", O_WRONLY);

    dup2(null, 2); /* log lines by the hundred */
    return cmocka_run_group_tests_name("pmdaloop/pcp/malformed", tests, NULL, NULL);
}
