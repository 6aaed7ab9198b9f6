/* SPDX-License-Identifier: MIT */
#ifndef XM_H
#define XM_H

/* What the codecs of libxrdmon share. */
#include "xrdmon.h"

#include <errno.h>
#include <string.h>

#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum { XM_HEADER_BYTES = 8 };

/* The server id is the low 48 bits of whatever field holds it. */
#define XM_SID_MASK UINT64_C(0xffffffffffff)

static inline struct xrdmon_text
xm_text(const void *at, size_t len)
{
    return (struct xrdmon_text){.at = (const char *)at, .len = len};
}

static inline bool
xm_text_equal(struct xrdmon_text a, struct xrdmon_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* The bytes before the first NUL. */
static inline struct xrdmon_text
xm_text_to_nul(const void *at, size_t len)
{
    const void *nul = len ? memchr(at, 0, len) : NULL;
    return xm_text(at, nul ? (size_t)((const char *)nul - (const char *)at) : len);
}

/* A decimal number that is all of text, at most max; else false. */
bool xm_text_u64(struct xrdmon_text text, uint64_t max, uint64_t *ret_value);
/* Decimal, perhaps with a sign; 0 for what is none. */
int64_t xm_text_i64(struct xrdmon_text text);

/* The cursor's end, or the damage there: what is left is no whole record. */
int xm_cursor_tail(struct xrdmon_cursor *c);
/* The cursor stops at the record before it, for good. */
int xm_cursor_bad(struct xrdmon_cursor *c, int err, const char *why);

/* A cursor over the room that is left, and the end of its use. */
struct wr xm_writer_open(struct xrdmon_writer *w);
void xm_writer_close(struct xrdmon_writer *w, const struct wr *out);
/* What was to be written has no encoding. */
void xm_writer_fail(struct xrdmon_writer *w);

#endif
