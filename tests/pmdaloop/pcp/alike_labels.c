/* SPDX-License-Identifier: MIT */
/*
 * Labels from JSON, good and bad, merged up to three times. What PCP's library gets wrong is
 * not asked: space and objects within arrays, which move the value; nested labels when they
 * are merged, nested deeper, or called as an outer one; a text that breaks off, which
 * it takes.
 */
#include "alike.h"

#include <pcp/pmapi.h>
#include <pcp/pmda.h>

enum { FLAT = 1 }; /* a depth at which nothing is nested */

static void
put_space(struct text *t)
{
    static const char *const rows[] = {"", "", "", " ", "\t", "\n", "  "};
    put(t, DRAW(rows));
}

static void
put_name(struct text *t, int depth, bool bad)
{
    static const char *const good[FLAT + 1][5] = {
        {"a", "b", "abc", "a_b", "A1"},
        {"kx", "ky1", "k_z", "kabc", "K"},
    };
    static const char *const poor[] = {"",    "1a",      "_a",       "a.b", "a b",
                                       "a-b", "\\u0041", "\xc3\xa9", "a\"b"};

    put(t, "\"");
    put(t, bad ? DRAW(poor) : DRAW(good[depth]));
    put(t, "\"");
}

static void
put_scalar(struct text *t, bool bad)
{
    static const char *const good[] = {"0",
                                       "1",
                                       "-2",
                                       "1.5",
                                       "1e3",
                                       "-0.5E-2",
                                       "12345678901234567890",
                                       "true",
                                       "false",
                                       "null",
                                       "\"\"",
                                       "\"x\"",
                                       "\"x y\"",
                                       "\"a\\\"b\"",
                                       "\"{\"",
                                       "\"\\\\\"",
                                       "\"\\n\"",
                                       "\"\\/\"",
                                       "\"[,]\"",
                                       "\"}\"",
                                       "\"\\u00e9\"",
                                       "\"\xc3\xa9\""};
    static const char *const poor[] = {
        "01",  "+1",   "1.",  ".5",      "1e", "- 1",           "tru",
        "nul", "TRUE", "'x'", "\"\\q\"", "x",  "\"tab\there\"", ""};

    put(t, bad ? DRAW(poor) : DRAW(good));
}

/* Where bad, one thing in it is, at a place drawn. */
static void
put_object(struct text *t, int depth, bool bad)
{
    unsigned n = bad ? 1 + draw(3) : draw(4), at = bad ? draw(n) : n;
    bool nest = depth < FLAT && draw(2) == 0;

    put(t, "{");
    for (unsigned i = 0; i < n; i++) {
        unsigned what = i == at ? draw(5) : 5;
        if (i)
            put(t, ",");
        put_space(t);
        if (nest && i == 0 && what == 5) {
            put(t, "\"outer\" : ");
            put_object(t, depth + 1, false);
            continue;
        }
        put_name(t, depth, what == 0);
        put_space(t);
        put(t, what == 1 ? "" : ":");
        put_space(t);
        if (draw(5) == 0 && what == 5) {
            put(t, "[");
            for (unsigned k = draw(3); k > 0; k--) {
                put_scalar(t, false);
                put(t, k > 1 ? "," : "");
            }
            put(t, "]");
        } else {
            put_scalar(t, what == 2);
        }
        put_space(t);
        put(t, what == 3 ? ";" : what == 4 ? "]" : "");
    }
    put(t, "}");
}

/* In the order of the text; and the index, but that of nested names is sorted otherwise. */
static void
print_set(const pmLabelSet *set, bool flat)
{
    for (int at = 0; at < (int)set->jsonlen; at++)
        for (int i = 0; i < set->nlabels; i++) {
            const pmLabel *l = &set->labels[i];
            if (l->name == at)
                printf(" %.*s=%.*s/%x", l->namelen, set->json + l->name, l->valuelen,
                       set->json + l->value, l->flags);
        }
    for (int i = 0; flat && i < set->nlabels; i++)
        printf(" %.*s", set->labels[i].namelen, set->json + set->labels[i].name);
    printf(" in <%.*s>", (int)set->jsonlen, set->json ? set->json : "");
}

int
main(void)
{
    for (int i = 0; i < 20000; i++) {
        pmLabelSet *set = NULL;
        unsigned n_texts = 1 + draw(3);
        for (unsigned k = n_texts; k > 0; k--) {
            struct text t = {.n = 0};
            put_space(&t);
            put_object(&t, n_texts > 1 ? FLAT : 0, draw(5) == 0);
            put_space(&t);
            int n = draw(4) ? pmdaAddLabels(&set, "%s", t.s)
                            : pmdaAddNotes(&set, "%s", t.s);
            printf("%d %s: %d", i, t.s, n);
            if (n > 0)
                print_set(set, n_texts > 1);
            printf("\n");
        }
        pmFreeLabelSets(set, set != NULL);
    }
    return 0;
}
