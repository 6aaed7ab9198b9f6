/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

/* What the stand-in daemon remembers, for the files that answer requests. */
#include "daemon.h"

/* Texts in order. */
struct dm_words {
    char **at;
    size_t count, room;
    size_t *slots, n_slots; /* an index by hash: numbers from 1, 0 is free; or NULL */
};

bool dm_words_add(struct dm_words *w, const char *word);
/* False when it isn't in. */
bool dm_words_remove(struct dm_words *w, const char *word);
void dm_words_remove_all(struct dm_words *w, struct dm_words *gone);
bool dm_words_has(struct dm_words *w, const char *word);
void dm_words_free(struct dm_words *w);

/* Everything that has a name. Its attributes are kept as they were sent. */
struct dm_object {
    char *name;
    char *attr[LC_ATTR_COUNT];
    bool running;
    int64_t interval_us, offset_us;
    bool without_offset; /* an updater started with an interval alone: not in step */
    struct dm_words producers; /* regular expressions of updaters, storage policies */
    struct dm_words members;   /* producers of an updater, by name */
    struct dm_words items;     /* metrics, "regex\1selector", members, streams */
    uint64_t count, bytes;     /* what came in, of a stream */
    int64_t first_s, last_s;
};

enum dm_kind {
    DM_PRDCRS,
    DM_PRDCR_LISTENS,
    DM_UPDTRS,
    DM_STRGPS,
    DM_SAMPLERS,
    DM_STORES,
    DM_SETS,
    DM_GROUPS,
    DM_AUTHS,
    DM_ENDPOINTS,
    DM_QMEMBERS,
    DM_SAMPLER_POLICIES,
    DM_STREAMS,
    DM_LOGS,
    DM_KINDS,
};

/* Objects of one kind, sorted by name as the real daemon lists them. */
struct dm_shelf {
    struct dm_object **at;
    size_t count, room;
};

struct dm_failover {
    struct dm_object *config; /* NULL: not configured */
    bool running, stopping;
    bool retried; /* a start with a peer configured tries to pair */
    bool forever; /* its time-out has been put off for ever */
};

struct dm_daemon {
    char *name;
    bool is_main;
    struct dm_body body;
    struct dm_shelf shelves[DM_KINDS];
    struct dm_failover failover;
    uint64_t changes; /* what cfg_cntr answers */
    bool streams_on, messages_on;
    char *uid, *gid;
    unsigned perm;
    struct dm_object *qgroup; /* its configuration; made by dm_new() */
    const char *log_level;
    unsigned including; /* files within files */
};

/* Of the default log, when a daemon starts. */
extern const char dm_first_log_level[];

/* NULL when there is none. */
struct dm_object *dm_find(const struct dm_daemon *d, enum dm_kind kind,
                          const char *name);
/* A new object that remembers all attributes of the request; NULL without memory, or
 * when the name is taken. */
struct dm_object *dm_make(struct dm_daemon *d, enum dm_kind kind, const char *name,
                          const struct dm_request *request);
void dm_remove(struct dm_daemon *d, enum dm_kind kind, const char *name);
struct dm_object *dm_object_new(const char *name, const struct dm_request *request);
void dm_object_free(struct dm_object *o);
/* Attributes of the request replace those of the object. */
void dm_remember(struct dm_object *o, const struct dm_request *request);

/* The attribute, or this. */
const char *dm_attr_or(const struct dm_object *o, enum lc_attr id, const char *other);

/* fopen(), but of no pipe and no device: all connections would wait for it. */
FILE *dm_open(const char *path, const char *mode);

/* Microseconds from "1000000", "20s", "1.5 m"; false when it is no time. */
bool dm_take_us(const char *text, int64_t *ret_us);
bool dm_is_true(const char *text);
/* A regular expression, and one that a stand-in can bear. */
bool dm_is_regex(const char *regex);
bool dm_matches(const char *regex, const char *text);

/* Writing answers. dm_say(): a status and a sentence. dm_ok(): 0 and a sentence. */
void dm_say(struct dm_reply *r, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Once all of it is said. */
void dm_reply_end(struct dm_reply *r);
/* The stream for an answer in JSON, in the attribute `kind`. */
FILE *dm_write(struct dm_reply *r, enum lc_attr kind, bool without_nul);
/* Each ~ in the text is the next argument, a const char *, as a JSON string. */
void dm_put(FILE *out, const char *text, ...);
/* The attribute, or NULL and the answer that it is required. */
const char *dm_need(const struct dm_request *q, struct dm_reply *r, enum lc_attr id,
                    const char *word);
/* 13 and regcomp's words when this is no regular expression. */
bool dm_check_regex(struct dm_reply *r, const char *regex);

/* A sampler's set in the directory, or a producer's: its schema. */
#define DM_SCHEMA_OF_PRODUCERS "meminfo"
/* The set that a connected producer is imagined to offer. The caller frees. */
char *dm_set_of_producer(const struct dm_object *prdcr);
/* The plugin that a sampler or a store is an instance of. */
const char *dm_plugin_of(const struct dm_object *o);
const char *dm_prdcr_state(const struct dm_object *prdcr);
long dm_prdcr_port(const struct dm_object *prdcr);
bool dm_any_regex(const struct dm_words *regexes, const char *text);

/* A method's answer. */
typedef void dm_method(struct dm_daemon *d, const struct dm_request *q,
                       struct dm_reply *r);

dm_method dm_prdcr_add, dm_prdcr_del, dm_prdcr_start, dm_prdcr_stop, dm_prdcr_status,
    dm_prdcr_start_regex, dm_prdcr_stop_regex, dm_prdcr_set, dm_prdcr_hint_tree,
    dm_prdcr_subscribe, dm_prdcr_unsubscribe, dm_prdcr_stream_status, dm_prdcr_stats;
dm_method dm_advertiser_start, dm_advertiser_stop, dm_advertiser_del,
    dm_prdcr_listen_add, dm_prdcr_listen_del, dm_prdcr_listen_start,
    dm_prdcr_listen_stop, dm_prdcr_listen_status;
dm_method dm_updtr_add, dm_updtr_del, dm_updtr_start, dm_updtr_stop, dm_updtr_status,
    dm_updtr_prdcr_add, dm_updtr_prdcr_del, dm_updtr_match_add, dm_updtr_match_del,
    dm_updtr_match_list, dm_updtr_task, dm_update_time_stats;
dm_method dm_strgp_add, dm_strgp_del, dm_strgp_start, dm_strgp_stop, dm_strgp_status,
    dm_strgp_prdcr_add, dm_strgp_prdcr_del, dm_strgp_metric_add, dm_strgp_metric_del,
    dm_store_time_stats, dm_strgp_pi_stats;
dm_method dm_plugn_load, dm_plugn_term, dm_plugn_config, dm_plugn_start, dm_plugn_stop,
    dm_plugn_status, dm_plugn_sets, dm_plugn_usage, dm_set_udata, dm_set_udata_regex,
    dm_oneshot;
dm_method dm_set_default_authz, dm_set_sec_mod, dm_set_stats;
dm_method dm_setgroup_add, dm_setgroup_mod, dm_setgroup_del, dm_setgroup_ins,
    dm_setgroup_rm;
dm_method dm_stream_publish, dm_stream_subscribe, dm_stream_unsubscribe,
    dm_stream_client_dump, dm_stream_status, dm_stream_disable, dm_stream_enable,
    dm_msg_stats, dm_msg_client_stats, dm_msg_disable, dm_msg_enable;
dm_method dm_failover_config, dm_failover_start, dm_failover_stop, dm_failover_status,
    dm_failover_peercfg;
dm_method dm_auth_add, dm_auth_del, dm_listen, dm_qgroup_config, dm_qgroup_member_add,
    dm_qgroup_member_del, dm_qgroup_start, dm_qgroup_stop, dm_qgroup_info;
dm_method dm_xprt_stats, dm_thread_stats, dm_profiling, dm_profiling_switch,
    dm_log_level, dm_log_status, dm_stats_reset;
dm_method dm_smplrp_add, dm_smplrp_del, dm_smplrp_start, dm_smplrp_stop;
dm_method dm_greeting, dm_cfg_cntr, dm_dump_cfg, dm_daemon_status, dm_version,
    dm_include, dm_exit_daemon;

/* The io and worker threads, which daemon_status and thread_stats show. */
void dm_put_threads(FILE *out, bool is_main);

#endif
