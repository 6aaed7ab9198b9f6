/* SPDX-License-Identifier: MIT */
#ifndef FAULT_H
#define FAULT_H

/* What a broken or hostile daemon does; `ldmsc serve --fault NAME` does it. */
#include "record.h"

#include <bytekit/queue.h>

enum fault {
    FAULT_NONE,
    /* Connecting */
    FAULT_SILENT_CONNECT,
    FAULT_DOWNGRADE,
    FAULT_OTHER_VERSION,
    FAULT_SHORT_HELLO,
    FAULT_REJECT_WITHOUT_NUL,
    FAULT_REJECT_LONG,
    FAULT_REJECT_ESCAPES,
    FAULT_CLOSE_AT_CONNECT,
    /* Authenticating */
    FAULT_SILENT_AUTH,
    FAULT_REFLECT,
    FAULT_WRONG_PROOF,
    FAULT_MUNGE_REPLAY,
    FAULT_AUTH_GARBAGE,
    /* Framing */
    FAULT_SHORT_FRAME,
    FAULT_LONG_FRAME,
    FAULT_DRIP,
    FAULT_DATA_LEN,
    FAULT_LDMS_LEN,
    FAULT_MSG_LEN,
    FAULT_REC_LEN,
    FAULT_ATTR_LEN,
    FAULT_ZAP_TYPE,
    FAULT_LDMS_COMMAND,
    /* Answers */
    FAULT_NO_TERMINATOR,
    FAULT_EARLY_TERMINATOR,
    FAULT_ENDLESS,
    FAULT_ENDLESS_EMPTY,
    FAULT_MANY_ATTRIBUTES,
    FAULT_SOM_TWICE,
    FAULT_NO_SOM,
    FAULT_MSG_NO,
    FAULT_STATUS_CHANGES,
    FAULT_MARKER,
    FAULT_REQUESTS,
    FAULT_DIR_FLOOD,
    FAULT_SET_DELETE_FLOOD,
    FAULT_DIR_MORE,
    FAULT_JSON_DEEP,
    FAULT_JSON_BAD_ESCAPE,
    FAULT_JSON_BAD_UTF8,
    FAULT_JSON_QUOTES,
    FAULT_JSON_NUMBERS,
    FAULT_ESCAPES,
    FAULT_ODD_XID,
    FAULT_MEMORY,
    FAULT_SILENT,
    FAULT_HALF_CLOSE,
    FAULT_RESET,
    FAULT_CLOSE_INSIDE,
    FAULT_EXIT_AFTER_ANSWER,
    /* No faults at all, but rare */
    FAULT_SPLIT,
    FAULT_TOGETHER,
    FAULT_REORDER,
    FAULT_DELAY,
    FAULT_LEGACY,
    FAULT_SMALL_RECORDS,
    FAULTS,
};

/* The name and one line about it, of faults from 1 to FAULTS - 1. */
const char *fault_name(enum fault fault);
const char *fault_about(enum fault fault);
/* FAULT_NONE when there is none of that name. */
enum fault fault_find(const char *name);

/* What becomes of the connection once a fault has been sent. */
enum fault_end {
    FAULT_STAYS, /* nothing: all is as ever */
    FAULT_MUTE,  /* it says no more */
    FAULT_CLOSES,
    FAULT_HALF_CLOSES,
    FAULT_RESETS,
    FAULT_FLOODS, /* fault_flood() whenever what was written is gone */
    FAULT_DRIPS,  /* a byte at a time, slowly */
};

/* Write an answer as the fault wants it, and say what follows. The attributes are without
 * their end. */
enum fault_end fault_answer(enum fault fault, struct queue *out, uint32_t *zap_xid,
                            const struct lc_record *head, const void *attrs,
                            size_t attrs_len);
/* The same for a directory. */
enum fault_end fault_directory(enum fault fault, struct queue *out, uint32_t *zap_xid,
                               uint64_t xid, const char *json, size_t len);
/* Some more of what never ends. */
void fault_flood(enum fault fault, struct queue *out, uint32_t *zap_xid,
                 const struct lc_record *head, uint64_t xid);

/* One DIR_REPLY or DIR_UPDATE. */
void fault_put_directory(struct queue *out, uint32_t *zap_xid, uint32_t command,
                         uint64_t xid, uint32_t more, const char *json, size_t len);

#endif
