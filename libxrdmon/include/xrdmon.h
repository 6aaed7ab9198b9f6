/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_H
#define XRDMON_H

/**
 * @file
 * Decoder of the detailed monitoring packets of XRootD.
 *
 * Two layers. The packets: xrdmon_packet_parse() classifies a datagram, cursors walk its
 * records, and encoders write both again. They allocate nothing, and what they hand out
 * points into the packet. The streams: a handle is fed packets of many servers, puts them
 * in order, remembers users and files, and hands out events with both resolved.
 *
 * Calls return 0 or more, or a negative code: -errno, or one of -XRDMON_E*. What they hand
 * out is named ret_*. The library never prints, exits, starts a thread, reads a clock or
 * touches a signal, and it calls nobody back. One thread at a time uses a handle; two
 * handles share nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XRDMON_API __attribute__((visibility("default")))

/** This library's own codes; they start above every errno value. */
enum xrdmon_error {
    XRDMON_ETRUNCATED = 1000, /**< the bytes end before what they announce does */
    XRDMON_EMALFORMED,        /**< a field contradicts the format */
    XRDMON_EUNKNOWN,          /**< no packet of XRootD starts like this */
};

/** This library's version, such as "0.1.0". Static. */
XRDMON_API const char *xrdmon_version(void);
/** A code in a few words. Static, never NULL. */
XRDMON_API const char *xrdmon_strerror(int err);

/* ------------------------------------------------------------------ texts */

/** Bytes of somebody else, not terminated, in no promised encoding. What is absent has
 *  at == NULL; what is empty has len == 0. */
struct xrdmon_text {
    const char *at;
    size_t len;
};

/** Walks "&key=value&key=value". A value with an '&' in it survives where the keys are
 *  known: only '&', a known key and '=' begin a new pair then. */
struct xrdmon_pairs {
    struct xrdmon_text left; /**< what is not walked yet */
    const char *known;       /**< see xrdmon_pairs_over() */
};

/** Start over @p text. @p known is the keys, each followed by '=' ("p= n= h="), or NULL to
 *  split at every '&', which is what xrootdlib's parse_cgi() does. */
XRDMON_API struct xrdmon_pairs xrdmon_pairs_over(struct xrdmon_text text,
                                                 const char *known);
/** The next pair: split at the first '='; without one the key is empty and its at NULL.
 *  False at the end. */
XRDMON_API bool xrdmon_pairs_next(struct xrdmon_pairs *pairs,
                                  struct xrdmon_text *ret_key,
                                  struct xrdmon_text *ret_value);

/** Walks lines, of which the empty ones are left out. */
struct xrdmon_lines {
    struct xrdmon_text left;
};

XRDMON_API bool xrdmon_lines_next(struct xrdmon_lines *lines,
                                  struct xrdmon_text *ret_line);

/** Whether @p text is one JSON value (RFC 8259), UTF-8 throughout, and nests no deeper
 *  than 512. Servers write records without escaping, so some are not. */
XRDMON_API bool xrdmon_json_is_valid(struct xrdmon_text text);

/** A time as third-party copies write it, "2026-11-21T23:46:06.42998Z", in microseconds
 *  since 1970. The digits after the dot are microseconds without leading zeros. */
XRDMON_API int xrdmon_tpc_time(struct xrdmon_text text, int64_t *ret_unix_us);

/* ---------------------------------------------------------------- packets */

/** What a datagram is, by its first bytes. */
enum xrdmon_kind {
    XRDMON_MAP = 1, /**< codes = d i p u x T U: xrdmon_map_parse() */
    XRDMON_FSTAT,   /**< code f: xrdmon_fstat_next() */
    XRDMON_TRACE,   /**< code t: xrdmon_trace_next() */
    XRDMON_REDIR,   /**< code r: xrdmon_redir_next() */
    XRDMON_GSTREAM, /**< code g: xrdmon_gstream_parse() */
    XRDMON_JSON,    /**< '{', a g-stream in text: xrdmon_gtext_parse() */
    XRDMON_CGI,     /**< "code=", a g-stream in text: xrdmon_gtext_parse() */
    XRDMON_SUMMARY, /**< '<', XML of xrd.report, not taken apart */
};

/** The 8 bytes before every binary packet. */
struct xrdmon_header {
    char code;
    uint8_t pseq;         /**< sequence number within its domain, modulo 256 */
    uint16_t plen;        /**< bytes of the packet, these 8 included */
    uint32_t stod_unix_s; /**< when the sending process started */
};

/** One datagram. Points into the caller's bytes. */
struct xrdmon_packet {
    enum xrdmon_kind kind;
    struct xrdmon_header header; /**< all 0 for text forms */
    const uint8_t *bytes;
    size_t len;      /**< of what is here and belongs to the packet */
    size_t missing;  /**< announced by plen and not here: decoding ends truncated */
    size_t trailing; /**< here and not announced by plen: left out of len */
};

/** Classify @p bytes and read the header. Nothing is copied: @p ret_packet is as valid as
 *  @p bytes. -XRDMON_ETRUNCATED below 8 bytes, -XRDMON_EMALFORMED for a plen below 8,
 *  -XRDMON_EUNKNOWN for another first byte. A wrong plen is no error yet. */
XRDMON_API int xrdmon_packet_parse(const void *bytes, size_t len,
                                   struct xrdmon_packet *ret_packet);

/** Walks the records of a packet. After damage it stands at its end for good. */
struct xrdmon_cursor {
    const uint8_t *start, *at, *end;
    size_t missing;  /**< of the packet: then the end is not its end */
    size_t offset;   /**< of the last record in its packet, or of the damage */
    const char *why; /**< the damage in words, static; NULL without */
};

/** Start before the first record of an f, t, r or g packet; elsewhere at the end. */
XRDMON_API struct xrdmon_cursor xrdmon_cursor_over(const struct xrdmon_packet *packet);

/* ------------------------------------------------------------------- maps */

/** prot/user.pid:sid@host. What does not fit that has raw alone. */
struct xrdmon_userid {
    struct xrdmon_text raw;
    struct xrdmon_text prot; /**< absent from what the staging daemons send */
    struct xrdmon_text user; /**< unverified; may contain dots */
    struct xrdmon_text host;
    bool is_valid, has_pid;
    uint32_t pid; /**< process id; since 5.6.5 the server's session number */
    uint64_t sid; /**< 48 bits: the server, the same after its restart */
};

/** Take @p text apart. Always fills; is_valid tells whether it fitted. */
XRDMON_API void xrdmon_userid_parse(struct xrdmon_text text,
                                    struct xrdmon_userid *ret_userid);

/** A map message: one of the codes = d i p u x T U. */
struct xrdmon_map {
    char code;
    uint32_t dictid; /**< 0 for = p x */
    struct xrdmon_userid userid;
    struct xrdmon_text payload; /**< after the first newline; absent without one */
    struct xrdmon_text path;    /**< of d, p and x */
    struct xrdmon_text info;    /**< pairs of = u T U p x, text of i */
    struct xrdmon_text tail; /**< from the first NUL on: garbage of an overlong text */
};

/** -XRDMON_ETRUNCATED where plen promised more, -XRDMON_EMALFORMED without a dictid. */
XRDMON_API int xrdmon_map_parse(const struct xrdmon_packet *packet,
                                struct xrdmon_map *ret_map);
/** The pairs of @p map, with the keys known for its code. Where a key comes twice, the
 *  first one is the server's. */
XRDMON_API struct xrdmon_pairs xrdmon_map_pairs(const struct xrdmon_map *map);

/** Of '='. A staging daemon has no ver, and port 0. */
struct xrdmon_server_info {
    struct xrdmon_text site, port_text, inst, pgm, ver;
    uint16_t port;
};

/** Of 'u'. What was not sent is absent. */
struct xrdmon_auth_info {
    struct xrdmon_text protocol;     /**< p */
    struct xrdmon_text name;         /**< n, or the DN */
    struct xrdmon_text host;         /**< h */
    struct xrdmon_text organisation; /**< o, the VO; may be repeated: "cms cms" */
    struct xrdmon_text role;         /**< r */
    struct xrdmon_text groups;       /**< g, separated by blanks */
    struct xrdmon_text moninfo;      /**< m, of the security plug-in, often the DN */
    struct xrdmon_text release;      /**< R, of the client */
    struct xrdmon_text executable;   /**< x, as the client says */
    struct xrdmon_text client_info;  /**< y, as the client says */
    struct xrdmon_text ip_version;   /**< I: 4 or 6 */
};

/** Of 'T': the token behind a session. */
struct xrdmon_token_info {
    struct xrdmon_text user_text, subject, username, organisation, role, groups;
    uint32_t user_dictid; /**< Uc: the dictid of the 'u' */
};

/** Of 'U': packet marking codes of a session. */
struct xrdmon_experiment_info {
    struct xrdmon_text user_text, experiment_text, activity_text;
    uint32_t user_dictid; /**< Uc: the dictid of the 'u' */
    int64_t experiment, activity;
};

/** Of 'x': a file staged. */
struct xrdmon_transfer_info {
    int64_t end_unix_s;           /**< tod */
    int64_t size_bytes;           /**< sz */
    int64_t queued_s, took_s;     /**< qt, tm */
    int64_t status;               /**< rc */
    struct xrdmon_text operation; /**< op, one letter or digit */
    struct xrdmon_text detail;    /**< pd, if configured */
};

/** Of 'p': a file purged. */
struct xrdmon_purge_info {
    int64_t time_unix_s;                              /**< tod */
    int64_t size_bytes;                               /**< sz */
    int64_t access_unix_s, create_unix_s, mod_unix_s; /**< at, ct, mt */
    struct xrdmon_text name_kind; /**< fn: the path is "l"ogical or "p"hysical */
};

/* What is absent or no number is 0. */
XRDMON_API void xrdmon_server_info(const struct xrdmon_map *map,
                                   struct xrdmon_server_info *ret_info);
XRDMON_API void xrdmon_auth_info(const struct xrdmon_map *map,
                                 struct xrdmon_auth_info *ret_info);
XRDMON_API void xrdmon_token_info(const struct xrdmon_map *map,
                                  struct xrdmon_token_info *ret_info);
XRDMON_API void xrdmon_experiment_info(const struct xrdmon_map *map,
                                       struct xrdmon_experiment_info *ret_info);
XRDMON_API void xrdmon_transfer_info(const struct xrdmon_map *map,
                                     struct xrdmon_transfer_info *ret_info);
XRDMON_API void xrdmon_purge_info(const struct xrdmon_map *map,
                                  struct xrdmon_purge_info *ret_info);

/* --------------------------------------------------------------- f-stream */

enum xrdmon_fstat_type {
    XRDMON_FSTAT_CLOSE = 0,
    XRDMON_FSTAT_OPEN = 1,
    XRDMON_FSTAT_TIME = 2,
    XRDMON_FSTAT_XFR = 3,
    XRDMON_FSTAT_DISC = 4,
};

/** Bits of a record's flags; what they mean depends on its type. */
enum xrdmon_fstat_flag {
    XRDMON_FSTAT_FORCED = 0x01,  /**< close: by a disconnect */
    XRDMON_FSTAT_HAS_OPS = 0x02, /**< close */
    XRDMON_FSTAT_HAS_SSQ = 0x04, /**< close; implies the former */
    XRDMON_FSTAT_HAS_LFN = 0x01, /**< open: user and path follow */
    XRDMON_FSTAT_HAS_RW = 0x02,  /**< open: for update */
    XRDMON_FSTAT_HAS_SID = 0x01, /**< time */
};

/** The window of a packet: its first record. */
struct xrdmon_fstat_time {
    uint16_t xfr_records, all_records; /**< hints, without this record */
    uint32_t begin_unix_s, end_unix_s;
    bool has_sid;
    uint64_t sid; /**< 48 bits */
};

struct xrdmon_fstat_open {
    int64_t file_bytes; /**< size when opened */
    bool is_rw, has_lfn;
    uint32_t user_dictid;    /**< with has_lfn; 0 without user monitoring */
    struct xrdmon_text path; /**< with has_lfn */
};

/** Totals so far (xfr) or at last (close), not differences. */
struct xrdmon_fstat_totals {
    int64_t read_bytes, readv_bytes, write_bytes;
};

/** Counts, and the smallest and largest of each; both 0 where the count is. */
struct xrdmon_fstat_ops {
    int32_t read_calls, readv_calls, write_calls;
    int16_t segments_min, segments_max; /**< of one readv */
    int64_t segments;
    int32_t read_min_bytes, read_max_bytes;
    int32_t readv_min_bytes, readv_max_bytes;
    int32_t write_min_bytes, write_max_bytes;
};

/** Sums of squares: with n calls of sum s, the variance is ssq / n - (s / n)^2. */
struct xrdmon_fstat_ssq {
    double read_bytes, readv_bytes, segments, write_bytes;
};

struct xrdmon_fstat_close {
    struct xrdmon_fstat_totals totals;
    bool is_forced, has_ops, has_ssq;
    struct xrdmon_fstat_ops ops;
    struct xrdmon_fstat_ssq ssq;
};

struct xrdmon_fstat_record {
    uint8_t type;        /**< enum xrdmon_fstat_type, or one not known */
    uint8_t flags;       /**< as sent */
    uint16_t size_bytes; /**< as sent, its 8 bytes of head included */
    uint32_t id;         /**< the file; of disc the user; of time nothing */
    const uint8_t *bytes;
    union {
        struct xrdmon_fstat_close close;
        struct xrdmon_fstat_open open;
        struct xrdmon_fstat_time time;
        struct xrdmon_fstat_totals xfr;
    } u;
};

/** The next record: 1, or 0 at the end, or once a negative code at damage. */
XRDMON_API int xrdmon_fstat_next(struct xrdmon_cursor *cursor,
                                 struct xrdmon_fstat_record *ret_record);

/* --------------------------------------------------------------- t-stream */

/** What an entry is. Byte 0 of reads and writes is below 0x80, so two values there stand
 *  for them and one for what is not known. */
enum xrdmon_trace_type {
    XRDMON_TRACE_READ = 0x00,
    XRDMON_TRACE_WRITE = 0x01,
    XRDMON_TRACE_UNKNOWN = 0x7f,
    XRDMON_TRACE_OPEN = 0x80,
    XRDMON_TRACE_READV = 0x90, /**< a vector read as one entry */
    XRDMON_TRACE_READU = 0x91, /**< a vector read whose segments follow as reads */
    XRDMON_TRACE_APPID = 0xa0,
    XRDMON_TRACE_CLOSE = 0xc0,
    XRDMON_TRACE_DISC = 0xd0,
    XRDMON_TRACE_WINDOW = 0xe0,
};

/** Bits in the flags of a disconnect. */
enum xrdmon_trace_flag {
    XRDMON_TRACE_FORCED = 0x01,
    XRDMON_TRACE_BOUND = 0x02, /**< of a bound path, not of the session */
};

struct xrdmon_trace_record {
    uint8_t type;         /**< enum xrdmon_trace_type */
    uint8_t code;         /**< byte 0 as sent */
    uint32_t dictid;      /**< the file; of disc the user; 0 of appid and window */
    const uint8_t *bytes; /**< the 16 of the entry */
    union {
        struct {
            int64_t offset;
            uint32_t len_bytes; /**< of reads and writes alike: the type tells which */
        } rw;
        struct {
            uint64_t file_bytes; /**< 56 bits */
        } open;
        struct {
            uint8_t request;   /**< its number, modulo 256 */
            uint16_t segments; /**< a client can forge it */
            int32_t len_bytes;
        } readv;
        struct {
            struct xrdmon_text text; /**< 12 bytes */
        } appid;
        struct {
            uint64_t read_bytes, write_bytes; /**< value << shift */
            uint8_t read_shift, write_shift;
            uint32_t read_value, write_value; /**< as sent */
        } close;
        struct {
            bool is_forced, is_bound;
            uint8_t flags;
            int32_t connected_s;
            uint32_t reserved; /**< bytes 4 to 7, which servers do not initialize */
        } disc;
        struct {
            uint64_t sid; /**< 48 bits */
            uint32_t prev_end_unix_s, start_unix_s;
        } window;
    } u;
};

/** The next entry: 1, or 0 at the end, or once a negative code at damage. */
XRDMON_API int xrdmon_trace_next(struct xrdmon_cursor *cursor,
                                 struct xrdmon_trace_record *ret_record);

/* --------------------------------------------------------------- r-stream */

enum xrdmon_redir_type {
    XRDMON_REDIR_WINDOW = 0x00,
    XRDMON_REDIR_UNKNOWN = 0x7f,
    XRDMON_REDIR_REDIRECT = 0x80, /**< by the cmsd or the file system */
    XRDMON_REDIR_REDLOCAL = 0x90, /**< by the server itself */
    XRDMON_REDIR_SID = 0xf0,
};

/** What the client wanted. */
enum xrdmon_redir_op {
    XRDMON_OP_CHMOD = 1,
    XRDMON_OP_LOCATE,
    XRDMON_OP_OPENDIR,
    XRDMON_OP_OPENC, /**< open to create */
    XRDMON_OP_OPENR,
    XRDMON_OP_OPENW,
    XRDMON_OP_MKDIR,
    XRDMON_OP_MV,
    XRDMON_OP_PREP,
    XRDMON_OP_QUERY,
    XRDMON_OP_RM,
    XRDMON_OP_RMDIR,
    XRDMON_OP_STAT,
    XRDMON_OP_TRUNC,
};

struct xrdmon_redir_record {
    uint8_t type; /**< enum xrdmon_redir_type */
    uint8_t code; /**< byte 0 as sent */
    const uint8_t *bytes;
    size_t size_bytes;
    union {
        struct {
            uint32_t
                size_s; /**< always the configured one; xrootdlib's prev_duration */
            uint32_t start_unix_s;
        } window;
        struct {
            uint64_t sid; /**< 48 bits */
        } server;
        struct {
            uint8_t op;      /**< enum xrdmon_redir_op, or 0 or 15 */
            uint8_t dent;    /**< 8-byte units of text */
            uint16_t port;   /**< of a REDIRECT the redirector's own: a server's bug */
            uint32_t dictid; /**< the user; 0 without user monitoring */
            struct xrdmon_text host; /**< empty where the target is the same server */
            struct xrdmon_text path; /**< absent without a colon in the text */
            struct xrdmon_text text; /**< both, and the colon */
        } redirect;
    } u;
};

/** The next record: 1, or 0 at the end, or once a negative code at damage. The server id
 *  before the first record is left out: see xrdmon_redir_sid(). */
XRDMON_API int xrdmon_redir_next(struct xrdmon_cursor *cursor,
                                 struct xrdmon_redir_record *ret_record);
/** The server that sent an r packet, 48 bits, and the type byte before it. */
XRDMON_API int xrdmon_redir_sid(const struct xrdmon_packet *packet, uint64_t *ret_sid,
                                uint8_t *ret_type);
/** "openr", or NULL for what has no name. Static. */
XRDMON_API const char *xrdmon_redir_op_name(uint8_t op);

/* --------------------------------------------------------------- g-stream */

/** The head of a binary g packet. Walk its lines, one record each. */
struct xrdmon_gstream {
    uint32_t begin_unix_s, end_unix_s; /**< of the first record, of the last */
    char provider;                     /**< a letter: C T P R O H ... */
    uint64_t sid;                      /**< 48 bits */
    struct xrdmon_lines lines;
    struct xrdmon_text text; /**< all of the lines, without the NUL at their end */
};

XRDMON_API int xrdmon_gstream_parse(const struct xrdmon_packet *packet,
                                    struct xrdmon_gstream *ret_gstream);
/** "pfc", "tpc"..., or NULL for a letter without a name. Static. */
XRDMON_API const char *xrdmon_provider_name(char provider);

/** A g-stream sent as text: a head in JSON or CGI, then lines. */
struct xrdmon_gtext {
    struct xrdmon_text text;   /**< the datagram without the NULs at its end */
    struct xrdmon_text head;   /**< its first line; absent where there is no head */
    struct xrdmon_lines lines; /**< the records after it */
    char code;                 /**< g, =, d or i; 0 without a head */
    char provider;             /**< 0 where the head has none */
    uint16_t pseq;             /**< 1 to 999, then 0 */
    uint32_t stod_unix_s, begin_unix_s, end_unix_s;
    uint64_t sid;                                        /**< 48 bits, 0 if absent */
    struct xrdmon_text site, host, port, inst, pgm, ver; /**< as written */
};

/** -XRDMON_EMALFORMED where the head breaks off; JSON without "code" has no head. */
XRDMON_API int xrdmon_gtext_parse(const struct xrdmon_packet *packet,
                                  struct xrdmon_gtext *ret_gtext);

/* --------------------------------------------------------------- encoders */

/** A packet in the making, in the caller's bytes. Begin, append records, end. What does
 *  not fit is not written, and the end says so. */
struct xrdmon_writer {
    uint8_t *bytes;
    size_t room, len;
    int err;        /**< the first failure; 0 as long as all is well */
    size_t time_at; /**< where the counts of an f packet are to be patched, or 0 */
    bool has_time;  /**< its first record was written */
    uint16_t xfr_records, all_records;
};

/** Start with @p header, whose plen is patched at the end. */
XRDMON_API void xrdmon_write_begin(struct xrdmon_writer *w, void *bytes, size_t room,
                                   const struct xrdmon_header *header);
/** dictid, userid (its raw text, or its parts where raw is absent), payload (or, where
 *  that is absent, path and info) and tail. */
XRDMON_API void xrdmon_write_map(struct xrdmon_writer *w, const struct xrdmon_map *map);
/** A record by its type and what it has. Flags that this asks for are added to those
 *  given; a size that is larger than it needs is kept; counts of 0 in a time record are
 *  patched at the end. */
XRDMON_API void xrdmon_write_fstat(struct xrdmon_writer *w,
                                   const struct xrdmon_fstat_record *record);
/** An entry by its type. Totals of a close go out as value and shift, those given where
 *  they agree with it; past 32 bits the last ones are lost. */
XRDMON_API void xrdmon_write_trace(struct xrdmon_writer *w,
                                   const struct xrdmon_trace_record *record);
/** A record; start an r packet with one of type XRDMON_REDIR_SID. */
XRDMON_API void xrdmon_write_redir(struct xrdmon_writer *w,
                                   const struct xrdmon_redir_record *record);
/** The head and the text of a g packet, and its NUL. */
XRDMON_API void xrdmon_write_gstream(struct xrdmon_writer *w,
                                     const struct xrdmon_gstream *gstream);
/** Bytes as they are. */
XRDMON_API void xrdmon_write_bytes(struct xrdmon_writer *w, const void *bytes,
                                   size_t len);
/** The length of the packet, or -ENOBUFS, or -EINVAL for a record without an encoding. */
XRDMON_API int xrdmon_write_end(struct xrdmon_writer *w);

/* ------------------------------------- packets one after another in a stream */

/** Walks packets that lie back to back in memory. Garbage between them is stepped over:
 *  a packet begins again where its header, and the one after it, make sense. */
struct xrdmon_scan {
    const uint8_t *start, *at, *end;
    bool is_partial; /**< set it while more bytes may follow: wait rather than guess */
    bool is_lost;    /**< in garbage at present */
    uint64_t skipped_bytes; /**< in all */
    size_t skipped_at;      /**< where the last garbage began */
};

/** Start over @p len bytes. */
XRDMON_API struct xrdmon_scan xrdmon_scan_over(const void *bytes, size_t len);
/** The next packet, as valid as the bytes: 1, or 0 at the end. A packet that the end cuts
 *  short comes out as far as it is there. */
XRDMON_API int xrdmon_scan_next(struct xrdmon_scan *scan, const uint8_t **ret_bytes,
                                size_t *ret_len);

/** The same over a descriptor or a FILE, with 256 KiB of memory. */
struct xrdmon_reader;

/** Read from @p fd, which stays the caller's. Free with xrdmon_reader_free(). */
XRDMON_API int xrdmon_reader_new_fd(struct xrdmon_reader **ret_reader, int fd);
/** Read from @p file, which stays the caller's. Free with xrdmon_reader_free(). */
XRDMON_API int xrdmon_reader_new_file(struct xrdmon_reader **ret_reader, FILE *file);
/** NULL is fine. */
XRDMON_API void xrdmon_reader_free(struct xrdmon_reader *reader);
/** The next packet, valid until the next call: 1, 0 at the end, or -errno. -EAGAIN where
 *  @p fd does not block and has nothing yet. */
XRDMON_API int xrdmon_reader_next(struct xrdmon_reader *reader,
                                  const uint8_t **ret_bytes, size_t *ret_len);
/** Where the last packet began. */
XRDMON_API uint64_t xrdmon_reader_get_offset(const struct xrdmon_reader *reader);
/** Bytes of garbage so far; @p ret_offset, unless NULL, is where the last began. */
XRDMON_API uint64_t xrdmon_reader_get_skipped(const struct xrdmon_reader *reader,
                                              uint64_t *ret_offset);

/* ---------------------------------------------------------------- streams */

/** Who sent a packet. The address tells servers apart that share start time and id. */
struct xrdmon_source {
    uint8_t address[16]; /**< IPv6, or IPv4 as ::ffff:a.b.c.d; 0 where not known */
    uint16_t port;
    uint64_t tag; /**< the caller's own; comes back with the events */
};

/** From "192.0.2.1:42881", "[2001:db8::1]:42881", or a name instead of the address, of
 *  which a hash is kept. Sets the tag to 0. -EINVAL without a port. */
XRDMON_API int xrdmon_source_parse(const char *text, size_t len,
                                   struct xrdmon_source *ret_source);

/** Settings of a handle. 0 or NULL in a field means its default, so this is enough:
 *  struct xrdmon_options o = {.size = sizeof(o), .is_strict = true}; */
struct xrdmon_options {
    size_t size;              /**< sizeof(struct xrdmon_options): it may grow */
    uint32_t reorder_packets; /**< packets held for one that is missing, default 8, at
                                   most 127 */
    uint32_t reorder_ms;      /**< and for how long, default 500 */
    uint32_t release_ms;      /**< a closed file is remembered for this long, default
                                   30000; more than the servers' flush interval */
    uint32_t idle_s;          /**< a session without a sign of life, default 86400 */
    size_t max_memory_bytes; /**< users and files: then the oldest go, default 64 MiB */
    uint32_t max_servers;    /**< then the longest silent goes, default 4096 */
    bool is_strict;          /**< as xrootdlib: nothing before the server's '=', nothing
                                   unresolved, no readv, no packets that it cannot take */
    bool no_order;           /**< packets in the order of their arrival */
    bool no_deduplicate;     /**< packets sent twice, opens and closes traced twice */
    bool no_release;         /**< remember until the limits say otherwise */
    bool ignore_address;     /**< servers are told apart by start time and id alone */
    bool want_windows;       /**< XRDMON_EV_WINDOW_BEGIN and _END around events */
    bool want_access;        /**< XRDMON_EV_ACCESS */
};

/** A server from its start to its end. Valid until the next call. */
struct xrdmon_server {
    struct xrdmon_source source; /**< of its first packet */
    uint32_t stod_unix_s;
    uint64_t sid;
    bool is_known; /**< its '=' has come; until then what follows is absent */
    struct xrdmon_text site, inst, pgm, ver;
    uint16_t port;
    struct xrdmon_userid userid; /**< user, pid and host of the server itself */
};

/** A session of a user. Valid until the next call. */
struct xrdmon_client {
    uint32_t dictid; /**< 0 where only a userid is known */
    struct xrdmon_userid userid;
    bool has_auth;
    struct xrdmon_auth_info auth;
    struct xrdmon_text auth_text, appinfo;          /**< as sent; absent if never */
    struct xrdmon_text token_text, experiment_text; /**< pairs, as sent */
    struct xrdmon_token_info token;                 /**< with token_text */
    struct xrdmon_experiment_info experiment;       /**< with experiment_text */
};

enum xrdmon_event_type {
    XRDMON_EV_SERVER = 1,   /**< '=': server */
    XRDMON_EV_USER,         /**< 'u': client */
    XRDMON_EV_PATH,         /**< 'd': id, path, client */
    XRDMON_EV_APPINFO,      /**< 'i': map, client */
    XRDMON_EV_TOKEN,        /**< 'T': map, client */
    XRDMON_EV_EXPERIMENT,   /**< 'U': map, client */
    XRDMON_EV_TRANSFER,     /**< 'x': map, path, client */
    XRDMON_EV_PURGE,        /**< 'p': map, path, client */
    XRDMON_EV_FSTAT,        /**< fstat, but for time: id, path, client */
    XRDMON_EV_TRACE,        /**< trace, but for windows: id, path, client */
    XRDMON_EV_REDIR,        /**< redir, but for windows and ids: id, client */
    XRDMON_EV_GSTREAM,      /**< gstream, line */
    XRDMON_EV_GTEXT,        /**< gtext, server if named; its lines follow as GSTREAM */
    XRDMON_EV_SUMMARY,      /**< packet */
    XRDMON_EV_WINDOW_BEGIN, /**< a window that has events: server, window, packet */
    XRDMON_EV_WINDOW_END,
    XRDMON_EV_ACCESS, /**< a file's f-stream from open to close, summed up: access */
    XRDMON_EV_BAD,    /**< bad: where and why a packet stops making sense */
};

/** Why an access ended. */
enum xrdmon_access_end {
    XRDMON_END_CLOSE = 1,  /**< it was closed: the totals are final */
    XRDMON_END_DISCONNECT, /**< its session ended and no close came */
    XRDMON_END_RESTART,    /**< its server did */
    XRDMON_END_TIMEOUT,    /**< nothing was heard for idle_s */
    XRDMON_END_EVICTED,    /**< a limit was reached */
    XRDMON_END_FLUSH,      /**< xrdmon_flush() */
};

/** One opening of a file, for accounting. */
struct xrdmon_access {
    enum xrdmon_access_end end;
    bool has_open;   /**< the open was seen: file_bytes, is_rw, open times */
    bool has_totals; /**< a close or an xfr was seen */
    bool is_rw, is_forced;
    int64_t file_bytes;
    uint32_t open_begin_unix_s, open_end_unix_s;   /**< the window of the open */
    uint32_t close_begin_unix_s, close_end_unix_s; /**< of the close or last xfr */
    struct xrdmon_fstat_totals totals;
    const struct xrdmon_fstat_close *close; /**< of the f-stream, or NULL */
};

/** When things of an event happened: begin <= t < end. */
struct xrdmon_window {
    uint32_t begin_unix_s, end_unix_s;
    uint32_t size_s;      /**< r: the configured window */
    uint32_t next_unix_s; /**< r: the next mark's start; 0 at the end of a packet */
};

/** Damage in a packet. */
struct xrdmon_bad {
    int err;
    size_t offset;
    const char *why; /**< in words, static */
};

/** What came of the packets. What an event has depends on its type; pointers are NULL
 *  where nothing is known. Valid until the next call. The library makes these, so they
 *  may grow. */
struct xrdmon_event {
    enum xrdmon_event_type type;
    uint64_t packet_number;      /**< of xrdmon_feed(), from 0 */
    uint64_t time_ns;            /**< as given with the packet */
    struct xrdmon_source source; /**< as given with the packet */
    const struct xrdmon_packet *packet;
    const struct xrdmon_server *server;
    const struct xrdmon_client *client;
    uint32_t id; /**< of the file or the user, as sent */
    struct xrdmon_text path;
    struct xrdmon_window window;
    const struct xrdmon_map *map;
    const struct xrdmon_fstat_record *fstat;
    const struct xrdmon_trace_record *trace;
    bool is_segment; /**< trace: the read is a segment of the last XRDMON_TRACE_READU */
    const struct xrdmon_redir_record *redir;
    const struct xrdmon_gstream *gstream;
    const struct xrdmon_gtext *gtext;
    struct xrdmon_text line;
    const struct xrdmon_access *access;
    struct xrdmon_bad bad;
};

/** What was counted. */
struct xrdmon_stats {
    uint64_t packets, bytes;
    uint64_t packets_by_code[128]; /**< by the first byte; all others at 0 */
    uint64_t bad_truncated, bad_malformed, bad_unknown; /**< packets, by reason */
    uint64_t trailing_bytes;
    uint64_t lost;       /**< missing from the sequence */
    uint64_t late;       /**< came after their turn had passed */
    uint64_t duplicates; /**< packets dropped as sent twice */
    uint64_t reordered;  /**< packets that waited for one before them */
    uint64_t events;
    uint64_t events_by_type[32];
    uint64_t unresolved_users, unresolved_paths; /**< events without */
    uint64_t dropped_records; /**< by strict, or opens and closes traced twice */
    uint64_t forged_windows;  /**< window marks with a wrong server id */
    uint64_t unknown_servers; /**< packets of a server whose '=' had not come */
    uint64_t restarts;
    uint64_t evicted_users, evicted_files, evicted_servers; /**< by a limit */
    uint64_t released_users, released_files;                /**< in due time */
    uint64_t live_servers, live_users, live_files;
    uint64_t memory_bytes; /**< of users and files */
};

/** The streams of many servers. */
struct xrdmon;

/** Make a handle; @p options may be NULL. The caller frees it: xrdmon_free(). */
XRDMON_API int xrdmon_new(struct xrdmon **ret_xm, const struct xrdmon_options *options);
/** NULL is fine. */
XRDMON_API void xrdmon_free(struct xrdmon *xm);

/** Give one datagram, which is copied. @p source may be NULL. @p now_ns is the time of its
 *  arrival since 1970, and never runs backwards; 0 everywhere if there is none.
 *  0, also for a bad packet (an event tells of it); -EAGAIN while too many events wait, or
 *  one that follows a window's mark: take them and feed again; -ENOMEM. */
XRDMON_API int xrdmon_feed(struct xrdmon *xm, const struct xrdmon_source *source,
                           const void *bytes, size_t len, uint64_t now_ns);
/** The oldest event not yet taken, or NULL. Valid until the next call on @p xm. */
XRDMON_API const struct xrdmon_event *xrdmon_next(struct xrdmon *xm);
/** Time passes without packets: what waited too long goes on, what is due is released. */
XRDMON_API void xrdmon_tick(struct xrdmon *xm, uint64_t now_ns);
/** The end of the input: packets held back come out, and open accesses end. */
XRDMON_API void xrdmon_flush(struct xrdmon *xm);

/** Counts in all. */
XRDMON_API void xrdmon_get_stats(const struct xrdmon *xm,
                                 struct xrdmon_stats *ret_stats);
/** Step to the next server; start with NULL. False after the last one. Valid until the
 *  next call that changes @p xm. */
XRDMON_API bool xrdmon_server_next(const struct xrdmon *xm,
                                   const struct xrdmon_server **server);
/** Counts of one server. */
XRDMON_API void xrdmon_server_get_stats(const struct xrdmon_server *server,
                                        struct xrdmon_stats *ret_stats);
/** The last failure in one sentence. Valid until the next call on @p xm. */
XRDMON_API const char *xrdmon_errmsg(const struct xrdmon *xm);

#ifdef __cplusplus
}
#endif
#endif
