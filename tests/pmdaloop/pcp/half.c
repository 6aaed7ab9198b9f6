/* SPDX-License-Identifier: MIT */
/* One half of a process that holds two libraries of the same names: built with PCP's headers
 * and library, and with ours, as HALF(name). A cache of its own, and words of its own. */
#include <pcp/pmapi.h>
#include <pcp/pmda.h>

#include "half.h"

const char *
HALF(first_name)(int *ret_size)
{
    char *name = NULL;
    pmInDom indom = pmInDom_build(77, 1);

    for (int i = 0; i < INSTANCES; i++) {
        char text[32];
        pmsprintf(text, sizeof(text), NAME "-%d", i);
        if (pmdaCacheStore(indom, PMDA_CACHE_ADD, text, NULL) < 0)
            return NULL;
    }
    *ret_size = pmdaCacheOp(indom, PMDA_CACHE_SIZE);
    return pmdaCacheLookup(indom, 0, &name, NULL) == PMDA_CACHE_ACTIVE ? name : NULL;
}

int
HALF(set_up)(void)
{
    static pmdaInterface agents[2]; /* which PCP's library keeps to the end */
    static int n;

    if (n == sizeof(agents) / sizeof(agents[0]))
        return 0;
    pmdaInterface *dispatch = &agents[n++];
    pmdaDaemon(dispatch, PMDA_INTERFACE_7, NAME, 77, NULL, NULL);
    pmSetDebug(DEBUG);
    return dispatch->status == 0 && dispatch->version.any.ext->e_domain == 77 &&
           pmDebugOptions.appl0 == (DEBUG[4] == '0') &&
           pmDebugOptions.appl1 == (DEBUG[4] == '1');
}
