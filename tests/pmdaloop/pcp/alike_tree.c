/* SPDX-License-Identifier: MIT */
/* Name trees: names inserted, asked for by name and number, children listed. Siblings come in
 * an order of each library's own, and are sorted here. */
#include "alike.h"

#include <pcp/pmapi.h>
#include <pcp/pmda.h>

/* As many in each name, so that none stands below another: PCP's library loses such names
 * now and then. */
static unsigned n_parts;

static char *
draw_name(struct text *t)
{
    static const char *const parts[] = {"a", "b", "c", "ab", "x_1", "long", "A"};
    static const char *const odd[] = {"1", "a-b", "a b"};

    t->n = 0;
    if (n_parts == 1 && draw(5) == 0) {
        put(t, DRAW(odd));
        return t->s;
    }
    for (unsigned n = n_parts; n > 0; n--) {
        put(t, DRAW(parts));
        put(t, n > 1 ? "." : "");
    }
    return t->s;
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each with its state behind it. */
static void
print_names(char **names, const int *status, int n)
{
    char **rows = calloc((size_t)n, sizeof(*rows)), row[300];

    for (int i = 0; i < n; i++) {
        snprintf(row, sizeof(row), " %s/%d", names[i], status ? status[i] : -1);
        rows[i] = strdup(row);
    }
    qsort(rows, (size_t)n, sizeof(*rows), compare);
    for (int i = 0; i < n; i++) {
        fputs(rows[i], stdout);
        free(rows[i]);
    }
    free(rows);
}

/* Of a name or the beginning of one. */
static void
ask(pmdaNameSpace *tree)
{
    struct text t;
    char *name = draw_name(&t);
    char *dot = strrchr(name, '.');

    if (dot && draw(2))
        *dot = '\0';
    char **names = NULL;
    int *status = NULL, traverse = (int)draw(2);
    pmID pmid = 0;
    int n = pmdaTreePMID(tree, name, &pmid);

    printf("pmid <%s> %d %s;", name, n, n < 0 ? "" : pmIDStr(pmid));
    n = pmdaTreeChildren(tree, name, traverse, &names, &status);
    printf(" children %d %d:", traverse, n);
    if (n > 0) {
        print_names(names, traverse ? NULL : status, n);
        free(names);
        free(status);
    }
    names = NULL;
    pmid = pmID_build(9, 1, draw(30));
    n = pmdaTreeName(tree, pmid, &names);
    printf("; names of %s %d:", pmIDStr(pmid), n);
    if (n > 0) {
        print_names(names, NULL, n);
        free(names);
    }
    printf("; size %d\n", pmdaTreeSize(tree));
}

int
main(void)
{
    for (int round = 0; round < 500; round++) {
        pmdaNameSpace *tree;
        n_parts = 1 + draw(4);
        printf("round %d: %d\n", round, pmdaTreeCreate(&tree));
        unsigned n = draw(40);
        for (unsigned i = 0; i < n; i++) {
            struct text t;
            pmID pmid = pmID_build(9, 1, draw(30));
            const char *name = draw_name(&t);
            printf("insert %s <%s>: %d\n", pmIDStr(pmid), name,
                   pmdaTreeInsert(tree, pmid, name));
        }
        pmdaTreeRebuildHash(tree, (int)n);
        for (int i = 0; i < 20; i++)
            ask(tree);
        pmdaTreeRelease(tree);
    }
    return 0;
}
