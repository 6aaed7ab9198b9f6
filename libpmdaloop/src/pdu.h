/* SPDX-License-Identifier: MIT */
#ifndef PL_PDU_H
#define PL_PDU_H

/*
 * The codec: PDUs of pmcd and its agents, bytes <-> structs, both ways.
 *
 * Decoders take one whole PDU, header included, and return 0 or -PMDALOOP_EMALFORMED.
 * What they hand out points into those bytes. A list is checked whole when its PDU is
 * decoded, and walked afterwards with its _next(), which is false at the end.
 *
 * Encoders write one whole PDU at a cursor, which turns bad where the room ends: then
 * nothing of it is of use, and the caller starts over with more room.
 */
#include "pmdaloop.h"

#include <errno.h>

#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum pl_pdu {
    PL_ERROR = 0x7000,
    PL_RESULT = 0x7001,
    PL_PROFILE = 0x7002,
    PL_FETCH = 0x7003,
    PL_DESC_REQ = 0x7004,
    PL_DESC = 0x7005,
    PL_INSTANCE_REQ = 0x7006,
    PL_INSTANCE = 0x7007,
    PL_TEXT_REQ = 0x7008,
    PL_TEXT = 0x7009,
    PL_CONTROL_REQ = 0x700a,
    PL_CREDS = 0x700c,
    PL_PMNS_IDS = 0x700d,
    PL_PMNS_NAMES = 0x700e,
    PL_PMNS_CHILD = 0x700f,
    PL_PMNS_TRAVERSE = 0x7010,
    PL_ATTR = 0x7011,
    PL_LABEL_REQ = 0x7012,
    PL_LABEL = 0x7013,
    PL_HIGHRES_FETCH = 0x7014,
    PL_HIGHRES_RESULT = 0x7015,
    PL_DESC_IDS = 0x7016,
    PL_DESCS = 0x7017,
};

enum {
    PL_HEAD_BYTES = 12,
    PL_MAX_REQUEST_BYTES = 1 << 20, /* pmcd takes 64 KiB from a client */
    PL_MAX_ATTR_BYTES = 4095,
    PL_MAX_LABELS = 254,       /* of one label set */
    PL_MAX_LABEL_JSON = 65534, /* bytes of one label set */
};

/* ---- framing: pdu.c ---- */

struct pl_head {
    uint32_t len; /* of the whole PDU */
    int32_t type; /* enum pl_pdu, or whatever the peer has sent */
    int32_t from; /* client slot, or the sender's pid in CREDS */
};

/* Look at the front of a stream. 1: a whole PDU of ret->len bytes is there; 0: more bytes
 * are needed; -PMDALOOP_EPROTO: this is no PDU, or one longer than max_bytes. */
int pl_pdu_peek(const void *bytes, size_t n, size_t max_bytes, struct pl_head *ret);
/* A cursor over what follows the header of a whole PDU; bad when len is not its length. */
struct rd pl_pdu_body(const void *pdu, size_t len);
/* The name of a type as PCP's messages have it, such as "FETCH", or NULL. */
const char *pl_pdu_name(int32_t type);
/* Does exactly one reply follow a PDU of this type? */
bool pl_pdu_wants_reply(int32_t type);

/* Write a header, and fill in its length when the body stands behind it. */
uint8_t *pl_pdu_begin(struct wr *w, enum pl_pdu type, int32_t from);
void pl_pdu_end(struct wr *w, uint8_t *head);
/* A counted string's bytes and its padding to 4. */
void pl_pad_bytes(struct wr *w, const void *bytes, size_t n);
/* The same, read. NULL when it does not fit. */
const char *pl_padded(struct rd *c, int32_t len);

static inline size_t
pl_pad4(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

int pl_error_decode(const void *pdu, size_t len, int32_t *ret_code);
void pl_error_encode(struct wr *w, int32_t from, int32_t code);

/* ---- identifiers: ids.c ---- */

uint32_t pl_pmid(uint32_t domain, uint32_t cluster, uint32_t item);
uint32_t pl_pmid_domain(uint32_t pmid);
uint32_t pl_pmid_cluster(uint32_t pmid);
uint32_t pl_pmid_item(uint32_t pmid);
uint32_t pl_indom(uint32_t domain, uint32_t serial);
uint32_t pl_indom_domain(uint32_t indom);
uint32_t pl_indom_serial(uint32_t indom);

struct pl_units {
    int dim_space, dim_time, dim_count;
    unsigned scale_space, scale_time;
    int scale_count;
};

struct pl_units pl_units_unpack(uint32_t units);

/* ---- CREDS: creds.c ---- */

struct pl_creds {
    uint32_t version;  /* of the PDUs spoken; 0 when no credential tells */
    uint32_t flags;    /* PMDALOOP_WANT_* */
    uint32_t n_others; /* credentials of kinds unknown */
};

int pl_creds_decode(const void *pdu, size_t len, struct pl_creds *ret);
void pl_creds_encode(struct wr *w, int32_t pid, uint32_t version, uint32_t flags);

/* ---- values: value.c ---- */

/* How a value set keeps its values. */
enum pl_valfmt { PL_INSITU = 0, PL_DPTR = 1, PL_SPTR = 2 };

/* Bytes of a scalar type in a block; 0 for strings, aggregates, events. */
size_t pl_scalar_bytes(int32_t type);
/* The bytes of a value as they go into a block or an event parameter. A string ends
 * without its NUL. */
void pl_value_encode(struct wr *w, const struct pmdaloop_value *v);
/* The other way; a string's NUL, where there is one, is not counted in ret->len. */
int pl_value_decode(int32_t type, const void *bytes, size_t len,
                    struct pmdaloop_value *ret);

/* ---- event records: event.c ---- */

/* A packed array in a block. */
struct pl_events {
    bool highres;
    uint32_t n; /* records left */
    struct rd rest;
};

struct pl_event_record {
    int64_t sec;
    int64_t sub; /* microseconds, or nanoseconds where highres */
    uint32_t flags;
    int32_t
        n_params; /* left; of a PMDALOOP_EVENT_MISSED record: how many were missed */
    struct rd params;
};

struct pl_event_param {
    uint32_t pmid;
    int32_t type;
    const void *bytes;
    size_t len;
};

int pl_events_decode(const void *bytes, size_t len, bool highres,
                     struct pl_events *ret);
bool pl_events_next(struct pl_events *events, struct pl_event_record *ret);
bool pl_event_next_param(struct pl_event_record *record, struct pl_event_param *ret);

/* Writing: each record's and the array's counts are filled in as things are added. */
struct pl_events_wr {
    struct wr *w;
    bool highres;
    uint8_t *n_records, *n_params;
};

struct pl_events_wr pl_events_begin(struct wr *w, bool highres);
void pl_events_record(struct pl_events_wr *e, int64_t sec, int64_t sub, uint32_t flags);
void pl_events_missed(struct pl_events_wr *e, int64_t sec, int64_t sub, uint32_t n);
void pl_events_param(struct pl_events_wr *e, uint32_t pmid, int32_t type,
                     const void *bytes, size_t len);

/* ---- RESULT, HIGHRES_RESULT, FETCH: result.c ---- */

struct pl_fetch {
    int32_t context;
    uint32_t n;
    const uint8_t *pmids; /* n words, in network order */
};

int pl_fetch_decode(const void *pdu, size_t len, struct pl_fetch *ret);
uint32_t pl_fetch_pmid(const struct pl_fetch *f, uint32_t i);
void pl_fetch_encode(struct wr *w, int32_t from, int32_t context, const uint32_t *pmids,
                     uint32_t n);

struct pl_result {
    int64_t sec;
    int64_t sub; /* microseconds; nanoseconds in HIGHRES_RESULT */
    uint32_t n;  /* sets left */
    struct rd pdu, sets;
};

struct pl_set {
    uint32_t pmid;
    int32_t numval; /* values left, 0, or a negative code */
    int32_t valfmt; /* enum pl_valfmt, when numval > 0 */
    struct rd pdu, values;
};

/* One value as it lies in the PDU. */
struct pl_value {
    int32_t inst;
    int32_t type;      /* of the block; -1 for PL_INSITU, where the PDU does not tell */
    uint32_t insitu;   /* with PL_INSITU */
    const void *bytes; /* of the block behind its head; else NULL */
    size_t len;
};

int pl_result_decode(const void *pdu, size_t len, struct pl_result *ret);
bool pl_result_next(struct pl_result *r, struct pl_set *ret);
bool pl_set_next(struct pl_set *s, struct pl_value *ret);

/*
 * A RESULT being written into one buffer: the value sets grow from its start, the value
 * blocks from sets_bytes on, which is the caller's upper bound for the former. When the
 * bound was exact, no byte is moved.
 */
struct pl_result_wr {
    struct wr sets, blocks;
    uint8_t *set; /* the open set: pmid, numval, valfmt */
    int32_t numval;
    bool any_block;
};

/* What the sets take: n of them, of which n_filled hold n_values in all. */
size_t pl_result_sets_bytes(size_t n, size_t n_filled, size_t n_values);
/* room is at least sets_bytes, a multiple of 4. */
void pl_result_begin(struct pl_result_wr *r, void *bytes, size_t room,
                     size_t sets_bytes, int32_t from, uint32_t sec, uint32_t usec,
                     uint32_t n);
/* The buffer has moved or grown; its contents came along. */
void pl_result_moved(struct pl_result_wr *r, void *bytes, size_t room);
/* Reserve more bytes for the sets, a multiple of 4, which the blocks' room can spare. */
void pl_result_widen(struct pl_result_wr *r, size_t more);
/* The next set. status, 0 or negative, is what it says as long as it gets no value. */
void pl_result_set(struct pl_result_wr *r, uint32_t pmid, int32_t status);
/* The open set is complete. If it has no value, status, where negative, says why. */
void pl_result_close(struct pl_result_wr *r, int32_t status);
void pl_result_insitu(struct pl_result_wr *r, int32_t inst, uint32_t value);
/* n of them at once: where they go, pairs of instance and value in network order. */
uint8_t *pl_result_insitus(struct pl_result_wr *r, size_t n);
/* A value in a block; returns where its len bytes go, or NULL without room. */
uint8_t *pl_result_block(struct pl_result_wr *r, int32_t inst, enum pl_valfmt valfmt,
                         int32_t type, size_t len);
/* Bytes of the whole PDU, or 0 when the room was not enough. */
size_t pl_result_end(struct pl_result_wr *r);

/* ---- PROFILE: profile.c ---- */

struct pl_profile {
    int32_t context;
    int32_t state; /* of indoms without an entry; 0: include all, 1: exclude all */
    uint32_t n;    /* entries left */
    struct rd entries, lists;
};

struct pl_profile_entry {
    uint32_t indom;
    int32_t state; /* 0: all but these, 1: none but these */
    uint32_t n;
    const uint8_t *insts; /* n words, in network order */
};

int pl_profile_decode(const void *pdu, size_t len, struct pl_profile *ret);
bool pl_profile_next(struct pl_profile *p, struct pl_profile_entry *ret);
/* Entries go out as they came in: insts in network order. */
void pl_profile_encode(struct wr *w, int32_t from, int32_t context, int32_t state,
                       const struct pl_profile_entry *entries, uint32_t n);

/* ---- DESC_REQ, DESC, DESC_IDS, DESCS: desc.c ---- */

int pl_desc_req_decode(const void *pdu, size_t len, uint32_t *ret_pmid);
void pl_desc_req_encode(struct wr *w, int32_t from, uint32_t pmid);
int pl_desc_decode(const void *pdu, size_t len, struct pmdaloop_desc *ret);
void pl_desc_encode(struct wr *w, int32_t from, const struct pmdaloop_desc *desc);

struct pl_descs {
    uint32_t n; /* left */
    struct rd rest;
};

int pl_descs_decode(const void *pdu, size_t len, struct pl_descs *ret);
bool pl_descs_next(struct pl_descs *d, struct pmdaloop_desc *ret);
void pl_descs_encode(struct wr *w, int32_t from, const struct pmdaloop_desc *descs,
                     uint32_t n);

/* ---- INSTANCE_REQ, INSTANCE: instance.c ---- */

struct pl_instance_req {
    uint32_t indom;
    int32_t inst;
    const char *name; /* len bytes, no NUL among them or behind; NULL for none */
    size_t len;
};

int pl_instance_req_decode(const void *pdu, size_t len, struct pl_instance_req *ret);
void pl_instance_req_encode(struct wr *w, int32_t from, uint32_t indom, int32_t inst,
                            const char *name, size_t len);

struct pl_instances {
    uint32_t indom;
    uint32_t n; /* left */
    struct rd rest;
};

struct pl_instance {
    int32_t inst;
    const char *name; /* len bytes; NULL when len is 0 */
    size_t len;
};

int pl_instances_decode(const void *pdu, size_t len, struct pl_instances *ret);
bool pl_instances_next(struct pl_instances *i, struct pl_instance *ret);

/* Writing: begin, add each, end. */
struct pl_list_wr {
    struct wr *w;
    uint8_t *head;
    uint32_t n, str_bytes;
    bool with_status;
};

struct pl_list_wr pl_instances_begin(struct wr *w, int32_t from, uint32_t indom);
void pl_instances_add(struct pl_list_wr *l, int32_t inst, const char *name, size_t len);
void pl_instances_end(struct pl_list_wr *l);

/* ---- TEXT_REQ, TEXT: text.c ---- */

struct pl_ident {
    uint32_t ident; /* pmID or indom, or what else the kind says */
    int32_t kind;   /* PMDALOOP_TEXT_* or PMDALOOP_LABEL_* */
};

int pl_text_req_decode(const void *pdu, size_t len, struct pl_ident *ret);
void pl_text_req_encode(struct wr *w, int32_t from, uint32_t ident, int32_t kind);

struct pl_text {
    uint32_t ident;
    const char *text; /* len bytes, no NUL behind */
    size_t len;
};

int pl_text_decode(const void *pdu, size_t len, struct pl_text *ret);
void pl_text_encode(struct wr *w, int32_t from, uint32_t ident, const char *text,
                    size_t len);

/* ---- PMNS_IDS, PMNS_NAMES, PMNS_CHILD, PMNS_TRAVERSE: names.c ---- */

struct pl_ids {
    int32_t status;
    uint32_t n;
    const uint8_t *pmids; /* n words, in network order */
};

/* DESC_IDS has the same layout, and is decoded too. */
int pl_ids_decode(const void *pdu, size_t len, struct pl_ids *ret);
void pl_ids_encode(struct wr *w, enum pl_pdu type, int32_t from, int32_t status,
                   const uint32_t *pmids, uint32_t n);

struct pl_names {
    bool with_status;
    uint32_t n; /* left */
    struct rd rest;
};

struct pl_name {
    int32_t status;   /* 0 leaf, 1 not; 0 where the list has none */
    const char *name; /* len bytes, no NUL among them or behind */
    size_t len;
};

int pl_names_decode(const void *pdu, size_t len, struct pl_names *ret);
bool pl_names_next(struct pl_names *l, struct pl_name *ret);
struct pl_list_wr pl_names_begin(struct wr *w, int32_t from, bool with_status);
void pl_names_add(struct pl_list_wr *l, const char *name, size_t len, int32_t status);
void pl_names_end(struct pl_list_wr *l);

/* Of CHILD, status asks for leaf states in the reply. */
int pl_name_req_decode(const void *pdu, size_t len, struct pl_name *ret);
void pl_name_req_encode(struct wr *w, enum pl_pdu type, int32_t from, int32_t subtype,
                        const char *name, size_t len);

/* ---- ATTR: attr.c ---- */

struct pl_attr {
    int32_t key; /* PMDALOOP_ATTR_* */
    const char
        *value; /* len bytes, a trailing NUL among them when it was sent; or NULL */
    size_t len;
};

int pl_attr_decode(const void *pdu, size_t len, struct pl_attr *ret);
void pl_attr_encode(struct wr *w, int32_t from, int32_t key, const char *value,
                    size_t len);

/* ---- LABEL_REQ, LABEL: label.c ---- */

int pl_label_req_decode(const void *pdu, size_t len, struct pl_ident *ret);
void pl_label_req_encode(struct wr *w, int32_t from, uint32_t ident, int32_t kind);

/* Where a label lies in its set's JSON. */
struct pl_label {
    uint16_t name;
    uint8_t name_len;
    uint8_t flags; /* its kind, with PMDALOOP_LABEL_COMPOUND and _OPTIONAL */
    uint16_t value;
    uint16_t value_len;
};

struct pl_label_set {
    int32_t inst;
    int32_t n; /* labels, or a negative code */
    const char *json;
    size_t json_len;
    const struct pl_label *labels; /* to encode: n of them */
    const uint8_t *index;          /* decoded: n of 8 bytes, see pl_label_at() */
};

struct pl_labels {
    uint32_t ident;
    int32_t kind;
    uint32_t n; /* sets left */
    struct rd pdu, sets;
};

int pl_labels_decode(const void *pdu, size_t len, struct pl_labels *ret);
bool pl_labels_next(struct pl_labels *l, struct pl_label_set *ret);
struct pl_label pl_label_at(const struct pl_label_set *set, int32_t i);
void pl_labels_encode(struct wr *w, int32_t from, uint32_t ident, int32_t kind,
                      const struct pl_label_set *sets, uint32_t n);

#endif
