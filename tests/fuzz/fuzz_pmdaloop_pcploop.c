/* SPDX-License-Identifier: MIT */
/* The loop of PCP's interface, fed by whoever: it ends, and each reply is a whole PDU. */
#include "pcp/stream.h"

#include <poll.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static pmdaInstid insts[] = {{0, (char[]){"zero"}}, {1, (char[]){"one"}}};
static pmdaIndom indoms[] = {{0, 2, insts}};
static pmdaMetric metrics[] = {
    {NULL,
     {PMDA_PMID(0, 0), PM_TYPE_U64, 0, PM_SEM_INSTANT, PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
    {NULL,
     {PMDA_PMID(0, 1), PM_TYPE_STRING, PM_INDOM_NULL, PM_SEM_INSTANT,
      PMDA_PMUNITS(0, 0, 0, 0, 0, 0)}},
};

static int
value(pmdaMetric *metric, unsigned int inst, pmAtomValue *atom)
{
    if (metric->m_desc.type == PM_TYPE_STRING)
        atom->cp = insts[0].i_name;
    else
        atom->ull = inst;
    return PMDA_FETCH_STATIC;
}

static int
store(pmResult *result, pmdaExt *ext)
{
    pmAtomValue atom;

    (void)ext;
    for (int i = 0; i < result->numpmid; i++) {
        const pmValueSet *set = result->vset[i];
        for (int k = 0; k < set->numval; k++) {
            int type = set->valfmt == PM_VAL_INSITU
                           ? PM_TYPE_32
                           : (int)set->vlist[k].value.pval->vtype;
            if (pmExtractValue(set->valfmt, &set->vlist[k], type, &atom, type) == 0 &&
                type >= PM_TYPE_STRING)
                free(atom.cp);
        }
    }
    return 0;
}

static void
drain(int fd)
{
    static uint8_t buf[1 << 18];
    struct pollfd p = {.fd = fd, .events = POLLIN};

    if (poll(&p, 1, 0) != 1)
        return;
    ssize_t n = recv(fd, buf, sizeof(buf), 0);
    if (n > 0 && (n < PL_HEAD_BYTES || rd_be32(buf) != (uint32_t)n))
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static bool quiet;
    pmdaInterface dispatch;
    int fds[2];

    if (!quiet)
        quiet = freopen("/dev/null", "w", stderr) != NULL;
    if (len > 60000 || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
        return 0;
    memset(&dispatch, 0, sizeof(dispatch));
    indoms[0].it_indom = 0;
    metrics[0].m_desc.indom = 0;
    pmdaDaemon(&dispatch, PMDA_INTERFACE_7, "fuzz", 7, NULL, NULL);
    pmdaSetFetchCallBack(&dispatch, value);
    dispatch.version.any.store = store;
    pmdaInit(&dispatch, indoms, 1, metrics, 2);
    dispatch.version.any.ext->e_infd = fds[1];
    dispatch.version.any.ext->e_outfd = fds[1];
    if (send(fds[0], bytes, len, 0) != (ssize_t)len)
        abort();
    shutdown(fds[0], SHUT_WR);
    while (__pmdaMainPDU(&dispatch) >= 0)
        drain(fds[0]);
    close(fds[0]);
    close(fds[1]);
    pmdaloop_release(&dispatch);
    return 0;
}
