/* SPDX-License-Identifier: MIT */
#ifndef XM_ENGINE_H
#define XM_ENGINE_H

/* The state behind a handle, and who owns what.
 *
 *   engine   servers, the queue of packets, the event in the making
 *   server   one incarnation: its users, files and sequences; lives as long as packets
 *            or accesses in the queues refer to it
 *   user     a session; lives as long as a file refers to it
 *   file     one opening of a file
 *
 * Users and files are in one of two lists each: live ones, the longest silent first, and
 * ended ones in the order in which they are due to be forgotten. */
#include "list.h"
#include "table.h"
#include "xm.h"

struct xm_server;

enum xm_text_slot { XM_AUTH, XM_APPINFO, XM_TOKEN, XM_EXPERIMENT, XM_TEXTS };

struct xm_user {
    struct xrdmon_client client;
    struct xm_link link;      /* live or ended */
    struct xm_link files;     /* of it, that the f-stream has opened and not closed */
    struct xm_server *server; /* NULL once it is in its tables no longer */
    struct xm_user *next;     /* with the same hash of its userid */
    struct xm_user **at;      /* what points to it there */
    uint64_t time_ns;         /* last seen, or due once it has ended */
    uint32_t refs;            /* files that are its */
    uint32_t hash;
    bool has_id, is_ended;
    char *texts[XM_TEXTS];
    size_t size_bytes; /* as counted */
    char userid[];
};

struct xm_file {
    struct xm_link link;     /* live or ended */
    struct xm_link of_user;  /* in its user's files */
    struct xm_link in_queue; /* of accesses to be told */
    struct xm_server *server;
    struct xm_user *user;    /* or NULL */
    struct xrdmon_text path; /* allocated; absent if never told */
    uint64_t time_ns;        /* last seen, or due once it has ended */
    uint32_t dictid;
    uint32_t user_dictid;   /* as the open says, 0 if it does not */
    uint32_t segments_left; /* of a vector read */
    uint32_t open_begin_unix_s, open_end_unix_s;
    uint32_t last_begin_unix_s, last_end_unix_s;
    int64_t file_bytes;
    struct xrdmon_fstat_totals totals;
    size_t size_bytes;      /* as counted */
    uint8_t end;            /* enum xrdmon_access_end, once it has one */
    bool is_ended, is_gone; /* gone: waits for its access to be told */
    bool f_opened, f_closed, t_opened, t_closed;
    bool has_totals, is_rw, is_forced, is_told;
};

/* A packet on its way through. */
struct xm_item {
    struct xm_item *next;
    struct xm_server *server; /* or NULL */
    struct xrdmon_source source;
    struct xrdmon_packet packet;
    uint64_t number, time_ns, held_since_ns;
    int err;                  /* it could not even be classified */
    struct xm_link held;      /* in the engine's, while its sequence waits */
    struct xm_domain *domain; /* that sequence */
    uint16_t pseq;            /* its number there */
    char code, provider;      /* of a text form */
    uint32_t hash;            /* of its bytes */
    bool is_seen;             /* a map, applied already: it only stands for its place */
    size_t room, len;
    uint8_t bytes[];
};

/* A sequence of packets: see order.c. */
struct xm_seen {
    uint32_t hash;
    uint16_t pseq;
    bool is_set;
};

/* Counted with each user and file for its place in tables and lists of the allocator. */
enum { XM_OVERHEAD_BYTES = 64, XM_DOMAINS_MAX = 64 };

/* Packets whose events were not taken yet, and what is known of sequences. */
enum { XM_QUEUE_BYTES = 8 * 1024 * 1024, XM_DOMAINS_BYTES = 16 * 1024 * 1024 };

struct xm_domain {
    struct xm_domain *next;
    char code;     /* 0 for maps, t and r; f; g; of text forms any */
    char provider; /* of g */
    bool is_text;  /* numbers go to 999 and not to 255 */
    uint16_t port; /* of the main sequence, and of texts that are not g */
    uint16_t expected;
    uint8_t last_ident; /* of the last '=' */
    uint8_t late_run;   /* late ones one after another: a large gap, rather */
    uint8_t late_found; /* of them, taken off the lost ones */
    uint16_t last_late;
    int late_distance; /* of the first of them */
    bool has_ident, is_started;
    struct xm_item *held; /* in order */
    uint32_t held_packets;
    struct xm_link link; /* in the engine's, the longest silent first */
    struct xm_server *server;
    struct xm_seen seen[];
};

enum { XM_CODES = 17 }; /* the letters, the text forms, and all others */

struct xm_counts {
    uint64_t packets, bytes, by_code[XM_CODES];
    uint64_t truncated, malformed, unknown, trailing_bytes;
    uint64_t lost, late, duplicates, reordered;
    uint64_t by_type[XRDMON_EV_BAD + 1];
    uint64_t unresolved_users, unresolved_paths, dropped, forged, unannounced;
};

struct xm_server {
    struct xrdmon_server known; /* first: see xrdmon_server_get_stats() */
    struct xm_link link;        /* in the engine's, the longest silent first */
    struct xm_link by_all;      /* with the same hash of address, start time and id, */
    struct xm_link by_start;    /* of address and start time, */
    struct xm_link by_sid;      /* of address and id; until a newer one is there */
    struct xm_engine *engine;
    uint64_t time_ns; /* last seen, or due once it has ended */
    uint32_t refs;    /* of items, files and domains in queues */
    bool is_ended, is_gone;
    struct xm_table users, files;
    struct xm_user **userids; /* chains by hash */
    size_t userid_room, userid_used;
    struct xm_domain *domains;
    uint32_t domain_count;
    struct xm_file *last_file; /* the t-stream asks for the same again and again */
    uint32_t orphan, orphan_segments; /* a vector read of a file that is not known */
    char *info;
    struct xm_counts counts;
};

struct xm_settings {
    uint32_t reorder_packets;
    uint64_t reorder_ns, release_ns, idle_ns;
    size_t max_memory_bytes;
    uint32_t max_servers;
    bool is_strict, no_deduplicate, no_release, ignore_address;
    bool want_windows, want_access;
};

enum { XM_SERVER_CHAINS = 1024 };

struct xm_engine {
    struct xm_settings set;
    uint64_t now_ns, packets;
    struct xm_counts counts; /* of packets that belong to no server, and the past's */
    uint64_t restarts, evicted_users, evicted_files, evicted_servers;
    uint64_t released_users, released_files;
    uint64_t live_users, live_files, live_servers;
    size_t memory_bytes;

    struct xm_link servers, ended_servers;
    struct xm_link by_all[XM_SERVER_CHAINS], by_start[XM_SERVER_CHAINS];
    struct xm_link by_sid[XM_SERVER_CHAINS];
    struct xm_server *last_server;
    struct xm_link users, ended_users, files, ended_files;

    struct xm_link accesses; /* files whose end is to be told */
    struct xm_link held; /* packets that wait for one before them, the oldest first */
    struct xm_link domains;
    size_t domain_bytes;
    struct xm_item *ready, **ready_end;
    size_t queued_bytes;
    struct xm_item *spare; /* the last one done, to be used again */
    uint32_t seen_room;    /* of each domain */

    /* the packet being told */
    struct xm_item *item;
    bool (*tell)(struct xm_engine *);
    struct xrdmon_cursor cursor;
    uint64_t window_sid;       /* t: the one that marks must have */
    bool is_told;              /* of what is one event alone */
    struct xm_file *told_file; /* gone, and freed when the caller asks again */
    struct xrdmon_lines lines;

    struct xrdmon_map map;
    struct xrdmon_fstat_record fstat;
    struct xrdmon_trace_record trace;
    struct xrdmon_redir_record redir;
    struct xrdmon_gstream gstream;
    struct xrdmon_gtext gtext;
    struct xrdmon_access access;
    struct xrdmon_client stranger; /* known by the userid in hand alone */

    /* windows around events: see engine.c */
    uint64_t window_number, open_window;
    struct xm_server *window_server;
    bool is_stashed;
    struct xrdmon_event event, mark, window_mark;
};

static inline struct xm_counts *
xm_counts_of(struct xm_engine *e, struct xm_server *s)
{
    return s ? &s->counts : &e->counts;
}

static inline uint64_t
xm_after(uint64_t now, uint64_t delay)
{
    return now > UINT64_MAX - delay ? UINT64_MAX : now + delay;
}

/* server.c */
void xm_server_init_chains(struct xm_engine *e);
struct xm_server *xm_server_find(struct xm_engine *e,
                                 const struct xrdmon_source *source, uint32_t stod,
                                 const uint64_t *sid);
struct xm_server *xm_server_make(struct xm_engine *e,
                                 const struct xrdmon_source *source, uint32_t stod,
                                 uint64_t sid);
void xm_server_seen(struct xm_server *s);
void xm_server_introduce(struct xm_server *s, const struct xrdmon_map *map);
/* By the '=' of a text form, which says less. */
void xm_server_introduce_text(struct xm_server *s, const struct xrdmon_gtext *text);
/* End it: its files are told, and it is freed when nothing refers to it. */
void xm_server_drop(struct xm_server *s, enum xrdmon_access_end end);
void xm_server_unref(struct xm_server *s);
void xm_counts_add(struct xm_counts *to, const struct xm_counts *from);

/* user.c */
struct xm_user *xm_user_of_text(struct xm_server *s, struct xrdmon_text text);
struct xm_user *xm_user_make(struct xm_server *s, uint32_t dictid,
                             const struct xrdmon_userid *userid);
bool xm_user_set_id(struct xm_user *u, uint32_t dictid);
bool xm_user_set_text(struct xm_user *u, enum xm_text_slot slot,
                      struct xrdmon_text text);
void xm_user_end_accesses(struct xm_user *u);
void xm_user_end(struct xm_user *u);
void xm_user_drop(struct xm_user *u);
void xm_user_unref(struct xm_engine *e, struct xm_user *u);

/* file.c */
struct xm_file *xm_file_make(struct xm_server *s, uint32_t dictid);
bool xm_file_set_path(struct xm_file *f, struct xrdmon_text path);
void xm_file_set_user(struct xm_file *f, struct xm_user *u);
/* Its access has ended: it is told if it is wanted and was not. */
void xm_file_tell(struct xm_file *f, enum xrdmon_access_end end);
void xm_file_end(struct xm_file *f);
void xm_file_drop(struct xm_file *f, enum xrdmon_access_end end);
void xm_file_free(struct xm_file *f);

/* limits.c */
void xm_limits_release(struct xm_engine *e);
void xm_limits_hold(struct xm_engine *e);

/* order.c */
void xm_order_take(struct xm_engine *e, struct xm_item *item);
void xm_order_tick(struct xm_engine *e);
void xm_order_flush(struct xm_engine *e);
void xm_order_drop(struct xm_server *s);
void xm_ready(struct xm_engine *e, struct xm_item *item);

/* feed.c */
void xm_item_free(struct xm_engine *e, struct xm_item *item);
int xm_engine_feed(struct xm_engine *e, const struct xrdmon_source *source,
                   const void *bytes, size_t len, uint64_t now_ns);

void xm_engine_tick(struct xm_engine *e, uint64_t now_ns);
void xm_engine_flush(struct xm_engine *e);

/* engine.c */
void xm_engine_init(struct xm_engine *e);
void xm_engine_free(struct xm_engine *e);
const struct xrdmon_event *xm_engine_next(struct xm_engine *e);

/* The packet in hand, event by event: true as long as there is one. */
bool xm_tell_map(struct xm_engine *e);
bool xm_tell_fstat(struct xm_engine *e);
bool xm_tell_trace(struct xm_engine *e);
bool xm_tell_redir(struct xm_engine *e);
bool xm_tell_gstream(struct xm_engine *e);
bool xm_tell_gtext(struct xm_engine *e);
bool xm_tell_summary(struct xm_engine *e);
bool xm_tell_bad(struct xm_engine *e, int err, size_t offset, const char *why);
/* What a map says is known from now on. */
void xm_apply_map(struct xm_server *s, const struct xrdmon_map *map);

static inline struct xm_user *
xm_user_find(struct xm_server *s, uint32_t dictid)
{
    struct xm_user *u = dictid ? xm_table_find(&s->users, dictid) : NULL;
    if (u && !u->is_ended) {
        u->time_ns = s->engine->now_ns;
        xm_list_remove(&u->link);
        xm_list_append(&s->engine->users, &u->link);
    }
    return u;
}

static inline struct xm_file *
xm_file_find(struct xm_server *s, uint32_t dictid)
{
    struct xm_engine *e = s->engine;
    struct xm_file *f = s->last_file;

    if (!f || f->dictid != dictid)
        s->last_file = f = xm_table_find(&s->files, dictid);
    else if (f->time_ns == e->now_ns)
        return f; /* asked for a moment ago */
    if (f && !f->is_ended) {
        f->time_ns = e->now_ns;
        xm_list_remove(&f->link);
        xm_list_append(&e->files, &f->link);
    }
    return f;
}

/* Who and what of an event about a file that may be unknown. */
static inline void
xm_event_file(struct xm_engine *e, uint32_t dictid, struct xm_file *f)
{
    struct xrdmon_event *ev = &e->event;

    ev->id = dictid;
    if (f && !f->user && f->user_dictid)
        xm_file_set_user(f, xm_user_find(f->server, f->user_dictid));
    ev->client = f && f->user ? &f->user->client : NULL;
    ev->path = f ? f->path : (struct xrdmon_text){NULL, 0};
    e->item->server->counts.unresolved_users += !ev->client;
    e->item->server->counts.unresolved_paths += !ev->path.at;
}

#endif
