/* SPDX-License-Identifier: MIT */
/* A command line read as getopt_long(3) reads it, but with PCP's tables and without anything
 * static: -abc, -n5, -n 5, --name=5, --name 5, --nam; words that are no options move behind
 * those that are. */
#include "pcp/optwords.h"

enum order { PERMUTED, UP_TO_THE_FIRST, IN_ORDER };

struct words {
    char **argv;
    int argc;
    pmdaOptions *opts;
    const char *letters;
    bool told; /* mistakes are */
};

static bool
is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* Options from last on have been taken since the words from first to last were passed over:
 * they change places. */
static void
move_behind(const struct words *w)
{
    pmdaOptions *o = w->opts;

    for (; o->__last_nonopt < o->optind; o->__last_nonopt++, o->__first_nonopt++) {
        char *word = w->argv[o->__last_nonopt];
        size_t n = (size_t)(o->__last_nonopt - o->__first_nonopt);
        memmove(&w->argv[o->__first_nonopt + 1], &w->argv[o->__first_nonopt],
                n * sizeof(word));
        w->argv[o->__first_nonopt] = word;
    }
}

static void
pass_over(const struct words *w)
{
    pmdaOptions *o = w->opts;

    if (o->__first_nonopt != o->__last_nonopt)
        move_behind(w);
    else
        o->__first_nonopt = o->__last_nonopt = o->optind;
}

/* The next word that is an option; or what to return instead. */
static int
next_word(const struct words *w)
{
    pmdaOptions *o = w->opts;

    if (o->__ordering == PERMUTED) {
        pass_over(w);
        while (o->optind < w->argc && !is_option(w->argv[o->optind]))
            o->optind++;
        o->__last_nonopt = o->optind;
    }
    if (o->optind < w->argc && strcmp(w->argv[o->optind], "--") == 0) {
        o->optind++;
        pass_over(w);
        o->__last_nonopt = o->optind = w->argc;
    }
    if (o->optind >= w->argc) {
        if (o->__first_nonopt != o->__last_nonopt)
            o->optind = o->__first_nonopt;
        return EOF;
    }
    if (is_option(w->argv[o->optind]))
        return 0;
    if (o->__ordering == UP_TO_THE_FIRST)
        return EOF;
    o->optarg = w->argv[o->optind++];
    return 1;
}

static int
missing(const struct words *w)
{
    return w->letters[0] == ':' ? ':' : '?';
}

/* Of those that begin with the name: the one it is, or the only one, or such as mean the
 * same; -1: none; -2: it might be several, which were told. */
static int
find_long(const struct words *w, const char *word, const char *name, size_t len)
{
    const pmLongOptions *table = w->opts->long_options;
    int found = -1, others = 0;

    for (int i = 0; table[i].long_opt; i++) {
        if (!pl_option_is_entry(&table[i]) ||
            strncmp(table[i].long_opt, name, len) != 0)
            continue;
        if (strlen(table[i].long_opt) == len)
            return i;
        if (found < 0)
            found = i;
        else if (table[found].has_arg != table[i].has_arg ||
                 table[found].short_opt != table[i].short_opt)
            others++;
    }
    if (others == 0)
        return found;
    if (w->told) {
        pmprintf("%s: option '%s' is ambiguous; possibilities:", pmGetProgname(), word);
        for (int i = 0; table[i].long_opt; i++)
            if (pl_option_is_entry(&table[i]) &&
                strncmp(table[i].long_opt, name, len) == 0)
                pmprintf(" '--%s'", table[i].long_opt);
        pmprintf("\n");
    }
    return -2;
}

/* --name, --name=argument or --name argument. */
static int
take_long(const struct words *w)
{
    pmdaOptions *o = w->opts;
    char *word = w->argv[o->optind++], *name = word + 2;
    size_t len = strcspn(name, "=");
    int index = len > 0 ? find_long(w, word, name, len) : -1;

    o->optopt = 0;
    if (index < 0) {
        if (w->told && index == -1)
            pmprintf("%s: unrecognized option '%s'\n", pmGetProgname(), word);
        return '?';
    }
    const pmLongOptions *found = &o->long_options[index];
    if (name[len] == '=' && !found->has_arg) {
        if (w->told)
            pmprintf("%s: option '--%s' doesn't allow an argument\n", pmGetProgname(),
                     found->long_opt);
        o->optopt = found->short_opt;
        return '?';
    }
    if (name[len] == '=') {
        o->optarg = name + len + 1;
    } else if (found->has_arg == 1 && o->optind < w->argc) {
        o->optarg = w->argv[o->optind++];
    } else if (found->has_arg == 1) {
        if (w->told)
            pmprintf("%s: option '--%s' requires an argument\n", pmGetProgname(),
                     found->long_opt);
        o->optopt = found->short_opt;
        return missing(w);
    }
    o->index = index;
    return found->short_opt;
}

/* The next letter of a word, with what is left of it or the next word as its argument. */
static int
take_letter(const struct words *w)
{
    pmdaOptions *o = w->opts;
    int c = (unsigned char)*o->__nextchar++;
    const char *known = c == ':' || c == ';' ? NULL : strchr(w->letters, c);

    if (*o->__nextchar == '\0')
        o->optind++;
    if (!known) {
        if (w->told)
            pmprintf("%s: invalid option -- '%c'\n", pmGetProgname(), c);
        o->optopt = c;
        return '?';
    }
    if (known[1] != ':')
        return c;
    char *rest = o->__nextchar;
    o->__nextchar = NULL;
    if (*rest) {
        o->optarg = rest;
        o->optind++;
    } else if (known[2] != ':' && o->optind < w->argc) {
        o->optarg = w->argv[o->optind++];
    } else if (known[2] != ':') {
        if (w->told)
            pmprintf("%s: option requires an argument -- '%c'\n", pmGetProgname(), c);
        o->optopt = c;
        return missing(w);
    }
    return c;
}

static void
begin(const char *program, const char *letters, pmdaOptions *o)
{
    if (!o->__initialized)
        pmSetProgname(program);
    o->__initialized = 1;
    if (o->optind <= 0)
        o->optind = 1;
    o->__first_nonopt = o->__last_nonopt = o->optind;
    o->__nextchar = NULL;
    o->__ordering = letters[0] == '-' ? IN_ORDER
                    : letters[0] == '+' || (o->flags & PM_OPTFLAG_POSIX) ||
                            getenv("POSIXLY_CORRECT")
                        ? UP_TO_THE_FIRST
                        : PERMUTED;
}

int
pl_option_next(int argc, char *const *argv, pmdaOptions *opts)
{
    /* the words change places, as PCP's callers know; the type is getopt()'s */
    struct words w = {.argv = (char **)(uintptr_t)argv,
                      .argc = argc,
                      .opts = opts,
                      .letters = opts->short_options ? opts->short_options : ""};
    int c;

    if (argc < 1)
        return EOF;
    opts->optarg = NULL;
    if (!opts->__initialized || opts->optind == 0)
        begin(argv[0], w.letters, opts);
    w.letters += w.letters[0] == '-' || w.letters[0] == '+';
    w.told = w.letters[0] != ':' && (opts->opterr || !(opts->flags & PM_OPTFLAG_QUIET));
    if (!opts->__nextchar || !*opts->__nextchar) {
        if ((c = next_word(&w)) != 0)
            return c;
        if (opts->long_options && argv[opts->optind][1] == '-')
            return take_long(&w);
        opts->__nextchar = argv[opts->optind] + 1;
    }
    return take_letter(&w);
}
