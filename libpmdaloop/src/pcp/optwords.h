/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_OPTWORDS_H
#define PL_PCP_OPTWORDS_H

/* Words of a command line as options. */
#include <pcp/pmda.h>

#include <stdbool.h>

/* The next option: its letter, with the argument in opts->optarg; 0 for a long one without
 * a letter, which is opts->index in the table; 1 for a word that is none, where these come in
 * order; '?' for a mistake, which was told, or ':' where the letters begin with that; EOF at
 * the end, and the words that are none are behind opts->optind. All state is in opts. */
int pl_option_next(int argc, char *const *argv, pmdaOptions *opts);

/* An option, and not a heading or a line of text. */
static inline bool
pl_option_is_entry(const pmLongOptions *o)
{
    return o->long_opt && o->long_opt[0] != '\0';
}

#endif
