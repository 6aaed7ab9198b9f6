/* SPDX-License-Identifier: MIT */
/* PDUs for programs with a loop of their own: got, decoded, sent, and given back. */
#include "pmdaloop/recording.h"
#include "support/cmocka.h"

#include "pdu.h"

#include <pcp/pmda.h>
#include <pcp/libpcp.h>
#include <sys/socket.h>

static int ends[2]; /* what goes into the first is got from the second */

static int
open_ends(void **state)
{
    (void)state;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}

static int
close_ends(void **state)
{
    (void)state;
    return close(ends[0]) | close(ends[1]);
}

static void
put(const void *bytes, size_t n)
{
    assert_int_equal(write(ends[0], bytes, n), (ssize_t)n);
}

/* What a decoder makes of a PDU, sent again where PCP's interface can send it: 1 it was, 0
 * there is nothing to send, or what the decoder said. */
static int
decode_and_send(__pmPDU *pdu, int type, int fd)
{
    __pmPDUHdr head;
    int err, context, n, inst, kind, ident;
    pmProfile *profile;
    __pmResult *result;
    pmInDom indom;
    pmDesc desc;
    pmID pmid, *pmids;
    char *name;

    memcpy(&head, pdu, sizeof(head));
    switch (type) {
    case PDU_ERROR:
        if ((err = __pmDecodeError(pdu, &n)) < 0)
            return err;
        assert_int_equal(__pmSendError(fd, head.from, n), 0);
        return 1;
    case PDU_RESULT:
        if ((err = __pmDecodeResult(pdu, &result)) < 0)
            return err;
        assert_ptr_equal(pmdaOffsetResult(result)->vset, result->vset);
        assert_int_equal(pmdaOffsetResult(result)->numpmid, result->numpmid);
        assert_int_equal(__pmSendResult(fd, head.from, result), 0);
        __pmFreeResult(result);
        return 1;
    case PDU_DESC:
        if ((err = __pmDecodeDesc(pdu, &desc)) < 0)
            return err;
        assert_int_equal(__pmSendDesc(fd, head.from, &desc), 0);
        return 1;
    case PDU_PROFILE:
        if ((err = __pmDecodeProfile(pdu, &context, &profile)) == 0)
            __pmFreeProfile(profile);
        return err;
    case PDU_FETCH:
        if ((err = __pmDecodeFetch(pdu, &context, NULL, &n, &pmids)) == 0) {
            assert_int_equal(n, (head.len - 28) / 4);
            assert_int_equal(__pmUnpinPDUBuf(pmids), 1);
        }
        return err;
    case PDU_DESC_REQ:
        return __pmDecodeDescReq(pdu, &pmid);
    case PDU_INSTANCE_REQ:
        if ((err = __pmDecodeInstanceReq(pdu, &indom, &inst, &name)) == 0)
            free(name);
        return err;
    case PDU_TEXT_REQ:
        return __pmDecodeTextReq(pdu, &ident, &kind);
    default:
        return 0;
    }
}

/* Got, decoded and sent again it has the same bytes, but that a block which was somebody
 * else's is now the result's own. */
static void
again(const struct recorded *r, size_t *ret_sent)
{
    static uint8_t back[1 << 17];
    __pmPDU *pdu;
    int type;

    put(r->bytes, r->len);
    type = __pmGetPDU(ends[1], ANY_SIZE, TIMEOUT_NEVER, &pdu);
    assert_int_equal(type, rd_be32(r->bytes + 4));
    assert_memory_equal((uint8_t *)pdu + 12, r->bytes + 12, r->len - 12);
    int said = decode_and_send(pdu, type, ends[1]);
    assert_true(said >= 0);
    if (said == 1) {
        assert_int_equal(recv(ends[0], back, sizeof(back), MSG_DONTWAIT), (int)r->len);
        for (size_t i = 0; i < r->len; i++)
            if (back[i] != r->bytes[i])
                assert_true(type == PDU_RESULT && r->bytes[i] == PM_VAL_SPTR &&
                            back[i] == PM_VAL_DPTR);
        (*ret_sent)++;
    }
    assert_int_equal(__pmUnpinPDUBuf(pdu), 1);
    assert_int_equal(__pmUnpinPDUBuf(pdu), 0);
}

/* A PDU cut short, its header saying so, is refused by its decoder. */
static void
cut(const struct recorded *r)
{
    static uint8_t out[1 << 17];
    size_t step = r->len > 4096 ? 97 : 1;

    for (size_t n = 12; n < r->len; n += step) {
        struct hex h = hex_cut(r->bytes, n);
        wr_be32(h.bytes, (uint32_t)n);
        put(h.bytes, n);
        free(h.bytes);
        __pmPDU *pdu;
        int type = __pmGetPDU(ends[1], ANY_SIZE, 5, &pdu);
        assert_true(type > 0);
        int said = decode_and_send(pdu, type, ends[1]);
        assert_true(said <= 0 || type == PDU_ERROR);
        while (recv(ends[0], out, sizeof(out), MSG_DONTWAIT) > 0)
            ;
        assert_int_equal(__pmUnpinPDUBuf(pdu), 1);
    }
}

static void
recorded(void **state)
{
    static const char *const names[] = {"sample_dbpmda", "simple_dbpmda",
                                        "trivial_dbpmda"};
    size_t n = 0, sent = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct recording rec = recording_read(names[i]);
        for (size_t k = 0; k < rec.n; k++, n++) {
            again(&rec.pdus[k], &sent);
            if (rec.pdus[k].len <= 4096)
                cut(&rec.pdus[k]);
        }
        recording_free(&rec);
    }
    printf("%zu PDUs got, %zu of them sent again\n", n, sent);
    assert_true(sent > 100);
}

static void
what_is_no_pdu(void **state)
{
    static const struct {
        const char *name, *hex;
        int mode, want;
    } rows[] = {
        {"too short", "0000000b 00007000 00000000", ANY_SIZE, PM_ERR_IPC},
        {"negative length", "80000000 00007000 00000000", ANY_SIZE, PM_ERR_IPC},
        {"no type", "0000000c 00000000 00000000", ANY_SIZE, PM_ERR_IPC},
        {"negative type", "0000000c ffffffff 00000000", ANY_SIZE, PM_ERR_IPC},
        {"longer than anything", "7fffffff 00007000 00000000", ANY_SIZE, PM_ERR_TOOBIG},
        {"longer than a client may", "00010001 00007000 00000000", LIMIT_SIZE,
         PM_ERR_TOOBIG},
        {"an end in the header", "0000000c 00007000", ANY_SIZE, PM_ERR_IPC},
        {"an end behind it", "00000010 00007000 00000000", ANY_SIZE, PM_ERR_IPC},
        {"announced, never sent", "03ffffff 00007000 00000000", ANY_SIZE, PM_ERR_IPC},
        {"the end", "", ANY_SIZE, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hex h = unhex(rows[i].hex);
        __pmPDU *pdu = NULL;
        assert_int_equal(open_ends(state), 0);
        put(h.bytes, h.len);
        assert_int_equal(shutdown(ends[0], SHUT_WR), 0);
        int got = __pmGetPDU(ends[1], rows[i].mode, TIMEOUT_DEFAULT, &pdu);
        if (got != rows[i].want)
            fail_msg("%s: %d", rows[i].name, got);
        assert_null(pdu);
        free(h.bytes);
        close_ends(state);
    }
}

/* Nothing comes, and then half of a header. */
static void
time_limit(void **state)
{
    __pmPDU *pdu;

    (void)state;
    assert_int_equal(__pmGetPDU(ends[1], ANY_SIZE, 1, &pdu), PM_ERR_TIMEOUT);
    put("\0\0\0\x10\0\0", 6);
    assert_int_equal(__pmGetPDU(ends[1], ANY_SIZE, 1, &pdu), PM_ERR_TIMEOUT);
}

/* Each owner gives it back by any address within; nobody else's memory is touched. */
static void
owners(void **state)
{
    struct hex h = unhex("00000010 00007000 00000007 ffffcfa6");
    __pmPDU *pdu, *other;
    int code;

    (void)state;
    put(h.bytes, h.len);
    put(h.bytes, h.len);
    free(h.bytes);
    assert_int_equal(__pmGetPDU(ends[1], LIMIT_SIZE, TIMEOUT_NEVER, &pdu), PDU_ERROR);
    assert_int_equal(__pmGetPDU(ends[1], LIMIT_SIZE, TIMEOUT_NEVER, &other), PDU_ERROR);
    __pmPinPDUBuf(&pdu[2]);
    assert_int_equal(__pmUnpinPDUBuf(&pdu[3]), 1);
    assert_int_equal(__pmUnpinPDUBuf(&code), 0);
    assert_int_equal(__pmDecodeError(pdu, &code), 0);
    assert_int_equal(code, PM_ERR_PMID_LOG);
    assert_int_equal(((__pmPDUHdr *)pdu)->from, 7); /* still in the machine's order */
    assert_int_equal(__pmUnpinPDUBuf(pdu), 1);
    assert_int_equal(__pmUnpinPDUBuf(other), 1);
    assert_int_equal(__pmUnpinPDUBuf(pdu), 0);
    assert_int_equal(__pmUnpinPDUBuf(NULL), 0);
}

/* A descriptor that takes nothing, and a result that makes no sense. */
static void
cannot_be_sent(void **state)
{
    __pmResult *result = __pmAllocResult(1);
    pmInResult none = {.indom = 1};

    (void)state;
    assert_true(__pmSendError(-1, 0, 0) < 0);
    assert_true(__pmSendInstance(-1, 0, &none) < 0);
    assert_true(__pmSendText(-1, 0, 1, "text") < 0);
    result->numpmid = 1; /* whose set is missing */
    assert_int_equal(__pmSendResult(ends[1], 0, result), PM_ERR_GENERIC);
    result->numpmid = 0;
    __pmFreeResult(result);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recorded, open_ends, close_ends),
        cmocka_unit_test(what_is_no_pdu),
        cmocka_unit_test_setup_teardown(time_limit, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(owners, open_ends, close_ends),
        cmocka_unit_test_setup_teardown(cannot_be_sent, open_ends, close_ends),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/pdus", tests, NULL, NULL);
}
