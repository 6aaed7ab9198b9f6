/* SPDX-License-Identifier: MIT */
#ifndef LC_ATTR_H
#define LC_ATTR_H

/* The attributes inside a request or response. */
#include "ldmsctl.h"

#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum lc_attr {
    LC_ATTR_NONE = 0, /* no attribute of the wire: the call itself uses the argument */
    LC_ATTR_NAME,
    LC_ATTR_INTERVAL,
    LC_ATTR_OFFSET,
    LC_ATTR_REGEX,
    LC_ATTR_TYPE,
    LC_ATTR_PRODUCER,
    LC_ATTR_INSTANCE,
    LC_ATTR_XPRT,
    LC_ATTR_HOST,
    LC_ATTR_PORT,
    LC_ATTR_MATCH,
    LC_ATTR_PLUGIN,
    LC_ATTR_CONTAINER,
    LC_ATTR_SCHEMA,
    LC_ATTR_METRIC,
    LC_ATTR_STRING,
    LC_ATTR_UDATA,
    LC_ATTR_BASE,
    LC_ATTR_INCREMENT,
    LC_ATTR_LEVEL,
    LC_ATTR_PATH,
    LC_ATTR_TIME,
    LC_ATTR_PUSH,
    LC_ATTR_TEST,
    LC_ATTR_REC_LEN,
    LC_ATTR_JSON,
    LC_ATTR_PERM,
    LC_ATTR_AUTO_SWITCH,
    LC_ATTR_PEER_NAME,
    LC_ATTR_TIMEOUT_FACTOR,
    LC_ATTR_AUTO_INTERVAL,
    LC_ATTR_UID,
    LC_ATTR_GID,
    LC_ATTR_STREAM,
    LC_ATTR_AUTH,
    LC_ATTR_RESET,
    LC_ATTR_DECOMP,
    LC_ATTR_RAIL,
    LC_ATTR_QUOTA,
    LC_ATTR_RX_RATE,
    LC_ATTR_SUMMARY,
    LC_ATTR_SIZE,
    LC_ATTR_IP,
    LC_ATTR_ASK_INTERVAL,
    LC_ATTR_ASK_MARK,
    LC_ATTR_ASK_AMOUNT,
    LC_ATTR_RESET_INTERVAL,
    LC_ATTR_XTHREAD,
    LC_ATTR_MSG_TAG,
    LC_ATTR_STATE,
    LC_ATTR_HIST_RECAL,
    LC_ATTR_COUNT,
};

enum { LC_ATTR_HEAD_BYTES = 12, LC_ATTR_END_BYTES = 4 };

/* The next attribute of a list: 1; 0 at its end; -LDMSCTL_EPROTO. Bytes after the end
 * are nobody's. */
int lc_attr_take(struct rd *list, struct ldmsctl_attr *ret_attr);

void lc_attr_put(struct wr *c, uint32_t id, const void *value, size_t len);
/* Text, with its NUL counted, as requests have it. */
void lc_attr_put_text(struct wr *c, uint32_t id, const char *text);
void lc_attr_put_end(struct wr *c);

/* The id of a word of the configuration language, or LC_ATTR_NONE for words that go
 * into STRING as they are. */
uint32_t lc_attr_find(const char *word, size_t len);
/* What the protocol calls it, such as "interval"; "" past the last one. */
const char *lc_attr_name(uint32_t id);

#endif
