/* SPDX-License-Identifier: MIT */
/* What methods hand over, freed and sorted. */
#include "pcp/pool.h"

#include <pcp/libpcp.h>
#include <pcp/pmda.h>

#include <malloc.h>

/* The blocks of a set's values, but for those that pmdaFetch() put behind the values: they
 * go with the set. */
static void
free_blocks(pmValueSet *set)
{
    uintptr_t begin = (uintptr_t)set, bytes = malloc_usable_size(set);

    for (int i = 0; i < set->numval; i++) {
        pmValueBlock *block = set->vlist[i].value.pval;
        if ((uintptr_t)block - begin >= bytes)
            pl_pool_free(block);
    }
}

static void
free_set(pmValueSet *set)
{
    if (!set)
        return;
    if (set->numval > 0 && set->valfmt == PM_VAL_DPTR)
        free_blocks(set);
    pl_pool_free(set);
}

void
__pmFreeResultValues(pmResult *result)
{
    for (int i = 0; i < result->numpmid; i++) {
        free_set(result->vset[i]);
        result->vset[i] = NULL;
    }
}

void
pmdaFreeResultValues(pmResult *result)
{
    __pmFreeResultValues(result);
}

void
pmFreeResult(pmResult *result)
{
    __pmFreeResultValues(result);
    free(result);
}

__pmResult *
__pmAllocResult(int numpmid)
{
    size_t more = numpmid > 1 ? (size_t)numpmid - 1 : 0;
    return calloc(1, sizeof(__pmResult) + more * sizeof(pmValueSet *));
}

void
__pmFreeResult(__pmResult *result)
{
    for (int i = 0; i < result->numpmid; i++)
        free_set(result->vset[i]);
    free(result);
}

void
__pmFreeInResult(pmInResult *result)
{
    if (!result)
        return;
    if (result->namelist)
        for (int i = 0; i < result->numinst; i++)
            free(result->namelist[i]);
    free(result->namelist);
    free(result->instlist);
    free(result);
}

void
pmFreeLabelSets(pmLabelSet *sets, int nsets)
{
    if (!sets)
        return;
    for (int i = 0; i < nsets; i++) {
        free(sets[i].json);
        free(sets[i].labels);
    }
    free(sets);
}

static int
compare_inst(const void *a, const void *b)
{
    const pmValue *x = a, *y = b;
    return (x->inst > y->inst) - (x->inst < y->inst);
}

void
pmSortInstances(pmResult *result)
{
    for (int i = 0; i < result->numpmid; i++) {
        pmValueSet *set = result->vset[i];
        if (set && set->numval > 1)
            qsort(set->vlist, (size_t)set->numval, sizeof(pmValue), compare_inst);
    }
}
