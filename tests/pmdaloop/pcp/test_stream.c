/* SPDX-License-Identifier: MIT */
/* How much is read at once: all there is, or no more than a PDU where somebody polls the
 * descriptor for the next one. */
#include "pmdaloop/pcp/session.h"

#include <sys/ioctl.h>

enum { CREDS_BYTES = 20, REQUEST_BYTES = 16, REQUESTS = 100 };

static struct row {
    const char *name;
    bool ahead;
    int left; /* in the descriptor, after the first request */
} rows[] = {
    {"ahead", true, 0},
    {"one by one", false, (REQUESTS - 1) * REQUEST_BYTES},
};

static void
reads(void **state)
{
    const struct row *row = *state;
    uint8_t bytes[CREDS_BYTES + REQUESTS * REQUEST_BYTES];
    struct wr w = wr_over(bytes, sizeof(bytes));
    const uint8_t *pdu;
    struct pl_head head;
    int fds[2], left;

    pl_creds_encode(&w, 1, 2, 0);
    for (uint32_t i = 0; i < REQUESTS; i++)
        pl_desc_req_encode(&w, 0, i);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(send(fds[0], bytes, wr_len(&w), 0), (ssize_t)wr_len(&w));
    struct pl_stream s = {.in = fds[1], .out = fds[1]};
    assert_int_equal(pl_stream_exchange_versions(&s, "agent", 0), 0);
    for (uint32_t i = 0; i < REQUESTS; i++) {
        uint32_t pmid;
        assert_int_equal(pl_stream_read(&s, row->ahead, &pdu, &head), 1);
        assert_int_equal(pl_desc_req_decode(pdu, head.len, &pmid), 0);
        assert_int_equal(pmid, i);
        assert_int_equal(ioctl(fds[1], FIONREAD, &left), 0);
        if (i == 0)
            assert_int_equal(left, row->left);
    }
    shutdown(fds[0], SHUT_WR);
    assert_int_equal(pl_stream_read(&s, row->ahead, &pdu, &head), PM_ERR_EOF);
    close(fds[0]);
    close(fds[1]);
    free(s.bytes);
    free(s.reply);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, reads, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("pmdaloop/pcp/stream", tests, NULL, NULL);
}
