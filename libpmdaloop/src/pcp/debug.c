/* SPDX-License-Identifier: MIT */
/* Debug flags: pmDebugOptions, and the bits of PCP 3. */
#include <pcp/deprecated.h>
#include <pcp/pmapi.h>

#include <stdbool.h>
#include <strings.h>

pmdebugoptions_t pmDebugOptions;
int pmDebug;

#define FLAG(name, bit)                                                                \
    {                                                                                  \
#name, offsetof(pmdebugoptions_t, name), bit                                   \
    }

static const struct {
    const char *name;
    size_t at;
    int bit; /* 0: PCP 3 had none */
} flags[] = {
    FLAG(pdu, DBG_TRACE_PDU),
    FLAG(fetch, DBG_TRACE_FETCH),
    FLAG(profile, DBG_TRACE_PROFILE),
    FLAG(value, DBG_TRACE_VALUE),
    FLAG(context, DBG_TRACE_CONTEXT),
    FLAG(indom, DBG_TRACE_INDOM),
    FLAG(pdubuf, DBG_TRACE_PDUBUF),
    FLAG(log, DBG_TRACE_LOG),
    FLAG(logmeta, DBG_TRACE_LOGMETA),
    FLAG(optfetch, DBG_TRACE_OPTFETCH),
    FLAG(af, DBG_TRACE_AF),
    FLAG(appl0, DBG_TRACE_APPL0),
    FLAG(appl1, DBG_TRACE_APPL1),
    FLAG(appl2, DBG_TRACE_APPL2),
    FLAG(pmns, DBG_TRACE_PMNS),
    FLAG(libpmda, DBG_TRACE_LIBPMDA),
    FLAG(timecontrol, DBG_TRACE_TIMECONTROL),
    FLAG(pmc, DBG_TRACE_PMC),
    FLAG(derive, DBG_TRACE_DERIVE),
    FLAG(lock, DBG_TRACE_LOCK),
    FLAG(interp, DBG_TRACE_INTERP),
    FLAG(config, DBG_TRACE_CONFIG),
    FLAG(pmapi, DBG_TRACE_PMAPI),
    FLAG(fault, DBG_TRACE_FAULT),
    FLAG(auth, DBG_TRACE_AUTH),
    FLAG(discovery, DBG_TRACE_DISCOVERY),
    FLAG(attr, DBG_TRACE_ATTR),
    FLAG(http, DBG_TRACE_HTTP),
    FLAG(desperate, DBG_TRACE_DESPERATE),
    FLAG(deprecated, 0),
    FLAG(exec, 0),
    FLAG(labels, 0),
    FLAG(series, 0),
    FLAG(libweb, 0),
    FLAG(alloc, 0),
    FLAG(services, 0),
    FLAG(appl3, 0),
    FLAG(appl4, 0),
    FLAG(appl5, 0),
    FLAG(access, 0),
    FLAG(qa, 0),
    FLAG(search, 0),
    FLAG(query, 0),
    FLAG(compress, 0),
    FLAG(dev0, 0),
    FLAG(dev1, 0),
    FLAG(dev2, 0),
    FLAG(pmlc, 0),
    FLAG(appl6, 0),
    FLAG(appl7, 0),
    FLAG(appl8, 0),
    FLAG(appl9, 0),
    FLAG(tls, 0),
    FLAG(misc, 0),
    FLAG(qed, 0),
    FLAG(getopt, 0),
};

enum { N_FLAGS = sizeof(flags) / sizeof(flags[0]) };

static int *
flag_at(size_t i)
{
    return (int *)(void *)((char *)&pmDebugOptions + flags[i].at);
}

static void
set_flag(size_t i, int value)
{
    *flag_at(i) = value;
    if (value)
        pmDebug |= flags[i].bit;
    else
        pmDebug &= ~flags[i].bit;
}

/* What a word stands for: a name in either case, a decimal number of the old bits, or
 * "all". */
struct word {
    const char *at;
    size_t len;
    bool all, numeric;
    int bits;
};

static struct word
read_word(const char *at)
{
    char *end;
    struct word w = {.at = at, .len = strcspn(at, ",")};
    long bits = strtol(at, &end, 10);

    w.numeric = w.len > 0 && end == at + w.len;
    w.bits = (int)bits;
    w.all = (w.len == 3 && strncasecmp(at, "all", 3) == 0) || (w.numeric && bits == -1);
    return w;
}

static bool
has_flag(const struct word *w, size_t i)
{
    return w->all || (w->numeric && (flags[i].bit & w->bits) != 0) ||
           (strlen(flags[i].name) == w->len &&
            strncasecmp(flags[i].name, w->at, w->len) == 0);
}

static bool
is_known(const struct word *w)
{
    bool known = w->numeric;

    for (size_t i = 0; i < N_FLAGS && !known; i++)
        known = has_flag(w, i);
    return known;
}

/* All of the words, or none when one of them is unknown. */
static int
set_words(const char *spec, int value)
{
    for (const char *at = spec; *at;) {
        struct word w = read_word(at);
        if (!is_known(&w))
            return PM_ERR_CONV;
        at += w.len;
        at += *at == ',';
    }
    for (const char *at = spec; *at;) {
        struct word w = read_word(at);
        for (size_t i = 0; i < N_FLAGS; i++)
            if (has_flag(&w, i))
                set_flag(i, value);
        at += w.len;
        at += *at == ',';
    }
    return 0;
}

int
pmSetDebug(const char *spec)
{
    return set_words(spec, 1);
}

int
pmClearDebug(const char *spec)
{
    return set_words(spec, 0);
}

char *
pmGetDebug(void)
{
    char *text = malloc(N_FLAGS * 16);
    size_t len = 0;

    if (!text)
        return NULL;
    text[0] = '\0';
    for (size_t i = 0; i < N_FLAGS; i++)
        if (*flag_at(i))
            len += (size_t)snprintf(text + len, N_FLAGS * 16 - len, "%s%s",
                                    len ? "," : "", flags[i].name);
    return text;
}

int
__pmParseDebug(const char *spec)
{
    return pmSetDebug(spec) < 0 ? -1 : pmDebug;
}

void
__pmSetDebugBits(int bits)
{
    for (size_t i = 0; i < N_FLAGS; i++)
        if (flags[i].bit & bits)
            set_flag(i, 1);
}
