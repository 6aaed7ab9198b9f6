/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_AGENT_H
#define PL_PCP_AGENT_H

/*
 * What the library keeps for one agent behind pmdaExt's e_ext: the stream to pmcd, the
 * table of metrics by number, the result that is reused, generators of dynamic metrics.
 * Nothing of it is static, so that a process may hold any number of agents.
 */
#include <pcp/libpcp.h>
#include <pcp/pmda.h>

#include <stdbool.h>

/* Metrics by pmID: open addressing, places in the agent's own table. */
struct pl_index {
    const pmdaMetric *table; /* what it was built from */
    int n;
    uint32_t *slots; /* 1 + place; 0 is empty */
    uint32_t mask;
};

/* Instances being walked, those that the client wants. */
struct pl_walk {
    pmInDom indom;
    pmdaIndom *table; /* or else */
    struct pl_cache *cache;
    const pmInDomProfile *entry; /* of the profile; NULL: all_in decides */
    bool all_in;
    bool sorted;  /* the entry is */
    bool by_list; /* take the entry's instances, one by one, instead of all */
    int at;
    size_t hint;
    int last;    /* of a cache */
    bool single; /* no instance domain: once, with PM_IN_NULL */
};

/* Bytes between pmcd and the agent. */
struct pl_stream {
    int in, out;
    uint8_t *bytes; /* read and not yet used: from at on, len of them */
    size_t at, len, room;
    uint8_t *reply;
    size_t reply_room;
    size_t out_held; /* pl_pipe_hold()'s */
    bool sigpipe_seen_to;
};

struct pl_dynamic;

struct pl_agent {
    pmdaInterface *dispatch;
    void *data; /* pmdaSetData() */
    struct pl_stream stream;
    bool begun; /* the first PDU has been asked for */
    struct pl_index metrics;
    pmResult *result; /* of pmdaFetch() */
    int result_room;
    struct pl_walk walk; /* of __pmdaStartInst() */
    struct pl_dynamic *dynamics;
    int n_dynamics;
    pmProfile *profile; /* received and in force */
    char *logfile, *helptext, *helptext_option;
    pmdaOptions options; /* where pmdaGetOpt() is */
};

/* Versions that have a pmdaExt. */
static inline bool
pl_has_ext(int version)
{
    return version >= PMDA_INTERFACE_2 && version <= PMDA_INTERFACE_LATEST;
}

/* The agent behind an ext, made when there is none yet. Never NULL: without memory the
 * process ends, as there is no way to report it. */
struct pl_agent *pl_agent_of(pmdaExt *ext);
void pl_agent_clear(struct pl_agent *agent);

/* Where pmcd calls the methods itself, whom it does so for stands in ext alone. */
void pl_tell_context(const pmdaExt *ext);

/* A metric of ext's table, or NULL. Notices when the table was replaced; and when it was
 * rewritten, unless the agent said that it tells, by PMDA_EXT_FLAG_HASHED. */
pmdaMetric *pl_index_find(pmdaExt *ext, pmID pmid);
void pl_index_free(struct pl_index *index);

/* Begin at the first instance of an indom that ext's client wants; how many there are at
 * most. Then each in order; false after the last. */
size_t pl_walk_begin(struct pl_walk *walk, pmInDom indom, pmdaExt *ext);
bool pl_walk_next(struct pl_walk *walk, int *ret_inst);

/* The default for ext's result callback. */
void pl_free_result(pmResult *result);

/* Frees what pmdaExtDynamicPMNS() registered. */
void pl_dynamics_free(struct pl_agent *agent);

#endif
