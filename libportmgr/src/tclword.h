/* SPDX-License-Identifier: MIT */
#ifndef PT_TCLWORD_H
#define PT_TCLWORD_H

/* Tcl list words, quoted and unquoted. */
#include "portmgr-tcl.h"

#include <stdbool.h>

enum pt_taken {
    PT_WORD,    /* a word was taken */
    PT_END,     /* there is none left */
    PT_OPEN,    /* the text ends inside braces or quotes: more text may mend it */
    PT_GARBAGE, /* something touches a closing brace or quote: nothing can */
};

/* portmgr_tcl_take(), telling apart what is wrong. Moves *at and fills buf only where a
 * word was taken. */
enum pt_taken pt_tclword_take(const char **at, const char *end, char *buf,
                              size_t *ret_len);

/* A blank between words: space, TAB, LF, VT, FF, CR. */
static inline bool
pt_tclword_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Where a list that comes in pieces stands, so that each byte is looked at once. */
struct pt_tclscan {
    enum { PT_IN_GAP, PT_IN_BARE, PT_IN_BRACES, PT_IN_QUOTES } in;
    size_t depth; /* of braces */
    bool escaped; /* a backslash came last */
};

void pt_tclscan_feed(struct pt_tclscan *scan, const char *text, size_t len);

/* Does the text so far end inside braces or quotes? */
static inline bool
pt_tclscan_is_open(const struct pt_tclscan *scan)
{
    return scan->in == PT_IN_BRACES || scan->in == PT_IN_QUOTES;
}

#endif
