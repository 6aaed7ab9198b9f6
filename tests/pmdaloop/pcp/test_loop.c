/* SPDX-License-Identifier: MIT */
/* The loop itself: interface 1, callbacks, refusals, ends; instances and
 * profiles. */
#include "pmdaloop/pcp/session.h"

#include <pcp/libpcp.h>

static const char creds[] = "00000014 0000700c 00001234 00000001 01020000";
static const char desc_req[] = "00000010 00007004 00000000 3f400401";

static void
say(int fd, const char *hex)
{
    struct hex h = unhex(hex);
    assert_int_equal(send(fd, h.bytes, h.len, 0), (ssize_t)h.len);
    free(h.bytes);
}

/* ---- interface 1 ---- */

static int n_checks, n_dones, n_freed;

static int
check(void)
{
    return ++n_checks == 2 ? PM_ERR_AGAIN : 0;
}

static void
done(void)
{
    n_dones++;
}

static const pmProfile *last_profile;

/* The loop keeps it for the methods until the next one comes. */
static int
old_profile(pmProfile *profile)
{
    last_profile = profile;
    return 0;
}

static int
old_fetch(int n, pmID *pmids, pmResult **ret_result)
{
    pmResult *r = calloc(1, sizeof(*r));
    r->numpmid = n;
    r->vset[0] = calloc(1, sizeof(pmValueSet));
    r->vset[0]->pmid = pmids[0];
    r->vset[0]->numval = PM_ERR_VALUE;
    *ret_result = r;
    return 0;
}

static int
old_desc(pmID pmid, pmDesc *ret_desc)
{
    ret_desc->pmid = pmid;
    ret_desc->type = last_profile ? last_profile->state : 7;
    return 0;
}

static int
old_text(int ident, int kind, char **ret_text)
{
    (void)ident, (void)kind;
    *ret_text = strdup("text that the loop frees");
    return 0;
}

static void
free_result(pmResult *result)
{
    n_freed++;
    pmFreeResult(result);
}

/* Every request at once, then the end: the replies come in order. */
static void
interface_1(void **state)
{
    static const uint32_t types[] = {PL_CREDS, PL_DESC, PL_ERROR, PL_RESULT,
                                     PL_DESC,  PL_TEXT, PL_ERROR, PL_LABEL};
    _pmPMDA methods = {
        .profile = old_profile, .fetch = old_fetch, .desc = old_desc, .text = old_text};
    uint8_t buf[4096];
    int fds[2];

    (void)state;
    n_checks = n_dones = n_freed = 0;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    say(fds[0], creds);
    say(fds[0], desc_req);
    say(fds[0], desc_req); /* check refuses this one */
    say(fds[0],
        "00000020 00007003 00000000 00000000 00000000 00000000 00000001 3f400401");
    say(fds[0], "0000001c 00007002 00000000 00000000 00000000 00000000 00000000");
    say(fds[0], "0000001c 00007002 00000000 00000000 00000001 00000000 00000000");
    say(fds[0], desc_req);
    say(fds[0], "00000014 00007008 00000000 3f400401 00000005");
    say(fds[0], "00000010 0000700a 00000000 00000000"); /* CONTROL_REQ */
    say(fds[0],
        "00000020 0000700e 00000000 00000002 00000000 00000001 00000001 61000000");
    say(fds[0], "00000014 00007012 00000000 ffffffff 00000001");
    shutdown(fds[0], SHUT_WR);
    pmdaMainLoopFreeResultCallback(free_result);
    pmdaMainLoop((char[]){"old"}, fds[1], fds[1], &methods, check, done);
    close(fds[1]);

    size_t len = 0, at = 0;
    for (ssize_t n; (n = recv(fds[0], buf + len, sizeof(buf) - len, 0)) > 0;)
        len += (size_t)n;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        assert_true(at + 12 <= len);
        assert_int_equal(rd_be32(buf + at + 4), types[i]);
        at += rd_be32(buf + at);
    }
    assert_int_equal(at, len);
    assert_int_equal(n_checks, 10);
    assert_int_equal(n_dones, 9); /* not after the one that was refused */
    assert_int_equal(n_freed, 1);
    close(fds[0]);
}

/* ---- the modern interfaces ---- */

static void
a_step_takes_one_pdu(void **state)
{
    struct session s;
    uint8_t buf[256];

    (void)state;
    session_open(&s, PMDA_INTERFACE_2, 253);
    say(s.pmcd, desc_req);
    say(s.pmcd, desc_req);
    assert_int_equal(__pmdaMainPDU(&s.dispatch), 0);
    assert_int_equal(session_reply(&s, buf, sizeof(buf)), 16);
    struct pollfd p = {.fd = __pmdaInFd(&s.dispatch), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 0), 1); /* whoever polls sees the other */
    assert_int_equal(__pmdaMainPDU(&s.dispatch), 0);
    shutdown(s.pmcd, SHUT_WR);
    assert_int_equal(__pmdaMainPDU(&s.dispatch), PM_ERR_EOF);
    session_close(&s);
}

static void
refuses_to_begin(void **state)
{
    pmdaInterface d;
    struct session s;

    (void)state;
    memset(&d, 0, sizeof(d));
    d.comm.pmda_interface = 9;
    assert_int_equal(__pmdaMainPDU(&d), -1);
    assert_int_equal(__pmdaInFd(&d), -1);
    pmdaSetCheckCallBack(&d, check);
    assert_int_equal(d.status, PM_ERR_GENERIC);
    pmdaDaemon(&d, 8, "new", 1, NULL, NULL);
    assert_int_equal(d.status, PM_ERR_GENERIC);
    session_open(&s, PMDA_INTERFACE_4, 253);
    pmdaSetEndContextCallBack(&s.dispatch, NULL);
    assert_int_equal(s.dispatch.status, PM_ERR_GENERIC);
    assert_int_equal(__pmdaMainPDU(&s.dispatch), -1);
    session_close(&s);
}

static pmdaInstid insts[] = {{0, (char[]){"zero"}},
                             {1, (char[]){"one fish"}},
                             {2, (char[]){"two"}},
                             {9, (char[]){"nine"}}};
static pmdaIndom indoms[] = {{0, 4, insts}};
static pmdaMetric metrics[] = {
    {NULL,
     {PMDA_PMID(1, 1), PM_TYPE_STRING, 0, PM_SEM_INSTANT,
      PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
    {NULL,
     {PMDA_PMID(1, 2), PM_TYPE_U64, PM_INDOM_NULL, PM_SEM_INSTANT,
      PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
};

static int
value(pmdaMetric *m, unsigned int inst, pmAtomValue *atom)
{
    if (m->m_desc.indom == PM_INDOM_NULL) {
        atom->ull = 77;
        return PMDA_FETCH_STATIC;
    }
    if (inst == 2)
        return PM_ERR_APPVERSION;
    if (m->m_user)
        return inst == 9 ? PMDA_FETCH_NOVALUES : PM_ERR_APPVERSION;
    atom->cp = malloc(16);
    snprintf(atom->cp, 16, "i%u", inst);
    return PMDA_FETCH_DYNAMIC;
}

static void
open_agent(struct session *s)
{
    session_open(s, PMDA_INTERFACE_7, 253);
    indoms[0].it_indom = 0;
    metrics[0].m_desc.indom = 0;
    pmdaSetFetchCallBack(&s->dispatch, value);
    pmdaInit(&s->dispatch, indoms, 1, metrics, 2);
    assert_int_equal(s->dispatch.status, 0);
}

/* The instances that a fetch gives with a profile, as digits. */
static const char *
fetched(pmdaExt *ext, pmProfile *profile)
{
    static char text[32];
    pmID pmid = metrics[0].m_desc.pmid;
    pmResult *result;

    pmdaProfile(profile, ext);
    text[0] = '\0';
    assert_int_equal(pmdaFetch(1, &pmid, &result, ext), 0);
    for (int i = 0; i < result->vset[0]->numval; i++)
        snprintf(text + i, 2, "%d", result->vset[0]->vlist[i].inst);
    ext->e_resultCallBack(result);
    pmdaProfile(NULL, ext);
    return text;
}

static void
profiles_choose(void **state)
{
    int some[] = {9, 1, 1, 5};
    pmInDomProfile entries[] = {{0, PM_PROFILE_EXCLUDE, 4, some}};
    pmProfile p = {PM_PROFILE_INCLUDE, 1, entries};
    struct session s;
    pmResult *result;

    (void)state;
    open_agent(&s);
    pmdaExt *ext = s.dispatch.version.any.ext;
    entries[0].indom = indoms[0].it_indom;
    assert_string_equal(fetched(ext, NULL), "019");
    assert_string_equal(fetched(ext, &p), "19");
    entries[0].state = PM_PROFILE_INCLUDE;
    assert_string_equal(fetched(ext, &p), "0");
    p.profile_len = 0;
    assert_string_equal(fetched(ext, &p), "019");
    p.state = PM_PROFILE_EXCLUDE;
    assert_string_equal(fetched(ext, &p), "");
    pmID unknown[] = {1, metrics[1].m_desc.pmid};
    assert_int_equal(pmdaFetch(2, unknown, &result, ext), 0);
    assert_int_equal(result->vset[0]->numval, PM_ERR_PMID);
    assert_int_equal(result->vset[1]->numval, 1);
    ext->e_resultCallBack(result);
    session_close(&s);
}

/* Without values the last instance's word stands for all of them, as with PCP. */
static void
the_last_status_counts(void **state)
{
    struct session s;

    (void)state;
    open_agent(&s);
    metrics[0].m_user = metrics;
    pmID pmid = metrics[0].m_desc.pmid;
    pmResult *result;
    pmdaExt *ext = s.dispatch.version.any.ext;
    assert_int_equal(pmdaFetch(1, &pmid, &result, ext), 0);
    assert_int_equal(result->vset[0]->numval, 0);
    ext->e_resultCallBack(result);
    indoms[0].it_numinst--;
    assert_int_equal(pmdaFetch(1, &pmid, &result, ext), 0);
    assert_int_equal(result->vset[0]->numval, PM_ERR_APPVERSION);
    ext->e_resultCallBack(result);
    indoms[0].it_numinst++;
    metrics[0].m_user = NULL;
    session_close(&s);
}

static int attribute_len;
static char attribute_bytes[16];

static int
take_attribute(int context, int key, const char *value, int len, pmdaExt *ext)
{
    (void)context, (void)key, (void)ext;
    attribute_len = len;
    memcpy(attribute_bytes, value, (size_t)len + 1);
    return 0;
}

/* A NUL in the middle ends nothing: the method may read as many bytes as it is told. */
static void
attributes_come_whole(void **state)
{
    struct session s;

    (void)state;
    session_open(&s, PMDA_INTERFACE_6, 253);
    s.dispatch.version.six.attribute = take_attribute;
    say(s.pmcd, "00000014 00007011 00000001 00000005 61006263");
    assert_int_equal(__pmdaMainPDU(&s.dispatch), 0);
    assert_int_equal(attribute_len, 4);
    assert_memory_equal(attribute_bytes, "a\0bc", 5);
    session_close(&s);
}

static int
ask(pmdaExt *ext, pmInDom indom, int inst, const char *name)
{
    pmInResult *r = NULL;
    char copy[32];
    int answer = pmdaInstance(indom, inst, name ? strcpy(copy, name) : NULL, &r, ext);

    if (answer == 0)
        answer = r->numinst != 1 ? r->numinst
                 : r->instlist   ? r->instlist[0]
                                 : r->namelist[0][0];
    __pmFreeInResult(r);
    return answer;
}

static void
instances_are_found(void **state)
{
    struct session s;

    (void)state;
    open_agent(&s);
    pmdaExt *ext = s.dispatch.version.any.ext;
    pmInDom indom = indoms[0].it_indom;
    assert_int_equal(ask(ext, indom, -1, NULL), 4);
    assert_int_equal(ask(ext, indom, 9, NULL), 'n');
    assert_int_equal(ask(ext, indom, 4, NULL), PM_ERR_INST);
    assert_int_equal(ask(ext, indom, -1, "two"), 2);
    assert_int_equal(ask(ext, indom, -1, "one"), 1); /* the first word */
    assert_int_equal(ask(ext, indom, -1, "on"), PM_ERR_INST);
    assert_int_equal(ask(ext, indom, -1, ""), PM_ERR_INST);
    assert_int_equal(ask(ext, indom, 2, "two"), PM_ERR_INST);
    assert_int_equal(ask(ext, PM_INDOM_NULL, -1, NULL), PM_ERR_INDOM);
    assert_int_equal(ask(ext, indom + 1, -1, NULL), PM_ERR_INDOM);
    session_close(&s);
}

static void
tables_are_checked(void **state)
{
    struct session s;

    (void)state;
    session_open(&s, PMDA_INTERFACE_7, 253);
    pmdaInit(&s.dispatch, NULL, 0, metrics, 2); /* no fetch callback */
    assert_int_equal(s.dispatch.status, PM_ERR_GENERIC);
    s.dispatch.status = 0;
    pmdaSetFetchCallBack(&s.dispatch, value);
    pmdaInit(&s.dispatch, indoms, 1, metrics, -1);
    assert_int_equal(s.dispatch.status, PM_ERR_GENERIC);
    s.dispatch.status = 0;
    metrics[0].m_desc.indom = 5;
    pmdaInit(&s.dispatch, indoms, 1, metrics, 2);
    assert_int_equal(s.dispatch.status, PM_ERR_GENERIC);
    session_close(&s);
}

/* What changes under our feet is noticed. */
static void
tables_may_move(void **state)
{
    struct session s;
    pmDesc desc;

    (void)state;
    open_agent(&s);
    pmdaExt *ext = s.dispatch.version.any.ext;
    pmID was = metrics[1].m_desc.pmid;
    assert_int_equal(pmdaDesc(was, &desc, ext), 0);
    metrics[1].m_desc.pmid = was + 1;
    assert_int_equal(pmdaDesc(was + 1, &desc, ext), 0);
    assert_int_equal(pmdaDesc(was, &desc, ext), PM_ERR_PMID);
    pmdaMetric other[] = {metrics[1]};
    pmdaRehash(ext, other, 1);
    assert_int_equal(pmdaDesc(was + 1, &desc, ext), 0);
    assert_int_equal(pmdaDesc(metrics[0].m_desc.pmid, &desc, ext), PM_ERR_PMID);
    /* who asked for a hash tells when the table is another */
    other[0].m_desc.pmid = was;
    assert_int_equal(pmdaDesc(was, &desc, ext), PM_ERR_PMID);
    pmdaRehash(ext, other, 1);
    assert_int_equal(pmdaDesc(was, &desc, ext), 0);
    metrics[1].m_desc.pmid = was;
    session_close(&s);
}

/* Lists are walked as sorted ones, whichever of several agents had its profile last. */
static void
lists_are_sorted(void **state)
{
    int ascending[] = {1, 5, 5, 9}, mixed[] = {5, 1};
    pmInDomProfile entry = {indoms[0].it_indom, PM_PROFILE_EXCLUDE, 4, ascending};
    pmProfile profile = {PM_PROFILE_EXCLUDE, 1, &entry};
    struct session s;

    (void)state;
    open_agent(&s);
    pmdaExt *ext = s.dispatch.version.any.ext;
    entry.indom = indoms[0].it_indom;
    pmdaProfile(&profile, ext);
    __pmdaStartInst(entry.indom, ext);
    assert_true(pl_agent_of(ext)->walk.sorted);
    entry.instances = mixed;
    entry.instances_len = 2;
    __pmdaStartInst(entry.indom, ext);
    assert_false(pl_agent_of(ext)->walk.sorted);
    session_close(&s);
}

static void
other_programs(void **state)
{
    __pmExecCtl_t *ctl = NULL;
    char line[64];
    FILE *f;

    (void)state;
    assert_int_equal(__pmProcessUnpickArgs(&ctl, "sh -c 'echo \"a b\"; exit 3'"), 0);
    assert_int_equal(__pmProcessPipe(&ctl, "r", PM_EXEC_TOSS_STDERR, &f), 0);
    assert_non_null(fgets(line, sizeof(line), f));
    assert_string_equal(line, "a b\n");
    assert_int_equal(__pmProcessPipeClose(f), 3);
    assert_int_equal(__pmProcessUnpickArgs(&ctl, "echo it's 'as it' \"is\""), 0);
    assert_int_equal(__pmProcessPipe(&ctl, "r", PM_EXEC_TOSS_STDERR, &f), 0);
    assert_non_null(fgets(line, sizeof(line), f));
    assert_string_equal(line, "it's as it is\n");
    assert_int_equal(__pmProcessPipeClose(f), 0);
    assert_int_equal(__pmProcessUnpickArgs(&ctl, "sh 'never closed"), PM_ERR_GENERIC);
    assert_null(ctl);
    assert_int_equal(__pmProcessPipe(&ctl, "r", 0, &f), PM_ERR_TOOSMALL);
    assert_int_equal(__pmProcessExists(getpid()), 1);
    assert_int_equal(__pmProcessExists(0), 0);
    assert_int_equal(__pmProcessAddArg(&ctl, "true"), 0);
    assert_int_equal(__pmProcessExec(&ctl, PM_EXEC_TOSS_ALL, PM_EXEC_WAIT), 0);
}

static void
hashes(void **state)
{
    __pmHashCtl h;
    int data[100], n = 0;

    (void)state;
    __pmHashInit(&h);
    for (int i = 0; i < 100; i++)
        assert_int_equal(__pmHashAdd((unsigned)i % 50, &data[i], &h), 1);
    assert_ptr_equal(__pmHashSearch(7, &h)->data, &data[57]);
    assert_int_equal(__pmHashDel(7, &data[57], &h), 1);
    assert_int_equal(__pmHashDel(7, &data[57], &h), 0);
    assert_ptr_equal(__pmHashSearch(7, &h)->data, &data[7]);
    assert_null(__pmHashSearch(50, &h));
    for (__pmHashNode *node = __pmHashWalk(&h, PM_HASH_WALK_START); node;
         node = __pmHashWalk(&h, PM_HASH_WALK_NEXT))
        n++;
    assert_int_equal(n, 99);
    __pmHashClear(&h);
    assert_int_equal(h.nodes, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interface_1),
        cmocka_unit_test(a_step_takes_one_pdu),
        cmocka_unit_test(refuses_to_begin),
        cmocka_unit_test(profiles_choose),
        cmocka_unit_test(instances_are_found),
        cmocka_unit_test(tables_are_checked),
        cmocka_unit_test(tables_may_move),
        cmocka_unit_test(lists_are_sorted),
        cmocka_unit_test(the_last_status_counts),
        cmocka_unit_test(attributes_come_whole),
        cmocka_unit_test(other_programs),
        cmocka_unit_test(hashes),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/loop", tests, NULL, NULL);
}
