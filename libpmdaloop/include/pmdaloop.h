/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_H
#define PMDALOOP_H

/**
 * @file
 * Main loop of a Performance Co-Pilot agent.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PMDALOOP_API __attribute__((visibility("default")))

/** This library's own codes; they start above every errno value. */
enum pmdaloop_error {
    PMDALOOP_EPROTO = 1000, /**< the peer's bytes are no PDUs: nothing can follow */
    PMDALOOP_EMALFORMED,    /**< a PDU whose insides do not fit its type */
};

/** What a code of the protocol means; on the wire and in `code` fields as it is here. */
enum pmdaloop_code {
    PMDALOOP_PM_GENERIC = -12345,
    PMDALOOP_PM_TEXT = -12349,
    PMDALOOP_PM_APPVERSION = -12350,
    PMDALOOP_PM_VALUE = -12351,
    PMDALOOP_PM_NAME = -12357,
    PMDALOOP_PM_PMID = -12358,
    PMDALOOP_PM_INDOM = -12359,
    PMDALOOP_PM_INST = -12360,
    PMDALOOP_PM_CONV = -12362,
    PMDALOOP_PM_IPC = -12366,
    PMDALOOP_PM_EOF = -12368,
    PMDALOOP_PM_PERMISSION = -12387,
    PMDALOOP_PM_AGAIN = -12389,
    PMDALOOP_PM_NOTCONN = -12391,
    PMDALOOP_PM_TYPE = -12397,
    PMDALOOP_PM_BADSTORE = -12400,
    PMDALOOP_PM_TOOBIG = -12444,
    PMDALOOP_PM_READY = -13393,
    PMDALOOP_PM_NOTREADY = -13394,
    PMDALOOP_PM_NYI = -21344,
};

/** Type of a metric's values. */
enum pmdaloop_type {
    PMDALOOP_NOSUPPORT = -1,
    PMDALOOP_32 = 0,
    PMDALOOP_U32 = 1,
    PMDALOOP_64 = 2,
    PMDALOOP_U64 = 3,
    PMDALOOP_FLOAT = 4,
    PMDALOOP_DOUBLE = 5,
    PMDALOOP_STRING = 6,
    PMDALOOP_AGGREGATE = 7,        /**< bytes of the agent's own making */
    PMDALOOP_AGGREGATE_STATIC = 8, /**< the same on the wire */
    PMDALOOP_EVENT = 9,            /**< records with microseconds */
    PMDALOOP_HIGHRES_EVENT = 10,   /**< records with nanoseconds */
};

/** What a metric's values mean over time. */
enum pmdaloop_sem {
    PMDALOOP_COUNTER = 1,
    PMDALOOP_INSTANT = 3,
    PMDALOOP_DISCRETE = 4,
};

enum {
    PMDALOOP_NO_INDOM = -1, /**< as an indom: the metric has one value */
    PMDALOOP_NO_INST = -1   /**< as an instance: none, or all */
};

/** What a CREDS PDU asks pmcd for. */
enum {
    PMDALOOP_WANT_ATTRIBUTES = 0x04, /**< who the clients are */
    PMDALOOP_WANT_CONTAINER = 0x40   /**< which container a client looks at */
};

/** Flags of an event record. */
enum {
    PMDALOOP_RECORD_POINT = 1,
    PMDALOOP_RECORD_START = 2,
    PMDALOOP_RECORD_END = 4,
    PMDALOOP_RECORD_ID = 8,
    PMDALOOP_RECORD_PARENT = 16
};
/** A record that only counts missed ones. */
#define PMDALOOP_RECORD_MISSED UINT32_C(0x80000000)

/** A metric's description. */
struct pmdaloop_desc {
    uint32_t pmid;
    int32_t type; /**< enum pmdaloop_type */
    uint32_t indom;
    int32_t sem;    /**< enum pmdaloop_sem */
    uint32_t units; /**< PMDALOOP_UNITS() */
};

/** One value of any type. */
struct pmdaloop_value {
    int32_t type; /**< enum pmdaloop_type: which member of @p as it is */
    size_t len;   /**< bytes of a string, an aggregate, an array of records */
    union {
        int32_t i32;
        uint32_t u32;
        int64_t i64;
        uint64_t u64;
        float f;
        double d;
        const void *bytes; /**< @p len of them; of a string without its NUL */
    } as;
};

/** This library's version, such as "0.1.0". Static. */
PMDALOOP_API const char *pmdaloop_version(void);

/** A code in a few words. Static, never NULL. */
PMDALOOP_API const char *pmdaloop_strerror(int err);

#ifdef __cplusplus
}
#endif
#endif
