/* SPDX-License-Identifier: MIT */
/* What a broken or hostile daemon sends. Each writes a good answer and spoils it, so that
 * nothing else about it is wrong. */
#include "fault.h"

#include "attr.h"
#include "envelope.h"
#include "frame.h"
#include "message.h"

#include <string.h>

static const struct {
    const char *name, *about;
} faults[FAULTS] = {
    [FAULT_NONE] = {"none", "no fault"},
    [FAULT_SILENT_CONNECT] = {"silent-connect", "says nothing to CONNECT"},
    [FAULT_DOWNGRADE] = {"downgrade",
                         "accepts with the plugin 'none' whatever was asked"},
    [FAULT_OTHER_VERSION] = {"other-version", "accepts with another LDMS version"},
    [FAULT_SHORT_HELLO] = {"short-hello", "accepts with 10 bytes of data"},
    [FAULT_REJECT_WITHOUT_NUL] = {"reject-no-nul", "rejects, its text without NUL"},
    [FAULT_REJECT_LONG] = {"reject-long", "rejects with 100,000 bytes of text"},
    [FAULT_REJECT_ESCAPES] = {"reject-escapes", "rejects with terminal escapes"},
    [FAULT_CLOSE_AT_CONNECT] = {"close-at-connect", "closes at CONNECT"},
    [FAULT_SILENT_AUTH] = {"silent-auth", "never authenticates"},
    [FAULT_REFLECT] = {"reflect", "ovis: has the client prove itself to itself"},
    [FAULT_WRONG_PROOF] = {"wrong-proof", "ovis: proves with another secret"},
    [FAULT_MUNGE_REPLAY] = {"munge-replay",
                            "munge: sends the client's credential back"},
    [FAULT_AUTH_GARBAGE] = {"auth-garbage", "authenticates with bytes of no meaning"},
    [FAULT_SHORT_FRAME] = {"short-frame", "a message of 7 bytes, by its length"},
    [FAULT_LONG_FRAME] = {"long-frame", "a message of 2 GiB, by its length"},
    [FAULT_DRIP] = {"drip", "1 MiB to come, a byte at a time"},
    [FAULT_DATA_LEN] = {"data-len", "data longer than its message"},
    [FAULT_LDMS_LEN] = {"ldms-len", "an LDMS length that isn't so"},
    [FAULT_MSG_LEN] = {"msg-len", "a payload longer than its LDMS message"},
    [FAULT_REC_LEN] = {"rec-len", "a record longer than its payload"},
    [FAULT_ATTR_LEN] = {"attr-len", "an attribute of 4 GiB, by its length"},
    [FAULT_ZAP_TYPE] = {"zap-type", "a message of type 99"},
    [FAULT_LDMS_COMMAND] = {"ldms-command",
                            "an LDMS command that is none, then the answer"},
    [FAULT_NO_TERMINATOR] = {"no-terminator", "attributes without an end"},
    [FAULT_EARLY_TERMINATOR] = {"early-terminator", "bytes after the attributes' end"},
    [FAULT_ENDLESS] = {"endless", "records for ever, none the last"},
    [FAULT_ENDLESS_EMPTY] = {"endless-empty", "empty records for ever"},
    [FAULT_MANY_ATTRIBUTES] = {"many-attributes", "80,000 attributes"},
    [FAULT_SOM_TWICE] = {"som-twice", "a first record in the middle"},
    [FAULT_NO_SOM] = {"no-som", "no first record"},
    [FAULT_MSG_NO] = {"msg-no", "the answer to another request"},
    [FAULT_STATUS_CHANGES] = {"status-changes", "two records that differ in status"},
    [FAULT_MARKER] = {"marker", "a record without its marker"},
    [FAULT_REQUESTS] = {"requests", "requests of the daemon's own, for ever"},
    [FAULT_DIR_FLOOD] = {"dir-flood", "directories that nobody asked for, for ever"},
    [FAULT_SET_DELETE_FLOOD] = {"set-delete-flood", "deleted sets for ever"},
    [FAULT_DIR_MORE] = {"dir-more", "a directory that always goes on"},
    [FAULT_JSON_DEEP] = {"json-deep", "JSON nested 100,000 deep"},
    [FAULT_JSON_BAD_ESCAPE] = {"json-bad-escape", "JSON with an escape that is none"},
    [FAULT_JSON_BAD_UTF8] = {"json-bad-utf8", "JSON that is not UTF-8"},
    [FAULT_JSON_QUOTES] = {"json-quotes", "JSON with a bare quote in a string"},
    [FAULT_JSON_NUMBERS] = {"json-numbers", "JSON with numbers that begin with 0"},
    [FAULT_ESCAPES] = {"escapes", "terminal escapes in a text"},
    [FAULT_ODD_XID] = {"odd-xid", "numbers of the sender that are all ones"},
    [FAULT_MEMORY] = {"memory", "wants to read and write the client's memory"},
    [FAULT_SILENT] = {"silent", "answers nothing"},
    [FAULT_HALF_CLOSE] = {"half-close", "closes its direction and says no more"},
    [FAULT_RESET] = {"reset", "resets the connection"},
    [FAULT_CLOSE_INSIDE] = {"close-inside", "closes inside a message"},
    [FAULT_EXIT_AFTER_ANSWER] = {"close-after", "closes after the first answer"},
    [FAULT_SPLIT] = {"split", "answers in segments of one byte"},
    [FAULT_TOGETHER] = {"together", "an answer it was not asked for in one segment"},
    [FAULT_REORDER] = {"reorder", "answers two requests in the other order"},
    [FAULT_DELAY] = {"delay", "answers after --delay seconds"},
    [FAULT_LEGACY] = {"legacy", "accepts with 20 bytes, as before rails"},
    [FAULT_SMALL_RECORDS] = {"small-records", "answers in records of 64 bytes"},
};

const char *
fault_name(enum fault fault)
{
    return faults[fault].name;
}

const char *
fault_about(enum fault fault)
{
    return faults[fault].about;
}

enum fault
fault_find(const char *name)
{
    for (int i = FAULT_NONE + 1; i < FAULTS; i++)
        if (strcmp(faults[i].name, name) == 0)
            return (enum fault)i;
    return FAULT_NONE;
}

/* A SENDRECV with an LDMS message in it. */
static void
put_ldms(struct queue *out, uint32_t *zap_xid, uint64_t xid, uint32_t command,
         const void *body, size_t len)
{
    size_t size = len + lc_envelope_overhead(command);
    uint8_t *room = queue_room(out, size);
    struct wr c = wr_over(room, room ? size : 0);

    lc_envelope_put(&c, ++*zap_xid, xid, command, body, len);
    if (!c.bad)
        queue_added(out, wr_len(&c));
}

void
fault_put_directory(struct queue *out, uint32_t *zap_xid, uint32_t command,
                    uint64_t xid, uint32_t more, const char *json, size_t len)
{
    enum { HEAD_BYTES = 16 }; /* u32 rc, type, more, length of the JSON */
    uint8_t *body = calloc(1, HEAD_BYTES + len);

    if (!body)
        return;
    wr_be32(body + 4, command == LC_DIR_UPDATE ? 2 : 0);
    wr_be32(body + 8, more);
    wr_be32(body + 12, (uint32_t)len);
    memcpy(body + HEAD_BYTES, json, len);
    put_ldms(out, zap_xid, xid, command, body, HEAD_BYTES + len);
    free(body);
}

/* One record with these bytes for its list, and flags of its own. */
static void
put_record(struct queue *out, uint32_t *zap_xid, const struct lc_record *head,
           uint32_t flags, const void *list, size_t len)
{
    struct lc_record r = *head;
    uint8_t *bytes = malloc(LC_RECORD_HEAD_BYTES + len);
    struct wr c = wr_over(bytes, bytes ? LC_RECORD_HEAD_BYTES + len : 0);

    r.flags = flags;
    r.len = len;
    lc_record_put_head(&c, &r);
    wr_bytes(&c, list, len);
    if (!c.bad)
        put_ldms(out, zap_xid, 0, LC_SEND_MSG, bytes, wr_len(&c));
    free(bytes);
}

static void
put_answer(struct queue *out, uint32_t *zap_xid, const struct lc_record *head,
           const void *attrs, size_t len)
{
    (void)lc_message_put(out, zap_xid, head, attrs, len, LC_RECORD_MAX_BYTES);
}

/* A good answer, and one of its 32-bit fields written over. Offsets from its start. */
enum {
    AT_ZAP_LEN = 4,
    AT_ZAP_XID = 8,
    AT_DATA_LEN = 20,
    AT_LDMS_LEN = 36,
    AT_MSG_LEN = 40,
    AT_MARKER = 44,
    AT_REC_LEN = 64,
    AT_ATTR_LEN = 76,
};

static void
spoil(struct queue *out, size_t start, size_t at, uint32_t value)
{
    if (out->len >= start + at + 4)
        wr_be32(out->bytes + out->head + start + at, value);
}

/* An answer in one STRING or JSON attribute. */
static void
put_text(struct queue *out, uint32_t *zap_xid, const struct lc_record *head,
         enum lc_attr kind, const char *text, size_t len)
{
    size_t size = LC_ATTR_HEAD_BYTES + len;
    uint8_t *attrs = malloc(size);
    struct wr c = wr_over(attrs, attrs ? size : 0);

    lc_attr_put(&c, kind, text, len);
    if (!c.bad)
        put_answer(out, zap_xid, head, attrs, size);
    free(attrs);
}

static void
put_deep(struct queue *out, uint32_t *zap_xid, const struct lc_record *head)
{
    enum { DEEP = 100000 };
    char *text = malloc(DEEP);
    if (!text)
        return;
    memset(text, '[', DEEP);
    put_text(out, zap_xid, head, LC_ATTR_JSON, text, DEEP);
    free(text);
}

static void
put_many(struct queue *out, uint32_t *zap_xid, const struct lc_record *head)
{
    enum { MANY = 80000 };
    size_t size = (size_t)MANY * LC_ATTR_HEAD_BYTES;
    uint8_t *attrs = malloc(size);
    struct wr c = wr_over(attrs, attrs ? size : 0);

    for (int i = 0; i < MANY; i++)
        lc_attr_put(&c, LC_ATTR_STRING, "", 0);
    if (!c.bad)
        put_answer(out, zap_xid, head, attrs, size);
    free(attrs);
}

/* A message of the transport that asks for memory. */
static void
put_zap(struct queue *out, uint16_t type, uint32_t len)
{
    uint8_t bytes[64] = {0};
    wr_be16(bytes, type);
    wr_be32(bytes + 4, len);
    (void)queue_push(out, bytes, len < sizeof(bytes) ? len : sizeof(bytes));
}

/* The list in two halves: a record each. */
static void
put_halves(struct queue *out, uint32_t *zap_xid, const struct lc_record *head,
           const uint8_t *list, size_t len, uint32_t first, uint32_t second)
{
    struct lc_record r = *head;
    size_t half = len / 2;
    put_record(out, zap_xid, &r, first, list, half);
    put_record(out, zap_xid, head, second, list + half, len - half);
}

void
fault_flood(enum fault fault, struct queue *out, uint32_t *zap_xid,
            const struct lc_record *head, uint64_t xid)
{
    enum { AT_ONCE = 64, PIECE = 4096 };
    static const uint8_t piece[PIECE];
    static const char none[] = "{ \"directory\" : [ ]}";
    struct lc_record request = *head;

    request.type = LC_RECORD_REQUEST;
    request.code = 0x900;
    for (int i = 0; i < AT_ONCE; i++)
        switch (fault) {
        case FAULT_ENDLESS:
            put_record(out, zap_xid, head, 0, piece, sizeof(piece));
            break;
        case FAULT_ENDLESS_EMPTY:
            put_record(out, zap_xid, head, 0, piece, 0);
            break;
        case FAULT_REQUESTS:
            put_record(out, zap_xid, &request, LC_RECORD_SOM | LC_RECORD_EOM, piece, 4);
            break;
        case FAULT_DIR_FLOOD:
            fault_put_directory(out, zap_xid, LC_DIR_UPDATE, 7, 0, none,
                                sizeof(none) - 1);
            break;
        case FAULT_SET_DELETE_FLOOD:
            put_ldms(out, zap_xid, 7, LC_SET_DELETE, "\0\0\0\2x", 6);
            break;
        case FAULT_DIR_MORE:
            fault_put_directory(out, zap_xid, LC_DIR_REPLY, xid, 1, none,
                                sizeof(none) - 1);
            break;
        default:
            return;
        }
}

/* Answers whose lengths contradict each other. */
static enum fault_end
answer_with_lengths(enum fault fault, struct queue *out, size_t start)
{
    enum { TWO_GIB = INT32_MAX };
    switch (fault) {
    case FAULT_SHORT_FRAME:
        spoil(out, start, AT_ZAP_LEN, 7);
        break;
    case FAULT_LONG_FRAME:
        spoil(out, start, AT_ZAP_LEN, TWO_GIB);
        break;
    case FAULT_DRIP:
        spoil(out, start, AT_ZAP_LEN, LC_FRAME_MAX_BYTES);
        return FAULT_DRIPS;
    case FAULT_DATA_LEN:
        spoil(out, start, AT_DATA_LEN, 4096);
        break;
    case FAULT_LDMS_LEN:
        spoil(out, start, AT_LDMS_LEN, 4096);
        break;
    case FAULT_MSG_LEN:
        spoil(out, start, AT_MSG_LEN, 4096);
        break;
    case FAULT_REC_LEN:
        spoil(out, start, AT_REC_LEN, 4096);
        break;
    case FAULT_ATTR_LEN:
        spoil(out, start, AT_ATTR_LEN, UINT32_MAX);
        break;
    case FAULT_MARKER:
        spoil(out, start, AT_MARKER, 0);
        break;
    case FAULT_ZAP_TYPE:
        spoil(out, start, 0, 99U << 16);
        break;
    default:
        spoil(out, start, AT_ZAP_XID, UINT32_MAX);
        break;
    }
    return FAULT_STAYS;
}

/* Answers whose records or attributes are out of order. */
static enum fault_end
answer_with_records(enum fault fault, struct queue *out, uint32_t *zap_xid,
                    const struct lc_record *head, const uint8_t *attrs, size_t len)
{
    static const char trailing[] = "\0\0\0\0after the end";
    struct lc_record other = *head;
    uint8_t *list = malloc(len + sizeof(trailing));

    if (!list)
        return FAULT_CLOSES;
    if (len)
        memcpy(list, attrs, len);
    memcpy(list + len, trailing, sizeof(trailing));
    switch (fault) {
    case FAULT_NO_TERMINATOR:
        put_record(out, zap_xid, head, LC_RECORD_SOM | LC_RECORD_EOM, list, len);
        break;
    case FAULT_EARLY_TERMINATOR:
        put_record(out, zap_xid, head, LC_RECORD_SOM | LC_RECORD_EOM, list,
                   len + sizeof(trailing));
        break;
    case FAULT_SOM_TWICE:
        put_halves(out, zap_xid, head, list, len + 4, LC_RECORD_SOM, LC_RECORD_SOM);
        break;
    case FAULT_NO_SOM:
        put_record(out, zap_xid, head, LC_RECORD_EOM, list, len + 4);
        break;
    case FAULT_MSG_NO:
        other.msg_no += 1000;
        put_record(out, zap_xid, &other, LC_RECORD_SOM | LC_RECORD_EOM, list, len + 4);
        break;
    default: /* FAULT_STATUS_CHANGES */
        other.code = 22;
        put_record(out, zap_xid, &other, LC_RECORD_SOM, list, len / 2);
        put_record(out, zap_xid, head, LC_RECORD_EOM, list + len / 2,
                   len + 4 - len / 2);
        break;
    }
    free(list);
    return FAULT_STAYS;
}

enum fault_end
fault_answer(enum fault fault, struct queue *out, uint32_t *zap_xid,
             const struct lc_record *head, const void *attrs, size_t attrs_len)
{
    static const char bad_escape[] = "{\"state\":\"\\q\"}",
                      bad_utf8[] = "{\"state\":\"\xff\xfe\"}",
                      quotes[] = "{\"state\":\"a\"b\"}", numbers[] = "{\"state\":007}",
                      escapes[] = "\x1b]0;owned\a\x1b[2J\x1b[31mred\x9b"
                                  "31m\r\n";
    size_t start = out->len;

    switch (fault) {
    case FAULT_SHORT_FRAME:
    case FAULT_LONG_FRAME:
    case FAULT_DRIP:
    case FAULT_DATA_LEN:
    case FAULT_LDMS_LEN:
    case FAULT_MSG_LEN:
    case FAULT_REC_LEN:
    case FAULT_ATTR_LEN:
    case FAULT_MARKER:
    case FAULT_ZAP_TYPE:
    case FAULT_ODD_XID:
        put_answer(out, zap_xid, head, attrs, attrs_len);
        return answer_with_lengths(fault, out, start);
    case FAULT_NO_TERMINATOR:
    case FAULT_EARLY_TERMINATOR:
    case FAULT_SOM_TWICE:
    case FAULT_NO_SOM:
    case FAULT_MSG_NO:
    case FAULT_STATUS_CHANGES:
        return answer_with_records(fault, out, zap_xid, head, attrs, attrs_len);
    case FAULT_ENDLESS:
    case FAULT_ENDLESS_EMPTY:
        put_record(out, zap_xid, head, LC_RECORD_SOM, NULL, 0);
        return FAULT_FLOODS;
    case FAULT_REQUESTS:
    case FAULT_DIR_FLOOD:
    case FAULT_SET_DELETE_FLOOD:
        return FAULT_FLOODS;
    case FAULT_MANY_ATTRIBUTES:
        put_many(out, zap_xid, head);
        return FAULT_STAYS;
    case FAULT_JSON_DEEP:
        put_deep(out, zap_xid, head);
        return FAULT_STAYS;
    case FAULT_JSON_BAD_ESCAPE:
        put_text(out, zap_xid, head, LC_ATTR_JSON, bad_escape, sizeof(bad_escape) - 1);
        return FAULT_STAYS;
    case FAULT_JSON_BAD_UTF8:
        put_text(out, zap_xid, head, LC_ATTR_JSON, bad_utf8, sizeof(bad_utf8) - 1);
        return FAULT_STAYS;
    case FAULT_JSON_QUOTES:
        put_text(out, zap_xid, head, LC_ATTR_JSON, quotes, sizeof(quotes) - 1);
        return FAULT_STAYS;
    case FAULT_JSON_NUMBERS:
        put_text(out, zap_xid, head, LC_ATTR_JSON, numbers, sizeof(numbers) - 1);
        return FAULT_STAYS;
    case FAULT_ESCAPES:
        put_text(out, zap_xid, head, LC_ATTR_STRING, escapes, sizeof(escapes));
        return FAULT_STAYS;
    case FAULT_LDMS_COMMAND:
        put_ldms(out, zap_xid, 0, 0x7777, "\0\0\0", 4);
        put_answer(out, zap_xid, head, attrs, attrs_len);
        return FAULT_STAYS;
    case FAULT_MEMORY:
        put_zap(out, LC_ZAP_RENDEZVOUS, 40);
        put_zap(out, LC_ZAP_READ_REQ, 36);
        put_zap(out, LC_ZAP_WRITE_REQ, 40);
        put_answer(out, zap_xid, head, attrs, attrs_len);
        return FAULT_STAYS;
    case FAULT_TOGETHER:
        put_answer(out, zap_xid, head, attrs, attrs_len);
        put_answer(out, zap_xid, head, attrs, attrs_len);
        return FAULT_STAYS;
    case FAULT_SILENT:
        return FAULT_MUTE;
    case FAULT_HALF_CLOSE:
        return FAULT_HALF_CLOSES;
    case FAULT_RESET:
        return FAULT_RESETS;
    case FAULT_CLOSE_INSIDE:
        put_answer(out, zap_xid, head, attrs, attrs_len);
        out->len -= (out->len - start) / 2;
        return FAULT_CLOSES;
    case FAULT_EXIT_AFTER_ANSWER:
        put_answer(out, zap_xid, head, attrs, attrs_len);
        return FAULT_CLOSES;
    case FAULT_SMALL_RECORDS:
        (void)lc_message_put(out, zap_xid, head, attrs, attrs_len, 64);
        return FAULT_STAYS;
    default:
        put_answer(out, zap_xid, head, attrs, attrs_len);
        return FAULT_STAYS;
    }
}

enum fault_end
fault_directory(enum fault fault, struct queue *out, uint32_t *zap_xid, uint64_t xid,
                const char *json, size_t len)
{
    static const char quotes[] = "{ \"directory\" : [ {\"name\":\"a\"b\"}]}";
    size_t start = out->len;

    switch (fault) {
    case FAULT_DIR_MORE:
    case FAULT_DIR_FLOOD:
    case FAULT_SET_DELETE_FLOOD:
        return FAULT_FLOODS;
    case FAULT_SILENT:
        return FAULT_MUTE;
    case FAULT_RESET:
        return FAULT_RESETS;
    case FAULT_JSON_QUOTES:
        fault_put_directory(out, zap_xid, LC_DIR_REPLY, xid, 0, quotes,
                            sizeof(quotes) - 1);
        return FAULT_STAYS;
    default:
        fault_put_directory(out, zap_xid, LC_DIR_REPLY, xid, 0, json, len);
        break;
    }
    if (fault == FAULT_LDMS_LEN)
        spoil(out, start, AT_LDMS_LEN, 4096);
    if (fault == FAULT_CLOSE_INSIDE) {
        out->len -= (out->len - start) / 2;
        return FAULT_CLOSES;
    }
    return FAULT_STAYS;
}
