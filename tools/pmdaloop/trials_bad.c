/* SPDX-License-Identifier: MIT */
/* Each request cut at every byte, made longer, and with every word set to what lies. */
#include "trial.h"

#include <bytekit/rd.h>
#include <string.h>

/* A good request to start from. */
struct seed {
    const char *name;
    int32_t type, reply; /* reply 0: none is due */
    size_t n_words;
    uint32_t words[12];
    const char *text; /* behind the words, padded to 4 */
};

enum { SEEDS = 11 };

static void
make_seeds(const struct subject *s, struct seed *ret)
{
    uint32_t pmid = s->has_metric ? s->desc.pmid : PMDALOOP_PMID(s->domain, 0, 0);
    /* Nothing is to be stored by accident: no metric has this number. */
    uint32_t nowhere = PMDALOOP_PMID(s->domain, 4095, 1023);
    uint32_t indom = s->indom;
    const struct seed seeds[SEEDS] = {
        {"FETCH", PDU_FETCH, PDU_RESULT, 6, {0, 0, 0, 2, pmid, pmid}, NULL},
        {"DESC_REQ", PDU_DESC_REQ, PDU_DESC, 1, {pmid}, NULL},
        {"INSTANCE_REQ",
         PDU_INSTANCE_REQ,
         PDU_INSTANCE,
         5,
         {indom, 0, 0, ~0U, 5},
         "green"},
        {"TEXT_REQ", PDU_TEXT_REQ, PDU_TEXT, 2, {pmid, 5}, NULL},
        {"LABEL_REQ", PDU_LABEL_REQ, PDU_LABEL, 2, {pmid, 16}, NULL},
        {"PMNS_NAMES", PDU_PMNS_NAMES, PDU_PMNS_IDS, 4, {10, 0, 1, 9}, "no.metric"},
        {"PMNS_IDS", PDU_PMNS_IDS, PDU_PMNS_NAMES, 3, {0, 1, nowhere}, NULL},
        {"PMNS_CHILD", PDU_PMNS_CHILD, PDU_PMNS_NAMES, 2, {1, 9}, "no.metric"},
        {"PMNS_TRAVERSE", PDU_PMNS_TRAVERSE, PDU_PMNS_NAMES, 2, {0, 9}, "no.metric"},
        /* a string in a block, at word 13 */
        {"RESULT",
         PDU_RESULT,
         PDU_ERROR,
         10,
         {0, 0, 1, nowhere, 1, 1, ~0U, 11, 6U << 24 | 10, 0x68656c6c},
         "o"},
        {"PROFILE", PDU_PROFILE, 0, 9, {0, 1, 1, 0, indom, 1, 1, 0, 0}, NULL},
    };
    memcpy(ret, seeds, sizeof(seeds));
}

static void
grow(const struct seed *seed, struct trial *t)
{
    size_t len = seed->text ? strlen(seed->text) : 0;
    struct wr w = trial_begin(t, seed->type);

    for (size_t i = 0; i < seed->n_words; i++)
        wr_u32(&w, seed->words[i]);
    if (seed->text)
        wr_bytes(&w, seed->text, len);
    wr_zeros(&w, (4 - len % 4) % 4);
    trial_end(t, &w);
}

static struct trial
begin(const struct seed *seed)
{
    return (struct trial){.group = seed->name,
                          .want = seed->reply ? WANT_REPLY : WANT_SILENCE,
                          .reply = seed->reply};
}

static bool
cut(const struct seed *seed, trial_fn *each, void *own)
{
    struct trial whole = begin(seed);

    grow(seed, &whole);
    for (size_t len = 12; len <= whole.len + 4; len++) {
        struct trial t = whole;
        if (len == whole.len)
            continue;
        t.before = seed->reply ? &whole : NULL;
        t.is_bad = len < whole.len; /* what is too long may be read for all that */
        t.len = len;
        wr_be32(t.bytes, (uint32_t)len);
        snprintf(t.name, sizeof(t.name), "%zu bytes of %zu", len, whole.len);
        if (!each(own, &t))
            return false;
    }
    return true;
}

static bool
lie(const struct seed *seed, trial_fn *each, void *own)
{
    static const uint32_t lies[] = {0, 0xffffffff, 0x7fffffff, 0x80000000, 0x40000000};
    struct trial whole = begin(seed);

    grow(seed, &whole);
    for (size_t at = 12; at + 4 <= whole.len; at += 4)
        for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
            struct trial t = whole;
            if (rd_be32(t.bytes + at) == lies[i])
                continue;
            t.before = seed->reply ? &whole : NULL;
            wr_be32(t.bytes + at, lies[i]);
            snprintf(t.name, sizeof(t.name), "the word at %zu is 0x%x", at,
                     (unsigned)lies[i]);
            if (!each(own, &t))
                return false;
        }
    return true;
}

/* Heads that are none: nothing behind them can be in step. */
static bool
break_frames(trial_fn *each, void *own)
{
    static const struct {
        uint32_t len, type;
    } heads[] = {{0, PDU_DESC_REQ},          {4, PDU_DESC_REQ},
                 {11, PDU_DESC_REQ},         {0xffffffff, PDU_DESC_REQ},
                 {0x80000000, PDU_DESC_REQ}, {0x7fffffff, PDU_DESC_REQ},
                 {0x40000000, PDU_DESC_REQ}, {16, 0},
                 {16, 0xffffffff},           {16, 0x80000000}};

    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        struct trial t = {.group = "frames", .want = WANT_END};
        struct wr w = trial_begin(&t, (int32_t)heads[i].type);
        wr_u32(&w, 0);
        trial_end(&t, &w);
        wr_be32(t.bytes, heads[i].len);
        snprintf(t.name, sizeof(t.name), "length 0x%x, type 0x%x",
                 (unsigned)heads[i].len, (unsigned)heads[i].type);
        if (!each(own, &t))
            return false;
    }
    return true;
}

bool
trials_bad(const struct subject *s, trial_fn *each, void *own)
{
    struct seed seeds[SEEDS];

    make_seeds(s, seeds);
    for (size_t i = 0; i < SEEDS; i++)
        if (!cut(&seeds[i], each, own) || !lie(&seeds[i], each, own))
            return false;
    return break_frames(each, own);
}
