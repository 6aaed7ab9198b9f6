/* SPDX-License-Identifier: MIT */
/* Event arrays of both kinds, byte for byte, and event data made printable. */
#include "alike.h"

#include <pcp/pmapi.h>
#include <pcp/pmda.h>

static void
print_block(const pmValueBlock *block)
{
    if (!block) {
        printf(" none");
        return;
    }
    printf(" type %d, %d bytes:", block->vtype, block->vlen);
    for (unsigned i = 0; i + PM_VAL_HDR_SIZE < block->vlen; i++)
        printf("%s%02x", i % 4 ? "" : " ", (uint8_t)block->vbuf[i]);
}

static pmAtomValue
draw_atom(int type, pmValueBlock **ret_block)
{
    /* of whole words: what pads others is left over from before in PCP's library */
    static char *const strings[] = {"", "four", "eight...", "a longer one"};
    pmAtomValue a;
    size_t n = 4 * (size_t)draw(3);

    memset(&a, 0, sizeof(a));
    *ret_block = NULL;
    if (type == PM_TYPE_STRING) {
        a.cp = DRAW(strings);
    } else if (type == PM_TYPE_AGGREGATE || type == PM_TYPE_AGGREGATE_STATIC) {
        *ret_block = a.vbp = calloc(1, PM_VAL_HDR_SIZE + n + 8);
        a.vbp->vtype = (unsigned)type;
        a.vbp->vlen = (unsigned)(PM_VAL_HDR_SIZE + n);
        memset(a.vbp->vbuf, 'q', n);
    } else if (type == PM_TYPE_FLOAT) {
        a.f = (float)draw(100) / 8;
    } else if (type == PM_TYPE_DOUBLE) {
        a.d = (double)draw(100) / 8;
    } else {
        a.ull = (uint64_t)draw(1u << 31) << draw(32);
    }
    return a;
}

static void
array(bool highres)
{
    static const int flags[] = {PM_EVENT_FLAG_POINT, PM_EVENT_FLAG_START,
                                PM_EVENT_FLAG_END | PM_EVENT_FLAG_ID, 0,
                                (int)PM_EVENT_FLAG_MISSED};
    struct timeval coarse;
    struct timespec fine;
    int id = highres ? pmdaEventNewHighResArray() : pmdaEventNewArray();
    int told = draw(20) ? id : id + 7; /* now and then one there is not */

    printf("array %d:", id);
    for (unsigned n = draw(6); n > 0; n--) {
        coarse.tv_sec = fine.tv_sec = (time_t)draw(1u << 31);
        coarse.tv_usec = draw(1000000);
        fine.tv_nsec = draw(1000000000);
        if (draw(6) == 0) {
            int missed = (int)draw(100);
            printf(" missed %d",
                   highres ? pmdaEventAddHighResMissedRecord(told, &fine, missed)
                           : pmdaEventAddMissedRecord(told, &coarse, missed));
            continue;
        }
        int flag = DRAW(flags);
        int err = highres ? pmdaEventAddHighResRecord(told, &fine, flag)
                          : pmdaEventAddRecord(told, &coarse, flag);
        printf(" record %d", err);
        for (unsigned k = err < 0 ? 0 : draw(5); k > 0; k--) {
            int type = (int)draw(13) - 1;
            pmValueBlock *block;
            pmAtomValue a = draw_atom(type, &block);
            pmID pmid = pmID_build(9, draw(9), draw(9));
            printf(" %d", highres ? pmdaEventAddHighResParam(told, pmid, type, &a)
                                  : pmdaEventAddParam(told, pmid, type, &a));
            free(block);
        }
    }
    print_block(highres ? pmdaEventGetHighResAddr(told) : pmdaEventGetAddr(told));
    if (draw(3) == 0) {
        printf("; reset %d",
               highres ? pmdaEventResetHighResArray(told) : pmdaEventResetArray(told));
        print_block(highres ? pmdaEventGetHighResAddr(told) : pmdaEventGetAddr(told));
    }
    if (draw(2))
        printf("; release %d", highres ? pmdaEventReleaseHighResArray(told)
                                       : pmdaEventReleaseArray(told));
    printf("\n");
}

static void
printable(void)
{
    char data[40], to[40];
    int n = 1 + (int)draw(sizeof(data) - 1);

    for (int i = 0; i < n; i++)
        data[i] = (char)draw(draw(2) ? 256 : 128);
    int size = 1 + (int)draw(sizeof(to) - 1);
    memset(to, 0, sizeof(to));
    __pmdaEventPrint(data, n, to, size);
    printf("%d bytes in %d <%s>\n", n, size, to);
}

int
main(void)
{
    for (int i = 0; i < 10000; i++) {
        array(draw(2));
        printable();
    }
    return 0;
}
